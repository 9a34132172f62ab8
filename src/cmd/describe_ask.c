#include "cmd/describe_ask.h"

#include "base/str.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/exec.h"
#include "shell/command.h"
#include "shell/session_state.h"

bool describe_begin(struct session *session, const struct args *args,
		    struct err *err)
{
	const struct db *db = session_db(session);
	const char *command = args_command(args);

	if (!db_is_redshift(db))
		return true;
	if (db_transaction(db) == DB_IN_FAILED_BLOCK) {
		err_set(err, ERR_USAGE,
			"\\%s: the transaction has failed, the server answers "
			"nothing before it ends",
			command);
		return err_hint(err, "ROLLBACK; ends it, then \\%s again",
				command);
	}
	if (db_transaction(db) == DB_IN_BLOCK && !session->block_told) {
		session_warn(session,
			     "\\%s reads the catalog inside your transaction: "
			     "an error there would abort it",
			     command);
		session->block_told = true;
	}
	return true;
}

bool describe_may_fail(struct session *session)
{
	const struct db *db = session_db(session);

	return !db_is_redshift(db) || db_transaction(db) == DB_IDLE;
}

struct rows *describe_ask(struct session *session, const char *sql,
			  struct err *err)
{
	if (!session_hidden_sql(session, sql, err))
		return NULL;
	return exec_query(session_db(session), sql, NULL, err);
}

bool describe_ask_text(struct session *session, const char *sql,
		       struct str *out)
{
	CLEANUP(rows_freep)
	struct rows *rows = describe_ask(session, sql, NULL);
	const struct rows_value *values;

	if (rows == NULL || rows_next(rows, &values, NULL) != ROWS_ROW)
		return false;
	str_add(out, values[0].text != NULL ? values[0].text : "");
	return true;
}

bool describe_may_read(struct session *session, const char *view)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str may = STR_EMPTY;

	str_addf(&sql, "select has_table_privilege('%s', 'select')", view);
	return describe_ask_text(session, sql.text, &may) && may.text[0] == 't';
}

bool describe_is_superuser(struct session *session)
{
	CLEANUP(str_done) struct str is = STR_EMPTY;

	return describe_ask_text(session,
				 "select usesuper from pg_user\n"
				 "where usename = current_user",
				 &is) &&
	       is.text[0] == 't';
}
