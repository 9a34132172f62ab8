#include "sql/scope_read.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "sql/keyword.h"
#include "sql/lexer.h"
#include "sql/quote.h"

struct columns {
	VEC(struct scope_column);
};

static const struct scope_table no_table = { "", "", "" };

/* ---- what is kept ---- */

static const char *keep(struct scope *scope, struct str *text)
{
	char *kept = mem_copy_slice(text->text, text->len);

	vec_push(&scope->kept, kept);
	return kept;
}

const char *scope_keep_name(struct scope *scope, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const struct parens_word *word = &scope->words.items[at];

	quote_name_read(&name, scope->words.sql + word->at, word->len, false);
	return keep(scope, &name);
}

static void keep_columns(struct scope *scope, struct columns *columns,
			 struct scope_item *item)
{
	item->columns = columns->items;
	item->column_count = columns->count;
	item->known = true;
	if (columns->items != NULL)
		vec_push(&scope->kept, columns->items);
	*columns = (struct columns){ 0 };
}

static void add_column(struct columns *columns, struct scope_column column)
{
	if (columns->count < SCOPE_COLUMNS_MAX)
		vec_push(columns, column);
}

/* ---- ranges ---- */

bool scope_is_query(const struct scope *scope, struct scope_range range)
{
	enum parens_role role = parens_role(&scope->words, range.from);

	return range.from < range.to &&
	       (role == ROLE_SELECT || role == ROLE_WITH);
}

static struct scope_range inside_of(const struct scope *scope, size_t open)
{
	return (struct scope_range){ open + 1, scope->words.items[open].close };
}

struct scope_range scope_part(const struct scope *scope,
			      struct scope_range range, size_t from)
{
	struct scope_range part = { from, range.to };

	for (size_t i = from; i < range.to;
	     i = parens_skip(&scope->words, i, range.to)) {
		if (parens_role(&scope->words, i) == ROLE_SET_OPERATOR) {
			part.to = i;
			break;
		}
	}
	return part;
}

/* ---- FROM ---- */

/* The names of ( a, b ) at open. */
static void read_names(struct scope *scope, size_t open,
		       struct scope_names *out)
{
	size_t close = scope->words.items[open].close;

	for (size_t i = open + 1; i < close && out->count < SCOPE_COLUMNS_MAX;
	     i = parens_skip(&scope->words, i, close))
		if (parens_is_name(&scope->words, i))
			vec_push(out, scope_keep_name(scope, i));
}

/* The columns of item are called as the names at open say. */
static void rename_columns(struct scope *scope, size_t open,
			   struct scope_item *item)
{
	struct scope_names names = { 0 };
	struct columns columns = { 0 };
	bool plain = true; /* no "all columns" before this one */

	read_names(scope, open, &names);
	for (size_t i = 0; i < names.count; i++) {
		struct scope_column column = { .table = no_table, .of = "" };

		plain = plain && i < item->column_count &&
			*item->columns[i].name != '\0';
		if (plain)
			column = item->columns[i];
		column.name = names.items[i];
		add_column(&columns, column);
	}
	for (size_t i = names.count; plain && i < item->column_count; i++)
		add_column(&columns, item->columns[i]);
	if (names.count > 0)
		keep_columns(scope, &columns, item);
	vec_done(&columns);
	vec_done(&names);
}

static const struct scope_item *find_cte(const struct scope *scope,
					 const char *name)
{
	/* The newest first: an inner WITH hides an outer one. */
	for (size_t i = scope->ctes.count; i-- > 0;)
		if (str_equal_nocase(scope->ctes.items[i].alias, name))
			return &scope->ctes.items[i];
	return NULL;
}

/* [AS] alias [(columns)]; returns the index behind it. */
static size_t read_alias(struct scope *scope, size_t at, size_t to,
			 struct scope_item *item)
{
	const struct parens *words = &scope->words;
	bool as = at < to && parens_role(words, at) == ROLE_AS;

	at += as;
	if (at >= to || !parens_is_name(words, at) ||
	    (!as && parens_role(words, at) != ROLE_NAME))
		return at;
	item->alias = scope_keep_name(scope, at);
	item->aliased = true;
	item->end = parens_end(words, at++);
	if (at < to && parens_is_char(words, at, '(')) {
		rename_columns(scope, at, item);
		at = parens_skip(words, at, to);
	}
	/* t.list AS x AT i */
	if (at + 1 < to && parens_role(words, at) == ROLE_AT)
		at += 2;
	return at;
}

