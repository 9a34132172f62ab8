#include "shell/outcome.h"

#include <stdlib.h>

#include "db/dberr.h"
#include "shell/run.h"
#include "shell/session_state.h"
#include "shell/var.h"

void outcome_good(struct session *session, const char *count)
{
	session->watched_rows = strtoll(count, NULL, 10);
	if (session->watching)
		return;
	vars_set(session->vars, "ERROR", "false", NULL);
	vars_set(session->vars, "SQLSTATE", "00000", NULL);
	vars_set(session->vars, "ROW_COUNT", *count ? count : "0", NULL);
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
	set_bad_variables(session, error);
	dberr_move(session->last_error, (struct dberr *)error);
}
