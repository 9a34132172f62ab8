#include "shell/meaning.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "base/units.h"
#include "edit/history.h"
#include "shell/session_state.h"
#include "shell/style.h"
#include "shell/watch.h"

/* ---- hooks: switches ---- */

static bool set_bool(bool *at, const struct var_hook *hook, const char *value,
		     struct err *err)
{
	return var_parse_bool(value, hook->name, at, err);
}

static bool autocommit(void *context, const struct var_hook *hook,
		       const char *value, struct err *err)
{
	struct session *session = context;

	return set_bool(&session->is.autocommit, hook, value, err);
}

static bool allow_destructive(void *context, const struct var_hook *hook,
			      const char *value, struct err *err)
{
	struct session *session = context;

	return set_bool(&session->is.allow_destructive, hook,
			value ? value : "off", err);
}

static bool allow_http(void *context, const struct var_hook *hook,
		       const char *value, struct err *err)
{
	struct session *session = context;

	return set_bool(&session->is.allow_http, hook, value ? value : "off",
			err);
}

static bool on_error_stop(void *context, const struct var_hook *hook,
			  const char *value, struct err *err)
{
	struct session *session = context;

	return set_bool(&session->is.on_error_stop, hook, value, err);
}

static bool quiet(void *context, const struct var_hook *hook, const char *value,
		  struct err *err)
{
	struct session *session = context;

	return set_bool(&session->is.quiet, hook, value, err);
}

static bool singleline(void *context, const struct var_hook *hook,
		       const char *value, struct err *err)
{
	struct session *session = context;

	return set_bool(&session->is.singleline, hook, value, err);
}

static bool singlestep(void *context, const struct var_hook *hook,
		       const char *value, struct err *err)
{
	struct session *session = context;

	return set_bool(&session->is.singlestep, hook, value, err);
}

static bool show_all(void *context, const struct var_hook *hook,
		     const char *value, struct err *err)
{
	struct session *session = context;

	return set_bool(&session->is.show_all_results, hook, value, err);
}

static bool ignored_switch(void *context, const struct var_hook *hook,
			   const char *value, struct err *err)
{
	bool ignored;

	(void)context;
	return set_bool(&ignored, hook, value, err);
}

/* ---- hooks: choices ---- */

static const char *const echo_choices[] = { "none", "errors", "queries", "all",
					    NULL };
static const char *const hidden_choices[] = { "off", "noexec", "on", NULL };
static const char *const rollback_choices[] = { "off", "interactive", "on",
						NULL };
static const char *const verbosity_choices[] = { "default", "verbose", "terse",
						 "sqlstate", NULL };
static const char *const context_choices[] = { "never", "errors", "always",
					       NULL };
static const char *const history_choices[] = { "none", "ignorespace",
					       "ignoredups", "ignoreboth",
					       NULL };
static const char *const case_choices[] = { "lower", "upper", "preserve-lower",
					    "preserve-upper", NULL };

static bool echo(void *context, const struct var_hook *hook, const char *value,
		 struct err *err)
{
	struct session *session = context;
	int choice = 0;

	if (!var_parse_choice(value, hook->name, echo_choices, &choice, err))
		return false;
	session->is.echo = (enum session_echo)choice;
	return true;
}

/* on, off (any spelling of them) or a third word. */
static bool parse_three(const char *value, const char *name,
			const char *const choices[], int *out, struct err *err)
{
	bool on;

	if (var_parse_bool(value, name, &on, NULL)) {
		*out = on ? 2 : 0;
		return true;
	}
	if (strcasecmp(value, choices[1]) == 0) {
		*out = 1;
		return true;
	}
	return err_set(err, ERR_USAGE,
		       "unrecognized value \"%s\" for \"%s\"\n"
		       "Available values are: on, off, %s.",
		       value, name, choices[1]);
}

static bool echo_hidden(void *context, const struct var_hook *hook,
			const char *value, struct err *err)
{
	struct session *session = context;
	int choice = 0;

	if (!parse_three(value, hook->name, hidden_choices, &choice, err))
		return false;
	session->is.echo_hidden = (enum session_hidden)choice;
	return true;
}

static bool on_error_rollback(void *context, const struct var_hook *hook,
			      const char *value, struct err *err)
{
	struct session *session = context;
	int choice = 0;

	if (!parse_three(value, hook->name, rollback_choices, &choice, err))
		return false;
	session->is.on_error_rollback = (enum session_rollback)choice;
	return true;
}

