#include "load/unload_query.h"

#include <string.h>
#include <strings.h>

#include "load/copy_args.h"
#include "sql/classify.h"
#include "sql/lexer.h"

void unload_query_done(struct unload_query *query)
{
	str_done(&query->text);
}

/* --- the outermost level --- */

enum { NOWHERE = -1 };

/* Where things stand in the text, at no parenthesis' depth. */
struct outer {
	long list;  /* behind SELECT [ALL | DISTINCT] */
	long from;  /* FROM, or the end of the list */
	long order; /* what stands behind ORDER BY */
	long order_end;
	bool limited;
	bool several; /* UNION and its kin: the list names no results */
	bool comment; /* there is one that ends with its line */
};

static bool is_any(const struct token *token, const char *const words[],
		   size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (token_is(token, words[i]))
			return true;
	return false;
}

static void see(struct outer *outer, const struct token *token,
		const struct token *before, const struct token *next)
{
	static const char *const sets[] = { "UNION", "INTERSECT", "EXCEPT",
					    "MINUS" };
	static const char *const ends[] = { "LIMIT", "OFFSET" };
	long at = (long)token->at;
	bool begins = token_is(before, "SELECT") || token_is(before, "ALL") ||
		      token_is(before, "DISTINCT");

	if (token_is_char(before, '.'))
		return;
	if (begins && token_is(token, "TOP") && next->kind == TOKEN_NUMBER)
		outer->limited = true;
	else if (token_is(token, "SELECT"))
		outer->list = outer->list == NOWHERE
				      ? at + (long)token->len
				      : outer->list;
	else if (token_is(token, "FROM") && outer->from == NOWHERE)
		outer->from = at;
	else if (is_any(token, sets, COUNT_OF(sets)))
		outer->several = true;
	else if (token_is(before, "ORDER") && token_is(token, "BY"))
		outer->order = at + (long)token->len;
	else if (is_any(token, ends, COUNT_OF(ends))) {
		outer->limited = true;
		if (outer->order != NOWHERE && outer->order_end == NOWHERE)
			outer->order_end = at;
	}
}

static struct outer look(const struct str *text)
{
	struct outer outer = { NOWHERE, NOWHERE, NOWHERE, NOWHERE,
			       false,   false,   false };
	struct token before = { .kind = TOKEN_END };
	struct lexer lexer;
	struct token token, next;
	int depth = 0;

	outer.comment = strstr(text->text, "--") != NULL;
	lexer_init(&lexer, text->text, text->len, LEXER_ESCAPES, NULL);
	for (token = lexer_next_solid(&lexer); token.kind != TOKEN_END;
	     before = token, token = next) {
		next = lexer_next_solid(&lexer);
		depth += token_is_char(&token, '(');
		depth -= token_is_char(&token, ')');
		if (depth == 0)
			see(&outer, &token, &before, &next);
	}
	if (outer.order != NOWHERE && outer.order_end == NOWHERE)
		outer.order_end = (long)text->len;
	return outer;
}

/* --- an order that can be said again --- */

static bool same_name(const struct token *a, const struct token *b)
{
	return a->len == b->len && strncasecmp(a->text, b->text, a->len) == 0;
}

/* Does an item of the select list end in that name, or is the list "*"? */
static bool is_result(const struct str *text, const struct outer *outer,
		      const struct token *name)
{
	long end = outer->from == NOWHERE ? (long)text->len : outer->from;
	struct lexer lexer;
	struct token token, last = { .kind = TOKEN_END };
	size_t count = 0; /* tokens of the item so far */
	int depth = 0;

	if (outer->several || outer->list == NOWHERE || outer->list > end)
		return false;
	lexer_init(&lexer, text->text + outer->list,
		   (size_t)(end - outer->list), LEXER_ESCAPES, NULL);
	do {
		bool ends;

		token = lexer_next_solid(&lexer);
		ends = token.kind == TOKEN_END ||
		       (depth == 0 && token_is_char(&token, ','));
		if (ends && count > 0 &&
		    ((count == 1 && token_is_char(&last, '*')) ||
		     same_name(&last, name)))
			return true;
		count = ends ? 0 : count + 1;
		depth += token_is_char(&token, '(');
		depth -= token_is_char(&token, ')');
		last = token;
	} while (token.kind != TOKEN_END);
	return false;
}

