#include "sandbox/rewrite/rewrite_shape.h"

#include <string.h>

#include "base/mem.h"

static const struct {
	const char *words;
	enum shape_clause clause;
} openings[] = {
	{ "into", SHAPE_INTO },          { "from", SHAPE_FROM },
	{ "where", SHAPE_WHERE },        { "start with", SHAPE_START },
	{ "connect by", SHAPE_CONNECT }, { "group by", SHAPE_GROUP },
	{ "having", SHAPE_HAVING },      { "qualify", SHAPE_QUALIFY },
	{ "order by", SHAPE_ORDER },     { "limit", SHAPE_LIMIT },
	{ "offset", SHAPE_OFFSET },
};

/* What may stand behind a query in its statement. */
static const char *const followers[] = { "with no schema binding", "loop",
					 ";" };

bool shape_is_name(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
	       token->kind == TOKEN_TEMP;
}

bool shape_is_set_operator(const struct token *token)
{
	return token_is(token, "union") || token_is(token, "intersect") ||
	       token_is(token, "except") || token_is(token, "minus");
}

bool shape_is_subquery(const struct patch *patch, size_t at)
{
	if (!token_is_char(patch_at(patch, at), '('))
		return false;
	while (token_is_char(patch_at(patch, at), '('))
		at++;
	return patch_match(patch, at, "select") ||
	       patch_match(patch, at, "with");
}

bool shape_is_select(const struct patch *patch, size_t at)
{
	if (!patch_match(patch, at, "select"))
		return false;
	if (patch_match(patch, at + 1, ",") || patch_match(patch, at + 1, "on"))
		return false;
	return at == 0 || (!token_is_char(patch_at(patch, at - 1), '.') &&
			   !token_is_char(patch_at(patch, at - 1), ',') &&
			   !patch_match(patch, at - 1, "grant") &&
			   !patch_match(patch, at - 1, "revoke"));
}

/* A name behind a dot or AS is no keyword. */
static bool is_label(const struct patch *patch, size_t at)
{
	return at > 0 && (token_is_char(patch_at(patch, at - 1), '.') ||
			  patch_match(patch, at - 1, "as"));
}

static bool is_follower(const struct patch *patch, size_t at)
{
	for (size_t i = 0; i < COUNT_OF(followers); i++)
		if (patch_match(patch, at, followers[i]))
			return true;
	return false;
}

size_t shape_select_end(const struct patch *patch, size_t select)
{
	int depth = patch->items[select].depth;
	size_t i = select + 1;

	while (i < patch->count) {
		const struct patch_token *item = &patch->items[i];

		if (item->depth < depth)
			break;
		if (token_is_char(&item->token, ')') && item->pair < select)
			break;
		if (item->depth == depth &&
		    (shape_is_set_operator(&item->token) ||
		     is_follower(patch, i)) &&
		    !is_label(patch, i))
			break;
		i++;
	}
	return i;
}

/* EXCLUDE stands at the end of a select list, before a name or a list. */
static bool opens_exclude(const struct patch *patch, size_t at,
			  const struct shape *shape)
{
	const struct token *next = patch_at(patch, at + 1);

	return patch_match(patch, at, "exclude") && at > shape->list.from &&
	       !patch_match(patch, at - 1, ",") && !is_label(patch, at) &&
	       (token_is_char(next, '(') ||
		(shape_is_name(next) && !token_is(next, "from") &&
		 !token_is(next, "as")));
}

static size_t match_opening(const struct patch *patch, size_t at,
			    const struct shape *shape, bool in_list,
			    enum shape_clause *out)
{
	if (in_list && opens_exclude(patch, at, shape)) {
		*out = SHAPE_EXCLUDE;
		return 1;
	}
	if (is_label(patch, at))
		return 0;
	for (size_t i = 0; i < COUNT_OF(openings); i++) {
		size_t words = patch_match(patch, at, openings[i].words);

		*out = openings[i].clause;
		if (words > 0)
			return words;
	}
	return 0;
}

/* SELECT [TOP n] [ALL | DISTINCT] or the two the other way round. */
static size_t read_head(const struct patch *patch, struct shape *out)
{
	size_t at = out->select + 1;

	for (int round = 0; round < 2; round++) {
		const struct token *next = patch_at(patch, at + 1);
		bool counted = next->kind == TOKEN_NUMBER ||
			       next->kind == TOKEN_PARAM ||
			       token_is_char(next, '(');

		if (patch_match(patch, at, "distinct")) {
			out->distinct = true;
			at++;
		} else if (patch_match(patch, at, "all")) {
			at++;
		} else if (patch_match(patch, at, "top") && counted) {
			out->top.from = at;
			at = token_is_char(next, '(')
				     ? patch->items[at + 1].pair + 1
				     : at + 2;
			out->top.to = at;
		}
	}
	return at;
}

