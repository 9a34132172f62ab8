/* sandbox/rewrite/rewrite_rule.c - other statements: one small rule each. */
#include <string.h>

#include "sandbox/account/refusal.h"
#include "sandbox/rewrite/rewrite_shape.h"
#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

static bool rule_send(struct work *work)
{
	(void)work;
	return true;
}

static bool rule_later(struct work *work)
{
	return work_refuse(work, 0, REFUSAL_LACKS, "the sandbox has no %s",
			   work->out->statement.name) ||
	       err_hint(work->err,
			"A real cluster does; see man "
			"redsh-sandbox for what the sandbox covers.");
}

/* Kinds of objects of which the sandbox can have none: nothing to drop. */
static const struct {
	const char *statement;
	const char *noun;
} never_there[] = {
	{ "DROP MODEL", "model" },
	{ "DROP LIBRARY", "library" },
	{ "DROP TEMPLATE", "template" },
	{ "DROP EXTERNAL VIEW", "external view" },
	{ "DROP IDENTITY PROVIDER", "identity provider" },
	{ "DESC IDENTITY PROVIDER", "identity provider" },
};

/* SHOW MODEL ALL lists them, SHOW MODEL m and SHOW TEMPLATE t want one. */
static bool rule_show_model(struct work *work)
{
	struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (patch_match(patch, 1, "model all") && patch->count == 3) {
		patch_drop(patch, 0, patch->count);
		patch_replace(patch, 0,
			      "SELECT ''::text AS \"Schema Name\", ''::text AS "
			      "\"Model Name\" WHERE false");
		work->out->tag = "SHOW";
		return true;
	}
	work_name(work, patch->count - 1, &name);
	return work_refuse(work, 2, "42704", "%s \"%s\" does not exist",
			   patch_match(patch, 1, "model") ? "model"
							  : "template",
			   name.text);
}

static bool rule_never_there(struct work *work)
{
	struct patch *patch = &work->patch;
	const char *statement = work->out->statement.name;
	size_t at = 2;

	for (size_t i = 2; i < patch->count; i++)
		if (patch_match(patch, i, "if exists")) {
			work_silent(work, statement);
			return true;
		}
	while (patch_match(patch, at, "provider") ||
	       patch_match(patch, at, "view"))
		at++;
	for (size_t i = 0; i < COUNT_OF(never_there); i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;

		if (strcmp(never_there[i].statement, statement) != 0)
			continue;
		work_name(work, work_name_end(work, at) - 1, &name);
		return work_refuse(work, at, "42704",
				   "%s \"%s\" does not exist",
				   never_there[i].noun, name.text);
	}
	return work_syntax(work, 0);
}

/* Levels mean nothing beyond the database's own isolation. */
static bool rule_begin(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t level = patch_find(patch, 1, patch->count, "isolation");
	size_t end = level + 3;
	bool session = patch_match(patch, 0, "set") > 0;

	if (level == PATCH_NONE)
		return true;
	if (!patch_match(patch, level + 2, "serializable") &&
	    !patch_match(patch, level + 2, "snapshot"))
		end++;
	if (token_is_char(patch_at(patch, end), ','))
		end++;
	patch_drop(patch, level, end);
	if (session && end == patch->count)
		work_silent(work, "SET");
	return true;
}

static bool rule_copy(struct work *work)
{
	const struct patch *patch = &work->patch;
	size_t from = patch_find(patch, 1, patch->count, "from");
	size_t to = patch_find(patch, 1, patch->count, "to");

	if (from == PATCH_NONE && to != PATCH_NONE)
		return work_syntax(work, to);
	if (from != PATCH_NONE && patch_match(patch, from + 1, "stdin")) {
		work_refuse(work, from + 1, "0A000",
			    "LOAD source is not supported. (Hint: only S3 or "
			    "DynamoDB or EMR based load is allowed)");
		return false;
	}
	work->out->action = REWRITE_COPY;
	return true;
}

static bool rule_unload(struct work *work)
{
	work->out->action = REWRITE_UNLOAD;
	return true;
}

/* The message is shown to who cancels [r_CANCEL]. */
static bool rule_cancel(struct work *work)
{
	const struct token *pid = patch_at(&work->patch, 1);
	const struct token *message = patch_at(&work->patch, 2);

	str_set_slice(&work->out->value, pid->text, pid->len);
	work->out->action = REWRITE_CANCEL;
	work->out->tag = "CANCEL";
	if (message->kind == TOKEN_LITERAL) {
		quote_literal_read(&work->out->notice, message->text,
				   message->len, message->escapes);
		work->out->notice_severity = "INFO";
	}
	return true;
}

/* Outside of a block there is nobody to lock against: a block of its own. */
static bool rule_lock(struct work *work)
{
	if (!work->input->in_block)
		str_add(&work->out->after, "SELECT 1;\n");
	return true;
}

/* ALL is a reserved word, no name of a statement. */
static bool rule_deallocate(struct work *work)
{
	size_t last = work->patch.count - 1;

	return !patch_match(&work->patch, last, "all") ||
	       work_syntax(work, last);
}

static bool rule_signature(struct work *work)
{
	return rewrite_signature(work, 2, work->patch.count);
}

static bool rule_truncate(struct work *work)
{
	work->out->commits_first = true;
	return true;
}

