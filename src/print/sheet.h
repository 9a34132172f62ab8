/* print/sheet.h - what every printer is given: rows, settings, output.
 *
 * The cells it hands out are ready to be shown: NULL replaced, digits grouped.
 * Title and footer follow psql's rules.
 */
#ifndef PRINT_SHEET_H
#define PRINT_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "data/rows.h"

struct outbuf;
struct print_options;

struct sheet_digits {		/* \pset numericlocale, from the locale */
	const char *decimal_point;
	const char *separator;
	size_t group;		/* digits between separators */
};

struct sheet {
	struct rows *rows;
	const struct print_options *options;
	struct outbuf *out;
	struct err *err;
	int64_t count;		/* rows pulled so far */
	const char *title;	/* NULL: none (also with tuples_only) */
	struct rows_value null;
	struct sheet_digits digits;
	struct rows_value *cells;	/* [column_count] of the current row */
	struct str grouped;		/* numbers with separators */
};

void sheet_init(struct sheet *sheet, struct rows *rows,
		const struct print_options *options, struct outbuf *out,
		struct err *err);
void sheet_done(struct sheet *sheet);

/* The next row; *out_cells is column_count values, text never NULL. */
enum rows_step sheet_next(struct sheet *sheet,
			  const struct rows_value **out_cells);

bool sheet_is_right(const struct sheet *sheet, size_t column);

/* Lines under the table, NULL: none. with_count: the "(N rows)" too, which
 * expanded records do not have. Borrowed from the options or scratch. */
const char *sheet_footer(const struct sheet *sheet, bool with_count,
			 struct str *scratch);

/* Walks lines: at starts as the footer; NULL is fine. */
bool sheet_footer_next(const char **at, const char **out_line,
		       size_t *out_len);

/* Writes the lines, a line feed after each. */
void sheet_draw_footer(const struct sheet *sheet, const char *footer);

#endif