void shape_read(const struct patch *patch, size_t select, struct shape *out)
{
	struct shape_part *open = NULL;
	enum shape_clause clause;
	size_t i;

	*out = (struct shape){ .select = select };
	out->end = shape_select_end(patch, select);
	i = read_head(patch, out);
	out->list = (struct patch_range){ i, out->end };
	while (i < out->end) {
		size_t words =
			match_opening(patch, i, out, open == NULL, &clause);

		if (words > 0 && out->parts[clause].to == 0) {
			if (open != NULL)
				open->to = i;
			else
				out->list.to = i;
			open = &out->parts[clause];
			*open = (struct shape_part){ i, i + words, out->end };
			i += words;
			continue;
		}
		if (token_is_char(patch_at(patch, i), '(') &&
		    patch->items[i].pair > i)
			i = patch->items[i].pair;
		i++;
	}
	i = select;
	if (i > 0 && (patch_match(patch, i - 1, "all") ||
		      patch_match(patch, i - 1, "distinct")))
		i--;
	out->in_set =
		(i > 0 && shape_is_set_operator(patch_at(patch, i - 1))) ||
		shape_is_set_operator(patch_at(patch, out->end));
}

bool shape_has(const struct shape *shape, enum shape_clause clause)
{
	return shape->parts[clause].to > shape->parts[clause].from;
}

size_t shape_tail(const struct shape *shape)
{
	size_t tail = shape->end;

	for (int i = SHAPE_ORDER; i <= SHAPE_OFFSET; i++)
		if (shape->parts[i].to > 0 && shape->parts[i].from < tail)
			tail = shape->parts[i].from;
	return tail;
}

/* ---- items */

/* Words that end an expression and are no alias behind it. */
static bool is_expression_word(const struct token *token)
{
	static const char *const words[] = { "end",     "null", "true", "false",
					     "default", "and",  "or",   "not" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (token_is(token, words[i]))
			return true;
	return false;
}

/* Can an expression end with the token? Then a name behind it is an alias. */
static bool ends_expression(const struct token *token)
{
	switch (token->kind) {
	case TOKEN_WORD:
	case TOKEN_NAME:
	case TOKEN_TEMP:
	case TOKEN_LITERAL:
	case TOKEN_NUMBER:
	case TOKEN_PARAM:
		return true;
	default:
		return token_is_char(token, ')') || token_is_char(token, ']');
	}
}

/* "timestamp '..'" and "time zone" are no aliases: a type's words. */
static bool is_type_word(const struct token *token)
{
	static const char *const words[] = { "precision", "varying", "zone" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (token_is(token, words[i]))
			return true;
	return false;
}

static void read_alias(const struct patch *patch, struct shape_item *item)
{
	size_t last = item->to - 1;
	const struct token *name = patch_at(patch, last);

	item->alias = PATCH_NONE;
	item->expr_to = item->to;
	if (item->to < item->from + 2 || !shape_is_name(name))
		return;
	if (patch_match(patch, last - 1, "as")) {
		item->alias = last;
		item->expr_to = last - 1;
	} else if (!is_expression_word(name) && !is_type_word(name) &&
		   ends_expression(patch_at(patch, last - 1)) &&
		   !(patch_at(patch, last - 1)->kind == TOKEN_WORD &&
		     is_expression_word(patch_at(patch, last - 1)) &&
		     !patch_match(patch, last - 1, "end") &&
		     !patch_match(patch, last - 1, "null") &&
		     !patch_match(patch, last - 1, "true") &&
		     !patch_match(patch, last - 1, "false"))) {
		item->alias = last;
		item->expr_to = last;
	}
}

size_t shape_items(const struct patch *patch, struct patch_range range,
		   struct shape_item *out, size_t max)
{
	size_t count = 0;
	size_t from = range.from;

	while (from < range.to) {
		size_t comma = patch_find(patch, from, range.to, ",");
		struct shape_item item = {
			.from = from,
			.to = comma == PATCH_NONE ? range.to : comma,
		};

		if (item.to > item.from)
			read_alias(patch, &item);
		if (count < max)
			out[count] = item;
		count++;
		if (comma == PATCH_NONE)
			break;
		from = comma + 1;
	}
	return count;
}
