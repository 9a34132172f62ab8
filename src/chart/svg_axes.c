#include "chart/svg_axes.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "chart/chart.h"
#include "chart/svg_page.h"
#include "chart/ticks.h"

enum { BELOW = 18 }; /* baseline of labels below the axis */

static void add_line(struct svg_page *page, const char *class, double x1,
		     double y1, double x2, double y2)
{
	str_addf(page->out, "<line class=\"%s\" ", class);
	svg_attribute(page->out, "x1", x1);
	svg_attribute(page->out, "y1", y1);
	svg_attribute(page->out, "x2", x2);
	svg_attribute(page->out, "y2", y2);
	str_add(page->out, "/>\n");
}

/* ---- x ---- */

/* A label within the page, unless it would touch the one before. */
static void add_label(struct svg_page *page, double x, const char *text,
		      double *end)
{
	double wide = svg_text_width(text);
	double from = x - wide / 2;
	double most = page->page_width - wide - 2;

	from = fmax(2, fmin(from, most));
	if (from < *end)
		return;
	svg_text(page, from + wide / 2, page->top + page->height + BELOW,
		 "middle", "", text);
	*end = from + wide + 6;
}

static double name_place(const struct svg_page *page, size_t at)
{
	const struct chart *chart = page->chart;

	if (chart->kind == CHART_LINE || chart->kind == CHART_AREA)
		return svg_x(page, (double)at);
	return page->left +
	       page->width * ((double)at + 0.5) / (double)chart->x.names.count;
}

void svg_names(struct svg_page *page)
{
	const struct chart *chart = page->chart;

	for (size_t i = 0; i < chart->x.names.count; i += page->name_step)
		svg_name(page, name_place(page, i), chart->x.names.items[i]);
}

/* "14 Mar 2024 10:15:00" leaves no room for "10:15:10" behind it: the date goes
 * to the end of the title. */
static const char *first_label(struct svg_page *page, const struct ticks *ticks)
{
	const struct tick *first = &ticks->items[0];
	CLEANUP(str_done) struct str date = STR_EMPTY;
	double apart;

	if (ticks->count < 2 || !first->brief[0])
		return first->text;
	apart = svg_x(page, ticks->items[1].at) - svg_x(page, first->at);
	if (svg_text_width(first->text) + svg_text_width(first->brief) / 2 <
	    apart + page->left)
		return first->text;
	ticks_add_date(&date, first);
	svg_text(page, page->page_width - 24, 26, "end", "", date.text);
	return first->brief;
}

static void add_ticks(struct svg_page *page)
{
	const struct chart_axis *x = &page->chart->x;
	struct ticks ticks = TICKS_EMPTY;
	int most = (int)(page->width / 90);
	double below = page->top + page->height;
	double end = 0;

	most = most < 1 ? 1 : most;
	if (x->kind == CHART_TIMES)
		ticks_times(&ticks, x->low, x->high, most, x->gap, x->bare);
	else
		ticks_numbers(&ticks, x->low, x->high,
			      ticks_step(x->low, x->high, most, x->whole),
			      x->bare);
	for (size_t i = 0; i < ticks.count; i++) {
		double at = svg_x(page, ticks.items[i].at);

		add_line(page, "x", at, below, at, below + 4);
		add_label(page, at,
			  i > 0 ? ticks.items[i].text
				: first_label(page, &ticks),
			  &end);
	}
	ticks_done(&ticks);
}

/* ---- all ---- */

void svg_axes(struct svg_page *page)
{
	bool crosses = !page->chart->y.log && page->low < 0 && page->high > 0;
	double zero = crosses ? svg_y(page, 0) : page->top + page->height;

	for (size_t i = 0; i < page->y_ticks.count; i++) {
		const struct tick *tick = &page->y_ticks.items[i];
		double y = svg_y(page, tick->at);

		add_line(page, "g", page->left, y, page->left + page->width, y);
		svg_text(page, page->left - 8, y + 4, "end", "", tick->text);
	}
	add_line(page, "x", page->left, zero, page->left + page->width, zero);
	if (page->chart->x.kind == CHART_CATEGORIES)
		svg_names(page);
	else
		add_ticks(page);
}
