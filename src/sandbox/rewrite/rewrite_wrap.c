/* sandbox/rewrite/rewrite_wrap.c - QUALIFY and EXCLUDE: a SELECT around the
 * SELECT.
 *
 * The inner one computes, the outer one names the columns that stay and, for
 * QUALIFY, drops the rows whose last column is not true. ORDER BY stays inside
 * as it may use columns that are not in the list; LIMIT goes outside. */
#include <string.h>

#include "sandbox/rewrite/rewrite_query.h"

/* The SELECT as the inner one, without what the outer one takes. */
struct wrap {
	struct query *query;
	struct rewrite_columns names; /* of the inner list, in order */
	const bool *dropped;          /* of names; NULL: none */
	bool filtered;                /* QUALIFY */
};

/* The name of an item that needs no asking. */
static bool plain_name(const struct work *work, const struct shape_item *item,
		       struct str *out)
{
	const struct patch *patch = &work->patch;

	if (item->to <= item->from)
		return false;
	if (item->alias != PATCH_NONE) {
		work_name(work, item->alias, out);
		return true;
	}
	if (work_name_end(work, item->from) != item->to ||
	    !shape_is_name(patch_at(patch, item->to - 1)))
		return false;
	work_name(work, item->to - 1, out);
	return true;
}

static bool plain_names(struct query *query, struct rewrite_columns *out)
{
	const struct patch *patch = &query->work->patch;
	size_t count = shape_items(patch, query->shape.list, NULL, 0);
	struct shape_item *items = mem_alloc_array(count + 1, sizeof(*items));
	bool plain = true;

	shape_items(patch, query->shape.list, items, count);
	for (size_t i = 0; plain && i < count; i++) {
		struct str name = STR_EMPTY;

		plain = plain_name(query->work, &items[i], &name);
		vec_push(out, str_take(&name));
	}
	mem_free(items);
	if (!plain)
		rewrite_columns_done(out);
	return plain;
}

/* Appends the clauses of the SELECT from first to last that it has. */
static void add_parts(const struct query *query, struct draft *out, int first,
		      int last)
{
	for (int i = first; i <= last; i++)
		draft_range(out, &query->work->patch,
			    query->shape.parts[i].from,
			    query->shape.parts[i].to);
}

/* Names of the list's columns: from the text, else from PostgreSQL. */
static bool list_names(struct query *query, struct rewrite_columns *out)
{
	struct draft draft = DRAFT_EMPTY;
	bool ok = plain_names(query, out);

	if (!ok) {
		query_add_with(query, &draft);
		draft_add(&draft, "SELECT");
		draft_range(&draft, &query->work->patch, query->shape.list.from,
			    query->shape.list.to);
		add_parts(query, &draft, SHAPE_FROM, SHAPE_HAVING);
		ok = query_columns(query, &draft, out);
	}
	draft_done(&draft);
	return ok;
}

static void add_outer(const struct wrap *wrap, struct draft *out)
{
	const struct shape *shape = &wrap->query->shape;
	bool any = false;

	draft_add(out, shape->in_set ? "(SELECT" : "SELECT");
	draft_range(out, &wrap->query->work->patch, shape->top.from,
		    shape->top.to);
	if (shape->distinct)
		draft_add(out, " DISTINCT");
	for (size_t i = 0; i < wrap->names.count; i++) {
		if (wrap->dropped != NULL && wrap->dropped[i])
			continue;
		draft_add(out, "%s redsh_query.redsh_%zu AS ", any ? "," : "",
			  i + 1);
		draft_name(out, wrap->names.items[i]);
		any = true;
	}
	add_parts(wrap->query, out, SHAPE_INTO, SHAPE_INTO);
}

static void add_behind(const struct wrap *wrap, struct draft *out)
{
	const struct shape *shape = &wrap->query->shape;

	draft_add(out, ") AS redsh_query (");
	for (size_t i = 0; i < wrap->names.count; i++)
		draft_add(out, "%sredsh_%zu", i > 0 ? ", " : "", i + 1);
	draft_add(out, wrap->filtered
			       ? ", redsh_kept) WHERE redsh_query.redsh_kept"
			       : ")");
	if (shape->in_set)
		draft_add(out, ")");
	if (shape->in_set || shape->distinct)
		add_parts(wrap->query, out, SHAPE_ORDER, SHAPE_ORDER);
	add_parts(wrap->query, out, SHAPE_LIMIT, SHAPE_OFFSET);
}

