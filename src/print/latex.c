#include "print/latex.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "print/escape.h"
#include "print/outbuf.h"
#include "print/printer.h"
#include "print/sheet.h"

static const struct escape escapes = {
	.of = {
		['#'] = "\\#",
		['$'] = "\\$",
		['%'] = "\\%",
		['&'] = "\\&",
		['_'] = "\\_",
		['{'] = "\\{",
		['}'] = "\\}",
		['<'] = "\\textless{}",
		['>'] = "\\textgreater{}",
		['|'] = "\\textbar{}",
		['\\'] = "\\textbackslash{}",
		['^'] = "\\^{}",
		['~'] = "\\~{}",
		['\n'] = "\\\\",
	},
};

static void put_text(struct outbuf *out, const char *text)
{
	escape_put(&escapes, out, text, strlen(text));
}

static void put_centered_title(const struct sheet *sheet)
{
	if (sheet->title == NULL)
		return;
	outbuf_add_text(sheet->out, "\\begin{center}\n");
	put_text(sheet->out, sheet->title);
	outbuf_add_text(sheet->out, "\n\\end{center}\n\n");
}

static void put_end(const struct sheet *sheet, bool expanded)
{
	CLEANUP(str_done) struct str scratch = STR_EMPTY;
	const char *at = sheet_footer(sheet, !expanded, &scratch);
	const char *line;
	size_t len;

	outbuf_add_text(sheet->out, "\\end{tabular}\n\n\\noindent ");
	while (sheet_footer_next(&at, &line, &len)) {
		escape_put(&escapes, sheet->out, line, len);
		outbuf_add_text(sheet->out, " \\\\\n");
	}
	outbuf_add_char(sheet->out, '\n');
}

/* --- records, the same in both formats --- */

static void put_record_title(const struct sheet *sheet)
{
	struct outbuf *out = sheet->out;
	int border = sheet->options->border;
	char title[96];

	if (!sheet->options->tuples_only) {
		snprintf(title, sizeof(title),
			 "\\multicolumn{2}{%s}{\\textit{Record %" PRId64
			 "}} \\\\\n",
			 border >= 2 ? "|c|" : "c", sheet->count);
		if (border >= 2)
			outbuf_add_text(out, "\\hline\n");
		outbuf_add_text(out, title);
	}
	if (border >= 1)
		outbuf_add_text(out, "\\hline\n");
}

static void put_record(const struct sheet *sheet,
		       const struct rows_value *cells)
{
	if (sheet->rows->column_count == 0)
		return;
	put_record_title(sheet);
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		put_text(sheet->out, sheet->rows->columns[i].name);
		outbuf_add_text(sheet->out, " & ");
		escape_put(&escapes, sheet->out, cells[i].text, cells[i].len);
		outbuf_add_text(sheet->out, " \\\\\n");
	}
}

static bool print_records(struct sheet *sheet)
{
	int border = sheet->options->border;
	const struct rows_value *cells;
	enum rows_step step;

	put_centered_title(sheet);
	outbuf_add_text(sheet->out, "\\begin{tabular}{");
	outbuf_add_text(sheet->out, border <= 0   ? "cl"
				    : border == 1 ? "c|l"
						  : "|c|l|");
	outbuf_add_text(sheet->out, "}\n");
	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		put_record(sheet, cells);
		if (sheet->out->failed)
			return false;
	}
	if (step == ROWS_FAILED)
		return false;
	if (border >= 2)
		outbuf_add_text(sheet->out, "\\hline\n");
	put_end(sheet, true);
	return true;
}

/* --- tabular --- */

static void put_columns(const struct sheet *sheet)
{
	struct outbuf *out = sheet->out;
	int border = sheet->options->border;

	outbuf_add_text(out, border >= 2 ? "| " : "");
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		if (i > 0 && border != 0)
			outbuf_add_text(out, " | ");
		outbuf_add_char(out, sheet_is_right(sheet, i) ? 'r' : 'l');
	}
	outbuf_add_text(out, border >= 2 ? " |}\n" : "}\n");
}

static void put_headers(const struct sheet *sheet, const char *before,
			const char *after)
{
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_text(sheet->out, i > 0 ? " & " : "");
		outbuf_add_text(sheet->out, before);
		put_text(sheet->out, sheet->rows->columns[i].name);
		outbuf_add_text(sheet->out, after);
	}
	outbuf_add_text(sheet->out, " \\\\\n");
}

static void put_row(const struct sheet *sheet, const struct rows_value *cells)
{
	if (sheet->rows->column_count == 0)
		return;
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_text(sheet->out, i > 0 ? " & " : "");
		escape_put(&escapes, sheet->out, cells[i].text, cells[i].len);
	}
	outbuf_add_text(sheet->out, " \\\\\n");
	if (sheet->options->border >= 3)
		outbuf_add_text(sheet->out, "\\hline\n");
}

