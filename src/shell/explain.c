#include "shell/explain.h"

#include <stdlib.h>

#include "base/str.h"
#include "db/conn.h"
#include "load/access_explain.h"
#include "load/access_statement.h"
#include "load/load_error.h"
#include "load/objects.h"
#include "shell/connect.h"
#include "shell/session_state.h"

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

void explain_failure(struct session *session, const char *sql)
{
	struct load_error_hooks hooks = { .context = session,
					  .connect = second_connection,
					  .read_range = read_range };
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	const char *message;

	if (session->db == NULL || !dberr_is_set(session->last_error))
		return;
	message = dberr_field(session->last_error, DBERR_MESSAGE);
	if (message == NULL ||
	    (!load_error_explain(&text, session->db, sql, message, &hooks) &&
	     !add_access(session, sql, message, &text)))
		return;
	say_add_shown(&session->say, text.text, &shown);
	say_raw(&session->say, shown.text);
}
