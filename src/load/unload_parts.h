/* load/unload_parts.h - the files that an UNLOAD made, in their order.
 *
 * The manifest names all of them and nothing else [r_UNLOAD]. Files of
 * PARALLEL OFF hold the rows in the query's order: 000, 001, ... 999, 1000;
 * those of slices are 0000_part_00, 0000_part_01, ...: numbers in names count
 * as numbers, which is the order of both.
 */
#ifndef LOAD_UNLOAD_PARTS_H
#define LOAD_UNLOAD_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct unload_part {
	char *uri;
	int64_t bytes;		/* -1: not said */
};

struct unload_parts { VEC(struct unload_part); };

void unload_parts_done(struct unload_parts *parts);

/* text: the manifest's. ERR_DATA: it is none, or names a file that does not
 * begin with folder. *out is { 0 }. */
bool unload_parts_read(struct unload_parts *out, const char *text, size_t len,
		       const char *folder, struct err *err);

/* In the order of the rows. */
void unload_parts_sort(struct unload_parts *parts);

int64_t unload_parts_bytes(const struct unload_parts *parts);

/* <0, 0, >0: by text, but digits in a row by their number. */
int unload_parts_compare(const char *a, const char *b);

#endif
