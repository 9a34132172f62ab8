#include "chart/svg_page.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "chart/amount.h"
#include "chart/canvas.h"
#include "chart/chart.h"
#include "chart/palette.h"
#include "data/xml.h"

enum {
	WIDTH = 760,
	HEIGHT = 400,
	COLUMN = 9, /* pixels of a terminal's column and line */
	LINE = 20,
	LETTER = 7, /* of 12 px text, about */
	TITLE_LETTER = 9,
	SIDE = 16, /* left and right of all */
	NOTE = 16, /* a line of one */
	ROW = 20,  /* of the legend */
	SPARK_FACTS = 220,
	TURNED = 18, /* columns of a name that rises */
	CUT = 12,    /* of one that is cut, at least */
	NAME_MOST = 32,
	NUMBERS_MOST = 5, /* side by side */
};

/* ---- numbers and texts ---- */

void svg_number(struct str *out, double value)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!isfinite(value) || fabs(value) > 1e6)
		value = 0;
	amount_add_fixed(&text, nearbyint(value * 100) / 100, 2, false);
	while (text.len > 0 && text.text[text.len - 1] == '0')
		str_cut(&text, text.len - 1);
	if (text.len > 0 && text.text[text.len - 1] == '.')
		str_cut(&text, text.len - 1);
	str_add(out, text.len > 0 ? text.text : "0");
}

void svg_attribute(struct str *out, const char *name, double value)
{
	str_addf(out, "%s=\"", name);
	svg_number(out, value);
	str_add(out, "\" ");
}

void svg_escape(struct str *out, const char *text)
{
	CLEANUP(str_done) struct str good = STR_EMPTY;
	size_t len = strlen(text);

	/* XML 1.0, production 2 (Char). */
	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t n = utf8_decode(text + at, len - at, &code);
		bool bad = code == UINT32_MAX || code == 0xFFFE ||
			   code == 0xFFFF ||
			   (code < 0x20 && code != '\t' && code != '\n');

		if (!bad)
			str_add_slice(&good, text + at, n);
		at += n;
	}
	xml_escape(out, good.text, good.len);
}

double svg_text_width(const char *text)
{
	return canvas_width(text, NAME_MOST) * LETTER;
}

/* All that is to say in a tooltip, where there is no room for it. */
static void add_cut(struct svg_page *page, const char *text, int most)
{
	size_t len = strlen(text);
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	if (utf8_fit(text, len, most) == len) {
		svg_escape(page->out, text);
	} else {
		str_add_slice(&shown, text, utf8_fit(text, len, most - 1));
		str_add(&shown, "\u2026");
		svg_escape(page->out, shown.text);
		str_add(page->out, "<title>");
		svg_escape(page->out, text);
		str_add(page->out, "</title>");
	}
	str_add(page->out, "</text>\n");
}

/* Columns that a text of a class may take. */
static int most_columns(const struct svg_page *page, const char *class)
{
	if (strcmp(class, "t") == 0)
		return (int)(page->page_width - 2 * SIDE) / TITLE_LETTER;
	return strcmp(class, "z") == 0 ? (int)page->page_width : NAME_MOST;
}

void svg_text(struct svg_page *page, double x, double y, const char *anchor,
	      const char *class, const char *text)
{
	str_add(page->out, "<text ");
	svg_attribute(page->out, "x", x);
	svg_attribute(page->out, "y", y);
	str_addf(page->out, "text-anchor=\"%s\" class=\"%s\">", anchor, class);
	add_cut(page, text, most_columns(page, class));
}

void svg_label(struct svg_page *page, double x, double y, double width,
	       const char *text)
{
	str_add(page->out, "<text text-anchor=\"start\" class=\"n\" ");
	svg_attribute(page->out, "x", x);
	svg_attribute(page->out, "y", y);
	str_add_char(page->out, '>');
	add_cut(page, text, (int)fmax(2, width / LETTER));
}

