#include "chart/plot.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum {
	NAME_COLUMNS = 24, /* of a name in the legend */
	LEGEND_ROWS = 3,
};

void plot_done(struct plot *plot)
{
	canvas_done(&plot->canvas);
	ticks_done(&plot->y_ticks);
}

/* ---- title and legend ---- */

static bool has_legend(const struct chart *chart)
{
	return chart->series.count > 1 && chart->kind != CHART_HEAT &&
	       chart->kind != CHART_SPARK && chart->kind != CHART_NUMBER;
}

static bool is_line(const struct chart *chart)
{
	return chart->kind == CHART_LINE || chart->kind == CHART_SCATTER;
}

/* Lays the names out in rows; draws them where plot is not NULL. */
static int legend(const struct chart *chart, int width, struct plot *plot,
		  int row)
{
	int column = 0, rows = 1;

	for (size_t i = 0; i < chart->series.count; i++) {
		const char *name = chart->series.items[i].name;
		int wide = canvas_width(name, NAME_COLUMNS);
		enum palette_ink ink = palette_series(i);

		if (column > 0 && column + 3 + wide > width) {
			if (rows == LEGEND_ROWS)
				break;
			column = 0;
			rows++;
		}
		if (plot) {
			struct canvas *canvas = &plot->canvas;
			uint32_t sign = is_line(chart)
						? canvas_mark(canvas, ink)
						: canvas_filling(canvas, ink);
			int at = row + rows - 1;

			canvas_put(canvas, column, at, sign, ink);
			canvas_put(canvas, column + 1, at,
				   is_line(chart) ? ' ' : sign, ink);
			canvas_text(canvas, column + 3, at, name, NAME_COLUMNS,
				    PALETTE_PLAIN);
		}
		column += 3 + wide + 2;
	}
	return rows;
}

int plot_head_rows(const struct chart *chart,
		   const struct drawing_options *options)
{
	int rows = *chart->title ? 1 : 0;

	if (has_legend(chart))
		rows += legend(chart, options->width, NULL, 0);
	return rows;
}

static void draw_head(struct plot *plot)
{
	const struct chart *chart = plot->chart;
	int row = *chart->title ? 1 : 0;

	canvas_text(&plot->canvas, 0, 0, chart->title, plot->canvas.columns,
		    PALETTE_TITLE);
	if (has_legend(chart))
		legend(chart, plot->canvas.columns, plot, row);
}

static void open_canvas(struct plot *plot, int rows)
{
	bool colour = plot->options->look.ground != THEME_NONE;

	canvas_init(&plot->canvas, plot->options->width, rows,
		    plot->options->ascii, colour);
	plot->canvas.told_apart = !colour && has_legend(plot->chart);
	draw_head(plot);
}

void plot_begin_plain(struct plot *plot, const struct chart *chart,
		      const struct drawing_options *options, int rows)
{
	plot->chart = chart;
	plot->options = options;
	plot->head = plot_head_rows(chart, options);
	open_canvas(plot, rows);
}

/* ---- the y axis ---- */

struct y_plan {
	double low, high, step;
	int per_step; /* rows */
};

/* Bounds that a scale can be made of. */
static void widen(const struct chart *chart, bool zero, struct y_plan *plan)
{
	plan->low = chart->y.low;
	plan->high = chart->y.high;
	/* A line is not torn from 0 when 0 is near. */
	if (zero || plan->low == plan->high ||
	    (plan->low > 0 && plan->low < plan->high / 2))
		plan->low = fmin(plan->low, 0);
	if (zero || chart->y.low == plan->high ||
	    (plan->high < 0 && plan->high > plan->low / 2))
		plan->high = fmax(plan->high, 0);
	if (plan->low == plan->high)
		plan->high = 1;
}

/* The step that draws largest in rows, with labels not too near. */
static void choose_step(const struct chart *chart, int rows,
			struct y_plan *plan)
{
	double best = -1;

	for (int most = rows / 2 > 0 ? rows / 2 : 1; most > 0; most--) {
		double step =
			ticks_step(plan->low, plan->high, most, chart->y.whole);
		double steps = ticks_ceil(plan->high, step) / step -
			       ticks_floor(plan->low, step) / step;
		int per_step = (int)(rows / fmax(1, nearbyint(steps)));
		double score = per_step / step;

		/* Three or four labels, two rows and more apart, read best. */
		if (per_step < 1)
			continue;
		if (per_step < 2)
			score *= 0.7;
		if (steps < 1.5)
			score *= 0.5;
		else if (steps < 2.5)
			score *= 0.85;
		if (score > best * 1.0001) {
			best = score;
			plan->step = step;
			plan->per_step = per_step;
		}
	}
	if (best < 0) {
		plan->step = plan->high / 2 - plan->low / 2;
		plan->per_step = rows / 2 > 0 ? rows / 2 : 1;
	}
}

