/* Catalog relations by the rows of relations.tsv: sent to views that have
 * Redshift's columns, or refused as unknown. */
#include <string.h>

#include "sandbox/rewrite_work.h"

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

static bool take_relation(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct tsv_row *row;
	size_t first;

	work_name(work, at, &name);
	row = tsv_find(work->rules->relations, name.text);
	if (row == NULL)
		return true;
	first = qualifier(work, at);
	if (first == PATCH_NONE || !means_relation(work, at, first))
		return true;
	if (strcmp(row->cells[1], "!") == 0)
		return work_refuse(work, at, "42P01",
				   "relation \"%s\" does not exist",
				   name.text);
	if (first == at)
		patch_before(&work->patch, at, REWRITE_SCHEMA ".");
	else
		patch_replace(&work->patch, first, REWRITE_SCHEMA);
	return true;
}

bool rewrite_relations(struct work *work)
{
	for (size_t i = 0; i < work->patch.count; i++)
		if (is_word(patch_at(&work->patch, i)) &&
		    !take_relation(work, i))
			return false;
	return true;
}
