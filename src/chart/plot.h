/* chart/plot.h - what is around a picture: title, legend, axes.
 *
 * Rows of the plot are cut so that every tick of the y axis lies on the edge
 * of a row: a bar that reaches a tick fills the row that the tick's label
 * stands in. The row of the axis itself holds no values.
 */
#ifndef CHART_PLOT_H
#define CHART_PLOT_H

#include <stdbool.h>

#include "chart/canvas.h"
#include "chart/chart.h"
#include "chart/drawing.h"
#include "chart/ticks.h"

struct plot {
	const struct chart *chart;
	const struct drawing_options *options;
	struct canvas canvas;
	struct ticks y_ticks;
	int head;        /* rows of title and legend */
	int left, width; /* of the plot */
	int up, down;    /* its rows above and below the axis */
	int axis_row;
	double base; /* value of the axis; of a logarithm: a power */
	double unit; /* values, or powers, in a row */
};

#define PLOT_EMPTY                                                             \
	{                                                                      \
		.chart = NULL                                                  \
	}

void plot_done(struct plot *plot);

/* A canvas with title and legend and no axes, rows in all. */
void plot_begin_plain(struct plot *plot, const struct chart *chart,
		      const struct drawing_options *options, int rows);

/* With axes. zero: bars stand on 0. */
void plot_begin(struct plot *plot, const struct chart *chart,
		const struct drawing_options *options, bool zero);

/* How far from the axis, in parts of a row; below 0: downwards. NaN stays. */
double plot_rows(const struct plot *plot, double value);

/* A label below the plot, its middle at column of the plot; one that would
 * touch the label before is left out. *end: where that one ended, -1 at
 * first. false: left out. */
bool plot_label(struct plot *plot, double column, const char *text, int *end);

/* "┬" on the axis. */
void plot_mark(struct plot *plot, int column);

/* The names of categories, which are slot columns apart: cut where that leaves
 * enough of each, else (2) those of every second, or third ... */
size_t plot_names(struct plot *plot, const double *columns, double slot,
		  bool marked);

/* What holds for all of the x axis, at the end of the title's row. false:
 * there is no room. */
bool plot_aside(struct plot *plot, const char *text);

/* Title, how many rows it and the legend take. */
int plot_head_rows(const struct chart *chart,
		   const struct drawing_options *options);

#endif
