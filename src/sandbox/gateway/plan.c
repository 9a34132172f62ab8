#include "sandbox/gateway/plan.h"

#include <string.h>

#include "base/utf8.h"
#include "sandbox/gateway/ask.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/client.h"
#include "sandbox/gateway/frame.h"
#include "sandbox/gateway/pgparam.h"
#include "sql/quote.h"

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	rewrite_result_done(&plan->result);
	str_done(&plan->sql);
	str_done(&plan->bytes);
	mem_free(plan->text);
	mem_free(plan);
}

/* The value a session sees; what was never set has the table's default. */
static void add_current(struct str *sql, const struct pgparam *param)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (param->kind != PGPARAM_SERVER && param->kind != PGPARAM_OWN) {
		quote_literal(sql, param->initial, false);
		str_add(sql, "::text");
		return;
	}
	pgparam_server_name(param, &name);
	/* in its unit: PostgreSQL's SHOW says 1min for 60000 */
	if (param->kind == PGPARAM_SERVER &&
	    str_starts(param->values, "int ")) {
		str_add(sql, "(SELECT setting FROM pg_catalog.pg_settings "
			     "WHERE name = ");
		quote_literal(sql, name.text, false);
		str_add(sql, ")");
		return;
	}
	str_add(sql, "coalesce(nullif(current_setting(");
	quote_literal(sql, name.text, false);
	str_add(sql, ", true), ''), ");
	quote_literal(sql, param->initial, false);
	str_add(sql, ")");
}

static void show_all(struct plan *plan, const struct pgparams *params)
{
	for (size_t i = 0; i < pgparams_count(params); i++) {
		const struct pgparam *param = pgparams_at(params, i);

		str_add(&plan->sql, i == 0 ? "SELECT " : " UNION ALL SELECT ");
		quote_literal(&plan->sql, param->name, false);
		str_add(&plan->sql, "::text AS name, ");
		add_current(&plan->sql, param);
		str_add(&plan->sql, " AS setting");
	}
	str_add(&plan->sql, " ORDER BY name");
}

static bool plan_show(struct plan *plan, const struct pgparams *params,
		      struct err *err)
{
	const char *name = plan->result.name.text;
	const struct pgparam *param;

	plan->tag = "SHOW";
	if (strcmp(name, "all") == 0) {
		show_all(plan, params);
		return true;
	}
	str_add(&plan->sql, "SELECT ");
	if (pgparam_is_context(name)) {
		str_add(&plan->sql, "current_setting(");
		quote_literal(&plan->sql, name, false);
		str_add(&plan->sql, ")");
	} else {
		param = pgparams_find(params, name, err);
		if (!param)
			return false;
		add_current(&plan->sql, param);
	}
	str_add(&plan->sql, " AS ");
	quote_name_always(&plan->sql, name, strlen(name));
	return true;
}

/* A statement without a result, whatever is in body. */
static void add_block(struct str *sql, const char *body)
{
	CLEANUP(str_done) struct str block = STR_EMPTY;

	str_addf(&block, "BEGIN PERFORM %s; END", body);
	str_add(sql, "DO LANGUAGE plpgsql ");
	quote_literal(sql, block.text, false);
}

/* Both parts quoted: PostgreSQL takes the name in RESET as an identifier. */
static void add_context_name(struct str *sql, const char *name)
{
	const char *dot = strchr(name, '.');

	quote_name_always(sql, name, (size_t)(dot - name));
	str_add_char(sql, '.');
	quote_name_always(sql, dot + 1, strlen(dot + 1));
}

static void plan_seed(struct plan *plan)
{
	CLEANUP(str_done) struct str call = STR_EMPTY;

	str_add(&call, "pg_catalog.setseed(");
	quote_literal(&call, plan->result.value.text, false);
	str_add(&call, "::float8)");
	add_block(&plan->sql, call.text);
}

/* set_config takes lists (search_path) as one text, SET does not. */
static void plan_value(struct plan *plan, const char *name, const char *value)
{
	CLEANUP(str_done) struct str call = STR_EMPTY;

	str_add(&call, "pg_catalog.set_config(");
	quote_literal(&call, name, false);
	str_add(&call, ", ");
	quote_literal(&call, value, false);
	str_addf(&call, ", %s)", plan->result.local ? "true" : "false");
	add_block(&plan->sql, call.text);
}

static bool plan_context(struct plan *plan)
{
	const char *name = plan->result.name.text;

	if (!plan->result.reset) {
		plan_value(plan, name, plan->result.value.text);
		return true;
	}
	str_add(&plan->sql, "RESET ");
	add_context_name(&plan->sql, name);
	return true;
}

/* What is kept only, and would do something on Redshift, is told. */
static void tell_effect(struct plan *plan, const struct pgparam *param,
			const char *value)
{
	struct rewrite_result *result = &plan->result;

	if (param->note[0] == '\0' || strcmp(value, param->initial) == 0)
		return;
	str_clear(&result->notice);
	str_addf(&result->notice, "%s has no effect in the sandbox: %s",
		 param->name, param->note);
	result->notice_severity = "INFO";
}

static bool plan_set(struct plan *plan, const struct pgparams *params,
		     struct err *err)
{
	CLEANUP(str_done) struct str server_name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	const char *name = plan->result.name.text;
	const struct pgparam *param;

