/* load/copy_map.h - columns by the names in the file's header: --by-name and
 * --map.
 *
 * COPY fills columns in the order of its list: the list is written in the
 * order of the file. Names are the same when they differ in case, blanks, _
 * and - only. A field without a column cannot be skipped by COPY, so it is
 * refused with what to do.
 */
#ifndef LOAD_COPY_MAP_H
#define LOAD_COPY_MAP_H

#include <stdbool.h>

#include "base/err.h"

struct copyfrom;

/* Does the line ask for it? */
bool copy_map_wanted(const struct copyfrom *copy);

/* Fills copy->list with "(b, a)"; shows header and columns side by side.
 * Without a server the table is taken to have what the header names. */
bool copy_map_apply(struct copyfrom *copy, struct err *err);

#endif
