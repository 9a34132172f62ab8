#include "chart/svg.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "chart/amount.h"
#include "chart/canvas.h"
#include "chart/chart.h"
#include "chart/palette.h"
#include "chart/spoken.h"
#include "chart/svg_page.h"

/* ---- values in words ---- */

/* "2024-05-01, web: 12" */
static void add_tip(struct str *out, const struct chart *chart,
		    const struct chart_series *series,
		    const struct chart_point *point)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	spoken_add_x(&text, chart, point->x);
	if (chart->series.count > 1)
		str_addf(&text, ", %s", series->name);
	str_add(&text, ": ");
	amount_add(&text, point->y);
	str_add(out, "<title>");
	svg_escape(out, text.text);
	str_add(out, "</title>");
}

/* ---- bars that stand ---- */

static void add_bar(struct svg_page *page, double x, double width, double from,
		    double to, size_t series)
{
	double top = fmin(from, to), height = fabs(to - from);

	str_addf(page->out, "<rect class=\"s%zu\" ", series % PALETTE_SERIES);
	svg_attribute(page->out, "x", x);
	svg_attribute(page->out, "y", top);
	svg_attribute(page->out, "width", fmax(width, 0.5));
	svg_attribute(page->out, "height", height);
	str_add_char(page->out, '>');
}

static void draw_bars(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	size_t count = chart->series.items[0].points.count;
	size_t bars = chart->stacked ? 1 : chart->series.count;
	double slot = page->width / (double)count;
	double gap = chart->kind == CHART_HIST ? 1 : slot * 0.2;
	double each = (slot - gap) / (double)bars;
	double zero = svg_y(page, chart->y.log ? page->low : 0);

	for (size_t at = 0; at < count; at++) {
		double up = 0, down = 0;

		for (size_t i = 0; i < chart->series.count; i++) {
			const struct chart_series *series =
				&chart->series.items[i];
			const struct chart_point *point =
				&series->points.items[at];
			double x = page->left + slot * (double)at + gap / 2 +
				   (chart->stacked ? 0 : each * (double)i);
			double from = zero, to;
			double *sum = point->y < 0 ? &down : &up;

			if (isnan(point->y))
				continue;
			if (chart->stacked) {
				from = svg_y(page, *sum);
				*sum += point->y;
			}
			to = svg_y(page, chart->stacked ? *sum : point->y);
			add_bar(page, x, each, from, to, i);
			add_tip(page->out, chart, series, point);
			str_add(page->out, "</rect>\n");
		}
	}
}

/* ---- lines and clouds ---- */

enum {
	DOTS_MOST = 400,  /* on lines */
	TIPS_MOST = 5000, /* on clouds */
};

static void add_place(struct svg_page *page, char verb, double x, double y)
{
	str_add_char(page->out, verb);
	svg_number(page->out, svg_x(page, x));
	str_add_char(page->out, ' ');
	svg_number(page->out, svg_y(page, y));
}

static void add_path(struct svg_page *page, const struct chart_series *series,
		     size_t which, bool area)
{
	bool torn = true;
	double first = 0, last = 0;
	double zero = page->chart->y.log ? page->low : fmax(page->low, 0);

	/* Areas that are not stacked may hide each other: one sees through. */
	str_addf(page->out, "<path class=\"%s%zu%s\" d=\"", area ? "a" : "l",
		 which % PALETTE_SERIES,
		 area && !page->chart->stacked ? " f" : "");
	for (size_t i = 0; i < series->points.count; i++) {
		const struct chart_point *point = &series->points.items[i];

		if (isnan(point->y)) {
			torn = !area || torn;
			continue;
		}
		if (torn)
			first = point->x;
		add_place(page, torn ? 'M' : 'L', point->x, point->y);
		torn = false;
		last = point->x;
	}
	if (area && !torn) {
		add_place(page, 'L', last, zero);
		add_place(page, 'L', first, zero);
		str_add_char(page->out, 'Z');
	}
	str_add(page->out, "\"/>\n");
}

