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
#include "chart/svg_axes.h"
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
	/* What is not nothing is seen. */
	double height = fmax(fabs(to - from), from != to);
	double top = to < from ? from - height : from;

	str_addf(page->out, "<rect class=\"s%zu\" ", series % PALETTE_SERIES);
	svg_attribute(page->out, "x", x);
	svg_attribute(page->out, "y", top);
	svg_attribute(page->out, "width", fmax(width, 0.5));
	svg_attribute(page->out, "height", height);
	str_add_char(page->out, '>');
}

enum { BAR_MOST = 120 };

static void draw_bars(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	size_t count = chart->series.items[0].points.count;
	size_t bars = chart->stacked ? 1 : chart->series.count;
	double slot = page->width / (double)count;
	/* A bar that is alone is no wall. */
	double gap = chart->kind == CHART_HIST
			     ? 1
			     : fmax(slot * 0.2, slot - BAR_MOST * (double)bars);
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

/* An area goes down to the axis before a gap and at its end. */
static void close_area(struct svg_page *page, double first, double last)
{
	double zero = page->chart->y.log ? page->low : fmax(page->low, 0);

	add_place(page, 'L', last, zero);
	add_place(page, 'L', first, zero);
	str_add_char(page->out, 'Z');
}

static void add_path(struct svg_page *page, const struct chart_series *series,
		     size_t which, bool area)
{
	bool torn = true;
	double first = 0, last = 0;

	/* Areas that are not stacked may hide each other: one sees through. */
	str_addf(page->out, "<path class=\"%s%zu%s\" d=\"", area ? "a" : "l",
		 which % PALETTE_SERIES,
		 area && !page->chart->stacked ? " f" : "");
	for (size_t i = 0; i < series->points.count; i++) {
		const struct chart_point *point = &series->points.items[i];

		if (isnan(point->y)) {
			if (area && !torn)
				close_area(page, first, last);
			torn = true;
			continue;
		}
		if (torn)
			first = point->x;
		add_place(page, torn ? 'M' : 'L', point->x, point->y);
		torn = false;
		last = point->x;
	}
	if (area && !torn)
		close_area(page, first, last);
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

/* Places that nobody sees, for what a tooltip tells. */
static void add_tips(struct svg_page *page, const struct chart_series *sums,
		     size_t which)
{
	const struct chart_series *series = &page->chart->series.items[which];

	if (series->points.count > DOTS_MOST)
		return;
	for (size_t i = 0; i < series->points.count; i++) {
		str_add(page->out, "<circle class=\"o\" ");
		svg_attribute(page->out, "cx",
			      svg_x(page, sums->points.items[i].x));
		svg_attribute(page->out, "cy",
			      svg_y(page, sums->points.items[i].y));
		str_add(page->out, "r=\"8\">");
		add_tip(page->out, page->chart, series,
			&series->points.items[i]);
		str_add(page->out, "</circle>\n");
	}
}

static void add_up(const struct chart *chart, size_t which,
		   struct chart_series *sums)
{
	size_t places = chart->series.items[0].points.count;

	for (size_t at = 0; at < places; at++) {
		struct chart_point sum = {
			chart->series.items[0].points.items[at].x, 0
		};

		for (size_t i = 0; i <= which; i++)
			sum.y += chart->series.items[i].points.items[at].y;
		vec_push(&sums->points, sum);
	}
}

/* Of all series the top first, each down to the axis: the next lies before
 * it. */
static void draw_stack(struct svg_page *page)
{
	const struct chart *chart = page->chart;

	for (int tips = 0; tips < 2; tips++)
		for (size_t which = chart->series.count; which-- > 0;) {
			struct chart_series sums = { .name = NULL };

			add_up(chart, which, &sums);
			if (tips)
				add_tips(page, &sums, which);
			else
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

		if (area)
			add_path(page, &chart->series.items[at], at, true);
		if (chart->kind != CHART_SCATTER)
			add_path(page, &chart->series.items[at], at, false);
	}
	for (size_t i = 0; i < chart->series.count; i++)
		add_dots(page, &chart->series.items[i], i);
}

/* ---- bars that lie ---- */

static double lying_size(const struct chart *chart, double value, double base)
{
	return chart->y.log ? log10(value) - base : value;
}

struct lying {
	struct svg_page *page;
	double base; /* of a logarithm: the power at the axis */
	double unit; /* pixels */
	double zero;
	double slot, each; /* of a category, of a bar */
};

static struct lying plan_lying(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	size_t bars = chart->stacked ? 1 : chart->series.count;
	struct lying lying = { .page = page };
	double high, low, span;

	lying.base = chart->y.log ? floor(log10(chart->y.low)) - 1 : 0;
	high = fmax(0, lying_size(chart, chart->y.high, lying.base));
	low = chart->y.log ? 0 : fmin(0, chart->y.low);
	span = high / 2 - low / 2;
	lying.unit = span > 0 ? page->width / span / 2 : 0;
	lying.zero = page->left - low * lying.unit;
	lying.slot = page->height / (double)chart->x.names.count;
	lying.each = lying.slot * 0.8 / (double)bars;
	return lying;
}

/* Behind the end of a bar, which may lie left of the axis. */
static void add_bar_value(const struct lying *lying, double end, double y,
			  double value)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	chart_add_value(&text, value, lying->page->decimals);
	svg_text(lying->page, end + (value < 0 ? -4 : 4), y + 4,
		 value < 0 ? "end" : "start", isnan(value) ? "" : "v",
		 text.text);
}

static void draw_category(const struct lying *lying, size_t at)
{
	struct svg_page *page = lying->page;
	const struct chart *chart = page->chart;
	double y = page->top + lying->slot * ((double)at + 0.1);
	double total = chart_category_total(chart, at);
	double sums[2] = { 0, 0 }; /* right and left of the axis */

	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];
		const struct chart_point *point = &series->points.items[at];
		double *sum = &sums[point->y < 0];
		double top = y + (chart->stacked ? 0 : lying->each * (double)i);
		double from = chart->stacked ? *sum : 0, size = 0;

		if (!isnan(point->y)) {
			size = lying_size(chart, point->y, lying->base) *
			       lying->unit;
			str_addf(page->out, "<rect class=\"s%zu\" ",
				 i % PALETTE_SERIES);
			svg_attribute(page->out, "x",
				      lying->zero + fmin(from, from + size));
			svg_attribute(page->out, "y", top);
			/* What is not nothing is seen. */
			svg_attribute(page->out, "width",
				      fmax(fabs(size), point->y != 0));
			svg_attribute(page->out, "height", lying->each);
			str_add_char(page->out, '>');
			add_tip(page->out, chart, series, point);
			str_add(page->out, "</rect>\n");
		}
		*sum += size;
		if (!chart->stacked)
			add_bar_value(lying, lying->zero + size,
				      top + lying->each / 2, point->y);
	}
	if (chart->stacked)
		add_bar_value(lying, lying->zero + sums[total < 0],
			      y + lying->each / 2, total);
}

