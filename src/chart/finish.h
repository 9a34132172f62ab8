/* chart/finish.h - the end of chart/gather: what is left out is told, axes
 * get names and bounds, too many bars or lines become "other". */
#ifndef CHART_FINISH_H
#define CHART_FINISH_H

#include <stdbool.h>

#include "base/err.h"

struct gather;

/* ERR_USAGE: nothing is left to draw. */
bool finish_chart(struct gather *gather, struct err *err);

#endif
