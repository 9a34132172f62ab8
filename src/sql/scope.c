/* How: the statement around the cursor is read into tokens that know their
 * matching parenthesis. A query is a range of them that begins with SELECT or
 * WITH; UNION and its like cut it into parts. Each part that holds the cursor
 * gives the tables of its FROM, then the parts around it do, one depth
 * further out. CTEs are read first, since a FROM may name them. */
#include "sql/scope.h"

#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "sql/lexer.h"
#include "sql/quote.h"

enum { NESTING_MAX = 40 }; /* of queries in queries */

struct word { /* a token with its partner */
	struct token token;
	size_t close; /* of "(": index of its ")", or the end */
};

struct names {
	VEC(const char *);
};

struct cte {
	const char *name;
	const char *const *columns;
	const char *const *sources;
};

struct scope {
	struct {
		VEC(struct word);
	} words;
	struct {
		VEC(struct scope_item);
	} items;
	struct {
		VEC(struct cte);
	} ctes;
	struct names cte_names; /* NULL-ended */
	struct {
		VEC(char *);
	} texts; /* all that items point to */
	struct {
		VEC(const char **);
	} lists;
	size_t cursor;
};

struct range { /* words[from..to) */
	size_t from, to;
};

/* ---- owned texts ---- */

static const char *keep(struct scope *scope, struct str *text)
{
	char *kept = mem_copy_slice(text->text, text->len);

	vec_push(&scope->texts, kept);
	return kept;
}

static const char *keep_name(struct scope *scope, const struct token *token)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	quote_name_read(&name, token->text, token->len, false);
	return keep(scope, &name);
}

/* Takes the items over; the list ends with NULL. */
static const char *const *keep_list(struct scope *scope, struct names *names)
{
	const char **list;

	vec_push(names, NULL);
	list = names->items;
	vec_push(&scope->lists, list);
	*names = (struct names){ 0 };
	return list;
}

/* ---- tokens ---- */

static const struct token *at(const struct scope *scope, size_t index)
{
	static const struct token end = { .kind = TOKEN_END, .text = "" };

	return index < scope->words.count ? &scope->words.items[index].token
					  : &end;
}

static bool is_name(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
	       token->kind == TOKEN_TEMP;
}

static bool is_one_of(const struct token *token, const char *const *words)
{
	for (; *words != NULL; words++)
		if (token_is(token, *words))
			return true;
	return false;
}

/* The index behind the token, or behind the pair of parentheses it opens. */
static size_t skip(const struct scope *scope, size_t index, size_t to)
{
	if (token_is_char(at(scope, index), '(')) {
		size_t close = scope->words.items[index].close;

		return close < to ? close + 1 : to;
	}
	return index + 1;
}

static void read_words(struct scope *scope, const char *sql, size_t len)
{
	struct {
		VEC(size_t);
	} open = { 0 };
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, len, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END) {
		struct word word = { .token = token, .close = 0 };

		if (token_is_char(&token, ';')) {
			if (token.at >= scope->cursor)
				break;
			vec_clear(&scope->words);
			vec_clear(&open);
			continue;
		}
		if (token_is_char(&token, '('))
			vec_push(&open, scope->words.count);
		if (token_is_char(&token, ')') && open.count > 0)
			scope->words.items[open.items[--open.count]].close =
				scope->words.count;
		vec_push(&scope->words, word);
	}
	while (open.count > 0)
		scope->words.items[open.items[--open.count]].close =
			scope->words.count;
	vec_done(&open);
}

/* ---- ranges ---- */

static bool is_query(const struct scope *scope, struct range range)
{
	return range.from < range.to &&
	       (token_is(at(scope, range.from), "SELECT") ||
		token_is(at(scope, range.from), "WITH"));
}

/* Whether the cursor is between the parentheses that hold the range, or in
 * the range itself. */
static bool holds_cursor(const struct scope *scope, struct range range)
{
	size_t start = range.from > 0 ? at(scope, range.from - 1)->at + 1 : 0;
	size_t end = range.to < scope->words.count ? at(scope, range.to)->at
						   : (size_t)-1;

	return scope->cursor >= start && scope->cursor <= end;
}

static const char *const set_operators[] = { "UNION", "INTERSECT", "EXCEPT",
					     "MINUS", NULL };

/* The next part of range at or after from, cut at UNION and the like. */
static struct range next_part(const struct scope *scope, struct range range,
			      size_t from)
{
	struct range part = { from, range.to };

	for (size_t i = from; i < range.to; i = skip(scope, i, range.to)) {
		if (is_one_of(at(scope, i), set_operators)) {
			part.to = i;
			break;
		}
	}
	return part;
}

