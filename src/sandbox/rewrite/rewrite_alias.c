/* sandbox/rewrite/rewrite_alias.c - names of a select list used in it and in
 * WHERE, GROUP BY ALL.
 *
 * Redshift lets an item of a select list use the alias of an item before it;
 * a column of FROM with that name goes first [r_SELECT_list]. WHERE can use
 * every alias of its list: SQLAlchemy's dialect relies on it. */
#include <string.h>

#include "sandbox/rewrite/rewrite_query.h"

#define ITEMS_MAX 1664 /* of one select list */

/* Calls whose first argument is a part of a date, not a column. */
static bool is_date_part(const struct patch *patch, size_t at)
{
	static const char *const calls[] = { "dateadd",   "datediff",
					     "date_part", "datepart",
					     "extract",   "date_add",
					     "date_diff", "date_part_year" };

	if (at < 2 || !token_is_char(patch_at(patch, at - 1), '('))
		return false;
	for (size_t i = 0; i < COUNT_OF(calls); i++)
		if (patch_match(patch, at - 2, calls[i]))
			return true;
	return false;
}

/* Can the name at mean a column without a table? Not NULL or AND, though an
 * alias may be called so; not the DAY of INTERVAL '1' DAY. */
static bool is_bare_column(const struct work *work, size_t at)
{
	const struct patch *patch = &work->patch;
	const struct token *token = patch_at(patch, at);
	const struct token *next = patch_at(patch, at + 1);

	if (token->kind != TOKEN_WORD && token->kind != TOKEN_NAME)
		return false;
	if (work_is_reserved(work, at) || patch_match(patch, at, "time zone"))
		return false;
	if (token_is_char(next, '.') || token_is_char(next, '(') ||
	    next->kind == TOKEN_LITERAL)
		return false;
	return at == 0 || (!token_is_char(patch_at(patch, at - 1), '.') &&
			   patch_at(patch, at - 1)->kind != TOKEN_LITERAL &&
			   !patch_match(patch, at - 1, "as") &&
			   patch_at(patch, at - 1)->kind != TOKEN_CAST &&
			   !is_date_part(patch, at));
}

/* A column that is renamed to its own name says nothing new. */
static bool is_itself(const struct patch *patch, const struct shape_item *item,
		      const char *name, const struct work *work)
{
	CLEANUP(str_done) struct str own = STR_EMPTY;
	bool plain = item->expr_to == item->from + 1 ||
		     (item->expr_to == item->from + 3 &&
		      token_is_char(patch_at(patch, item->from + 1), '.'));

	if (!plain)
		return false;
	work_name(work, item->expr_to - 1, &own);
	return strcmp(own.text, name) == 0;
}

/* The item whose alias the name at is; PATCH_NONE: none of them. */
static size_t find_alias(const struct work *work, size_t at,
			 const struct shape_item *items, size_t count)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (!is_bare_column(work, at))
		return PATCH_NONE;
	work_name(work, at, &name);
	for (size_t i = count; i-- > 0;) {
		CLEANUP(str_done) struct str alias = STR_EMPTY;

		if (items[i].alias == PATCH_NONE)
			continue;
		work_name(work, items[i].alias, &alias);
		if (strcmp(alias.text, name.text) == 0 &&
		    !is_itself(&work->patch, &items[i], name.text, work))
			return i;
	}
	return PATCH_NONE;
}

static bool has_column(const struct rewrite_columns *columns,
		       const struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(work, at, &name);
	for (size_t i = 0; i < columns->count; i++)
		if (strcmp(columns->items[i], name.text) == 0)
			return true;
	return false;
}

/* Appends the tokens one by one; an alias becomes (its expression). */
static bool replace_range(const struct query *query, struct patch_range range,
			  const struct shape_item *items, size_t count,
			  const struct rewrite_columns *columns,
			  struct draft *out)
{
	const struct patch *patch = &query->work->patch;
	size_t from = range.from;
	bool did = false;

	for (size_t i = range.from; i < range.to; i++) {
		size_t found;

		if (shape_is_subquery(patch, i) && patch->items[i].pair > i) {
			i = patch->items[i].pair;
			continue;
		}
		found = find_alias(query->work, i, items, count);
		if (found == PATCH_NONE || has_column(columns, query->work, i))
			continue;
		draft_range(out, patch, from, i);
		draft_add(out, " (");
		replace_range(query,
			      (struct patch_range){ items[found].from,
						    items[found].expr_to },
			      items, found, columns, out);
		draft_add(out, ")");
		from = i + 1;
		did = true;
	}
	draft_range(out, patch, from, range.to);
	return did;
}

/* Columns of FROM, for the choice between a column and an alias. What cannot
 * be known (a correlated query) leaves the aliases as they are. */
static bool source_columns(struct query *query, struct rewrite_columns *out)
{
	const struct shape_part *tables = &query->shape.parts[SHAPE_FROM];
	struct draft draft = DRAFT_EMPTY;
	struct err before = *query->work->err;
	bool ok = true;

	if (shape_has(&query->shape, SHAPE_FROM)) {
		query_add_with(query, &draft);
		draft_add(&draft, "SELECT *");
		draft_range(&draft, &query->work->patch, tables->from,
			    tables->to);
		ok = query_columns(query, &draft, out);
	}
	draft_done(&draft);
	if (!ok)
		*query->work->err = before;
	return ok;
}

bool query_inline_aliases(struct query *query, struct patch_range range,
			  const struct shape_item *items, size_t count,
			  struct draft *out, bool *out_did)
{
	struct rewrite_columns columns = REWRITE_COLUMNS_EMPTY;
	bool any = false;
	bool known;

