/* How: the tokens of the statement before the cursor become items and levels
 * (sql/expect_items). The rows of expect_table are matched against the
 * innermost level; where none fits, the last clause word of the level
 * decides, and whether a name is due there or was just given. */
#include "sql/expect.h"

#include <string.h>

#include "base/str.h"
#include "sql/expect_items.h"
#include "sql/expect_table.h"

/* ---- what is due ---- */

static bool is_among(const struct item *item, const char *const *words)
{
	for (; *words != NULL; words++)
		if (item_is(item, *words))
			return true;
	return false;
}

/* Words after which an operand is due. */
static bool wants_operand(const struct item *item)
{
	static const char *const words[] = {
		"AND",  "OR",   "NOT",      "LIKE", "ILIKE",   "IN",
		"THEN", "WHEN", "ELSE",     "CASE", "BETWEEN", "TO",
		"ALL",  "ANY",  "DISTINCT", "SOME", "PRIOR",   NULL,
	};

	return item->kind == ITEM_OPERATOR || item->kind == ITEM_COMMA ||
	       is_among(item, words);
}

static bool clause_fits(const struct expect_clause *clause,
			const struct level *level, size_t at)
{
	return item_is(&level->items[at], clause->word) &&
	       (clause->before == NULL ||
		(at > 0 && item_is(&level->items[at - 1], clause->before)));
}

static const struct expect_clause *find_clause(const struct level *level,
					       size_t *out_at)
{
	for (size_t at = level->count; at-- > 0;) {
		if (level->items[at].kind != ITEM_WORD)
			continue;
		for (size_t i = 0; i < expect_clause_count; i++)
			if (clause_fits(&expect_clauses[i], level, at)) {
				*out_at = at;
				return &expect_clauses[i];
			}
	}
	return NULL;
}

/* The item behind the last word at the level becomes out's table. */
static void set_table(const struct level *level, const char *word,
		      struct expect *out)
{
	for (size_t at = level->count; at-- > 0;) {
		if (!item_is(&level->items[at], word) || at + 1 >= level->count)
			continue;
		out->table = level->items[at + 1].text;
		out->table_len = level->items[at + 1].len;
		return;
	}
}

static bool is_comparison(const struct item *item)
{
	return item->kind == ITEM_OPERATOR && item->len <= 2 &&
	       memchr("=<>!", *item->text, 4) != NULL;
}

/* name = | */
static void set_compared(const struct level *level, struct expect *out)
{
	const struct item *name;

	if (level->count < 2 || !is_comparison(level_last(level)))
		return;
	name = &level->items[level->count - 2];
	if (name->kind != ITEM_NAME && name->kind != ITEM_WORD)
		return;
	out->compared = name->text;
	out->compared_len = name->len;
}

/* A CASE of the level has no END yet. */
static bool in_case(const struct level *level)
{
	size_t ended = 0;

	for (size_t at = level->count; at-- > 0;) {
		if (item_is(&level->items[at], "END"))
			ended++;
		else if (item_is(&level->items[at], "CASE") && ended-- == 0)
			return true;
	}
	return false;
}

/* ---- the cases ---- */

static void expect_after(const char *const *words, struct expect *out)
{
	out->what = words != NULL ? EXPECT_WORD : EXPECT_NOTHING;
	out->words = words;
}

static void expect_expression(struct expect *out)
{
	out->what =
		EXPECT_COLUMN | EXPECT_FUNCTION | EXPECT_ALIAS | EXPECT_WORD;
	out->words = expect_expression_words;
}

/* Behind a finished operand. */
static void expect_after_operand(const struct level *level,
				 const char *const *words, struct expect *out)
{
	const struct item *last = level_last(level);

	if (in_case(level))
		words = expect_case_words;
	else if (item_is(last, "CASE") || item_is(last, "WHEN"))
		words = NULL;
	expect_after(words, out);
}

