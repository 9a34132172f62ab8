/* base/similar.h - which name was meant by one that is none. */
#ifndef BASE_SIMILAR_H
#define BASE_SIMILAR_H

#include <stddef.h>

/* Wrong, missing, added and exchanged letters between two names, capitals
 * apart; anything above limit is limit + 1. */
size_t similar_distance(const char *one, const char *two, size_t limit);

/* Begins with { .wanted = what was typed }. */
struct similar {
	const char *wanted;
	const char *name; /* the nearest so far, borrowed; NULL: none is near */
	size_t far;
};

/* name is one that there is; near are up to three letters, of short names
 * fewer. */
void similar_consider(struct similar *similar, const char *name);

#endif
