/* sandbox/rewrite/rewrite_connect.c - START WITH and CONNECT BY as a recursive
 * table.
 *
 * FROM t a START WITH s CONNECT BY c becomes FROM (WITH RECURSIVE ...) a: the
 * rows of s at level 1, then those that c joins to a row above (PRIOR is that
 * row). WHERE is evaluated after it [r_CONNECT_BY_clause]. */
#include <string.h>

#include "sandbox/rewrite/rewrite_query.h"

#define ABOVE "redsh_above"

struct tree {
	struct query *query;
	struct patch_range table;     /* of FROM, without its alias */
	size_t alias;                 /* its name in the query */
	struct rewrite_columns names; /* of the table */
};

static bool read_table(struct tree *tree)
{
	struct query *query = tree->query;
	struct work *work = query->work;
	const struct shape_part *part = &query->shape.parts[SHAPE_FROM];
	const struct patch *patch = &work->patch;
	size_t end = work_name_end(work, part->body);

	if (!shape_has(&query->shape, SHAPE_FROM))
		return work_syntax(work,
				   query->shape.parts[SHAPE_CONNECT].from);
	if (shape_is_subquery(patch, part->body))
		end = patch->items[part->body].pair + 1;
	tree->table = (struct patch_range){ part->body, end };
	if (patch_match(patch, end, "as"))
		end++;
	tree->alias = end < part->to ? end : end - 1;
	if (end == part->body || end + 1 < part->to ||
	    !shape_is_name(patch_at(patch, tree->alias)))
		return query_lacks(query, part->body,
				   "CONNECT BY over more than one named "
				   "table");
	return true;
}

/* The row above has names of its own, so that its columns are not mistaken
 * for those of the row below. */
static bool add_prior(const struct tree *tree, size_t at, struct draft *out)
{
	struct work *work = tree->query->work;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(work, at, &name);
	for (size_t i = 0; i < tree->names.count; i++) {
		if (strcmp(tree->names.items[i], name.text) != 0)
			continue;
		draft_add(out, " " ABOVE ".redsh_%zu", i + 1);
		return true;
	}
	return work_refuse(work, at, "42703", "column \"%s\" does not exist",
			   name.text);
}

/* PRIOR name and PRIOR t.name are the row above; LEVEL counts. */
static bool add_condition(struct tree *tree, struct patch_range range,
			  const char *level, bool prior, struct draft *out)
{
	struct work *work = tree->query->work;
	const struct patch *patch = &work->patch;
	size_t from = range.from;

	for (size_t i = range.from; i < range.to; i++) {
		size_t end = work_name_end(work, i + 1);
		bool is_prior = patch_match(patch, i, "prior") > 0;
		bool is_level = patch_match(patch, i, "level") > 0 &&
				!token_is_char(patch_at(patch, i - 1), '.');

		if (is_prior && (!prior || end == i + 1))
			return work_syntax(work, prior ? i + 1 : i);
		if (!is_prior && !is_level)
			continue;
		draft_range(out, patch, from, i);
		if (is_prior) {
			if (!add_prior(tree, end - 1, out))
				return false;
			i = end - 1;
		} else {
			draft_add(out, " (%s)", level);
		}
		from = i + 1;
	}
	draft_range(out, patch, from, range.to);
	return true;
}

static void add_table(const struct tree *tree, struct draft *out)
{
	const struct patch *patch = &tree->query->work->patch;

	draft_add(out, " FROM");
	draft_range(out, patch, tree->table.from, tree->table.to);
	draft_add(out, " AS");
	draft_range(out, patch, tree->alias, tree->alias + 1);
}

static bool add_tree(struct tree *tree, struct draft *out)
{
	struct query *query = tree->query;
	const struct patch *patch = &query->work->patch;
	const struct shape_part *start = &query->shape.parts[SHAPE_START];
	const struct shape_part *connect = &query->shape.parts[SHAPE_CONNECT];

	draft_add(out, " FROM (WITH RECURSIVE redsh_tree AS (SELECT");
	draft_range(out, patch, tree->alias, tree->alias + 1);
	draft_add(out, ".*, 1 AS level");
	add_table(tree, out);
	if (shape_has(&query->shape, SHAPE_START)) {
		draft_add(out, " WHERE (");
		if (!add_condition(
			    tree,
			    (struct patch_range){ start->body, start->to }, "1",
			    false, out))
			return false;
		draft_add(out, ")");
	}
	draft_add(out, " UNION ALL SELECT");
	draft_range(out, patch, tree->alias, tree->alias + 1);
	draft_add(out, ".*, " ABOVE ".redsh_level + 1");
	add_table(tree, out);
	draft_add(out, ", redsh_tree AS " ABOVE " (");
	for (size_t i = 0; i < tree->names.count; i++)
		draft_add(out, "redsh_%zu, ", i + 1);
	draft_add(out, "redsh_level) WHERE (");
	if (!add_condition(tree,
			   (struct patch_range){ connect->body, connect->to },
			   ABOVE ".redsh_level + 1", true, out))
		return false;
	draft_add(out, ")) SELECT * FROM redsh_tree) AS");
	draft_range(out, patch, tree->alias, tree->alias + 1);
	return true;
}

static bool ask_names(struct tree *tree)
{
	struct draft draft = DRAFT_EMPTY;
	bool ok;

	query_add_with(tree->query, &draft);
	draft_add(&draft, "SELECT *");
	add_table(tree, &draft);
	ok = query_columns(tree->query, &draft, &tree->names);
	draft_done(&draft);
	return ok;
}

/* LEVEL is a column of the tree, but none of *. */
static void add_list(const struct tree *tree, struct draft *out)
{
	const struct query *query = tree->query;
	const struct patch *patch = &query->work->patch;
	const struct patch_range *list = &query->shape.list;
	size_t from = query->shape.select;

	for (size_t i = list->from; i < list->to; i++) {
		bool whole = patch_match(patch, i, "*") &&
			     (i == list->from ||
			      token_is_char(patch_at(patch, i - 1), ','));

		if (!whole)
			continue;
		draft_range(out, patch, from, i);
		for (size_t c = 0; c < tree->names.count; c++) {
			draft_add(out, c > 0 ? ", " : " ");
			draft_name(out, tree->names.items[c]);
		}
		from = i + 1;
	}
	draft_range(out, patch, from, list->to);
}

static bool make(struct tree *tree)
{
	struct query *query = tree->query;
	const struct patch *patch = &query->work->patch;
	const struct shape_part *parts = query->shape.parts;

	if (!read_table(tree) || !ask_names(tree))
		return false;
	add_list(tree, query->draft);
	for (int i = SHAPE_EXCLUDE; i <= SHAPE_INTO; i++)
		draft_range(query->draft, patch, parts[i].from, parts[i].to);
	if (!add_tree(tree, query->draft))
		return false;
	for (int i = SHAPE_WHERE; i < SHAPE_CLAUSES; i++)
		if (i != SHAPE_START && i != SHAPE_CONNECT)
			draft_range(query->draft, patch, parts[i].from,
				    parts[i].to);
	return true;
}

bool query_connect(struct query *query, bool *out_did)
{
	const struct shape *shape = &query->shape;
	struct tree tree = { .query = query };

	if (!shape_has(shape, SHAPE_CONNECT)) {
		if (shape_has(shape, SHAPE_START))
			return work_syntax(query->work,
					   shape->parts[SHAPE_START].from);
		return true;
	}
	*out_did = make(&tree);
	rewrite_columns_done(&tree.names);
	return *out_did;
}
