/* load/inspect_create.h - CREATE TABLE for what was inspected, with its keys.
 *
 * What is not clear stays AUTO, as the guide advises: encodings always are
 * (r_CREATE_TABLE_NEW, ENCODE AUTO), the distribution too. A sort key is
 * proposed by c_best-practices-sort-key: recent rows are asked for most, so
 * the time of what happened leads. Pure.
 */
#ifndef LOAD_INSPECT_CREATE_H
#define LOAD_INSPECT_CREATE_H

#include <stddef.h>

struct inspection;
struct str;

enum { INSPECT_MAX_COLUMNS = 1600 }; /* of a table: r_CREATE_TABLE_NEW */

/* Appends CREATE TABLE without a semicolon, table being SQL text; why its keys
 * are proposed goes to *out_reason, a sentence. Nothing where there are no
 * columns, or more than a table can have. */
void inspect_create_add(const struct inspection *inspection, const char *table,
			struct str *out, struct str *out_reason);

#endif
