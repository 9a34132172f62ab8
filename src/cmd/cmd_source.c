#include "cmd/cmd_source.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cmd/definition.h"
#include "cmd/definition_table.h"
#include "cmd/describe_ask.h"
#include "print/screen.h"
#include "shell/edit_text.h"
#include "shell/mainloop.h"
#include "shell/output.h"
#include "shell/page.h"
#include "shell/session_state.h"

/* What stands on the line, without semicolons and blanks at its end. */
static void add_named(const struct args *args, struct str *out)
{
	const char *text = args_text(args, args_command(args)[1] == 't'
						 ? "TABLE"
						 : "NAME");

	if (!text)
		return;
	str_add(out, text + strspn(text, " \t"));
	while (out->len > 0 && strchr("; \t\r\n", out->text[out->len - 1]))
		str_cut(out, out->len - 1);
}

static bool is_view(const struct args *args)
{
	return args_command(args)[1] == 'v';
}

static bool define(struct session *session, const struct args *args,
		   const char *what, struct str *out, struct err *err)
{
	if (!describe_begin(session, args, err))
		return false;
	return is_view(args) ? definition_of_view(session, what, out, err)
			     : definition_of_function(session, what, out, err);
}

/* ---- \sf, \sv ---- */

/* Lines count from where a function's body begins, as the server's messages
 * about it count. */
static void number_lines(const struct str *text, bool in_header,
			 struct str *out)
{
	const char *line = text->text;
	size_t number = 0;

	while (*line) {
		size_t len = strcspn(line, "\n");

		if (in_header && definition_begins_body(line))
			in_header = false;
		if (in_header)
			str_add(out, "        ");
		else
			str_addf(out, "%-7zu ", ++number);
		str_add_slice(out, line, len);
		str_add_char(out, '\n');
		line += len;
		line += *line == '\n';
	}
}

/* Somebody else may have written it: at a terminal it gives no orders, but
 * under the name psql. */
static bool show_text(struct session *session, const char *text,
		      struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	if (output_is_stdout(session->out) && !session->notty &&
	    !session->as_psql) {
		screen_add(&shown, text, strlen(text));
		text = shown.text;
	}
	if (output_is_stdout(session->out))
		return page_text(session, text, err);
	session_print(session, text);
	return true;
}

static bool show_run(struct session *session, const struct args *args,
		     struct err *err)
{
	CLEANUP(str_done) struct str what = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str numbered = STR_EMPTY;
	bool numbers = args_suffix(args, '+');

	add_named(args, &what);
	if (what.len == 0)
		return err_set(err, ERR_USAGE, "%s name is required",
			       is_view(args) ? "view" : "function");
	if (!define(session, args, what.text, &text, err))
		return false;
	if (numbers)
		number_lines(&text, !is_view(args), &numbered);
	return show_text(session, numbers ? numbered.text : text.text, err);
}

/* ---- \st ---- */

static bool table_run(struct session *session, const struct args *args,
		      struct err *err)
{
	CLEANUP(str_done) struct str what = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	add_named(args, &what);
	if (what.len == 0)
		return err_set(err, ERR_USAGE, "table name is required");
	return describe_begin(session, args, err) &&
	       definition_of_table(session, what.text, args_suffix(args, '+'),
				   &text, err) &&
	       show_text(session, text.text, err);
}

static const struct arg routine_args[] = { { "NAME", ARG_REST, ARG_OPTIONAL,
					     "name, also with types",
					     WANT_ROUTINE },
					   ARG_END };

static const struct arg view_args[] = {
	{ "NAME", ARG_REST, ARG_OPTIONAL, "name of a view", WANT_VIEW }, ARG_END
};

static const struct arg table_args[] = { { "TABLE", ARG_SQL_NAME, ARG_OPTIONAL,
					   "table, also an external one" },
					 ARG_END };

/* ---- \ef, \ev ---- */

