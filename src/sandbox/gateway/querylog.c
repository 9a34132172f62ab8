#include "sandbox/gateway/querylog.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/plan.h"
#include "sandbox/gateway/private_pg.h"
#include "sandbox/rewrite/patch.h"
#include "sql/mask.h"
#include "sql/quote.h"

#define TEXT_MAX 65400 /* of a statement: 327 pieces of 200 */
#define PLAN_MAX (1024 * 1024)

struct querylog {
	int64_t session;     /* session_log.id; 0: not noted */
	int64_t transaction; /* the open one's number; 0: none */
	struct str label;    /* query_group; "": default */
	struct str plan;     /* JSON, of plan_query; "": none */
	int64_t plan_query;  /* the last QUERY that began; 0: none */
	bool finished;       /* plan_query has its end in the log */
	int least;           /* rank of stored_proc_log_min_messages */
};

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

/* ---- sessions */

/* The client's address and port, as text. */
static void add_peer(struct str *sql, int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);
	char host[INET6_ADDRSTRLEN] = "";
	int port = 0;

	if (getpeername(fd, (struct sockaddr *)&address, &len) == 0) {
		if (address.ss_family == AF_INET) {
			const struct sockaddr_in *four = (const void *)&address;

			inet_ntop(AF_INET, &four->sin_addr, host, sizeof(host));
			port = ntohs(four->sin_port);
		} else if (address.ss_family == AF_INET6) {
			const struct sockaddr_in6 *six = (const void *)&address;

			inet_ntop(AF_INET6, &six->sin6_addr, host,
				  sizeof(host));
			port = ntohs(six->sin6_port);
		}
	}
	quote_literal(sql, host, false);
	str_addf(sql, ", '%d'", port);
}

void querylog_open(struct client *client)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct err err = ERR_EMPTY;

	client->log = mem_alloc(sizeof(*client->log));
	*client->log =
		(struct querylog){ .label = STR_EMPTY, .plan = STR_EMPTY };
	str_add(&sql, "SELECT redshift_sandbox.session_begin(");
	add_peer(&sql, client->stream.fd);
	str_addf(&sql, ", %s)", client->stream.tls ? "true" : "false");
	if (backend_value(client->backend, sql.text, &id, &err))
		client->log->session = strtoll(id.text, NULL, 10);
	else
		log_debug(LOG_SANDBOX, "session log: %s", err.message);
}

void querylog_refused(struct client *client, const char *user,
		      const char *database)
{
	CLEANUP(backend_closep) struct backend *backend = NULL;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct backend_login login = {
		.socket_path = client->shared->socket_path,
		.user = PRIVATE_PG_OWNER,
		.database = database,
	};

	backend = backend_open(&login, &err);
	str_add(&sql, "INSERT INTO redshift_sandbox.session_log (refused, pid,"
		      " userid, starttime, endtime, tls, remotehost,"
		      " remoteport, username, database) SELECT true, 0, 0,"
		      " redshift_sandbox.utc_now(),"
		      " redshift_sandbox.utc_now(), ");
	str_addf(&sql, "%s, ", client->stream.tls ? "true" : "false");
	add_peer(&sql, client->stream.fd);
	str_add(&sql, ", ");
	quote_literal(&sql, user, false);
	str_add(&sql, ", ");
	quote_literal(&sql, database, false);
	if (!backend || !backend_query(backend, sql.text, NULL, NULL, &err))
		log_debug(LOG_SANDBOX, "session log: %s", err.message);
}

/* ---- statements */

/* As SVL_STATEMENTTEXT.type and SYS_QUERY_HISTORY.query_type name them. */
struct kind {
	const char *class;
	const char *type;
	bool instant; /* over at once: one row at its end */
};