/* The condition of QUALIFY, in which aliases of the list count. */
static bool add_condition(struct query *query, struct draft *out)
{
	const struct patch *patch = &query->work->patch;
	const struct shape_part *part = &query->shape.parts[SHAPE_QUALIFY];
	size_t count = shape_items(patch, query->shape.list, NULL, 0);
	struct shape_item *items = mem_alloc_array(count + 1, sizeof(*items));
	bool ignored;
	bool ok;

	shape_items(patch, query->shape.list, items, count);
	draft_add(out, ", (");
	ok = query_inline_aliases(query,
				  (struct patch_range){ part->body, part->to },
				  items, count, out, &ignored);
	draft_add(out, ")");
	mem_free(items);
	return ok;
}

static bool add_inner(const struct wrap *wrap, struct draft *out)
{
	const struct shape *shape = &wrap->query->shape;

	draft_add(out, " FROM (SELECT");
	draft_range(out, &wrap->query->work->patch, shape->list.from,
		    shape->list.to);
	if (wrap->filtered && !add_condition(wrap->query, out))
		return false;
	add_parts(wrap->query, out, SHAPE_FROM, SHAPE_HAVING);
	if (!wrap->filtered)
		add_parts(wrap->query, out, SHAPE_QUALIFY, SHAPE_QUALIFY);
	if (!shape->in_set && !shape->distinct)
		add_parts(wrap->query, out, SHAPE_ORDER, SHAPE_ORDER);
	return true;
}

static bool make(struct wrap *wrap, bool *out_did)
{
	struct draft *out = wrap->query->draft;

	add_outer(wrap, out);
	*out_did = add_inner(wrap, out);
	add_behind(wrap, out);
	return *out_did;
}

bool query_qualify(struct query *query, bool *out_did)
{
	const struct shape_part *part = &query->shape.parts[SHAPE_QUALIFY];
	struct wrap wrap = { .query = query, .filtered = true };
	bool ok;

	if (!shape_has(&query->shape, SHAPE_QUALIFY))
		return true;
	if (part->body >= part->to)
		return work_syntax(query->work, part->to);
	ok = list_names(query, &wrap.names) && make(&wrap, out_did);
	rewrite_columns_done(&wrap.names);
	return ok;
}

/* ---- EXCLUDE */

static bool drop_name(struct wrap *wrap, size_t at, bool *dropped)
{
	struct work *work = wrap->query->work;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	bool found = false;

	work_name(work, at, &name);
	if (name.len == 0)
		return work_syntax(work, at);
	for (size_t i = 0; i < wrap->names.count; i++)
		if (strcmp(wrap->names.items[i], name.text) == 0)
			found = dropped[i] = true;
	return found || work_refuse(work, at, "42703",
				    "column \"%s\" does not exist", name.text);
}

/* Names parted by commas, in parentheses or not. */
static bool drop_names(struct wrap *wrap, bool *dropped)
{
	struct work *work = wrap->query->work;
	const struct patch *patch = &work->patch;
	struct shape_part part = wrap->query->shape.parts[SHAPE_EXCLUDE];

	if (token_is_char(patch_at(patch, part.body), '(')) {
		if (patch->items[part.body].pair != part.to - 1)
			return work_syntax(work,
					   patch->items[part.body].pair + 1);
		part.body++;
		part.to--;
	}
	for (size_t i = part.body;; i += 2) {
		if (i >= part.to || !drop_name(wrap, i, dropped))
			return work->err->kind != ERR_NONE
				       ? false
				       : work_syntax(work, i);
		if (i + 1 == part.to)
			return true;
		if (!token_is_char(patch_at(patch, i + 1), ','))
			return work_syntax(work, i + 1);
	}
}

bool query_exclude(struct query *query, bool *out_did)
{
	struct wrap wrap = { .query = query };
	bool *dropped;
	bool ok;

	if (!shape_has(&query->shape, SHAPE_EXCLUDE))
		return true;
	if (!list_names(query, &wrap.names))
		return false;
	dropped = mem_alloc_array(wrap.names.count + 1, sizeof(*dropped));
	wrap.dropped = dropped;
	ok = drop_names(&wrap, dropped);
	if (ok) {
		bool any = false;

		for (size_t i = 0; i < wrap.names.count; i++)
			any = any || !dropped[i];
		ok = any ? make(&wrap, out_did)
			 : work_syntax(query->work,
				       query->shape.parts[SHAPE_EXCLUDE].from);
	}
	mem_free(dropped);
	rewrite_columns_done(&wrap.names);
	return ok;
}
