#include "sandbox/querylog.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "sandbox/backend.h"
#include "sandbox/client.h"
#include "sandbox/plan.h"
#include "sandbox/private_pg.h"
#include "sql/quote.h"

#define TEXT_MAX 4000 /* of querytxt [stl_query] */

struct backend *querylog_aside(struct client *client, struct err *err)
{
	struct backend_login login = {
		.socket_path = client->shared->socket_path,
		.user = PRIVATE_PG_OWNER,
		.database = client->database,
	};

	if (!client->aside)
		client->aside = backend_open(&login, err);
	return client->aside;
}

static bool recorded(const struct plan *plan)
{
	switch (plan->result.statement.kind) {
	case STATEMENT_QUERY:
		return plan->result.action == REWRITE_SEND;
	case STATEMENT_CHANGE:
	case STATEMENT_DDL:
	case STATEMENT_COPY:
	case STATEMENT_UNLOAD:
	case STATEMENT_OTHER:
		return true;
	case STATEMENT_EMPTY:
	case STATEMENT_UNKNOWN:
	case STATEMENT_BEGIN:
	case STATEMENT_COMMIT:
	case STATEMENT_ROLLBACK:
	case STATEMENT_SETTING:
		return false;
	}
	return false;
}

/* As SYS_QUERY_HISTORY.query_type names them. */
static const char *type_of(const struct plan *plan)
{
	switch (plan->result.statement.kind) {
	case STATEMENT_QUERY:
		return "SELECT";
	case STATEMENT_CHANGE:
		return plan->result.statement.name;
	case STATEMENT_DDL:
		return strcmp(plan->result.statement.name, "CREATE TABLE AS") ==
				       0
			       ? "CTAS"
			       : "DDL";
	case STATEMENT_COPY:
		return "COPY";
	case STATEMENT_UNLOAD:
		return "UNLOAD";
	default:
		return "UTILITY";
	}
}

void querylog_begin(struct client *client, const struct plan *plan)
{
	CLEANUP(str_done) struct str number = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct backend *aside;

	client->query_id = 0;
	if (!recorded(plan))
		return;
	aside = querylog_aside(client, &err);
	if (aside &&
	    backend_value(aside,
			  "SELECT nextval('redshift_sandbox.query_number')",
			  &number, &err))
		client->query_id = strtoll(number.text, NULL, 10);
	else
		log_debug(LOG_SANDBOX, "query log: %s", err.message);
}

static void add_text(struct str *sql, const char *text)
{
	str_add(sql, ", ");
	quote_literal(sql, text, false);
}

static void add_time(struct str *sql, int64_t ms)
{
	str_addf(sql, ", to_timestamp(%lld / 1000.0) AT TIME ZONE 'UTC'",
		 (long long)ms);
}

void querylog_finish(struct client *client, const struct plan *plan,
		     const struct querylog_end *end)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (client->query_id == 0 || !client->aside)
		return;
	str_add_slice(&text, plan->text,
		      plan->len < TEXT_MAX ? plan->len : TEXT_MAX);
	while (text.len > 0 && !utf8_valid(text.text, text.len))
		str_cut(&text, text.len - 1);
	str_addf(&sql,
		 "INSERT INTO redshift_sandbox.query_log (query, pid,"
		 " returned_rows, userid, username, database, query_type,"
		 " status, error_message, querytxt, starttime, endtime)"
		 " SELECT %lld, %d, %lld, usesysid::int, usename",
		 (long long)client->query_id, (int)client->backend->pid,
		 (long long)end->rows);
	add_text(&sql, client->database);
	add_text(&sql, type_of(plan));
	add_text(&sql, end->status);
	add_text(&sql, end->message);
	add_text(&sql, text.text);
	add_time(&sql, end->start_ms);
	add_time(&sql, clock_wall_ms());
	str_add(&sql, " FROM pg_user WHERE usename = ");
	quote_literal(&sql, client->user, false);
	if (!backend_query(client->aside, sql.text, NULL, NULL, &err))
		log_debug(LOG_SANDBOX, "query log: %s", err.message);
}
