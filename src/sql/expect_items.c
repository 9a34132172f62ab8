#include "sql/expect_items.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "sql/lexer.h"

/* ---- levels ---- */

bool item_is(const struct item *item, const char *word)
{
	return item->kind == ITEM_WORD &&
	       str_slice_equal_nocase(item->text, item->len, word);
}

const struct item *level_last(const struct level *level)
{
	static const struct item none = { ITEM_COMMA, "", 0 };

	return level->count > 0 ? &level->items[level->count - 1] : &none;
}

bool level_last_is(const struct level *level, const char *word)
{
	return level->count > 0 && item_is(level_last(level), word);
}

bool level_head_is(const struct level *level, const char *word)
{
	return level->count > 0 && item_is(&level->items[0], word);
}

struct level items_level(const struct items *items, size_t depth)
{
	size_t from = depth == 0 ? 0 : items->levels.items[depth - 1];
	size_t to = depth < items->levels.count ? items->levels.items[depth]
						: items->count;

	return (struct level){ items->items + from, to - from };
}

/* ---- patterns ---- */

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

bool level_matches(const struct level *level, const char *pattern)
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

/* ---- tokens to items ---- */

static size_t level_start(const struct items *items)
{
	return items->levels.count > 0
		       ? items->levels.items[items->levels.count - 1]
		       : 0;
}

static const struct item *last_item(const struct items *items)
{
	return items->count > level_start(items)
		       ? &items->items[items->count - 1]
		       : NULL;
}

static void close_level(struct items *items)
{
	struct item parens = { .kind = ITEM_PARENS, .text = "()", .len = 2 };

	if (items->levels.count == 0)
		return;
	items->count = items->levels.items[--items->levels.count];
	vec_push(items, parens);
}

static bool dropped_after_create(const struct token *token)
{
	return token_is(token, "TEMP") || token_is(token, "TEMPORARY") ||
	       token_is(token, "LOCAL") || token_is(token, "OR") ||
	       token_is(token, "REPLACE");
}

/* Words that no pattern needs to know: CREATE [TEMP | OR REPLACE], EXPLAIN
 * [VERBOSE] before a statement. */
static bool is_noise(const struct items *items, const struct token *token)
{
	const struct item *last = last_item(items);

	if (last == NULL)
		return false;
	if (item_is(last, "CREATE"))
		return dropped_after_create(token);
	if (items->count == 1 && item_is(last, "EXPLAIN"))
		return token_is(token, "VERBOSE");
	return false;
}

/* IF EXISTS and IF NOT EXISTS leave no trace. */
static void drop_if_exists(struct items *items)
{
	size_t at = items->count - 2;

	if (at > 0 && item_is(&items->items[at], "NOT"))
		at--;
	if (item_is(&items->items[at], "IF"))
		items->count = at;
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
	if (item_is(&item, "EXISTS") && items->count > 1)
		drop_if_exists(items);
}

/* A star that stands for columns: t.*, or where an operand is due. */
static bool is_star(const struct items *items)
{
	const struct item *last = last_item(items);

	return items->dotted || last == NULL || last->kind == ITEM_COMMA ||
	       item_is(last, "SELECT") || item_is(last, "DISTINCT") ||
	       item_is(last, "ALL");
}

static void push_star(struct items *items, const struct token *token)
{
	struct item item = { ITEM_STAR, token->text, token->len };

	if (items->dotted) {
		struct item *name = &items->items[items->dotted_at];

		name->len = (size_t)(token->text + token->len - name->text);
		name->kind = ITEM_STAR;
		return;
	}
	vec_push(items, item);
}

static void push_other(struct items *items, const struct token *token)
{
	struct item item = { .text = token->text, .len = token->len };

	if (token_is_char(token, '.'))
		item.kind = ITEM_DOT;
	else if (token->kind == TOKEN_OPERATOR)
		item.kind = ITEM_OPERATOR;
	else if (token->kind == TOKEN_CAST)
		item.kind = ITEM_CAST;
	else if (token_is_char(token, ','))
		item.kind = ITEM_COMMA;
	else
		item.kind = ITEM_VALUE;
	vec_push(items, item);
}

