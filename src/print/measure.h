/* print/measure.h - how wide psql takes a text to be, and how it shows it.
 *
 * psql counts code points (no graphemes) by its own table, cuts cells at line
 * feeds, moves tabs to the next multiple of 8 of the cell's line, and shows
 * CR as \r, other ASCII controls and bad bytes as \x1B, C1 controls as \u0085.
 * A character cut off by the end of the text is not shown.
 */
#ifndef PRINT_MEASURE_H
#define PRINT_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"

/* A client encoding that is not UTF-8, by libpq's knowledge of it: bytes of
 * the character at text, its columns (-1: control). NULL everywhere stands
 * for UTF-8. */
struct measure_charset {
	int encoding;
	int (*len)(const char *text, int encoding);
	int (*width)(const char *text, int encoding);
};

/* Columns of one code point: 0, 1, 2; -1: a control character. */
int measure_code_width(uint32_t code);

/* True when each byte is printable ASCII: it is shown as it is, one line,
 * width len. Most cells are. */
bool measure_is_plain(const char *text, size_t len);

struct measure_size {
	int width_cols; /* of the widest line */
	int line_count; /* >= 1 */
};

struct measure_size measure_size(const char *text, size_t len,
				 const struct measure_charset *charset);

struct measure_line {
	size_t at, len; /* in text */
	int width_cols;
};

struct measure_lines {     /* a cell as it is shown */
	const char *shown; /* lines are parts of it */
	struct str text;   /* its memory, where shown is not the cell */
	struct {
		VEC(struct measure_line);
	} lines;
	bool is_plain; /* see measure_is_plain: bytes are columns */
};

#define MEASURE_LINES_EMPTY                                                    \
	{                                                                      \
		.text = STR_EMPTY                                              \
	}

void measure_lines_done(struct measure_lines *lines);
/* Borrows the text for as long as the lines are used. */
void measure_lines(struct measure_lines *lines, const char *text, size_t len,
		   const struct measure_charset *charset);

/* Bytes of the longest beginning of a shown line that is at most *width_cols
 * wide, but at least one character; *width_cols becomes its width. */
size_t measure_fit(const char *text, size_t len, int *width_cols,
		   const struct measure_charset *charset);

#endif
