/* sandbox/rewrite/rewrite_word.c - literals, names, operators, casts, TOP,
 * MINUS, a number for a condition. */
#include <string.h>

#include "sandbox/rewrite/rewrite_shape.h"
#include "sandbox/rewrite/rewrite_work.h"
#include "sql/quote.h"

/* Operators of Redshift; others of PostgreSQL do not exist there. */
static const char *const operators[] = {
	"+",  "-",  "*",  "/",   "%",  "^",   "|/",  "||/",  "@",  "&",  "|",
	"#",  "~",  "<<", ">>",  "=",  "<>",  "!=",  "<",    ">",  "<=", ">=",
	"||", "~*", "!~", "!~*", "~~", "!~~", "~~*", "!~~*", ":=", "=>", ":",
};

static bool is_operator(const struct token *token)
{
	for (size_t i = 0; i < COUNT_OF(operators); i++)
		if (str_slice_equal(token->text, token->len, operators[i]))
			return true;
	return false;
}

static bool take_literal(struct work *work, size_t at)
{
	struct patch_token *item = &work->patch.items[at];
	const struct token *token = &item->token;

	if (token->open)
		return work_refuse(work, at, "42601",
				   "unterminated quoted string at or near "
				   "\"%.*s\"",
				   (int)token->len, token->text);
	if (token->text[0] == 'u' || token->text[0] == 'U')
		return work_syntax(work, at);
	/* PostgreSQL reads backslashes only after E. */
	if (token->escapes && token->text[0] == '\'' &&
	    memchr(token->text, '\\', token->len) != NULL)
		patch_before(&work->patch, at,
			     item->gap == 0 && at > 0 ? " E" : "E");
	return true;
}

static bool take_name(struct work *work, size_t at)
{
	const struct token *token = patch_at(&work->patch, at);
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str quoted = STR_EMPTY;

	if (token->open)
		return work_refuse(work, at, "42601",
				   "unterminated quoted identifier at or near "
				   "\"%.*s\"",
				   (int)token->len, token->text);
	if (token->text[0] != '"')
		return work_syntax(work, at);
	work_name(work, at, &name);
	if (strcmp(name.text, REWRITE_SCHEMA) == 0)
		return work_refuse(work, at, "3F000",
				   "schema \"%s\" does not exist", name.text);
	quote_name_always(&quoted, name.text, name.len);
	if (!str_slice_equal(token->text, token->len, quoted.text))
		patch_replace(&work->patch, at, "%s", quoted.text);
	return true;
}

static void take_temp(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str quoted = STR_EMPTY;

	work_name(work, at, &name);
	quote_name_always(&quoted, name.text, name.len);
	patch_replace(&work->patch, at, "%s", quoted.text);
}

/* SELECT TOP n ... becomes SELECT ... LIMIT n, in brackets of its own as a
 * part of a UNION. */
static void take_top(struct work *work, size_t select)
{
	struct patch *patch = &work->patch;
	size_t top = select + 1;
	size_t end;
	size_t before = select;
	CLEANUP(str_done) struct str limit = STR_EMPTY;

	if (patch_match(patch, top, "distinct") ||
	    patch_match(patch, top, "all"))
		top++;
	if (!patch_match(patch, top, "top") ||
	    (patch_at(patch, top + 1)->kind != TOKEN_NUMBER &&
	     patch_at(patch, top + 1)->kind != TOKEN_PARAM))
		return;
	end = shape_select_end(patch, select);
	str_addf(&limit, " LIMIT %.*s", (int)patch_at(patch, top + 1)->len,
		 patch_at(patch, top + 1)->text);
	if (before > 0 && (patch_match(patch, before - 1, "all") ||
			   patch_match(patch, before - 1, "distinct")))
		before--;
	if (shape_is_set_operator(patch_at(patch, end)) ||
	    (before > 0 &&
	     shape_is_set_operator(patch_at(patch, before - 1)))) {
		patch_before(patch, select, "(");
		str_add_char(&limit, ')');
	}
	patch_drop(patch, top, top + 2);
	patch_after(patch, end - 1, limit.text);
}

/* ---- WHERE 1: an integer as a whole condition, 0 is false. SQLAlchemy's
 * dialect sends it. */

/* Does the AND at part the bounds of a BETWEEN that stands behind from? */
static bool is_bound(const struct patch *patch, size_t from, size_t at)
{
	int depth = patch->items[at].depth;
	size_t cases = 0;

	while (at-- > from) {
		if (patch->items[at].depth != depth)
			continue;
		if (patch_match(patch, at, "end"))
			cases++;
		else if (cases > 0)
			cases -= patch_match(patch, at, "case");
		else if (patch_match(patch, at, "between"))
			return true;
		else if (patch_match(patch, at, "and") ||
			 patch_match(patch, at, "or"))
			return false;
	}
	return false;
}

/* Does a condition of the WHERE before body begin at? */
static bool begins_condition(const struct patch *patch, size_t body, size_t at)
{
	return at == body || patch_match(patch, at - 1, "or") ||
	       patch_match(patch, at - 1, "not") ||
	       (patch_match(patch, at - 1, "and") &&
		!is_bound(patch, body, at - 1));
}

