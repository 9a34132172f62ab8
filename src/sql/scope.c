/* How: the statement around the cursor is read into words that know their
 * matching parenthesis (sql/parens). A query is a range of them that begins
 * with SELECT or WITH; UNION and its like cut it into parts. The part that
 * holds the cursor gives the tables of its FROM, then the parts around it do,
 * one depth further out, as far as they are visible: not through the
 * parentheses of a FROM or a WITH. CTEs are read first, since a FROM may name
 * them. */
#include "sql/scope.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "sql/lexer.h"
#include "sql/scope_read.h"

struct level {
	struct scope_range part; /* what holds the cursor */
	bool opaque;             /* what is around cannot be seen from it */
};

struct levels {
	VEC(struct level);
};

/* Where the query of a statement begins: INSERT INTO t (c) SELECT ..., CREATE
 * VIEW v AS SELECT ..., EXPLAIN SELECT ... */
static size_t main_query(const struct scope *scope)
{
	const struct parens *words = &scope->words;

	if (parens_role(words, 0) == ROLE_GRANT ||
	    parens_role(words, 0) == ROLE_TARGET)
		return SIZE_MAX;
	for (size_t i = 0; i < words->count;
	     i = parens_skip(words, i, words->count)) {
		enum parens_role role = parens_role(words, i);

		if (role == ROLE_SELECT || role == ROLE_WITH)
			return i;
	}
	return SIZE_MAX;
}

static struct scope_range statement(const struct scope *scope)
{
	struct scope_range whole = { 0, scope->words.count };
	size_t query = main_query(scope);

	if (query == SIZE_MAX)
		return whole;
	if (scope->cursor >= parens_start(&scope->words, query))
		whole.from = query;
	else
		whole.to = query;
	return whole;
}

/* The part of a query, cut at UNION and its like, that holds the cursor. */
static struct scope_range part_at_cursor(const struct scope *scope,
					 struct scope_range range, size_t from)
{
	struct scope_range part = scope_part(scope, range, from);

	while (part.to < range.to &&
	       parens_end(&scope->words, part.to) <= scope->cursor) {
		size_t next = part.to + 1;

		while (next < range.to &&
		       parens_role(&scope->words, next) == ROLE_DISTINCT)
			next++;
		part = scope_part(scope, range, next);
	}
	return part;
}

/* What a comma or parenthesis at the level belongs to. */
static void note_clause(const struct scope *scope, size_t at, bool *in_from)
{
	switch (parens_role(&scope->words, at)) {
	case ROLE_FROM:
	case ROLE_JOIN:
	case ROLE_ON:
		*in_from = true;
		break;
	case ROLE_WHERE:
	case ROLE_CLAUSE:
	case ROLE_SELECT:
	case ROLE_SET:
	case ROLE_VALUES:
		*in_from = false;
		break;
	default:
		break;
	}
}

/* The innermost query in range that holds the cursor, other than range
 * itself; false: none. */
static bool find_inner(const struct scope *scope, struct scope_range range,
		       struct scope_range *out, bool *out_opaque)
{
	const struct parens *words = &scope->words;
	bool in_from = false;

	for (size_t i = range.from; i < range.to; i++) {
		struct scope_range inner;
		enum parens_role before;

		note_clause(scope, i, &in_from);
		if (!parens_is_char(words, i, '('))
			continue;
		if (!parens_hold(&scope->words, i, scope->cursor)) {
			i = parens_skip(words, i, range.to) - 1;
			continue;
		}
		inner = (struct scope_range){ i + 1, words->items[i].close };
		if (inner.to > range.to)
			inner.to = range.to;
		if (!scope_is_query(scope, inner))
			continue;
		before = i > 0 ? parens_role(words, i - 1) : ROLE_OTHER;
		*out = inner;
		*out_opaque = before == ROLE_FROM || before == ROLE_JOIN ||
			      (in_from && parens_is_char(words, i - 1, ','));
		return true;
	}
	return false;
}

/* The levels from the statement inwards; the CTEs visible at the cursor are
 * read on the way. */
static void find_levels(struct scope *scope, struct levels *levels)
{
	struct scope_range range = statement(scope);
	bool opaque = true;

	while (levels->count < SCOPE_NESTING_MAX) {
		struct scope_range inside;
		struct level level;
		size_t select = scope_read_with(scope, range, 0, &inside);

		if (inside.to > 0) {
			range = inside;
			opaque = true;
			if (!scope_is_query(scope, range))
				break;
			vec_clear(levels);
			continue;
		}
		level.part = part_at_cursor(scope, range, select);
		level.opaque = opaque;
		vec_push(levels, level);
		if (!find_inner(scope, level.part, &range, &opaque))
			break;
	}
}

/* Innermost first. */
static void read_levels(struct scope *scope, const struct levels *levels)
{
	int depth = 0;

	for (size_t i = levels->count; i-- > 0; depth++) {
		scope_read_part(scope, levels->items[i].part, depth, 0);
		if (levels->items[i].opaque)
			break;
	}
}

static void add_output(void *context, struct scope_range range)
{
	struct scope *scope = context;
	struct scope_output output = scope_describe(scope, range);

	vec_push(&scope->outputs, output);
}

static void read_own_outputs(struct scope *scope, const struct levels *levels)
{
	struct scope_range part;

	if (levels->count == 0)
		return;
	part = levels->items[levels->count - 1].part;
	if (parens_role(&scope->words, part.from) == ROLE_SELECT)
		scope_read_outputs(scope, part, add_output, scope);
}

