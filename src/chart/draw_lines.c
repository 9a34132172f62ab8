/* Lines, areas and clouds of points, in braille. */
#include "chart/draw_kinds.h"

#include <math.h>
#include <stdlib.h>

#include "chart/plot.h"

struct x_scale {
	double low, high;
	struct ticks ticks;
};

/* ---- the x axis ---- */

static void plan_x(const struct plot *plot, struct x_scale *scale)
{
	const struct chart_axis *x = &plot->chart->x;
	int most = plot->width / 9 > 1 ? plot->width / 9 : 1;
	double step;

	scale->low = x->low;
	scale->high = x->high;
	switch (x->kind) {
	case CHART_CATEGORIES:
		break;
	case CHART_TIMES:
		ticks_times(&scale->ticks, x->low, x->high, most, x->gap,
			    x->bare);
		break;
	case CHART_NUMBERS:
		step = ticks_step(x->low, x->high, most, x->whole);
		/* Clouds get room; lines go from edge to edge. */
		if (plot->chart->kind == CHART_SCATTER && x->low < x->high) {
			scale->low = ticks_floor(x->low, step);
			scale->high = ticks_ceil(x->high, step);
		}
		ticks_numbers(&scale->ticks, scale->low, scale->high, step,
			      x->bare);
		break;
	}
}

/* 0 to 1; one place alone is in the middle. */
static double share(const struct x_scale *scale, double x)
{
	double span = scale->high / 2 - scale->low / 2;

	return span > 0 ? (x / 2 - scale->low / 2) / span : 0.5;
}

static int dot_x(const struct plot *plot, const struct x_scale *scale, double x)
{
	int dots = plot->width * 2;
	int at = (int)lround(share(scale, x) * (dots - 1));

	return plot->left * 2 + at;
}

static void draw_x(struct plot *plot, const struct x_scale *scale)
{
	const struct chart_axis *x = &plot->chart->x;
	int end = -1;

	if (x->kind == CHART_CATEGORIES) {
		for (size_t i = 0; i < x->names.count; i++) {
			double column =
				share(scale, (double)i) * (plot->width - 1);

			if (plot_label(plot, column, x->names.items[i], &end))
				plot_mark(plot, (int)lround(column));
		}
		return;
	}
	for (size_t i = 0; i < scale->ticks.count; i++) {
		const struct tick *tick = &scale->ticks.items[i];
		double column = share(scale, tick->at) * (plot->width - 1);

		if (plot_label(plot, column, tick->text, &end))
			plot_mark(plot, (int)lround(column));
	}
}

/* ---- points ---- */

/* From the top; a value on the edge of two rows is the upper dot of the
 * lower one, as the tick beside it. */
static int dot_y(const struct plot *plot, double value)
{
	int dots = plot->up * 4;
	int at = (int)ceil(plot_rows(plot, value) * 4 - 1e-6) - 1;

	at = at < 0 ? 0 : at >= dots ? dots - 1 : at;
	return plot->axis_row * 4 - 1 - at;
}

static void fill_below(struct plot *plot, int x, int y, enum palette_ink ink)
{
	double zero = plot->chart->y.log ? 0 : plot_rows(plot, 0);
	int floor_y = plot->axis_row * 4 - 1;

	if (zero > 0 && zero < plot->up)
		floor_y -= (int)ceil(zero * 4 - 1e-6);
	for (int at = y < floor_y ? y : floor_y;
	     at <= (y < floor_y ? floor_y : y); at++)
		canvas_dot(&plot->canvas, x, at, ink);
}

static void draw_area(struct plot *plot, int x0, int y0, int x1, int y1,
		      enum palette_ink ink)
{
	for (int x = x0; x <= x1; x++) {
		int y = x1 > x0 ? y0 + (int)lround((double)(y1 - y0) *
						   (x - x0) / (x1 - x0))
				: y1;

		fill_below(plot, x, y, ink);
	}
}

static void draw_series(struct plot *plot, const struct x_scale *scale,
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
		x = dot_x(plot, scale, point->x);
		y = dot_y(plot, point->y);
		if (kind == CHART_SCATTER || torn)
			canvas_dot(&plot->canvas, x, y, ink);
		if (kind == CHART_LINE && !torn)
			canvas_line(&plot->canvas, x0, y0, x, y, ink);
		if (kind == CHART_AREA)
			draw_area(plot, torn ? x : x0, torn ? y : y0, x, y,
				  ink);
		torn = false;
		x0 = x;
		y0 = y;
	}
}

/* A single point is a dot that nobody would see. */
static bool is_lone(const struct chart_series *series)
{
	return series->points.count == 1 && !isnan(series->points.items[0].y);
}

static void draw_lone(struct plot *plot, const struct x_scale *scale,
		      const struct chart_series *series, enum palette_ink ink)
{
	const struct chart_point *point = &series->points.items[0];

	canvas_put(&plot->canvas, dot_x(plot, scale, point->x) / 2,
		   dot_y(plot, point->y) / 4, canvas_mark(&plot->canvas, ink),
		   ink);
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
	struct x_scale scale = { .ticks = TICKS_EMPTY };
	bool area = chart->kind == CHART_AREA;

	plot_begin(&plot, chart, options,
		   area && chart->y.low >= 0 && !chart->y.log);
	plan_x(&plot, &scale);
	draw_zero(&plot);
	/* The greatest sum of a stack lies behind the others. */
	for (size_t i = 0; i < chart->series.count; i++) {
		size_t at = area ? chart->series.count - 1 - i : i;
		const struct chart_series *series = &chart->series.items[at];
		enum palette_ink ink = palette_series(at);

		draw_series(&plot, &scale, series, ink);
		if (is_lone(series))
			draw_lone(&plot, &scale, series, ink);
	}
	draw_x(&plot, &scale);
	ticks_done(&scale.ticks);
	return canvas_write(&plot.canvas, &options->look, sink, err);
}
