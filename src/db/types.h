/* db/types.h - the server's type OIDs: kind of value and name. */
#ifndef DB_TYPES_H
#define DB_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "data/rows.h"

struct str;

/* ROWS_TEXT for what is not known. */
enum rows_kind types_kind(uint32_t oid);

/* psql aligns these to the right. */
bool types_is_number(uint32_t oid);

/* Appends the name as SQL writes it: "character varying(20)",
 * "numeric(8,2)". false: not known, nothing appended: ask the server. */
bool types_name(uint32_t oid, int type_modifier, struct str *out);

#endif