void svg_name(struct svg_page *page, double x, const char *name)
{
	double y = page->top + page->height, half;

	str_add(page->out, "<text ");
	if (page->turned) {
		str_add(page->out,
			"text-anchor=\"end\" transform=\"translate(");
		svg_number(page->out, x + 4);
		str_add_char(page->out, ' ');
		svg_number(page->out, y + 12);
		str_add(page->out, ") rotate(-40)\">");
	} else {
		half = canvas_width(name, page->name_most) * LETTER / 2.0;
		x = fmax(half + 2, fmin(x, page->page_width - half - 2));
		svg_attribute(page->out, "x", x);
		svg_attribute(page->out, "y", y + 18);
		str_add(page->out, "text-anchor=\"middle\">");
	}
	add_cut(page, name, page->name_most);
}

/* ---- styles ---- */

/* Black or white on the colours of grids. */
static void add_contrasts(struct str *out, const char *name, const char *light,
			  const char *dark, bool is_dark)
{
	const char *each = is_dark ? dark : light;

	for (size_t i = 0; each[i]; i++)
		str_addf(out, "--%s%zu:%s;", name, i,
			 each[i] == 'b' ? "#000" : "#fff");
}

static void add_colours(struct str *out, bool dark)
{
	static const char *const sides[2][PALETTE_SIDES] = {
		{ "#b35806", "#f1a340", "#fee0b6", "#f2f2f2", "#c6dff0",
		  "#67a9cf", "#1f5fa0" },
		{ "#f2a65a", "#b8722f", "#6b4a2c", "#2a2f36", "#1d4f78",
		  "#3a86bd", "#97c7ea" },
	};
	static const char *const levels[2][PALETTE_LEVELS] = {
		{ "#f0f4f8", "#d4e4f1", "#aed0e8", "#82b8dc", "#539dcc",
		  "#2a7fb8", "#0a5f9a", "#053f6b" },
		{ "#1c2733", "#1d3a54", "#1d4f78", "#22689d", "#3a86bd",
		  "#62a6d6", "#97c7ea", "#d0e7f8" },
	};

	for (size_t i = 0; i < PALETTE_SERIES; i++)
		str_addf(out, "--s%zu:%s;", i, palette_hex(i, dark));
	for (size_t i = 0; i < PALETTE_LEVELS; i++)
		str_addf(out, "--h%zu:%s;", i, levels[dark][i]);
	for (size_t i = 0; i < PALETTE_SIDES; i++)
		str_addf(out, "--d%zu:%s;", i, sides[dark][i]);
	add_contrasts(out, "th", "bbbbbbww", "wwwwbbbb", dark);
	add_contrasts(out, "td", "wbbbbbw", "bbwwwbb", dark);
	str_add(out, dark ? "--ground:#16191d;--text:#e4e6e8;--dim:#9aa2aa;"
			    "--grid:#2d333a;"
			  : "--ground:#fff;--text:#1c2024;--dim:#5c646c;"
			    "--grid:#e4e7ea;");
}

static void add_styles(struct str *out)
{
	str_add(out, "<style>\n.redsh-chart{");
	add_colours(out, false);
	str_add(out, "}\n@media (prefers-color-scheme:dark){.redsh-chart{");
	add_colours(out, true);
	str_add(out, "}}\n"
		     ".redsh-chart text{font:12px system-ui,sans-serif;"
		     "fill:var(--dim)}\n"
		     ".redsh-chart .t{font-size:15px;font-weight:600;"
		     "fill:var(--text)}\n"
		     ".redsh-chart .n,.redsh-chart .v{fill:var(--text)}\n"
		     ".redsh-chart .k{font-size:44px;font-weight:600;"
		     "fill:var(--text)}\n"
		     ".redsh-chart .g{stroke:var(--grid)}"
		     ".redsh-chart .x{stroke:var(--dim)}"
		     ".redsh-chart .c{opacity:.6}.redsh-chart .o{opacity:0}\n");
	for (size_t i = 0; i < PALETTE_SERIES; i++)
		str_addf(out,
			 ".redsh-chart .s%zu{fill:var(--s%zu)}"
			 ".redsh-chart .l%zu{fill:none;stroke:var(--s%zu);"
			 "stroke-width:2;stroke-linejoin:round}"
			 ".redsh-chart .a%zu{fill:var(--s%zu);"
			 "stroke:var(--ground)}"
			 ".redsh-chart .a%zu.f{fill-opacity:.2;stroke:none}\n",
			 i, i, i, i, i, i, i);
	for (size_t i = 0; i < PALETTE_LEVELS; i++)
		str_addf(out,
			 ".redsh-chart .h%zu{fill:var(--h%zu)}"
			 ".redsh-chart .th%zu{fill:var(--th%zu)}",
			 i, i, i, i);
	for (size_t i = 0; i < PALETTE_SIDES; i++)
		str_addf(out,
			 ".redsh-chart .d%zu{fill:var(--d%zu)}"
			 ".redsh-chart .td%zu{fill:var(--td%zu)}",
			 i, i, i, i);
	str_add(out, "\n</style>\n");
}

