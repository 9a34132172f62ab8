#include "print/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

static const char *entity(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\n':
		return "<br />\n";
	default:
		return NULL;
	}
}

/* Blanks that would vanish at the start become &nbsp;. */
static void put_escaped(struct outbuf *out, const char *text, size_t len)
{
	size_t done = 0;

	while (done < len && text[done] == ' ') {
		outbuf_add_text(out, "&nbsp;");
		done++;
	}
	for (size_t at = done; at < len; at++) {
		const char *name = entity(text[at]);

		if (name == NULL)
			continue;
		outbuf_add(out, text + done, at - done);
		outbuf_add_text(out, name);
		done = at + 1;
	}
	outbuf_add(out, text + done, len - done);
}

static void put_name(const struct sheet *sheet, size_t i)
{
	const char *name = sheet->rows->columns[i].name;

	put_escaped(sheet->out, name, strlen(name));
}

static void put_cell(const struct sheet *sheet, size_t i,
		     struct rows_value cell)
{
	struct outbuf *out = sheet->out;

	outbuf_add_text(out, sheet_is_right(sheet, i)
				     ? "    <td align=\"right\">"
				     : "    <td align=\"left\">");
	if (strspn(cell.text, " \t") == cell.len)
		outbuf_add_text(out, "&nbsp; ");
	else
		put_escaped(out, cell.text, cell.len);
	outbuf_add_text(out, "</td>\n");
}

static void put_head(const struct sheet *sheet)
{
	const char *attributes = sheet->options->table_attr;
	char border[32];

	snprintf(border, sizeof(border), "<table border=\"%d\"",
		 sheet->options->border);
	outbuf_add_text(sheet->out, border);
	if (attributes && attributes[0]) {
		outbuf_add_char(sheet->out, ' ');
		outbuf_add_text(sheet->out, attributes);
	}
	outbuf_add_text(sheet->out, ">\n");
	if (sheet->title == NULL)
		return;
	outbuf_add_text(sheet->out, "  <caption>");
	put_escaped(sheet->out, sheet->title, strlen(sheet->title));
	outbuf_add_text(sheet->out, "</caption>\n");
}

static void put_headers(const struct sheet *sheet)
{
	outbuf_add_text(sheet->out, "  <tr>\n");
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_text(sheet->out, "    <th align=\"center\">");
		put_name(sheet, i);
		outbuf_add_text(sheet->out, "</th>\n");
	}
	outbuf_add_text(sheet->out, "  </tr>\n");
}

static void put_row(const struct sheet *sheet, const struct rows_value *cells)
{
	if (sheet->rows->column_count == 0)
		return;
	outbuf_add_text(sheet->out, "  <tr valign=\"top\">\n");
	for (size_t i = 0; i < sheet->rows->column_count; i++)
		put_cell(sheet, i, cells[i]);
	outbuf_add_text(sheet->out, "  </tr>\n");
}

static void put_record(const struct sheet *sheet,
		       const struct rows_value *cells)
{
	struct outbuf *out = sheet->out;
	char title[96] = "\n  <tr><td colspan=\"2\">&nbsp;</td></tr>\n";

	if (sheet->rows->column_count == 0)
		return;
	if (!sheet->options->tuples_only)
		snprintf(title, sizeof(title),
			 "\n  <tr><td colspan=\"2\" align=\"center\">"
			 "Record %" PRId64 "</td></tr>\n",
			 sheet->count);
	outbuf_add_text(out, title);
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_text(out, "  <tr valign=\"top\">\n    <th>");
		put_name(sheet, i);
		outbuf_add_text(out, "</th>\n");
		put_cell(sheet, i, cells[i]);
		outbuf_add_text(out, "  </tr>\n");
	}
}

static void put_footer(const struct sheet *sheet, bool expanded)
{
	CLEANUP(str_done) struct str scratch = STR_EMPTY;
	const char *at = sheet_footer(sheet, !expanded, &scratch);
	const char *line;
	size_t len;
	bool any = at != NULL;

	if (any)
		outbuf_add_text(sheet->out, "<p>");
	while (sheet_footer_next(&at, &line, &len)) {
		put_escaped(sheet->out, line, len);
		outbuf_add_text(sheet->out, "<br />\n");
	}
	if (any)
		outbuf_add_text(sheet->out, "</p>");
	outbuf_add_char(sheet->out, '\n');
}

bool html_print(struct sheet *sheet)
{
	bool expanded = sheet->options->expanded == PRINT_EXPANDED_ON;
	const struct rows_value *cells;
	enum rows_step step;

	put_head(sheet);
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
	outbuf_add_text(sheet->out, "</table>\n");
	put_footer(sheet, expanded);
	return true;
}
