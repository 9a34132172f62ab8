#include "shell/pipeline.h"

#include <limits.h>

#include "base/cancel.h"
#include "base/str.h"
#include "db/conn.h"
#include "db/exec.h"
#include "db/prepared.h"
#include "shell/copy.h"
#include "shell/request.h"
#include "shell/run.h"
#include "shell/session_state.h"
#include "shell/var.h"

bool pipeline_is_open(const struct session *session)
{
	return session->db && prepared_pipeline(session->db) != PIPELINE_OFF;
}

bool pipeline_allows(const struct session *session, const char *name,
		     struct err *err)
{
	return !pipeline_is_open(session) ||
	       err_set(err, ERR_USAGE, "\\%s not allowed in pipeline mode",
		       name);
}

static void set_count(struct session *session, const char *name, int count)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text, "%d", count);
	vars_set(session->vars, name, text.text, NULL);
}

static void tell_counts(struct session *session)
{
	const struct pipeline *now = &session->pipeline;

	set_count(session, "PIPELINE_COMMAND_COUNT", now->commands);
	set_count(session, "PIPELINE_RESULT_COUNT", now->results);
	set_count(session, "PIPELINE_SYNC_COUNT", now->syncs);
}

/* What has been queued will be answered. */
static void ask(struct session *session, int syncs)
{
	struct pipeline *now = &session->pipeline;

	now->results += now->commands;
	now->commands = 0;
	now->syncs += syncs;
	tell_counts(session);
}

static bool need_open(const struct session *session, struct err *err)
{
	if (pipeline_is_open(session))
		return true;
	err_set(err, ERR_USAGE, "cannot send pipeline when not in pipeline "
				"mode");
	return err_hint(err, "\\startpipeline opens one");
}

/* Whether a block is open is not known inside a pipeline. */
static bool may_start(const struct session *session, struct err *err)
{
	if (session->is.autocommit ||
	    db_transaction(session->db) == DB_IN_BLOCK)
		return true;
	err_set(err, ERR_USAGE,
		"AUTOCOMMIT is off: a pipeline cannot begin blocks by itself");
	return err_hint(err, "BEGIN first, or \\set AUTOCOMMIT on");
}

bool pipeline_start(struct session *session, struct err *err)
{
	if (pipeline_is_open(session))
		return true;
	if (!may_start(session, err) || !prepared_enter(session->db, err))
		return false;
	session->pipeline = (struct pipeline){ 0 };
	tell_counts(session);
	return true;
}

bool pipeline_add(struct session *session, const char *sql, struct err *err)
{
	struct prepared what;

	request_prepared(session, sql, &what);
	if (what.kind == PREPARED_QUERY && copy_count_inputs(session, sql)) {
		err_set(err, ERR_USAGE,
			"COPY between client and server cannot go into a "
			"pipeline");
		return err_hint(err, "\\endpipeline first");
	}
	if (!prepared_add(session->db, &what, err))
		return false;
	session->pipeline.commands++;
	tell_counts(session);
	return true;
}

bool pipeline_sync(struct session *session, struct err *err)
{
	if (!need_open(session, err) || !prepared_sync(session->db, err))
		return false;
	ask(session, 1);
	return true;
}

bool pipeline_request_flush(struct session *session, struct err *err)
{
	if (!prepared_request_flush(session->db, err))
		return false;
	ask(session, 0);
	return true;
}

bool pipeline_flush(struct session *session, struct err *err)
{
	return prepared_flush(session->db, err);
}

/* ---- answers ---- */

/* One answer fewer; of which kind is known only now. */
static void count_answer(struct session *session, enum result_kind kind)
{
	if (kind == RESULT_SYNC)
		session->pipeline.syncs--;
	else
		session->pipeline.results--;
}

/* Behind an error the requests up to the sync were not run: that is said
 * once, and not at all behind the error itself. */
static bool show_answer(struct session *session, bool *failing,
			struct err *err)
{
	CLEANUP(exec_freep) struct exec *exec = prepared_answer(session->db,
								err);
	enum result_kind kind = RESULT_ERROR;
	bool ok;

	if (!exec)
		return false;
	ok = request_answer(session, exec, &kind);
	count_answer(session, kind);
	if (kind == RESULT_ABORTED && !*failing)
		say_info(&session->say,
			 "Pipeline aborted, command did not run");
	*failing = kind != RESULT_SYNC && (*failing || !ok);
	return ok;
}

static int unread(const struct session *session)
{
	return session->pipeline.results + session->pipeline.syncs;
}

static bool read_answers(struct session *session, int count, struct err *err)
{
	bool failing = false;
	bool ok = true;

	for (; count > 0 && unread(session) > 0; count--) {
		ok = show_answer(session, &failing, err) && ok;
		if (!session->db || !db_is_alive(session->db)) {
			session->pipeline = (struct pipeline){ 0 };
			run_check_connection(session);
		}
	}
	tell_counts(session);
	return ok || err_set(err, ERR_USAGE, "%s", "");
}

bool pipeline_read(struct session *session, int count, struct err *err)
{
	if (!pipeline_is_open(session) || unread(session) == 0) {
		say_info(&session->say, "No pending results to get");
		return true;
	}
	return read_answers(session, count > 0 ? count : INT_MAX, err);
}

bool pipeline_end(struct session *session, struct err *err)
{
	bool ok;

	if (!pipeline_sync(session, err))
		return false;
	ok = read_answers(session, INT_MAX, err);
	if (!pipeline_is_open(session))
		return ok;
	return prepared_leave(session->db, ok ? err : NULL) && ok;
}

void pipeline_leave(struct session *session)
{
	int lost = session->pipeline.commands;

	if (!pipeline_is_open(session) || lost == 0)
		return;
	say_warning(&session->say,
		    "the pipeline was not ended: its last %d %s not committed",
		    lost, lost == 1 ? "request is" : "requests are");
}
