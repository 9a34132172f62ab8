#include "cmd/cmd_catalog.h"

#include <string.h>

#include "base/str.h"
#include "base/units.h"
#include "catalog/catalog.h"
#include "data/isotime.h"
#include "data/rows.h"
#include "shell/session.h"

/* NULL: there is none, err says what to do. */
static struct catalog *need(struct session *session, const char *command,
			    struct err *err)
{
	struct catalog *catalog = session_catalog(session);

	session_tell_catalog(session);
	if (catalog != NULL)
		return catalog;
	err_set(err, ERR_USAGE, "\\%s: there is no cache of names", command);
	if (session_db(session) == NULL)
		err_hint(err,
			 "connect with \\c, or name one with --cache FILE");
	else
		err_hint(err, "start without --no-cache");
	return NULL;
}

/* ---- \refresh ---- */

/* One line for each question that the server did not answer. */
static void tell_missing(struct session *session, struct catalog *catalog)
{
	CLEANUP(rows_freep) struct rows *rows = catalog_describe(catalog, NULL);
	const struct rows_value *values;

	while (rows != NULL && rows_next(rows, &values, NULL) == ROWS_ROW)
		if (str_starts(values[0].text, "without "))
			session_warn(session, "Tab does %s: %s", values[0].text,
				     values[1].text);
}

static bool refresh_run(struct session *session, const struct args *args,
			struct err *err)
{
	struct catalog *catalog = need(session, "refresh", err);
	CLEANUP(str_done) struct str took = STR_EMPTY;
	struct refresh_last last;

	(void)args;
	if (catalog == NULL)
		return false;
	catalog_note_refresh(catalog);
	session_progress(session, "reading the catalog ...");
	if (!catalog_wait(catalog, -1, err)) {
		session_progress(session, "");
		return err_wrap(err, "\\refresh");
	}
	session_progress(session, "");
	session_tell_catalog(session);
	last = catalog_last(catalog);
	units_add_duration(&took, last.took_ms * 1000);
	session_info(session,
		     "Tab knows what the database holds now: %lld rows by %d"
		     " queries in %s, %lld changes (\\whatsnew).",
		     (long long)last.rows, last.questions, took.text,
		     (long long)last.changes);
	tell_missing(session, catalog);
	return true;
}

/* ---- \cache ---- */

static const struct arg cache_args[] = {
	{ .name = "ACTION",
	  .kind = ARG_WORD,
	  .use = ARG_OPTIONAL,
	  .brief = "import or clear; without one the facts are listed",
	  .offers = WANT_CHOICE,
	  .choices = "import|clear" },
	{ .name = "FILE",
	  .kind = ARG_LOCAL_PATH,
	  .use = ARG_OPTIONAL,
	  .brief = "listing of schema, table, column, type, with tabs or "
		   "commas between" },
	ARG_END,
};

static bool import_file(struct session *session, struct catalog *catalog,
			const char *path, struct err *err)
{
	struct import_result result;

	if (path == NULL)
		return err_set(err, ERR_USAGE, "\\cache import: which file?") ||
		       err_hint(err, "one line a column: schema, table,"
				     " column, type");
	if (!catalog_import(catalog, path, &result, err))
		return err_wrap(err, "\\cache import");
	session_info(session, "Imported %lld columns of %lld tables.",
		     (long long)result.columns, (long long)result.tables);
	return true;
}

static bool cache_run(struct session *session, const struct args *args,
		      struct err *err)
{
	struct catalog *catalog = need(session, "cache", err);
	const char *action = args_text(args, "ACTION");
	struct rows *rows;

	if (catalog == NULL)
		return false;
	if (action != NULL && strcmp(action, "import") == 0)
		return import_file(session, catalog, args_text(args, "FILE"),
				   err);
	if (action != NULL && strcmp(action, "clear") == 0) {
		if (!catalog_clear(catalog, err))
			return err_wrap(err, "\\cache clear");
		session_info(session,
			     "The cache is empty; \\refresh fills it.");
		return true;
	}
	if (action != NULL)
		return err_set(err, ERR_USAGE, "\\cache: %s is not known",
			       action) ||
		       err_hint(err, "import FILE, clear, or nothing");
	rows = catalog_describe(catalog, err);
	return rows != NULL && session_print_rows(session, rows, "", err);
}

/* ---- \whatsnew ---- */

static bool whatsnew_run(struct session *session, const struct args *args,
			 struct err *err)
{
	struct catalog *catalog = need(session, "whatsnew", err);
	CLEANUP(str_done) struct str since = STR_EMPTY;
	int64_t compared_ms;
	struct rows *rows;

	(void)args;
	if (catalog == NULL)
		return false;
	compared_ms = catalog_compared_ms(catalog);
	rows = catalog_changes(catalog, err);
	if (rows == NULL)
		return err_wrap(err, "\\whatsnew");
	if (compared_ms == 0)
		session_info(session, "The catalog was read once so far: there"
				      " is nothing to compare it with.");
	else
		isotime_add_sql(&since, compared_ms);
	if (since.len > 0)
		session_info(session, "Since %s UTC:", since.text);
	return session_print_rows(session, rows, NULL, err);
}

const struct command cmd_catalog_table[] = {
	{
		.name = "cache",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_NOTHING,
		.brief = "where the names that Tab completes are kept, how "
			 "old and how many",
		.args = cache_args,
		.run = cache_run,
	},
	{
		.name = "refresh",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_DB,
		.brief = "read the names that Tab completes from the server "
			 "again",
		.run = refresh_run,
	},
	{
		.name = "whatsnew",
		.group = GROUP_DESCRIBE,
		.needs = NEEDS_NOTHING,
		.brief = "tables and columns that are new, gone or changed",
		.run = whatsnew_run,
	},
	COMMAND_END,
};
