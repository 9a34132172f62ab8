/* Sparklines, and numbers written large. */
#include "chart/draw_kinds.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "chart/amount.h"
#include "chart/plot.h"

/* ---- sparks ---- */

struct spark {
	double sums[DRAWING_MOST_WIDTH];
	int64_t counts[DRAWING_MOST_WIDTH];
	int columns;
	double low, high;
	int64_t count;
};

/* A column is the mean of the points that fall on it. */
static void fill_spark(struct spark *spark, const struct chart_series *series,
		       int most)
{
	size_t count = series->points.count;

	spark->columns = count < (size_t)most ? (int)count : most;
	for (size_t i = 0; i < count; i++) {
		double y = series->points.items[i].y;
		size_t at = count > 0 ? i * (size_t)spark->columns / count : 0;

		if (isnan(y))
			continue;
		if (spark->count == 0 || y < spark->low)
			spark->low = y;
		if (spark->count == 0 || y > spark->high)
			spark->high = y;
		spark->count++;
		spark->sums[at] += y;
		spark->counts[at]++;
	}
}

static void draw_spark(struct plot *plot, int row, int column,
		       const struct spark *spark)
{
	struct canvas *canvas = &plot->canvas;
	double span = spark->high / 2 - spark->low / 2;

	for (int i = 0; i < spark->columns; i++) {
		double mean;
		int level;

		if (spark->counts[i] == 0)
			continue;
		mean = spark->sums[i] / (double)spark->counts[i];
		level = span > 0 ? (int)lround((mean / 2 - spark->low / 2) /
					       span * 7)
				 : 3;
		canvas_put(canvas, column + i, row,
			   canvas->ascii ? (uint32_t) "_.-~=*^#"[level]
					 : (uint32_t)(0x2581 + level),
			   palette_series(0));
	}
}

struct sparks { /* columns */
	int names, facts, most;
	bool brief; /* there is room for the last values only */
};

static int facts_width(const struct chart *chart, bool brief)
{
	int widest = 0;

	for (size_t i = 0; i < chart->series.count; i++) {
		CLEANUP(str_done) struct str facts = STR_EMPTY;
		int wide;

		chart_add_facts(&facts, &chart->series.items[i], brief);
		wide = canvas_width(facts.text, DRAWING_MOST_WIDTH);
		widest = wide > widest ? wide : widest;
	}
	return widest;
}

static struct sparks plan_sparks(const struct chart *chart, int width)
{
	enum { NAMES = 30, LEAST = 8 };
	struct sparks plan = { .names = 0 };
	int most = width / 3 < NAMES ? width / 3 : NAMES;

	for (size_t i = 0; i < chart->series.count; i++) {
		int wide = canvas_width(chart->series.items[i].name, most);

		plan.names = wide > plan.names ? wide : plan.names;
	}
	plan.facts = facts_width(chart, false);
	plan.brief = width - plan.names - 2 - plan.facts < LEAST;
	if (plan.brief)
		plan.facts = facts_width(chart, true);
	plan.most = width - plan.names - 2 - plan.facts;
	if (plan.most < LEAST)
		plan.most = LEAST;
	return plan;
}

bool draw_sparks(const struct chart *chart,
		 const struct drawing_options *options, struct sink *sink,
		 struct err *err)
{
	CLEANUP(plot_done) struct plot plot = PLOT_EMPTY;
	int head = plot_head_rows(chart, options);
	struct sparks plan = plan_sparks(chart, options->width);

	plot_begin_plain(&plot, chart, options,
			 head + (int)chart->series.count);
	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];
		CLEANUP(str_done) struct str facts = STR_EMPTY;
		CLEANUP(mem_freep)
		struct spark *spark = mem_alloc(sizeof(*spark));
		int row = head + (int)i;
		int end;

		fill_spark(spark, series, plan.most);
		chart_add_facts(&facts, series, plan.brief);
		canvas_text(&plot.canvas, 0, row, series->name, plan.names,
			    PALETTE_PLAIN);
		draw_spark(&plot, row, plan.names + 1, spark);
		end = plan.names + 1 + spark->columns + 1;
		canvas_text(&plot.canvas, end, row, facts.text,
			    options->width - end, PALETTE_DIM);
	}
	return canvas_write(&plot.canvas, &options->look, sink, err);
}

/* ---- numbers ---- */

enum { DIGIT_ROWS = 3 };