/* f(...) |: a function's call, not a list behind a keyword. */
static bool is_call(const struct level *level)
{
	const struct item *name;

	if (level->count < 2 || level_last(level)->kind != ITEM_PARENS)
		return false;
	name = &level->items[level->count - 2];
	/* x::numeric(10, 2) */
	if (level->count > 2 &&
	    level->items[level->count - 3].kind == ITEM_CAST)
		return false;
	return (name->kind == ITEM_WORD || name->kind == ITEM_NAME) &&
	       !wants_operand(name) && !item_is(name, "USING") &&
	       !item_is(name, "SELECT") && !item_is(name, "WHERE") &&
	       !item_is(name, "ON") && !item_is(name, "OVER") &&
	       !item_is(name, "FROM") && !item_is(name, "JOIN");
}

static void expect_due(const struct expect_clause *clause,
		       const struct level *level, size_t at, struct expect *out)
{
	const struct item *last = level_last(level);
	bool first = at + 1 == level->count;

	out->what = clause->due;
	out->words = clause->due_words;
	out->begins = first || last->kind == ITEM_COMMA;
	if (level_head_is(level, "DELETE") &&
	    str_equal_nocase(clause->word, "FROM"))
		out->what = EXPECT_TABLE | EXPECT_SCHEMA;
	if (clause->place == EXPECT_IN_SET &&
	    (first || last->kind == ITEM_COMMA)) {
		out->what = EXPECT_COLUMN;
		out->words = NULL;
		set_table(level,
			  level_head_is(level, "MERGE") ? "INTO" : "UPDATE",
			  out);
	} else if (clause->place == EXPECT_IN_SET) {
		out->place = EXPECT_IN_VALUES;
	}
	if (clause->place == EXPECT_IN_ON &&
	    (item_is(last, "AND") || item_is(last, "OR")))
		out->begins = true;
	if ((out->what & EXPECT_FUNCTION) != 0 && !first &&
	    out->place != EXPECT_IN_VALUES)
		out->words = item_is(last, "CASE") ? expect_when_words
						   : expect_expression_words;
	set_compared(level, out);
}

/* The JOIN at at has no condition. */
static bool is_unconditional(const struct level *level, size_t at)
{
	static const char *const sides[] = { "LEFT",  "RIGHT", "FULL",
					     "INNER", "OUTER", NULL };

	if (at > 0 && item_is(&level->items[at - 1], "CROSS"))
		return true;
	while (at > 0 && is_among(&level->items[at - 1], sides))
		at--;
	return at > 0 && item_is(&level->items[at - 1], "NATURAL");
}

/* What may follow depends on the statement, not only on the clause at at. */
static const char *const *after_words(const struct expect_clause *clause,
				      const struct level *level, size_t at)
{
	bool from = str_equal_nocase(clause->word, "FROM");
	bool using = str_equal_nocase(clause->word, "USING");

	if (level_head_is(level, "DELETE") && (from || using))
		return expect_delete_words;
	if (level_head_is(level, "MERGE") &&
	    (clause->place == EXPECT_IN_ON || using ||
	     clause->place == EXPECT_IN_SET))
		return using ? expect_merge_using_words : expect_merge_words;
	if (level_head_is(level, "MERGE") &&
	    str_equal_nocase(clause->word, "INTO"))
		return expect_merge_into_words;
	if (clause->place == EXPECT_IN_JOIN && is_unconditional(level, at))
		return expect_unconditional_words;
	if (is_call(level) && clause->call_words != NULL)
		return clause->call_words;
	return clause->after_words;
}