/* ---- the plot's place ---- */

static double names_width(const struct chart_axis *axis)
{
	int widest = 0;

	for (size_t i = 0; i < axis->names.count; i++) {
		int wide = canvas_width(axis->names.items[i], NAME_MOST);

		widest = wide > widest ? wide : widest;
	}
	return widest * LETTER;
}

/* Values left, or right, of bars that lie. */
static double values_width(const struct svg_page *page, bool left)
{
	const struct chart *chart = page->chart;
	size_t bars = chart->stacked ? 1 : chart->series.count;
	double widest = 0;

	for (size_t i = 0; i < bars; i++)
		for (size_t at = 0; at < chart->x.names.count; at++) {
			double y = chart->stacked
					   ? chart_category_total(chart, at)
					   : chart->series.items[i]
						     .points.items[at]
						     .y;
			CLEANUP(str_done) struct str text = STR_EMPTY;

			if ((y < 0) != left)
				continue;
			chart_add_value(&text, y, page->decimals);
			widest = fmax(widest, svg_text_width(text.text) + 8);
		}
	return widest;
}

static double right_margin(const struct svg_page *page)
{
	switch (page->chart->kind) {
	case CHART_HBAR:
		return values_width(page, false) + SIDE;
	case CHART_SPARK:
		return SPARK_FACTS;
	case CHART_BAR:
	case CHART_LINE:
	case CHART_AREA:
	case CHART_SCATTER:
	case CHART_HIST:
	case CHART_HEAT:
	case CHART_NUMBER:
	case CHART_GUESS:
	case CHART_KINDS:
		break;
	}
	return 24;
}

static double left_margin(const struct svg_page *page)
{
	const struct chart *chart = page->chart;
	int widest = 3;

	switch (chart->kind) {
	case CHART_HBAR:
		return names_width(&chart->x) + 16 + values_width(page, true);
	case CHART_HEAT:
		return names_width(&chart->y) + 16;
	case CHART_SPARK:
		for (size_t i = 0; i < chart->series.count; i++) {
			int wide = canvas_width(chart->series.items[i].name,
						NAME_MOST);

			widest = wide > widest ? wide : widest;
		}
		return widest * LETTER + 24;
	case CHART_NUMBER:
		return 16;
	case CHART_BAR:
	case CHART_LINE:
	case CHART_AREA:
	case CHART_SCATTER:
	case CHART_HIST:
	case CHART_GUESS:
	case CHART_KINDS:
		break;
	}
	for (size_t i = 0; i < page->y_ticks.count; i++) {
		int wide = canvas_width(page->y_ticks.items[i].text, 40);

		widest = wide > widest ? wide : widest;
	}
	return widest * LETTER + 16;
}

