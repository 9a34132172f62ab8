#include "cmd/cmd_help.h"

#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "shell/introspect.h"
#include "shell/output.h"
#include "shell/page.h"
#include "shell/session_state.h"

enum { STATEMENTS_BYTES = 4 << 20 };

/* ---- \? ---- */

enum { COMMAND_HELP_BYTES = 1 << 20 };

/* A command by its name: its long help (share/help), else what its row says.
 * false: there is no such command. */
static bool command_help(struct session *session, const char *name,
			 struct str *out)
{
	const struct command *command = command_find(session->tables, name);
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct err ignored = ERR_EMPTY;

	if (!command)
		return false;
	str_addf(&file, "help/%s.txt", command->name);
	if (path_share(file.text, &path, &ignored) &&
	    file_read(path.text, COMMAND_HELP_BYTES, out, &ignored))
		return true;
	command_synopsis(command, out);
	str_addf(out, "\n  %s\n", command->brief);
	return true;
}

static bool is_topic(const char *topic)
{
	static const char *const topics[] = { "commands", "options",
					      "variables", "keys" };

	for (size_t i = 0; i < COUNT_OF(topics); i++)
		if (strcmp(topic, topics[i]) == 0)
			return true;
	return false;
}

static bool help_run(struct session *session, const struct args *args,
		     struct err *err)
{
	const char *topic = args_text(args, "TOPIC");
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!topic)
		topic = "commands";
	if (!command_help(session, topic, &text) && is_topic(topic))
		introspect_help(session->say.program, topic, session->tables,
				&text);
	if (text.len == 0 && !introspect_group(topic, session->tables, &text)) {
		err_set(err, ERR_MISSING, "there is no help on %s", topic);
		return err_hint(err,
				"\\? lists all commands; \\? copyfrom tells "
				"all of one, \\? s3 lists a group");
	}
	return page_prose(session, text.text, err);
}

static const struct arg help_args[] = { { "TOPIC", ARG_WORD, ARG_OPTIONAL,
					  "a command's name, commands, "
					  "options, variables or keys",
					  WANT_TOPIC },
					ARG_END };

/* ---- \h ---- */

/* One line of statements.tsv: name, synopses, page, block rule, note. */
struct entry {
	const char *field[5];
	size_t len[5];
};

static const char *read_entry(const char *at, struct entry *out)
{
	*out = (struct entry){ 0 };
	for (size_t i = 0; i < COUNT_OF(out->field); i++) {
		out->field[i] = at;
		out->len[i] = strcspn(at, "\t\n");
		at += out->len[i];
		if (*at == '\t')
			at++;
	}
	at += strcspn(at, "\n");
	return *at ? at + 1 : at;
}

enum { HELP_COLUMNS = 78 };

/* Text in lines of at most HELP_COLUMNS, cut at blanks. */
static void add_wrapped(const char *text, size_t len, struct str *out)
{
	size_t column = 0;

	while (len > 0) {
		const char *blank = memchr(text, ' ', len);
		size_t word = blank ? (size_t)(blank - text) : len;

		if (column > 0 && column + 1 + word > HELP_COLUMNS) {
			str_add(out, "\n    ");
			column = 4;
		} else if (column > 0) {
			str_add_char(out, ' ');
			column++;
		}
		str_add_slice(out, text, word);
		column += word;
		text += word + (blank ? 1 : 0);
		len -= word + (blank ? 1 : 0);
	}
	str_add_char(out, '\n');
}

/* Synopses stand side by side, parted by " ;; ". */
static void add_synopses(const struct entry *entry, struct str *out)
{
	const char *at = entry->field[1];
	const char *end = at + entry->len[1];

	while (at < end) {
		const char *cut = memmem(at, (size_t)(end - at), " ;; ", 4);
		size_t len = (size_t)((cut ? cut : end) - at);

		add_wrapped(at, len, out);
		at += len + (cut ? 4 : 0);
	}
}

static void add_entry(const struct entry *entry, struct str *out)
{
	str_addf(out, "Command:     %.*s\nSyntax:\n", (int)entry->len[0],
		 entry->field[0]);
	add_synopses(entry, out);
	if (entry->len[4] > 0)
		str_addf(out, "\nNote:        %.*s\n", (int)entry->len[4],
			 entry->field[4]);
	if (entry->len[3] > 0)
		str_addf(out, "In a transaction block: %.*s\n",
			 (int)entry->len[3], entry->field[3]);
	if (entry->len[2] > 0)
		str_addf(out,
			 "\nURL: https://docs.aws.amazon.com/redshift/latest/"
			 "dg/%.*s.html\n",
			 (int)entry->len[2], entry->field[2]);
	str_add_char(out, '\n');
}

