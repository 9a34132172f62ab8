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
	double low, high, last;
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
		spark->last = y;
		spark->count++;
		spark->sums[at] += y;
		spark->counts[at]++;
	}
}

static void add_facts(const struct spark *spark, struct str *out)
{
	if (spark->count == 0) {
		str_add(out, "no value");
		return;
	}
	amount_add_short(out, spark->last);
	str_add(out, " (");
	amount_add_short(out, spark->low);
	str_add(out, " to ");
	amount_add_short(out, spark->high);
	str_add(out, ")");
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

bool draw_sparks(const struct chart *chart,
		 const struct drawing_options *options, struct sink *sink,
		 struct err *err)
{
	enum { FACTS = 30, NAMES = 30 };
	CLEANUP(plot_done) struct plot plot = PLOT_EMPTY;
	int head = plot_head_rows(chart, options);
	int names = 0;
	int most;

	for (size_t i = 0; i < chart->series.count; i++) {
		int wide = canvas_width(chart->series.items[i].name,
					options->width / 3 < NAMES
						? options->width / 3
						: NAMES);

		names = wide > names ? wide : names;
	}
	most = options->width - names - 2 - FACTS;
	if (most < 8)
		most = 8;
	plot_begin_plain(&plot, chart, options,
			 head + (int)chart->series.count);
	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];
		CLEANUP(str_done) struct str facts = STR_EMPTY;
		CLEANUP(mem_freep)
		struct spark *spark = mem_alloc(sizeof(*spark));
		int row = head + (int)i;

		fill_spark(spark, series, most);
		add_facts(spark, &facts);
		canvas_text(&plot.canvas, 0, row, series->name, names,
			    PALETTE_PLAIN);
		draw_spark(&plot, row, names + 1, spark);
		canvas_text(&plot.canvas, names + 1 + spark->columns + 1, row,
			    facts.text, options->width, PALETTE_DIM);
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

/* The numbers side by side, the names below them. */
bool draw_numbers(const struct chart *chart,
		  const struct drawing_options *options, struct sink *sink,
		  struct err *err)
{
	CLEANUP(plot_done) struct plot plot = PLOT_EMPTY;
	int head = plot_head_rows(chart, options);
	int count = (int)chart->series.count;
	int each = options->width / count - 2;
	int column = 0;

	plot_begin_plain(&plot, chart, options, head + DIGIT_ROWS + 1);
	for (int i = 0; i < count; i++) {
		const struct chart_series *series = &chart->series.items[i];
		CLEANUP(str_done) struct str text = STR_EMPTY;
		int wide, name;

		add_number(series, each, &text);
		wide = options->ascii ? (int)text.len : big_width(text.text);
		name = canvas_width(series->name, each > 4 ? each : 4);
		if (options->ascii)
			canvas_text(&plot.canvas, column, head + 1, text.text,
				    wide, PALETTE_TITLE);
		else
			draw_big(&plot, column, head, text.text);
		canvas_text(&plot.canvas, column, head + DIGIT_ROWS,
			    series->name, name, PALETTE_DIM);
		column += (wide > name ? wide : name) + 3;
	}
	return canvas_write(&plot.canvas, &options->look, sink, err);
}