/* Behind CREATE TABLE: does a query follow? */
static bool is_ctas(const struct plan *plan)
{
	struct patch patch;
	bool found;

	if (strcmp(plan->result.statement.name, "SELECT INTO") == 0)
		return true;
	if (strcmp(plan->result.statement.name, "CREATE TABLE") != 0)
		return false;
	patch_init(&patch, plan->text, plan->len);
	found = patch_find(&patch, 0, patch.count, "as") != PATCH_NONE;
	patch_done(&patch);
	return found;
}

static struct kind kind_of_ddl(const struct plan *plan)
{
	static const char *const objects[] = { "SCHEMA", "TABLE", "VIEW",
					       "MATERIALIZED VIEW" };

	if (is_ctas(plan))
		return (struct kind){ "QUERY", "CTAS", false };
	for (size_t i = 0; i < COUNT_OF(objects); i++)
		if (strcmp(plan->result.statement.object, objects[i]) == 0)
			return (struct kind){ "DDL", "DDL", false };
	return (struct kind){ "UTILITY", "DDL", false };
}

/* SHOW, EXPLAIN and their like are queries to the parser, not to Redshift. */
static struct kind kind_of_query(const struct plan *plan)
{
	static const char *const names[] = { "SELECT", "WITH", "FETCH",
					     "EXECUTE" };
	const char *name = plan->result.statement.name;

	if (plan->result.action != REWRITE_SEND)
		return (struct kind){ "UTILITY", "UTILITY", true };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(name, names[i]) == 0)
			return (struct kind){ "QUERY", "SELECT", false };
	return (struct kind){ "UTILITY", "UTILITY", false };
}

/* class NULL: not recorded. */
static struct kind kind_of(const struct plan *plan)
{
	switch (plan->result.statement.kind) {
	case STATEMENT_QUERY:
		return kind_of_query(plan);
	case STATEMENT_CHANGE:
		return (struct kind){ "QUERY", plan->result.statement.name,
				      false };
	case STATEMENT_DDL:
		return kind_of_ddl(plan);
	case STATEMENT_COPY:
		return (struct kind){ "QUERY", "COPY", false };
	case STATEMENT_UNLOAD:
		return (struct kind){ "QUERY", "UNLOAD", false };
	case STATEMENT_OTHER:
		return (struct kind){ "UTILITY", "UTILITY", false };
	case STATEMENT_BEGIN:
	case STATEMENT_COMMIT:
	case STATEMENT_ROLLBACK:
	case STATEMENT_SETTING:
		return (struct kind){ "UTILITY", "UTILITY", true };
	case STATEMENT_EMPTY:
	case STATEMENT_UNKNOWN:
		break;
	}
	return (struct kind){ NULL, NULL, false };
}

static void add_text(struct str *sql, const char *text)
{
	str_add(sql, ", ");
	quote_literal(sql, text, false);
}

/* The statement's text without passwords, cut at a whole character. */
static void add_statement(struct str *sql, const struct plan *plan)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	mask_secrets(&text, plan->text, plan->len);
	if (text.len > TEXT_MAX)
		str_cut(&text, TEXT_MAX);
	while (text.len > 0 && !utf8_valid(text.text, text.len))
		str_cut(&text, text.len - 1);
	add_text(sql, text.text);
}

static bool take_numbers(void *context, const char *const *values, size_t count,
			 struct err *err)
{
	struct client *client = context;

	(void)err;
	if (count == 2 && values[0] && values[1]) {
		client->query_id = strtoll(values[0], NULL, 10);
		client->log->transaction = strtoll(values[1], NULL, 10);
	}
	return true;
}

static void note_begin(struct client *client, const struct plan *plan,
		       const struct kind *kind)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct backend *aside = querylog_aside(client, &err);
	const struct querylog *log = client->log;

	str_addf(&sql,
		 "SELECT number, in_transaction"
		 " FROM redshift_sandbox.statement_begin(%d",
		 (int)client->backend->pid);
	add_text(&sql, client->user);
	str_addf(&sql, ", %lld", (long long)log->transaction);
	add_text(&sql, log->label.len > 0 ? log->label.text : "default");
	add_text(&sql, kind->class);
	add_text(&sql, plan->result.statement.name);
	add_text(&sql, kind->type);
	add_statement(&sql, plan);
	str_add_char(&sql, ')');
	if (!aside ||
	    !backend_query(aside, sql.text, take_numbers, client, &err))
		log_debug(LOG_SANDBOX, "query log: %s", err.message);
}