/* ---- FROM ---- */

static const char *const ends_from[] = {
	"WHERE",  "GROUP",     "HAVING", "ORDER",   "LIMIT",   "OFFSET",
	"UNION",  "INTERSECT", "EXCEPT", "MINUS",   "QUALIFY", "SET",
	"VALUES", "SELECT",    "WHEN",   "CONNECT", "START",   NULL
};

static const char *const not_an_alias[] = {
	"WHERE",   "GROUP",     "HAVING",  "ORDER",   "LIMIT",   "OFFSET",
	"UNION",   "EXCEPT",    "MINUS",   "SET",     "VALUES",  "SELECT",
	"ON",      "USING",     "JOIN",    "INNER",   "LEFT",    "RIGHT",
	"FULL",    "CROSS",     "NATURAL", "WHEN",    "QUALIFY", "WITH",
	"AS",      "INTERSECT", "FROM",    "CONNECT", "START",   "PIVOT",
	"UNPIVOT", NULL
};

static const struct cte *find_cte(const struct scope *scope, const char *name)
{
	/* The newest first: an inner WITH hides an outer one. */
	for (size_t i = scope->ctes.count; i-- > 0;)
		if (str_equal_nocase(scope->ctes.items[i].name, name))
			return &scope->ctes.items[i];
	return NULL;
}

/* [AS] alias; returns the index behind it. */
static size_t read_alias(struct scope *scope, size_t index, size_t to,
			 const char **out_alias)
{
	if (index < to && token_is(at(scope, index), "AS"))
		index++;
	if (index < to && is_name(at(scope, index)) &&
	    !is_one_of(at(scope, index), not_an_alias)) {
		*out_alias = keep_name(scope, at(scope, index));
		return index + 1;
	}
	return index;
}

static void read_output(struct scope *scope, struct range query, int nesting,
			const char *const **out_columns,
			const char *const **out_sources);

static size_t read_subquery(struct scope *scope, size_t index, size_t to,
			    struct scope_item *item, int nesting)
{
	struct range inner = { index + 1, scope->words.items[index].close };

	item->kind = SCOPE_SUBQUERY;
	if (is_query(scope, inner))
		read_output(scope, inner, nesting + 1, &item->columns,
			    &item->sources);
	return read_alias(scope, skip(scope, index, to), to, &item->alias);
}

static size_t read_table(struct scope *scope, size_t index, size_t to,
			 struct scope_item *item)
{
	const char *parts[3] = { "", "", "" };
	const struct cte *cte;
	size_t count = 0;

	for (;;) {
		/* Deeper names keep their last three parts. */
		if (count == COUNT_OF(parts)) {
			parts[0] = parts[1];
			parts[1] = parts[2];
			count--;
		}
		parts[count++] = keep_name(scope, at(scope, index++));
		if (index + 1 >= to || !token_is_char(at(scope, index), '.') ||
		    !is_name(at(scope, index + 1)))
			break;
		index++;
	}
	item->kind = SCOPE_TABLE;
	item->name = parts[count - 1];
	item->schema = count > 1 ? parts[count - 2] : "";
	item->database = count > 2 ? parts[count - 3] : "";
	item->alias = item->name;
	if (index < to && token_is_char(at(scope, index), '(')) {
		item->kind = SCOPE_FUNCTION;
		index = skip(scope, index, to);
	}
	cte = count == 1 ? find_cte(scope, item->name) : NULL;
	if (cte != NULL) {
		item->kind = SCOPE_CTE;
		item->columns = cte->columns;
		item->sources = cte->sources;
	}
	return read_alias(scope, index, to, &item->alias);
}

/* Tables listed from index on, parted by commas. Appends them. */
static size_t read_tables(struct scope *scope, size_t index, size_t to,
			  int depth, int nesting)
{
	while (index < to) {
		struct scope_item item = {
			.database = "",
			.schema = "",
			.name = "",
			.alias = "",
			.depth = depth,
		};

		if (token_is_char(at(scope, index), '(') &&
		    nesting < NESTING_MAX) {
			index = read_subquery(scope, index, to, &item, nesting);
		} else if (is_name(at(scope, index)) &&
			   !is_one_of(at(scope, index), ends_from)) {
			index = read_table(scope, index, to, &item);
		} else {
			break;
		}
		vec_push(&scope->items, item);
		if (index >= to || !token_is_char(at(scope, index), ','))
			break;
		index++;
	}
	return index;
}

