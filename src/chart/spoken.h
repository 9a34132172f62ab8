/* chart/spoken.h - a chart for ears: a sentence and a small table.
 *
 * For screen readers, dumb terminals and --plain: no drawing, no columns that
 * only eyes could follow, the most telling facts first.
 */
#ifndef CHART_SPOKEN_H
#define CHART_SPOKEN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sink.h"

struct chart;
struct str;

bool spoken_chart(const struct chart *chart, struct sink *sink,
		  struct err *err);

/* Appends what stands at x of the x axis: a name, a time, a number, a bin. */
void spoken_add_x(struct str *out, const struct chart *chart, double x);

#endif
