#include "chart/fold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chart/tally.h"

struct ranked {
	size_t at;
	double total;
	bool is_other;
};

static double category_total(const struct chart *chart, size_t at)
{
	double total = 0;

	for (size_t i = 0; i < chart->series.count; i++) {
		double y = chart->series.items[i].points.items[at].y;

		if (!isnan(y))
			total += y;
	}
	return total;
}

static int by_total(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->is_other != b->is_other)
		return a->is_other ? 1 : -1;
	if (a->total != b->total)
		return a->total > b->total ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static int by_place(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	return a->at < b->at ? -1 : a->at > b->at;
}

static struct ranked *rank_categories(const struct chart *chart)
{
	size_t count = chart->x.names.count;
	struct ranked *ranks = mem_alloc_array(count + 1, sizeof(*ranks));

	for (size_t i = 0; i < count; i++) {
		ranks[i].at = i;
		ranks[i].total = category_total(chart, i);
	}
	qsort(ranks, count, sizeof(*ranks), by_total);
	return ranks;
}

/* Place i becomes what was at ranks[i]. */
static void pick(struct chart *chart, const struct ranked *ranks, size_t count)
{
	char **names = mem_alloc_array(count + 1, sizeof(*names));

	for (size_t i = 0; i < count; i++) {
		names[i] = chart->x.names.items[ranks[i].at];
		chart->x.names.items[ranks[i].at] = NULL;
	}
	for (size_t i = 0; i < chart->x.names.count; i++)
		mem_free(chart->x.names.items[i]);
	if (count > 0)
		memcpy(chart->x.names.items, names, count * sizeof(*names));
	chart->x.names.count = count;
	for (size_t i = 0; i < chart->series.count; i++) {
		struct chart_series *series = &chart->series.items[i];
		double *ys = mem_alloc_array(count + 1, sizeof(*ys));

		for (size_t at = 0; at < count; at++)
			ys[at] = series->points.items[ranks[at].at].y;
		for (size_t at = 0; at < count; at++)
			series->points.items[at].y = ys[at];
		series->points.count = count;
		mem_free(ys);
	}
	mem_free(names);
}

void fold_sort(struct chart *chart)
{
	CLEANUP(mem_freep) struct ranked *ranks = rank_categories(chart);

	pick(chart, ranks, chart->x.names.count);
}

static void add_to(double *sum, double y)
{
	if (!isnan(y))
		*sum = isnan(*sum) ? y : *sum + y;
}

void fold_categories(struct chart *chart, size_t most)
{
	size_t count = chart->x.names.count;
	CLEANUP(mem_freep) struct ranked *ranks = NULL;
	CLEANUP(mem_freep) double *others = NULL;

	if (most < 2 || count <= most)
		return;
	ranks = rank_categories(chart);
	others = mem_alloc_array(chart->series.count + 1, sizeof(*others));
	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];

		others[i] = NAN;
		for (size_t at = most - 1; at < count; at++)
			add_to(&others[i],
			       series->points.items[ranks[at].at].y);
	}
	qsort(ranks, most - 1, sizeof(*ranks), by_place);
	pick(chart, ranks, most - 1);
	for (size_t i = 0; i < chart->series.count; i++) {
		struct chart_point point = { (double)(most - 1), others[i] };

		vec_push(&chart->series.items[i].points, point);
	}
	vec_push(&chart->x.names, mem_copy_text("other"));
	chart_note(chart,
		   "The greatest %zu of %zu are shown, the rest is "
		   "added up as \"other\".",
		   most - 1, count);
}

void fold_latest(struct chart *chart, size_t most)
{
	size_t count = chart->x.names.count;
	CLEANUP(mem_freep) struct ranked *ranks = NULL;

	if (most < 1 || count <= most)
		return;
	ranks = mem_alloc_array(most, sizeof(*ranks));
	for (size_t i = 0; i < most; i++)
		ranks[i].at = count - most + i;
	pick(chart, ranks, most);
	chart_note(chart, "The last %zu of %zu are shown.", most, count);
}

/* ---- series ---- */

static struct ranked *rank_series(const struct chart *chart)
{
	size_t count = chart->series.count;
	struct ranked *ranks = mem_alloc_array(count + 1, sizeof(*ranks));

	for (size_t i = 0; i < count; i++) {
		ranks[i].at = i;
		ranks[i].total = fabs(chart_total(&chart->series.items[i]));
	}
	qsort(ranks, count, sizeof(*ranks), by_total);
	return ranks;
}

/* All places of series, which may be thinned out. */
static void add_places(struct tally *places, const struct chart_series *series)
{
	for (size_t at = 0; at < series->points.count; at++)
		if (!isnan(series->points.items[at].y))
			tally_add(places, 0, series->points.items[at].x, 0);
}

/* Between two points of a series that is thinned out lies what is drawn there:
 * the line. */
static double between(const struct chart_series *series, size_t next, double x)
{
	const struct chart_point *to = &series->points.items[next];
	double share;

	if (series->folded == 0 || next == 0)
		return 0;
	share = (x - to[-1].x) / (to->x - to[-1].x);
	return to[-1].y * (1 - share) + to->y * share;
}