/* Is what stands between two commas a result, with at most its direction? */
static bool is_plain_item(const struct str *text, const struct outer *outer,
			  const struct token *tokens, size_t count)
{
	static const char *const words[] = { "ASC", "DESC", "NULLS", "FIRST",
					     "LAST" };

	if (count == 0)
		return false;
	for (size_t i = 1; i < count; i++)
		if (!is_any(&tokens[i], words, COUNT_OF(words)))
			return false;
	if (tokens[0].kind == TOKEN_NUMBER)
		return true;
	return (tokens[0].kind == TOKEN_WORD || tokens[0].kind == TOKEN_NAME) &&
	       is_result(text, outer, &tokens[0]);
}

static bool can_repeat_order(const struct str *text, const struct outer *outer)
{
	enum { ITEM_MAX = 4 }; /* a DESC NULLS LAST */
	struct token item[ITEM_MAX];
	size_t count = 0;
	struct lexer lexer;
	struct token token;

	if (outer->order == NOWHERE)
		return false;
	lexer_init(&lexer, text->text + outer->order,
		   (size_t)(outer->order_end - outer->order), LEXER_ESCAPES,
		   NULL);
	do {
		token = lexer_next_solid(&lexer);
		if (token.kind == TOKEN_END || token_is_char(&token, ',')) {
			if (!is_plain_item(text, outer, item, count))
				return false;
			count = 0;
		} else if (count == ITEM_MAX) {
			return false;
		} else {
			item[count++] = token;
		}
	} while (token.kind != TOKEN_END);
	return true;
}

static void wrap(struct unload_query *query, const struct outer *outer)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	bool again = can_repeat_order(&query->text, outer);

	str_addf(&whole, "select * from (%s%s) as limited", query->text.text,
		 outer->comment ? "\n" : "");
	if (again) {
		str_add(&whole, " order by");
		str_add_slice(&whole, query->text.text + outer->order,
			      (size_t)(outer->order_end - outer->order));
		str_trim_end(&whole);
	}
	str_set_slice(&query->text, whole.text, whole.len);
	query->wrapped = true;
	query->ordered = again;
}

/* --- the whole --- */

static void take_text(struct str *out, const struct str *from)
{
	str_set_slice(out, from->text, from->len);
	str_trim_end(out);
	while (out->len > 0 && out->text[out->len - 1] == ';') {
		str_cut(out, out->len - 1);
		str_trim_end(out);
	}
}

static bool check_kind(const struct str *text, struct err *err)
{
	struct statement statement = classify(text->text, text->len, true);

	if (statement.kind == STATEMENT_QUERY)
		return true;
	if (statement.kind == STATEMENT_EMPTY) {
		err_set(err, ERR_USAGE, "\\copyto: there is no query yet");
		return err_hint(err, "\\copyto (select ...) to "
				     "s3://bucket/prefix, or type a query "
				     "before it");
	}
	err_set(err, ERR_USAGE, "\\copyto unloads queries, not %s",
		statement.name[0] != '\0' ? statement.name : "this text");
	return err_hint(err, "\\copyto (select ...) to s3://bucket/prefix");
}

bool unload_query_make(struct unload_query *out, const struct copy_args *args,
		       struct err *err)
{
	struct outer outer;

	if (args->table.len > 0) {
		str_addf(&out->text, "select * from %s", args->table.text);
		return true;
	}
	take_text(&out->text, &args->query);
	if (!check_kind(&out->text, err))
		return false;
	outer = look(&out->text);
	out->ordered = outer.order != NOWHERE;
	if (outer.limited)
		wrap(out, &outer);
	return true;
}
