/* catalog/used.h - which names a person uses, how much and how lately.
 *
 * A use counts for one; what it counts halves every two weeks. All of it is
 * read once and held in memory (the best USED_MAX of them). Written when the
 * file is free, else with a later note: the person never waits for it.
 */
#ifndef CATALOG_USED_H
#define CATALOG_USED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct lite;
struct used;

enum { USED_MAX = 4000 };

struct used_name {
	const char *schema;
	const char *name;
	int what;
	int weight; /* of now: at least 1 */
};

struct used *used_new(struct lite *lite); /* lite is borrowed */
void used_free(struct used *used);        /* writes what is not yet */
CLEANUP_FREE(struct used, used_free, used_freep)

void used_note(struct used *used, int what, const char *schema,
	       const char *name, int64_t now_ms);

/* 0: never used. */
int used_weight(struct used *used, int what, const char *schema,
		const char *name);

/* The at-th by weight; false: no more. Borrowed until the next note. */
bool used_best(struct used *used, size_t at, struct used_name *out);

#endif
