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
	NAME_MOST = 32,
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

void svg_text(struct svg_page *page, double x, double y, const char *anchor,
	      const char *class, const char *text)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	size_t len = strlen(text);
	size_t fits = utf8_fit(text, len, NAME_MOST);

	if (strcmp(class, "t") == 0 || fits == len) {
		str_add(&shown, text);
	} else {
		str_add_slice(&shown, text, utf8_fit(text, len, NAME_MOST - 1));
		str_add(&shown, "\u2026");
	}
	str_add(page->out, "<text ");
	svg_attribute(page->out, "x", x);
	svg_attribute(page->out, "y", y);
	str_addf(page->out, "text-anchor=\"%s\" class=\"%s\">", anchor, class);
	svg_escape(page->out, shown.text);
	if (fits < len) {
		str_add(page->out, "<title>");
		svg_escape(page->out, text);
		str_add(page->out, "</title>");
	}
	str_add(page->out, "</text>\n");
}

/* ---- styles ---- */

static void add_colours(struct str *out, bool dark)
{
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
	str_add(out, dark ? "--ground:#16191d;--text:#e4e6e8;--dim:#9aa2aa;"
			    "--grid:#2d333a;--hl:#fff;--hd:#000;"
			  : "--ground:#fff;--text:#1c2024;--dim:#5c646c;"
			    "--grid:#e4e7ea;--hl:#000;--hd:#fff;");
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
		     ".redsh-chart .hl{fill:var(--hl)}"
		     ".redsh-chart .hd{fill:var(--hd)}\n"
		     ".redsh-chart .g{stroke:var(--grid)}"
		     ".redsh-chart .x{stroke:var(--dim)}"
		     ".redsh-chart .c{opacity:.6}\n");
	for (size_t i = 0; i < PALETTE_SERIES; i++)
		str_addf(out,
			 ".redsh-chart .s%zu{fill:var(--s%zu)}"
			 ".redsh-chart .l%zu{fill:none;stroke:var(--s%zu);"
			 "stroke-width:2;stroke-linejoin:round}"
			 ".redsh-chart .a%zu{fill:var(--s%zu);"
			 "stroke:var(--ground)}"
			 ".redsh-chart .a%zu.f{fill-opacity:.5;"
			 "stroke:var(--s%zu);stroke-width:2}\n",
			 i, i, i, i, i, i, i, i);
	for (size_t i = 0; i < PALETTE_LEVELS; i++)
		str_addf(out, ".redsh-chart .h%zu{fill:var(--h%zu)}", i, i);
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

static bool has_legend(const struct chart *chart)
{
	return chart->series.count > 1 && chart->kind != CHART_HEAT &&
	       chart->kind != CHART_SPARK && chart->kind != CHART_NUMBER;
}