/* Upper and lower half blocks of digits that are 5 dots high. */
static const struct big {
	char of;
	const char *rows[DIGIT_ROWS]; /* '#' both, '^' upper, '_' lower half */
} digits[] = {
	{ '0', { "#^#", "# #", "^^^" } }, { '1', { "^# ", " # ", "^^^" } },
	{ '2', { "^^#", "#^^", "^^^" } }, { '3', { "^^#", " ^#", "^^^" } },
	{ '4', { "# #", "^^#", "  ^" } }, { '5', { "#^^", "^^#", "^^^" } },
	{ '6', { "#^^", "#^#", "^^^" } }, { '7', { "^^#", "  #", "  ^" } },
	{ '8', { "#^#", "#^#", "^^^" } }, { '9', { "#^#", "^^#", "^^^" } },
	{ '-', { "   ", "^^^", "   " } }, { '.', { " ", " ", "^" } },
	{ ',', { " ", " ", "#" } },       { '+', { "   ", "^#^", "   " } },
	{ 'e', { "   ", "#^#", "^^^" } }, { 'k', { "#  ", "#_^", "^ ^" } },
	{ 'M', { "#_#", "#^#", "^ ^" } }, { 'G', { "#^^", "# #", "^^^" } },
	{ 'T', { "^#^", " # ", " ^ " } },
};

static const struct big *big_of(char c)
{
	for (size_t i = 0; i < COUNT_OF(digits); i++)
		if (digits[i].of == c)
			return &digits[i];
	return NULL;
}

static int big_width(const char *text)
{
	int width = 0;

	for (; *text; text++)
		if (big_of(*text))
			width += (int)strlen(big_of(*text)->rows[0]) + 1;
	return width;
}

static void draw_big(struct plot *plot, int column, int row, const char *text)
{
	for (; *text; text++) {
		const struct big *big = big_of(*text);

		if (!big)
			continue;
		for (int i = 0; i < DIGIT_ROWS; i++)
			for (int at = 0; big->rows[i][at]; at++) {
				char c = big->rows[i][at];
				uint32_t code = c == '#'   ? 0x2588
						: c == '^' ? 0x2580
						: c == '_' ? 0x2584
							   : 0;

				if (code)
					canvas_put(&plot->canvas, column + at,
						   row + i, code,
						   palette_series(0));
			}
		column += (int)strlen(big->rows[0]) + 1;
	}
}

static void add_number(const struct chart_series *series, int most,
		       struct str *out)
{
	double value = series->points.items[0].y;

	amount_add(out, value);
	if (big_width(out->text) <= most)
		return;
	str_clear(out);
	amount_add_short(out, value);
}

struct numbers { /* a walk from one to the next */
	const struct chart *chart;
	const struct drawing_options *options;
	size_t at;
	int column, row; /* of the number */
	struct str text;
	int wide, name; /* columns of it and of its name */
};

static void numbers_done(struct numbers *numbers)
{
	str_done(&numbers->text);
}

/* Side by side, and below each other where a row is full. */
static bool next_number(struct numbers *numbers)
{
	const struct chart *chart = numbers->chart;
	int width = numbers->options->width;
	int each = width / (int)chart->series.count - 2;
	int before =
		numbers->wide > numbers->name ? numbers->wide : numbers->name;
	const struct chart_series *series;
	int needed;

	if (numbers->at >= chart->series.count)
		return false;
	series = &chart->series.items[numbers->at];
	if (numbers->at++ > 0)
		numbers->column += before + 3;
	str_clear(&numbers->text);
	add_number(series, each, &numbers->text);
	numbers->wide = numbers->options->ascii
				? canvas_width(numbers->text.text, width)
				: big_width(numbers->text.text);
	numbers->name = canvas_width(series->name, each > 12 ? each : 12);
	needed = numbers->wide > numbers->name ? numbers->wide : numbers->name;
	if (numbers->column > 0 && numbers->column + needed > width) {
		numbers->column = 0;
		numbers->row += DIGIT_ROWS + 2;
	}
	return true;
}

/* The names stand below the numbers. */
bool draw_numbers(const struct chart *chart,
		  const struct drawing_options *options, struct sink *sink,
		  struct err *err)
{
	CLEANUP(plot_done) struct plot plot = PLOT_EMPTY;
	CLEANUP(numbers_done)
	struct numbers plan = { .chart = chart,
				.options = options,
				.text = STR_EMPTY };
	CLEANUP(numbers_done)
	struct numbers each = { .chart = chart,
				.options = options,
				.text = STR_EMPTY };
	int head = plot_head_rows(chart, options);

	while (next_number(&plan))
		;
	plot_begin_plain(&plot, chart, options,
			 head + plan.row + DIGIT_ROWS + 1);
	while (next_number(&each)) {
		const char *name = chart->series.items[each.at - 1].name;
		int row = head + each.row;

		if (options->ascii)
			canvas_text(&plot.canvas, each.column, row + 1,
				    each.text.text, each.wide, PALETTE_TITLE);
		else
			draw_big(&plot, each.column, row, each.text.text);
		canvas_text(&plot.canvas, each.column, row + DIGIT_ROWS, name,
			    each.name, PALETTE_DIM);
	}
	return canvas_write(&plot.canvas, &options->look, sink, err);
}
