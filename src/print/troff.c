#include "print/troff.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "print/escape.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

static const struct escape escapes = {
	.of = { ['\\'] = "\\(rs" },
	.few = { ESCAPE_BYTE('\\'), ESCAPE_BYTE('\\'), ESCAPE_BYTE('\\'),
		 ESCAPE_BYTE('\\'), ESCAPE_BYTE('\\') },
};

static void put_text(struct outbuf *out, const char *text)
{
	escape_put(&escapes, out, text, strlen(text));
}

static void put_head(const struct sheet *sheet)
{
	if (sheet->title) {
		outbuf_add_text(sheet->out, ".LP\n.DS C\n");
		put_text(sheet->out, sheet->title);
		outbuf_add_text(sheet->out, "\n.DE\n");
	}
	outbuf_add_text(sheet->out, sheet->options->border >= 2
					    ? ".LP\n.TS\ncenter box;\n"
					    : ".LP\n.TS\ncenter;\n");
}

static void put_end(const struct sheet *sheet, bool expanded)
{
	CLEANUP(str_done) struct str scratch = STR_EMPTY;
	const char *at = sheet_footer(sheet, !expanded, &scratch);
	const char *line;
	size_t len;

	outbuf_add_text(sheet->out, ".TE\n.DS L\n");
	while (sheet_footer_next(&at, &line, &len)) {
		escape_put(&escapes, sheet->out, line, len);
		outbuf_add_char(sheet->out, '\n');
	}
	outbuf_add_text(sheet->out, ".DE\n");
}

static void put_columns(const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		if (i > 0 && sheet->options->border > 0)
			outbuf_add_text(sheet->out, " | ");
		outbuf_add_char(sheet->out,
				sheet_is_right(sheet, i) ? 'r' : 'l');
	}
	outbuf_add_text(sheet->out, ".\n");
}

static void put_headers(const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_text(sheet->out, i > 0 ? "\t\\fI" : "\\fI");
		put_text(sheet->out, sheet->rows->columns[i].name);
		outbuf_add_text(sheet->out, "\\fP");
	}
	outbuf_add_text(sheet->out, "\n_\n");
}

static void put_row(const struct sheet *sheet, const struct rows_value *cells)
{
	if (sheet->rows->column_count == 0)
		return;
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_text(sheet->out, i > 0 ? "\t" : "");
		escape_put(&escapes, sheet->out, cells[i].text, cells[i].len);
	}
	outbuf_add_char(sheet->out, '\n');
}

/* tbl changes the columns of what follows by .T&. */
static void put_record_title(const struct sheet *sheet)
{
	struct outbuf *out = sheet->out;
	int border = sheet->options->border;
	char title[64];

	if (sheet->options->tuples_only) {
		if (border > 0)
			outbuf_add_text(out, "_\n");
		return;
	}
	if (sheet->count > 1)
		outbuf_add_text(out, border >= 2 ? "_\n.T&\n" : ".T&\n");
	snprintf(title, sizeof(title), "c s.\n\\fIRecord %" PRId64 "\\fP\n",
		 sheet->count);
	outbuf_add_text(out, title);
	if (border > 0)
		outbuf_add_text(out, "_\n");
	outbuf_add_text(out, border == 1 ? ".T&\nc | l.\n" : ".T&\nc l.\n");
}

static void put_record(const struct sheet *sheet,
		       const struct rows_value *cells)
{
	if (sheet->rows->column_count == 0)
		return;
	put_record_title(sheet);
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		put_text(sheet->out, sheet->rows->columns[i].name);
		outbuf_add_char(sheet->out, '\t');
		escape_put(&escapes, sheet->out, cells[i].text, cells[i].len);
		outbuf_add_char(sheet->out, '\n');
	}
}

bool troff_print(struct sheet *sheet)
{
	bool expanded = sheet->options->expanded == PRINT_EXPANDED_ON;
	bool tuples_only = sheet->options->tuples_only;
	const struct rows_value *cells;
	enum rows_step step;

	put_head(sheet);
	if (!expanded)
		put_columns(sheet);
	else if (tuples_only)
		outbuf_add_text(sheet->out, "c l;\n");
	if (!expanded && !tuples_only)
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
	put_end(sheet, expanded);
	return true;
}
