/* The kinds of chart/gather that do not add up by place. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "chart/bins.h"
#include "chart/gather_state.h"
#include "chart/ticks.h"
#include "data/rows.h"

/* ---- hist ---- */

struct counting {
	struct gather gather; /* first */
	struct ticks edges;   /* of times: the calendar's */
	double first, step;   /* of numbers */
};

static bool count_number(struct gather *gather, const struct gather_mark *mark)
{
	struct counting *counting = (struct counting *)gather;
	double at = floor((mark->x - counting->first) / counting->step + 1e-9);
	double last = (double)counting->gather.tally.most - 1;

	/* The greatest value is no bin of its own. */
	at = at < 0 ? 0 : at > last ? last : at;
	return tally_add(&gather->tally, 0, at, 1);
}

static bool count_time(struct gather *gather, const struct gather_mark *mark)
{
	struct counting *counting = (struct counting *)gather;
	size_t low = 0, high = counting->edges.count;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (counting->edges.items[middle].at <= mark->x)
			low = middle;
		else
			high = middle;
	}
	return tally_add(&gather->tally, 0, (double)low, 1);
}

/* Rice's rule, as many as fit, and never more than there are values. */
static int bins_wanted(const struct gather *gather, const struct column *x)
{
	int most = gather->wish->columns > 0 ? gather->wish->columns : 40;
	int bins = (int)ceil(2 * cbrt((double)x->count));

	bins = bins < 5 ? 5 : bins;
	if (gather->wish->top > 0)
		bins = gather->wish->top;
	return bins > most ? most : bins;
}

static struct chart_series *begin_series(struct gather *gather)
{
	struct chart_series *series = chart_add_series(gather->chart, "rows");

	series->folded = gather->rows;
	return series;
}

static void put_counts(struct gather *gather, size_t bins, double first,
		       double step)
{
	struct chart_series *series = begin_series(gather);

	for (size_t i = 0; i < bins; i++) {
		struct chart_point point = { first + (double)i * step, 0 };

		vec_push(&series->points, point);
	}
	for (size_t i = 0; i < gather->tally.cap; i++)
		if (gather->tally.slots[i].count > 0)
			series->points.items[(size_t)gather->tally.slots[i].x]
				.y = gather->tally.slots[i].y;
}

static bool hist_numbers(struct counting *counting, const struct column *x,
			 struct err *err)
{
	struct gather *gather = &counting->gather;
	int most = bins_wanted(gather, x);
	double high = x->high;
	double bins;
	bool ended;

	counting->step = ticks_step(x->low, high, most, x->whole);
	counting->first = ticks_floor(x->low, counting->step);
	/* A bin holds its low edge, not its high one. */
	bins = floor((high - counting->first) / counting->step + 1e-9) + 1;
	if (!(bins >= 1))
		bins = 1;
	/* A value of its own on the last edge joins the bin before. */
	if (!x->whole && bins > 1 &&
	    counting->first + (bins - 1) * counting->step >= high)
		bins--;
	tally_done(&gather->tally);
	tally_init(&gather->tally, (size_t)(bins > 10000 ? 10000 : bins));
	if (!gather_each(gather, count_number, &ended, err))
		return false;
	put_counts(gather, gather->tally.most, counting->first, counting->step);
	gather->chart->bin = counting->step;
	return true;
}

/* By days, weeks, months ...: bars that are named as the calendar is. */
static bool hist_times(struct counting *counting, const struct column *x,
		       struct err *err)
{
	enum { FINEST = 100 };
	struct gather *gather = &counting->gather;
	int most = bins_wanted(gather, x);
	struct ticks *edges = &counting->edges;
	double step;
	bool ended;

	/* From days to weeks is a long way: six days of which one is a Monday
	 * would be one bar, and so would five of which none is. */
	for (;; most *= 2) {
		ticks_times(edges, x->low, x->high, most, 0, x->is_clock);
		if (edges->count > 1 || x->low >= x->high || most >= FINEST)
			break;
		ticks_done(edges);
		*edges = (struct ticks)TICKS_EMPTY;
	}
	if (edges->count > 1 && edges->items[0].at > x->low) {
		step = edges->items[1].at - edges->items[0].at;
		ticks_done(edges);
		*edges = (struct ticks)TICKS_EMPTY;
		/* Months differ by three days. */
		ticks_times(edges, x->low - step * 1.15, x->high, most + 2, 0,
			    x->is_clock);
		while (edges->count > 1 && edges->items[1].at <= x->low)
			vec_remove(edges, 0);
	}
	tally_done(&gather->tally);
	tally_init(&gather->tally, edges->count);
	if (!gather_each(gather, count_time, &ended, err))
		return false;
	put_counts(gather, edges->count, 0, 1);
	for (size_t i = 0; i < edges->count; i++)
		vec_push(&gather->chart->x.names,
			 mem_copy_text(edges->items[i].text));
	gather->chart->kind = CHART_BAR;
	gather->guess.kind = CHART_BAR;
	gather->binned = true;
	return true;
}