/* [PIVOT (...) [AS alias]] */
static size_t read_pivot(struct scope *scope, size_t at, size_t to,
			 struct scope_item *item)
{
	const struct parens *words = &scope->words;

	if (at + 1 < to && parens_role(words, at) == ROLE_PIVOT &&
	    parens_is_char(words, at + 1, '('))
		return read_alias(scope, parens_skip(words, at + 1, to), to,
				  item);
	return at;
}

static void read_query(struct scope *scope, struct scope_range query,
		       int nesting, struct scope_item *item);

static size_t read_subquery(struct scope *scope, size_t at, size_t to,
			    struct scope_item *item, int nesting)
{
	struct scope_range inner = inside_of(scope, at);
	size_t behind = parens_skip(&scope->words, at, to);

	item->kind = SCOPE_SUBQUERY;
	item->end = parens_start(&scope->words, behind);
	if (scope_is_query(scope, inner))
		read_query(scope, inner, nesting + 1, item);
	return read_alias(scope, behind, to, item);
}

/* a.b.c: the last three parts of a name; returns the index behind it. */
static size_t read_name(struct scope *scope, size_t at, size_t to,
			const char *parts[3], size_t *out_count)
{
	const struct parens *words = &scope->words;
	size_t count = 0;

	for (;;) {
		if (count == 3) {
			parts[0] = parts[1];
			parts[1] = parts[2];
			count--;
		}
		parts[count++] = scope_keep_name(scope, at++);
		if (at + 1 >= to || !parens_is_char(words, at, '.') ||
		    parens_role(words, at + 1) != ROLE_NAME)
			break;
		at++;
	}
	*out_count = count;
	/* "s." with nothing behind the dot. */
	return at < to && parens_is_char(words, at, '.') ? at + 1 : at;
}

static bool is_earlier_alias(const struct scope *scope, const char *name)
{
	for (size_t i = 0; i < scope->items.count; i++)
		if (str_equal_nocase(scope->items.items[i].alias, name))
			return true;
	return false;
}

static void set_cte(const struct scope *scope, struct scope_item *item)
{
	const struct scope_item *cte = find_cte(scope, item->table.name);

	if (cte == NULL)
		return;
	item->kind = SCOPE_CTE;
	item->known = cte->known;
	item->columns = cte->columns;
	item->column_count = cte->column_count;
}

static size_t read_table(struct scope *scope, size_t at, size_t to,
			 struct scope_item *item)
{
	const struct parens *words = &scope->words;
	const char *parts[3] = { "", "", "" };
	size_t count;

	at = read_name(scope, at, to, parts, &count);
	item->kind = SCOPE_TABLE;
	item->table.name = parts[count - 1];
	item->table.schema = count > 1 ? parts[count - 2] : "";
	item->table.database = count > 2 ? parts[count - 3] : "";
	item->alias = item->table.name;
	item->end = parens_end(words, at - 1);
	if (count > 1 && is_earlier_alias(scope, parts[0])) {
		item->kind = SCOPE_UNNEST;
		/* t.list[0] AS x */
		while (at < to && parens_is_char(words, at, '['))
			for (at++; at < to;)
				if (parens_is_char(words, at++, ']'))
					break;
	} else if (at < to && parens_is_char(words, at, '(')) {
		item->kind = SCOPE_FUNCTION;
		at = parens_skip(words, at, to);
	} else if (count == 1) {
		set_cte(scope, item);
	}
	return read_alias(scope, at, to, item);
}

/* The name is being typed: it names nothing yet. */
static bool is_typed(const struct scope *scope, const struct scope_item *item)
{
	return !item->aliased && item->kind != SCOPE_SUBQUERY &&
	       item->at <= scope->cursor && scope->cursor <= item->end;
}

static size_t read_joined(struct scope *scope, struct scope_range range,
			  int depth, int nesting);

