/* Lines and clouds of points, in braille. */
#include "chart/draw_kinds.h"

#include <math.h>
#include <stdlib.h>

#include "chart/plot.h"
#include "chart/x_axis.h"

/* ---- points ---- */

static int dot_x(const struct plot *plot, const struct x_axis *axis, double x)
{
	int dots = plot->width * 2;
	int at = (int)lround(x_axis_share(axis, x) * (dots - 1));

	return plot->left * 2 + at;
}

/* From the top; a value on the edge of two rows is the upper dot of the
 * lower one, as the tick beside it. */
static int dot_y(const struct plot *plot, double value)
{
	int dots = plot->up * 4;
	int at = (int)ceil(plot_rows(plot, value) * 4 - 1e-6) - 1;

	at = at < 0 ? 0 : at >= dots ? dots - 1 : at;
	return plot->axis_row * 4 - 1 - at;
}

static void draw_series(struct plot *plot, const struct x_axis *axis,
			const struct chart_series *series, enum palette_ink ink)
{
	enum chart_kind kind = plot->chart->kind;
	bool torn = true; /* no point before this one */
	int x0 = 0, y0 = 0;

	for (size_t i = 0; i < series->points.count; i++) {
		const struct chart_point *point = &series->points.items[i];
		int x, y;

		if (isnan(point->y)) {
			torn = true;
			continue;
		}
		x = dot_x(plot, axis, point->x);
		y = dot_y(plot, point->y);
		if (kind == CHART_SCATTER || torn)
			canvas_dot(&plot->canvas, x, y, ink);
		if (kind == CHART_LINE && !torn)
			canvas_line(&plot->canvas, x0, y0, x, y, ink);
		torn = false;
		x0 = x;
		y0 = y;
	}
}

static bool is_value(const struct chart_series *series, size_t at)
{
	return at < series->points.count && !isnan(series->points.items[at].y);
}

/* A point between gaps is a dot that nobody would see. */
static void draw_lone(struct plot *plot, const struct x_axis *axis,
		      const struct chart_series *series, enum palette_ink ink)
{
	bool is_cloud = plot->chart->kind == CHART_SCATTER;

	for (size_t i = 0; i < series->points.count; i++) {
		const struct chart_point *point = &series->points.items[i];

		if (!is_value(series, i) || is_value(series, i - 1) ||
		    is_value(series, i + 1) ||
		    (is_cloud && series->points.count > 1))
			continue;
		canvas_put(&plot->canvas, dot_x(plot, axis, point->x) / 2,
			   dot_y(plot, point->y) / 4,
			   canvas_mark(&plot->canvas, ink), ink);
	}
}

static void draw_zero(struct plot *plot)
{
	int row = plot->axis_row - (int)nearbyint(plot_rows(plot, 0));

	if (plot->chart->y.log || row >= plot->axis_row ||
	    row <= plot->axis_row - plot->up ||
	    !(plot->chart->y.low < 0 && plot->chart->y.high > 0))
		return;
	for (int i = 0; i < plot->width; i++)
		canvas_put(&plot->canvas, plot->left + i, row,
			   plot->canvas.ascii ? '-' : 0x2508, PALETTE_DIM);
}

bool draw_lines(const struct chart *chart,
		const struct drawing_options *options, struct sink *sink,
		struct err *err)
{
	CLEANUP(plot_done) struct plot plot = PLOT_EMPTY;
	CLEANUP(x_axis_done) struct x_axis axis = X_AXIS_EMPTY;

	plot_begin(&plot, chart, options, false);
	x_axis_plan(&axis, &plot);
	draw_zero(&plot);
	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];
		enum palette_ink ink = palette_series(i);

		draw_series(&plot, &axis, series, ink);
		draw_lone(&plot, &axis, series, ink);
	}
	x_axis_draw(&axis, &plot);
	return canvas_write(&plot.canvas, &options->look, sink, err);
}
