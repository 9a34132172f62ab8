/* sandbox/rewrite/rewrite_user.c - roles, databases, schemas, sessions. */
#include <stdlib.h>
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

/* A record about a role that PostgreSQL has no place for. */
static void note_role(struct work *work, size_t role, const char *key,
		      size_t value)
{
	struct str *after = &work->out->after;
	const struct token *token = patch_at(&work->patch, value);

	str_add(after, "SELECT " REWRITE_SCHEMA ".note_role(");
	work_add_name(work, role, after);
	str_addf(after, ", '%s', ", key);
	if (token->kind == TOKEN_LITERAL) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		quote_literal_read(&text, token->text, token->len,
				   token->escapes);
		quote_literal(after, text.text, false);
	} else {
		work_add_name(work, value, after);
	}
	str_add(after, ");\n");
}

/* ---- roles */

bool rewrite_create_role(struct work *work)
{
	struct str *after = &work->out->after;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(work, 2, &name);
	if (str_starts(name.text, "sys:") || str_starts(name.text, "ds:"))
		return work_refuse(work, 2, "42939",
				   "role name \"%s\" is reserved", name.text);
	str_add(after, "SELECT " REWRITE_SCHEMA ".new_role(");
	quote_literal(after, name.text, false);
	str_add(after, ");\n");
	if (patch_match(&work->patch, 3, "externalid")) {
		note_role(work, 2, "external_id", 4);
		patch_drop(&work->patch, 3, 5);
	}
	return true;
}

bool rewrite_alter_role(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t at = patch_match(patch, 3, "with") ? 4 : 3;

	patch_drop(patch, 3, at);
	if (patch_match(patch, at, "rename"))
		return true;
	note_role(work, 2,
		  patch_match(patch, at, "owner") ? "owner" : "external_id",
		  at + 2);
	work_silent(work, "ALTER ROLE");
	return true;
}

bool rewrite_drop_role(struct work *work)
{
	struct str *after = &work->out->after;

	str_add(after, "SELECT " REWRITE_SCHEMA ".drop_role(");
	work_add_name(work, 2, after);
	str_addf(after, ", %s);\n",
		 patch_match(&work->patch, 3, "force") ? "true" : "false");
	work_silent(work, "DROP ROLE");
	return true;
}

/* ---- databases and schemas */

/* SNAPSHOT sees one state for a whole transaction: REPEATABLE READ there. */
static void add_isolation(struct work *work, size_t database, size_t level)
{
	struct str *after = &work->out->after;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(work, database, &name);
	str_add(after, "ALTER DATABASE ");
	quote_name_always(after, name.text, name.len);
	str_addf(after, " SET default_transaction_isolation TO '%s';\n",
		 patch_match(&work->patch, level, "snapshot")
			 ? "repeatable read"
			 : "serializable");
}

static bool check_collation(struct work *work, size_t at)
{
	const struct patch *patch = &work->patch;

	if (patch_match(patch, at, "case_sensitive") ||
	    patch_match(patch, at, "cs"))
		return true;
	if (patch_match(patch, at, "case_insensitive") ||
	    patch_match(patch, at, "ci"))
		return work_lacks(work, at, "collation CASE_INSENSITIVE");
	return work_syntax(work, at);
}

bool rewrite_create_database(struct work *work)
{
	struct patch *patch = &work->patch;

	if (patch_match(patch, 3, "from") || patch_match(patch, 3, "with from"))
		return work_lacks(work, 3,
				  "databases from integrations, data catalogs "
				  "or datashares");
	if (patch_match(patch, 3, "with permissions"))
		return work_lacks(work, 3, "databases from datashares");
	for (size_t i = 3; i < patch->count; i++) {
		if (patch_match(patch, i, "collate")) {
			if (!check_collation(work, i + 1))
				return false;
			patch_drop(patch, i, i + 2);
		} else if (patch_match(patch, i, "isolation level")) {
			add_isolation(work, 2, i + 2);
			patch_drop(patch, i, i + 3);
		} else if (patch_match(patch, i, "limit unlimited")) {
			patch_replace(patch, i + 1, "-1");
		}
	}
	work->out->separate = true;
	return true;
}

