/* sandbox/rewrite/rewrite_policy.c - row-level security.
 *
 * A policy is kept by name (objects.sql: rls_policy) and becomes one of
 * PostgreSQL's for each table and name it is attached to. */
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

/* The name of a policy: its last part, as db.p means the session's own. */
static void add_policy(struct work *work, size_t at, struct str *out)
{
	work_add_name(work, work_name_end(work, at) - 1, out);
}

/* The expression between the parentheses at open. */
static void add_expression(struct work *work, size_t open, struct str *out)
{
	const struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	patch_render(patch, open + 1, patch->items[open].pair, &text, NULL);
	quote_literal(out, text.text, false);
}

/* WITH (col type, ...): names and types the expression may use. */
static bool add_columns(struct work *work, size_t open, struct str *out)
{
	struct patch *patch = &work->patch;
	size_t at = open + 1;
	size_t close = patch->items[open].pair;
	CLEANUP(str_done) struct str names = STR_EMPTY;
	CLEANUP(str_done) struct str types = STR_EMPTY;

	while (at < close) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str type = STR_EMPTY;

		work_name(work, at, &name);
		if (name.len == 0)
			return work_syntax(work, at);
		if (!rewrite_type(work, at + 1, name.text, &at, &type))
			return false;
		rewrite_add_member(&names, name.text);
		rewrite_add_member(&types, type.text);
		if (at < close && !token_is_char(patch_at(patch, at), ','))
			return work_syntax(work, at);
		at++;
	}
	str_addf(out, ", ARRAY[%s]::text[], ARRAY[%s]::text[]", names.text,
		 types.text);
	return true;
}

bool rewrite_create_rls(struct work *work)
{
	struct patch *patch = &work->patch;
	struct str *after = &work->out->after;
	size_t at = work_name_end(work, 3);
	size_t using = patch_find(patch, at, patch->count, "using");
	size_t alias = PATCH_NONE;

	str_add(after, "SELECT " REWRITE_SCHEMA ".new_rls_policy(");
	add_policy(work, 3, after);
	str_add(after, ", ");
	add_expression(work, using + 1, after);
	if (patch_match(patch, at, "with")) {
		size_t behind = patch->items[at + 1].pair + 1;

		if (!add_columns(work, at + 1, after))
			return false;
		if (behind < using)
			alias = using - 1;
	} else {
		str_add(after, ", '{}', '{}'");
	}
	str_add(after, ", ");
	if (alias != PATCH_NONE)
		work_add_name(work, alias, after);
	else
		str_add(after, "NULL");
	str_add(after, ");\n");
	work_silent(work, "CREATE RLS POLICY");
	return true;
}

bool rewrite_alter_rls(struct work *work)
{
	struct str *after = &work->out->after;
	size_t at = work_name_end(work, 3);

	str_add(after, "SELECT " REWRITE_SCHEMA ".alter_rls_policy(");
	add_policy(work, 3, after);
	str_add(after, ", ");
	add_expression(work, at + 1, after);
	str_add(after, ");\n");
	work_silent(work, "ALTER RLS POLICY");
	return true;
}

bool rewrite_drop_rls(struct work *work)
{
	const struct patch *patch = &work->patch;
	struct str *after = &work->out->after;
	bool exists = patch_match(patch, 3, "if exists") > 0;
	size_t at = exists ? 5 : 3;
	bool cascade = patch_match(patch, patch->count - 1, "cascade") > 0;

	str_add(after, "SELECT " REWRITE_SCHEMA ".drop_rls_policy(");
	add_policy(work, at, after);
	str_addf(after, ", %s, %s);\n", exists ? "true" : "false",
		 cascade ? "true" : "false");
	work_silent(work, "DROP RLS POLICY");
	return true;
}

/* One call for each table and each name. */
static void each_attachment(struct work *work, const char *call, size_t tables,
			    size_t to)
{
	const struct patch *patch = &work->patch;
	struct str *after = &work->out->after;

	for (size_t t = tables; t < to; t++) {
		size_t end = work_name_end(work, t);

		for (size_t g = to + 1; g < patch->count; g++) {
			if (patch_match(patch, g, "role") ||
			    token_is_char(patch_at(patch, g), ','))
				continue;
			str_addf(after, "SELECT " REWRITE_SCHEMA ".%s(", call);
			add_policy(work, 3, after);
			str_add(after, ", ");
			work_name_literal(work, t, end, after);
			str_add(after, ", ");
			work_add_name(work, g, after);
			str_add(after, ");\n");
		}
		t = end;
	}
}

bool rewrite_attach_rls(struct work *work)
{
	struct patch *patch = &work->patch;
	bool attach = patch_match(patch, 0, "attach") > 0;
	size_t at = work_name_end(work, 3) + 1;

	if (patch_match(patch, at, "table"))
		at++;
	each_attachment(
		work, attach ? "attach_rls" : "detach_rls", at,
		patch_find(patch, at, patch->count, attach ? "to" : "from"));
	work_silent(work, attach ? "ATTACH RLS POLICY" : "DETACH RLS POLICY");
	return true;
}

/* ALTER TABLE t ROW LEVEL SECURITY {ON | OFF} [CONJUNCTION TYPE {AND | OR}]
 * at: behind the name. */
bool rewrite_row_security(struct work *work, const char *table, size_t at)
{
	const struct patch *patch = &work->patch;
	bool on = patch_match(patch, at + 3, "on") > 0;
	const char *conjunction = "NULL";
	size_t end = at + 4;

	if (!on && !patch_match(patch, at + 3, "off"))
		return work_syntax(work, at + 3);
	if (patch_match(patch, end, "for datashares"))
		return work_lacks(work, end, "datashares");
	if (patch_match(patch, end, "conjunction type")) {
		if (patch_match(patch, end + 2, "and"))
			conjunction = "'AND'";
		else if (patch_match(patch, end + 2, "or"))
			conjunction = "'OR'";
		else
			return work_syntax(work, end + 2);
		end += 3;
	}
	if (patch_match(patch, end, "for datashares"))
		return work_lacks(work, end, "datashares");
	if (end < patch->count)
		return work_syntax(work, end);
	str_addf(&work->out->after,
		 "SELECT " REWRITE_SCHEMA ".row_security(%s, %s, %s);\n", table,
		 on ? "true" : "false", conjunction);
	work_silent(work, "ALTER TABLE");
	return true;
}
