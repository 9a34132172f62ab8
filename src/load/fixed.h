/* load/fixed.h - text whose columns stand at fixed places of each line.
 *
 * Widths count characters, as COPY's FIXEDWIDTH does. Pure.
 */
#ifndef LOAD_FIXED_H
#define LOAD_FIXED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

/* Starts as { 0 }. */
struct fixed_widths {
	VEC(size_t);
};

/* Fills *out from a sample of UTF-8: places that are blank in all lines part
 * columns, and so do digits that end in all lines where letters begin. The
 * last column is as wide as the longest line. whole: the last line is not cut.
 * *out_title: the first line does not fit the others. false: lines show no
 * such places. */
bool fixed_find(struct fixed_widths *out, const char *text, size_t len,
		char line_end, bool whole, bool *out_title);

/* Bytes of the next so many characters, at most len. */
size_t fixed_bytes(const char *text, size_t len, size_t characters);

#endif
