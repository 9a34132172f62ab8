/* sandbox/rewrite/rewrite_grant.c - GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.
 *
 * PostgreSQL knows one kind of name where Redshift has users, groups and
 * roles: the word ROLE goes. Privileges that it has no notion of are refused
 * by name. */
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"

/* Objects of Redshift that the sandbox has none of. */
static const struct {
	const char *words;
	const char *what;
} absent[] = {
	{ "on copy job", "COPY jobs" },
	{ "on template", "templates" },
	{ "on datashare", "datashares" },
	{ "on external", "permissions of Lake Formation" },
	{ "on model", "models" },
	{ "create model", "models" },
	{ "assumerole", "ASSUMEROLE: every user may use the attached roles" },
	{ "to rls policy", "GRANT to a row-level security policy" },
	{ "explain rls", "privilege EXPLAIN RLS" },
	{ "explain masking", "privilege EXPLAIN MASKING" },
	{ "ignore rls", "privilege IGNORE RLS" },
};

/* What is left is PostgreSQL's too, in Redshift's clauses only [r_GRANT]. */
#define PRIVILEGE                                                              \
	"SELECT | INSERT | UPDATE | DELETE | DROP | REFERENCES | ALTER | "     \
	"TRUNCATE | CREATE | USAGE | TEMPORARY | TEMP | EXECUTE"
#define OBJECT                                                                 \
	"ON {[TABLE] name,... | ALL TABLES IN SCHEMA id,... | DATABASE "       \
	"id,... | SCHEMA id,... | {FUNCTION | PROCEDURE} {name group},... | "  \
	"ALL {FUNCTIONS | PROCEDURES} IN SCHEMA id,... | LANGUAGE id,...}"
static const char object_synopsis[] =
	"{GRANT | REVOKE [GRANT OPTION FOR]} {{" PRIVILEGE
	"} [group]},... " OBJECT
	" {TO | FROM} {id [WITH GRANT OPTION] | ROLE id | GROUP id | "
	"PUBLIC},... [RESTRICT] | {GRANT | REVOKE [GRANT OPTION FOR]} ALL "
	"[PRIVILEGES] [group] " OBJECT
	" {TO | FROM} {id [WITH GRANT OPTION] | ROLE id | GROUP id | "
	"PUBLIC},... [RESTRICT]";
static const char role_synopsis[] =
	"{GRANT | REVOKE [ADMIN OPTION FOR]} ROLE id,... {TO | FROM} {id "
	"[WITH ADMIN OPTION] | ROLE id},...";

static bool refuse_absent(struct work *work)
{
	const struct patch *patch = &work->patch;

	for (size_t i = 1; i < patch->count; i++)
		for (size_t a = 0; a < COUNT_OF(absent); a++)
			if (patch_match(patch, i, absent[a].words))
				return work_lacks(work, i, "%s",
						  absent[a].what);
	return true;
}

/* ALTER and DROP are their owner's alone here; and USAGE of a database. */
static bool check_privileges(struct work *work, size_t from, size_t on)
{
	const struct patch *patch = &work->patch;
	bool database = patch_match(patch, on, "on database") > 0;

	for (size_t i = from; i < on; i++) {
		const struct token *token = patch_at(patch, i);

		if (patch_match(patch, i, "drop") ||
		    patch_match(patch, i, "alter") ||
		    (database && patch_match(patch, i, "usage")))
			return work_lacks(work, i, "privilege %.*s %s",
					  (int)token->len, token->text,
					  database ? "on databases"
						   : "beside ownership");
	}
	return true;
}

/* Grantees from at on: ROLE r is r. WITH GRANT OPTION holds for all in
 * PostgreSQL, for the one before it in Redshift. */
static bool take_grantees(struct work *work, size_t at)
{
	struct patch *patch = &work->patch;
	size_t count = 1;

	for (size_t i = at; i < patch->count; i++) {
		bool option = patch_match(patch, i, "with grant option") ||
			      patch_match(patch, i, "with admin option");

		if (token_is_char(patch_at(patch, i), ','))
			count++;
		if (patch_match(patch, i, "role") &&
		    (i == at || token_is_char(patch_at(patch, i - 1), ',')))
			patch_drop(patch, i, i + 1);
		if (option && (count > 1 || i + 3 < patch->count))
			return work_lacks(
				work, i,
				"WITH GRANT OPTION for one of several "
				"names: grant them apart");
	}
	return true;
}

/* GRANT priv FOR TABLES IN SCHEMA s: for what comes later as well. */
static bool is_scoped(const struct patch *patch, size_t from, size_t to)
{
	size_t at = patch_find(patch, from, to, "for");

	return at != PATCH_NONE && at > from &&
	       !patch_match(patch, at - 1, "option") &&
	       patch_find(patch, at, to, "in") != PATCH_NONE;
}

/* The first of the privileges, in capitals. */
static bool grant_system(struct work *work, size_t from, size_t to)
{
	const struct patch *patch = &work->patch;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	for (size_t i = from; i < to && !token_is_char(patch_at(patch, i), ',');
	     i++) {
		const struct token *token = patch_at(patch, i);

		if (i > from)
			str_add_char(&name, ' ');
		for (size_t c = 0; c < token->len; c++)
			str_add_char(&name, (char)(token->text[c] & ~0x20));
	}
	return work_lacks(work, from, "system privilege %s", name.text);
}

static bool take_role(struct work *work, size_t from, size_t to)
{
	struct patch *patch = &work->patch;

	if (!rewrite_synopsis(work, role_synopsis))
		return false;
	patch_drop(patch, from, from + 1);
	return take_grantees(work, to + 1);
}

bool rewrite_grant(struct work *work)
{
	struct patch *patch = &work->patch;
	bool revoke = patch_match(patch, 0, "revoke") > 0;
	size_t to = patch_find(patch, 1, patch->count, revoke ? "from" : "to");
	size_t from = 1;
	size_t on;

	if (patch_match(patch, 1, "grant option for") ||
	    patch_match(patch, 1, "admin option for"))
		from = 4;
	if (to == PATCH_NONE)
		return work_syntax(work, patch->count);
	if (!refuse_absent(work))
		return false;
	work->out->tag = revoke ? "REVOKE" : "GRANT";
	if (patch_match(patch, from, "role"))
		return take_role(work, from, to);
	if (is_scoped(patch, from, to))
		return work_lacks(work, from, "scoped permissions");
	on = patch_find(patch, from, to, "on");
	if (on == PATCH_NONE)
		return grant_system(work, from, to);
	if (!rewrite_synopsis(work, object_synopsis) ||
	    !check_privileges(work, from, on))
		return false;
	rewrite_signature(work, on, to);
	return take_grantees(work, to + 1);
}

bool rewrite_default_privileges(struct work *work)
{
	struct patch *patch = &work->patch;
	size_t verb = patch_find(patch, 3, patch->count, "grant");
	bool revoke = verb == PATCH_NONE;
	size_t to = patch_find(patch, 3, patch->count, revoke ? "from" : "to");
	size_t on = patch_find(patch, 3, patch->count, "on");

	if (revoke)
		verb = patch_find(patch, 3, patch->count, "revoke");
	if (verb == PATCH_NONE || on == PATCH_NONE || to == PATCH_NONE)
		return work_syntax(work, patch->count);
	if (patch_match(patch, on + 1, "procedures"))
		return work_lacks(work, on + 1,
				  "default privileges of procedures apart from "
				  "functions");
	return check_privileges(work, verb + 1, on) &&
	       take_grantees(work, to + 1);
}
