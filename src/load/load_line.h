/* load/load_line.h - a record of an object by its line number, and how it is
 * shown: through compression and character sets, with a caret. */
#ifndef LOAD_LOAD_LINE_H
#define LOAD_LOAD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct copy_options;
struct load_error;
struct load_error_hooks;

struct load_line {
	struct str text;	/* the record, UTF-8 or raw bytes */
	struct str before;	/* the record before it; "" at the first */
	int64_t line, before_line;
	size_t field_at, field_len;	/* the field, in text; len 0: none */
};

#define LOAD_LINE_EMPTY                                                        \
	{                                                                      \
		.text = STR_EMPTY, .before = STR_EMPTY                         \
	}

void load_line_done(struct load_line *line);

/* Reads record number wanted from the object; column: index of the field
 * from 0, or -1; value: what the field should hold, or "". Reads at most
 * 1 GiB of the object. */
bool load_line_read(struct load_line *out, const struct load_error *error,
		    int column, const struct copy_options *options,
		    const struct load_error_hooks *hooks, struct err *err);

/* Appends line and caret as people see them: control bytes and bad UTF-8
 * escaped, cut around the field to about width_cols columns. */
void load_line_add(const struct load_line *line, int width_cols,
		   struct str *out);

#endif