/* Unreserved keywords may name tables, but some begin what follows FROM. */
static bool may_be_table(const struct scope *scope, size_t at)
{
	enum parens_role role = parens_role(&scope->words, at);

	return role == ROLE_NAME || role == ROLE_FROM_CALL ||
	       role == ROLE_FILTER || role == ROLE_EXCLUDE;
}

/* Tables listed from at on, parted by commas. */
static size_t read_tables(struct scope *scope, size_t at, size_t to, int depth,
			  int nesting)
{
	const struct parens *words = &scope->words;

	while (at < to) {
		struct scope_item item = {
			.table = no_table,
			.alias = "",
			.depth = depth,
		};

		while (at < to && (parens_role(words, at) == ROLE_LATERAL ||
				   parens_role(words, at) == ROLE_PIVOT))
			at++;
		item.at = item.end = parens_start(words, at);
		if (parens_is_char(words, at, '(') &&
		    nesting < SCOPE_NESTING_MAX) {
			struct scope_range inner = inside_of(scope, at);
			enum parens_role role = parens_role(words, inner.from);

			if (inner.from < inner.to && role != ROLE_VALUES &&
			    !scope_is_query(scope, inner)) {
				read_joined(scope, inner, depth, nesting + 1);
				at = parens_skip(words, at, to);
				item.alias = NULL;
			} else {
				at = read_subquery(scope, at, to, &item,
						   nesting);
			}
		} else if (at < to && may_be_table(scope, at)) {
			at = read_table(scope, at, to, &item);
		} else {
			break;
		}
		at = read_pivot(scope, at, to, &item);
		if (item.alias != NULL && !is_typed(scope, &item) &&
		    scope->items.count < SCOPE_ITEMS_MAX)
			vec_push(&scope->items, item);
		if (at >= to || !parens_is_char(words, at, ','))
			break;
		at++;
	}
	return at;
}

/* FROM (a JOIN b ON ...) */
static size_t read_joined(struct scope *scope, struct scope_range range,
			  int depth, int nesting)
{
	range.from = read_tables(scope, range.from, range.to, depth, nesting);
	scope_read_part(scope, range, depth, nesting);
	return range.to;
}

/* JOIN stands at at. */
static bool is_natural(const struct parens *words, size_t at)
{
	while (at > 0 && parens_role(words, at - 1) == ROLE_JOIN_KIND)
		if (parens_is(words, --at, "NATURAL"))
			return true;
	return false;
}

void scope_read_part(struct scope *scope, struct scope_range part, int depth,
		     int nesting)
{
	const struct parens *words = &scope->words;
	bool select = parens_role(words, part.from) == ROLE_SELECT;

	for (size_t i = part.from; i < part.to;) {
		enum parens_role role = parens_role(words, i);
		size_t next = parens_skip(words, i, part.to);
		size_t first = scope->items.count;

		switch (role) {
		case ROLE_USING:
			/* JOIN b USING (columns) */
			if (parens_is_char(words, next, '(') &&
			    !scope_is_query(scope, inside_of(scope, next))) {
				if (depth == 0 && nesting == 0)
					read_names(scope, next, &scope->merged);
				break;
			}
			next = read_tables(scope, next, part.to, depth,
					   nesting);
			break;
		case ROLE_FROM:
			next = read_tables(scope, next, part.to, depth,
					   nesting);
			break;
		case ROLE_JOIN:
			next = read_tables(scope, next, part.to, depth,
					   nesting);
			if (scope->items.count > first)
				scope->items.items[first].natural =
					is_natural(words, i);
			break;
		case ROLE_TARGET:
			/* SELECT ... INTO makes a new table. */
			if (select)
				break;
			next = read_tables(scope, next, part.to, depth,
					   nesting);
			if (scope->items.count > first)
				scope->items.items[first].target = true;
			break;
		case ROLE_ON:
			/* JOIN b ON x, c */
			for (; next < part.to &&
			       !parens_is_char(words, next, ',');
			     next = parens_skip(words, next, part.to)) {
				role = parens_role(words, next);
				if (role == ROLE_JOIN || role == ROLE_USING ||
				    role == ROLE_WHERE || role == ROLE_CLAUSE ||
				    role == ROLE_ON || role == ROLE_TARGET)
					break;
			}
			if (select && parens_is_char(words, next, ','))
				next = read_tables(scope, next + 1, part.to,
						   depth, nesting);
			break;
		default:
			break;
		}
		i = next;
	}
}

