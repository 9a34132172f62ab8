#include "chart/x_axis.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

void x_axis_done(struct x_axis *axis)
{
	ticks_done(&axis->ticks);
}

static double column_of(const struct x_axis *axis, const struct plot *plot,
			size_t tick)
{
	return x_axis_share(axis, axis->ticks.items[tick].at) *
	       (plot->width - 1);
}

/* Has each label room beside the one before? */
static bool labels_fit(const struct x_axis *axis, const struct plot *plot,
		       const char *first)
{
	double end = 0;

	for (size_t i = 0; i < axis->ticks.count; i++) {
		int wide =
			(int)strlen(i > 0 ? axis->ticks.items[i].text : first);
		double from = column_of(axis, plot, i) - (wide - 1) / 2.0;

		from = fmax(from, -plot->left);
		from = fmin(from, plot->width - wide);
		if (i > 0 && from < end + 0.5)
			return false;
		end = from + wide;
	}
	return true;
}

/* The first one, of which the date may stand elsewhere. */
static const char *brief_first(const struct x_axis *axis)
{
	const struct tick *first = axis->ticks.items;

	return axis->ticks.count == 0 ? ""
	       : first->brief[0]      ? first->brief
				      : first->text;
}

static void place_ticks(struct x_axis *axis, const struct plot *plot, int most)
{
	const struct chart_axis *x = &plot->chart->x;
	double step;

	vec_clear(&axis->ticks);

	axis->low = x->low;
	axis->high = x->high;
	switch (x->kind) {
	case CHART_CATEGORIES:
		break;
	case CHART_TIMES:
		ticks_times(&axis->ticks, x->low, x->high, most, x->gap,
			    x->bare);
		break;
	case CHART_NUMBERS:
		step = ticks_step(x->low, x->high, most, x->whole);
		/* Clouds get room; lines go from edge to edge. */
		if (plot->chart->kind == CHART_SCATTER && x->low < x->high) {
			axis->low = ticks_floor(x->low, step);
			axis->high = ticks_ceil(x->high, step);
		}
		ticks_numbers(&axis->ticks, axis->low, axis->high, step,
			      x->bare);
		break;
	}
}

void x_axis_plan(struct x_axis *axis, const struct plot *plot)
{
	enum { LABEL = 9 };
	int most = plot->width / LABEL > 1 ? plot->width / LABEL : 1;

	place_ticks(axis, plot, most);
	for (; most > 2 && !labels_fit(axis, plot, brief_first(axis)); most--)
		place_ticks(axis, plot, most - 1);
}

double x_axis_share(const struct x_axis *axis, double x)
{
	double span = axis->high / 2 - axis->low / 2;

	return span > 0 ? (x / 2 - axis->low / 2) / span : 0.5;
}

static void draw_names(const struct x_axis *axis, struct plot *plot)
{
	size_t count = plot->chart->x.names.count;
	CLEANUP(mem_freep)
	double *columns = mem_alloc_array(count + 1, sizeof(*columns));

	for (size_t i = 0; i < count; i++)
		columns[i] = x_axis_share(axis, (double)i) * (plot->width - 1);
	plot_names(plot, columns,
		   count > 1 ? columns[1] - columns[0] : plot->width, true);
}

/* "14 Mar 2024 10:15:00" leaves no room for "10:15:10" behind it: the date goes
 * to the end of the title. */
static const char *first_label(const struct x_axis *axis, struct plot *plot)
{
	const struct tick *first = &axis->ticks.items[0];
	CLEANUP(str_done) struct str date = STR_EMPTY;

	ticks_add_date(&date, first);
	if (date.len == 0 || labels_fit(axis, plot, first->text) ||
	    !plot_aside(plot, date.text))
		return first->text;
	return first->brief;
}

void x_axis_draw(const struct x_axis *axis, struct plot *plot)
{
	int end = -1;

	if (plot->chart->x.kind == CHART_CATEGORIES) {
		draw_names(axis, plot);
		return;
	}
	for (size_t i = 0; i < axis->ticks.count; i++) {
		double column = column_of(axis, plot, i);

		plot_label(plot, column,
			   i > 0 ? axis->ticks.items[i].text
				 : first_label(axis, plot),
			   &end);
		plot_mark(plot, (int)lround(column));
	}
}
