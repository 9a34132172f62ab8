/* complete/clause.h - what sql/follow knows of a statement, offered: words,
 * values and the names of a clause.
 */
#ifndef COMPLETE_CLAUSE_H
#define COMPLETE_CLAUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "sql/follow.h"

struct source_ask;

struct clause {
	struct follow follow;
	bool own; /* clause_supply has something to offer */
	struct {
		VEC(const char *);
	} words; /* NULL-ended; the question's expect points here */
};

#define CLAUSE_EMPTY                                                           \
	{                                                                      \
		.follow = FOLLOW_EMPTY, .own = false                           \
	}

/* Puts what the statement's row allows in the place of what sql/expect
 * guessed. Where no row fits, or inside a query, the guess stays. */
void clause_narrow(struct clause *clause, struct source_ask *ask);

/* Offers what is not one of expect's kinds. */
void clause_supply(struct clause *clause, struct source_ask *ask);

void clause_done(struct clause *clause);

/* Names of one kind that sql/expect does not tell apart. */
void clause_offer_names(struct source_ask *ask, enum syntax_kind kind);

/* In quotes, typed or not: ARNs of roles, names of regions. */
void clause_offer_roles(const struct source_ask *ask);
void clause_offer_regions(const struct source_ask *ask);

#endif
