/* sandbox/rewrite/rewrite_pivot.c - PIVOT and UNPIVOT of FROM.
 *
 * t PIVOT (sum(a) FOR b IN (1, 2)) becomes (SELECT rest, sum(CASE WHEN b = 1
 * THEN a END) AS "1", ... FROM t GROUP BY rest); UNPIVOT joins each row with
 * its named columns. What is not named is implied, so the columns of the
 * input are asked for [r_FROM_clause-pivot-unpivot-examples]. */
#include <string.h>

#include "base/vec.h"
#include "sandbox/rewrite/rewrite_query.h"
#include "sql/quote.h"

struct pivot {
	struct query *query;
	size_t from; /* first token of the input */
	size_t to;   /* behind the input and its alias */
	size_t word; /* PIVOT, UNPIVOT */
	size_t open; /* the parenthesis of what it does */
	size_t close;
	size_t end;         /* behind its own alias */
	bool nulls;         /* UNPIVOT INCLUDE NULLS */
	struct draft input; /* the input as it stands in FROM */
	struct rewrite_columns columns;
};

static bool is_join_word(const struct patch *patch, size_t at)
{
	static const char *const words[] = { "join",  "inner", "left",
					     "right", "full",  "cross",
					     "on",    "using", "natural",
					     "outer" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (patch_match(patch, at, words[i]))
			return true;
	return false;
}

/* The input goes back to a comma, a JOIN or FROM. */
static bool read_input(struct pivot *pivot)
{
	struct query *query = pivot->query;
	struct work *work = query->work;
	const struct patch *patch = &work->patch;
	size_t first = query->shape.parts[SHAPE_FROM].body;
	size_t at = first;
	size_t end;

	for (size_t i = first; i < pivot->word; i++) {
		if (token_is_char(patch_at(patch, i), '(') &&
		    patch->items[i].pair > i)
			i = patch->items[i].pair;
		else if (token_is_char(patch_at(patch, i), ',') ||
			 patch_match(patch, i, "join"))
			at = i + 1;
		else if (is_join_word(patch, i) ||
			 patch_match(patch, i, "pivot") ||
			 patch_match(patch, i, "unpivot"))
			at = i + 1;
	}
	pivot->from = at;
	end = shape_is_subquery(patch, at) ? patch->items[at].pair + 1
					   : work_name_end(work, at);
	if (end <= at)
		return work_syntax(work, at);
	draft_range(&pivot->input, patch, at, end);
	if (end == pivot->word) {
		if (shape_is_subquery(patch, at))
			draft_add(&pivot->input, " AS redsh_input");
	} else {
		if (patch_match(patch, end, "as"))
			end++;
		if (end + 1 != pivot->word ||
		    !shape_is_name(patch_at(patch, end)))
			return work_syntax(work, end);
		draft_add(&pivot->input, " AS");
		draft_range(&pivot->input, patch, end, end + 1);
	}
	return true;
}

/* The alias behind the closing parenthesis. */
static void read_end(struct pivot *pivot)
{
	const struct patch *patch = &pivot->query->work->patch;
	size_t at = pivot->close + 1;

	if (patch_match(patch, at, "as"))
		at++;
	if (at < pivot->query->shape.parts[SHAPE_FROM].to &&
	    shape_is_name(patch_at(patch, at)) && !is_join_word(patch, at)) {
		at++;
		if (token_is_char(patch_at(patch, at), '('))
			at = patch->items[at].pair + 1;
	} else {
		at = pivot->close + 1;
	}
	pivot->end = at;
}

static bool read_pivot(struct pivot *pivot)
{
	struct query *query = pivot->query;
	struct work *work = query->work;
	const struct patch *patch = &work->patch;
	size_t at = pivot->word + 1;
	struct draft draft = DRAFT_EMPTY;
	bool ok;

	if (patch_match(patch, pivot->word, "unpivot")) {
		pivot->nulls = patch_match(patch, at, "include nulls") > 0;
		if (pivot->nulls || patch_match(patch, at, "exclude nulls"))
			at += 2;
	}
	if (!token_is_char(patch_at(patch, at), '('))
		return work_syntax(work, at);
	pivot->open = at;
	pivot->close = patch->items[at].pair;
	read_end(pivot);
	if (is_join_word(patch, pivot->end) ||
	    patch_match(patch, pivot->end, "pivot") ||
	    patch_match(patch, pivot->end, "unpivot"))
		return query_lacks(query, pivot->end,
				   "JOIN or second PIVOT behind a PIVOT: put "
				   "it in parentheses");
	if (!read_input(pivot))
		return false;
	query_add_with(query, &draft);
	draft_add(&draft, "SELECT * FROM");
	draft_add(&draft, " ");
	for (size_t i = 0; i < pivot->input.spans.count; i++) {
		struct patch_span span = pivot->input.spans.items[i];

		span.to += draft.sql.len;
		vec_push(&draft.spans, span);
	}
	draft_add(&draft, "%s", pivot->input.sql.text);
	ok = query_columns(query, &draft, &pivot->columns);
	draft_done(&draft);
	return ok;
}

static void pivot_done(struct pivot *pivot)
{
	draft_done(&pivot->input);
	rewrite_columns_done(&pivot->columns);
}

/* The column that the name at means; PATCH_NONE. */
static size_t column_at(const struct pivot *pivot, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	work_name(pivot->query->work, at, &name);
	for (size_t i = 0; i < pivot->columns.count; i++)
		if (strcmp(pivot->columns.items[i], name.text) == 0)
			return i;
	return PATCH_NONE;
}

static size_t require_column(const struct pivot *pivot, size_t at)
{
	size_t column = column_at(pivot, at);
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (column != PATCH_NONE)
		return column;
	work_name(pivot->query->work, at, &name);
	if (name.len == 0)
		work_syntax(pivot->query->work, at);
	else
		work_refuse(pivot->query->work, at, "42703",
			    "column \"%s\" does not exist", name.text);
	return PATCH_NONE;
}

/* ---- PIVOT */

struct sum { /* agg(arg) [AS name] FOR column IN (list) */
	size_t agg;
	size_t open;
	size_t name; /* PATCH_NONE: none */
	size_t column;
	size_t list; /* its '(' */
};

static bool read_sum(struct pivot *pivot, struct sum *sum)
{
	static const char *const aggregates[] = { "count", "sum", "min", "max",
						  "avg" };
	struct work *work = pivot->query->work;
	const struct patch *patch = &work->patch;
	size_t at = pivot->open + 1;
	bool known = false;

	for (size_t i = 0; i < COUNT_OF(aggregates); i++)
		known = known || patch_match(patch, at, aggregates[i]);
	if (!known || !token_is_char(patch_at(patch, at + 1), '('))
		return work_refuse(work, at, "0A000",
				   "PIVOT supports the aggregate functions "
				   "COUNT, SUM, MIN, MAX and AVG only");
	sum->agg = at;
	sum->open = at + 1;
	sum->name = PATCH_NONE;
	at = patch->items[sum->open].pair + 1;
	if (patch_match(patch, at, "as"))
		at++;
	if (!patch_match(patch, at, "for")) {
		if (!shape_is_name(patch_at(patch, at)))
			return work_syntax(work, at);
		sum->name = at++;
	}
	if (!patch_match(patch, at, "for"))
		return work_syntax(work, at);
	sum->column = at + 1;
	if (!patch_match(patch, at + 2, "in ("))
		return work_syntax(work, at + 2);
	sum->list = at + 3;
	if (patch->items[sum->list].pair + 1 != pivot->close)
		return work_syntax(work, patch->items[sum->list].pair + 1);
	return require_column(pivot, sum->column) != PATCH_NONE;
}

/* The name of a value's column: its alias, the constant itself, ?column?. */
static void value_name(const struct pivot *pivot, const struct sum *sum,
		       const struct shape_item *item, struct str *out)
{
	const struct work *work = pivot->query->work;
	const struct patch *patch = &work->patch;
	const struct token *first = patch_at(patch, item->from);
	size_t count = item->expr_to - item->from;

	if (item->alias != PATCH_NONE)
		work_name(work, item->alias, out);
	else if (count == 1 && first->kind == TOKEN_LITERAL)
		quote_literal_read(out, first->text, first->len,
				   first->escapes);
	else if (count == 1 && patch_match(patch, item->from, "null"))
		str_add(out, "null");
	else if (count == 1 ||
		 (count == 2 &&
		  patch_at(patch, item->from + 1)->kind == TOKEN_NUMBER))
		str_add_slice(out, first->text,
			      patch_at(patch, item->to - 1)->at +
				      patch_at(patch, item->to - 1)->len -
				      first->at);
	else
		str_add(out, "?column?");
	if (sum->name != PATCH_NONE) {
		str_add_char(out, '_');
		work_name(work, sum->name, out);
	}
}

static void add_value(const struct pivot *pivot, const struct sum *sum,
		      const struct shape_item *item, struct draft *out)
{
	const struct patch *patch = &pivot->query->work->patch;
	size_t arg = sum->open + 1;
	size_t close = patch->items[sum->open].pair;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	draft_range(out, patch, sum->agg, sum->open + 1);
	if (patch_match(patch, arg, "distinct")) {
		draft_add(out, "DISTINCT");
		arg++;
	}
	draft_add(out, " CASE WHEN");
	draft_range(out, patch, sum->column, sum->column + 1);
	if (patch_match(patch, item->from, "null") &&
	    item->expr_to == item->from + 1) {
		draft_add(out, " IS NULL");
	} else {
		draft_add(out, " =");
		draft_range(out, patch, item->from, item->expr_to);
	}
	draft_add(out, " THEN");
	if (patch_match(patch, arg, "*"))
		draft_add(out, " 1");
	else
		draft_range(out, patch, arg, close);
	draft_add(out, " END) AS ");
	value_name(pivot, sum, item, &name);
	draft_name(out, name.text);
}

/* Columns that neither FOR nor the aggregate names. */
static void find_implied(const struct pivot *pivot, const struct sum *sum,
			 bool *implied)
{
	const struct patch *patch = &pivot->query->work->patch;

	for (size_t i = 0; i < pivot->columns.count; i++)
		implied[i] = true;
	implied[column_at(pivot, sum->column)] = false;
	for (size_t i = sum->open; i < patch->items[sum->open].pair; i++) {
		size_t column = column_at(pivot, i);

		if (shape_is_name(patch_at(patch, i)) && column != PATCH_NONE)
			implied[column] = false;
	}
}

static void add_implied(const struct pivot *pivot, const bool *implied,
			const char *before, const char *table,
			struct draft *out)
{
	bool any = false;

	for (size_t i = 0; i < pivot->columns.count; i++) {
		if (!implied[i])
			continue;
		draft_add(out, "%s%s", any ? ", " : before, table);
		draft_name(out, pivot->columns.items[i]);
		any = true;
	}
}

static bool add_pivot(struct pivot *pivot, struct draft *out)
{
	const struct patch *patch = &pivot->query->work->patch;
	struct sum sum;
	struct patch_range list;
	struct shape_item *items;
	bool *implied;
	size_t count;

	if (!read_sum(pivot, &sum))
		return false;
	list = (struct patch_range){ sum.list + 1,
				     patch->items[sum.list].pair };
	count = shape_items(patch, list, NULL, 0);
	if (count == 0)
		return work_syntax(pivot->query->work, list.from);
	items = mem_alloc_array(count, sizeof(*items));
	implied = mem_alloc_array(pivot->columns.count + 1, sizeof(*implied));
	shape_items(patch, list, items, count);
	find_implied(pivot, &sum, implied);
	draft_add(out, " (SELECT");
	add_implied(pivot, implied, " ", "", out);
	for (size_t i = 0; i < count; i++) {
		bool first = i == 0 && str_ends(out->sql.text, "SELECT");

		draft_add(out, first ? "" : ",");
		add_value(pivot, &sum, &items[i], out);
	}
	draft_add(out, " FROM %s", pivot->input.sql.text);
	add_implied(pivot, implied, " GROUP BY ", "", out);
	draft_add(out, ")");
	mem_free(items);
	mem_free(implied);
	return true;
}

/* ---- UNPIVOT: (value FOR name IN (columns)) */

static bool check_unpivot(struct pivot *pivot)
{
	struct work *work = pivot->query->work;
	const struct patch *patch = &work->patch;
	size_t at = pivot->open + 1;

	if (!shape_is_name(patch_at(patch, at)))
		return work_syntax(work, at);
	if (!patch_match(patch, at + 1, "for"))
		return work_syntax(work, at + 1);
	if (!shape_is_name(patch_at(patch, at + 2)))
		return work_syntax(work, at + 2);
	if (!patch_match(patch, at + 3, "in ("))
		return work_syntax(work, at + 3);
	return patch->items[at + 4].pair + 1 == pivot->close ||
	       work_syntax(work, patch->items[at + 4].pair + 1);
}

static bool add_unpivoted(struct pivot *pivot, const struct shape_item *item,
			  struct draft *out)
{
	struct work *work = pivot->query->work;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	size_t column = require_column(pivot, item->from);

	if (column == PATCH_NONE)
		return false;
	if (item->expr_to != item->from + 1)
		return work_syntax(work, item->from + 1);
	work_name(work, item->alias != PATCH_NONE ? item->alias : item->from,
		  &name);
	draft_add(out, "(");
	quote_literal(&out->sql, name.text, true);
	draft_add(out, "::varchar, redsh_input.");
	draft_name(out, pivot->columns.items[column]);
	draft_add(out, ")");
	return true;
}

static bool add_unpivot_rows(struct pivot *pivot, struct patch_range list,
			     bool *implied, struct draft *out)
{
	const struct patch *patch = &pivot->query->work->patch;
	size_t count = shape_items(patch, list, NULL, 0);
	struct shape_item *items = mem_alloc_array(count + 1, sizeof(*items));
	bool ok = count > 0 || work_syntax(pivot->query->work, list.from);

	shape_items(patch, list, items, count);
	for (size_t i = 0; ok && i < count; i++) {
		size_t column = column_at(pivot, items[i].from);

		if (i > 0)
			draft_add(out, ", ");
		ok = add_unpivoted(pivot, &items[i], out);
		if (ok)
			implied[column] = false;
	}
	mem_free(items);
	return ok;
}

static bool add_unpivot(struct pivot *pivot, struct draft *out)
{
	const struct patch *patch = &pivot->query->work->patch;
	size_t value = pivot->open + 1;
	size_t open = pivot->open + 5;
	struct draft rows = DRAFT_EMPTY;
	bool *implied;
	bool ok;

	if (!check_unpivot(pivot))
		return false;
	implied = mem_alloc_array(pivot->columns.count + 1, sizeof(*implied));
	for (size_t i = 0; i < pivot->columns.count; i++)
		implied[i] = true;
	ok = add_unpivot_rows(
		pivot,
		(struct patch_range){ open + 1, patch->items[open].pair },
		implied, &rows);
	draft_add(out, " (SELECT ");
	add_implied(pivot, implied, "", "redsh_input.", out);
	draft_add(out, str_ends(out->sql.text, "SELECT ") ? "" : ", ");
	draft_add(out, "redsh_pair.");
	draft_range(out, patch, value + 2, value + 3);
	draft_add(out, ", redsh_pair.");
	draft_range(out, patch, value, value + 1);
	draft_add(out,
		  " FROM (SELECT * FROM %s) AS redsh_input CROSS JOIN "
		  "LATERAL (VALUES %s) AS redsh_pair (",
		  pivot->input.sql.text, rows.sql.text);
	draft_range(out, patch, value + 2, value + 3);
	draft_add(out, ",");
	draft_range(out, patch, value, value + 1);
	draft_add(out, ")");
	if (!pivot->nulls) {
		draft_add(out, " WHERE redsh_pair.");
		draft_range(out, patch, value, value + 1);
		draft_add(out, " IS NOT NULL");
	}
	draft_add(out, ")");
	draft_done(&rows);
	mem_free(implied);
	return ok;
}

static bool add_whole(struct pivot *pivot, bool *out_did)
{
	struct query *query = pivot->query;
	const struct patch *patch = &query->work->patch;
	struct draft *out = query->draft;
	bool ok;

	if (!read_pivot(pivot))
		return false;
	draft_range(out, patch, query->shape.select, pivot->from);
	ok = patch_match(patch, pivot->word, "pivot") ? add_pivot(pivot, out)
						      : add_unpivot(pivot, out);
	if (pivot->end == pivot->close + 1)
		draft_add(out, " AS redsh_pivot%zu", pivot->word);
	draft_range(out, patch, pivot->close + 1, query->shape.end);
	*out_did = ok;
	return ok;
}

/* UNPIVOT of an object (UNPIVOT expr AS v AT k) is SUPER's, not ours. */
static bool is_pivot(const struct patch *patch, size_t at)
{
	return patch_match(patch, at, "pivot (") ||
	       patch_match(patch, at, "unpivot (") ||
	       patch_match(patch, at, "unpivot include nulls") ||
	       patch_match(patch, at, "unpivot exclude nulls");
}

bool query_pivot(struct query *query, bool *out_did)
{
	const struct patch *patch = &query->work->patch;
	const struct shape_part *tables = &query->shape.parts[SHAPE_FROM];

	for (size_t i = tables->body; i < tables->to; i++) {
		struct pivot pivot = { .query = query, .word = i };
		bool ok;

		if (token_is_char(patch_at(patch, i), '(') &&
		    patch->items[i].pair > i)
			i = patch->items[i].pair;
		if (!is_pivot(patch, i))
			continue;
		ok = add_whole(&pivot, out_did);
		pivot_done(&pivot);
		return ok;
	}
	return true;
}