/* Words after which a table's name stands. COPY, UPDATE, TABLE and INTO only
 * matter outside of SELECT, where they are harmless. */
static const char *const before_tables[] = { "FROM", "JOIN",  "INTO",  "UPDATE",
					     "COPY", "TABLE", "USING", NULL };

/* All tables of one part of a query or of one statement. */
static void read_part(struct scope *scope, struct range part, int depth,
		      int nesting)
{
	for (size_t i = part.from; i < part.to;) {
		bool names_follow = is_one_of(at(scope, i), before_tables);
		/* JOIN b USING (columns) */
		bool columns = token_is(at(scope, i), "USING") &&
			       token_is_char(at(scope, i + 1), '(') &&
			       !token_is(at(scope, i + 2), "SELECT");

		i = skip(scope, i, part.to);
		if (names_follow && !columns)
			i = read_tables(scope, i, part.to, depth, nesting);
	}
}

/* ---- what a query gives ---- */

static void add_sources(struct scope *scope, const struct scope_item *item,
			struct names *columns, struct names *sources)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (item->kind == SCOPE_TABLE) {
		quote_qualified(&name, item->schema, item->name);
		vec_push(sources, keep(scope, &name));
		vec_push(columns, "*");
		return;
	}
	for (size_t i = 0; item->columns != NULL && item->columns[i] != NULL;
	     i++)
		vec_push(columns, item->columns[i]);
	for (size_t i = 0; item->sources != NULL && item->sources[i] != NULL;
	     i++)
		vec_push(sources, item->sources[i]);
}

/* One expression of a select list: words[from..to). first: the items that
 * its FROM gave begin there. */
static void read_expression(struct scope *scope, struct range range,
			    size_t first, struct names *columns,
			    struct names *sources)
{
	const struct token *last;

	if (range.from >= range.to)
		return;
	last = at(scope, range.to - 1);
	if (token_is_char(last, '*')) {
		bool qualified = range.to - range.from >= 3;
		const char *of =
			qualified ? keep_name(scope, at(scope, range.to - 3))
				  : "";

		for (size_t i = first; i < scope->items.count; i++)
			if (!qualified ||
			    str_equal_nocase(scope->items.items[i].alias, of))
				add_sources(scope, &scope->items.items[i],
					    columns, sources);
		return;
	}
	if (is_name(last)) {
		if (!token_is(last, "END"))
			vec_push(columns, keep_name(scope, last));
		return;
	}
	/* f(...) without a name is called f. */
	if (token_is_char(last, ')') && is_name(at(scope, range.from)) &&
	    token_is_char(at(scope, range.from + 1), '('))
		vec_push(columns, keep_name(scope, at(scope, range.from)));
}

static size_t skip_with(struct scope *scope, struct range query, int nesting);

static void read_output(struct scope *scope, struct range query, int nesting,
			const char *const **out_columns,
			const char *const **out_sources)
{
	struct names columns = { 0 }, sources = { 0 };
	size_t items_before = scope->items.count;
	size_t ctes_before = scope->ctes.count;
	struct range part, one;
	size_t i;

	if (nesting > NESTING_MAX)
		return;
	part = next_part(scope, query, skip_with(scope, query, nesting));
	read_part(scope, part, 0, nesting);
	i = part.from + 1;
	while (i < part.to && (token_is(at(scope, i), "DISTINCT") ||
			       token_is(at(scope, i), "ALL")))
		i++;
	one.from = i;
	for (; i <= part.to; i = skip(scope, i, part.to)) {
		bool ends = i >= part.to || token_is(at(scope, i), "FROM") ||
			    token_is(at(scope, i), "INTO");

		if (!ends && !token_is_char(at(scope, i), ','))
			continue;
		one.to = i;
		read_expression(scope, one, items_before, &columns, &sources);
		one.from = i + 1;
		if (ends)
			break;
	}
	/* What it reads is not in the scope of who reads it. */
	scope->items.count = items_before;
	scope->ctes.count = ctes_before;
	*out_columns = keep_list(scope, &columns);
	*out_sources = keep_list(scope, &sources);
}

/* ---- WITH ---- */

static void read_column_names(struct scope *scope, size_t open,
			      struct names *out)
{
	size_t close = scope->words.items[open].close;

	for (size_t i = open + 1; i < close; i++)
		if (is_name(at(scope, i)))
			vec_push(out, keep_name(scope, at(scope, i)));
}