/* Topic without its last semicolon and blanks, lower blanks single. */
static void clean_topic(const char *topic, struct str *out)
{
	for (; *topic; topic++) {
		char c = *topic == '\t' ? ' ' : *topic;

		if (c == ' ' &&
		    (out->len == 0 || out->text[out->len - 1] == ' '))
			continue;
		str_add_char(out, c);
	}
	while (out->len > 0 && strchr("; \r\n", out->text[out->len - 1]))
		str_cut(out, out->len - 1);
}

static bool entry_matches(const struct entry *entry, const struct str *topic,
			  bool whole)
{
	if (whole)
		return str_slice_equal_nocase(entry->field[0], entry->len[0],
					      topic->text);
	return entry->len[0] >= topic->len &&
	       str_slice_equal_nocase(entry->field[0], topic->len, topic->text);
}

static size_t find_entries(const char *table, const struct str *topic,
			   bool whole, struct str *out)
{
	size_t count = 0;
	const char *at = table + strcspn(table, "\n");
	struct entry entry;

	for (at += *at == '\n'; *at;) {
		at = read_entry(at, &entry);
		if (entry.len[0] == 0 || !entry_matches(&entry, topic, whole))
			continue;
		add_entry(&entry, out);
		count++;
	}
	return count;
}

static void list_entries(const char *table, struct str *out)
{
	const char *at = table + strcspn(table, "\n");
	struct entry entry;
	size_t column = 0;

	str_add(out, "Available help:\n");
	for (at += *at == '\n'; *at;) {
		at = read_entry(at, &entry);
		if (entry.len[0] == 0)
			continue;
		if (column == 2)
			str_addf(out, "  %.*s\n", (int)entry.len[0],
				 entry.field[0]);
		else
			str_addf(out, "  %-34.*s", (int)entry.len[0],
				 entry.field[0]);
		column = (column + 1) % 3;
	}
	if (column != 0)
		str_add_char(out, '\n');
}

static bool h_run(struct session *session, const struct args *args,
		  struct err *err)
{
	const char *given = args_text(args, "NAME");
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str table = STR_EMPTY;
	CLEANUP(str_done) struct str topic = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!path_share("sql/statements.tsv", &path, err) ||
	    !file_read(path.text, STATEMENTS_BYTES, &table, err))
		return false;
	clean_topic(given ? given : "", &topic);
	if (topic.len == 0) {
		list_entries(table.text, &text);
		return page_text(session, text.text, err);
	}
	if (strcmp(topic.text, "*") == 0)
		str_clear(&topic);
	if (find_entries(table.text, &topic, true, &text) == 0 &&
	    find_entries(table.text, &topic, false, &text) == 0)
		str_addf(&text,
			 "No help available for \"%s\".\n"
			 "Try \\h with no arguments to see available help.\n",
			 topic.text);
	return page_prose(session, text.text, err);
}

static const struct arg h_args[] = { { "NAME", ARG_SQL_WORD, ARG_OPTIONAL,
				       "SQL command; * for all" },
				     ARG_END };

/* ---- \copyright ---- */

static bool copyright_run(struct session *session, const struct args *args,
			  struct err *err)
{
	(void)args;
	(void)err;
	session_put(session,
		    "redsh, a shell for Amazon Redshift\n"
		    "Copyright: its authors\n\n"
		    "This program is free software: you may use, study, "
		    "share and change it\nunder the GNU General Public "
		    "License, version 3 or any later one. It comes\nwith no "
		    "warranty at all. The file LICENSE holds the full "
		    "text.\n");
	return true;
}

const struct command cmd_help_table[] = {
	{
		.name = "?",
		.group = GROUP_HELP,
		.brief = "help on a command, a group (\\? s3), options, "
			 "variables or keys",
		.args = help_args,
		.run = help_run,
	},
	{
		.name = "h",
		.aliases = "help",
		.group = GROUP_HELP,
		.brief = "syntax of SQL commands; * for all",
		.args = h_args,
		.run = h_run,
	},
	{
		.name = "copyright",
		.group = GROUP_HELP,
		.brief = "terms of use and distribution",
		.run = copyright_run,
	},
	COMMAND_END
};
