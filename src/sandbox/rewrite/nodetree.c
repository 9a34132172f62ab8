#include "sandbox/rewrite/nodetree.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Names may hold [ and ]; those of a value stand alone. */
static bool is_open(const char *at)
{
	return *at == '{' || *at == '(' || (*at == '[' && is_blank(at[1]));
}

static bool is_close(const char *at)
{
	return *at == '}' || *at == ')' ||
	       (*at == ']' && (is_blank(at[1]) || at[1] == '}'));
}

static size_t word_len(const char *text)
{
	size_t len = 0;

	while (text[len] != '\0' && !is_blank(text[len]) &&
	       strchr("{}()", text[len]) == NULL)
		len += text[len] == '\\' && text[len + 1] != '\0' ? 2 : 1;
	return len;
}

bool nodetree_init(struct nodetree *tree, const char *text)
{
	struct {
		VEC(size_t);
	} open = { 0 };
	bool fine = true;

	*tree = (struct nodetree)NODETREE_EMPTY;
	while (fine && *text != '\0') {
		struct node_token token = { .text = text, .len = 1 };

		if (is_blank(*text)) {
			text++;
			continue;
		}
		if (is_open(text)) {
			vec_push(&open, tree->count);
		} else if (is_close(text)) {
			fine = open.count > 0;
			if (fine)
				tree->items[open.items[--open.count]].end =
					tree->count + 1;
		} else {
			token.len = word_len(text);
		}
		text += token.len;
		vec_push(tree, token);
	}
	fine = fine && open.count == 0;
	vec_done(&open);
	return fine;
}

void nodetree_done(struct nodetree *tree)
{
	vec_done(tree);
}

static bool is_word(const struct nodetree *tree, size_t at, const char *word)
{
	return at < tree->count && tree->items[at].len == strlen(word) &&
	       memcmp(tree->items[at].text, word, strlen(word)) == 0;
}

bool node_is(const struct nodetree *tree, size_t at, const char *name)
{
	return is_word(tree, at, "{") && is_word(tree, at + 1, name);
}

size_t node_end(const struct nodetree *tree, size_t at)
{
	return tree->items[at].end > at ? tree->items[at].end : at + 1;
}

size_t node_field(const struct nodetree *tree, size_t at, const char *field)
{
	size_t end;

	if (!is_word(tree, at, "{"))
		return NODE_NONE;
	end = tree->items[at].end - 1;
	for (size_t i = at + 2; i + 1 < end; i = node_end(tree, i))
		if (is_word(tree, i, field))
			return i + 1;
	return NODE_NONE;
}

long node_number(const struct nodetree *tree, size_t at, const char *field,
		 long otherwise)
{
	size_t value = node_field(tree, at, field);
	char *rest;
	long number;

	if (value == NODE_NONE)
		return otherwise;
	number = strtol(tree->items[value].text, &rest, 10);
	return rest == tree->items[value].text ? otherwise : number;
}

size_t node_member(const struct nodetree *tree, size_t at, size_t i)
{
	size_t end;

	if (!is_word(tree, at, "("))
		return NODE_NONE;
	end = tree->items[at].end - 1;
	for (at++; at < end; at = node_end(tree, at))
		if (i-- == 0)
			return at;
	return NODE_NONE;
}
