/* What stands in FROM: catalog relations by the rows of relations.tsv are sent
 * to views that have Redshift's columns, or refused as unknown; subqueries
 * get the alias that PostgreSQL 15 wants and Redshift does not. */
#include <string.h>

#include "sandbox/rewrite/rewrite_work.h"

static bool is_word(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME;
}

/* Index of a "pg_catalog" that qualifies the name at; at: it stands alone;
 * PATCH_NONE: something else qualifies it. */
static size_t qualifier(const struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (at == 0 || !token_is_char(patch_at(&work->patch, at - 1), '.'))
		return at;
	if (at < 2)
		return PATCH_NONE;
	work_name(work, at - 2, &name);
	if (strcmp(name.text, "pg_catalog") != 0 ||
	    (at > 2 && token_is_char(patch_at(&work->patch, at - 3), '.')))
		return PATCH_NONE;
	return at - 2;
}

/* An alias or a call of that name is none of ours. */
static bool means_relation(const struct work *work, size_t at, size_t first)
{
	const struct patch *patch = &work->patch;

	return !token_is_char(patch_at(patch, at + 1), '(') &&
	       !(first > 0 && patch_match(patch, first - 1, "as"));
}

/* The schemas of our own are no client's business. */
static bool hide_schema(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (!token_is_char(patch_at(&work->patch, at + 1), '.') ||
	    patch_at(&work->patch, at)->len < strlen(REWRITE_SCHEMA))
		return true;
	work_name(work, at, &name);
	if (!str_starts(name.text, REWRITE_SCHEMA))
		return true;
	return work_refuse(work, at, "3F000", "schema \"%s\" does not exist",
			   name.text);
}

/* STL, STV and SVL, and their like, have no rows on a serverless one. */
static bool is_provisioned(const char *name)
{
	static const char *const prefixes[] = { "stl_", "stv_", "svl_",
						"svcs_" };
	static const char *const names[] = { "svv_diskusage",
					     "svv_query_inflight",
					     "svv_query_state",
					     "svv_vacuum_progress" };

	for (size_t i = 0; i < COUNT_OF(prefixes); i++)
		if (str_starts(name, prefixes[i]))
			return true;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Is the name whose first token is at first a table of FROM? A list of tables
 * and one of columns are not told apart behind a comma. */
static bool stands_in_from(const struct patch *patch, size_t first)
{
	return first > 0 && (patch_match(patch, first - 1, "from") ||
			     patch_match(patch, first - 1, "join") ||
			     patch_match(patch, first - 1, ","));
}

/* Users of serverless report the words. */
static bool refuse_provisioned(struct work *work, size_t at, const char *name)
{
	size_t first;

	if (!work->rules->character.no_provisioned || !is_provisioned(name))
		return true;
	first = qualifier(work, at);
	if (first == PATCH_NONE || !means_relation(work, at, first) ||
	    !stands_in_from(&work->patch, first))
		return true;
	return work_refuse(work, at, "42501",
			   "permission denied for relation %s", name);
}

static bool take_relation(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct tsv_row *row;
	size_t first;

	work_name(work, at, &name);
	if (!refuse_provisioned(work, at, name.text))
		return false;
	row = tsv_find(work->rules->relations, name.text);
	if (row == NULL)
		return true;
	first = qualifier(work, at);
	if (first == PATCH_NONE || !means_relation(work, at, first))
		return true;
	if (strcmp(row->cells[1], "!") == 0)
		return work_refuse(work, at, "42P01",
				   "relation \"%s\" does not exist", name.text);
	if (strcmp(row->cells[1], "later") == 0)
		return !stands_in_from(&work->patch, first) ||
		       work_later(work, at, "system view");
	if (first == at)
		patch_before(&work->patch, at, REWRITE_SCHEMA ".");
	else
		patch_replace(&work->patch, first, REWRITE_SCHEMA);
	return true;
}

/* FROM of a query, not of extract(year FROM x) and its kin. */
static bool begins_tables(const struct patch *patch, size_t at)
{
	static const char *const calls[] = { "extract", "trim", "substring",
					     "position", "overlay" };
	int depth = patch->items[at].depth;

	if (patch_match(patch, at, "join"))
		return true;
	if (!patch_match(patch, at, "from"))
		return false;
	for (size_t i = at; i-- > 0;) {
		if (patch->items[i].depth >= depth)
			continue;
		for (size_t c = 0; i > 0 && c < COUNT_OF(calls); c++)
			if (patch_match(patch, i - 1, calls[c]))
				return false;
		break;
	}
	return true;
}

/* Can the token behind a subquery not be its alias? */
static bool ends_item(const struct patch *patch, size_t at)
{
	static const char *const words[] = {
		"where",     "group",  "order",   "having", "limit",
		"offset",    "join",   "left",    "right",  "full",
		"inner",     "cross",  "on",      "union",  "minus",
		"intersect", "except", "natural", "using",  "window",
	};
	const struct token *token = patch_at(patch, at);

	if (token->kind != TOKEN_WORD)
		return token->kind != TOKEN_NAME;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (token_is(token, words[i]))
			return true;
	return false;
}

static void add_aliases(struct patch *patch)
{
	for (size_t i = 1; i < patch->count; i++) {
		CLEANUP(str_done) struct str alias = STR_EMPTY;
		size_t close = patch->items[i].pair;

		if (!token_is_char(patch_at(patch, i), '(') || close < i ||
		    !(patch_match(patch, i + 1, "select") ||
		      patch_match(patch, i + 1, "with")) ||
		    !begins_tables(patch, i - 1) ||
		    !ends_item(patch, close + 1))
			continue;
		str_addf(&alias, " derived_table%zu", i);
		patch_after(patch, close, alias.text);
	}
}

bool rewrite_relations(struct work *work)
{
	add_aliases(&work->patch);
	for (size_t i = 0; i < work->patch.count; i++)
		if (is_word(patch_at(&work->patch, i)) &&
		    (!hide_schema(work, i) || !take_relation(work, i)))
			return false;
	rewrite_stars(work);
	return true;
}
