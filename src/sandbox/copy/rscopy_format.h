/* sandbox/copy/rscopy_format.h - rows as the lines of UNLOAD's files.
 *
 * [r_UNLOAD] Pure.
 */
#ifndef SANDBOX_COPY_RSCOPY_FORMAT_H
#define SANDBOX_COPY_RSCOPY_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"
#include "sandbox/copy/rscopy_fixed.h"
#include "sandbox/copy/rscopy_rows.h"

struct str;

enum rscopy_format_kind {
	RSCOPY_FORMAT_TEXT,
	RSCOPY_FORMAT_CSV,
	RSCOPY_FORMAT_FIXED,
	RSCOPY_FORMAT_JSON,
};

struct rscopy_unload_format {
	enum rscopy_format_kind kind;
	char delimiter;
	bool escape;
	bool add_quotes;
	const char *null_text;                       /* borrowed */
	struct rscopy_fixed fixed;                   /* widths */
	const struct rscopy_result_columns *columns; /* borrowed */
	/* which of them the files hold, in this order */
	struct {
		VEC(size_t);
	} chosen;
};

void rscopy_unload_format_done(struct rscopy_unload_format *format);

/* Appends a line with its line end; false: a value does not fit. */
bool rscopy_unload_format_row(const struct rscopy_unload_format *format,
			      const struct rscopy_value *values,
			      struct str *out, struct err *err);

/* Appends the line of names. */
void rscopy_unload_format_header(const struct rscopy_unload_format *format,
				 struct str *out);

#endif