/* A plan that came behind the end of its statement (extended protocol). */
static void flush_plan(struct client *client)
{
	struct querylog *log = client->log;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (!log->finished || log->plan.len == 0 || !client->aside)
		return;
	str_add(&sql, "UPDATE redshift_sandbox.query_log SET plan = ");
	quote_literal(&sql, log->plan.text, false);
	str_addf(&sql, " WHERE query = %lld", (long long)log->plan_query);
	if (!backend_query(client->aside, sql.text, NULL, NULL, &err))
		log_debug(LOG_SANDBOX, "query log: %s", err.message);
	str_clear(&log->plan);
}

/* Upkeep, and views that tell of it. */
static bool wants_counts(const struct plan *plan)
{
	static const char *const names[] = { "VACUUM", "ANALYZE" };
	static const char *const views[] = { "svv_table_info",
					     "pg_statistic_indicator" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(plan->result.statement.name, names[i]) == 0)
			return true;
	for (size_t i = 0; i < COUNT_OF(views); i++)
		if (strcasestr(plan->text, views[i]))
			return true;
	return false;
}

/* PostgreSQL counts changes with a delay: not those before an ANALYZE. */
static void count_changes(struct client *client, const struct plan *plan)
{
	if (client->backend->status == 'I' && wants_counts(plan))
		backend_query(client->backend,
			      "SELECT pg_catalog.pg_stat_force_next_flush()",
			      NULL, NULL, NULL);
}

void querylog_begin(struct client *client, const struct plan *plan)
{
	struct kind kind = kind_of(plan);
	struct querylog *log = client->log;

	client->query_id = 0;
	if (client->backend->status == 'I')
		log->transaction = 0;
	flush_plan(client);
	str_clear(&log->plan);
	log->plan_query = 0;
	log->finished = false;
	if (kind.class == NULL || kind.instant)
		return;
	count_changes(client, plan);
	note_begin(client, plan, &kind);
	if (strcmp(kind.class, "QUERY") == 0)
		log->plan_query = client->query_id;
}

/* Of what a procedure says, by stored_proc_log_min_messages. */
static int rank_of(const char *level)
{
	static const char *const levels[] = { "LOG", "INFO", "NOTICE",
					      "WARNING", "EXCEPTION" };

	for (size_t i = 0; i < COUNT_OF(levels); i++)
		if (str_equal_nocase(level, levels[i]))
			return (int)i;
	return 0;
}

static void keep_least(struct client *client, const struct plan *plan)
{
	if (plan->result.action == REWRITE_SET &&
	    strcmp(plan->result.name.text, "stored_proc_log_min_messages") == 0)
		client->log->least = rank_of(plan->result.value.text);
}

/* query_group is the label of what follows. */
static void keep_label(struct client *client, const struct plan *plan)
{
	bool reset = strcmp(plan->result.statement.name, "RESET") == 0;

	if (plan->result.action == REWRITE_SET &&
	    (strcmp(plan->result.name.text, "query_group") == 0 ||
	     strcmp(plan->result.name.text, "all") == 0))
		str_set(&client->log->label,
			reset ? "" : plan->result.value.text);
}