static void plan_linear(struct plot *plot, bool zero, int rows)
{
	struct y_plan plan = { .step = 0 };
	double low, high;

	widen(plot->chart, zero, &plan);
	choose_step(plot->chart, rows, &plan);
	low = ticks_floor(plan.low, plan.step);
	high = ticks_ceil(plan.high, plan.step);
	plot->unit = plan.step / plan.per_step;
	plot->base = zero ? fmin(fmax(0, low), high) : low;
	plot->up = (int)nearbyint(high / plot->unit - plot->base / plot->unit);
	plot->down = (int)nearbyint(plot->base / plot->unit - low / plot->unit);
	ticks_numbers(&plot->y_ticks, low, high, plan.step, false);
}

static void plan_powers(struct plot *plot, int rows)
{
	double low = floor(log10(plot->chart->y.low) + 1e-9);
	double high = ceil(log10(plot->chart->y.high) - 1e-9);
	int per_power;

	/* A bar of exactly a power is seen as well. */
	if (high <= low)
		high = low + 1;
	if (plot->chart->kind == CHART_BAR || plot->chart->kind == CHART_HIST)
		low -= low == log10(plot->chart->y.low);
	per_power = (int)(rows / (high - low));
	plot->base = low;
	plot->up = per_power > 0 ? per_power * (int)(high - low) : rows;
	plot->unit = (high - low) / plot->up;
	plot->down = 0;
	ticks_powers(&plot->y_ticks, pow(10, low), pow(10, high),
		     plot->up / 2 + 1);
}

double plot_rows(const struct plot *plot, double value)
{
	if (plot->chart->y.log)
		return (log10(value) - plot->base) / plot->unit;
	return value / plot->unit - plot->base / plot->unit;
}

static void draw_y(struct plot *plot)
{
	struct canvas *canvas = &plot->canvas;
	bool ascii = canvas->ascii;
	int axis = plot->left - 1;

	for (int row = plot->axis_row - plot->up;
	     row <= plot->axis_row + plot->down; row++)
		canvas_put(canvas, axis, row, ascii ? '|' : 0x2502,
			   PALETTE_DIM);
	for (int i = 0; i < plot->width; i++)
		canvas_put(canvas, plot->left + i, plot->axis_row,
			   ascii ? '-' : 0x2500, PALETTE_DIM);
	canvas_put(canvas, axis, plot->axis_row, ascii ? '+' : 0x2514,
		   PALETTE_DIM);
	for (size_t i = 0; i < plot->y_ticks.count; i++) {
		const struct tick *tick = &plot->y_ticks.items[i];
		int row = plot->axis_row -
			  (int)nearbyint(plot_rows(plot, tick->at));
		int wide = canvas_width(tick->text, axis - 1);

		canvas_text(canvas, axis - 1 - wide, row, tick->text, wide,
			    PALETTE_DIM);
		canvas_put(canvas, axis, row,
			   ascii                   ? '+'
			   : row == plot->axis_row ? 0x253C
						   : 0x2524,
			   PALETTE_DIM);
	}
}

void plot_begin(struct plot *plot, const struct chart *chart,
		const struct drawing_options *options, bool zero)
{
	int head = plot_head_rows(chart, options);
	/* The axis and the labels below it. */
	int rows = options->height - head - 2;
	int labels = 0;

	plot->chart = chart;
	plot->options = options;
	plot->head = head;
	rows = rows < 2 ? 2 : rows;
	if (chart->y.log)
		plan_powers(plot, rows);
	else
		plan_linear(plot, zero, rows);
	for (size_t i = 0; i < plot->y_ticks.count; i++) {
		int wide = canvas_width(plot->y_ticks.items[i].text, 40);

		labels = wide > labels ? wide : labels;
	}
	plot->left = labels + 2;
	plot->width = options->width - plot->left;
	plot->axis_row = head + plot->up;
	open_canvas(plot, head + plot->up + plot->down + 2);
	draw_y(plot);
}

/* ---- the x axis ---- */

bool plot_label(struct plot *plot, double column, const char *text, int *end)
{
	struct canvas *canvas = &plot->canvas;
	int wide = canvas_width(text, canvas->columns);
	int at = plot->left + (int)floor(column - (wide - 1) / 2.0 + 0.5);

	if (at + wide > canvas->columns)
		at = canvas->columns - wide;
	if (at < 0)
		at = 0;
	if (at <= *end)
		return false;
	canvas_text(canvas, at, canvas->rows - 1, text, wide, PALETTE_DIM);
	*end = at + wide;
	return true;
}

void plot_mark(struct plot *plot, int column)
{
	if (plot->down == 0)
		canvas_put(&plot->canvas, plot->left + column, plot->axis_row,
			   plot->canvas.ascii ? '+' : 0x252C, PALETTE_DIM);
}