/* Takes "name 12" apart; *out_line 0: no line is named. */
static bool take_line(struct str *what, int *out_line, struct err *err)
{
	size_t at = what->len;

	*out_line = 0;
	while (at > 0 && isdigit((unsigned char)what->text[at - 1]))
		at--;
	if (at == what->len || at < 2 ||
	    (!isspace((unsigned char)what->text[at - 1]) &&
	     what->text[at - 1] != ')'))
		return true;
	*out_line = atoi(what->text + at);
	if (*out_line < 1)
		return err_set(err, ERR_USAGE, "invalid line number: %s",
			       what->text + at);
	str_cut(what, at);
	return true;
}

static int lines_before_body(const char *text)
{
	int count = 0;

	while (*text && !definition_begins_body(text)) {
		count++;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return count;
}

static const char new_function[] =
	"CREATE FUNCTION ( )\n"
	" RETURNS \n"
	" LANGUAGE \n"
	" -- common options:  IMMUTABLE  STABLE  STRICT  SECURITY DEFINER\n"
	"AS $function$\n"
	"\n"
	"$function$\n";

static const char new_view[] = "CREATE VIEW  AS\n"
			       " SELECT \n"
			       "  -- something...\n";

static bool begin_text(struct session *session, const struct args *args,
		       struct str *text, int *out_line, struct err *err)
{
	CLEANUP(str_done) struct str what = STR_EMPTY;

	add_named(args, &what);
	if (!take_line(&what, out_line, err))
		return false;
	if (what.len == 0) {
		str_add(text, is_view(args) ? new_view : new_function);
		return true;
	}
	if (!define(session, args, what.text, text, err))
		return false;
	if (*out_line > 0 && !is_view(args))
		*out_line += lines_before_body(text->text);
	return true;
}

static bool edit(struct session *session, const struct args *args,
		 bool *out_changed, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str place = STR_EMPTY;
	int line = 0;
	bool ok;

	if (!begin_text(session, args, &text, &line, err))
		return false;
	if (line > 0)
		str_addf(&place, "%d", line);
	ok = edit_text(&text, line > 0 ? place.text : NULL, out_changed, err);
	*out_changed = *out_changed && ok;
	mainloop_set_text(session->loop, *out_changed ? text.text : "");
	return ok;
}

static bool edit_run(struct session *session, const struct args *args,
		     struct err *err)
{
	bool changed = false;

	if (!session->loop)
		return err_set(err, ERR_USAGE, "no query buffer");
	if (!edit(session, args, &changed, err))
		return false;
	if (changed) {
		session->after = AFTER_EDITED;
		return true;
	}
	session_put(session, "No changes\n");
	return true;
}

const struct command cmd_source_table[] = {
	{
		.name = "ef",
		.group = GROUP_BUFFER,
		.needs = NEEDS_DB,
		.synopsis = "\\ef [FUNCNAME [LINE]]",
		.brief = "edit a function or procedure",
		.args = routine_args,
		.run = edit_run,
	},
	{
		.name = "ev",
		.group = GROUP_BUFFER,
		.needs = NEEDS_DB,
		.synopsis = "\\ev [VIEWNAME [LINE]]",
		.brief = "edit a view",
		.args = view_args,
		.run = edit_run,
	},
	{
		.name = "sf",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.suffixes = "+",
		.synopsis = "\\sf[+] FUNCNAME",
		.brief = "show the text of a function or procedure",
		.args = routine_args,
		.run = show_run,
	},
	{
		.name = "st",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.suffixes = "+",
		.synopsis = "\\st[+] TABLE",
		.brief = "show the statement that makes a table again; + also "
			 "owner, comments and privileges",
		.args = table_args,
		.run = table_run,
	},
	{
		.name = "sv",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.suffixes = "+",
		.synopsis = "\\sv[+] VIEWNAME",
		.brief = "show the text of a view",
		.args = view_args,
		.run = show_run,
	},
	COMMAND_END
};
