#include "sandbox/gateway/external.h"

#include <string.h>

#include "base/str.h"
#include "sandbox/copy/rscopy.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/backlink.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/private_pg.h"

/* Nothing of it is in the logs of loads. */
static bool load_aside(void *context, const char *sql,
		       const struct rscopy_row *row, struct err *err)
{
	(void)context;
	(void)sql;
	(void)row;
	(void)err;
	return true;
}

static void load_info(void *context, const char *text)
{
	(void)context;
	(void)text;
}

static bool run_copy(struct backlink *loading, const char *sql, struct err *err)
{
	const struct client *client = loading->client;
	CLEANUP(rscopy_result_done)
	struct rscopy_result result = RSCOPY_RESULT_EMPTY;
	struct rscopy_link link = {
		.aside = load_aside,
		.info = load_info,
	};
	struct rscopy_call call = {
		.link = &link,
		.store = client->shared->store,
		.identity = client->shared->identity,
		.user = client->user,
		.database = client->database,
		.session_pid = loading->backend->pid,
	};

	backlink_fill(&link, loading);
	if (rscopy_run(&call, sql, &result))
		return true;
	err_set(err, ERR_SERVER, "%s", result.message.text);
	return err_set_code(err,
			    result.sqlstate[0] ? result.sqlstate : "XX000");
}

/* One COPY for a table, or for each of its partitions. */
static bool load_steps(struct backlink *loading, const char *relation,
		       long long id, struct err *err)
{
	for (int step = 0;; step++) {
		CLEANUP(str_done) struct str ask = STR_EMPTY;
		CLEANUP(str_done) struct str copy = STR_EMPTY;

		str_addf(&ask,
			 "SELECT redshift_sandbox.external_step(%s, %d, %lld,"
			 " %d)",
			 relation, (int)loading->client->backend->pid, id,
			 step);
		if (!backend_value(loading->backend, ask.text, &copy, err))
			return false;
		if (copy.len == 0)
			return true;
		if (!run_copy(loading, copy.text, err))
			return false;
	}
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
	struct backlink loading = { .client = client };

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
	return load_steps(&loading, relation, id, err);
}
