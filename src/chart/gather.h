/* chart/gather.h - rows to a chart: two passes, memory bounded by what a
 * picture can show.
 *
 * The first pass learns what the columns hold (chart/column), chart/guess
 * says what is drawn, the second adds up by place and series (chart/tally),
 * counts into bins, or thins out (chart/bins).
 */
#ifndef CHART_GATHER_H
#define CHART_GATHER_H

#include <stdbool.h>

#include "base/err.h"
#include "chart/chart.h"
#include "chart/wish.h"

struct rows;

struct gather_source {
	struct rows *rows; /* at the first row; borrowed */
	bool (*again)(void *context, struct err *err); /* to it once more */
	void *context;
};

/* chart must be CHART_EMPTY; the caller's to chart_done in any case.
 * ERR_MISSING: there is nothing to draw, no rows or only nulls; ERR_USAGE:
 * what was asked for cannot be. */
bool gather_chart(struct chart *chart, const struct gather_source *source,
		  const struct chart_wish *wish, struct err *err);

#endif
