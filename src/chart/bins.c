#include "chart/bins.h"

#include <stdlib.h>

#include "base/mem.h"

struct bin {
	struct chart_point first, last, least, greatest;
	int64_t count;
};

struct bins {
	double low, high;
	int64_t count;
	struct bin items[BINS_COLUMNS];
};

struct bins *bins_new(double low, double high)
{
	struct bins *bins = mem_alloc(sizeof(*bins));

	bins->low = low;
	bins->high = high;
	return bins;
}

void bins_free(struct bins *bins)
{
	mem_free(bins);
}

void bins_add(struct bins *bins, double x, double y)
{
	double span = bins->high / 2 - bins->low / 2;
	double share = span > 0 ? (x / 2 - bins->low / 2) / span : 0;
	struct chart_point point = { x, y };
	struct bin *bin;
	int at = (int)(share * BINS_COLUMNS);

	at = at < 0 ? 0 : at >= BINS_COLUMNS ? BINS_COLUMNS - 1 : at;
	bin = &bins->items[at];
	if (bin->count == 0 || x < bin->first.x)
		bin->first = point;
	if (bin->count == 0 || x >= bin->last.x)
		bin->last = point;
	if (bin->count == 0 || y < bin->least.y)
		bin->least = point;
	if (bin->count == 0 || y > bin->greatest.y)
		bin->greatest = point;
	bin->count++;
	bins->count++;
}

static int compare(const void *left, const void *right)
{
	const struct chart_point *a = left, *b = right;

	return (a->x > b->x) - (a->x < b->x);
}

void bins_points(const struct bins *bins, struct chart_series *series)
{
	for (int i = 0; i < BINS_COLUMNS; i++) {
		const struct bin *bin = &bins->items[i];
		struct chart_point points[] = { bin->first, bin->least,
						bin->greatest, bin->last };

		if (bin->count == 0)
			continue;
		/* The first and last stay where they are. */
		qsort(points + 1, 2, sizeof(*points), compare);
		for (size_t at = 0; at < COUNT_OF(points); at++)
			if (at == 0 || points[at].x != points[at - 1].x ||
			    points[at].y != points[at - 1].y)
				vec_push(&series->points, points[at]);
	}
	series->folded = bins->count;
}
