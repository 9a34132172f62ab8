#include "cmd/cmd_history.h"

#include <string.h>

#include "base/path.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/isotime.h"
#include "data/rows_mem.h"
#include "edit/history.h"
#include "edit/history_store.h"
#include "shell/record.h"
#include "shell/session.h"

enum { SHOWN = 100 }; /* entries, unless --count says otherwise */

struct words {
	VEC(const char *); /* ended by a NULL */
};

/* Those that the arguments ask for. */
static void fill_filter(struct history *history, const struct args *args,
			struct words *words, struct history_filter *filter)
{
	const char *profile = history_profile(history);

	*filter = (struct history_filter){
		.only_failed = args_flag(args, "--failed"),
		.limit = args_number(args, "--count", SHOWN),
		.oldest_first = true,
	};
	if (!args_flag(args, "--all") && *profile)
		filter->profile = profile;
	for (size_t i = 0; i < args_count(args, "WORD"); i++)
		vec_push(words, args_item(args, "WORD", i));
	vec_push(words, NULL);
	filter->words = words->items;
}

/* ---- the list ---- */

struct table {
	struct rows_mem *mem;
	bool all; /* profiles: they and the databases are shown */
};

static void add_seconds(struct rows_mem *mem, int64_t us)
{
	if (us < 0)
		rows_mem_add(mem, NULL);
	else
		rows_mem_addf(mem, "%lld.%03lld", (long long)(us / 1000000),
			      (long long)(us / 1000 % 1000));
}

static void add_status(struct rows_mem *mem,
		       const struct history_outcome *outcome)
{
	switch (outcome->status) {
	case HISTORY_UNKNOWN:
		rows_mem_add(mem, NULL);
		return;
	case HISTORY_OK:
		rows_mem_add(mem, "ok");
		return;
	case HISTORY_CANCELLED:
		rows_mem_add(mem, "cancelled");
		return;
	case HISTORY_ERROR:
		rows_mem_addf(mem, "error%s%s", *outcome->sqlstate ? " " : "",
			      outcome->sqlstate);
		return;
	}
}

static bool add_entry(void *context, const struct history_entry *entry)
{
	struct table *table = context;
	struct rows_mem *mem = table->mem;
	CLEANUP(str_done) struct str started = STR_EMPTY;

	if (entry->started_ms > 0)
		isotime_add_local(&started, entry->started_ms);
	rows_mem_add_number(mem, entry->id);
	rows_mem_add(mem, started.len > 0 ? started.text : NULL);
	add_seconds(mem, entry->outcome.duration_us);
	if (entry->outcome.rows < 0)
		rows_mem_add(mem, NULL);
	else
		rows_mem_add_number(mem, entry->outcome.rows);
	add_status(mem, &entry->outcome);
	if (table->all) {
		rows_mem_add(mem, *entry->profile ? entry->profile : NULL);
		rows_mem_add(mem, *entry->database ? entry->database : NULL);
	}
	rows_mem_add_slice(mem, entry->text, entry->len);
	return true;
}

static bool list(struct session *session, struct history *history,
		 const struct history_filter *filter, struct err *err)
{
	struct table table = { .mem = rows_mem_new("History"),
			       .all = !filter->profile };

	rows_mem_column(table.mem, "ID", ROWS_INTEGER);
	rows_mem_column(table.mem, "Started", ROWS_TIME);
	rows_mem_column(table.mem, "Seconds", ROWS_DECIMAL);
	rows_mem_column(table.mem, "Rows", ROWS_INTEGER);
	rows_mem_column(table.mem, "Status", ROWS_TEXT);
	if (table.all) {
		rows_mem_column(table.mem, "Profile", ROWS_TEXT);
		rows_mem_column(table.mem, "Database", ROWS_TEXT);
	}
	rows_mem_column(table.mem, "Statement", ROWS_TEXT);
	if (!history_store_each(history_store(history), filter, add_entry,
				&table, err)) {
		rows_mem_freep(&table.mem);
		return false;
	}
	return session_print_rows(session, rows_mem_rows(table.mem), NULL, err);
}

/* ---- changes ---- */

