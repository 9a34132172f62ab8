/* chart/x_axis.h - the x axis of lines, areas and clouds: from edge to edge.
 */
#ifndef CHART_X_AXIS_H
#define CHART_X_AXIS_H

#include "chart/plot.h"
#include "chart/ticks.h"

struct x_axis {
	double low, high;
	struct ticks ticks;
};

#define X_AXIS_EMPTY                                                           \
	{                                                                      \
		.ticks = TICKS_EMPTY                                           \
	}

void x_axis_done(struct x_axis *axis);
void x_axis_plan(struct x_axis *axis, const struct plot *plot);

/* 0 at the left edge to 1 at the right one; a place alone is in the middle. */
double x_axis_share(const struct x_axis *axis, double x);

/* Marks and labels. */
void x_axis_draw(const struct x_axis *axis, struct plot *plot);

#endif
