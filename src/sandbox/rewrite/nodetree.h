/* sandbox/rewrite/nodetree.h - PostgreSQL's analyzed statements, read from
 * text.
 *
 * debug_print_parse tells what a statement was understood as: objects
 * {NAME :field value ...}, lists (...), values of types [...] and words. They
 * are kept as tokens that know their partners; no node is known by name here.
 */
#ifndef SANDBOX_REWRITE_NODETREE_H
#define SANDBOX_REWRITE_NODETREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct node_token {
	const char *text; /* in the text given to nodetree_init */
	size_t len;
	size_t end; /* of an opening bracket: behind its partner */
};

struct nodetree {
	struct node_token *items;
	size_t count;
	size_t cap;
};
#define NODETREE_EMPTY                                                         \
	{                                                                      \
		.items = NULL, .count = 0, .cap = 0                            \
	}
#define NODE_NONE ((size_t)-1)

/* text is borrowed; false: brackets without partners. */
bool nodetree_init(struct nodetree *tree, const char *text);
void nodetree_done(struct nodetree *tree);

/* Whether the object with this name begins at. */
bool node_is(const struct nodetree *tree, size_t at, const char *name);

/* The value of an object's field (":location"); NODE_NONE. */
size_t node_field(const struct nodetree *tree, size_t at, const char *field);

/* The field as a number; otherwise, also for words, that. */
long node_number(const struct nodetree *tree, size_t at, const char *field,
		 long otherwise);

/* Member i of the list at; NODE_NONE when it has not so many, or is none. */
size_t node_member(const struct nodetree *tree, size_t at, size_t i);

/* Behind the token, object, list or value at. */
size_t node_end(const struct nodetree *tree, size_t at);

#endif
