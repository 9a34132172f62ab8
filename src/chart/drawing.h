/* chart/drawing.h - a chart as text: blocks, braille or ASCII.
 *
 * A kind is a row of the table in draw.c. Nothing but a chart goes in and
 * text comes out; how wide a terminal is and what it can show the caller
 * says.
 */
#ifndef CHART_DRAWING_H
#define CHART_DRAWING_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sink.h"
#include "chart/chart.h"
#include "chart/palette.h"

enum {
	DRAWING_LEAST_WIDTH = 20,
	DRAWING_MOST_WIDTH = 500,
	DRAWING_LEAST_HEIGHT = 6,
	DRAWING_MOST_HEIGHT = 200,
};

struct drawing_options {
	int width;  /* columns of all, labels included */
	int height; /* rows of all but the notes; bars that lie take as many as
		     * there are, unless tall is told */
	bool ascii;
	struct palette_look look;
};

bool drawing_chart(const struct chart *chart,
		   const struct drawing_options *options, struct sink *sink,
		   struct err *err);

#endif
