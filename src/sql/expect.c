/* How: the tokens of the statement before the cursor become items, a
 * parenthesis pair that is closed becoming one, so that what is left are the
 * levels of parentheses the cursor stands in. The rows of expect_table are
 * matched against the innermost level; where none fits, the last clause word
 * of the level decides, and whether a name is due there or was just given. */
#include "sql/expect.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/vec.h"
#include "sql/expect_table.h"
#include "sql/lexer.h"

enum item_kind {
	ITEM_WORD,   /* keyword or name without quotes or dots */
	ITEM_NAME,   /* quoted or of several parts */
	ITEM_VALUE,  /* literal, number, variable, * */
	ITEM_PARENS, /* ( ... ) */
	ITEM_COMMA,
	ITEM_OPERATOR,
	ITEM_CAST,
};

struct item {
	enum item_kind kind;
	const char *text;
	size_t len;
};

struct items {
	VEC(struct item);
	struct {
		VEC(size_t);
	} levels; /* where each open level begins */
	/* A name is unfinished: "a." was read. */
	bool dotted;
	size_t dotted_at; /* item of the name */
};

struct level { /* one level of items */
	const struct item *items;
	size_t count;
};

static bool item_is(const struct item *item, const char *word)
{
	return item->kind == ITEM_WORD &&
	       str_slice_equal_nocase(item->text, item->len, word);
}

static const struct item *last_of(const struct level *level)
{
	return level->count > 0 ? &level->items[level->count - 1] : NULL;
}

static bool last_is(const struct level *level, const char *word)
{
	return level->count > 0 && item_is(last_of(level), word);
}

static bool head_is(const struct level *level, const char *word)
{
	return level->count > 0 && item_is(&level->items[0], word);
}

/* Level number depth, 0 the outermost; the innermost is depth levels.count. */
static struct level level_at(const struct items *items, size_t depth)
{
	size_t from = depth == 0 ? 0 : items->levels.items[depth - 1];
	size_t to = depth < items->levels.count ? items->levels.items[depth]
						: items->count;

	return (struct level){ items->items + from, to - from };
}

/* ---- tokens to items ---- */

static void open_level(struct items *items)
{
	vec_push(&items->levels, items->count);
}

static void close_level(struct items *items)
{
	struct item parens = { .kind = ITEM_PARENS, .text = "()", .len = 2 };

	if (items->levels.count == 0)
		return;
	items->count = items->levels.items[--items->levels.count];
	vec_push(items, parens);
}

static size_t level_start(const struct items *items)
{
	return items->levels.count > 0
		       ? items->levels.items[items->levels.count - 1]
		       : 0;
}

static bool dropped_after_create(const struct token *token)
{
	return token_is(token, "TEMP") || token_is(token, "TEMPORARY") ||
	       token_is(token, "LOCAL") || token_is(token, "OR") ||
	       token_is(token, "REPLACE");
}

/* Words that no pattern needs to know: CREATE [TEMP | OR REPLACE], IF [NOT]
 * EXISTS, EXPLAIN [VERBOSE] before a statement. */
static bool is_noise(const struct items *items, const struct token *token)
{
	const struct item *last = items->count > level_start(items)
					  ? &items->items[items->count - 1]
					  : NULL;

	if (last == NULL)
		return false;
	if (item_is(last, "CREATE"))
		return dropped_after_create(token);
	if (items->count == 1 && item_is(last, "EXPLAIN"))
		return token_is(token, "VERBOSE");
	return false;
}

static void push_word(struct items *items, const struct token *token)
{
	struct item item = {
		.kind = token->kind == TOKEN_WORD ? ITEM_WORD : ITEM_NAME,
		.text = token->text,
		.len = token->len,
	};

	if (items->dotted) {
		struct item *name = &items->items[items->dotted_at];

		name->len = (size_t)(token->text + token->len - name->text);
		name->kind = ITEM_NAME;
		items->dotted = false;
		return;
	}
	if (is_noise(items, token))
		return;
	if (items->count == 1 && item_is(&items->items[0], "EXPLAIN") &&
	    items->levels.count == 0)
		items->count = 0;
	vec_push(items, item);
	/* IF EXISTS and IF NOT EXISTS leave no trace. */
	if (item_is(&item, "EXISTS") && items->count > 1) {
		size_t at = items->count - 2;

		if (at > 0 && item_is(&items->items[at], "NOT"))
			at--;
		if (item_is(&items->items[at], "IF"))
			items->count = at;
	}
}

