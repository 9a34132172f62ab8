/* sandbox/rewrite_user.c - users, roles, databases, schemas, sessions. */
#include <stdlib.h>
#include <string.h>

#include "sandbox/rewrite_work.h"
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

/* ---- users */

struct user {
	struct work *work;
	size_t name;
};

typedef bool user_rule(struct user *user, size_t at, size_t words);

static bool user_syslog(struct user *user, size_t at, size_t words)
{
	note_role(user->work, user->name, "syslog", at + words);
	return true;
}

static bool user_external(struct user *user, size_t at, size_t words)
{
	note_role(user->work, user->name, "external_id", at + words);
	return true;
}

/* Seconds; PostgreSQL ends idle sessions by itself [r_CREATE_USER]. */
static bool user_timeout(struct user *user, size_t at, size_t words)
{
	struct work *work = user->work;
	const struct token *token = patch_at(&work->patch, at + words);
	long seconds = strtol(token->text, NULL, 10);
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (seconds < 60 || seconds > 1728000)
		return work_refuse(work, at + words, "22023",
				   "Invalid session timeout %ld: must be "
				   "between 60 and 1728000 seconds",
				   seconds);
	work_name(work, user->name, &name);
	str_add(&work->out->after, "ALTER ROLE ");
	quote_name_always(&work->out->after, name.text, name.len);
	str_addf(&work->out->after, " SET idle_session_timeout = '%lds';\n",
		 seconds);
	return true;
}

static bool user_no_timeout(struct user *user, size_t at, size_t words)
{
	struct work *work = user->work;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	(void)at;
	(void)words;
	work_name(work, user->name, &name);
	str_add(&work->out->after, "ALTER ROLE ");
	quote_name_always(&work->out->after, name.text, name.len);
	str_add(&work->out->after, " RESET idle_session_timeout;\n");
	return true;
}

static const struct {
	const char *words;
	const char *to; /* PostgreSQL's words; NULL: none */
	user_rule *rule;
	size_t values;
} user_clauses[] = {
	{ "createuser", "SUPERUSER", NULL, 0 },
	{ "nocreateuser", "NOSUPERUSER", NULL, 0 },
	{ "password disable", "PASSWORD NULL", NULL, 0 },
	{ "connection limit unlimited", "CONNECTION LIMIT -1", NULL, 0 },
	{ "syslog access", NULL, user_syslog, 1 },
	{ "reset session timeout", NULL, user_no_timeout, 0 },
	{ "session timeout", NULL, user_timeout, 1 },
	{ "externalid", NULL, user_external, 1 },
};

/* The name of a setting as PostgreSQL keeps it: settings.tsv. */
static bool rename_setting(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct tsv_row *row;

	work_name(work, at, &name);
	row = tsv_find(work->rules->settings, name.text);
	if (row == NULL)
		return work_refuse(work, at, "42704",
				   "unrecognized configuration parameter "
				   "\"%s\"",
				   name.text);
	if (strcmp(row->cells[1], "keep") == 0)
		patch_before(&work->patch, at, "redsh.");
	else if (strcmp(row->cells[1], "send") != 0)
		return work_refuse(work, at, "42501",
				   "parameter \"%s\" cannot be changed",
				   name.text);
	return true;
}

/* SET and RESET of a user stand alone in PostgreSQL. */
static bool user_setting(struct work *work, size_t at)
{
	struct patch *patch = &work->patch;
	bool reset = patch_match(patch, at, "reset") > 0;

	if (patch_match(patch, at - 1, "with"))
		patch_drop(patch, at - 1, at);
	if (at != 3 && !(at == 4 && patch_match(patch, 3, "with")))
		return work_lacks(work, at,
				  "SET beside other options of ALTER USER");
	if (reset && patch->count > at + 2)
		return work_lacks(work, at + 2,
				  "RESET beside other options of ALTER USER");
	if (!reset && patch->count > at + 4)
		return work_lacks(work, at + 4,
				  "SET beside other options of ALTER USER");
	return rename_setting(work, at + 1);
}

static bool is_setting(const struct patch *patch, size_t at)
{
	return patch_match(patch, at, "set") ||
	       (patch_match(patch, at, "reset") &&
		!patch_match(patch, at, "reset session timeout"));
}

/* Nothing but the name is left: PostgreSQL wants no statement then. */
static bool is_bare(const struct patch *patch)
{
	for (size_t i = 3; i < patch->count; i++)
		if (patch->items[i].text == NULL ||
		    patch->items[i].text[0] != '\0')
			return false;
	return true;
}

bool rewrite_user(struct work *work)
{
	struct patch *patch = &work->patch;
	struct user user = { .work = work, .name = 2 };

	for (size_t i = 3; i < patch->count; i++) {
		if (is_setting(patch, i))
			return user_setting(work, i);
		if (token_is_char(patch_at(patch, i), ','))
			patch_drop(patch, i, i + 1);
		for (size_t c = 0; c < COUNT_OF(user_clauses); c++) {
			size_t n = patch_match(patch, i, user_clauses[c].words);

			if (n == 0)
				continue;
			if (user_clauses[c].rule != NULL &&
			    !user_clauses[c].rule(&user, i, n))
				return false;
			patch_drop(patch, i, i + n + user_clauses[c].values);
			if (user_clauses[c].to != NULL)
				patch_replace(patch, i, "%s",
					      user_clauses[c].to);
			i += n + user_clauses[c].values - 1;
			break;
		}
		/* the names behind IN GROUP keep their commas */
		if (patch_match(patch, i, "in group")) {
			i += 2;
			while (token_is_char(patch_at(patch, i + 1), ','))
				i += 2;
		}
	}
	if (is_bare(patch) && patch_match(patch, 0, "alter"))
		work_silent(work, "ALTER USER");
	return true;
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
	str_add(&work->out->after, "RESET search_path;\n");
	work_silent(work, "USE");
	return true;
}
