#include "print/markdown.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "print/escape.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

/* Cells are one line; bars would end them, < and & would be HTML. */
static const struct escape escapes = {
	.of = {
		['|'] = "\\|",
		['<'] = "&lt;",
		['&'] = "&amp;",
		['\n'] = "<br>",
		['\r'] = "",
	},
	.few = { ESCAPE_BYTE('|'),
		 ESCAPE_BYTE('<'),
		 ESCAPE_BYTE('&'),
		 ESCAPE_BYTE('\n'),
		 ESCAPE_BYTE('\r') },
};

static void put_cell(struct outbuf *out, const char *text, size_t len)
{
	outbuf_add_text(out, "| ");
	escape_put(&escapes, out, text, len);
	outbuf_add_char(out, ' ');
}

static void put_headers(const struct sheet *sheet)
{
	struct outbuf *out = sheet->out;
	size_t count = sheet->rows->column_count;

	for (size_t i = 0; i < count; i++) {
		const char *name = sheet->rows->columns[i].name;

		put_cell(out, name, strlen(name));
	}
	outbuf_add_text(out, "|\n");
	for (size_t i = 0; i < count; i++)
		outbuf_add_text(out,
				sheet_is_right(sheet, i) ? "|---:" : "|---");
	outbuf_add_text(out, "|\n");
}

static void put_row(const struct sheet *sheet, const struct rows_value *cells)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++)
		put_cell(sheet->out, cells[i].text, cells[i].len);
	outbuf_add_text(sheet->out, "|\n");
}

/* A table of two columns for each record, a blank line between. */
static void put_record(const struct sheet *sheet,
		       const struct rows_value *cells)
{
	struct outbuf *out = sheet->out;
	char title[64];

	snprintf(title, sizeof(title),
		 "%s| Record %" PRId64 " | |\n|---|---|\n",
		 sheet->count > 1 ? "\n" : "", sheet->count);
	outbuf_add_text(out, title);
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		const char *name = sheet->rows->columns[i].name;

		put_cell(out, name, strlen(name));
		put_cell(out, cells[i].text, cells[i].len);
		outbuf_add_text(out, "|\n");
	}
}

bool markdown_print(struct sheet *sheet)
{
	CLEANUP(str_done) struct str scratch = STR_EMPTY;
	bool expanded = sheet->options->expanded == PRINT_EXPANDED_ON;
	const struct rows_value *cells;
	const char *footer;
	enum rows_step step;

	if (sheet->title) {
		outbuf_add_text(sheet->out, "**");
		escape_put(&escapes, sheet->out, sheet->title,
			   strlen(sheet->title));
		outbuf_add_text(sheet->out, "**\n\n");
	}
	if (!expanded && !sheet->options->tuples_only)
		put_headers(sheet);
	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		if (expanded)
			put_record(sheet, cells);
		else
			put_row(sheet, cells);
		if (sheet->out->failed)
			return false;
	}
	if (step == ROWS_FAILED)
		return false;
	footer = sheet_footer(sheet, !expanded, &scratch);
	if (footer) {
		outbuf_add_char(sheet->out, '\n');
		sheet_draw_footer(sheet, footer);
	}
	return true;
}