static bool delete_one(struct session *session, struct history *history,
		       int64_t id, struct err *err)
{
	int64_t count;

	if (!history_store_remove(history_store(history), id, &count, err)) {
		if (err->kind == ERR_MISSING)
			err_hint(err, "\\history shows the numbers");
		return false;
	}
	history_forget(history);
	if (count == 1)
		session_info(session, "1 entry was deleted.");
	else
		session_info(
			session,
			"%lld entries, all of the same text, were deleted.",
			(long long)count);
	return true;
}

static bool clear(struct session *session, struct history *history,
		  const struct history_filter *filter, bool yes,
		  struct err *err)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;
	int64_t count;

	if (!history_store_count(history_store(history), filter, &count, err))
		return false;
	str_addf(&question, "Delete %lld %s of the history%s%s?",
		 (long long)count, count == 1 ? "entry" : "entries",
		 filter->profile ? " of " : "",
		 filter->profile ? filter->profile : "");
	if (count > 0 && !yes &&
	    !session_confirm(session, question.text, "--yes", &yes, err))
		return false;
	if (count > 0 && !yes)
		return true;
	if (!history_store_remove_all(history_store(history), filter, &count,
				      err))
		return false;
	history_forget(history);
	session_info(session, "%lld %s deleted.", (long long)count,
		     count == 1 ? "entry was" : "entries were");
	return true;
}

static bool import(struct session *session, struct history *history,
		   const char *path, struct err *err)
{
	CLEANUP(str_done) struct str full = STR_EMPTY;
	int64_t count;

	path_expand(path, &full);
	if (!history_import(history, full.text, &count, err))
		return false;
	session_info(session, "%lld %s taken over from %s.", (long long)count,
		     count == 1 ? "entry was" : "entries were", full.text);
	return true;
}

static bool history_run(struct session *session, const struct args *args,
			struct err *err)
{
	static const char *const actions[] = { "--delete", "--clear",
					       "--import" };
	struct history *history = record_history(session);
	struct history_filter filter;
	struct words words = { 0 };
	size_t asked = 0;
	bool ok;

	for (size_t i = 0; i < COUNT_OF(actions); i++)
		asked += args_flag(args, actions[i]) ||
			 args_text(args, actions[i]) != NULL;
	if (asked > 1)
		return err_set(err, ERR_USAGE,
			       "\\history: --delete, --clear and --import "
			       "exclude each other");
	record_follow(session);
	fill_filter(history, args, &words, &filter);
	if (args_text(args, "--delete"))
		ok = delete_one(session, history,
				args_number(args, "--delete", 0), err);
	else if (args_flag(args, "--clear"))
		ok = clear(session, history, &filter, args_flag(args, "--yes"),
			   err);
	else if (args_text(args, "--import"))
		ok = import(session, history, args_text(args, "--import"), err);
	else
		ok = list(session, history, &filter, err);
	vec_done(&words);
	record_follow(session);
	return ok;
}

static const struct arg history_args[] = {
	{ "--all", ARG_FLAG, ARG_OPTIONAL, "of every profile" },
	{ "--failed", ARG_FLAG, ARG_OPTIONAL, "only what failed" },
	{ "--count", ARG_NUMBER, ARG_OPTIONAL, "how many, 100 by default" },
	{ "--delete", ARG_NUMBER, ARG_OPTIONAL, "an ID: it and its like" },
	{ "--clear", ARG_FLAG, ARG_OPTIONAL, "delete what would be listed" },
	{ "--yes", ARG_FLAG, ARG_OPTIONAL, "do not ask" },
	{ "--import", ARG_LOCAL_PATH, ARG_OPTIONAL, "psql's history file" },
	{ "WORD", ARG_WORD, ARG_REPEATED, "all of them stand in it",
	  WANT_RELATION },
	ARG_END
};

const struct command cmd_history_table[] = {
	{
		.name = "history",
		.group = GROUP_BUFFER,
		.synopsis =
			"\\history [--all] [--failed] [--count N] [WORD...]",
		.brief = "what was typed: when, how long, rows, status; "
			 "--delete ID, --clear, --import FILE",
		.args = history_args,
		.run = history_run,
	},
	COMMAND_END
};
