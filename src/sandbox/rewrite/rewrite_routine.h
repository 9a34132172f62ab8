/* sandbox/rewrite/rewrite_routine.h - what CREATE PROCEDURE tells its body.
 *
 * For rewrite_routine.c and rewrite_body.c only.
 */
#ifndef SANDBOX_REWRITE_REWRITE_ROUTINE_H
#define SANDBOX_REWRITE_REWRITE_ROUTINE_H

#include "sandbox/rewrite/rewrite_query.h"

struct routine {
	bool procedure;
	bool nonatomic;       /* every statement commits */
	bool definer;         /* SECURITY DEFINER */
	bool configured;      /* SET parameter: no transaction control */
	const char *prologue; /* in front of the body */
};

/* rewrite_body.c: the statements of a procedure, in body->patch. */
bool rewrite_procedure_body(struct work *body, const struct routine *is);

#endif
