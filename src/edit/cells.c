#include "edit/cells.h"

#include <string.h>

#include "base/utf8.h"

enum { TAB_COLS = 8 };

static const char replacement[] = "\xEF\xBF\xBD";

void cells_clear(struct cells *cells, int columns)
{
	cells->columns = columns;
	cells->column = 0;
	str_clear(&cells->text);
	vec_clear(cells);
	vec_clear(&cells->rows);
}

void cells_done(struct cells *cells)
{
	str_done(&cells->text);
	vec_done(cells);
	vec_done(&cells->rows);
}

void cells_row(struct cells *cells)
{
	vec_push(&cells->rows, cells->count);
	cells->column = 0;
}

/* Characters that are not seen but change what is seen around them. */
static bool is_hidden_order(uint32_t code)
{
	return (code >= 0x7f && code < 0xa0) || code == 0x200b ||
	       (code >= 0x200e && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       (code >= 0xfff9 && code <= 0xfffb) ||
	       (code >= 0xe0000 && code <= 0xe0fff) || code == UINT32_MAX;
}

static void set_own(struct glyph *glyph, const char *text, int width)
{
	glyph->len = strlen(text);
	memcpy(glyph->own, text, glyph->len + 1);
	glyph->text = NULL;
	glyph->width = width;
}

void cells_glyph(const char *text, size_t len, int column, struct glyph *out)
{
	uint32_t code;

	out->used = utf8_decode(text, len, &code);
	if (code == '\t') {
		int width = TAB_COLS - column % TAB_COLS;

		memset(out->own, ' ', (size_t)width);
		out->own[width] = '\0';
		out->len = (size_t)width;
		out->text = NULL;
		out->width = width;
	} else if (code < 0x20 || code == 0x7f) {
		char caret[] = { '^', (char)(code ^ 0x40), '\0' };

		set_own(out, caret, 2);
	} else if (is_hidden_order(code)) {
		set_own(out, replacement, 1);
	} else {
		out->text = text;
		out->len = out->used;
		out->width = utf8_code_width_cols(code);
	}
}

static void push(struct cells *cells, int style, const char *text, size_t len,
		 int width)
{
	struct cell cell = {
		.at = (uint32_t)cells->text.len,
		.len = (uint16_t)len,
		.width = (uint8_t)width,
		.style = (uint8_t)style,
	};

	str_add_slice(&cells->text, text, len);
	vec_push(cells, cell);
	cells->column += width;
}

enum {
	JOINED_BYTES = 64, /* of marks on one character */
};

/* A mark without width goes into the cell of the character before it. */
static void join(struct cells *cells, const struct glyph *glyph)
{
	size_t first = cells->rows.count > 0
			       ? cells->rows.items[cells->rows.count - 1]
			       : 0;
	struct cell *last;

	if (cells->count == first) {
		push(cells, THEME_PLAIN, replacement, strlen(replacement), 1);
		return;
	}
	last = &cells->items[cells->count - 1];
	if (last->len + glyph->len > JOINED_BYTES)
		return;
	str_add_slice(&cells->text, glyph->text, glyph->len);
	last->len = (uint16_t)(last->len + glyph->len);
}

void cells_put(struct cells *cells, int style, const struct glyph *glyph)
{
	if (glyph->width == 0 && style != CELLS_RAW)
		join(cells, glyph);
	else
		push(cells, style,
		     glyph->text != NULL ? glyph->text : glyph->own, glyph->len,
		     glyph->width);
}

int cells_add(struct cells *cells, enum theme_style style, const char *text,
	      size_t len)
{
	int from = cells->column;

	for (size_t at = 0; at < len;) {
		struct glyph glyph;

		cells_glyph(text + at, len - at, cells->column, &glyph);
		if (cells->column + glyph.width > cells->columns)
			break;
		cells_put(cells, (int)style, &glyph);
		at += glyph.used;
	}
	return cells->column - from;
}

int cells_width(const char *text, size_t len)
{
	int column = 0;

	for (size_t at = 0; at < len;) {
		struct glyph glyph;

		cells_glyph(text + at, len - at, column, &glyph);
		column += glyph.width;
		at += glyph.used;
	}
	return column;
}

int cells_add_cut(struct cells *cells, enum theme_style style, const char *text,
		  size_t len, int width)
{
	int columns = cells->columns;
	int from = cells->column;
	int room = columns - from;

	width = width < room ? width : room;
	if (width <= 0)
		return 0;
	if (cells_width(text, len) > width && width > 3) {
		cells->columns = from + width - 3;
		cells_add(cells, style, text, len);
		cells->columns = columns;
		cells_add(cells, style, "...", 3);
	} else {
		cells->columns = from + width;
		cells_add(cells, style, text, len);
		cells->columns = columns;
	}
	return cells->column - from;
}

void cells_pad(struct cells *cells, enum theme_style style, int column)
{
	while (cells->column < column && cells->column < cells->columns)
		push(cells, style, " ", 1, 1);
}

size_t cells_of_row(const struct cells *cells, size_t row, size_t *out_first)
{
	*out_first = cells->rows.items[row];
	return row + 1 < cells->rows.count ? cells->rows.items[row + 1]
					   : cells->count;
}