/* Adds series to sums that are sorted. */
static void add_onto(struct tally *sums, const struct chart_series *series)
{
	const struct chart_point *points = series->points.items;
	size_t next = 0;

	for (size_t i = 0; i < sums->used; i++) {
		struct tally_slot *slot = &sums->slots[i];
		double y = 0;
		bool found = false;

		for (; next < series->points.count && points[next].x <= slot->x;
		     next++) {
			if (isnan(points[next].y))
				continue;
			/* Several at one x are no parts: a column's own where
			 * it is thinned out, the hour that clocks show twice. */
			y = points[next].y;
			found = points[next].x == slot->x;
		}
		if (found)
			slot->y += y;
		else if (next < series->points.count)
			slot->y += between(series, next, slot->x);
	}
}

static void take_sums(struct chart_series *series, const struct tally *sums)
{
	vec_clear(&series->points);
	for (size_t i = 0; i < sums->used; i++) {
		struct chart_point point = { sums->slots[i].x,
					     sums->slots[i].y };

		vec_push(&series->points, point);
	}
}

static void sum_series(struct chart *chart, const struct ranked *ranks,
		       size_t from, struct chart_series *other)
{
	struct tally sums;

	tally_init(&sums, 1 << 20);
	for (size_t i = from; i < chart->series.count; i++)
		add_places(&sums, &chart->series.items[ranks[i].at]);
	tally_sort(&sums);
	for (size_t i = from; i < chart->series.count; i++) {
		const struct chart_series *series =
			&chart->series.items[ranks[i].at];

		other->folded += series->folded;
		add_onto(&sums, series);
	}
	take_sums(other, &sums);
	tally_done(&sums);
}

/* Points of a cloud are rows: they stay what they are. */
static void join_clouds(struct chart *chart, const struct ranked *ranks,
			size_t from, struct chart_series *other)
{
	for (size_t i = from; i < chart->series.count; i++) {
		const struct chart_series *series =
			&chart->series.items[ranks[i].at];

		other->folded += series->folded;
		for (size_t at = 0; at < series->points.count; at++)
			vec_push(&other->points, series->points.items[at]);
	}
}

/* Bars have a point for each category, also where there is nothing. */
static void fill_gaps(const struct chart *chart, struct chart_series *series)
{
	size_t count = chart->x.names.count;
	struct chart_series full = { .name = NULL };

	if (chart->x.kind != CHART_CATEGORIES)
		return;
	for (size_t i = 0; i < count; i++) {
		struct chart_point point = { (double)i, NAN };

		vec_push(&full.points, point);
	}
	for (size_t i = 0; i < series->points.count; i++)
		full.points.items[(size_t)series->points.items[i].x].y =
			series->points.items[i].y;
	vec_done(&series->points);
	series->points.items = full.points.items;
	series->points.count = full.points.count;
	series->points.cap = full.points.cap;
}

void fold_series(struct chart *chart, size_t most)
{
	size_t count = chart->series.count;
	bool is_cloud = chart->kind == CHART_SCATTER;
	struct chart_series other = { .name = mem_copy_text("other") };
	CLEANUP(mem_freep) struct ranked *ranks = NULL;
	CLEANUP(mem_freep) struct chart_series *kept = NULL;

	if (most < 2 || count <= most) {
		mem_free(other.name);
		return;
	}
	ranks = rank_series(chart);
	if (is_cloud)
		join_clouds(chart, ranks, most - 1, &other);
	else
		sum_series(chart, ranks, most - 1, &other);
	fill_gaps(chart, &other);
	qsort(ranks, most - 1, sizeof(*ranks), by_place);
	kept = mem_alloc_array(most, sizeof(*kept));
	for (size_t i = 0; i + 1 < most; i++) {
		kept[i] = chart->series.items[ranks[i].at];
		chart->series.items[ranks[i].at] =
			(struct chart_series){ .name = NULL };
	}
	kept[most - 1] = other;
	for (size_t i = 0; i < count; i++) {
		mem_free(chart->series.items[i].name);
		vec_done(&chart->series.items[i].points);
	}
	memcpy(chart->series.items, kept, most * sizeof(*kept));
	chart->series.count = most;
	chart_note(chart,
		   "The greatest %zu of %zu series are shown, the rest "
		   "is %s \"other\".",
		   most - 1, count, is_cloud ? "called" : "added up as");
}

void fold_latest_series(struct chart *chart, size_t most)
{
	size_t count = chart->series.count;

	if (most < 1 || count <= most)
		return;
	for (size_t i = 0; i < count - most; i++) {
		mem_free(chart->series.items[i].name);
		vec_done(&chart->series.items[i].points);
	}
	memmove(chart->series.items, chart->series.items + count - most,
		most * sizeof(*chart->series.items));
	chart->series.count = most;
	chart_note(chart, "The last %zu of %zu are shown.", most, count);
}

/* ---- areas one on the other ---- */

void fold_align(struct chart *chart)
{
	struct tally places;

	tally_init(&places, 1 << 20);
	for (size_t i = 0; i < chart->series.count; i++)
		for (size_t at = 0; at < chart->series.items[i].points.count;
		     at++)
			tally_add(&places, 0,
				  chart->series.items[i].points.items[at].x, 0);
	tally_sort(&places);
	for (size_t i = 0; i < chart->series.count; i++) {
		for (size_t at = 0; at < places.used; at++)
			places.slots[at].y = 0;
		add_onto(&places, &chart->series.items[i]);
		take_sums(&chart->series.items[i], &places);
	}
	tally_done(&places);
}
