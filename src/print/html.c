#include "print/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "print/escape.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

static const struct escape entities = {
	.of = {
		['<'] = "&lt;",
		['>'] = "&gt;",
		['&'] = "&amp;",
		['"'] = "&quot;",
		['\n'] = "<br />\n",
	},
	.few = { ESCAPE_BYTE('<'),
		 ESCAPE_BYTE('>'),
		 ESCAPE_BYTE('&'),
		 ESCAPE_BYTE('"'),
		 ESCAPE_BYTE('\n') },
};

/* Blanks that would vanish at the start become &nbsp;. */
static void put_escaped(struct outbuf *out, const char *text, size_t len)
{
	while (len > 0 && *text == ' ') {
		outbuf_add_text(out, "&nbsp;");
		text++;
		len--;
	}
	escape_put(&entities, out, text, len);
}

static void put_name(const struct sheet *sheet, size_t i)
{
	const char *name = sheet->rows->columns[i].name;

	put_escaped(sheet->out, name, strlen(name));
}

/* The texts between the cells of a row, made once. */
struct html {
	const struct sheet *sheet;
	struct outbuf *out;
	struct {
		char text[OUTBUF_BLOCK];
		size_t len;
	} open[2];      /* of a cell: at the left, at the right */
	bool *is_right; /* [column_count] */
};

static inline void put_cell(const struct html *html, size_t i,
			    struct rows_value cell)
{
	struct outbuf *out = html->out;
	bool right = html->is_right[i];

	outbuf_add_block(out, html->open[right].text, html->open[right].len);
	if ((unsigned char)cell.text[0] > ' ')
		escape_put(&entities, out, cell.text, cell.len);
	else if (strspn(cell.text, " \t") == cell.len)
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

static void put_row(const struct html *html, const struct rows_value *cells)
{
	size_t count = html->sheet->rows->column_count;

	if (count == 0)
		return;
	outbuf_add_text(html->out, "  <tr valign=\"top\">\n");
	for (size_t i = 0; i < count; i++)
		put_cell(html, i, cells[i]);
	outbuf_add_text(html->out, "  </tr>\n");
}

static void put_record(const struct html *html, const struct rows_value *cells)
{
	const struct sheet *sheet = html->sheet;
	struct outbuf *out = html->out;
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
		put_cell(html, i, cells[i]);
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

static bool put_rows(const struct html *html, struct sheet *sheet,
		     bool expanded)
{
	const struct rows_value *cells;
	enum rows_step step;

	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		if (expanded)
			put_record(html, cells);
		else
			put_row(html, cells);
		if (sheet->out->failed)
			return false;
	}
	return step == ROWS_END;
}

bool html_print(struct sheet *sheet)
{
	bool expanded = sheet->options->expanded == PRINT_EXPANDED_ON;
	size_t count = sheet->rows->column_count;
	CLEANUP(mem_freep) bool *is_right = mem_alloc_array(count + 1, 1);
	const struct html html = {
		.sheet = sheet,
		.out = sheet->out,
		.open = { { "    <td align=\"left\">", 21 },
			  { "    <td align=\"right\">", 22 } },
		.is_right = is_right,
	};

	for (size_t i = 0; i < count; i++)
		is_right[i] = sheet_is_right(sheet, i);
	put_head(sheet);
	if (!expanded && !sheet->options->tuples_only)
		put_headers(sheet);
	if (!put_rows(&html, sheet, expanded))
		return false;
	outbuf_add_text(sheet->out, "</table>\n");
	put_footer(sheet, expanded);
	return true;
}
