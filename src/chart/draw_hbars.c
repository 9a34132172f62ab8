/* Bars that lie, with their names before and their values behind them. */
#include "chart/draw_kinds.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "chart/plot.h"

struct lying {
	struct plot plot;
	int names;    /* columns of the names */
	int zero;     /* column of the axis; bars begin right of it */
	double base;  /* of a logarithm: the power at the axis */
	double cells; /* columns for a value, or a power, of 1 */
	int group;    /* rows of a category */
	int decimals; /* of the values; -1: each as it is */
};

static int value_width(const struct lying *lying, double value)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	chart_add_value(&text, value, lying->decimals);
	return canvas_width(text.text, 60);
}

static double bar_value(const struct chart *chart, size_t series, size_t at)
{
	return chart->stacked ? chart_category_total(chart, at)
			      : chart->series.items[series].points.items[at].y;
}

/* Columns that values right and left of the axis take at most. */
static void measure_values(const struct lying *lying, int *right, int *left)
{
	const struct chart *chart = lying->plot.chart;
	size_t bars = chart->stacked ? 1 : chart->series.count;

	*right = *left = 0;
	for (size_t i = 0; i < bars; i++)
		for (size_t at = 0; at < chart->x.names.count; at++) {
			double value = bar_value(chart, i, at);
			int wide = value_width(lying, value);
			int *side = value < 0 ? left : right;

			*side = wide > *side ? wide : *side;
		}
}

static int measure_names(const struct chart *chart, int most)
{
	int widest = 0;

	for (size_t i = 0; i < chart->x.names.count; i++) {
		int wide = canvas_width(chart->x.names.items[i], most);

		widest = wide > widest ? wide : widest;
	}
	return widest;
}

static double size_in(const struct lying *lying, double value)
{
	const struct chart *chart = lying->plot.chart;

	return chart->y.log ? log10(value) - lying->base : value;
}

static void plan_columns(struct lying *lying, const struct chart *chart,
			 const struct drawing_options *options)
{
	int right, left, room;
	double high, low;

	lying->decimals = chart_decimals(chart);
	measure_values(lying, &right, &left);
	lying->names = measure_names(chart, options->width * 2 / 5);
	if (chart->y.log) {
		lying->base = floor(log10(chart->y.low) + 1e-9);
		/* The least of all is to be seen as well. */
		if (lying->base == log10(chart->y.low))
			lying->base -= 1;
	}
	high = fmax(0, size_in(lying, chart->y.high));
	low = chart->y.log ? 0 : fmin(0, chart->y.low);
	/* Halves: the span of two numbers may be more than there are. */
	room = options->width - lying->names - 2 - right - 1 -
	       (low < 0 ? left + 2 : 0);
	if (room < 4)
		room = 4;
	lying->cells =
		high / 2 - low / 2 > 0 ? room / (high / 2 - low / 2) / 2 : 0;
	lying->zero = lying->names + 1 +
		      (low < 0 ? left + 1 + (int)ceil(-low * lying->cells) : 0);
}

static void put_value(struct lying *lying, int row, double value, int end)
{
	struct canvas *canvas = &lying->plot.canvas;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int wide;

	chart_add_value(&text, value, lying->decimals);
	wide = canvas_width(text.text, 60);
	canvas_text(canvas, value < 0 ? end - wide - 1 : end + 1, row,
		    text.text, wide,
		    isnan(value) ? PALETTE_DIM : PALETTE_PLAIN);
}

static int eighths_of(const struct lying *lying, double value)
{
	int eighths =
		(int)lround(fabs(size_in(lying, value)) * lying->cells * 8);

	/* What is not nothing is seen. */
	return eighths == 0 && value != 0 ? 1 : eighths;
}

static void draw_bar(struct lying *lying, int row, double value,
		     enum palette_ink ink)
{
	struct canvas *canvas = &lying->plot.canvas;
	int eighths, end;

	if (isnan(value)) {
		put_value(lying, row, value, lying->zero + 1);
		return;
	}
	eighths = eighths_of(lying, value);
	if (value < 0)
		end = lying->zero -
		      canvas_bar_left(canvas, lying->zero, row, eighths, ink);
	else
		end = lying->zero + 1 +
		      canvas_bar_right(canvas, lying->zero + 1, row, eighths,
				       ink);
	put_value(lying, row, value, end);
}

static void draw_stack(struct lying *lying, int row, size_t at)
{
	const struct chart *chart = lying->plot.chart;
	double total = chart_category_total(chart, at);
	double up = 0, down = 0;
	int done[2] = { 0, 0 };

	for (size_t i = 0; i < chart->series.count; i++) {
		double y = chart->series.items[i].points.items[at].y;
		bool below = y < 0;
		double *sum = below ? &down : &up;
		int end;

		if (isnan(y))
			continue;
		*sum += y;
		end = (int)lround(fabs(*sum) * lying->cells * 8);
		canvas_segment(&lying->plot.canvas,
			       below ? lying->zero - 1 : lying->zero + 1, row,
			       done[below], end, palette_series(i),
			       below ? CANVAS_LEFT : CANVAS_RIGHT);
		done[below] = end > done[below] ? end : done[below];
	}
	put_value(lying, row, total,
		  total < 0 ? lying->zero - (done[1] + 7) / 8
			    : lying->zero + 1 + (done[0] + 7) / 8);
}

static void draw_category(struct lying *lying, size_t at)
{
	const struct chart *chart = lying->plot.chart;
	struct canvas *canvas = &lying->plot.canvas;
	int row = lying->plot.head + (int)at * lying->group;
	const char *name = chart->x.names.items[at];
	size_t bars = chart->stacked ? 1 : chart->series.count;

	canvas_text(canvas, 0, row, name, lying->names, PALETTE_PLAIN);
	for (size_t i = 0; i < bars; i++)
		canvas_put(canvas, lying->zero, row + (int)i,
			   canvas->ascii ? '|' : 0x2502, PALETTE_DIM);
	if (chart->stacked) {
		draw_stack(lying, row, at);
		return;
	}
	for (size_t i = 0; i < bars; i++)
		draw_bar(lying, row + (int)i,
			 chart->series.items[i].points.items[at].y,
			 palette_series(i));
}

static void lying_done(struct lying *lying)
{
	plot_done(&lying->plot);
}

bool draw_hbars(const struct chart *chart,
		const struct drawing_options *options, struct sink *sink,
		struct err *err)
{
	CLEANUP(lying_done) struct lying lying = { .plot = PLOT_EMPTY };
	int bars = chart->stacked ? 1 : (int)chart->series.count;
	int count = (int)chart->x.names.count;
	int head = plot_head_rows(chart, options);

	/* A blank row between groups. */
	lying.group = bars > 1 ? bars + 1 : 1;
	plot_begin_plain(&lying.plot, chart, options,
			 head + count * lying.group - (bars > 1));
	plan_columns(&lying, chart, options);
	for (size_t i = 0; i < chart->x.names.count; i++)
		draw_category(&lying, i);
	return canvas_write(&lying.plot.canvas, &options->look, sink, err);
}