/* A statement's or subquery's level by its clauses; false: it has none. */
static bool apply_clause(const struct level *level, struct expect *out)
{
	size_t at = 0;
	const struct expect_clause *clause = find_clause(level, &at);
	const struct item *last = level_last(level);

	if (clause == NULL)
		return false;
	out->place = clause->place;
	if (item_is(last, "AS")) {
		out->what = EXPECT_NOTHING;
	} else if (last->kind == ITEM_CAST) {
		out->what = EXPECT_TYPE;
	} else if (level_matches(level, "^INSERT INTO *")) {
		expect_after(clause->after_words, out);
		out->place = EXPECT_BEFORE_LIST;
		set_table(level, "INTO", out);
	} else if (at + 1 < level->count && !wants_operand(last) &&
		   !level_matches(level, "SELECT TOP *") &&
		   !level_matches(level, "DISTINCT TOP *")) {
		const char *const *words = after_words(clause, level, at);

		if ((clause->due & EXPECT_FUNCTION) != 0)
			expect_after_operand(level, words, out);
		else
			expect_after(words, out);
	} else {
		expect_due(clause, level, at, out);
	}
	return true;
}

static bool apply_row(const struct level *level, struct expect *out)
{
	for (size_t i = 0; i < expect_row_count; i++) {
		if (!level_matches(level, expect_rows[i].pattern))
			continue;
		out->what = expect_rows[i].what;
		out->words = expect_rows[i].words;
		return true;
	}
	return false;
}

/* COPY t FROM '...' |, UNLOAD (...) TO '...' | */
static bool apply_options(const struct level *level, struct expect *out)
{
	for (size_t i = 0; i < 2; i++) {
		const char *place = i == 0 ? "FROM" : "TO";

		if (!level_head_is(level, expect_option_rows[i].pattern))
			continue;
		for (size_t at = 1; at + 1 < level->count; at++) {
			if (!item_is(&level->items[at], place) ||
			    level->items[at + 1].kind != ITEM_VALUE)
				continue;
			out->what = expect_option_rows[i].what;
			out->words = expect_option_rows[i].words;
			return true;
		}
	}
	return false;
}

static bool apply_grant(const struct level *level, struct expect *out)
{
	static const char *const objects[] = { "ALL TABLES IN SCHEMA",
					       "DATABASE",
					       "FUNCTION",
					       "PROCEDURE",
					       "SCHEMA",
					       "TABLE",
					       NULL };
	static const char *const whom[] = { "GROUP", "ROLE", "PUBLIC", NULL };
	static const char *const next[] = { "ON", "TO", "FROM", NULL };

	if (!level_head_is(level, "GRANT") && !level_head_is(level, "REVOKE"))
		return false;
	if (level_last_is(level, "ON")) {
		out->what = EXPECT_RELATION | EXPECT_SCHEMA | EXPECT_WORD;
		out->words = objects;
	} else if (level_last_is(level, "TABLE")) {
		out->what = EXPECT_RELATION;
	} else if (level_last_is(level, "TO") || level_last_is(level, "FROM")) {
		out->what = EXPECT_USER | EXPECT_WORD;
		out->words = whom;
	} else if (!apply_row(level, out)) {
		expect_after(next, out);
	}
	return true;
}

static void expect_statement(const struct level *level, struct expect *out)
{
	const struct item *last = level_last(level);

	if (level->count == 0) {
		out->what = EXPECT_STATEMENT | EXPECT_WORD;
		out->words = expect_statement_words;
		return;
	}
	if (last->kind == ITEM_CAST) {
		out->what = EXPECT_TYPE;
		return;
	}
	if (apply_grant(level, out))
		return;
	if (apply_row(level, out)) {
		if ((out->what & EXPECT_COLUMN) != 0)
			set_table(level, "TABLE", out);
		if ((out->what & EXPECT_SETTING_VALUE) != 0) {
			out->qualifier = level->items[1].text;
			out->qualifier_len = level->items[1].len;
		}
		return;
	}
	if (apply_options(level, out) || apply_clause(level, out))
		return;
	if (level_head_is(level, "WITH"))
		expect_after(level_last_is(level, "WITH") ||
					     level_last_is(level, "AS") ||
					     last->kind == ITEM_COMMA
				     ? NULL
				     : expect_query_words,
			     out);
}