static bool verbosity(void *context, const struct var_hook *hook,
		      const char *value, struct err *err)
{
	static const enum dberr_verbosity values[] = {
		DBERR_DEFAULT,
		DBERR_VERBOSE,
		DBERR_TERSE,
		DBERR_SQLSTATE,
	};
	struct session *session = context;
	int choice = 0;

	if (!var_parse_choice(value, hook->name, verbosity_choices, &choice,
			      err))
		return false;
	session->is.verbosity = values[choice];
	return true;
}

static bool show_context(void *context, const struct var_hook *hook,
			 const char *value, struct err *err)
{
	struct session *session = context;
	int choice = 0;

	if (!var_parse_choice(value, hook->name, context_choices, &choice, err))
		return false;
	session->is.show_context = (enum dberr_context)choice;
	return true;
}

static bool histcontrol(void *context, const struct var_hook *hook,
			const char *value, struct err *err)
{
	struct session *session = context;
	int choice = 0;

	if (!var_parse_choice(value, hook->name, history_choices, &choice, err))
		return false;
	if (session->history)
		history_set_control(session->history, value);
	return true;
}

static bool keyword_case(void *context, const struct var_hook *hook,
			 const char *value, struct err *err)
{
	int choice = 0;

	(void)context;
	return var_parse_choice(value, hook->name, case_choices, &choice, err);
}

/* ---- hooks: numbers and texts ---- */

static bool fetch_count(void *context, const struct var_hook *hook,
			const char *value, struct err *err)
{
	struct session *session = context;

	return var_parse_int(value, hook->name, &session->is.fetch_count, err);
}

static bool watch_interval(void *context, const struct var_hook *hook,
			   const char *value, struct err *err)
{
	struct session *session = context;

	return watch_parse_seconds(value, &session->is.watch_ms) ||
	       err_set(err, ERR_USAGE,
		       "invalid value \"%s\" for variable \"%s\"", value,
		       hook->name);
}

static bool catalog_age(void *context, const struct var_hook *hook,
			const char *value, struct err *err)
{
	struct session *session = context;
	int64_t age_ms = 0;

	if (value && !units_parse_duration_ms(value, &age_ms, err))
		return err_wrap(err, "%s", hook->name);
	session->is.catalog_age_ms = value && age_ms == 0 ? 1 : age_ms;
	return true;
}

static bool load_progress(void *context, const struct var_hook *hook,
			  const char *value, struct err *err)
{
	bool on;

	(void)context;
	return !value || var_parse_bool(value, hook->name, &on, err);
}

static bool s3_dir(void *context, const struct var_hook *hook,
		   const char *value, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;

	(void)context;
	if (!value)
		return true;
	if (!s3_uri_parse(&uri, value, err))
		return err_wrap(err, "%s", hook->name);
	if (str_ends(value, "/"))
		return true;
	err_set(err, ERR_USAGE, "%s: a folder ends in a slash", hook->name);
	return err_hint(err, "\\s3cd %s", value);
}

static bool staging(void *context, const struct var_hook *hook,
		    const char *value, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;

	(void)context;
	if (!value || value[0] == '\0')
		return true;
	return s3_uri_parse_bucket(&uri, value, err) ||
	       err_wrap(err, "%s", hook->name);
}

static bool histsize(void *context, const struct var_hook *hook,
		     const char *value, struct err *err)
{
	struct session *session = context;

	if (!var_parse_int(value, hook->name, &session->is.histsize, err))
		return false;
	record_set_size(session, value == hook->otherwise);
	return true;
}

static bool ignoreeof(void *context, const struct var_hook *hook,
		      const char *value, struct err *err)
{
	struct session *session = context;

	return var_parse_int(value, hook->name, &session->is.ignoreeof, err);
}

static bool prompt(void *context, const struct var_hook *hook,
		   const char *value, struct err *err)
{
	struct session *session = context;
	const char **prompts[] = { &session->is.prompt1, &session->is.prompt2,
				   &session->is.prompt3 };
	int which = hook->name[strlen(hook->name) - 1] - '1';

	(void)err;
	mem_free((char *)*prompts[which]);
	*prompts[which] = mem_copy_text(value ? value : "");
	return true;
}

/* ---- the table ---- */

#define FIRST_PROMPT "%/%R%x%# "
#define OTHER_PROMPT "%/%R%x%# "
#define COPY_PROMPT  ">> "

