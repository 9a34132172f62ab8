#include "sandbox/external.h"

#include <string.h>

#include "base/str.h"
#include "sandbox/backend.h"
#include "sandbox/client.h"
#include "sandbox/private_pg.h"
#include "sandbox/rscopy.h"

/* The load's own connection; nothing of it is in the logs of loads. */
struct loading {
	struct client *client;
	struct backend *backend;
};

static bool give_row(void *context, const char *const *values, size_t count,
		     struct err *err)
{
	const struct rscopy_row *row = context;

	return row->take(row->context, values, count, err);
}

static bool load_query(void *context, const char *sql,
		       const struct rscopy_row *row, struct err *err)
{
	struct loading *loading = context;

	return backend_query(loading->backend, sql, row ? give_row : NULL,
			     (void *)(uintptr_t)row, err);
}

static bool load_aside(void *context, const char *sql,
		       const struct rscopy_row *row, struct err *err)
{
	(void)context;
	(void)sql;
	(void)row;
	(void)err;
	return true;
}

static bool load_copy_begin(void *context, const char *sql, struct err *err)
{
	struct loading *loading = context;

	return backend_copy_begin(loading->backend, sql, err);
}

static bool load_copy_data(void *context, const char *bytes, size_t len,
			   struct err *err)
{
	struct loading *loading = context;

	return backend_copy_data(loading->backend, bytes, len, err);
}

static bool load_copy_end(void *context, const char *give_up, int64_t *out_rows,
			  struct err *err)
{
	struct loading *loading = context;

	return backend_copy_end(loading->backend, give_up, out_rows, err);
}

static void load_info(void *context, const char *text)
{
	(void)context;
	(void)text;
}

static bool load_cancelled(void *context)
{
	struct loading *loading = context;

	return atomic_load(&loading->client->cancelled);
}

static bool run_copy(struct loading *loading, const char *sql, struct err *err)
{
	const struct client *client = loading->client;
	CLEANUP(rscopy_result_done)
	struct rscopy_result result = RSCOPY_RESULT_EMPTY;
	struct rscopy_link link = {
		.context = loading,
		.query = load_query,
		.aside = load_aside,
		.copy_begin = load_copy_begin,
		.copy_data = load_copy_data,
		.copy_end = load_copy_end,
		.info = load_info,
		.cancelled = load_cancelled,
	};
	struct rscopy_call call = {
		.link = &link,
		.store = client->shared->store,
		.identity = client->shared->identity,
		.user = client->user,
		.database = client->database,
		.session_pid = loading->backend->pid,
	};

	if (rscopy_run(&call, sql, &result))
		return true;
	err_set(err, ERR_SERVER, "%s", result.message.text);
	return err_set_code(err,
			    result.sqlstate[0] ? result.sqlstate : "XX000");
}

bool external_load(struct client *client, const char *relation, long long id,
		   struct err *err)
{
	struct backend_login login = {
		.socket_path = client->shared->socket_path,
		.user = PRIVATE_PG_OWNER,
		.database = client->database,
	};
	CLEANUP(backend_closep)
	struct backend *backend = NULL;
	CLEANUP(str_done) struct str ask = STR_EMPTY;
	CLEANUP(str_done) struct str copy = STR_EMPTY;
	struct loading loading = { .client = client };

	if (relation[0] == '\0' ||
	    relation[strspn(relation, "0123456789")] != '\0' ||
	    strlen(relation) > 10) {
		err_set(err, ERR_SERVER, "no external table has that number");
		return err_set_code(err, "42P01");
	}
	backend = backend_open(&login, err);
	if (!backend)
		return false;
	loading.backend = backend;
	str_addf(&ask, "SELECT redshift_sandbox.external_begin(%s, %d, %lld)",
		 relation, (int)client->backend->pid, id);
	return backend_value(backend, ask.text, &copy, err) &&
	       run_copy(&loading, copy.text, err);
}