static void plan_y(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	bool zero = chart->kind == CHART_BAR || chart->kind == CHART_HIST ||
		    chart->kind == CHART_AREA;
	double low = chart->y.low, high = chart->y.high;
	double step;

	if (chart->y.log) {
		page->low = pow(10, floor(log10(low)));
		page->high = pow(10, ceil(log10(high)));
		if (zero && page->low == low)
			page->low /= 10;
		if (page->low == page->high)
			page->high *= 10;
		ticks_powers(&page->y_ticks, page->low, page->high, 8);
		return;
	}
	if (zero || chart_is_near_zero(chart)) {
		low = fmin(low, 0);
		high = fmax(high, 0);
	}
	if (low == high)
		high = 1;
	step = ticks_step(low, high, 6, chart->y.whole);
	page->low = ticks_floor(low, step);
	page->high = ticks_ceil(high, step);
	ticks_numbers(&page->y_ticks, page->low, page->high, step, false);
}

/* Numbers that go side by side, the shortest way they can be written. */
static size_t numbers_across(const struct chart *chart, double width)
{
	size_t count = chart->series.count, widest = 1, across, rows;
	double room;

	for (size_t i = 0; i < chart->series.count; i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		amount_add_short(&text,
				 chart->series.items[i].points.items[0].y);
		widest = text.len > widest ? text.len : widest;
	}
	room = SVG_DIGIT * SVG_NUMBER_LEAST * (double)widest + SVG_NUMBER_GAP;
	across = (size_t)fmax(1, fmin(NUMBERS_MOST, width / room));
	/* As many in each row. */
	rows = (count + across - 1) / across;
	return rows > 0 ? (count + rows - 1) / rows : 1;
}

/* Rows of bars and grids grow with their number. */
static double height_of(const struct chart *chart, int height)
{
	if (height > 0)
		return height * LINE;
	if (chart->kind == CHART_HBAR)
		return 60 +
		       (double)chart->x.names.count *
			       (chart->stacked
					? 24
					: 22 + 12 * (double)(chart->series
								     .count -
							     1));
	if (chart->kind == CHART_HEAT)
		return 90 + 26 * (double)chart->y.names.count;
	if (chart->kind == CHART_SPARK)
		return 60 + 36 * (double)chart->series.count;
	return HEIGHT;
}

/* Draws it where draw is true; returns how many rows it takes. */
static int legend(struct svg_page *page, bool draw)
{
	const struct chart *chart = page->chart;
	double x = SIDE;
	int row = 0;

	for (size_t i = 0; i < chart->series.count; i++) {
		const char *name = chart->series.items[i].name;
		double wide = 16 + svg_text_width(name);

		if (x > SIDE && x + wide > page->page_width - SIDE) {
			x = SIDE;
			row++;
		}
		if (draw) {
			str_addf(page->out, "<rect class=\"s%zu\" ",
				 i % PALETTE_SERIES);
			svg_attribute(page->out, "x", x);
			svg_attribute(page->out, "y", 38 + row * ROW);
			str_add(page->out,
				"width=\"11\" height=\"11\" rx=\"2\"/>\n");
			svg_text(page, x + 16, 48 + row * ROW, "start", "n",
				 name);
		}
		x += wide + 14;
	}
	return row + 1;
}

/* Draws them where draw is true; returns how many lines they take. */
static int notes(struct svg_page *page, bool draw)
{
	const struct chart *chart = page->chart;
	int columns = (int)(page->page_width - 2 * SIDE) / LETTER;
	double y = page->page_height - NOTE / 2.0;
	int lines = 0, all = draw ? notes(page, false) : 0;

	for (size_t i = 0; i < chart->notes.count; i++)
		for (const char *text = chart->notes.items[i]; *text;) {
			size_t len = canvas_fit(text, columns);
			CLEANUP(mem_freep)
			char *line = mem_copy_slice(text, len);

			lines++;
			if (draw)
				svg_text(page, SIDE, y - (all - lines) * NOTE,
					 "start", "z", line);
			text += len;
			text += *text == ' ';
		}
	return lines;
}

/* Names below bars and grids: side by side, of every second or third, cut, or
 * rising. */
