/* A grid: the more, the brighter. */
#include "chart/draw_kinds.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "chart/amount.h"
#include "chart/plot.h"

enum { CELL_MOST = 10 };

struct grid {
	struct plot plot;
	int names;    /* columns of those at the side */
	int cell;     /* columns of a cell */
	bool numbers; /* there is room for them in the cells */
	int gap;      /* blanks behind them: cells that have no colour */
};

static double value_at(const struct chart *chart, size_t row, size_t column)
{
	return chart->cells[row * chart->x.names.count + column];
}

/* 0 to PALETTE_LEVELS - 1 */
static int level_of(const struct chart *chart, double value)
{
	double low = fmin(0, chart->cell_low), high = chart->cell_high;
	double span;

	/* Far from 0 differences count, not sizes. */
	if (chart->cell_low > high / 2)
		low = chart->cell_low;
	span = high / 2 - low / 2;
	if (!(span > 0))
		return PALETTE_LEVELS - 1;
	return (int)fmin(PALETTE_LEVELS - 1,
			 (value / 2 - low / 2) / span * PALETTE_LEVELS);
}

static int widest_number(const struct chart *chart)
{
	size_t count = chart->x.names.count * chart->y.names.count;
	int widest = 0;

	for (size_t i = 0; i < count; i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		int wide;

		if (isnan(chart->cells[i]))
			continue;
		amount_add_short(&text, chart->cells[i]);
		wide = canvas_width(text.text, 40);
		widest = wide > widest ? wide : widest;
	}
	return widest;
}

static int widest_name(const struct chart_axis *axis, int most)
{
	int widest = 0;

	for (size_t i = 0; i < axis->names.count; i++) {
		int wide = canvas_width(axis->names.items[i], most);

		widest = wide > widest ? wide : widest;
	}
	return widest;
}

static bool is_coloured(const struct grid *grid)
{
	const struct palette_look *look = &grid->plot.options->look;

	return look->ground != THEME_NONE && look->rich;
}

static void plan(struct grid *grid, const struct chart *chart,
		 const struct drawing_options *options)
{
	int count = (int)chart->x.names.count;
	int numbers = widest_number(chart) + 1;
	int room;

	grid->names = widest_name(&chart->y, options->width / 3);
	room = options->width - grid->names - 1;
	grid->cell = count > 0 ? room / count : room;
	if (grid->cell > CELL_MOST)
		grid->cell = CELL_MOST;
	if (grid->cell < 1)
		grid->cell = 1;
	grid->numbers = grid->cell >= numbers;
	grid->gap = grid->numbers && !is_coloured(grid);
}

static void put_level(struct grid *grid, int column, int row, int width,
		      int level)
{
	static const uint32_t shades[] = { 0x00B7, 0x2591, 0x2592, 0x2593,
					   0x2588 };
	struct canvas *canvas = &grid->plot.canvas;
	uint32_t code = canvas->ascii ? (uint32_t) ".:-=+*#%"[level]
				      : shades[level * 5 / PALETTE_LEVELS];

	for (int i = 0; i < width; i++)
		if (is_coloured(grid))
			canvas_ground(
				canvas, column + i, row,
				(enum palette_ink)(PALETTE_LEVEL + level));
		else
			canvas_put(canvas, column + i, row, code,
				   palette_series(0));
}

static void put_number(struct grid *grid, int column, int row, double value,
		       int level)
{
	const struct palette_look *look = &grid->plot.options->look;
	struct canvas *canvas = &grid->plot.canvas;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool on_colour = is_coloured(grid);
	bool bright = look->ground == THEME_LIGHT ? level < 4 : level >= 5;
	int wide;

	amount_add_short(&text, value);
	wide = canvas_width(text.text, grid->cell);
	/* Without colours of its own a cell is shade and number, side by
	 * side. */
	column += grid->cell - grid->gap - wide;
	for (int i = grid->cell - wide > 3 ? -1 : 0; i < wide + 1; i++)
		if (!on_colour)
			canvas_put(canvas, column + i, row, 0, PALETTE_PLAIN);
	canvas_text_over(canvas, column, row, text.text,
			 !on_colour ? PALETTE_PLAIN
			 : bright   ? PALETTE_BLACK
				    : PALETTE_WHITE);
}

static void draw_row(struct grid *grid, size_t at)
{
	const struct chart *chart = grid->plot.chart;
	struct canvas *canvas = &grid->plot.canvas;
	int row = grid->plot.head + 1 + (int)at;

	canvas_text(canvas, 0, row, chart->y.names.items[at], grid->names,
		    PALETTE_PLAIN);
	for (size_t i = 0; i < chart->x.names.count; i++) {
		double value = value_at(chart, at, i);
		int column = grid->names + 1 + (int)i * grid->cell;
		int level;

		if (isnan(value))
			continue;
		level = level_of(chart, value);
		put_level(grid, column, row, grid->cell, level);
		if (grid->numbers)
			put_number(grid, column, row, value, level);
	}
}

static void draw_names(struct grid *grid)
{
	const struct chart *chart = grid->plot.chart;
	int end = -1;

	for (size_t i = 0; i < chart->x.names.count; i++) {
		const char *name = chart->x.names.items[i];
		int column = grid->names + 1 + (int)i * grid->cell;
		int wide = canvas_width(name, 60);

		if (grid->cell >= 5) {
			int most = grid->cell - 1;
			int len = wide < most ? wide : most;

			canvas_text(&grid->plot.canvas,
				    column + grid->cell - grid->gap - len,
				    grid->plot.head, name, most, PALETTE_DIM);
			continue;
		}
		if (grid->numbers && wide < grid->cell - grid->gap)
			column += grid->cell - grid->gap - wide;
		if (column > end)
			end = column + canvas_text(&grid->plot.canvas, column,
						   grid->plot.head, name, 12,
						   PALETTE_DIM);
	}
}

/* What dim and bright stand for. */
static void draw_scale(struct grid *grid, int row)
{
	const struct chart *chart = grid->plot.chart;
	CLEANUP(str_done) struct str low = STR_EMPTY;
	CLEANUP(str_done) struct str high = STR_EMPTY;
	bool from_low =
		chart->cell_low > chart->cell_high / 2 || chart->cell_low < 0;
	int column = grid->names + 1;

	amount_add_short(&low, from_low ? chart->cell_low : 0);
	amount_add_short(&high, chart->cell_high);
	column += canvas_text(&grid->plot.canvas, column, row, low.text, 20,
			      PALETTE_DIM) +
		  1;
	for (int i = 0; i < PALETTE_LEVELS; i++)
		put_level(grid, column++, row, 1, i);
	canvas_text(&grid->plot.canvas, column + 1, row, high.text, 20,
		    PALETTE_DIM);
}

static void grid_done(struct grid *grid)
{
	plot_done(&grid->plot);
}

bool draw_heat(const struct chart *chart, const struct drawing_options *options,
	       struct sink *sink, struct err *err)
{
	CLEANUP(grid_done) struct grid grid = { .plot = PLOT_EMPTY };
	int rows = (int)chart->y.names.count;
	int head = plot_head_rows(chart, options);

	plot_begin_plain(&grid.plot, chart, options, head + rows + 2);
	plan(&grid, chart, options);
	draw_names(&grid);
	for (int i = 0; i < rows; i++)
		draw_row(&grid, (size_t)i);
	draw_scale(&grid, head + rows + 1);
	return canvas_write(&grid.plot.canvas, &options->look, sink, err);
}