/* CREATE TABLE t ( name type attributes, ... */
static void expect_definition(const struct level *level, struct expect *out)
{
	size_t since = 0;

	for (size_t at = 0; at < level->count; at++)
		if (level->items[at].kind == ITEM_COMMA)
			since = at + 1;
	if (level_last_is(level, "ENCODE"))
		out->what = EXPECT_ENCODING;
	else if (level_last_is(level, "REFERENCES") ||
		 level_last_is(level, "LIKE"))
		out->what = EXPECT_TABLE;
	else if (level->count - since == 1)
		out->what = EXPECT_TYPE;
	else if (level->count - since > 1)
		expect_after(expect_column_words, out);
}

/* INSERT INTO t (|, COPY t (|; false: it is none of them. */
static bool apply_list(const struct level *outer, const struct level *level,
		       struct expect *out)
{
	bool merge = level_head_is(outer, "MERGE");

	if ((merge || !level_head_is(outer, "INSERT") ||
	     !level_matches(outer, "INTO *")) &&
	    !level_matches(outer, "^COPY *") &&
	    !(merge && level_last_is(outer, "INSERT")))
		return false;
	out->place = EXPECT_IN_LIST;
	set_table(outer, level_head_is(outer, "COPY") ? "COPY" : "INTO", out);
	if (level->count == 0 || level_last(level)->kind == ITEM_COMMA)
		out->what = EXPECT_COLUMN;
	out->begins = level->count == 0;
	/* INSERT INTO t (SELECT ... */
	if (level->count == 0 && level_head_is(outer, "INSERT")) {
		out->what |= EXPECT_WORD;
		out->words = expect_query_words;
	}
	return true;
}

static bool is_window(const struct level *outer)
{
	return level_last_is(outer, "OVER") ||
	       level_matches(outer, "WITHIN GROUP") ||
	       (level_last_is(outer, "AS") && outer->count >= 3 &&
		(item_is(&outer->items[outer->count - 3], "WINDOW")));
}

static void expect_window(const struct level *outer, const struct level *level,
			  struct expect *out)
{
	static const char *const order[] = { "ORDER BY", NULL };
	bool within = level_last_is(outer, "GROUP");

	if (!apply_row(level, out) && !apply_clause(level, out)) {
		expect_after(within ? order : expect_over_words, out);
		if (level->count == 0 && !within)
			out->what |= EXPECT_WINDOW;
	}
	out->place = EXPECT_IN_OVER;
	if (out->words == expect_by_words)
		out->words = within ? expect_order_words : expect_window_words;
}

/* A row of values: in MERGE of the source's columns. */
static void expect_values(const struct level *outer, const struct level *level,
			  struct expect *out)
{
	const struct item *last = level_last(level);

	out->place = EXPECT_IN_VALUES;
	if (level->count > 0 && last->kind == ITEM_CAST) {
		out->what = EXPECT_TYPE;
	} else if (level->count == 0 || wants_operand(last)) {
		out->what = EXPECT_FUNCTION | EXPECT_WORD;
		if (level_head_is(outer, "MERGE"))
			out->what |= EXPECT_COLUMN | EXPECT_ALIAS;
		out->words = expect_value_words;
	} else {
		expect_after_operand(level, expect_after_expression_words, out);
	}
}

static bool begins_query(const struct level *outer)
{
	static const char *const words[] = { "AS",     "EXISTS",    "UNION",
					     "EXCEPT", "INTERSECT", "MINUS",
					     "ALL",    "UNLOAD",    NULL };

	return is_among(level_last(outer), words) ||
	       level_head_is(outer, "UNLOAD");
}