static void push_other(struct items *items, const struct token *token)
{
	struct item item = { .text = token->text, .len = token->len };
	const struct item *last =
		items->count > 0 ? &items->items[items->count - 1] : NULL;
	bool star = token_is_char(token, '*');

	if (star &&
	    (items->dotted || last == NULL || last->kind == ITEM_COMMA ||
	     item_is(last, "SELECT") || item_is(last, "DISTINCT") ||
	     items->count == level_start(items))) {
		item.kind = ITEM_VALUE;
		items->dotted = false;
	} else if (token->kind == TOKEN_OPERATOR) {
		item.kind = ITEM_OPERATOR;
	} else if (token->kind == TOKEN_CAST) {
		item.kind = ITEM_CAST;
	} else if (token_is_char(token, ',')) {
		item.kind = ITEM_COMMA;
	} else {
		item.kind = ITEM_VALUE;
	}
	vec_push(items, item);
}

static void push_token(struct items *items, const struct token *token)
{
	const struct item *last = items->count > level_start(items)
					  ? &items->items[items->count - 1]
					  : NULL;

	if (token_is_char(token, '.') && last != NULL &&
	    (last->kind == ITEM_WORD || last->kind == ITEM_NAME)) {
		items->dotted = true;
		items->dotted_at = items->count - 1;
		return;
	}
	switch (token->kind) {
	case TOKEN_WORD:
	case TOKEN_NAME:
	case TOKEN_TEMP:
		push_word(items, token);
		return;
	default:
		break;
	}
	if (token_is_char(token, ';')) {
		vec_clear(items);
		vec_clear(&items->levels);
	} else if (token_is_char(token, '(')) {
		open_level(items);
	} else if (token_is_char(token, ')')) {
		close_level(items);
	} else {
		push_other(items, token);
	}
	items->dotted = false;
}

/* ---- matching ---- */

static bool part_matches(const char *part, size_t len, const struct item *item)
{
	if (str_slice_equal(part, len, "()"))
		return item->kind == ITEM_PARENS;
	if (str_slice_equal(part, len, "*"))
		return item->kind == ITEM_WORD || item->kind == ITEM_NAME ||
		       item->kind == ITEM_VALUE;
	return (item->kind == ITEM_WORD || item->kind == ITEM_OPERATOR) &&
	       len == item->len && strncasecmp(part, item->text, len) == 0;
}

static size_t count_parts(const char *pattern)
{
	size_t count = *pattern != '\0';

	for (; *pattern != '\0'; pattern++)
		count += *pattern == ' ';
	return count;
}

static bool pattern_matches(const char *pattern, const struct level *level)
{
	bool whole = *pattern == '^';
	size_t parts, at;

	pattern += whole;
	parts = count_parts(pattern);
	if (level->count < parts || (whole && level->count != parts))
		return false;
	for (at = level->count - parts; at < level->count; at++) {
		size_t len = strcspn(pattern, " ");

		if (!part_matches(pattern, len, &level->items[at]))
			return false;
		pattern += len + (pattern[len] == ' ');
	}
	return true;
}

static bool apply_row(const struct level *level, struct expect *out)
{
	for (size_t i = 0; i < expect_row_count; i++) {
		if (!pattern_matches(expect_rows[i].pattern, level))
			continue;
		out->what = expect_rows[i].what;
		out->words = expect_rows[i].words;
		return true;
	}
	return false;
}

/* Words after which an operand is due. */
static bool wants_operand(const struct item *item)
{
	static const char *const words[] = {
		"AND",     "OR",   "NOT",  "LIKE", "ILIKE",
		"IN",      "THEN", "WHEN", "ELSE", "CASE",
		"BETWEEN", "TO",   "ALL",  "ANY",  "DISTINCT",
	};

	if (item->kind == ITEM_OPERATOR || item->kind == ITEM_COMMA)
		return true;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (item_is(item, words[i]))
			return true;
	return false;
}

