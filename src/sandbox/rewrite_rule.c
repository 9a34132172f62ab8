/* sandbox/rewrite_rule.c - other statements: one small rule each. */
#include <string.h>

#include "sandbox/refusal.h"
#include "sandbox/rewrite_work.h"

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

static bool rule_rollback(struct work *work)
{
	size_t to = patch_find(&work->patch, 1, work->patch.count, "to");

	return to == PATCH_NONE || work_syntax(work, to);
}

/* Levels mean nothing beyond the database's own isolation. */
static bool rule_begin(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t level = patch_find(patch, 1, patch->count, "isolation");
	size_t end = level + 3;

	if (level == PATCH_NONE)
		return true;
	if (!patch_match(patch, level, "isolation level"))
		return work_syntax(work, level + 1);
	if (patch_match(patch, level + 2, "read committed") ||
	    patch_match(patch, level + 2, "read uncommitted") ||
	    patch_match(patch, level + 2, "repeatable read"))
		end++;
	else if (!patch_match(patch, level + 2, "serializable") &&
		 !patch_match(patch, level + 2, "snapshot"))
		return work_syntax(work, level + 2);
	if (token_is_char(patch_at(patch, end), ','))
		end++;
	patch_drop(patch, level, end);
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

static bool rule_cancel(struct work *work)
{
	const struct token *pid = patch_at(&work->patch, 1);

	if (pid->kind != TOKEN_NUMBER)
		return work_syntax(work, 1);
	str_set_slice(&work->out->value, pid->text, pid->len);
	work->out->action = REWRITE_CANCEL;
	work->out->tag = "CANCEL";
	return true;
}

/* VACUUM [FULL | SORT ONLY | ...] [t [TO n PERCENT] [BOOST]] */
static bool rule_vacuum(struct work *work)
{
	static const char *const kinds[] = { "full", "sort only", "delete only",
					     "reindex", "recluster" };
	struct patch *patch = &work->patch;
	size_t at = 1;
	size_t end;

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		at += patch_match(patch, at, kinds[i]);
	patch_drop(patch, 1, at);
	end = work_name_end(work, at);
	at = end;
	if (patch_match(patch, at, "to")) {
		if (!patch_match(patch, at + 2, "percent"))
			return work_syntax(work, at + 2);
		at += 3;
	}
	at += patch_match(patch, at, "boost");
	patch_drop(patch, end, at);
	return at >= patch->count || work_syntax(work, at);
}

static bool rule_analyze(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t last = patch->count > 2 ? patch->count - 2 : patch->count;

	if (patch_match(patch, 1, "compression"))
		return work_later(work, 1, "ANALYZE");
	if (patch_match(patch, last, "predicate columns") ||
	    patch_match(patch, last, "all columns"))
		patch_drop(patch, last, patch->count);
	return true;
}

static bool rule_truncate(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t at = patch_match(patch, 1, "table") ? 2 : 1;
	size_t end = work_name_end(work, at);

	if (end == at || end != patch->count)
		return work_syntax(work, end);
	work->out->commits_first = true;
	return true;
}

/* EXPLAIN [VERBOSE] statement. */
static bool rule_explain(struct work *work)
{
	static const char *const explained[] = { "select", "with",   "insert",
						 "update", "delete", "create",
						 "(" };
	size_t at = patch_match(&work->patch, 1, "verbose") ? 2 : 1;

	for (size_t i = 0; i < COUNT_OF(explained); i++)
		if (patch_match(&work->patch, at, explained[i]) &&
		    !(at == 1 && patch_match(&work->patch, 1, "( analyze")))
			return true;
	return work_syntax(work, at);
}

static bool rule_comment(struct work *work)
{
	static const char *const objects[] = { "on table", "on column",
					       "on constraint", "on database",
					       "on view" };

	for (size_t i = 0; i < COUNT_OF(objects); i++)
		if (patch_match(&work->patch, 1, objects[i]))
			return true;
	return work_syntax(work, 2);
}

/* A late-binding view is kept as an ordinary one; the client is told. */
static bool rule_create_view(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t tail = patch->count > 4 ? patch->count - 4 : 0;

	if (!patch_match(patch, tail, "with no schema binding"))
		return true;
	patch_drop(patch, tail, patch->count);
	str_set(&work->out->notice,
		"the sandbox binds this view to its tables, a cluster does "
		"not");
	work->out->notice_severity = "WARNING";
	return true;
}

/* CREATE MATERIALIZED VIEW mv [BACKUP ..] [keys] [AUTO REFRESH ..] AS query */
static bool rule_create_matview(struct work *work)
{
	struct rewrite_keys keys = REWRITE_KEYS_EMPTY;
	size_t end = work_name_end(work, 3);
	bool fine;

	work_name_literal(work, 3, end, &keys.table);
	fine = rewrite_attributes(work, &keys, end, &end) &&
	       (patch_match(&work->patch, end, "as") || work_syntax(work, end));
	if (fine)
		rewrite_note_keys(work, &keys, false);
	rewrite_keys_done(&keys);
	return fine;
}

/* A clause that PostgreSQL lacks, dropped where it stands. */
static void drop_clause(struct patch *patch, const char *words, size_t values)
{
	for (size_t i = 1; i < patch->count; i++) {
		size_t n = patch_match(patch, i, words);

		if (n > 0)
			patch_drop(patch, i, i + n + values);
	}
}

static bool rule_create_schema(struct work *work)
{
	struct patch *patch = &work->patch;

	for (size_t i = 1; i < patch->count; i++) {
		bool unit = patch_match(patch, i + 2, "mb") ||
			    patch_match(patch, i + 2, "gb") ||
			    patch_match(patch, i + 2, "tb");

		if (patch_match(patch, i, "quota"))
			patch_drop(patch, i, i + (unit ? 3 : 2));
	}
	if (patch_match(patch, 0, "alter schema") &&
	    patch_find(patch, 0, patch->count, "quota") != PATCH_NONE) {
		patch_drop(patch, 0, patch->count);
		work->out->tag = "ALTER SCHEMA";
	}
	return true;
}

static bool rule_create_database(struct work *work)
{
	drop_clause(&work->patch, "collate", 1);
	drop_clause(&work->patch, "isolation level", 1);
	return true;
}

static bool rule_user(struct work *work)
{
	static const struct {
		const char *words;
		const char *to; /* NULL: dropped */
		size_t values;
	} clauses[] = {
		{ "createuser", "SUPERUSER", 0 },
		{ "nocreateuser", "NOSUPERUSER", 0 },
		{ "password disable", "PASSWORD NULL", 0 },
		{ "connection limit unlimited", "CONNECTION LIMIT -1", 0 },
		{ "syslog access", NULL, 1 },
		{ "session timeout", NULL, 1 },
		{ "reset session timeout", NULL, 0 },
		{ "externalid", NULL, 1 },
	};
	struct patch *patch = &work->patch;

	for (size_t i = 3; i < patch->count; i++)
		for (size_t c = 0; c < COUNT_OF(clauses); c++) {
			size_t n = patch_match(patch, i, clauses[c].words);

			if (n == 0)
				continue;
			patch_drop(patch, i, i + n + clauses[c].values);
			if (clauses[c].to != NULL)
				patch_replace(patch, i, "%s", clauses[c].to);
		}
	return true;
}

static bool rule_deallocate(struct work *work)
{
	size_t at = patch_match(&work->patch, 1, "prepare") ? 2 : 1;

	return !patch_match(&work->patch, at, "all") || work_syntax(work, at);
}

/* DELETE t is DELETE FROM t. */
static bool rule_delete(struct work *work)
{
	size_t at = patch_find(&work->patch, 0, work->patch.count, "delete");

	if (at != PATCH_NONE && !patch_match(&work->patch, at + 1, "from"))
		patch_after(&work->patch, at, " FROM");
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

/* Types of parameters and result; a length means nothing there. */
static bool rewrite_signature(struct work *work)
{
	struct patch *patch = &work->patch;

	for (size_t i = 0; i + 3 < patch->count; i++)
		if (patch_match(patch, i, "( max )"))
			patch_drop(patch, i, i + 3);
	return true;
}

/* The body is Redshift SQL too. Its functions are found through the search
 * path set here; forms that need rewriting are rewritten as in a query. */
static bool rewrite_body(struct work *work, size_t at)
{
	const struct token *token = patch_at(&work->patch, at);
	size_t tag = (size_t)((const char *)memchr(token->text + 1, '$',
						   token->len - 1) -
			      token->text) +
		     1;
	struct work body = *work;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool fine;

	patch_init(&body.patch, token->text + tag, token->len - 2 * tag);
	fine = body.patch.balanced
		       ? rewrite_words(&body) && rewrite_calls(&body)
		       : work_syntax(work, at);
	if (fine) {
		const struct token *first = patch_at(&body.patch, 0);

		str_add_slice(&text, token->text, tag);
		str_add_slice(&text, token->text + tag, first->at);
		patch_render(&body.patch, 0, body.patch.count, &text, NULL);
		if (memchr(text.text, ';', text.len) != NULL)
			str_add_char(&text, ';');
		str_add_char(&text, '\n');
		str_add_slice(&text, token->text, tag);
		patch_replace(&work->patch, at, "%s", text.text);
	} else {
		work->out->refused_at = token->at;
	}
	patch_done(&body.patch);
	return fine;
}

static bool rule_routine(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t language = patch_find(patch, 0, patch->count, "language");

	if (language != PATCH_NONE &&
	    !patch_match(patch, language + 1, "sql") &&
	    !patch_match(patch, language + 1, "plpgsql"))
		return work_later(work, language + 1, "language");
	if (patch_find(patch, 0, patch->count, "nonatomic") != PATCH_NONE)
		return work_later(
			work, patch_find(patch, 0, patch->count, "nonatomic"),
			"procedure");
	for (size_t i = 0; i < patch->count; i++)
		if (patch_at(patch, i)->kind == TOKEN_DOLLAR)
			return rewrite_body(work, i) && rewrite_signature(work);
	return work_refuse(work, patch->count, "42601",
			   "the body of a function stands between $$ and $$");
}

static const struct {
	const char *how;
	rewrite_rule *rule;
} rules[] = {
	{ "send", rule_send },
	{ "later", rule_later },
	{ "rollback", rule_rollback },
	{ "begin", rule_begin },
	{ "copy", rule_copy },
	{ "unload", rule_unload },
	{ "cancel", rule_cancel },
	{ "vacuum", rule_vacuum },
	{ "analyze", rule_analyze },
	{ "truncate", rule_truncate },
	{ "explain", rule_explain },
	{ "comment", rule_comment },
	{ "create_view", rule_create_view },
	{ "create_matview", rule_create_matview },
	{ "create_schema", rule_create_schema },
	{ "create_database", rule_create_database },
	{ "user", rule_user },
	{ "deallocate", rule_deallocate },
	{ "delete", rule_delete },
	{ "routine", rule_routine },
	{ "select_into", rule_select_into },
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
