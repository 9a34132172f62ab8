#include "shell/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "db/conn.h"
#include "edit/history.h"
#include "shell/cmdline.h"
#include "shell/connect.h"
#include "shell/session_state.h"
#include "shell/var.h"

#define REDSH_HISTSIZE    "100000"
#define REDSH_HISTCONTROL "ignorespace"

static const char cancelled_state[] = "57014";
static const char redshift_port[] = "5439";

void record_begin_session(struct session *session)
{
	session->record.rows = -1;
	if (session->notty || session->as_psql)
		return;
	vars_set(session->vars, "HISTSIZE", REDSH_HISTSIZE, NULL);
	vars_set(session->vars, "HISTCONTROL", REDSH_HISTCONTROL, NULL);
}

void record_set_size(struct session *session, bool is_default)
{
	int64_t size = session->is.histsize;

	/* psql's 500 would throw most of redsh's history away. */
	if (is_default && !session->as_psql)
		size = strtoll(REDSH_HISTSIZE, NULL, 10);
	if (session->history)
		history_set_size(session->history, size);
}

/* ---- where ---- */

static bool is_sqlite(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char begin[sizeof(magic)] = "";
	FILE *file = fopen(path, "re");

	if (!file)
		return str_ends(path, ".db");
	if (fread(begin, 1, sizeof(begin), file) < sizeof(begin))
		begin[0] = '\0';
	fclose(file);
	return strcmp(begin, magic) == 0 ||
	       (begin[0] == '\0' && str_ends(path, ".db"));
}

/* The file that the person wants; NULL: redsh's own. */
static const char *named_file(const struct session *session)
{
	const char *named = vars_get(session->vars, "HISTFILE");

	if (!named)
		named = getenv("REDSH_HISTORY");
	return named ? named : getenv("PSQL_HISTORY");
}

struct history *record_history(struct session *session)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str old = STR_EMPTY;
	struct history_options options = { .size = session->is.histsize };
	const char *named = named_file(session);

	if (session->history)
		return session->history;
	if (named) {
		path_expand(named, &path);
		if (is_sqlite(path.text))
			options.path = path.text;
		else
			options.text_path = path.text;
	} else if (session->as_psql) {
		path_home(&path);
		str_add(&path, "/.psql_history");
		options.text_path = path.text;
	} else {
		path_xdg(PATH_STATE, "history.db", &path);
		path_xdg(PATH_STATE, "history", &old);
		options.path = path.text;
		options.old_path = old.text;
	}
	session->history = history_new(&options);
	history_set_control(session->history,
			    vars_get(session->vars, "HISTCONTROL"));
	return session->history;
}

void record_offer_import(struct session *session)
{
	CLEANUP(str_done) struct str own = STR_EMPTY;
	CLEANUP(str_done) struct str psql = STR_EMPTY;

	if (session->is.quiet || session->as_psql || named_file(session))
		return;
	path_xdg(PATH_STATE, "history.db", &own);
	path_home(&psql);
	str_add(&psql, "/.psql_history");
	if (file_exists(own.text) || file_size(psql.text) <= 0)
		return;
	session_put(session, "\\history --import ~/.psql_history takes psql's "
			     "history over.\n\n");
}

/* The service's name, else who and where; the database is told apart. */
static void add_profile(const struct session *session, struct str *out)
{
	const char *service = connect_service(session);
	const char *host = db_host(session->db);

	if (service && *service) {
		str_add(out, service);
		return;
	}
	str_addf(out, "%s@%s", db_user(session->db),
		 *host && *host != '/' ? host : "local");
	if (*db_port(session->db) &&
	    strcmp(db_port(session->db), redshift_port) != 0)
		str_addf(out, ":%s", db_port(session->db));
}

void record_follow(struct session *session)
{
	struct history *history = record_history(session);
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (session->db)
		add_profile(session, &text);
	history_set_place(history, text.text,
			  session->db ? db_name(session->db) : "");
	if (history_take_note(history, &text))
		say_info(&session->say, "%s", text.text);
}

/* ---- what ---- */

void record_begin(struct session *session, const char *text)
{
	session->record =
		(struct record){ .begin_us = clock_monotonic_us(), .rows = -1 };
	session->record.is_open = history_begin(record_history(session), text);
}

void record_end(struct session *session, bool ok)
{
	struct record *record = &session->record;
	struct history_outcome outcome = { .rows = record->rows };

	if (!record->is_open)
		return;
	record->is_open = false;
	outcome.duration_us = record->has_statements
				      ? record->statements_us
				      : clock_monotonic_us() - record->begin_us;
	snprintf(outcome.sqlstate, sizeof(outcome.sqlstate), "%s",
		 record->sqlstate);
	if (ok && !record->failed)
		outcome.status = HISTORY_OK;
	else if (cancel_raised() ||
		 strcmp(record->sqlstate, cancelled_state) == 0)
		outcome.status = HISTORY_CANCELLED;
	else
		outcome.status = HISTORY_ERROR;
	if (outcome.status != HISTORY_OK)
		outcome.rows = -1;
	history_end(session->history, &outcome);
}

void record_statement(struct session *session, int64_t duration_us)
{
	session->record.has_statements = true;
	session->record.statements_us += duration_us;
}

void record_rows(struct session *session, int64_t rows)
{
	session->record.rows = rows;
}

void record_error(struct session *session, const char *sqlstate)
{
	session->record.failed = true;
	snprintf(session->record.sqlstate, sizeof(session->record.sqlstate),
		 "%s", sqlstate ? sqlstate : "");
}