	if (plan->result.reset && strcmp(name, "all") == 0) {
		str_add(&plan->sql, "RESET ALL");
		return true;
	}
	if (pgparam_is_context(name))
		return plan_context(plan);
	param = pgparams_find(params, name, err);
	if (!param)
		return false;
	pgparam_server_name(param, &server_name);
	if (plan->result.reset) {
		str_addf(&plan->sql, "%s %s%s",
			 plan->result.local ? "SET LOCAL" : "RESET",
			 server_name.text,
			 plan->result.local ? " TO DEFAULT" : "");
		return true;
	}
	if (!pgparam_check(param, plan->result.value.text, err))
		return false;
	if (strcmp(name, "seed") == 0) {
		plan_seed(plan);
		return true;
	}
	pgparam_canonical(param, plan->result.value.text, &value);
	plan_value(plan, server_name.text, value.text);
	tell_effect(plan, param, value.text);
	return true;
}

/* The end of ALTER USER u, which rewrite_user.c has begun in after. */
static bool plan_user_setting(struct plan *plan, const struct pgparams *params,
			      struct err *err)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;
	struct str *after = &plan->result.after;
	const char *name = plan->result.name.text;
	const struct pgparam *param = pgparams_find(params, name, err);

	if (!param)
		return false;
	str_add(after, plan->result.reset ? "RESET " : "SET ");
	pgparam_server_name(param, after);
	if (!plan->result.reset) {
		if (!pgparam_check(param, plan->result.value.text, err))
			return false;
		pgparam_canonical(param, plan->result.value.text, &value);
		str_add(after, " TO ");
		if (strcmp(name, "search_path") == 0)
			str_add(after, value.text);
		else
			quote_literal(after, value.text, false);
	}
	str_add(after, ";\n");
	return true;
}

static void plan_cancel(struct plan *plan)
{
	CLEANUP(str_done) struct str call = STR_EMPTY;

	str_add(&call, "pg_catalog.pg_cancel_backend(");
	quote_literal(&call, plan->result.value.text, false);
	str_add(&call, "::int)");
	add_block(&plan->sql, call.text);
	plan->tag = "CANCEL";
}

/* What PostgreSQL cannot run from a portal: DECLARE, parts, no text at all
 * (its answer would not be a tag), and what the query log has to ask something
 * of the session before. */
static bool is_local(const struct rewrite_result *result)
{
	static const char *const names[] = { "DECLARE", "VACUUM", "ANALYZE" };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(result->statement.name, names[i]) == 0)
			return true;
	return result->before.len > 0 || result->after.len > 0 ||
	       result->commits_first || result->sql.len == 0;
}

static bool fill(struct plan *plan, const struct client *client,
		 struct err *err)
{
	struct rewrite_result *result = &plan->result;

	plan->tag = result->tag;
	switch (result->action) {
	case REWRITE_SEND:
		if (result->name.len > 0 &&
		    strcmp(result->statement.name, "ALTER USER") == 0 &&
		    !plan_user_setting(plan, client->shared->params, err))
			return false;
		str_add_slice(&plan->sql, result->sql.text, result->sql.len);
		plan->local = is_local(result);
		return true;
	case REWRITE_SET:
		return plan_set(plan, client->shared->params, err);
	case REWRITE_SHOW:
		return plan_show(plan, client->shared->params, err);
	case REWRITE_CANCEL:
		plan_cancel(plan);
		return true;
	case REWRITE_NOTHING:
	case REWRITE_COPY:
	case REWRITE_UNLOAD:
		plan->local = true;
		return true;
	case REWRITE_EMPTY:
		return true;
	}
	return true;
}

/* INFO lines come before the error of a refusal, each as a notice. */
static void tell(struct client *client, const struct rewrite_result *result)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;
	const char *at = result->notice.text;

	while (*at != '\0') {
		size_t len = strcspn(at, "\n");
		struct frame_report report = {
			.severity = result->notice_severity,
			.sqlstate = "00000",
		};

		str_set_slice(&line, at, len);
		report.message = line.text;
		frame_add_report(&client->stream.out, 'N', &report);
		at += len + (at[len] == '\n');
	}
}

bool plan_check_size(size_t len, struct err *err)
{
	if (len <= PLAN_MAX_BYTES)
		return true;
	err_set(err, ERR_SERVER,
		"Statement is too large. Statement Size: %zu bytes. Maximum "
		"Allowed: %d bytes",
		len, PLAN_MAX_BYTES);
	return err_set_code(err, "42601");
}

struct plan *plan_make(struct client *client, const char *text, size_t len,
		       bool extended, int *out_position, struct err *err)
{
	CLEANUP(plan_freep) struct plan *plan = mem_alloc(sizeof(*plan));
	struct plan *made;

	*out_position = 0;
	plan->result = (struct rewrite_result)REWRITE_RESULT_EMPTY;
	plan->sql = (struct str)STR_EMPTY;
	if (!plan_check_size(len, err))
		return NULL;
	plan->bytes = (struct str)STR_EMPTY;
	plan->text = mem_copy_slice(text, len);
	plan->len = len;
	plan->input = (struct rewrite_input){
		.sql = plan->text,
		.len = len,
		.in_block = client->backend->status != 'I',
		.block_used = client->block_used,
		.several = client->several,
		.case_sensitive = client->case_sensitive,
		.case_sensitive_fields = client->case_sensitive_fields,
		.extended = extended,
		.ask = ask_client(client, extended),
	};
	if (!rewrite_statement(client->shared->rewrite, &plan->input,
			       &plan->result, err)) {
		size_t at = plan->result.refused_at;

		tell(client, &plan->result);
		if (at < len)
			*out_position = (int)utf8_count(plan->text, at) + 1;
		return NULL;
	}
	if (!fill(plan, client, err))
		return NULL;
	made = plan;
	plan = NULL;
	return made;
}
