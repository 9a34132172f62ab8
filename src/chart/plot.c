#include "chart/plot.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum {
	NAME_COLUMNS = 24, /* of a name in the legend */
	LEGEND_ROWS = 3,
	HEAVY_LINE = 0x2501,
	DISC = 0x25CF,
};

void plot_done(struct plot *plot)
{
	canvas_done(&plot->canvas);
	ticks_done(&plot->y_ticks);
}

/* ---- title and legend ---- */

/* A piece of what a series is drawn with. */
static void draw_key(struct plot *plot, int column, int row,
		     enum palette_ink ink)
{
	struct canvas *canvas = &plot->canvas;
	bool line = plot->chart->kind == CHART_LINE;
	bool dots = line || plot->chart->kind == CHART_SCATTER;
	uint32_t sign = canvas_filling(canvas, ink);

	if (dots && (canvas->told_apart || canvas->ascii))
		sign = canvas_mark(canvas, ink);
	else if (dots)
		sign = line ? HEAVY_LINE : DISC;
	canvas_put(canvas, column, row, sign, ink);
	canvas_put(canvas, column + 1, row,
		   sign == HEAVY_LINE || !dots ? sign : ' ', ink);
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
			int at = row + rows - 1;

			draw_key(plot, column, at, ink);
			canvas_text(&plot->canvas, column + 3, at, name,
				    NAME_COLUMNS, PALETTE_PLAIN);
		}
		column += 3 + wide + 2;
	}
	return rows;
}

int plot_head_rows(const struct chart *chart,
		   const struct drawing_options *options)
{
	int rows = *chart->title ? 1 : 0;

	if (chart_has_legend(chart))
		rows += legend(chart, options->width, NULL, 0);
	return rows;
}

static void draw_head(struct plot *plot)
{
	const struct chart *chart = plot->chart;
	int row = *chart->title ? 1 : 0;

	canvas_text(&plot->canvas, 0, 0, chart->title, plot->canvas.columns,
		    PALETTE_TITLE);
	if (chart_has_legend(chart))
		legend(chart, plot->canvas.columns, plot, row);
}

static void open_canvas(struct plot *plot, int rows)
{
	bool colour = plot->options->look.ground != THEME_NONE;

	canvas_init(&plot->canvas, plot->options->width, rows,
		    plot->options->ascii, colour);
	plot->canvas.told_apart = !colour && chart_has_legend(plot->chart);
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
	if (zero || chart_is_near_zero(chart)) {
		plan->low = fmin(plan->low, 0);
		plan->high = fmax(plan->high, 0);
	}
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

/* The left edge of a label, within the picture. */
static int label_column(const struct plot *plot, double column, int wide)
{
	int at = plot->left + (int)floor(column - (wide - 1) / 2.0 + 0.5);

	if (at + wide > plot->canvas.columns)
		at = plot->canvas.columns - wide;
	return at < 0 ? 0 : at;
}

static bool put_label(struct plot *plot, double column, const char *text,
		      int most, int *end)
{
	struct canvas *canvas = &plot->canvas;
	int wide = canvas_width(text, most);
	int at = label_column(plot, column, wide);

	if (at <= *end)
		return false;
	canvas_text(canvas, at, canvas->rows - 1, text, wide, PALETTE_DIM);
	*end = at + wide;
	return true;
}

bool plot_label(struct plot *plot, double column, const char *text, int *end)
{
	return put_label(plot, column, text, plot->canvas.columns, end);
}

void plot_mark(struct plot *plot, int column)
{
	if (plot->down == 0)
		canvas_put(&plot->canvas, plot->left + column, plot->axis_row,
			   plot->canvas.ascii ? '+' : 0x252C, PALETTE_DIM);
}

static bool names_fit(const struct plot *plot, const double *columns,
		      size_t step)
{
	const struct chart_axis *x = &plot->chart->x;
	int end = -1;

	for (size_t i = 0; i < x->names.count; i += step) {
		int wide =
			canvas_width(x->names.items[i], plot->canvas.columns);
		int at = label_column(plot, columns[i], wide);

		if (at <= end)
			return false;
		end = at + wide;
	}
	return true;
}

size_t plot_names(struct plot *plot, const double *columns, double slot,
		  bool marked)
{
	enum { CUT = 8 };
	const struct chart_axis *x = &plot->chart->x;
	int most = plot->canvas.columns;
	size_t step = 1;
	int end = -1;

	while (step < x->names.count && !names_fit(plot, columns, step))
		step++;
	if (step > 1 && slot >= CUT) {
		step = 1;
		most = (int)slot - 1;
	}
	for (size_t i = 0; i < x->names.count; i += step) {
		const char *name = x->names.items[i];

		/* The last one ends where the picture does. */
		if (!put_label(plot, columns[i], name, most, &end))
			put_label(plot, columns[i], name,
				  plot->canvas.columns - end - 1, &end);
		if (marked)
			plot_mark(plot, (int)lround(columns[i]));
	}
	return step;
}

bool plot_aside(struct plot *plot, const char *text)
{
	const char *title = plot->chart->title;
	int columns = plot->canvas.columns;
	int wide = canvas_width(text, columns);

	if (!*title || canvas_width(title, columns) + 2 + wide > columns)
		return false;
	canvas_text(&plot->canvas, columns - wide, 0, text, wide, PALETTE_DIM);
	return true;
}