static void draw_lying(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	struct lying lying = plan_lying(page);

	for (size_t at = 0; at < chart->x.names.count; at++) {
		svg_text(page, page->names,
			 page->top + lying.slot * ((double)at + 0.5) + 4, "end",
			 "n", chart->x.names.items[at]);
		draw_category(&lying, at);
	}
	str_add(page->out, "<line class=\"x\" ");
	svg_attribute(page->out, "x1", lying.zero);
	svg_attribute(page->out, "y1", page->top);
	svg_attribute(page->out, "x2", lying.zero);
	svg_attribute(page->out, "y2", page->top + page->height);
	str_add(page->out, "/>\n");
}

/* ---- grids ---- */

/* The class of a cell's colour: "d3" of those with two sides, else "h5". */
static void add_class(struct str *out, const struct chart *chart, double value)
{
	if (chart_has_sides(chart))
		str_addf(out, "d%d",
			 chart_cell_side(chart, value, PALETTE_SIDES));
	else
		str_addf(out, "h%d",
			 chart_cell_level(chart, value, PALETTE_LEVELS));
}

static void add_square(struct svg_page *page, const char *class, double x,
		       double y, double width, double height)
{
	str_addf(page->out, "<rect class=\"%s\" ", class);
	svg_attribute(page->out, "x", x);
	svg_attribute(page->out, "y", y);
	svg_attribute(page->out, "width", width);
	svg_attribute(page->out, "height", height);
	str_add_char(page->out, '>');
}