static void push_token(struct items *items, const struct token *token)
{
	const struct item *last = last_item(items);

	if (token_is_char(token, '.') && last != NULL &&
	    (last->kind == ITEM_WORD || last->kind == ITEM_NAME)) {
		items->dotted = true;
		items->dotted_at = items->count - 1;
		return;
	}
	if (token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
	    token->kind == TOKEN_TEMP) {
		/* list[0].name is a value as list[0] is. */
		if (last != NULL && last->kind == ITEM_DOT)
			items->count--;
		else
			push_word(items, token);
		return;
	}
	if (token_is_char(token, ';')) {
		vec_clear(items);
		vec_clear(&items->levels);
	} else if (token_is_char(token, '(')) {
		vec_push(&items->levels, items->count);
	} else if (token_is_char(token, ')')) {
		close_level(items);
	} else if (token_is_char(token, '*') && is_star(items)) {
		push_star(items, token);
	} else {
		push_other(items, token);
	}
	items->dotted = false;
}

/* ---- the word at the cursor ---- */

static enum item_typing typing_in_quotes(struct items *items,
					 const struct token *token,
					 bool after_colon)
{
	char quote = token->kind == TOKEN_NAME ? '"' : '\'';
	const char *open = memchr(token->text, quote, token->len);

	if (!token->open || open == NULL)
		return TYPING_NOTHING;
	items->quote = quote;
	items->start = token->at + (size_t)(open - token->text) + 1;
	if (after_colon)
		return TYPING_VARIABLE;
	return quote == '"' ? TYPING_NAME : TYPING_LITERAL;
}

static enum item_typing typing_of(struct items *items,
				  const struct token *token, const char *sql,
				  size_t cursor)
{
	bool after_colon = token->at > 0 && sql[token->at - 1] == ':' &&
			   (token->at < 2 || sql[token->at - 2] != ':');
	const char *end;

	items->start = token->at;
	switch (token->kind) {
	case TOKEN_WORD:
	case TOKEN_TEMP:
		return TYPING_WORD;
	case TOKEN_NAME:
	case TOKEN_LITERAL:
		return typing_in_quotes(items, token, after_colon);
	case TOKEN_VARIABLE:
		if (token->text[token->len - 1] == '\'' ||
		    token->text[token->len - 1] == '"' || token->text[1] == '{')
			break;
		items->start = token->at + 1;
		return TYPING_VARIABLE;
	case TOKEN_COMMENT:
		if (token->open || token->text[0] == '-')
			return TYPING_INSIDE;
		break;
	case TOKEN_DOLLAR:
		end = memchr(token->text + 1, '$', token->len - 1);
		if (!token->open)
			break;
		if (end == NULL)
			return TYPING_INSIDE;
		items->start = token->at + (size_t)(end - token->text) + 1;
		items->quote = '$';
		return TYPING_DOLLAR;
	case TOKEN_NUMBER:
	case TOKEN_PARAM:
		return TYPING_INSIDE;
	case TOKEN_OPERATOR:
		if (token->len == 1 && *token->text == ':') {
			items->start = cursor;
			return TYPING_VARIABLE;
		}
		if (token_is_char(token, '*') && is_star(items))
			return TYPING_STAR;
		/* #temp */
		if (token_is_char(token, '#'))
			return TYPING_WORD;
		break;
	default:
		break;
	}
	return TYPING_NOTHING;
}

void items_read(struct items *items, const char *sql, size_t cursor)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, sql, cursor, LEXER_ESCAPES | LEXER_VARIABLES, NULL);
	while ((token = lexer_next(&lexer)).kind != TOKEN_END) {
		if (token.at + token.len >= cursor) {
			items->typing = typing_of(items, &token, sql, cursor);
			if (items->typing != TYPING_NOTHING)
				return;
			items->quote = 0;
		}
		if (token.kind != TOKEN_BLANK && token.kind != TOKEN_COMMENT)
			push_token(items, &token);
	}
	items->start = cursor;
}

void items_done(struct items *items)
{
	vec_done(items);
	vec_done(&items->levels);
}