static void add_dots(struct svg_page *page, const struct chart_series *series,
		     size_t which)
{
	const struct chart *chart = page->chart;
	bool cloud = chart->kind == CHART_SCATTER;
	size_t count = series->points.count;
	bool tips = count <= TIPS_MOST;

	if (!cloud && count > DOTS_MOST)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct chart_point *point = &series->points.items[i];

		if (isnan(point->y))
			continue;
		str_addf(page->out, "<circle class=\"s%zu%s\" ",
			 which % PALETTE_SERIES, cloud ? " c" : "");
		svg_attribute(page->out, "cx", svg_x(page, point->x));
		svg_attribute(page->out, "cy", svg_y(page, point->y));
		str_addf(page->out, "r=\"%s\">", cloud ? "2.5" : "3");
		if (tips)
			add_tip(page->out, chart, series, point);
		str_add(page->out, "</circle>\n");
	}
}

/* Of all series the top first, each down to the axis: the next lies before
 * it. */
static void draw_stack(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	size_t places = chart->series.items[0].points.count;

	for (size_t which = chart->series.count; which-- > 0;) {
		struct chart_series sums = { .name = NULL };

		for (size_t at = 0; at < places; at++) {
			struct chart_point sum = {
				chart->series.items[0].points.items[at].x, 0
			};

			for (size_t i = 0; i <= which; i++)
				sum.y += chart->series.items[i]
						 .points.items[at]
						 .y;
			vec_push(&sums.points, sum);
		}
		add_path(page, &sums, which, true);
		vec_done(&sums.points);
	}
}

static void draw_lines(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	bool area = chart->kind == CHART_AREA;
	CLEANUP(mem_freep) size_t *order = chart_by_total(chart);

	if (area && chart->stacked) {
		draw_stack(page);
		return;
	}
	for (size_t i = 0; i < chart->series.count; i++) {
		size_t at = area ? order[i] : i;

		if (chart->kind != CHART_SCATTER)
			add_path(page, &chart->series.items[at], at, area);
	}
	for (size_t i = 0; i < chart->series.count; i++)
		add_dots(page, &chart->series.items[i], i);
}

/* ---- bars that lie ---- */

static double lying_size(const struct chart *chart, double value, double base)
{
	return chart->y.log ? log10(value) - base : value;
}

static void draw_lying(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	size_t bars = chart->stacked ? 1 : chart->series.count;
	double base = chart->y.log ? floor(log10(chart->y.low)) - 1 : 0;
	double high = fmax(0, lying_size(chart, chart->y.high, base));
	double low = chart->y.log ? 0 : fmin(0, chart->y.low);
	double unit = high / 2 - low / 2 > 0
			      ? page->width / (high / 2 - low / 2) / 2
			      : 0;
	double zero = page->left - low * unit;

	for (size_t at = 0; at < chart->x.names.count; at++) {
		double slot = page->height / (double)chart->x.names.count;
		double y = page->top + slot * (double)at;
		double each = slot * 0.8 / (double)bars;
		double up = 0, down = 0;

		svg_text(page, page->names, y + slot / 2 + 4, "end", "n",
			 chart->x.names.items[at]);
		for (size_t i = 0; i < chart->series.count; i++) {
			const struct chart_series *series =
				&chart->series.items[i];
			const struct chart_point *point =
				&series->points.items[at];
			double size = lying_size(chart, point->y, base) * unit;
			double *sum = point->y < 0 ? &down : &up;
			double from = chart->stacked ? *sum : 0;
			double left = zero + fmin(from, from + size);
			double row = chart->stacked ? 0 : (double)i;
			CLEANUP(str_done) struct str value = STR_EMPTY;

			if (isnan(point->y))
				continue;
			*sum += size;
			str_addf(page->out, "<rect class=\"s%zu\" ",
				 i % PALETTE_SERIES);
			svg_attribute(page->out, "x", left);
			svg_attribute(page->out, "y",
				      y + slot * 0.1 + each * row);
			svg_attribute(page->out, "width", fabs(size));
			svg_attribute(page->out, "height", each);
			str_add_char(page->out, '>');
			add_tip(page->out, chart, series, point);
			str_add(page->out, "</rect>\n");
			if (chart->stacked)
				continue;
			amount_add(&value, point->y);
			svg_text(page,
				 size < 0 ? left - 4 : left + fabs(size) + 4,
				 y + slot * 0.1 + each * (row + 0.5) + 4,
				 size < 0 ? "end" : "start", "v", value.text);
		}
	}
}