static const struct expect_clause *find_clause(const struct level *level,
					       size_t *out_at)
{
	for (size_t at = level->count; at-- > 0;)
		for (size_t i = 0; i < expect_clause_count; i++)
			if (item_is(&level->items[at],
				    expect_clauses[i].word)) {
				*out_at = at;
				return &expect_clauses[i];
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

/* A statement's or subquery's level by its clauses; false: it has none. */
static bool apply_clause(const struct level *level, struct expect *out)
{
	size_t at = 0;
	const struct expect_clause *clause = find_clause(level, &at);
	const struct item *last = last_of(level);

	if (clause == NULL)
		return false;
	if (item_is(last, "AS")) {
		out->what = EXPECT_NOTHING;
	} else if (last->kind == ITEM_CAST) {
		out->what = EXPECT_TYPE;
	} else if (at + 1 < level->count && !wants_operand(last)) {
		expect_after(clause->after_words, out);
	} else {
		out->what = clause->due;
		out->words = clause->due_words;
		if (str_equal_nocase(clause->word, "SET") &&
		    (item_is(last, "SET") || last->kind == ITEM_COMMA))
			set_table(level, "UPDATE", out);
		if (last->kind != ITEM_COMMA && at + 1 < level->count &&
		    (clause->due & EXPECT_TABLE) == 0)
			out->words = expect_expression_words;
	}
	return true;
}

/* COPY t FROM '...' |, UNLOAD (...) TO '...' | */
static bool apply_options(const struct level *level, struct expect *out)
{
	for (size_t i = 0; i < 2; i++) {
		const char *place = i == 0 ? "FROM" : "TO";

		if (!head_is(level, expect_option_rows[i].pattern))
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

	if (!head_is(level, "GRANT") && !head_is(level, "REVOKE"))
		return false;
	if (last_is(level, "ON")) {
		out->what = EXPECT_TABLE | EXPECT_WORD;
		out->words = objects;
		return true;
	}
	if (last_is(level, "TABLE")) {
		out->what = EXPECT_TABLE;
		return true;
	}
	if (last_is(level, "TO") || last_is(level, "FROM")) {
		out->what = EXPECT_USER | EXPECT_WORD;
		out->words = whom;
		return true;
	}
	return false;
}

static void expect_statement(const struct level *level, struct expect *out)
{
	static const char *const grant_words[] = { "ON", "TO", "FROM", NULL };

	if (level->count == 0) {
		out->what = EXPECT_STATEMENT | EXPECT_WORD;
		out->words = expect_statement_words;
		return;
	}
	if (last_of(level)->kind == ITEM_CAST) {
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
	if (apply_options(level, out))
		return;
	if (head_is(level, "GRANT") || head_is(level, "REVOKE"))
		expect_after(grant_words, out);
	else if (!apply_clause(level, out) && head_is(level, "WITH"))
		expect_after(last_is(level, "WITH") || last_is(level, "AS") ||
					     last_of(level)->kind == ITEM_COMMA
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
	if (last_is(level, "ENCODE"))
		out->what = EXPECT_ENCODING;
	else if (last_is(level, "REFERENCES") || last_is(level, "LIKE"))
		out->what = EXPECT_TABLE;
	else if (level->count - since == 1)
		out->what = EXPECT_TYPE;
	else if (level->count - since > 1)
		expect_after(expect_column_words, out);
}

/* Inside parentheses that begin no query. */
static void expect_inside(const struct level *outer, const struct level *level,
			  struct expect *out)
{
	bool starts = level->count == 0;

	if (pattern_matches("INTO *", outer) ||
	    pattern_matches("^COPY *", outer)) {
		out->what = EXPECT_COLUMN;
		set_table(outer, head_is(outer, "COPY") ? "COPY" : "INTO", out);
		return;
	}
	if (pattern_matches("^CREATE TABLE *", outer)) {
		expect_definition(level, out);
		return;
	}
	if (last_is(outer, "OVER")) {
		if (!apply_row(level, out) && !apply_clause(level, out))
			expect_after(expect_over_words, out);
		return;
	}
	if (starts && (last_is(outer, "FROM") || last_is(outer, "JOIN") ||
		       last_is(outer, "AS") || last_is(outer, "EXISTS") ||
		       head_is(outer, "UNLOAD"))) {
		expect_after(expect_query_words, out);
		return;
	}
	if (last_is(level, "AS") ||
	    (!starts && last_of(level)->kind == ITEM_CAST))
		out->what = EXPECT_TYPE;
	else if (starts || wants_operand(last_of(level)))
		expect_expression(out);
	else
		expect_after(expect_after_expression_words, out);
}

static bool starts_query(const struct level *level)
{
	return head_is(level, "SELECT") || head_is(level, "WITH");
}

/* ---- inside quotes ---- */

static void expect_in_literal(const struct level *level, struct expect *out)
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

	if ((head_is(level, "COPY") && last_is(level, "FROM")) ||
	    (head_is(level, "UNLOAD") && last_is(level, "TO"))) {
		out->what = EXPECT_S3_URI;
		return;
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!pattern_matches(rows[i].pattern, level))
			continue;
		out->what = rows[i].what;
		if (rows[i].what == EXPECT_SETTING_VALUE) {
			out->qualifier = level->items[1].text;
			out->qualifier_len = level->items[1].len;
		}
		return;
	}
}

/* ---- the word at the cursor ---- */

enum typing {
	TYPING_NOTHING, /* blank or punctuation before the cursor */
	TYPING_WORD,
	TYPING_NAME,     /* "... */
	TYPING_LITERAL,  /* '... */
	TYPING_VARIABLE, /* :x :'x :"x */
	TYPING_INSIDE,   /* a comment, number or dollar quote */
};

static enum typing typing_of(const struct token *token, size_t cursor,
			     const char *sql, struct expect *out)
{
	bool after_colon = token->at > 0 && sql[token->at - 1] == ':' &&
			   (token->at < 2 || sql[token->at - 2] != ':');

	out->start = token->at;
	switch (token->kind) {
	case TOKEN_WORD:
	case TOKEN_TEMP:
		return TYPING_WORD;
	case TOKEN_NAME:
	case TOKEN_LITERAL:
		if (!token->open)
			break;
		out->quote = token->kind == TOKEN_NAME ? '"' : '\'';
		out->start =
			token->at +
			(size_t)((const char *)memchr(token->text, out->quote,
						      token->len) -
				 token->text) +
			1;
		if (after_colon)
			return TYPING_VARIABLE;
		return out->quote == '"' ? TYPING_NAME : TYPING_LITERAL;
	case TOKEN_VARIABLE:
		if (token->text[token->len - 1] == '\'' ||
		    token->text[token->len - 1] == '"' || token->text[1] == '{')
			break;
		out->start = token->at + 1;
		return TYPING_VARIABLE;
	case TOKEN_COMMENT:
		if (token->open || token->text[0] == '-')
			return TYPING_INSIDE;
		break;
	case TOKEN_DOLLAR:
		if (token->open)
			return TYPING_INSIDE;
		break;
	case TOKEN_NUMBER:
	case TOKEN_PARAM:
		return TYPING_INSIDE;
	case TOKEN_OPERATOR:
		if (token->len == 1 && *token->text == ':') {
			out->start = cursor;
			return TYPING_VARIABLE;
		}
		break;
	default:
		break;
	}
	out->start = cursor;
	return TYPING_NOTHING;
}

/* Reads all tokens before the cursor but the one being typed. */
static enum typing read_items(const char *sql, size_t cursor,
			      struct items *items, struct expect *out)
{
	struct lexer lexer;
	struct token token;
	enum typing typing = TYPING_NOTHING;

	lexer_init(&lexer, sql, cursor, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	out->start = cursor;
	while ((token = lexer_next(&lexer)).kind != TOKEN_END) {
		if (token.at + token.len >= cursor) {
			typing = typing_of(&token, cursor, sql, out);
			if (typing != TYPING_NOTHING)
				break;
		}
		if (token.kind != TOKEN_BLANK && token.kind != TOKEN_COMMENT)
			push_token(items, &token);
	}
	return typing;
}

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

static void decide(struct items *items, struct expect *out)
{
	struct level level = level_at(items, items->levels.count);

	if (items->levels.count == 0 || starts_query(&level)) {
		expect_statement(&level, out);
	} else {
		struct level outer = level_at(items, items->levels.count - 1);

		expect_inside(&outer, &level, out);
	}
}

struct expect expect_at(const char *sql, size_t len, size_t cursor)
{
	struct expect out = { 0 };
	struct items items = { 0 };
	enum typing typing;

	cursor = cursor < len ? cursor : len;
	typing = read_items(sql, cursor, &items, &out);
	switch (typing) {
	case TYPING_INSIDE:
		break;
	case TYPING_VARIABLE:
		out.what = EXPECT_VARIABLE;
		break;
	case TYPING_LITERAL: {
		struct level level = level_at(&items, items.levels.count);

		expect_in_literal(&level, &out);
		break;
	}
	case TYPING_NOTHING:
	case TYPING_WORD:
	case TYPING_NAME:
		take_qualifier(&items, &out);
		decide(&items, &out);
		if (out.qualifier_len > 0 &&
		    (out.what & EXPECT_SETTING_VALUE) == 0)
			out.what &= ~(unsigned)(EXPECT_WORD | EXPECT_ALIAS);
		break;
	}
	if ((out.what & EXPECT_WORD) == 0)
		out.words = NULL;
	vec_done(&items);
	vec_done(&items.levels);
	return out;
}