bool gather_hist(struct gather *gather, struct err *err)
{
	const struct column *x = gather_x(gather);
	struct counting counting = { .gather = *gather, .edges = TICKS_EMPTY };
	bool ok;

	if (x->count == 0)
		return err_set(err, ERR_MISSING,
			       "\\chart: every value is NaN or infinite: there "
			       "is nothing to draw");
	ok = x->use == COLUMN_TIME ? hist_times(&counting, x, err)
				   : hist_numbers(&counting, x, err);
	*gather = counting.gather;
	ticks_done(&counting.edges);
	return ok;
}

/* ---- scatter ---- */

enum { GRID_X = 400, GRID_Y = 200, GRID_CLOUDS = 4 };

static bool add_point(struct gather *gather, const struct gather_mark *mark)
{
	struct chart *chart = gather->chart;
	struct chart_point point = { mark->x, mark->y };

	while (chart->series.count <= mark->series)
		chart_add_series(chart, "");
	vec_push(&chart->series.items[mark->series].points, point);
	return true;
}

static double grid_place(double value, double low, double high, int cells)
{
	double span = high / 2 - low / 2;

	return span > 0 ? floor((value / 2 - low / 2) / span * (cells - 1)) : 0;
}

/* Clouds share what is kept: of many each has a coarser grid. */
static double grid_share(const struct gather *gather)
{
	size_t parts = gather->guess.by >= 0
			       ? (size_t)gather->columns.items[gather->guess.by]
					 .distinct
			       : gather->guess.measures.count;

	if (gather->guess.by >= 0 && parts > GATHER_SERIES)
		parts = GATHER_SERIES;
	parts += gather->guess.by >= 0 ? 2 : 0; /* null, and the rest */
	return parts > GRID_CLOUDS ? sqrt((double)GRID_CLOUDS / (double)parts)
				   : 1;
}

/* Points of a cell that is taken already are not seen. */
static bool add_seen(struct gather *gather, const struct gather_mark *mark)
{
	const struct column *x = gather_x(gather);
	size_t which = gather->guess.by < 0 ? mark->series : 0;
	const struct column *y =
		&gather->columns.items[gather->guess.measures.items[which]];
	double share = grid_share(gather);
	int rows = (int)(GRID_Y * share);
	double cell =
		grid_place(mark->x, x->low, x->high, (int)(GRID_X * share)) *
			rows +
		grid_place(mark->y, y->low, y->high, rows);
	size_t used = gather->tally.used;

	if (tally_add(&gather->tally, mark->series, cell, 0) &&
	    gather->tally.used > used)
		add_point(gather, mark);
	return true;
}

static void name_clouds(struct gather *gather)
{
	struct chart *chart = gather->chart;

	for (size_t i = 0; i < chart->series.count; i++) {
		struct chart_series *series = &chart->series.items[i];

		mem_free(series->name);
		if (gather->guess.by >= 0) {
			series->name = labels_name(
				&gather->series, gather->series.items.items[i]);
		} else {
			size_t at = gather->guess.measures.items[i];
			const char *name = gather->columns.items[at].name;

			series->name = chart_safe_text(name, strlen(name));
		}
	}
}

bool gather_cloud(struct gather *gather, struct err *err)
{
	bool thins = gather->columns.rows > GATHER_POINTS;
	bool ended;

	tally_done(&gather->tally);
	tally_init(&gather->tally, (size_t)GRID_X * GRID_Y * GRID_CLOUDS);
	if (!gather_each(gather, thins ? add_seen : add_point, &ended, err))
		return false;
	name_clouds(gather);
	if (thins)
		chart_note(gather->chart, "Of points that lie upon each other "
					  "one is drawn.");
	return true;
}

/* ---- number ---- */

/* The first row, whatever it lacks: the marks of the second end it. */
static bool add_number(struct gather *gather, const struct gather_mark *mark)
{
	size_t at = gather->guess.measures.items[mark->series];
	const char *name = gather->columns.items[at].name;
	CLEANUP(mem_freep) char *safe = chart_safe_text(name, strlen(name));
	struct chart_point point = { 0, mark->y };
	struct chart_series *series;

	if (gather->rows > 1)
		return false;
	series = chart_add_series(gather->chart, safe);
	vec_push(&series->points, point);
	return gather->chart->series.count < gather->guess.measures.count;
}

bool gather_numbers(struct gather *gather, struct err *err)
{
	bool ended;

	gather->guess.by = GUESS_NONE;
	gather->guess.x = GUESS_NONE;
	if (!gather_each(gather, add_number, &ended, err))
		return false;
	if (gather->columns.rows > 1)
		chart_note(gather->chart,
			   "This is the first of %" PRId64 " rows.",
			   gather->columns.rows);
	return true;
}