/* FROM (|: a query, or tables that are joined. */
static bool apply_from_parens(const struct level *outer,
			      const struct level *level, struct expect *out)
{
	size_t at;
	const struct expect_clause *clause = find_clause(outer, &at);
	bool due = clause != NULL && level_last(outer)->kind == ITEM_COMMA;

	if (clause == NULL || (clause->place != EXPECT_IN_FROM &&
			       clause->place != EXPECT_IN_JOIN))
		return false;
	if (!due && !level_last_is(outer, "FROM") &&
	    !level_last_is(outer, "JOIN"))
		return false;
	if (level->count == 0) {
		out->what = clause->due | EXPECT_WORD;
		out->words = expect_query_words;
		out->place = EXPECT_IN_FROM;
		return true;
	}
	if (!apply_clause(level, out))
		expect_after(expect_join_words, out);
	return true;
}

/* Inside parentheses that begin no query. */
static void expect_inside(const struct level *outer, const struct level *level,
			  struct expect *out)
{
	const struct item *last = level_last(level);
	bool starts = level->count == 0;

	if (apply_list(outer, level, out))
		return;
	if (level_matches(outer, "^CREATE TABLE *")) {
		expect_definition(level, out);
		return;
	}
	if (is_window(outer)) {
		expect_window(outer, level, out);
		return;
	}
	if (level_last_is(outer, "VALUES") ||
	    (last->kind == ITEM_COMMA && level_matches(outer, "VALUES ()"))) {
		expect_values(outer, level, out);
		return;
	}
	if (level_last_is(outer, "USING") && !level_head_is(outer, "DELETE") &&
	    !level_head_is(outer, "MERGE")) {
		out->place = EXPECT_IN_USING;
		if (starts || last->kind == ITEM_COMMA)
			out->what = EXPECT_COLUMN;
		return;
	}
	if (apply_from_parens(outer, level, out))
		return;
	if (starts && begins_query(outer)) {
		expect_after(expect_query_words, out);
		return;
	}
	/* FILTER (WHERE | */
	if (level_head_is(level, "WHERE") && apply_clause(level, out))
		return;
	/* WITH c (| */
	if (level_matches(outer, "^WITH *") ||
	    level_matches(outer, "^WITH RECURSIVE *"))
		return;
	if (level_last_is(level, "AS") ||
	    (!starts && last->kind == ITEM_CAST)) {
		out->what = EXPECT_TYPE;
	} else if (starts || wants_operand(last) || item_is(last, "FROM")) {
		expect_expression(out);
		out->begins = starts;
		if (starts)
			out->words = level_last_is(outer, "IN") ||
						     level_last_is(outer, "ANY")
					     ? expect_in_words
					     : expect_call_words;
		if (item_is(last, "CASE") && !starts)
			out->words = expect_when_words;
		set_compared(level, out);
	} else {
		expect_after_operand(level,
				     is_call(level)
					     ? expect_after_call_words
					     : expect_after_expression_words,
				     out);
	}
}

static bool starts_query(const struct level *level)
{
	return level_head_is(level, "SELECT") || level_head_is(level, "WITH");
}

/* The place of a parenthesis in an expression is that of the expression. */
static void inherit_place(const struct items *items, struct expect *out)
{
	for (size_t depth = items->levels.count; depth-- > 0;) {
		struct level level = items_level(items, depth);
		size_t at;
		const struct expect_clause *clause = find_clause(&level, &at);

		if (clause == NULL)
			continue;
		out->place = clause->place;
		return;
	}
}

static void decide(const struct items *items, struct expect *out)
{
	struct level level = items_level(items, items->levels.count);

	/* Nobody knows what is in a value. */
	if (level_last(&level)->kind == ITEM_DOT)
		return;
	if (items->levels.count == 0 || starts_query(&level)) {
		expect_statement(&level, out);
	} else {
		struct level outer =
			items_level(items, items->levels.count - 1);

		expect_inside(&outer, &level, out);
		if (out->place == EXPECT_ELSEWHERE &&
		    (out->what & EXPECT_COLUMN) != 0) {
			inherit_place(items, out);
			/* JOIN t ON (| */
			out->begins =
				level.count == 0 && level_last_is(&outer, "ON");
		}
	}
}

