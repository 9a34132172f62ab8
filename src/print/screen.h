/* print/screen.h - tables for the eyes of a person at a terminal.
 *
 * Two filters around a printer, used on terminals only. Rows: nulls become
 * visible, long cells are cut with a mark, and characters that a terminal
 * would obey (controls, C1, bidirectional overrides and other invisible
 * formatting) are shown as \x1B or \u202E. Output: whatever of these came by
 * another way is shown likewise, and what is to be dim becomes so. Between
 * the two a dim text stands between U+E01EE and U+E01EF, which take no
 * column and cannot come from data.
 */
#ifndef PRINT_SCREEN_H
#define PRINT_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sink.h"
#include "base/str.h"
#include "data/rows.h"

/* Would a terminal obey it, or show nothing where it stands? Line feed and
 * tab are not meant. */
bool screen_hides(uint32_t code);

/* Appends text as it may be shown: \x1B for what screen_hides, and for bytes
 * that are no UTF-8. */
void screen_add(struct str *out, const char *text, size_t len);

/* The same as one line: ends of lines and tabs become blanks. */
void screen_add_line(struct str *out, const char *text, size_t len);

struct screen_options {
	int cell_cols;         /* longer cells are cut; 0: none */
	const char *null_text; /* dim, in place of null; NULL: stays null */
};

struct screen_rows {
	struct rows rows; /* first: what the printer is given */
	struct rows *from;
	struct screen_options options;
	struct rows_value *values;
	size_t *places; /* in text, + 1; 0: the value is from's own */
	struct str text;
	int64_t cut_count; /* cells cut so far */
};

/* Borrows from, and null_text. */
void screen_rows_init(struct screen_rows *screen, struct rows *from,
		      const struct screen_options *options);
void screen_rows_done(struct screen_rows *screen);

struct screen_sink {
	struct sink sink; /* what the printer is given */
	struct sink *to;
	bool has_colour; /* else dim is as all else */
	char cut[4];     /* of a character cut by the end of a write */
	size_t cut_len;
	struct str text;
};

void screen_sink_init(struct screen_sink *screen, struct sink *to,
		      bool has_colour);
/* Shows what is left of a character that never ended. */
void screen_sink_done(struct screen_sink *screen);

#endif
