/* sandbox/copy/rscopy_fixed.h - fields of fixed widths: FIXEDWIDTH 'a:3,b:12'.
 *
 * Widths count characters. COPY cuts lines by them, UNLOAD pads to them.
 */
#ifndef SANDBOX_COPY_RSCOPY_FIXED_H
#define SANDBOX_COPY_RSCOPY_FIXED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "data/csv.h"

struct err;
struct str;

/* Starts as { 0 }. */
struct rscopy_fixed {
	VEC(size_t); /* widths */
	struct {
		VEC(struct csv_field);
	} fields; /* of the line cut last; they point into it */
};

enum { RSCOPY_FIXED_WIDTH_MAX = 65535 };

/* Labels are free text; blanks around label and width do not matter. */
bool rscopy_fixed_read(struct rscopy_fixed *fixed, const char *spec,
		       struct err *err);
void rscopy_fixed_done(struct rscopy_fixed *fixed);

/* Fills fields with what the line reaches: fewer than widths when it ends
 * before a column begins. *out_rest: offset of what is left over, the line's
 * length when nothing is. */
void rscopy_fixed_cut(struct rscopy_fixed *fixed, const struct csv_record *line,
		      size_t *out_rest);

/* Appends text padded with blanks; false: it is wider than the column. */
bool rscopy_fixed_pad(struct str *out, size_t width, const char *text,
		      size_t len);

#endif