/* ---- grids ---- */

static void draw_cell(struct svg_page *page, size_t row, size_t column,
		      double wide, double high)
{
	const struct chart *chart = page->chart;
	double value = chart->cells[row * chart->x.names.count + column];
	double low = chart->cell_low > chart->cell_high / 2
			     ? chart->cell_low
			     : fmin(0, chart->cell_low);
	double span = chart->cell_high / 2 - low / 2;
	double share = span > 0 ? (value / 2 - low / 2) / span : 1;
	int level = (int)fmin(PALETTE_LEVELS - 1, share * PALETTE_LEVELS);
	double x = page->left + wide * (double)column;
	double y = page->top + high * (double)row;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str tip = STR_EMPTY;

	if (isnan(value))
		return;
	amount_add_short(&text, value);
	str_addf(&tip, "%s, %s: ", chart->y.names.items[row],
		 chart->x.names.items[column]);
	amount_add(&tip, value);
	str_addf(page->out, "<rect class=\"h%d\" ", level);
	svg_attribute(page->out, "x", x);
	svg_attribute(page->out, "y", y);
	svg_attribute(page->out, "width", wide - 1);
	svg_attribute(page->out, "height", high - 1);
	str_add(page->out, "><title>");
	svg_escape(page->out, tip.text);
	str_add(page->out, "</title></rect>\n");
	if (wide > (double)text.len * 7 + 4)
		svg_text(page, x + wide / 2, y + high / 2 + 4, "middle",
			 level >= 4 ? "hd" : "hl", text.text);
}

static void draw_grid(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	double wide = page->width / (double)chart->x.names.count;
	double high = page->height / (double)chart->y.names.count;

	for (size_t row = 0; row < chart->y.names.count; row++) {
		svg_text(page, page->left - 8,
			 page->top + high * ((double)row + 0.5) + 4, "end", "n",
			 chart->y.names.items[row]);
		for (size_t i = 0; i < chart->x.names.count; i++)
			draw_cell(page, row, i, wide, high);
	}
	svg_names(page);
}

/* ---- small ones ---- */

static void draw_sparks(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	double high = page->height / (double)chart->series.count;
	struct svg_page own = *page;

	own.height = high * 0.7;
	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];
		bool seen = false;

		for (size_t at = 0; at < series->points.count; at++) {
			double y = series->points.items[at].y;

			if (isnan(y))
				continue;
			own.low = seen ? fmin(own.low, y) : y;
			own.high = seen ? fmax(own.high, y) : y;
			seen = true;
		}
		own.top = page->top + high * ((double)i + 0.15);
		svg_text(page, page->left - 8, own.top + own.height / 2 + 4,
			 "end", "n", series->name);
		if (seen)
			add_path(&own, series, 0, false);
		page->out = own.out;
	}
}

static void draw_numbers(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	double each = page->width / (double)chart->series.count;

	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];
		double x = page->left + each * (double)i;
		CLEANUP(str_done) struct str text = STR_EMPTY;

		amount_add(&text, series->points.items[0].y);
		if ((double)text.len * 26 > each) {
			str_clear(&text);
			amount_add_short(&text, series->points.items[0].y);
		}
		svg_text(page, x, page->top + 50, "start", "k", text.text);
		svg_text(page, x, page->top + 78, "start", "n", series->name);
	}
}

/* ---- all ---- */

void svg_chart(const struct chart *chart, int width, int height,
	       struct str *out)
{
	struct svg_page page;

	svg_begin(&page, chart, width, height, out);
	switch (chart->kind) {
	case CHART_BAR:
	case CHART_HIST:
		svg_axes(&page);
		draw_bars(&page);
		break;
	case CHART_LINE:
	case CHART_AREA:
	case CHART_SCATTER:
		svg_axes(&page);
		draw_lines(&page);
		break;
	case CHART_HBAR:
		draw_lying(&page);
		break;
	case CHART_HEAT:
		draw_grid(&page);
		break;
	case CHART_SPARK:
		draw_sparks(&page);
		break;
	case CHART_NUMBER:
		draw_numbers(&page);
		break;
	case CHART_GUESS:
	case CHART_KINDS:
		break;
	}
	svg_end(&page);
}