/* DELETE t is DELETE FROM t. */
static bool rule_delete(struct work *work)
{
	size_t at = patch_find(&work->patch, 0, work->patch.count, "delete");

	if (at != PATCH_NONE &&
	    (at == 0 || !patch_match(&work->patch, at - 1, "then")) &&
	    !patch_match(&work->patch, at + 1, "from"))
		patch_after(&work->patch, at, " FROM");
	return true;
}

/* EXPLAIN statement: SELECT, SELECT INTO, CREATE TABLE AS, INSERT,
 * UPDATE, DELETE [r_EXPLAIN]. */
static bool rule_explain(struct work *work)
{
	static const char *const explained[] = { "select", "with", "insert",
						 "update", "delete" };
	const struct patch *patch = &work->patch;
	size_t at = 1;

	if (patch_match(patch, at, "verbose"))
		return work_lacks(work, at,
				  "EXPLAIN VERBOSE: the tree that it "
				  "prints is not documented");
	for (size_t i = 0; i < COUNT_OF(explained); i++)
		if (patch_match(patch, at, explained[i]))
			return rule_delete(work);
	if (shape_is_subquery(patch, at))
		return true;
	if (patch_match(patch, at, "create") &&
	    patch_find(patch, at, patch->count, "table") != PATCH_NONE &&
	    patch_find(patch, at, patch->count, "as") != PATCH_NONE)
		return rewrite_explained_table(work, at);
	return work_syntax(work, at);
}

/* COMMENT ON CONSTRAINT con ON t IS 'text': PostgreSQL has no such key. */
static bool rule_comment(struct work *work)
{
	const struct patch *patch = &work->patch;
	struct str *after = &work->out->after;
	size_t end;

	if (!patch_match(patch, 1, "on constraint"))
		return true;
	end = work_name_end(work, 5);
	str_add(after, "SELECT " REWRITE_SCHEMA ".comment_on_constraint(");
	work_add_name(work, 3, after);
	str_add(after, ", ");
	work_name_literal(work, 5, end, after);
	str_add(after, ", ");
	patch_render(patch, end + 1, patch->count, after, NULL);
	str_add(after, ");\n");
	work_silent(work, "COMMENT");
	return true;
}

/* SELECT ... INTO #t makes a temporary table. */
static bool rule_select_into(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t into = patch_find(patch, 0, patch->count, "into");

	if (into != PATCH_NONE && patch_at(patch, into + 1)->kind == TOKEN_TEMP)
		patch_after(patch, into, " TEMP");
	return true;
}

static const struct {
	const char *how;
	rewrite_rule *rule;
} rules[] = {
	{ "send", rule_send },
	{ "later", rule_later },
	{ "never_there", rule_never_there },
	{ "begin", rule_begin },
	{ "copy", rule_copy },
	{ "unload", rule_unload },
	{ "cancel", rule_cancel },
	{ "vacuum", rewrite_vacuum },
	{ "analyze", rewrite_analyze },
	{ "truncate", rule_truncate },
	{ "explain", rule_explain },
	{ "comment", rule_comment },
	{ "delete", rule_delete },
	{ "select_into", rule_select_into },
	{ "lock", rule_lock },
	{ "deallocate", rule_deallocate },
	{ "signature", rule_signature },
	{ "analyze_compression", rewrite_analyze_compression },
	{ "session_authorization", rule_send },
	{ "use", rewrite_use },
	{ "reset_use", rewrite_reset_use },
	{ "show_use", rewrite_show_use },
	{ "show_model", rule_show_model },
	{ "alter_system", rewrite_alter_system },
	{ "user", rewrite_user },
	{ "drop_user", rewrite_drop_user },
	{ "create_role", rewrite_create_role },
	{ "alter_role", rewrite_alter_role },
	{ "drop_role", rewrite_drop_role },
	{ "grant", rewrite_grant },
	{ "default_privileges", rewrite_default_privileges },
	{ "create_database", rewrite_create_database },
	{ "alter_database", rewrite_alter_database },
	{ "drop_database", rewrite_drop_database },
	{ "create_schema", rewrite_create_schema },
	{ "alter_schema", rewrite_create_schema },
	{ "drop_schema", rewrite_drop_schema },
	{ "create_view", rewrite_create_view },
	{ "create_matview", rewrite_create_matview },
	{ "alter_matview", rewrite_alter_matview },
	{ "refresh_matview", rewrite_refresh_matview },
	{ "function", rewrite_function },
	{ "procedure", rewrite_procedure },
	{ "call", rewrite_call_procedure },
	{ "merge", rewrite_merge },
	{ "append", rewrite_append },
	{ "external_schema", rewrite_external_schema },
	{ "alter_external_schema", rewrite_alter_external_schema },
	{ "external_table", rewrite_external_table },
	{ "drop_table", rewrite_drop_table },
	{ "create_rls", rewrite_create_rls },
	{ "alter_rls", rewrite_alter_rls },
	{ "drop_rls", rewrite_drop_rls },
	{ "attach_rls", rewrite_attach_rls },
	{ "detach_rls", rewrite_attach_rls },
	{ "create_table", rewrite_create_table },
	{ "alter_table", rewrite_alter_table },
	{ "set", rewrite_set },
	{ "reset", rewrite_reset },
	{ "show", rewrite_show },
};

rewrite_rule *rewrite_rule_named(const char *how)
{
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (strcmp(rules[i].how, how) == 0)
			return rules[i].rule;
	return NULL;
}
