#include "shell/typed_text.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "db/conn.h"
#include "shell/copy.h"
#include "shell/session_state.h"
#include "sql/interp.h"
#include "sql/lexer.h"

struct typed_text {
	struct interp vars;
	struct split *split;
	size_t due;   /* blocks of data */
	bool begun;   /* the first of them */
	bool command; /* the last line holds a meta-command: that runs at once */
};

struct typed_text *typed_text_new(struct session *session, const char *before)
{
	struct typed_text *typed = mem_alloc(sizeof(*typed));
	const struct db *db = session->db;
	bool escapes = !db || db_backslash_escapes(db);
	const struct split_options options = { .escapes = escapes,
					       .vars = &typed->vars };

	typed->vars = (struct interp){ .lookup = session_lookup,
				       .context = session,
				       .escapes = escapes,
				       .e_strings = db &&
						    db_takes_e_strings(db) };
	typed->split = split_new(&options);
	if (*before)
		typed_text_line(typed, before, strlen(before));
	return typed;
}

void typed_text_free(struct typed_text *typed)
{
	if (!typed)
		return;
	split_free(typed->split);
	mem_free(typed);
}

/* Commands after which the query buffer is empty. */
static bool empties_buffer(const char *command)
{
	return *command == 'g' || strncmp(command, "watch", 5) == 0 ||
	       (*command == 'r' && strcspn(command, " \t") == 1) ||
	       strncmp(command, "reset", 5) == 0;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp(text, word, len) == 0;
}

/* \copy ... from stdin */
static bool is_copy_in(const char *command)
{
	bool from = false;

	if (strncmp(command, "copy", 4) != 0)
		return false;
	for (const char *at = command + 4; *at;) {
		size_t len = strcspn(at, " \t");

		if (from && is_word(at, len, "stdin"))
			return true;
		from = is_word(at, len, "from");
		at += len;
		at += strspn(at, " \t");
	}
	return false;
}

static void take_command(struct typed_text *typed)
{
	struct split *split = typed->split;
	const char *command = split_rest(split);

	typed->command = true;
	if (*command == 'g')
		typed->due += split_copies(split);
	if (is_copy_in(command))
		typed->due++;
	if (empties_buffer(command))
		split_reset(split);
	split_skip(split, split_rest_len(split));
}

static void scan_line(struct typed_text *typed, const char *line, size_t len)
{
	struct split *split = typed->split;

	split_feed(split, line, len);
	for (;;) {
		switch (split_next(split)) {
		case SPLIT_MORE:
			return;
		case SPLIT_STATEMENT:
			typed->due += split_copies(split);
			split_reset(split);
			break;
		case SPLIT_COMMAND:
			take_command(typed);
			break;
		}
	}
}

bool typed_text_line(struct typed_text *typed, const char *line, size_t len)
{
	typed->command = false;
	if (typed->due == 0) {
		scan_line(typed, line, len);
		return true;
	}
	typed->begun = true;
	if (copy_is_end(line, len)) {
		typed->begun = false;
		typed->due--;
	}
	return false;
}

bool typed_text_in_data(const struct typed_text *typed)
{
	return typed->begun;
}

bool typed_text_has_command(const struct typed_text *typed)
{
	return typed->command;
}

enum split_inside typed_text_inside(const struct typed_text *typed)
{
	return split_inside(typed->split);
}

bool typed_text_is_comment(const struct typed_text *typed)
{
	struct lexer lexer;

	lexer_init(&lexer, split_text(typed->split),
		   split_text_len(typed->split), 0, NULL);
	return lexer_next_solid(&lexer).kind == TOKEN_END &&
	       lexer.state.inside == LEXER_NOTHING;
}

void typed_text_without_data(struct session *session, const char *before,
			const char *text, struct str *out)
{
	CLEANUP(typed_text_freep) struct typed_text *typed = NULL;
	bool first = true;

	if (!copy_may_take_data(text, strlen(text))) {
		str_add(out, text);
		return;
	}
	typed = typed_text_new(session, before);
	for (;;) {
		size_t len = strcspn(text, "\n");

		if (typed_text_line(typed, text, len)) {
			if (!first)
				str_add_char(out, '\n');
			str_add_slice(out, text, len);
			first = false;
		}
		if (text[len] == '\0')
			return;
		text += len + 1;
	}
}