static void plan_names(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	size_t count = chart->x.names.count;
	bool on_points = chart->kind == CHART_LINE || chart->kind == CHART_AREA;
	double widest = names_width(&chart->x) + 8, slot;

	page->name_step = 1;
	page->name_most = NAME_MOST;
	if (chart->x.kind != CHART_CATEGORIES || chart->kind == CHART_HBAR ||
	    count == 0)
		return;
	slot = page->width /
	       (double)(on_points && count > 1 ? count - 1 : count);
	if (widest <= slot)
		return;
	if (chart->x.ordered) {
		page->name_step = (size_t)ceil(widest / slot);
		return;
	}
	if (slot >= CUT * LETTER) {
		page->name_most = (int)(slot - 8) / LETTER;
		return;
	}
	page->turned = true;
	page->name_most = TURNED;
	page->name_step = (size_t)fmax(1, ceil(14 / slot));
	widest = fmin(widest, (TURNED + 1) * LETTER);
	/* Of 40 degrees. */
	page->bottom += widest * 0.65 - 4;
	slot = fmax(page->left, widest * 0.77 - (on_points ? 0 : slot / 2));
	page->width -= slot - page->left;
	page->left = slot;
}

static void plan_page(struct svg_page *page, int height)
{
	const struct chart *chart = page->chart;
	double added;
	int lines = notes(page, false);

	if (chart->kind == CHART_NUMBER) {
		page->across = numbers_across(chart, page->page_width - 40);
		if (height == 0)
			page->page_height =
				60 +
				SVG_NUMBERS * ceil((double)chart->series.count /
						   (double)page->across);
	}
	page->decimals = chart->kind == CHART_HBAR ? chart_decimals(chart) : -1;
	plan_y(page);
	page->left = left_margin(page);
	page->names = names_width(&chart->x) + 8;
	page->top = 44;
	if (chart_has_legend(chart))
		page->top += legend(page, false) * ROW;
	page->width = page->page_width - page->left - right_margin(page);
	page->width = fmax(page->width, 40);
	page->bottom = chart->kind == CHART_HBAR ? 12 : 40;
	added = page->bottom;
	plan_names(page);
	page->bottom += lines > 0 ? lines * NOTE + 6 : 0;
	/* Unless a height is told the page grows by what is below. */
	if (height == 0)
		page->page_height += page->bottom - added;
	page->height = page->page_height - page->top - page->bottom;
	page->height = fmax(page->height, 20);
	page->x_low = chart->x.low;
	page->x_high = chart->x.high;
}

void svg_begin(struct svg_page *page, const struct chart *chart, int width,
	       int height, struct str *out)
{
	*page = (struct svg_page){ .out = out,
				   .chart = chart,
				   .page_width = width ? width * COLUMN : WIDTH,
				   .page_height = height_of(chart, height),
				   .y_ticks = TICKS_EMPTY };
	plan_page(page, height);
	str_addf(out,
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		 "class=\"redsh-chart\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		 "height=\"%d\" style=\"max-width:100%%;height:auto\" "
		 "role=\"img\">\n<title>",
		 (int)page->page_width, (int)page->page_height,
		 (int)page->page_width, (int)page->page_height);
	svg_escape(out, *chart->title ? chart->title : "numbers");
	str_add(out, "</title>\n");
	add_styles(out);
	str_add(out, "<rect width=\"100%\" height=\"100%\" "
		     "style=\"fill:var(--ground)\"/>\n");
	svg_text(page, SIDE, 26, "start", "t", chart->title);
	if (chart_has_legend(chart))
		legend(page, true);
	notes(page, true);
}

void svg_end(struct svg_page *page)
{
	str_add(page->out, "</svg>\n");
	ticks_done(&page->y_ticks);
}

/* ---- places ---- */

double svg_x(const struct svg_page *page, double x)
{
	double span = page->x_high / 2 - page->x_low / 2;
	double share = span > 0 ? (x / 2 - page->x_low / 2) / span : 0.5;

	return page->left + share * page->width;
}

double svg_y(const struct svg_page *page, double y)
{
	double share;

	if (page->chart->y.log)
		share = (log10(y) - log10(page->low)) /
			(log10(page->high) - log10(page->low));
	else if (page->high > page->low)
		share = (y / 2 - page->low / 2) /
			(page->high / 2 - page->low / 2);
	else
		share = 0.5;
	return page->top + (1 - share) * page->height;
}
