/* chart/chart.h - a result as a picture, before anybody draws it.
 *
 * What chart/gather makes of rows and chart/drawing, chart/svg, chart/vega and
 * chart/plain show: axes, series of points, or a grid of cells. Texts are
 * safe to show (nothing a terminal would obey) and owned by the chart.
 */
#ifndef CHART_CHART_H
#define CHART_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"

enum chart_kind {
	CHART_GUESS, /* by the result's shape; never in a struct chart */
	CHART_BAR,
	CHART_HBAR,
	CHART_LINE,
	CHART_AREA,
	CHART_SCATTER,
	CHART_HIST,
	CHART_HEAT,
	CHART_SPARK,
	CHART_NUMBER, /* a few numbers, written large */
	CHART_KINDS,
};

/* "bar"; for CHART_GUESS "". */
const char *chart_kind_name(enum chart_kind kind);

/* CHART_GUESS: no such kind. */
enum chart_kind chart_kind_find(const char *name);

enum chart_axis_kind {
	CHART_CATEGORIES, /* places 0, 1, ... with names */
	CHART_NUMBERS,
	CHART_TIMES, /* ms since 1970 of the clock that the text shows */
};

struct chart_axis {
	enum chart_axis_kind kind;
	char *name;
	double low, high; /* of what is shown; low <= high */
	bool log;         /* low > 0 */
	bool whole;       /* whole numbers only */
	double gap;       /* least between two places; 0: not known */
	bool bare;        /* 2024, not 2,024: years and the like; of times:
			   * a clock's, without a date */
	bool ordered;     /* categories follow each other: months, rows */
	struct {
		VEC(char *);
	} names; /* of categories */
};

struct chart_point {
	double x, y; /* y NaN: none here */
};

struct chart_series {
	char *name;
	struct {
		VEC(struct chart_point);
	} points;       /* by x; of bars: one for each category */
	int64_t folded; /* rows that several points stand for; 0: a row each */
};

struct chart {
	enum chart_kind kind;
	char *title;
	struct chart_axis x, y;
	struct {
		VEC(struct chart_series);
	} series;
	bool stacked;
	double bin;    /* hist: width of a bin; points are at its low edge */
	double *cells; /* heat: [y.names.count * x.names.count], NaN: none */
	char *measure; /* heat: what the cells are */
	double cell_low, cell_high;
	int64_t rows; /* that were looked at */
	struct {
		VEC(char *);
	} notes; /* what is left out or added up, a sentence each */
};

#define CHART_EMPTY                                                            \
	{                                                                      \
		.kind = CHART_GUESS                                            \
	}

void chart_done(struct chart *chart);

struct chart_series *chart_add_series(struct chart *chart, const char *name);
void chart_note(struct chart *chart, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A name that a terminal may be given, one line, at most 200 bytes. */
char *chart_safe_text(const char *text, size_t len);

/* Does the axis of values begin at 0 also where nothing stands on it? */
bool chart_is_near_zero(const struct chart *chart);

/* Are there names to tell series apart by? */
bool chart_has_legend(const struct chart *chart);

/* Decimals that the values of bars have in common: 12.50 above 7.25; -1: each
 * has its own. */
int chart_decimals(const struct chart *chart);
void chart_add_value(struct str *out, double value, int decimals);

/* "12 (3 to 20)": a series' last, least and greatest; brief: the last. */
void chart_add_facts(struct str *out, const struct chart_series *series,
		     bool brief);

/* The sum of a category's bars; NaN: none has a value. */
double chart_category_total(const struct chart *chart, size_t at);

/* A grid with values on both sides of 0. */
bool chart_has_sides(const struct chart *chart);

/* The place of a cell's value from least to greatest: 0 to levels - 1. Of few
 * values far from 0 differences count, not sizes. */
int chart_cell_level(const struct chart *chart, double value, int levels);

/* Which side, and how far: 0 far below, sides / 2 near 0, sides - 1 far above. */
int chart_cell_side(const struct chart *chart, double value, int sides);

/* What the ends of the scale of a grid stand for. */
void chart_scale(const struct chart *chart, bool sides, double *out_low,
		 double *out_high);

/* The sum of a series' points. */
double chart_total(const struct chart_series *series);

/* The places of series, that of the greatest total first. To be freed. */
size_t *chart_by_total(const struct chart *chart);

#endif