/* name [(columns)] AS (query); returns the index behind it. */
static size_t read_cte(struct scope *scope, size_t index, size_t to,
		       int nesting)
{
	struct cte cte = { .name = keep_name(scope, at(scope, index++)) };
	struct names names = { 0 };

	if (index < to && token_is_char(at(scope, index), '(')) {
		read_column_names(scope, index, &names);
		index = skip(scope, index, to);
	}
	if (index < to && token_is(at(scope, index), "AS"))
		index++;
	if (index < to && token_is_char(at(scope, index), '(')) {
		struct range inner = { index + 1,
				       scope->words.items[index].close };

		if (is_query(scope, inner))
			read_output(scope, inner, nesting + 1, &cte.columns,
				    &cte.sources);
		index = skip(scope, index, to);
	}
	if (names.count > 0) {
		cte.columns = keep_list(scope, &names);
		cte.sources = NULL;
	}
	vec_done(&names);
	vec_push(&scope->ctes, cte);
	return index;
}

/* Reads the CTEs of a query; returns where its SELECT begins. */
static size_t skip_with(struct scope *scope, struct range query, int nesting)
{
	size_t i = query.from;

	if (!token_is(at(scope, i), "WITH"))
		return i;
	i++;
	if (token_is(at(scope, i), "RECURSIVE"))
		i++;
	while (i < query.to && is_name(at(scope, i))) {
		i = read_cte(scope, i, query.to, nesting);
		if (i >= query.to || !token_is_char(at(scope, i), ','))
			break;
		i++;
	}
	return i;
}

/* ---- the levels around the cursor ---- */

/* The innermost query in range that holds the cursor, other than range
 * itself; false: none. */
static bool find_inner(const struct scope *scope, struct range range,
		       struct range *out)
{
	for (size_t i = range.from; i < range.to; i++) {
		struct range inner;

		if (!token_is_char(at(scope, i), '('))
			continue;
		inner = (struct range){ i + 1, scope->words.items[i].close };
		if (!holds_cursor(scope, inner)) {
			i = inner.to;
			continue;
		}
		if (is_query(scope, inner)) {
			*out = inner;
			return true;
		}
	}
	return false;
}

/* Levels from the statement inwards; items are then turned round, so that
 * the innermost come first. */
static void read_levels(struct scope *scope)
{
	struct {
		VEC(struct range);
	} levels = { 0 };
	struct range range = { 0, scope->words.count };
	int depth;

	vec_push(&levels, range);
	while (levels.count < NESTING_MAX &&
	       find_inner(scope, levels.items[levels.count - 1], &range))
		vec_push(&levels, range);
	/* CTEs of outer levels are visible inside. */
	for (size_t i = 0; i < levels.count; i++) {
		size_t start = skip_with(scope, levels.items[i], 0);

		levels.items[i].from = start;
	}
	depth = 0;
	for (size_t i = levels.count; i-- > 0; depth++) {
		struct range part =
			next_part(scope, levels.items[i], levels.items[i].from);

		while (part.to < levels.items[i].to &&
		       at(scope, part.to)->at < scope->cursor)
			part = next_part(scope, levels.items[i], part.to + 1);
		read_part(scope, part, depth, 0);
	}
	vec_done(&levels);
}

struct scope *scope_new(const char *sql, size_t len, size_t cursor)
{
	struct scope *scope = mem_alloc(sizeof(*scope));

	scope->cursor = cursor;
	read_words(scope, sql, len);
	read_levels(scope);
	for (size_t i = 0; i < scope->ctes.count; i++)
		vec_push(&scope->cte_names, scope->ctes.items[i].name);
	vec_push(&scope->cte_names, NULL);
	return scope;
}

void scope_free(struct scope *scope)
{
	if (scope == NULL)
		return;
	for (size_t i = 0; i < scope->texts.count; i++)
		mem_free(scope->texts.items[i]);
	for (size_t i = 0; i < scope->lists.count; i++)
		mem_free(scope->lists.items[i]);
	vec_done(&scope->texts);
	vec_done(&scope->lists);
	vec_done(&scope->words);
	vec_done(&scope->items);
	vec_done(&scope->ctes);
	vec_done(&scope->cte_names);
	mem_free(scope);
}

size_t scope_count(const struct scope *scope)
{
	return scope->items.count;
}

const struct scope_item *scope_item(const struct scope *scope, size_t index)
{
	return &scope->items.items[index];
}

const struct scope_item *scope_find(const struct scope *scope,
				    const char *alias)
{
	for (size_t i = 0; i < scope->items.count; i++)
		if (str_equal_nocase(scope->items.items[i].alias, alias))
			return &scope->items.items[i];
	return NULL;
}

const char *const *scope_ctes(const struct scope *scope)
{
	return (const char *const *)scope->cte_names.items;
}
