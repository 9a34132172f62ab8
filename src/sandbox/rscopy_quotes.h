/* sandbox/rscopy_quotes.h - fields of a line under REMOVEQUOTES.
 *
 * A field in single or double quotes loses them and may hold delimiters; the
 * line ends where it ends, quotes or not. With ESCAPE a backslash makes the
 * next byte plain, in quotes too.
 */
#ifndef SANDBOX_RSCOPY_QUOTES_H
#define SANDBOX_RSCOPY_QUOTES_H

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

/* false: a quote that begins a field has no end; the fields so far stand. */
bool rscopy_quotes_split(struct rscopy_quotes *out,
			 const struct csv_record *line, char delimiter,
			 bool escape);
void rscopy_quotes_done(struct rscopy_quotes *quotes);

#endif
