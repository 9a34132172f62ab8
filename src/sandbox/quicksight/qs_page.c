#include "sandbox/quicksight/qs_page.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/xml.h"
#include "sandbox/quicksight/qs_grid.h"
#include "sandbox/quicksight/qs_line.h"
#include "sandbox/quicksight/qs_visual.h"

enum { PAGE_ROWS = 500 /* of a table */ };

static const char head[] =
	"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width\">"
	"<style>:root{color-scheme:light dark}"
	"body{font:15px sans-serif;margin:2rem auto;max-width:60rem;"
	"padding:0 1rem}"
	"h1{font-size:1.5rem}h2{font-size:1.2rem;border-bottom:1px solid #888}"
	"h3{font-size:1rem;margin-bottom:.4rem}"
	"table{border-collapse:collapse;margin-bottom:1.5rem}"
	"th,td{border-bottom:1px solid #8886;padding:.2rem .7rem;"
	"text-align:left}"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
	"td.bar{width:60%;min-width:12rem}"
	"td.bar i{display:block;height:1em;background:#0072b2}"
	"td.bar i.minus{background:#d55e00}"
	".kpi{font-size:2.2rem;margin:.2rem 0 1.5rem}"
	"svg{width:100%;height:auto;max-height:20rem;margin-bottom:1rem}"
	".note{color:#c33}</style><title>";

void qs_page_begin(const char *title, struct str *out)
{
	str_add(out, head);
	xml_escape(out, title, strlen(title));
	str_add(out, "</title></head><body>\n");
}

void qs_page_end(struct str *out)
{
	str_add(out, "</body></html>\n");
}