bool rewrite_alter_database(struct work *work)
{
	struct patch *patch = &work->patch;

	if (patch_match(patch, 3, "connection limit unlimited"))
		patch_replace(patch, 5, "-1");
	if (patch_match(patch, 3, "isolation level")) {
		if (work->input->in_block)
			return work_refuse(work, 0, "25001",
					   "ALTER DATABASE ISOLATION LEVEL "
					   "cannot run inside a transaction "
					   "block");
		add_isolation(work, 2, 5);
		work_silent(work, "ALTER DATABASE");
	} else if (patch_match(patch, 3, "collate")) {
		if (!check_collation(work, 4))
			return false;
		/* what every database of the sandbox is */
		work_silent(work, "ALTER DATABASE");
	}
	return true;
}

bool rewrite_drop_database(struct work *work)
{
	if (patch_match(&work->patch, 3, "force"))
		patch_replace(&work->patch, 3, "WITH (FORCE)");
	return true;
}

bool rewrite_create_schema(struct work *work)
{
	struct patch *patch = &work->patch;
	bool altered = patch_match(patch, 0, "alter") > 0;

	for (size_t i = 2; i < patch->count; i++) {
		if (patch_match(patch, i, "quota unlimited")) {
			patch_drop(patch, i, i + 2);
			if (altered)
				work_silent(work, "ALTER SCHEMA");
		} else if (patch_match(patch, i, "quota")) {
			return work_lacks(work, i, "disk quota of schemas");
		} else if (patch_match(patch, i, "create") ||
			   patch_match(patch, i, "grant")) {
			return work_lacks(work, i,
					  "schema elements of CREATE SCHEMA: "
					  "create them afterwards");
		}
	}
	return true;
}

bool rewrite_drop_schema(struct work *work)
{
	struct patch *patch = &work->patch;

	for (size_t i = 2; i < patch->count; i++)
		if (patch_match(patch, i, "drop external database"))
			return work_lacks(work, i, "external databases");
	return true;
}

/* ---- sessions */

/* The connection stays on its database, and there are no other ones to reach
 * from it here. */
bool rewrite_use(struct work *work)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str current = STR_EMPTY;

	work_name(work, 1, &name);
	if (!work_ask(work, "SELECT pg_catalog.current_database()", &current))
		return false;
	if (strcmp(name.text, current.text) != 0)
		return work_lacks(work, 1,
				  "queries of another database: connect to "
				  "\"%s\"",
				  name.text);
	str_add(&work->out->after,
		"RESET search_path;\nSELECT pg_catalog.set_config("
		"'redsh.used', pg_catalog.current_database(), false);\n");
	work_silent(work, "USE");
	return true;
}

bool rewrite_reset_use(struct work *work)
{
	str_add(&work->out->after,
		"RESET search_path;\nSELECT pg_catalog.set_config("
		"'redsh.used', '', false);\n");
	work_silent(work, "RESET");
	return true;
}

bool rewrite_show_use(struct work *work)
{
	patch_drop(&work->patch, 0, work->patch.count);
	patch_replace(&work->patch, 0,
		      "SELECT coalesce(pg_catalog.current_setting("
		      "'redsh.used', true), '') AS \"Use Database\"");
	work->out->tag = "SHOW";
	return true;
}

/* What all three are here: there is no data catalog, everybody sees the names
 * of all objects, and no identity provider. Anything else is refused. */
bool rewrite_alter_system(struct work *work)
{
	const struct patch *patch = &work->patch;

	if (patch_match(patch, 3, "default_identity_namespace"))
		return work_lacks(work, 3, "identity providers");
	if (patch_match(patch, 5, "true") || patch_match(patch, 5, "t") ||
	    patch_match(patch, 5, "on"))
		return work_lacks(work, 3, "%s",
				  patch_match(patch, 3, "metadata_security")
					  ? "metadata security"
					  : "data catalog to mount");
	work_silent(work, "ALTER SYSTEM");
	return true;
}
