/* complete/parts.h - a name of several parts as it is typed: "a"."B".c. Pure.
 */
#ifndef COMPLETE_PARTS_H
#define COMPLETE_PARTS_H

#include <stddef.h>

#include "base/str.h"

enum { PARTS_MAX = 4 }; /* database.schema.table.column */

struct parts {
	struct str items[PARTS_MAX]; /* the last part first */
	size_t count;
};

void parts_read(struct parts *parts, const char *text, size_t len);
void parts_done(struct parts *parts);

/* Counted from the last part; "" where there is none. */
const char *parts_at(const struct parts *parts, size_t at);

#endif