/* ---- select lists ---- */

void scope_read_outputs(struct scope *scope, struct scope_range part,
			void (*add)(void *context, struct scope_range range),
			void *context)
{
	const struct parens *words = &scope->words;
	struct scope_range one = { part.from + 1, 0 };
	size_t count = 0;

	while (one.from < part.to &&
	       parens_role(words, one.from) == ROLE_DISTINCT)
		one.from++;
	if (one.from + 1 < part.to && parens_role(words, one.from) == ROLE_TOP)
		one.from += 2;
	for (size_t i = one.from; i <= part.to && count < SCOPE_COLUMNS_MAX;
	     i = parens_skip(words, i, part.to)) {
		enum parens_role role =
			i < part.to ? parens_role(words, i) : ROLE_FROM;
		bool ends = role == ROLE_FROM || role == ROLE_TARGET ||
			    role == ROLE_WHERE || role == ROLE_CLAUSE;

		if (role == ROLE_CLAUSE && parens_is(words, i, "WHEN"))
			ends = false;
		if (!ends && !parens_is_char(words, i, ','))
			continue;
		one.to = i;
		if (one.from < one.to) {
			add(context, one);
			count++;
		}
		one.from = i + 1;
		if (ends)
			break;
	}
}

/* Whether the last word of range, a name, is an alias without AS. */
static bool is_bare_alias(const struct scope *scope, struct scope_range range)
{
	const struct parens *words = &scope->words;
	size_t last = range.to - 1;
	size_t before = last - 1;

	if (last <= range.from || parens_role(words, last) != ROLE_NAME ||
	    parens_is(words, last, "OVER"))
		return false;
	if (parens_is_char(words, before, ')') ||
	    parens_is_char(words, before, ']'))
		return true;
	switch ((enum token_kind)words->items[before].kind) {
	case TOKEN_WORD:
	case TOKEN_NAME:
	case TOKEN_TEMP:
		return parens_role(words, before) == ROLE_NAME ||
		       parens_role(words, before) == ROLE_END;
	case TOKEN_LITERAL:
	case TOKEN_NUMBER:
	case TOKEN_DOLLAR:
	case TOKEN_PARAM:
	case TOKEN_VARIABLE:
		return true;
	default:
		/* select a.* b: no; a * b: b is an operand */
		return false;
	}
}

/* name, or name.name ... and nothing else. */
static bool is_plain(const struct scope *scope, struct scope_range range)
{
	const struct parens *words = &scope->words;

	for (size_t i = range.from; i < range.to; i++) {
		const struct parens_word *word = &words->items[i];

		if ((i - range.from) % 2 == 1) {
			if (!parens_is_char(words, i, '.'))
				return false;
			continue;
		}
		if (!parens_is_name(words, i) ||
		    (i == range.from && word->kind == TOKEN_WORD &&
		     keyword_is_reserved(words->sql + word->at, word->len)))
			return false;
	}
	return (range.to - range.from) % 2 == 1;
}

/* The name that an expression without alias is given, as PostgreSQL does. */
static const char *natural_name(struct scope *scope, struct scope_range range)
{
	const struct parens *words = &scope->words;
	size_t cast = range.to;

	if (parens_role(words, range.from) == ROLE_CASE)
		return parens_role(words, range.to - 1) == ROLE_END ? "case"
								    : "";
	for (size_t i = range.from; i < range.to;
	     i = parens_skip(words, i, range.to))
		if (words->items[i].kind == TOKEN_CAST && i > range.from) {
			cast = i;
			break;
		}
	range.to = cast;
	if (is_plain(scope, range))
		return scope_keep_name(scope, range.to - 1);
	/* f(...) and nothing behind it is called f */
	for (size_t i = range.from; i + 1 < range.to; i += 2) {
		if (!parens_is_name(words, i))
			break;
		if (parens_is_char(words, i + 1, '(') &&
		    (parens_skip(words, i + 1, range.to) == range.to ||
		     parens_is(words, parens_skip(words, i + 1, range.to),
			       "OVER")))
			return scope_keep_name(scope, i);
		if (!parens_is_char(words, i + 1, '.'))
			break;
	}
	return "";
}

