/* cmd/copy_format.h - rows as PostgreSQL's COPY TO writes them, for servers
 * that have no such COPY.
 *
 * Options of both spellings of PostgreSQL 15: WITH (FORMAT csv, HEADER, ...)
 * and CSV HEADER DELIMITER ';' ... Pure. The rules of quoting are those that
 * the page of COPY documents: text has backslashes, csv doubles quotes, and
 * an empty text is told from NULL.
 */
#ifndef CMD_COPY_FORMAT_H
#define CMD_COPY_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct rows;
struct rows_value;

struct copy_format {
	bool csv;
	bool header;
	bool all_quoted; /* FORCE_QUOTE * */
	char delimiter;  /* 0 until copy_format_read has ended */
	char quote, escape;
	bool has_null;
	struct str null;
	struct str quoted; /* FORCE_QUOTE: names, each behind a newline */
};

#define COPY_FORMAT_EMPTY                                                      \
	{                                                                      \
		.null = STR_EMPTY, .quoted = STR_EMPTY                         \
	}

void copy_format_done(struct copy_format *format);

/* options: what stands behind the file; may be "". *out is COPY_FORMAT_EMPTY.
 * ERR_USAGE names what cannot be. */
bool copy_format_read(struct copy_format *out, const char *options,
		      struct err *err);

/* Append a line with its line end. */
void copy_format_add_header(const struct copy_format *format,
			    const struct rows *rows, struct str *out);
void copy_format_add_row(const struct copy_format *format,
			 const struct rows *rows,
			 const struct rows_value *values, struct str *out);

#endif
