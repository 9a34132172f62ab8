#include "chart/x_axis.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

void x_axis_done(struct x_axis *axis)
{
	ticks_done(&axis->ticks);
}

void x_axis_plan(struct x_axis *axis, const struct plot *plot)
{
	const struct chart_axis *x = &plot->chart->x;
	int most = plot->width / 9 > 1 ? plot->width / 9 : 1;
	double step;

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

static double column_of(const struct x_axis *axis, const struct plot *plot,
			size_t tick)
{
	return x_axis_share(axis, axis->ticks.items[tick].at) *
	       (plot->width - 1);
}

/* "14 Mar 2024 10:15:00" leaves no room for "10:15:10" behind it: the date goes
 * to the end of the title. */
static const char *first_label(const struct x_axis *axis, struct plot *plot)
{
	const struct tick *first = &axis->ticks.items[0];
	CLEANUP(str_done) struct str date = STR_EMPTY;
	double apart;

	if (axis->ticks.count < 2 || !first->brief[0])
		return first->text;
	apart = column_of(axis, plot, 1) - column_of(axis, plot, 0);
	ticks_add_date(&date, first);
	/* A first one at the left edge is no wider to its left than the labels
	 * of the y axis. */
	if ((double)strlen(first->text) + (double)strlen(first->brief) / 2 <
		    apart + plot->left ||
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