struct scope_output scope_describe(struct scope *scope,
				   struct scope_range range)
{
	const struct parens *words = &scope->words;
	struct scope_output output = { .name = "" };
	size_t last = range.to - 1;

	output.at = parens_start(words, range.from);
	if (last > range.from && parens_role(words, last - 1) == ROLE_AS &&
	    parens_is_name(words, last)) {
		output.aliased = true;
		range.to -= 2;
	} else if (is_bare_alias(scope, range)) {
		output.aliased = true;
		range.to -= 1;
	}
	if (range.to <= range.from)
		return output;
	output.len = parens_end(words, range.to - 1) - output.at;
	output.star = parens_is_char(words, range.to - 1, '*') &&
		      (range.to - range.from == 1 ||
		       parens_is_char(words, range.to - 2, '.'));
	output.plain = is_plain(scope, range);
	if (output.aliased)
		output.name = scope_keep_name(scope, last);
	else if (!output.star)
		output.name = natural_name(scope, range);
	return output;
}

/* ---- what a query gives ---- */

struct giving { /* the columns of one query while they are read */
	struct scope *scope;
	struct columns columns;
	size_t first; /* its items begin there */
};

static void give_item(struct giving *giving, const struct scope_item *item,
		      const char *const *except)
{
	if (item->kind == SCOPE_TABLE && !item->known) {
		struct scope_column all = {
			.name = "",
			.table = item->table,
			.of = "",
			.except = except,
		};

		add_column(&giving->columns, all);
		return;
	}
	for (size_t i = 0; i < item->column_count; i++) {
		struct scope_column column = item->columns[i];
		bool left_out = false;

		for (size_t j = 0; except != NULL && except[j] != NULL; j++)
			left_out = left_out ||
				   (*column.name != '\0' &&
				    str_equal_nocase(except[j], column.name));
		if (except != NULL && *column.name == '\0')
			column.except = except;
		if (!left_out)
			add_column(&giving->columns, column);
	}
}

/* The names of EXCLUDE (a, b) or EXCLUDE a behind a star, or NULL. */
static const char *const *read_except(struct scope *scope,
				      struct scope_range *range)
{
	const struct parens *words = &scope->words;
	struct scope_names names = { 0 };
	const char **list;

	for (size_t i = range->from; i + 1 < range->to; i++) {
		if (parens_role(words, i) != ROLE_EXCLUDE || i == range->from ||
		    !parens_is_char(words, i - 1, '*'))
			continue;
		if (parens_is_char(words, i + 1, '('))
			read_names(scope, i + 1, &names);
		else if (parens_is_name(words, i + 1))
			vec_push(&names, scope_keep_name(scope, i + 1));
		vec_push(&names, NULL);
		list = names.items;
		vec_push(&scope->kept, (void *)list);
		range->to = i;
		return list;
	}
	return NULL;
}

static void give_star(struct giving *giving, struct scope_range range,
		      const char *const *except)
{
	struct scope *scope = giving->scope;
	const char *of = range.to - range.from >= 3
				 ? scope_keep_name(scope, range.to - 3)
				 : NULL;

	for (size_t i = giving->first; i < scope->items.count; i++)
		if (of == NULL ||
		    str_equal_nocase(scope->items.items[i].alias, of))
			give_item(giving, &scope->items.items[i], except);
}

/* Where a plain column comes from: the one table that can have it. */
static void trace(const struct giving *giving, struct scope_range range,
		  struct scope_column *column)
{
	const struct scope *scope = giving->scope;
	const struct scope_item *from = NULL;
	bool qualified = range.to - range.from >= 3;
	CLEANUP(str_done) struct str of = STR_EMPTY;
	size_t tables = 0;

	if (qualified) {
		const struct parens_word *word =
			&scope->words.items[range.to - 3];

		quote_name_read(&of, scope->words.sql + word->at, word->len,
				false);
	}
	for (size_t i = giving->first; i < scope->items.count; i++) {
		const struct scope_item *item = &scope->items.items[i];

		if (qualified && !str_equal_nocase(item->alias, of.text))
			continue;
		for (size_t j = 0; j < item->column_count; j++)
			if (str_equal_nocase(item->columns[j].name,
					     column->name)) {
				column->table = item->columns[j].table;
				column->of = item->columns[j].of;
				return;
			}
		if (item->kind == SCOPE_TABLE) {
			from = item;
			tables++;
		}
	}
	if (tables == 1) {
		column->table = from->table;
		column->of = column->name;
	}
}

