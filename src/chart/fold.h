/* chart/fold.h - bars, lines and rows of a grid that are too many: the
 * greatest stay, the rest is added up as "other". */
#ifndef CHART_FOLD_H
#define CHART_FOLD_H

#include <stddef.h>

#include "chart/chart.h"

/* Categories by their sums, the greatest first. */
void fold_sort(struct chart *chart);

/* At most most categories, the last of them "other"; the order stays. */
void fold_categories(struct chart *chart, size_t most);

/* The same for series. Of lines the rest is added up place by place, points of
 * clouds stay what they are. */
void fold_series(struct chart *chart, size_t most);

/* Of years, months, hours the last: none of them is like "other". */
void fold_latest(struct chart *chart, size_t most);
void fold_latest_series(struct chart *chart, size_t most);

/* Areas one on the other: every series gets a value at all places. */
void fold_align(struct chart *chart);

#endif
