/* load/check_near.h - tables that are spelt nearly as one that is missing. */
#ifndef LOAD_CHECK_NEAR_H
#define LOAD_CHECK_NEAR_H

#include "base/err.h"

struct load_world;

/* There is no table of that name (SQL text): puts those that differ in no more
 * than two letters before the hint of err, if there are any. Asks the catalog
 * only, which fails no block. */
void check_near(const struct load_world *world, const char *table,
		struct err *err);

#endif