bool latex_print(struct sheet *sheet)
{
	int border = sheet->options->border;
	const struct rows_value *cells;
	enum rows_step step;

	if (sheet->options->expanded == PRINT_EXPANDED_ON)
		return print_records(sheet);
	put_centered_title(sheet);
	outbuf_add_text(sheet->out, "\\begin{tabular}{");
	put_columns(sheet);
	if (!sheet->options->tuples_only) {
		if (border >= 2)
			outbuf_add_text(sheet->out, "\\hline\n");
		put_headers(sheet, "\\textit{", "}");
		outbuf_add_text(sheet->out, "\\hline\n");
	}
	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		put_row(sheet, cells);
		if (sheet->out->failed)
			return false;
	}
	if (step == ROWS_FAILED)
		return false;
	if (border == 2)
		outbuf_add_text(sheet->out, "\\hline\n");
	put_end(sheet, false);
	return true;
}

/* --- longtable --- */

/* tableattr is a list of widths for the left-aligned columns, as parts of
 * the text width; the last one serves all that follow. */
static void put_long_columns(const struct sheet *sheet)
{
	static const char blanks[] = " \t\n";
	struct outbuf *out = sheet->out;
	int border = sheet->options->border;
	const char *widths = sheet->options->table_attr;
	const char *width = NULL;
	size_t len = 0;

	if (widths)
		widths += strspn(widths, blanks);
	outbuf_add_text(out, border >= 2 ? "| " : "");
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		if (i > 0 && border != 0)
			outbuf_add_text(out, " | ");
		if (sheet_is_right(sheet, i)) {
			outbuf_add_char(out, 'r');
			continue;
		}
		if (widths && *widths) {
			width = widths;
			len = strcspn(width, blanks);
			widths += len;
			widths += strspn(widths, blanks);
		}
		if (width == NULL) {
			outbuf_add_char(out, 'l');
			continue;
		}
		outbuf_add_text(out, "p{");
		outbuf_add(out, width, len);
		outbuf_add_text(out, "\\textwidth}");
	}
	outbuf_add_text(out, border >= 2 ? " |}\n" : "}\n");
}

static void put_caption(const struct sheet *sheet, const char *more)
{
	struct outbuf *out = sheet->out;

	outbuf_add_text(out, "\\caption[");
	put_text(out, sheet->title);
	outbuf_add_text(out, more);
	outbuf_add_text(out, "]{");
	put_text(out, sheet->title);
	outbuf_add_text(out, "}\n");
}

static void put_long_headers(const struct sheet *sheet)
{
	struct outbuf *out = sheet->out;
	int border = sheet->options->border;
	const char *top = border >= 2 ? "\\toprule\n" : "";
	const char *bottom = border == 2 ? "\\bottomrule\n" : "";

	outbuf_add_text(out, top);
	put_headers(sheet, "\\small\\textbf{\\textit{", "}}");
	outbuf_add_text(out, "\\midrule\n\\endfirsthead\n");
	outbuf_add_text(out, top);
	put_headers(sheet, "\\small\\textbf{\\textit{", "}}");
	/* With border 3 each row ends in a line already. */
	outbuf_add_text(out,
			border < 3 ? "\\midrule\n\\endhead\n" : "\\endhead\n");
	if (sheet->title) {
		outbuf_add_text(out, bottom);
		put_caption(sheet, " (Continued)");
		outbuf_add_text(out, "\\endfoot\n");
		outbuf_add_text(out, bottom);
		put_caption(sheet, "");
		outbuf_add_text(out, "\\endlastfoot\n");
	} else if (border >= 2) {
		outbuf_add_text(out, "\\bottomrule\n\\endfoot\n");
		outbuf_add_text(out, "\\bottomrule\n\\endlastfoot\n");
	}
}

static void put_long_row(const struct sheet *sheet,
			 const struct rows_value *cells)
{
	struct outbuf *out = sheet->out;

	if (sheet->rows->column_count == 0)
		return;
	for (size_t i = 0; i < sheet->rows->column_count; i++) {
		outbuf_add_text(out, i > 0 ? "\n&\n" : "");
		outbuf_add_text(out, "\\raggedright{");
		escape_put(&escapes, out, cells[i].text, cells[i].len);
		outbuf_add_char(out, '}');
	}
	outbuf_add_text(out, " \\tabularnewline\n");
	if (sheet->options->border >= 3)
		outbuf_add_text(out, " \\hline\n");
}

bool latex_print_longtable(struct sheet *sheet)
{
	const struct rows_value *cells;
	enum rows_step step;

	if (sheet->options->expanded == PRINT_EXPANDED_ON)
		return print_records(sheet);
	outbuf_add_text(sheet->out, "\\begin{longtable}{");
	put_long_columns(sheet);
	if (!sheet->options->tuples_only)
		put_long_headers(sheet);
	while ((step = sheet_next(sheet, &cells)) == ROWS_ROW) {
		put_long_row(sheet, cells);
		if (sheet->out->failed)
			return false;
	}
	if (step == ROWS_FAILED)
		return false;
	outbuf_add_text(sheet->out, "\\end{longtable}\n");
	return true;
}
