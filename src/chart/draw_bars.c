/* Bars that stand: kinds bar and hist. */
#include "chart/draw_kinds.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "chart/plot.h"

struct slots {    /* columns of the plot */
	int slot; /* from one category to the next */
	int bar;  /* of one bar */
	int bars; /* side by side */
};

static struct slots plan(const struct plot *plot, int count)
{
	const struct chart *chart = plot->chart;
	struct slots slots = { .bars = chart->stacked
					       ? 1
					       : (int)chart->series.count };
	int gap;

	slots.slot = plot->width / (count > 0 ? count : 1);
	if (slots.slot < 1)
		slots.slot = 1;
	if (chart->kind == CHART_HIST) {
		slots.bar = slots.slot;
		return slots;
	}
	gap = slots.slot / 4;
	gap = gap < 1 ? 1 : gap > 4 ? 4 : gap;
	if (slots.slot <= slots.bars)
		gap = 0;
	slots.bar = (slots.slot - gap) / slots.bars;
	if (slots.bar < 1)
		slots.bar = 1;
	if (slots.bar * slots.bars > 16)
		slots.bar = slots.bars > 8 ? 1 : 16 / slots.bars;
	slots.slot = slots.bar * slots.bars + gap;
	return slots;
}

static void draw_bar(struct plot *plot, int column, int width, double value,
		     enum palette_ink ink)
{
	double rows = plot_rows(plot, value);
	int eighths;

	if (isnan(rows))
		return;
	eighths = (int)lround(fabs(rows) * 8);
	/* What is not nothing is seen. */
	if (eighths == 0 && value != 0)
		eighths = 1;
	for (int i = 0; i < width; i++)
		if (rows >= 0)
			canvas_bar_up(&plot->canvas, plot->left + column + i,
				      plot->axis_row - 1, eighths, ink);
		else
			canvas_bar_down(&plot->canvas, plot->left + column + i,
					plot->axis_row + 1, eighths, ink);
}

/* One on the other: where two meet within a cell, the lower one is drawn on
 * the colour of the upper one. */
static void draw_stack(struct plot *plot, size_t at, int column, int width)
{
	const struct chart *chart = plot->chart;
	double up = 0, down = 0;
	int done[2] = { 0, 0 }; /* eighths */

	for (size_t i = 0; i < chart->series.count; i++) {
		double y = chart->series.items[i].points.items[at].y;
		bool below = y < 0;
		double *sum = below ? &down : &up;
		int end;

		if (isnan(y))
			continue;
		*sum += y;
		end = (int)lround(fabs(plot_rows(plot, *sum)) * 8);
		for (int c = 0; c < width; c++)
			canvas_segment(&plot->canvas, plot->left + column + c,
				       plot->axis_row + (below ? 1 : -1),
				       done[below], end, palette_series(i),
				       below ? CANVAS_DOWN : CANVAS_UP);
		done[below] = end > done[below] ? end : done[below];
	}
}

static void draw_category(struct plot *plot, const struct slots *slots,
			  size_t at)
{
	const struct chart *chart = plot->chart;
	int column = (int)at * slots->slot;

	if (chart->stacked) {
		draw_stack(plot, at, column, slots->bar);
		return;
	}
	for (size_t i = 0; i < chart->series.count; i++)
		draw_bar(plot, column + (int)i * slots->bar, slots->bar,
			 chart->series.items[i].points.items[at].y,
			 palette_series(i));
}

static double middle(const struct slots *slots, size_t at)
{
	return (double)at * slots->slot + (slots->bar * slots->bars - 1) / 2.0;
}

static size_t draw_names(struct plot *plot, const struct slots *slots)
{
	size_t count = plot->chart->x.names.count;
	CLEANUP(mem_freep)
	double *columns = mem_alloc_array(count + 1, sizeof(*columns));

	/* Between two columns it is the left one. */
	for (size_t i = 0; i < count; i++)
		columns[i] = middle(slots, i) - 0.1;
	return plot_names(plot, columns, slots->slot, false);
}

static void draw_edges(struct plot *plot, const struct slots *slots)
{
	const struct chart *chart = plot->chart;
	const struct chart_series *series = &chart->series.items[0];
	double first = series->points.items[0].x;
	double last = first + chart->bin * (double)series->points.count;
	int columns = slots->slot * (int)series->points.count;
	double step = ticks_step(first, last, columns / 9 > 1 ? columns / 9 : 1,
				 chart->x.whole);
	struct ticks ticks = TICKS_EMPTY;
	int end = -1;

	if (chart->x.whole && chart->bin == 1)
		last -= 1;
	ticks_numbers(&ticks, first, last, step, chart->x.bare);
	for (size_t i = 0; i < ticks.count; i++) {
		double column =
			(ticks.items[i].at / chart->bin - first / chart->bin) *
			slots->slot;

		/* A bin of one whole number is named in its middle. */
		if (chart->x.whole && chart->bin == 1)
			column += (slots->slot - 1) / 2.0;
		plot_label(plot, column, ticks.items[i].text, &end);
		plot_mark(plot, (int)(column + 0.5));
	}
	ticks_done(&ticks);
}

/* Months between two that are named go without saying, countries do not. */
static bool tell_names(const struct chart *chart,
		       const struct drawing_options *options, size_t step,
		       struct sink *sink, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (step == 1 || chart->x.ordered)
		return true;
	str_addf(&text, "One name of %zu is shown: \\chart hbar shows all.",
		 step);
	return drawing_note(text.text, options, sink, err);
}

bool draw_bars(const struct chart *chart, const struct drawing_options *options,
	       struct sink *sink, struct err *err)
{
	CLEANUP(plot_done) struct plot plot = PLOT_EMPTY;
	size_t count = chart->series.items[0].points.count;
	size_t step = 1;
	struct slots slots;

	plot_begin(&plot, chart, options, true);
	slots = plan(&plot, (int)count);
	for (size_t i = 0; i < count; i++)
		draw_category(&plot, &slots, i);
	if (chart->kind == CHART_HIST)
		draw_edges(&plot, &slots);
	else
		step = draw_names(&plot, &slots);
	return canvas_write(&plot.canvas, &options->look, sink, err) &&
	       tell_names(chart, options, step, sink, err);
}
