/* chart/bins.h - a million points in the place of a few thousand.
 *
 * Lines: of every column of a picture the first, last, least and greatest
 * point, which draw the same line. Clouds: of every cell of a grid one point.
 */
#ifndef CHART_BINS_H
#define CHART_BINS_H

#include <stddef.h>
#include <stdint.h>

#include "chart/chart.h"

enum {
	BINS_COLUMNS = 1024,
	BINS_GRID_X = 400,
	BINS_GRID_Y = 200,
};

struct bins; /* of one series */

struct bins *bins_new(double low, double high);
void bins_free(struct bins *bins); /* NULL is fine */
void bins_add(struct bins *bins, double x, double y);

/* Appends what is left, by x, and how many it stands for. */
void bins_points(const struct bins *bins, struct chart_series *series);

#endif
