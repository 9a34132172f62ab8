/* complete/argument.h - what may stand as one argument of a meta-command: an
 * offerer for each enum complete_want.
 */
#ifndef COMPLETE_ARGUMENT_H
#define COMPLETE_ARGUMENT_H

#include <stddef.h>

#include "complete/complete.h"
#include "complete/offer.h"
#include "complete/typed.h"
#include "complete/words.h"

struct argument { /* the one at the cursor */
	const struct complete_source *source;
	const char *text; /* from the statement before the command on */
	size_t cursor;
	size_t start; /* of the command, behind its backslash */
	size_t rest;  /* of its arguments */
	const char *command;
	const struct complete_arg *arg;
	struct typed word;  /* what is typed of it */
	const char *before; /* value of the argument before, or "" */
	struct complete_list *list;
};

void argument_offer(const struct argument *argument);

/* Words of one kind of the table. */
void argument_words(const struct argument *argument, enum words_kind kind);

/* For meta: an offer for the word at the cursor, and that word as meant. */
struct str;
struct complete_offer argument_offer_of(const struct argument *argument,
					enum complete_kind kind);
void argument_decode(const struct argument *argument, struct str *out);

#endif