static void give(void *context, struct scope_range range)
{
	struct giving *giving = context;
	struct scope *scope = giving->scope;
	const char *const *except = read_except(scope, &range);
	struct scope_output output = scope_describe(scope, range);
	struct scope_column column = { .table = no_table, .of = "" };

	if (output.star) {
		give_star(giving, range, except);
		return;
	}
	column.name = output.name;
	if (*column.name == '\0')
		return;
	if (output.plain) {
		struct scope_range plain = range;

		while (plain.to > plain.from &&
		       parens_start(&scope->words, plain.to - 1) >=
			       output.at + output.len)
			plain.to--;
		if (output.aliased)
			column.name = scope_keep_name(scope, plain.to - 1);
		trace(giving, plain, &column);
		column.name = output.name;
	}
	add_column(&giving->columns, column);
}

static void read_query(struct scope *scope, struct scope_range query,
		       int nesting, struct scope_item *item)
{
	struct giving giving = { .scope = scope, .first = scope->items.count };
	size_t ctes_before = scope->ctes.count;
	struct scope_range part, inside;

	if (nesting > SCOPE_NESTING_MAX)
		return;
	part = scope_part(scope, query,
			  scope_read_with(scope, query, nesting, &inside));
	scope_read_part(scope, part, 0, nesting);
	scope_read_outputs(scope, part, give, &giving);
	/* What it reads is not in the scope of who reads it. */
	scope->items.count = giving.first;
	scope->ctes.count = ctes_before;
	keep_columns(scope, &giving.columns, item);
}

/* ---- WITH ---- */

/* name [(columns)] AS (query); returns the index behind it. */
static size_t read_cte(struct scope *scope, size_t at, size_t to, int nesting,
		       bool recursive, struct scope_range *out_inside)
{
	const struct parens *words = &scope->words;
	struct scope_item cte = {
		.kind = SCOPE_CTE,
		.table = no_table,
		.alias = scope_keep_name(scope, at),
		.at = parens_start(words, at),
		.end = parens_end(words, at),
	};
	size_t list = SIZE_MAX;

	cte.table.name = cte.alias;
	at++;
	if (at < to && parens_is_char(words, at, '(')) {
		list = at;
		at = parens_skip(words, at, to);
	}
	if (at < to && parens_role(words, at) == ROLE_AS)
		at++;
	if (at < to && parens_is_char(words, at, '(')) {
		struct scope_range inner = inside_of(scope, at);
		size_t place = scope->ctes.count;

		/* A recursive one may read itself; its columns are those of
		 * its list or of its first part. */
		if (scope_is_query(scope, inner))
			read_query(scope, inner, nesting + 1, &cte);
		scope->ctes.count = place;
		if (parens_hold(&scope->words, at, scope->cursor)) {
			*out_inside = inner;
			if (!recursive)
				return to;
		}
		at = parens_skip(words, at, to);
	}
	if (list != SIZE_MAX)
		rename_columns(scope, list, &cte);
	if (scope->ctes.count < SCOPE_CTES_MAX)
		vec_push(&scope->ctes, cte);
	return out_inside->to > 0 ? to : at;
}

size_t scope_read_with(struct scope *scope, struct scope_range query,
		       int nesting, struct scope_range *out_inside)
{
	const struct parens *words = &scope->words;
	size_t i = query.from;
	bool recursive;

	*out_inside = (struct scope_range){ 0, 0 };
	if (parens_role(words, i) != ROLE_WITH)
		return i;
	i++;
	recursive = parens_role(words, i) == ROLE_RECURSIVE;
	i += recursive;
	while (i < query.to && parens_role(words, i) == ROLE_NAME) {
		i = read_cte(scope, i, query.to, nesting, recursive,
			     out_inside);
		if (i >= query.to || !parens_is_char(words, i, ','))
			break;
		i++;
	}
	return i;
}
