/* data/snappy.h - one block of Snappy, unpacked.
 *
 * The raw format (google/snappy, format_description.txt): the length, then
 * literals and copies of what came before. Framed streams are not read. Pure.
 */
#ifndef DATA_SNAPPY_H
#define DATA_SNAPPY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct str;

/* Appends at most limit bytes. ERR_DATA: damaged, or longer. */
bool snappy_unpack(struct str *out, const void *bytes, size_t len, size_t limit,
		   struct err *err);

#endif
