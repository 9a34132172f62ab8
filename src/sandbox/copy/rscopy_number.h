/* sandbox/copy/rscopy_number.h - numbers and booleans of a file into columns.
 *
 * The half of rscopy_field that reads digits; nobody else's. Pure.
 */
#ifndef SANDBOX_COPY_RSCOPY_NUMBER_H
#define SANDBOX_COPY_RSCOPY_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct rscopy_column;
struct rscopy_problem;
struct rscopy_rules;
struct str;

/* What a converter works on: a value that is not NULL. */
struct rscopy_input {
	const char *text;
	size_t len;
	const struct rscopy_column *column;
	const struct rscopy_rules *rules;
	struct rscopy_problem *problem;
};

/* Each appends the value to out; false: the problem is told, and what was
 * appended is to be cut off. */
bool rscopy_number_integer(struct str *out, const struct rscopy_input *value);
bool rscopy_number_decimal(struct str *out, const struct rscopy_input *value);
bool rscopy_number_float(struct str *out, const struct rscopy_input *value);
bool rscopy_number_bool(struct str *out, const struct rscopy_input *value);

/* Fill the problem; return false. */
bool rscopy_input_bad(struct rscopy_problem *problem, int code, size_t position,
		      const char *fmt, ...) PRINTF_LIKE(4, 5);
bool rscopy_input_bad_digit(const struct rscopy_input *value, int code,
			    size_t at);

#endif