/* ---- inside quotes ---- */

static void expect_in_literal(const struct items *items, struct expect *out)
{
	static const struct {
		const char *pattern;
		unsigned what;
	} rows[] = {
		{ "LOCATION", EXPECT_S3_URI },
		{ "IAM_ROLE", EXPECT_IAM_ROLE },
		{ "REGION", EXPECT_REGION },
		{ "REGION AS", EXPECT_REGION },
		{ "^SET * TO", EXPECT_SETTING_VALUE },
		{ "^SET * =", EXPECT_SETTING_VALUE },
	};
	struct level level = items_level(items, items->levels.count);

	if (items->levels.count == 1 && level.count == 0) {
		struct level outer = items_level(items, 0);

		if (outer.count == 1 && level_head_is(&outer, "UNLOAD"))
			out->place = EXPECT_IN_QUERY_TEXT;
	}
	if (items->quote != '\'')
		return;
	if ((level_head_is(&level, "COPY") && level_last_is(&level, "FROM")) ||
	    (level_head_is(&level, "UNLOAD") && level_last_is(&level, "TO"))) {
		out->what = EXPECT_S3_URI;
		return;
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!level_matches(&level, rows[i].pattern))
			continue;
		out->what = rows[i].what;
		if (rows[i].what == EXPECT_SETTING_VALUE) {
			out->qualifier = level.items[1].text;
			out->qualifier_len = level.items[1].len;
		}
		return;
	}
}

/* ---- the word at the cursor ---- */

/* "a." before the cursor: the name so far qualifies, and is no item. */
static void take_qualifier(struct items *items, struct expect *out)
{
	const struct item *name;

	if (!items->dotted)
		return;
	name = &items->items[items->dotted_at];
	out->qualifier = name->text;
	out->qualifier_len = name->len;
	items->count = items->dotted_at;
}

/* Whether the star being typed stands in a select list. */
static bool star_is_listed(const struct items *items)
{
	struct level level = items_level(items, items->levels.count);
	size_t at;
	const struct expect_clause *clause = find_clause(&level, &at);

	return clause != NULL && clause->place == EXPECT_IN_SELECT &&
	       (at + 1 == level.count ||
		level_last(&level)->kind == ITEM_COMMA);
}

/* What can be said of a name with its schema or alias before it. */
static void narrow_qualified(struct expect *out)
{
	if (out->qualifier_len == 0 || (out->what & EXPECT_SETTING_VALUE) != 0)
		return;
	out->what &= ~(unsigned)(EXPECT_WORD | EXPECT_ALIAS | EXPECT_CTE |
				 EXPECT_WINDOW);
}

struct expect expect_at(const char *sql, size_t len, size_t cursor)
{
	struct expect out = { 0 };
	struct items items = { 0 };

	items_read(&items, sql, cursor < len ? cursor : len);
	out.start = items.start;
	out.quote = items.quote;
	switch (items.typing) {
	case TYPING_INSIDE:
		break;
	case TYPING_VARIABLE:
		out.what = EXPECT_VARIABLE;
		break;
	case TYPING_LITERAL:
	case TYPING_DOLLAR:
		expect_in_literal(&items, &out);
		break;
	case TYPING_STAR:
		take_qualifier(&items, &out);
		if (!star_is_listed(&items))
			break;
		out.what = EXPECT_COLUMN;
		out.place = EXPECT_AT_STAR;
		if (out.qualifier_len > 0)
			out.start = (size_t)(out.qualifier - sql);
		break;
	case TYPING_NOTHING:
	case TYPING_WORD:
	case TYPING_NAME:
		take_qualifier(&items, &out);
		decide(&items, &out);
		narrow_qualified(&out);
		break;
	}
	if ((out.what & EXPECT_WORD) == 0)
		out.words = NULL;
	items_done(&items);
	return out;
}