	*out_did = false;
	for (size_t i = range.from; i < range.to && !any; i++)
		any = find_alias(query->work, i, items, count) != PATCH_NONE;
	known = any && source_columns(query, &columns);
	if (known)
		*out_did = replace_range(query, range, items, count, &columns,
					 out);
	else
		draft_range(out, &query->work->patch, range.from, range.to);
	rewrite_columns_done(&columns);
	return true;
}

static struct shape_item *list_items(const struct query *query,
				     size_t *out_count)
{
	const struct patch *patch = &query->work->patch;
	size_t count = shape_items(patch, query->shape.list, NULL, 0);
	struct shape_item *items;

	*out_count = count > ITEMS_MAX ? 0 : count;
	items = mem_alloc_array(count + 1, sizeof(*items));
	shape_items(patch, query->shape.list, items, count);
	return items;
}

/* Whether an item names the alias of one before it. */
static bool uses_aliases(const struct query *query,
			 const struct shape_item *items, size_t count)
{
	for (size_t k = 1; k < count; k++)
		for (size_t i = items[k].from; i < items[k].expr_to; i++) {
			const struct patch *patch = &query->work->patch;

			if (shape_is_subquery(patch, i) &&
			    patch->items[i].pair > i)
				i = patch->items[i].pair;
			else if (find_alias(query->work, i, items, k) !=
				 PATCH_NONE)
				return true;
		}
	return false;
}

bool query_lateral(struct query *query, bool *out_did)
{
	const struct patch *patch = &query->work->patch;
	struct rewrite_columns columns = REWRITE_COLUMNS_EMPTY;
	size_t count;
	struct shape_item *items = list_items(query, &count);

	if (query->work->input->ask.context != NULL &&
	    uses_aliases(query, items, count) &&
	    source_columns(query, &columns)) {
		for (size_t k = 0; k < count; k++) {
			struct patch_range expr = { items[k].from,
						    items[k].expr_to };
			struct draft *out = query->draft;

			if (k == 0)
				draft_range(out, patch, query->shape.select,
					    items[0].from);
			else
				draft_add(out, ",");
			*out_did |= replace_range(query, expr, items, k,
						  &columns, out);
			draft_range(out, patch, items[k].expr_to, items[k].to);
		}
		draft_range(query->draft, patch, query->shape.list.to,
			    query->shape.end);
	}
	rewrite_columns_done(&columns);
	mem_free(items);
	return true;
}

bool query_where(struct query *query, bool *out_did)
{
	const struct patch *patch = &query->work->patch;
	const struct shape_part *where = &query->shape.parts[SHAPE_WHERE];
	struct patch_range condition = { where->body, where->to };
	struct shape_item *items;
	size_t count;
	bool ok;

	if (!shape_has(&query->shape, SHAPE_WHERE) ||
	    query->work->input->ask.context == NULL)
		return true;
	items = list_items(query, &count);
	draft_range(query->draft, patch, query->shape.select, where->body);
	ok = query_inline_aliases(query, condition, items, count, query->draft,
				  out_did);
	draft_range(query->draft, patch, where->to, query->shape.end);
	mem_free(items);
	return ok;
}

/* ---- GROUP BY ALL */

static bool is_aggregate(const struct token *token)
{
	static const char *const names[] = {
		"sum",
		"count",
		"avg",
		"min",
		"max",
		"listagg",
		"median",
		"stddev",
		"stddev_samp",
		"stddev_pop",
		"variance",
		"var_samp",
		"var_pop",
		"bool_and",
		"bool_or",
		"bit_and",
		"bit_or",
		"any_value",
		"percentile_cont",
		"percentile_disc",
		"approximate",
		"hll",
		"hll_create_sketch",
		"hll_combine",
		"array_agg",
		"object_agg",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (token_is(token, names[i]))
			return true;
	return false;
}

/* Aggregates and window functions are no grouping columns. */
static bool is_grouped(const struct patch *patch, const struct shape_item *item)
{
	for (size_t i = item->from; i < item->expr_to; i++) {
		if (shape_is_subquery(patch, i) && patch->items[i].pair > i)
			i = patch->items[i].pair;
		else if (patch_match(patch, i, "over (") ||
			 (is_aggregate(patch_at(patch, i)) &&
			  (token_is_char(patch_at(patch, i + 1), '(') ||
			   patch_match(patch, i, "approximate"))))
			return false;
	}
	return true;
}

bool query_group_all(struct query *query, bool *out_did)
{
	const struct patch *patch = &query->work->patch;
	const struct shape_part *group = &query->shape.parts[SHAPE_GROUP];
	size_t count;
	struct shape_item *items;
	bool any = false;

	if (!shape_has(&query->shape, SHAPE_GROUP) ||
	    !patch_match(patch, group->body, "all") ||
	    group->to != group->body + 1)
		return true;
	items = list_items(query, &count);
	draft_range(query->draft, patch, query->shape.select, group->body);
	for (size_t k = 0; k < count; k++) {
		if (patch_match(patch, items[k].to - 1, "*")) {
			mem_free(items);
			return query_lacks(query, group->body,
					   "GROUP BY ALL over *");
		}
		if (!is_grouped(patch, &items[k]))
			continue;
		draft_add(query->draft, any ? ", %zu" : " %zu", k + 1);
		any = true;
	}
	if (!any)
		draft_add(query->draft, " ()");
	draft_range(query->draft, patch, group->to, query->shape.end);
	mem_free(items);
	*out_did = true;
	return true;
}