void qs_page_add_tag(struct str *out, const char *tag, const char *text)
{
	str_addf(out, "<%s>", tag);
	xml_escape(out, text, strlen(text));
	str_addf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

/* --- one visual --- */

struct part { /* of a page */
	const struct qs_visual *visual;
	const struct qs_grid *grid;
	struct str *out;
};

static bool is_number(const char *text)
{
	const char *at = text + (*text == '-');

	return *at != '\0' && at[strspn(at, "0123456789.")] == '\0';
}

/* 1234567.8: 1,234,567.8. */
static void add_number(struct str *out, const char *text)
{
	size_t whole = strcspn(text, ".");
	size_t sign = *text == '-';

	for (size_t i = 0; i < whole; i++) {
		if (i > sign && (whole - i) % 3 == 0)
			str_add_char(out, ',');
		str_add_char(out, text[i]);
	}
	str_add(out, text + whole);
}

static void add_cell(struct str *out, const char *text, bool measure)
{
	bool number = measure && is_number(text);

	str_add(out, number ? "<td class=\"n\">" : "<td>");
	if (number)
		add_number(out, text);
	else
		xml_escape(out, text, qs_grid_shown(text));
	str_add(out, "</td>\n");
}

/* The column that bars stand for: the first measure. */
static size_t bar_column(const struct part *part)
{
	size_t at = 0;

	while (at < part->grid->columns &&
	       !qs_visual_is_measure(&part->visual->fields.items[at]))
		at++;
	return at;
}

static double greatest(const struct part *part, size_t column)
{
	double most = 0;

	for (size_t row = 0; row < qs_grid_rows(part->grid); row++) {
		double value =
			strtod(qs_grid_cell(part->grid, row, column), NULL);

		value = value < 0 ? -value : value;
		most = value > most ? value : most;
	}
	return most;
}

static void add_bar(struct str *out, const char *cell, double most)
{
	double value = strtod(cell, NULL);
	double share = most > 0 ? 100 * value / most : 0;

	str_addf(out, "<td class=\"bar\"><i%s style=\"width:%.1f%%\"></i></td>",
		 share < 0 ? " class=\"minus\"" : "",
		 share < 0 ? -share : share);
}

static void add_table(const struct part *part, bool bars)
{
	const struct qs_visual *visual = part->visual;
	const struct qs_grid *grid = part->grid;
	size_t bar = bars ? bar_column(part) : grid->columns;
	double most = bar < grid->columns ? greatest(part, bar) : 0;
	struct str *out = part->out;

	str_add(out, "<table><thead><tr>");
	for (size_t i = 0; i < visual->fields.count; i++)
		qs_page_add_tag(out,
				qs_visual_is_measure(&visual->fields.items[i])
					? "th class=\"n\""
					: "th",
				visual->fields.items[i].title.text);
	str_add(out, bar < grid->columns ? "<th></th>" : "");
	str_add(out, "</tr></thead><tbody>\n");
	for (size_t row = 0; row < qs_grid_rows(grid) && row < PAGE_ROWS;
	     row++) {
		str_add(out, "<tr>");
		for (size_t i = 0; i < grid->columns; i++)
			add_cell(out, qs_grid_cell(grid, row, i),
				 i < visual->fields.count &&
					 qs_visual_is_measure(
						 &visual->fields.items[i]));
		if (bar < grid->columns)
			add_bar(out, qs_grid_cell(grid, row, bar), most);
		str_add(out, "</tr>");
	}
	str_add(out, "</tbody></table>\n");
	if (grid->rows_total > PAGE_ROWS)
		str_addf(out, "<p>%zu rows; the first %d are shown.</p>\n",
			 grid->rows_total, PAGE_ROWS);
}

static void draw_table(const struct part *part)
{
	add_table(part, false);
}

static void draw_bars(const struct part *part)
{
	add_table(part, true);
}

static void draw_line(const struct part *part)
{
	qs_line_draw(part->visual, part->grid, part->out);
	add_table(part, false);
}

static void draw_number(const struct part *part)
{
	if (qs_grid_rows(part->grid) != 1 || part->grid->columns != 1) {
		add_table(part, false);
		return;
	}
	str_add(part->out, "<p class=\"kpi\">");
	if (is_number(qs_grid_cell(part->grid, 0, 0)))
		add_number(part->out, qs_grid_cell(part->grid, 0, 0));
	else
		xml_escape(part->out, qs_grid_cell(part->grid, 0, 0),
			   strlen(qs_grid_cell(part->grid, 0, 0)));
	str_add(part->out, "</p>\n");
}

/* Others are tables. */
static const struct {
	const char *kind;
	void (*draw)(const struct part *part);
} drawings[] = {
	{ "BarChartVisual", draw_bars },
	{ "PieChartVisual", draw_bars },
	{ "LineChartVisual", draw_line },
	{ "KPIVisual", draw_number },
};

static void draw(const char *kind, const struct part *part)
{
	for (size_t i = 0; i < COUNT_OF(drawings); i++)
		if (strcmp(drawings[i].kind, kind) == 0) {
			drawings[i].draw(part);
			return;
		}
	draw_table(part);
}

static void add_visual(const struct qs *qs, const struct json *definition,
		       const struct json *sheet, const char *id,
		       const char *kind, struct str *out)
{
	CLEANUP(qs_visual_done) struct qs_visual visual = QS_VISUAL_EMPTY;
	CLEANUP(qs_grid_done) struct qs_grid grid = { 0 };
	struct err err = ERR_EMPTY;
	bool ok = qs_visual_read(qs, definition, sheet, id, &visual, &err) &&
		  qs_grid_fill(&grid, qs, &visual, &err);

	qs_page_add_tag(out, "h3",
			visual.title.len > 0 ? visual.title.text : id);
	if (ok)
		draw(kind, &(struct part){ &visual, &grid, out });
	else
		qs_page_add_tag(out, "p class=\"note\"", err.message);
}

void qs_page_add_sheets(const struct qs *qs, const struct json *definition,
			const char *sheet, const char *visual, struct str *out)
{
	const struct json *sheets = json_key(definition, "Sheets");

	for (size_t i = 0; i < json_count(sheets); i++) {
		const struct json *one = json_item(sheets, i);
		const char *id = json_text(one, "SheetId", "");
		const struct json *shown;
		const char *kind;

		if (sheet != NULL && strcmp(sheet, id) != 0)
			continue;
		qs_page_add_tag(out, "h2", json_text(one, "Name", id));
		for (size_t j = 0;
		     (shown = qs_visual_at(one, j, &kind)) != NULL; j++) {
			const char *name = json_text(shown, "VisualId", "");

			if (visual == NULL || strcmp(visual, name) == 0)
				add_visual(qs, definition, one, name, kind,
					   out);
		}
	}
}
