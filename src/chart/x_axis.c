#include "chart/x_axis.h"

#include <math.h>

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

void x_axis_draw(const struct x_axis *axis, struct plot *plot)
{
	const struct chart_axis *x = &plot->chart->x;
	int end = -1;

	if (x->kind == CHART_CATEGORIES) {
		for (size_t i = 0; i < x->names.count; i++) {
			double column = x_axis_share(axis, (double)i) *
					(plot->width - 1);

			if (plot_label(plot, column, x->names.items[i], &end))
				plot_mark(plot, (int)lround(column));
		}
		return;
	}
	for (size_t i = 0; i < axis->ticks.count; i++) {
		const struct tick *tick = &axis->ticks.items[i];
		double column =
			x_axis_share(axis, tick->at) * (plot->width - 1);

		if (plot_label(plot, column, tick->text, &end))
			plot_mark(plot, (int)lround(column));
	}
}