static bool is_integer(const struct token *token)
{
	return token->kind == TOKEN_NUMBER &&
	       strspn(token->text, "0123456789") >= token->len;
}

/* The words that end a WHERE in its parentheses. */
static bool ends_where(const struct patch *patch, size_t at)
{
	static const char *const words[] = {
		"group by",   "having",     "qualify",
		"order by",   "limit",      "offset",
		"start with", "connect by", "with no schema binding"
	};

	if (at >= patch->count || token_is_char(patch_at(patch, at), ')') ||
	    token_is_char(patch_at(patch, at), ';') ||
	    shape_is_set_operator(patch_at(patch, at)))
		return true;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (patch_match(patch, at, words[i]))
			return true;
	return false;
}

static void take_where(struct work *work, size_t where)
{
	struct patch *patch = &work->patch;
	size_t body = where + 1;

	for (size_t i = body; !ends_where(patch, i); i++) {
		if (token_is_char(patch_at(patch, i), '(') &&
		    patch->items[i].pair > i)
			i = patch->items[i].pair;
		else if (is_integer(patch_at(patch, i)) &&
			 begins_condition(patch, body, i) &&
			 (ends_where(patch, i + 1) ||
			  patch_match(patch, i + 1, "and") ||
			  patch_match(patch, i + 1, "or"))) {
			patch_before(patch, i, "(");
			patch_after(patch, i, " <> 0)");
		}
	}
}

static bool take_word(struct work *work, size_t at)
{
	struct patch *patch = &work->patch;
	const struct token *token = patch_at(patch, at);
	const struct token *next = patch_at(patch, at + 1);

	if (token_is(token, REWRITE_SCHEMA))
		return work_refuse(work, at, "3F000",
				   "schema \"%s\" does not exist",
				   REWRITE_SCHEMA);
	if (token_is(token, "select"))
		take_top(work, at);
	if (token_is(token, "where"))
		take_where(work, at);
	if (token_is(token, "minus") &&
	    (token_is(next, "select") || token_is(next, "all") ||
	     token_is(next, "distinct") || token_is_char(next, '(')))
		patch_replace(patch, at, "EXCEPT");
	if (token_is(token, "approximate") &&
	    (token_is(next, "count") || token_is(next, "percentile_disc")))
		patch_drop(patch, at, at + 1);
	return true;
}

/* ::type and, inside CAST (, AS type. */
static bool take_cast(struct work *work, size_t at)
{
	CLEANUP(str_done) struct str type = STR_EMPTY;
	size_t end;

	if (!rewrite_type(work, at, NULL, &end, &type))
		return false;
	/* A literal is text first: PostgreSQL would read it as a value. */
	if (at > 1 && patch_at(&work->patch, at - 2)->kind == TOKEN_LITERAL &&
	    (strcmp(type.text, "super") == 0 ||
	     str_starts(type.text, "varbyte")))
		patch_after(&work->patch, at - 2, "::text");
	patch_replace(&work->patch, at, "%s", type.text);
	patch_drop(&work->patch, at + 1, end);
	return true;
}

static bool take_cast_call(struct work *work, size_t at)
{
	size_t open = at + 1;
	size_t as;

	if (!token_is(patch_at(&work->patch, at), "cast") ||
	    !token_is_char(patch_at(&work->patch, open), '(') ||
	    work->patch.items[open].pair < open)
		return true;
	as = patch_find(&work->patch, open + 1, work->patch.items[open].pair,
			"as");
	return as == PATCH_NONE || take_cast(work, as + 1);
}

static bool take_token(struct work *work, size_t at)
{
	const struct token *token = patch_at(&work->patch, at);

	switch (token->kind) {
	case TOKEN_LITERAL:
		return take_literal(work, at);
	case TOKEN_DOLLAR:
		return !token->open ||
		       work_refuse(work, at, "42601",
				   "unterminated dollar-quoted string");
	case TOKEN_NAME:
		return take_name(work, at);
	case TOKEN_TEMP:
		take_temp(work, at);
		return true;
	case TOKEN_WORD:
		return take_word(work, at) && take_cast_call(work, at);
	case TOKEN_CAST:
		return take_cast(work, at + 1);
	case TOKEN_OPERATOR:
		return is_operator(token) ||
		       work_refuse(work, at, "42883",
				   "operator does not exist: %.*s",
				   (int)token->len, token->text);
	case TOKEN_BAD:
	case TOKEN_BACKSLASH:
	case TOKEN_VARIABLE:
	case TOKEN_COMMENT:
		return work_syntax(work, at);
	case TOKEN_BLANK:
	case TOKEN_NUMBER:
	case TOKEN_PARAM:
	case TOKEN_PUNCT:
	case TOKEN_END:
		return true;
	}
	return true;
}

bool rewrite_words(struct work *work)
{
	for (size_t i = 0; i < work->patch.count; i++)
		if (!take_token(work, i))
			return false;
	return true;
}
