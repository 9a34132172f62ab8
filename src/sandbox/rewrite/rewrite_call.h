/* sandbox/rewrite/rewrite_call.h - what the rules of function calls share.
 *
 * For rewrite_call*.c only. A rule is named in the column "how" of
 * functions.tsv; calls are rewritten innermost first, so the arguments of a
 * call are done when its rule runs.
 */
#ifndef SANDBOX_REWRITE_REWRITE_CALL_H
#define SANDBOX_REWRITE_REWRITE_CALL_H

#include "sandbox/rewrite/rewrite_work.h"

enum {
	CALL_ARGUMENTS = 512 /* of DECODE; others have few */
};

struct call {
	size_t at; /* of the name */
	size_t open;
	size_t close;
	const char *name; /* lower case */
	const char *how;  /* cell of functions.tsv */
	struct patch_range args[CALL_ARGUMENTS];
	size_t count;
};

typedef bool call_rule(struct work *work, const struct call *call);

/* The name becomes that of the function in our schema. */
void call_use_own(struct work *work, const struct call *call);

/* rewrite_call_window.c: aggregates in an order of their own, and windows. */
call_rule call_listagg;
call_rule call_percentile;
call_rule call_median;
call_rule call_ratio;
call_rule call_nulls;
call_rule call_aggregate;
call_rule call_hll;

/* rewrite_call_super.c: arguments that may be of any type are made SUPER;
 * all of them, or the first two when how is super2. */
call_rule call_super;
call_rule call_object_transform;

#endif