void querylog_finish(struct client *client, const struct plan *plan,
		     const struct querylog_end *end)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct kind kind = kind_of(plan);
	struct querylog *log = client->log;
	struct err err = ERR_EMPTY;

	if (kind.class && kind.instant)
		note_begin(client, plan, &kind);
	if (client->query_id != 0 && client->aside) {
		str_addf(&sql,
			 "SELECT redshift_sandbox.statement_end(%lld, '%s',"
			 " %lld",
			 (long long)client->query_id, end->status,
			 (long long)end->rows);
		add_text(&sql, end->message);
		str_addf(&sql, ", %lld, '%c', ", (long long)end->start_ms,
			 client->backend->status);
		if (log->plan.len > 0)
			quote_literal(&sql, log->plan.text, false);
		else
			str_add(&sql, "NULL");
		str_add_char(&sql, ')');
		if (!backend_query(client->aside, sql.text, NULL, NULL, &err))
			log_debug(LOG_SANDBOX, "query log: %s", err.message);
	}
	str_clear(&log->plan);
	log->finished = true;
	if (strcmp(end->status, "success") == 0) {
		keep_label(client, plan);
		keep_least(client, plan);
	}
	if (client->backend->status == 'I')
		log->transaction = 0;
}

void querylog_close(struct client *client)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct querylog *log = client->log;
	struct backend *backend = client->aside;

	if (!log)
		return;
	flush_plan(client);
	if (!backend && client->backend && client->backend->status == 'I')
		backend = client->backend;
	str_addf(&sql, "SELECT redshift_sandbox.session_end(%lld, %d)",
		 (long long)log->session, (int)client->end);
	if (backend)
		backend_query(backend, sql.text, NULL, NULL, NULL);
	str_done(&log->label);
	str_done(&log->plan);
	mem_free(log);
	client->log = NULL;
}

/* ---- plans and messages */

/* "PL/pgSQL function p() line 3 at RAISE" */
static int line_of(const char *where)
{
	const char *line = strstr(where, " line ");

	return line ? (int)strtol(line + 6, NULL, 10) : 0;
}

static void note_message(struct client *client, const char *level,
			 const char *message, const char *where)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct backend *aside = querylog_aside(client, &err);

	if (rank_of(level) < client->log->least)
		return;
	str_addf(&sql, "SELECT redshift_sandbox.note_message(%lld",
		 (long long)client->query_id);
	add_text(&sql, level);
	add_text(&sql, message);
	str_addf(&sql, ", %d)", line_of(where));
	if (!aside || !backend_query(aside, sql.text, NULL, NULL, &err))
		log_debug(LOG_SANDBOX, "query log: %s", err.message);
}

void querylog_message(struct client *client, const struct plan *plan,
		      const struct frame *frame)
{
	struct frame_cursor cursor = frame_cursor(frame);
	const char *level = "";
	const char *message = "";
	const char *where = "";
	char code;

	if (!plan || client->query_id == 0 ||
	    strcmp(plan->result.statement.name, "CALL") != 0)
		return;
	while ((code = frame_byte(&cursor)) != '\0') {
		const char *text = frame_text(&cursor);

		if (cursor.bad)
			return;
		if (code == 'S')
			level = strcmp(text, "ERROR") == 0 ? "EXCEPTION" : text;
		else if (code == 'M')
			message = text;
		else if (code == 'W')
			where = text;
	}
	note_message(client, level, message, where);
}

static bool keep_plan(struct querylog *log, const char *message)
{
	const char *json = strchr(message, '{');

	if (json && log->plan_query != 0 && strlen(json) < PLAN_MAX)
		str_set(&log->plan, json);
	return true;
}

bool querylog_take_plan(struct client *client, const struct frame *frame)
{
	struct frame_cursor cursor = frame_cursor(frame);
	const char *message = "";
	bool is_plan = false;
	char code;

	if (frame->type != 'N')
		return false;
	while ((code = frame_byte(&cursor)) != '\0') {
		const char *text = frame_text(&cursor);

		if (cursor.bad)
			break;
		if (code == 'M')
			message = text;
		else if (code == 'F')
			is_plan = strcmp(text, "auto_explain.c") == 0;
	}
	return is_plan && keep_plan(client->log, message);
}