static void draw_cell(struct svg_page *page, size_t row, size_t column,
		      double wide, double high)
{
	const struct chart *chart = page->chart;
	double value = chart->cells[row * chart->x.names.count + column];
	double x = page->left + wide * (double)column;
	double y = page->top + high * (double)row;
	CLEANUP(str_done) struct str class = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str tip = STR_EMPTY;

	if (isnan(value))
		return;
	amount_add_short(&text, value);
	str_addf(&tip, "%s, %s: ", chart->y.names.items[row],
		 chart->x.names.items[column]);
	amount_add(&tip, value);
	str_add_char(&class, 't');
	add_class(&class, chart, value);
	add_square(page, class.text + 1, x, y, wide - 1, high - 1);
	str_add(page->out, "<title>");
	svg_escape(page->out, tip.text);
	str_add(page->out, "</title></rect>\n");
	if (wide > (double)text.len * 7 + 4)
		svg_text(page, x + wide / 2, y + high / 2 + 4, "middle",
			 class.text, text.text);
}

/* What the colours stand for, at the end of the title's row. */
static void draw_scale(struct svg_page *page)
{
	enum { SQUARE = 14, TOP = 16 };
	const struct chart *chart = page->chart;
	bool sides = chart_has_sides(chart);
	int count = sides ? PALETTE_SIDES : PALETTE_LEVELS;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	double x = page->left + page->width, low, high;

	chart_scale(chart, sides, &low, &high);
	amount_add_short(&text, high);
	svg_text(page, x, TOP + 10, "end", "", text.text);
	x -= svg_text_width(text.text) + 6 + SQUARE * count;
	for (int i = 0; i < count; i++) {
		char class[] = { sides ? 'd' : 'h', (char)('0' + i), '\0' };

		add_square(page, class, x + i * SQUARE, TOP, SQUARE, 12);
		str_add(page->out, "</rect>\n");
	}
	str_clear(&text);
	amount_add_short(&text, low);
	svg_text(page, x - 6, TOP + 10, "end", "", text.text);
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
	draw_scale(page);
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
		CLEANUP(str_done) struct str facts = STR_EMPTY;
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
		chart_add_facts(&facts, series, false);
		svg_text(page, page->left + page->width + 8,
			 own.top + own.height / 2 + 4, "start", "v",
			 facts.text);
		if (seen)
			add_path(&own, series, 0, false);
		page->out = own.out;
	}
}

struct number_look { /* of all of a chart */
	double pixels;
	bool cut; /* 1.28M */
};

static double number_pixels(double room, size_t letters)
{
	return fmin(SVG_NUMBER_MOST,
		    (room - SVG_NUMBER_GAP) / (SVG_DIGIT * (double)letters));
}

/* As large as all have room; shortened before they become too small. */
static struct number_look number_look(const struct chart *chart, double room)
{
	double whole = SVG_NUMBER_MOST, cut = SVG_NUMBER_MOST;

	for (size_t i = 0; i < chart->series.count; i++) {
		double value = chart->series.items[i].points.items[0].y;
		CLEANUP(str_done) struct str text = STR_EMPTY;

		amount_add(&text, value);
		whole = fmin(whole, number_pixels(room, text.len));
		str_clear(&text);
		amount_add_short(&text, value);
		cut = fmin(cut, number_pixels(room, text.len));
	}
	if (whole >= SVG_NUMBER_LEAST)
		return (struct number_look){ whole, false };
	return (struct number_look){ fmax(cut, SVG_NUMBER_LEAST / 2), true };
}

static void draw_number(struct svg_page *page,
			const struct chart_series *series, double x, double y,
			const struct number_look *look)
{
	double value = series->points.items[0].y;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (look->cut)
		amount_add_short(&text, value);
	else
		amount_add(&text, value);
	str_add(page->out, "<text text-anchor=\"start\" class=\"k\" ");
	svg_attribute(page->out, "x", x);
	svg_attribute(page->out, "y", y);
	str_addf(page->out, "style=\"font-size:%dpx\">", (int)look->pixels);
	svg_escape(page->out, text.text);
	str_add(page->out, "<title>");
	svg_escape(page->out, series->name);
	str_add(page->out, ": ");
	str_clear(&text);
	amount_add(&text, value);
	svg_escape(page->out, text.text);
	str_add(page->out, "</title></text>\n");
}

static void draw_numbers(struct svg_page *page)
{
	const struct chart *chart = page->chart;
	double room = page->width / (double)page->across;
	struct number_look look = number_look(chart, room);

	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];
		double x = page->left + room * (double)(i % page->across);
		double y = page->top + SVG_NUMBERS * (double)(i / page->across);

		draw_number(page, series, x, y + 50, &look);
		svg_label(page, x, y + 78, room - SVG_NUMBER_GAP, series->name);
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
