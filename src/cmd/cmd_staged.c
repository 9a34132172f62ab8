#include "cmd/cmd_staged.h"

#include "base/str.h"
#include "data/isotime.h"
#include "data/rows_mem.h"
#include "load/stage_note.h"
#include "load/stage_place.h"
#include "shell/session.h"

static bool list(struct session *session, const struct stage_notes *notes,
		 struct err *err)
{
	static const char *const titles[] = { "ID", "Table", "What", "Folder",
					      "State" };
	struct rows_mem *mem = rows_mem_new("Staged in S3");

	rows_mem_column(mem, titles[0], ROWS_TEXT);
	rows_mem_column(mem, "Since", ROWS_TIME);
	for (size_t i = 1; i < COUNT_OF(titles); i++)
		rows_mem_column(mem, titles[i], ROWS_TEXT);
	for (size_t i = 0; i < notes->count; i++) {
		const struct stage_note *note = &notes->items[i];
		CLEANUP(str_done) struct str since = STR_EMPTY;

		isotime_add(&since, note->at_ms);
		rows_mem_add(mem, note->id.text);
		rows_mem_add(mem, since.text);
		rows_mem_add(mem, note->table.text);
		rows_mem_add(mem, note->what.text);
		rows_mem_add(mem, note->folder.text);
		rows_mem_add(mem, note->in_use ? "in use" : "left behind");
	}
	return session_print_rows(session, rows_mem_rows(mem), NULL, err);
}

static bool remove_one(struct session *session, const char *id,
		       struct err *err)
{
	struct stage_place place = STAGE_PLACE_EMPTY;
	struct aws *aws = session_aws_ready(session, err);
	bool good = aws != NULL && stage_note_open(&place.note, id, err) &&
		    stage_place_clear(&place, aws, false, err);

	if (good)
		session_info(session, "removed: %s", place.note.folder.text);
	stage_place_done(&place);
	return good;
}

/* One that stays does not keep the others; the first failure is told. */
static bool remove_left(struct session *session,
			const struct stage_notes *notes, struct err *err)
{
	struct err first = ERR_EMPTY;
	size_t left = 0;

	for (size_t i = 0; i < notes->count; i++) {
		struct err failed = ERR_EMPTY;

		if (notes->items[i].in_use)
			continue;
		left++;
		if (remove_one(session, notes->items[i].id.text, &failed))
			continue;
		if (first.kind == ERR_NONE)
			first = failed;
		if (failed.kind == ERR_CANCELLED)
			break;
	}
	if (left == 0)
		session_info(session, "nothing was left behind");
	if (first.kind != ERR_NONE && err != NULL)
		*err = first;
	return first.kind == ERR_NONE;
}

static bool staged_run(struct session *session, const struct args *args,
		       struct err *err)
{
	struct stage_notes notes = { .count = 0 };
	const char *id = args_text(args, "ID");
	bool good;

	if (id != NULL && args_flag(args, "--remove"))
		return remove_one(session, id, err);
	if (id != NULL) {
		err_set(err, ERR_USAGE, "\\staged lists all there are");
		return err_hint(err, "\\staged --remove %.80s takes this away",
				id);
	}
	good = stage_notes_read(&notes, err);
	if (good && args_flag(args, "--remove"))
		good = remove_left(session, &notes, err);
	else if (good)
		good = list(session, &notes, err);
	stage_notes_done(&notes);
	return good;
}

static const struct arg staged_args[] = {
	{ "--remove", ARG_FLAG, ARG_OPTIONAL,
	  "remove the objects; without ID of all that was left behind" },
	{ "ID", ARG_WORD, ARG_OPTIONAL, "of the list" },
	ARG_END
};

const struct command cmd_staged_table[] = {
	{
		.name = "staged",
		.group = GROUP_LOAD,
		.brief = "what \\copyfrom left in S3 of local files, when it "
			 "was killed or cut off",
		.args = staged_args,
		.run = staged_run,
	},
	COMMAND_END
};
