#include "cmd/load_world.h"

#include <stdlib.h>
#include <unistd.h>

#include "aws/cred.h"
#include "aws/worker.h"
#include "base/secret.h"
#include "base/sink.h"
#include "base/str.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/dsn.h"
#include "db/exec.h"
#include "load/copy_args.h"
#include "load/copyfrom.h"
#include "load/objects.h"
#include "shell/session_state.h"
#include "load/copy_switch.h"
#include "sql/interp.h"
#include "sql/quote.h"

/* --- what the pipelines may ask: context is the session --- */

static bool world_run(void *context, const char *sql, struct err *err)
{
	return session_run_sql(context, sql, err);
}

static struct rows *world_ask(void *context, const char *sql, struct err *err)
{
	return exec_query(session_db(context), sql, NULL, err);
}

static bool world_in_block(void *context)
{
	const struct session *session = context;

	/* Without AUTOCOMMIT the person says when to commit. */
	return !session->is.autocommit ||
	       db_transaction(session_db(context)) != DB_IDLE;
}

static bool world_read(void *context, const char *uri, int64_t offset,
		       int64_t length, struct str *out, struct err *err)
{
	struct aws *aws = session_aws(context, err);

	return aws != NULL && objects_read(aws, uri, offset, length, out, err);
}

static bool world_list(void *context, const char *uri, load_visit *visit,
		       void *visitor, struct err *err)
{
	struct aws *aws = session_aws(context, err);

	return aws != NULL && objects_list(aws, uri, visit, visitor, err);
}

static bool world_region(void *context, const char *bucket, struct str *out,
			 struct err *err)
{
	struct aws *aws = session_aws(context, err);

	return aws != NULL && worker_bucket_region(aws, bucket, out, err);
}

/* Only a person is asked: a script that says \copyfrom means it. */
static bool world_confirm(void *context, const char *question, bool *out_yes,
			  struct err *err)
{
	*out_yes = true;
	if (!session_is_interactive(context))
		return true;
	return session_confirm(context, question, "--yes", out_yes, err);
}

static void world_preview(void *context, struct rows *rows)
{
	struct err ignored = ERR_EMPTY;

	if (session_is_interactive(context))
		(void)session_print_rows(context, rows, "", &ignored);
	else
		rows_free(rows);
}

static void world_info(void *context, const char *text)
{
	session_info(context, "%s", text);
}

static void world_warn(void *context, const char *text)
{
	session_warn(context, "%s", text);
}

static void world_progress(void *context, const char *text)
{
	session_progress(context, text);
}

/* A line that a person types. */
static bool world_answer(void *context, const char *question, struct str *out,
			 struct err *err)
{
	return session_ask(context, question, out, err);
}

static bool world_print(void *context, const char *text, struct err *err)
{
	return sink_text(session_out(context), text, err);
}

static void world_set_row_count(void *context, int64_t rows)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text, "%lld", (long long)rows);
	session_set_var(context, "ROW_COUNT", text.text);
}

static bool world_keys(void *context, struct secret *id, struct secret *key,
		       struct secret *token, struct err *err)
{
	struct aws *aws = session_aws(context, err);
	CLEANUP(cred_done) struct cred cred = CRED_EMPTY;

	if (aws == NULL)
		return false;
	if (!worker_copy_cred(aws, &cred, err))
		return err_wrap(err, "--keys");
	secret_set(id, cred.access_key_id.text);
	secret_copy(key, &cred.secret_key);
	secret_copy(token, &cred.token);
	return true;
}

static struct aws *world_aws(void *context, struct err *err)
{
	return session_aws_ready(context, err);
}

const char *load_world_staging(const struct session *session)
{
	const char *saved =
		session->dsn != NULL ? dsn_get(session->dsn, "staging") : NULL;

	return saved != NULL ? saved : session_var(session, "STAGING");
}

const char *load_world_role(const struct session *session)
{
	const char *saved = session->dsn != NULL
				    ? dsn_get(session->dsn, "copy_role")
				    : NULL;

	return saved != NULL ? saved : session_var(session, "COPY_ROLE");
}

struct load_world load_world_make(struct session *session)
{
	struct db *db = session_db(session);
	struct load_world world = {
		.context = session,
		.run = world_run,
		.ask = db != NULL ? world_ask : NULL,
		.in_block = world_in_block,
		.read_range = world_read,
		.list = world_list,
		.region = world_region,
		.confirm = world_confirm,
		.answer = session_is_interactive(session) ? world_answer : NULL,
		.preview = world_preview,
		.info = world_info,
		.warn = world_warn,
		.progress = world_progress,
		.print = world_print,
		.set_row_count = world_set_row_count,
		.keys = world_keys,
		.aws = world_aws,
		.staging = load_world_staging(session),
		.data = session->stdin_scripts > 0 ? -1 : STDIN_FILENO,
		.data_name = "standard input",
		.role = load_world_role(session),
		.host = db != NULL ? db_host(db) : "",
		.port = db != NULL ? atoi(db_port(db)) : 0,
		.escapes = db == NULL || db_backslash_escapes(db),
	};

	if (world.role != NULL && world.role[0] == '\0')
		world.role = NULL;
	return world;
}

/* --- arguments --- */

static const char *lookup(void *context, const char *name)
{
	return session_var(context, name);
}

/* Switches before the first argument were taken by the command's row: they
 * are put back, so that load/copy_args sees and checks them all. */
static void add_switch(const struct args *args, const struct copy_switch *row,
		       struct str *out)
{
	const char *value;

	if (row->value == NULL || row->otherwise != NULL) {
		if (args_flag(args, row->name))
			str_addf(out, "%s ", row->name);
		return;
	}
	if (row->number) {
		if (args_number(args, row->name, -1) >= 0)
			str_addf(out, "%s %lld ", row->name,
				 (long long)args_number(args, row->name, 0));
		return;
	}
	value = args_text(args, row->name);
	if (value == NULL)
		return;
	str_addf(out, "%s ", row->name);
	quote_literal(out, value, true);
	str_add_char(out, ' ');
}

bool load_world_args(struct session *session, const struct args *args,
		     enum copy_verb verb, struct copy_args *out,
		     struct err *err)
{
	struct interp vars = { .lookup = lookup,
			       .context = session,
			       .escapes = true };
	const char *rest = args_text(args, "WHAT");
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (const struct copy_switch *row = copy_switch_table;
	     row->name != NULL; row++) {
		if ((row->verbs & verb) != 0)
			add_switch(args, row, &text);
	}
	if (rest != NULL)
		str_add(&text, rest);
	return copy_args_parse(out, verb, text.text, &vars, err);
}