const struct var_hook meaning_table[] = {
	{ "ALLOW_DESTRUCTIVE", VAR_PLAIN, NULL, "on, off",
	  "production is changed without a question", allow_destructive },
	{ "ALLOW_HTTP_ENDPOINT", VAR_PLAIN, NULL, "on, off",
	  "AWS keys sign requests to endpoints without TLS elsewhere", allow_http },
	{ "AUTOCOMMIT", VAR_BOOL, "on", "on, off",
	  "off: BEGIN is sent before the first statement of a transaction",
	  autocommit },
	{ "CELL_WIDTH", VAR_PLAIN, NULL, "number",
	  "longest cell shown at a terminal; 0: any", style_set_cell_width },
	{ "COMP_KEYWORD_CASE", VAR_WITH_DEFAULT, "preserve-upper",
	  "lower, upper, preserve-lower, preserve-upper",
	  "letters of keywords that Tab completes", keyword_case },
	{ "CATALOG_AGE", VAR_PLAIN, NULL, "duration; 24h when unset",
	  "the names for Tab are read again when they are older at the start",
	  catalog_age },
	{ "ECHO", VAR_WITH_DEFAULT, "none", "all, errors, none, queries",
	  "which input is written to standard output", echo },
	{ "ECHO_HIDDEN", VAR_BOOL, "off", "on, off, noexec",
	  "show the queries behind backslash commands", echo_hidden },
	{ "FETCH_COUNT", VAR_WITH_DEFAULT, "0", "number",
	  "rows printed at a time, each batch with widths of its own; 0: all",
	  fetch_count },
	{ "HIDE_TABLEAM", VAR_BOOL, "off", "on, off", NULL, ignored_switch },
	{ "HIDE_TOAST_COMPRESSION", VAR_BOOL, "off", "on, off", NULL,
	  ignored_switch },
	{ "HISTCONTROL", VAR_WITH_DEFAULT, "none",
	  "ignorespace, ignoredups, ignoreboth, none",
	  "which statements the history leaves out; ignorespace at a "
	  "terminal", histcontrol },
	{ "HISTSIZE", VAR_WITH_DEFAULT, "500", "number",
	  "statements the history keeps, negative: all; 100000 at a "
	  "terminal", histsize },
	{ "IGNOREEOF", VAR_COUNT, "0", "number",
	  "how many Ctrl-D in a row leave", ignoreeof },
	{ "INSERT_TABLE", VAR_PLAIN, NULL, "name",
	  "table that the format insert names", NULL },
	{ "LOAD_PROGRESS", VAR_PLAIN, NULL, "on, off",
	  "how far COPY and UNLOAD are; unset: where a person watches",
	  load_progress },
	{ "ON_ERROR_ROLLBACK", VAR_BOOL, "off", "on, off, interactive",
	  "savepoint before each statement; Redshift has none",
	  on_error_rollback },
	{ "ON_ERROR_STOP", VAR_BOOL, "off", "on, off",
	  "a script stops at its first error", on_error_stop },
	{ "PROMPT1", VAR_PLAIN, FIRST_PROMPT, "text", "the prompt", prompt },
	{ "PROMPT2", VAR_PLAIN, OTHER_PROMPT, "text",
	  "the prompt inside a statement", prompt },
	{ "PROMPT3", VAR_PLAIN, COPY_PROMPT, "text", "the prompt for COPY data",
	  prompt },
	{ "QUIET", VAR_BOOL, "off", "on, off", "results only, no messages",
	  quiet },
	{ "S3_DIR", VAR_PLAIN, NULL, "s3:// URI",
	  "names in S3 commands are relative to it: \\s3cd", s3_dir },
	{ "SHOW_ALL_RESULTS", VAR_BOOL, "on", "on, off",
	  "off: only the last result of a string is shown", show_all },
	{ "SHOW_CONTEXT", VAR_WITH_DEFAULT, "errors", "never, errors, always",
	  "CONTEXT of messages", show_context },
	{ "SINGLELINE", VAR_BOOL, "off", "on, off",
	  "the end of a line ends a statement", singleline },
	{ "SINGLESTEP", VAR_BOOL, "off", "on, off", "ask before each statement",
	  singlestep },
	{ "STAGING", VAR_PLAIN, NULL, "s3:// URI",
	  "local files go by way of it into a table: \\copyfrom", staging },
	{ "STYLE", VAR_PLAIN, NULL, "redsh, psql",
	  "how tables look at a terminal, and how text is typed", style_set },
	{ "THEME", VAR_PLAIN, NULL, "auto, dark, light, none",
	  "colours of what is typed", style_set_theme },
	{ "VERBOSITY", VAR_WITH_DEFAULT, "default",
	  "default, verbose, terse, sqlstate", "detail of errors", verbosity },
	{ "WATCH_INTERVAL", VAR_WITH_DEFAULT, "2", "number",
	  "seconds between the runs of \\watch", watch_interval },
	{ .name = NULL },
};
