#include "base/fold.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

enum { FEWEST_COLUMNS = 20 };

/* Bytes of blanks at text. */
static size_t blanks(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] == ' ')
		n++;
	return n;
}

/* Bytes up to the next blank. */
static size_t word(const char *text, size_t len)
{
	const char *blank = memchr(text, ' ', len);

	return blank ? (size_t)(blank - text) : len;
}

/* Columns before what follows on: the text behind the first two blanks in a
 * row that stand within the first half of the screen, else the line's own. */
static int hanging(const char *line, size_t len, int columns)
{
	size_t begin = blanks(line, len);
	size_t at = begin;

	while (at < len) {
		size_t gap;

		at += word(line + at, len - at);
		gap = blanks(line + at, len - at);
		at += gap;
		if (at >= len || utf8_width_cols(line, at) > columns / 2)
			break;
		if (gap > 1)
			return utf8_width_cols(line, at);
	}
	return (int)begin;
}

static void add_line(struct str *out, const char *line, size_t len, int columns)
{
	int indent = hanging(line, len, columns);
	int column = 0;
	bool first = true; /* no word yet in this row */

	if (utf8_width_cols(line, len) <= columns) {
		str_add_slice(out, line, len);
		return;
	}
	while (len > 0) {
		size_t gap = blanks(line, len);
		size_t end = gap + word(line + gap, len - gap);
		int width = utf8_width_cols(line, end);

		if (!first && column + width > columns &&
		    width - (int)gap <= columns - indent) {
			str_addf(out, "\n%*s", indent, "");
			column = indent;
			line += gap;
			len -= gap;
			end -= gap;
			width -= (int)gap;
		}
		str_add_slice(out, line, end);
		column += width;
		/* The terminal breaks it. */
		if (column > columns)
			column %= columns;
		first = false;
		line += end;
		len -= end;
	}
}

/* "  reason  Invalid digit": words below a label. */
static bool is_labelled(const char *line, size_t len)
{
	size_t label;

	if (blanks(line, len) != 2)
		return false;
	label = word(line + 2, len - 2);
	return isalpha((unsigned char)line[2]) &&
	       blanks(line + 2 + label, len - 2 - label) > 1;
}

/* No excerpt, caret or JSON, and nothing to paste: a command or a line of
 * SQL. A refusal may begin with a command's name. */
static bool is_prose(const char *line, size_t len)
{
	if (len == 0 || memchr(line, '\t', len) || memchr(line, '\033', len) ||
	    line[len - 1] == ';' || (len > 5 && memcmp(line, "LINE ", 5) == 0))
		return false;
	if (line[0] == '\\')
		return memmem(line, len, ": ", 2) != NULL;
	return !strchr(" >{}[", line[0]) || is_labelled(line, len);
}

static void add_lines(struct str *out, const char *text, int columns,
		      bool prose)
{
	for (;;) {
		size_t len = strcspn(text, "\n");

		if (columns < FEWEST_COLUMNS || (prose && !is_prose(text, len)))
			str_add_slice(out, text, len);
		else
			add_line(out, text, len, columns);
		text += len;
		if (!*text)
			return;
		str_add_char(out, '\n');
		text++;
	}
}

void fold_add(struct str *out, const char *text, int columns)
{
	add_lines(out, text, columns, false);
}

void fold_add_prose(struct str *out, const char *text, int columns)
{
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == '\n')
		len--;
	/* A statement of several lines. */
	if (len > 0 && text[len - 1] == ';')
		columns = 0;
	add_lines(out, text, columns, true);
}