/* ---- lists ---- */

static bool touches_cursor(const struct scope *scope, size_t at)
{
	return parens_start(&scope->words, at) <= scope->cursor &&
	       scope->cursor <= parens_end(&scope->words, at);
}

/* The innermost parentheses around the cursor that begin no query. */
static bool find_list(const struct scope *scope, struct scope_range range,
		      struct scope_range *out)
{
	const struct parens *words = &scope->words;
	bool found = false;

	for (size_t i = range.from; i < range.to; i++) {
		if (!parens_is_char(words, i, '('))
			continue;
		if (!parens_hold(&scope->words, i, scope->cursor)) {
			i = parens_skip(words, i, range.to) - 1;
			continue;
		}
		*out = (struct scope_range){ i + 1, words->items[i].close };
		found = !scope_is_query(scope, *out);
	}
	return found;
}

/* ( a, b, | ) */
static void read_list(struct scope *scope, struct scope_range range)
{
	const struct parens *words = &scope->words;

	for (size_t i = range.from; i < range.to;
	     i = parens_skip(words, i, range.to)) {
		bool begins =
			i == range.from || parens_is_char(words, i - 1, ',');

		if (begins && parens_is_name(words, i) &&
		    !touches_cursor(scope, i))
			vec_push(&scope->listed, scope_keep_name(scope, i));
	}
}

/* SET a = 1, b = 2, | */
static void read_set(struct scope *scope, struct scope_range range)
{
	const struct parens *words = &scope->words;

	for (size_t i = range.from; i + 1 < range.to;
	     i = parens_skip(words, i, range.to)) {
		bool begins = i > range.from &&
			      (parens_is_char(words, i - 1, ',') ||
			       parens_role(words, i - 1) == ROLE_SET);

		if (begins && parens_is_name(words, i) &&
		    parens_is_char(words, i + 1, '=') &&
		    !touches_cursor(scope, i))
			vec_push(&scope->listed, scope_keep_name(scope, i));
	}
}

static void read_listed(struct scope *scope)
{
	struct scope_range whole = { 0, scope->words.count };
	struct scope_range list;

	if (find_list(scope, whole, &list))
		read_list(scope, list);
	else
		read_set(scope, whole);
}

/* WINDOW w AS (...), v AS (...) */
static void read_windows(struct scope *scope, const struct levels *levels)
{
	const struct parens *words = &scope->words;
	struct scope_range part;
	bool inside = false;

	if (levels->count == 0)
		return;
	part = levels->items[levels->count - 1].part;
	for (size_t i = part.from; i < part.to;
	     i = parens_skip(words, i, part.to)) {
		enum parens_role role = parens_role(words, i);

		if (role == ROLE_WINDOW)
			inside = true;
		else if (role == ROLE_CLAUSE)
			inside = false;
		else if (inside && role == ROLE_NAME &&
			 parens_role(words, i + 1) == ROLE_AS)
			vec_push(&scope->windows, scope_keep_name(scope, i));
	}
}

/* ---- the object ---- */

struct scope *scope_new(const char *sql, size_t len, size_t cursor)
{
	struct scope *scope = mem_alloc(sizeof(*scope));
	struct levels levels = { 0 };

	scope->cursor = cursor;
	parens_read(&scope->words, sql, len, cursor);
	find_levels(scope, &levels);
	read_levels(scope, &levels);
	read_own_outputs(scope, &levels);
	read_listed(scope);
	read_windows(scope, &levels);
	vec_push(&scope->listed, NULL);
	vec_push(&scope->merged, NULL);
	vec_push(&scope->windows, NULL);
	vec_done(&levels);
	return scope;
}

void scope_free(struct scope *scope)
{
	if (scope == NULL)
		return;
	for (size_t i = 0; i < scope->kept.count; i++)
		mem_free(scope->kept.items[i]);
	vec_done(&scope->kept);
	parens_done(&scope->words);
	vec_done(&scope->items);
	vec_done(&scope->ctes);
	vec_done(&scope->outputs);
	vec_done(&scope->listed);
	vec_done(&scope->merged);
	vec_done(&scope->windows);
	mem_free(scope);
}

size_t scope_count(const struct scope *scope)
{
	return scope->items.count;
}

const struct scope_item *scope_item(const struct scope *scope, size_t at)
{
	return &scope->items.items[at];
}

const struct scope_item *scope_find(const struct scope *scope,
				    const char *alias)
{
	for (size_t i = 0; i < scope->items.count; i++)
		if (str_equal_nocase(scope->items.items[i].alias, alias))
			return &scope->items.items[i];
	return NULL;
}

size_t scope_cte_count(const struct scope *scope)
{
	return scope->ctes.count;
}

const struct scope_item *scope_cte(const struct scope *scope, size_t at)
{
	return &scope->ctes.items[at];
}

size_t scope_output_count(const struct scope *scope)
{
	return scope->outputs.count;
}

const struct scope_output *scope_output(const struct scope *scope, size_t at)
{
	return &scope->outputs.items[at];
}

const char *const *scope_listed(const struct scope *scope)
{
	return (const char *const *)scope->listed.items;
}

const char *const *scope_merged(const struct scope *scope)
{
	return (const char *const *)scope->merged.items;
}

const char *const *scope_windows(const struct scope *scope)
{
	return (const char *const *)scope->windows.items;
}
