#include "shell/outcome.h"

#include <stdlib.h>

#include "db/dberr.h"
#include "shell/meant.h"
#include "shell/record.h"
#include "shell/run.h"
#include "shell/session_state.h"
#include "shell/var.h"

/* Nothing has changed since: scripts of many statements that end alike need
 * not look variables up. */
static bool is_marked(const struct session *session,
		      const struct outcome_mark *mark)
{
	return mark->is_known && mark->changes == vars_changes(session->vars);
}

static void set_mark(const struct session *session, struct outcome_mark *mark)
{
	mark->is_known = true;
	mark->changes = vars_changes(session->vars);
}

void outcome_good(struct session *session, const char *count)
{
	int64_t rows = strtoll(count, NULL, 10);
	struct outcome_mark *good = &session->good;
	bool same = rows == session->watched_rows && is_marked(session, good);

	session->watched_rows = rows;
	if (*count)
		record_rows(session, rows);
	if (session->watching || same)
		return;
	vars_set(session->vars, "ERROR", "false", NULL);
	vars_set(session->vars, "SQLSTATE", "00000", NULL);
	vars_set(session->vars, "ROW_COUNT", *count ? count : "0", NULL);
	set_mark(session, good);
}

void outcome_inserted(struct session *session)
{
	struct outcome_mark *inserted = &session->inserted;

	if (is_marked(session, inserted))
		return;
	vars_set(session->vars, "LASTOID", "0", NULL);
	set_mark(session, inserted);
}

static void set_bad_variables(struct session *session,
			      const struct dberr *error)
{
	const char *code = dberr_sqlstate(error);
	const char *message = dberr_field(error, DBERR_MESSAGE);

	if (session->watching)
		return;
	vars_set(session->vars, "ERROR", "true", NULL);
	vars_set(session->vars, "SQLSTATE", code, NULL);
	vars_set(session->vars, "ROW_COUNT", "0", NULL);
	vars_set(session->vars, "LAST_ERROR_SQLSTATE", code, NULL);
	vars_set(session->vars, "LAST_ERROR_MESSAGE", message ? message : "",
		 NULL);
}

/* Shows, keeps for \errverbose, sets the variables. */
void outcome_bad(struct session *session, const struct dberr *error)
{
	run_show_error(session, error);
	meant_tell(session, error);
	set_bad_variables(session, error);
	record_error(session, dberr_sqlstate(error));
	dberr_move(session->last_error, (struct dberr *)error);
}
