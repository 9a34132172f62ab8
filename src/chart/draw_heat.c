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

/* On colours by side where there are two, else by level; without colours by
 * shade. */
static enum palette_ink ink_of(const struct grid *grid, double value)
{
	const struct chart *chart = grid->plot.chart;

	if (chart_has_sides(chart))
		return (enum palette_ink)(
			PALETTE_SIDE +
			chart_cell_side(chart, value, PALETTE_SIDES));
	return (enum palette_ink)(
		PALETTE_LEVEL + chart_cell_level(chart, value, PALETTE_LEVELS));
}

static void put_colour(struct grid *grid, int column, int row, int width,
		       enum palette_ink ink)
{
	for (int i = 0; i < width; i++)
		canvas_ground(&grid->plot.canvas, column + i, row, ink);
}

static void put_shade(struct grid *grid, int column, int row, int width,
		      int level)
{
	static const uint32_t shades[] = { 0x00B7, 0x2591, 0x2592, 0x2593,
					   0x2588 };
	struct canvas *canvas = &grid->plot.canvas;
	uint32_t code = canvas->ascii ? (uint32_t) ".:-=+*#%"[level]
				      : shades[level * 5 / PALETTE_LEVELS];

	for (int i = 0; i < width; i++)
		canvas_put(canvas, column + i, row, code, palette_series(0));
}

static void put_number(struct grid *grid, int column, int row, double value)
{
	struct canvas *canvas = &grid->plot.canvas;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool on_colour = is_coloured(grid);
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
			 : palette_takes_black(&grid->plot.options->look,
					       ink_of(grid, value))
				 ? PALETTE_BLACK
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

		if (isnan(value))
			continue;
		if (is_coloured(grid))
			put_colour(grid, column, row, grid->cell,
				   ink_of(grid, value));
		else
			put_shade(
				grid, column, row, grid->cell,
				chart_cell_level(chart, value, PALETTE_LEVELS));
		if (grid->numbers)
			put_number(grid, column, row, value);
	}
}

/* Above narrow cells: of every second or third that has room. */
static void draw_few_names(struct grid *grid)
{
	enum { MOST = 12 };
	const struct chart *chart = grid->plot.chart;
	int widest = widest_name(&chart->x, MOST);
	size_t step = (size_t)(widest / grid->cell + 1);

	for (size_t i = 0; i < chart->x.names.count; i += step) {
		const char *name = chart->x.names.items[i];
		int column = grid->names + 1 + (int)i * grid->cell;
		int wide = canvas_width(name, MOST);

		if (grid->numbers && wide < grid->cell - grid->gap)
			column += grid->cell - grid->gap - wide;
		canvas_text(&grid->plot.canvas, column, grid->plot.head, name,
			    MOST, PALETTE_DIM);
	}
}

static void draw_names(struct grid *grid)
{
	const struct chart *chart = grid->plot.chart;

	if (grid->cell < 5) {
		draw_few_names(grid);
		return;
	}
	for (size_t i = 0; i < chart->x.names.count; i++) {
		const char *name = chart->x.names.items[i];
		int column = grid->names + 1 + (int)i * grid->cell;
		int most = grid->cell - 1;
		int len = canvas_width(name, most);

		canvas_text(&grid->plot.canvas,
			    column + grid->cell - grid->gap - len,
			    grid->plot.head, name, most, PALETTE_DIM);
	}
}

/* What dim and bright, or orange and blue, stand for. */
static void draw_scale(struct grid *grid, int row)
{
	const struct chart *chart = grid->plot.chart;
	bool coloured = is_coloured(grid);
	bool sides = coloured && chart_has_sides(chart);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int column = grid->names + 1;
	double low, high;

	chart_scale(chart, sides, &low, &high);
	amount_add_short(&text, low);
	column += canvas_text(&grid->plot.canvas, column, row, text.text, 20,
			      PALETTE_DIM) +
		  1;
	for (int i = 0; i < (sides ? PALETTE_SIDES : PALETTE_LEVELS); i++) {
		int first = sides ? PALETTE_SIDE : PALETTE_LEVEL;

		if (coloured)
			put_colour(grid, column++, row, 1,
				   (enum palette_ink)(first + i));
		else
			put_shade(grid, column++, row, 1, i);
	}
	str_clear(&text);
	amount_add_short(&text, high);
	canvas_text(&grid->plot.canvas, column + 1, row, text.text, 20,
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
