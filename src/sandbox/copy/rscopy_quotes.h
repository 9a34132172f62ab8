/* sandbox/copy/rscopy_quotes.h - fields of a line under REMOVEQUOTES.
 *
 * A field in single or double quotes loses them and may hold delimiters;
 * behind the closing quote stands a delimiter or the end. The line ends where
 * it ends, quotes or not. With ESCAPE a backslash makes the
 * next byte plain, in quotes too.
 */
#ifndef SANDBOX_COPY_RSCOPY_QUOTES_H
#define SANDBOX_COPY_RSCOPY_QUOTES_H

#include <stdbool.h>

#include "base/str.h"
#include "base/vec.h"
#include "data/csv.h"

/* Starts as { 0 }; reused from line to line. */
struct rscopy_quotes {
	size_t count;
	struct {
		VEC(struct csv_field);
	} fields; /* .items[0 .. count) */
	struct {
		VEC(struct str);
	} texts; /* theirs */
};

enum rscopy_quotes_end {
	RSCOPY_QUOTES_GOOD,
	RSCOPY_QUOTES_OPEN,  /* a quote that begins a field has no end */
	RSCOPY_QUOTES_AFTER, /* something stands behind the closing quote */
};

/* Stops at the fault; the fields so far stand. *out_at: where in the line. */
enum rscopy_quotes_end rscopy_quotes_split(struct rscopy_quotes *out,
					   const struct csv_record *line,
					   char delimiter, bool escape,
					   size_t *out_at);
void rscopy_quotes_done(struct rscopy_quotes *quotes);

#endif
