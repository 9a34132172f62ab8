/* Areas: a line, and all between it and 0, in blocks. */
#include "chart/draw_kinds.h"

#include <math.h>

#include "base/mem.h"
#include "chart/plot.h"
#include "chart/x_axis.h"

/* The value of a line at x, which is not before the points at *at; NaN where
 * it has none. */
static double value_at(const struct chart_series *series, double x, size_t *at)
{
	const struct chart_point *points = series->points.items;
	size_t count = series->points.count;
	double share;

	while (*at + 1 < count && points[*at + 1].x <= x)
		++*at;
	if (count == 0 || x < points[*at].x)
		return NAN;
	if (points[*at].x == x || count == 1)
		return points[*at].y;
	if (*at + 1 >= count)
		return NAN;
	share = (x / 2 - points[*at].x / 2) /
		(points[*at + 1].x / 2 - points[*at].x / 2);
	return points[*at].y * (1 - share) + points[*at + 1].y * share;
}

static double x_of(const struct x_axis *axis, const struct plot *plot,
		   int column)
{
	double share = plot->width > 1 ? column / (plot->width - 1.0) : 0;

	return axis->low * (1 - share) + axis->high * share;
}

static int eighths(const struct plot *plot, double value)
{
	return (int)lround(fabs(plot_rows(plot, value)) * 8);
}

static void draw_column(struct plot *plot, int column, double value,
			enum palette_ink ink)
{
	bool below = plot_rows(plot, value) < 0;

	if (below)
		canvas_bar_down(&plot->canvas, plot->left + column,
				plot->axis_row + 1, eighths(plot, value), ink);
	else
		canvas_bar_up(&plot->canvas, plot->left + column,
			      plot->axis_row - 1, eighths(plot, value), ink);
}

static void draw_flat(struct plot *plot, const struct x_axis *axis,
		      const struct chart_series *series, enum palette_ink ink)
{
	size_t at = 0;

	for (int column = 0; column < plot->width; column++) {
		double value = value_at(series, x_of(axis, plot, column), &at);

		if (!isnan(value))
			draw_column(plot, column, value, ink);
	}
	/* A value between gaps is a column where no line goes. */
	for (size_t i = 0; i < series->points.count; i++) {
		const struct chart_point *point = &series->points.items[i];

		if (!isnan(point->y))
			draw_column(plot,
				    (int)lround(x_axis_share(axis, point->x) *
						(plot->width - 1)),
				    point->y, ink);
	}
}

/* All series have the same places (fold_align). */
static void draw_stacked(struct plot *plot, const struct x_axis *axis)
{
	const struct chart *chart = plot->chart;
	size_t count = chart->series.count;
	size_t *at = mem_alloc_array(count + 1, sizeof(*at));

	for (int column = 0; column < plot->width; column++) {
		double x = x_of(axis, plot, column);
		double sum = 0;
		int done = 0;

		for (size_t i = 0; i < count; i++) {
			double own =
				value_at(&chart->series.items[i], x, &at[i]);
			int end;

			sum += isnan(own) ? 0 : own;
			end = eighths(plot, sum);

			canvas_segment(&plot->canvas, plot->left + column,
				       plot->axis_row - 1, done, end,
				       palette_series(i), CANVAS_UP);
			done = end > done ? end : done;
		}
	}
	mem_free(at);
}

/* What is smaller in all lies before what is greater. */
static void draw_all(struct plot *plot, const struct x_axis *axis)
{
	const struct chart *chart = plot->chart;
	CLEANUP(mem_freep) size_t *order = chart_by_total(chart);

	for (size_t i = 0; i < chart->series.count; i++)
		draw_flat(plot, axis, &chart->series.items[order[i]],
			  palette_series(order[i]));
}

bool draw_areas(const struct chart *chart,
		const struct drawing_options *options, struct sink *sink,
		struct err *err)
{
	CLEANUP(plot_done) struct plot plot = PLOT_EMPTY;
	CLEANUP(x_axis_done) struct x_axis axis = X_AXIS_EMPTY;

	plot_begin(&plot, chart, options, true);
	x_axis_plan(&axis, &plot);
	if (chart->stacked)
		draw_stacked(&plot, &axis);
	else
		draw_all(&plot, &axis);
	x_axis_draw(&axis, &plot);
	return canvas_write(&plot.canvas, &options->look, sink, err);
}