static double left_margin(const struct svg_page *page)
{
	const struct chart *chart = page->chart;
	int widest = 3;

	switch (chart->kind) {
	case CHART_HBAR:
		return names_width(&chart->x) + 16 +
		       (chart->y.low < 0 && !chart->y.log ? 80 : 0);
	case CHART_HEAT:
		return names_width(&chart->y) + 16;
	case CHART_SPARK:
		for (size_t i = 0; i < chart->series.count; i++) {
			int wide = canvas_width(chart->series.items[i].name,
						NAME_MOST);

			widest = wide > widest ? wide : widest;
		}
		return widest * LETTER + 16;
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
	if (zero || low == high || (low > 0 && low < high / 2))
		low = fmin(low, 0);
	if (zero || chart->y.low == high)
		high = fmax(high, 0);
	if (low == high)
		high = 1;
	step = ticks_step(low, high, 6, chart->y.whole);
	page->low = ticks_floor(low, step);
	page->high = ticks_ceil(high, step);
	ticks_numbers(&page->y_ticks, page->low, page->high, step, false);
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
	return chart->kind == CHART_NUMBER ? 150 : HEIGHT;
}

static void add_legend(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	double x = 16;

	for (size_t i = 0; i < chart->series.count; i++) {
		const char *name = chart->series.items[i].name;

		str_addf(page->out, "<rect class=\"s%zu\" ",
			 i % PALETTE_SERIES);
		svg_attribute(page->out, "x", x);
		str_add(page->out,
			"y=\"38\" width=\"11\" height=\"11\" rx=\"2\"/>\n");
		svg_text(page, x + 16, 48, "start", "n", name);
		x += 16 + canvas_width(name, NAME_MOST) * LETTER + 14;
	}
}

void svg_begin(struct svg_page *page, const struct chart *chart, int width,
	       int height, struct str *out)
{
	*page = (struct svg_page){ .out = out,
				   .chart = chart,
				   .page_width = width ? width * COLUMN : WIDTH,
				   .page_height = height_of(chart, height),
				   .y_ticks = TICKS_EMPTY };
	plan_y(page);
	page->left = left_margin(page);
	page->names = names_width(&chart->x) + 8;
	page->top = has_legend(chart) ? 64 : 44;
	page->width = page->page_width - page->left -
		      (chart->kind == CHART_HBAR ? 100 : 24);
	page->height = page->page_height - page->top -
		       (chart->kind == CHART_HBAR ? 12 : 40);
	page->width = fmax(page->width, 40);
	page->height = fmax(page->height, 20);
	page->x_low = chart->x.low;
	page->x_high = chart->x.high;
	str_addf(out,
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		 "class=\"redsh-chart\" viewBox=\"0 0 %d %d\" width=\"%d\" "
		 "height=\"%d\" role=\"img\">\n<title>",
		 (int)page->page_width, (int)page->page_height,
		 (int)page->page_width, (int)page->page_height);
	svg_escape(out, *chart->title ? chart->title : "numbers");
	str_add(out, "</title>\n");
	add_styles(out);
	str_add(out, "<rect width=\"100%\" height=\"100%\" "
		     "style=\"fill:var(--ground)\"/>\n");
	svg_text(page, 16, 26, "start", "t", chart->title);
	if (has_legend(chart))
		add_legend(page);
}

void svg_end(struct svg_page *page)
{
	str_add(page->out, "</svg>\n");
	ticks_done(&page->y_ticks);
}

/* ---- axes ---- */

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

static void add_line(struct svg_page *page, double x1, double y1, double x2,
		     double y2)
{
	str_add(page->out, "<line class=\"g\" ");
	svg_attribute(page->out, "x1", x1);
	svg_attribute(page->out, "y1", y1);
	svg_attribute(page->out, "x2", x2);
	svg_attribute(page->out, "y2", y2);
	str_add(page->out, "/>\n");
}

void svg_names(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	size_t count = chart->x.names.count;
	bool on_points = chart->kind == CHART_LINE || chart->kind == CHART_AREA;
	double slot = page->width / (double)(count > 0 ? count : 1);
	double end = 0;

	for (size_t i = 0; i < count; i++) {
		const char *name = chart->x.names.items[i];
		double wide = canvas_width(name, NAME_MOST) * LETTER;
		double x = on_points ? svg_x(page, (double)i)
				     : page->left + slot * ((double)i + 0.5);

		if (x - wide / 2 < end || x + wide / 2 > page->page_width)
			continue;
		svg_text(page, x, page->top + page->height + 18, "middle", "",
			 name);
		end = x + wide / 2 + 8;
	}
}

static void add_x_ticks(struct svg_page *page)
{
	const struct chart_axis *x = &page->chart->x;
	struct ticks ticks = TICKS_EMPTY;
	int most = (int)(page->width / 90);

	if (x->kind == CHART_TIMES)
		ticks_times(&ticks, x->low, x->high, most, x->gap, x->bare);
	else
		ticks_numbers(&ticks, x->low, x->high,
			      ticks_step(x->low, x->high, most, x->whole),
			      x->bare);
	for (size_t i = 0; i < ticks.count; i++)
		svg_text(page, svg_x(page, ticks.items[i].at),
			 page->top + page->height + 18, "middle", "",
			 ticks.items[i].text);
	ticks_done(&ticks);
}

void svg_axes(struct svg_page *page)
{
	for (size_t i = 0; i < page->y_ticks.count; i++) {
		const struct tick *tick = &page->y_ticks.items[i];
		double y = svg_y(page, tick->at);

		add_line(page, page->left, y, page->left + page->width, y);
		svg_text(page, page->left - 8, y + 4, "end", "", tick->text);
	}
	if (page->chart->x.kind == CHART_CATEGORIES)
		svg_names(page);
	else
		add_x_ticks(page);
}
