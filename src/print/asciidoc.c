#include "print/asciidoc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "print/escape.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

static const struct escape escapes = {
	.of = { ['|'] = "\\|" },
	.few = { ESCAPE_BYTE('|'), ESCAPE_BYTE('|'), ESCAPE_BYTE('|'),
		 ESCAPE_BYTE('|'), ESCAPE_BYTE('|') },
};

static void put_name(const struct sheet *sheet, size_t i)
{
	const char *name = sheet->rows->columns[i].name;

	escape_put(&escapes, sheet->out, name, strlen(name));
}

/* blank: what stands for a cell of nothing but blanks. */
static void put_cell(const struct sheet *sheet, struct rows_value cell,
		     const char *blank)
{
	if (strspn(cell.text, " \t") == cell.len)
		outbuf_add_text(sheet->out, blank);
	else
		escape_put(&escapes, sheet->out, cell.text, cell.len);
}

static const char *frame_of(int border)
{
	switch (border) {
	case 0:
		return ",frame=\"none\",grid=\"none\"";
	case 1:
		return ",frame=\"none\"";
	case 2:
		return ",frame=\"all\",grid=\"all\"";
	default:
		return "";
	}
}

static void put_head(const struct sheet *sheet, bool expanded)
{
	struct outbuf *out = sheet->out;

	outbuf_add_char(out, '\n');
	if (sheet->title) {
		outbuf_add_char(out, '.');
		outbuf_add_text(out, sheet->title);
		outbuf_add_char(out, '\n');
	}
	outbuf_add_char(out, '[');
	if (expanded) {
		outbuf_add_text(out, "cols=\"h,l");
	} else {
		if (!sheet->options->tuples_only)
			outbuf_add_text(out, "options=\"header\",");
		outbuf_add_text(out, "cols=\"");
		for (size_t i = 0; i < sheet->rows->column_count; i++) {
			outbuf_add_text(out, i > 0 ? "," : "");
			outbuf_add_text(out,
					sheet_is_right(sheet, i) ? ">l" : "<l");
		}
	}
	outbuf_add_char(out, '"');
	outbuf_add_text(out, frame_of(sheet->options->border));
	outbuf_add_text(out, "]\n|====\n");
}

static void put_headers(const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_text(sheet->out, i > 0 ? " ^l|" : "^l|");
		put_name(sheet, i);
	}
	outbuf_add_char(sheet->out, '\n');
}

static void put_row(const struct sheet *sheet, const struct rows_value *cells)
{
	size_t count = sheet->rows->column_count;

	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		outbuf_add_text(sheet->out, i > 0 ? " |" : "|");
		put_cell(sheet, cells[i], i + 1 < count ? " " : "");
	}
	outbuf_add_char(sheet->out, '\n');
}

static void put_record(const struct sheet *sheet,
		       const struct rows_value *cells)
{
	char title[48] = "2+|\n";

	if (sheet->rows->column_count == 0)
		return;
	if (!sheet->options->tuples_only)
		snprintf(title, sizeof(title), "2+^|Record %" PRId64 "\n",
			 sheet->count);
	outbuf_add_text(sheet->out, title);
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_text(sheet->out, "<l|");
		put_name(sheet, i);
		outbuf_add_text(sheet->out,
				sheet_is_right(sheet, i) ? " >l|" : " <l|");
		put_cell(sheet, cells[i], " ");
		outbuf_add_char(sheet->out, '\n');
	}
}

bool asciidoc_print(struct sheet *sheet)
{
	CLEANUP(str_done) struct str scratch = STR_EMPTY;
	bool expanded = sheet->options->expanded == PRINT_EXPANDED_ON;
	const struct rows_value *cells;
	const char *footer;
	enum rows_step step;

	put_head(sheet, expanded);
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
	outbuf_add_text(sheet->out, "|====\n");
	footer = sheet_footer(sheet, !expanded, &scratch);
	if (footer) {
		outbuf_add_text(sheet->out, "\n....\n");
		sheet_draw_footer(sheet, footer);
		outbuf_add_text(sheet->out, "....\n");
	}
	return true;
}
