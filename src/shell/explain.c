#include "shell/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "db/conn.h"
#include "load/access_explain.h"
#include "load/access_statement.h"
#include "load/copy_args.h"
#include "load/load_error.h"
#include "load/objects.h"
#include "load/unload_explain.h"
#include "shell/connect.h"
#include "shell/mainloop.h"
#include "shell/run.h"
#include "shell/session_state.h"

void explain_done(struct explain *explain)
{
	load_offer_done(&explain->offer);
	mem_wipe(explain->passed.text,
		 explain->passed.cap > 0 ? explain->passed.len : 0);
	str_done(&explain->passed);
}

static struct db *second_connection(void *context, struct err *err)
{
	struct login_aside *aside = connect_aside_new(context);
	struct db *db = connect_aside(aside, -1, err);

	connect_aside_free(aside);
	return db;
}

static bool read_range(void *context, const char *uri, int64_t offset,
		       int64_t length, struct str *out, struct err *err)
{
	struct aws *aws = session_aws(context, err);

	return aws != NULL && objects_read(aws, uri, offset, length, out, err);
}

static void show_progress(void *context, const char *text)
{
	session_progress(context, text);
}

void explain_hooks(struct session *session, struct load_error_hooks *out)
{
	*out = (struct load_error_hooks){ .context = session,
					  .connect = second_connection,
					  .read_range = read_range,
					  .progress = show_progress };
}

void explain_show(struct session *session, const char *text)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	say_add_shown(&session->say, text, &shown);
	say_text(&session->say, shown.text);
}

static struct aws *own_aws(void *context)
{
	struct err ignored = ERR_EMPTY;

	return session_aws(context, &ignored);
}

static bool add_access(struct session *session, const char *sql,
		       const char *message, struct str *out)
{
	const char *detail = dberr_field(session->last_error, DBERR_DETAIL);
	struct access_server server = { db_host(session->db),
					atoi(db_port(session->db)) };
	struct access_failure failure = { .sql = sql,
					  .message = message,
					  .detail = detail != NULL ? detail
								   : "",
					  .server = &server };

	return access_explain(out, &failure, own_aws, session);
}

static void forget_offer(struct session *session)
{
	load_offer_done(&session->explain.offer);
	session->explain.offer = (struct load_offer)LOAD_OFFER_EMPTY;
}

void explain_failure(struct session *session, const char *sql,
		     int64_t took_us)
{
	struct explain *explain = &session->explain;
	struct load_origin origin = {
		.sql = sql,
		.copyfrom = explain->copyfrom,
		.own_block = explain->copyfrom != NULL && !explain->in_block,
		.seconds = (int)(took_us / 1000000) + 1,
	};
	bool each = explain->copyfrom != NULL && explain->copyfrom->each;
	struct load_error_hooks hooks;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *message;

	forget_offer(session);
	/* of many tables one COPY tells, not the line */
	if (each)
		origin.copyfrom = NULL;
	if (session->db == NULL || !dberr_is_set(session->last_error))
		return;
	message = dberr_field(session->last_error, DBERR_MESSAGE);
	explain_hooks(session, &hooks);
	if (message != NULL &&
	    (load_explain_failure(&text, each ? NULL : &explain->offer,
				  session->db, &origin, message, &hooks) ||
	     add_access(session, sql, message, &text) ||
	     unload_explain(&text, sql, message)))
		explain_show(session, text.text);
}

/* --- what MAXERROR let pass --- */

static bool lets_pass(const char *sql)
{
	return strcasestr(sql, "maxerror") != NULL ||
	       strcasestr(sql, "ignoreallerrors") != NULL;
}

static void show_passed(struct session *session, const char *sql)
{
	struct load_error_hooks hooks;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	explain_hooks(session, &hooks);
	if (load_explain_passed(&text, session->db, sql, &hooks))
		explain_show(session, text.text);
}

void explain_passed(struct session *session, const char *sql)
{
	if (session->db == NULL || !lets_pass(sql))
		return;
	if (db_transaction(session->db) == DB_IDLE)
		show_passed(session, sql);
	else if (session->explain.copyfrom != NULL)
		str_set(&session->explain.passed, sql);
}

/* --- the cure, run --- */

/* Who said yes to the cure is not asked again. */
static bool run_copyfrom(struct session *session, const char *line)
{
	static const char command[] = "\\copyfrom";
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t len = strlen(command);

	if (strncmp(line, command, len) != 0)
		return false;
	str_addf(&text, "%s --yes%s", command + 1, line + len);
	return mainloop_run_command(session, text.text);
}

/* What was to come behind a line that failed, so that it can be typed. */
static void tell_rest(struct session *session, const struct cure_texts *lines,
		      size_t from)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (size_t i = from; i < lines->count; i++) {
		session_mask(session, lines->items[i],
			     strlen(lines->items[i]), &text);
		str_add(&text, lines->items[i][0] == '\\' ? "\n" : ";\n");
	}
	if (text.len == 0)
		return;
	session_warn(session, "not run, since the line before failed:");
	explain_show(session, text.text);
}

static bool run_lines(struct session *session, const struct cure_texts *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		const char *line = lines->items[i];
		bool good = line[0] == '\\' ? run_copyfrom(session, line)
					    : run_statement(session, line);

		if (good)
			continue;
		tell_rest(session, lines, i + 1);
		return false;
	}
	return true;
}

bool explain_offer(struct session *session)
{
	struct load_offer offer = session->explain.offer;
	struct err err = ERR_EMPTY;
	bool yes = false;
	bool good = false;

	/* the lines may fail and make an offer of their own */
	session->explain.offer = (struct load_offer)LOAD_OFFER_EMPTY;
	if (offer.question.len > 0 && session->interactive &&
	    !session->notty && session->db != NULL &&
	    db_transaction(session->db) == DB_IDLE &&
	    session_confirm(session, offer.question.text, "", &yes, &err) &&
	    yes)
		good = run_lines(session, &offer.lines);
	load_offer_done(&offer);
	return good;
}

void explain_copyfrom_begin(struct session *session,
			    const struct copy_args *args)
{
	session->explain.copyfrom = args;
	session->explain.in_block =
		session->db != NULL &&
		(!session->is.autocommit ||
		 db_transaction(session->db) != DB_IDLE);
}

void explain_copyfrom_end(struct session *session)
{
	struct str *passed = &session->explain.passed;

	session->explain.copyfrom = NULL;
	if (passed->len > 0 && session->db != NULL &&
	    db_transaction(session->db) == DB_IDLE)
		show_passed(session, passed->text);
	if (passed->len > 0)
		mem_wipe(passed->text, passed->len);
	str_clear(passed);
}
