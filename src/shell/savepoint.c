#include "shell/savepoint.h"

#include <string.h>

#include "base/mem.h"
#include "db/conn.h"
#include "shell/run.h"
#include "shell/session_state.h"

#define NAME "pg_psql_temporary_savepoint"

static bool is_wanted(struct session *session)
{
	enum session_rollback when = session->is.on_error_rollback;

	if (when == ROLLBACK_OFF || db_transaction(session->db) != DB_IN_BLOCK)
		return false;
	if (when == ROLLBACK_INTERACTIVE && !session->interactive)
		return false;
	if (!db_is_redshift(session->db))
		return true;
	if (!session->savepoints_refused)
		session_warn(session, "ON_ERROR_ROLLBACK does nothing here: "
				      "Redshift has no savepoints");
	session->savepoints_refused = true;
	return false;
}

bool savepoint_set(struct session *session)
{
	session->savepoint = is_wanted(session);
	session->savepoint_touched = false;
	return !session->savepoint || run_quietly(session, "SAVEPOINT " NAME);
}

void savepoint_note_tag(struct session *session, const char *tag)
{
	static const char *const tags[] = { "COMMIT", "SAVEPOINT", "RELEASE",
					    "ROLLBACK" };

	for (size_t i = 0; i < COUNT_OF(tags); i++)
		if (strcmp(tag, tags[i]) == 0)
			session->savepoint_touched = true;
}

bool savepoint_settle(struct session *session)
{
	if (!session->savepoint || !session->db)
		return true;
	session->savepoint = false;
	if (db_transaction(session->db) == DB_IN_FAILED_BLOCK)
		return run_quietly(session, "ROLLBACK TO " NAME);
	if (db_transaction(session->db) == DB_IN_BLOCK &&
	    !session->savepoint_touched)
		return run_quietly(session, "RELEASE " NAME);
	return true;
}
