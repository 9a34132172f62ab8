#include "chart/finish.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "chart/fold.h"
#include "chart/gather_state.h"

enum {
	SERIES_MOST = 8, /* colours that can be told apart */
	GRID_MOST = 40,
	BARS_MOST = 60,
};

/* ---- what is left out ---- */

static void note_left_out(struct chart *chart, int64_t count, const char *what)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (count == 0)
		return;
	units_add_count(&text, count);
	chart_note(chart, "%s %s%s", text.text, count == 1 ? "row " : "rows ",
		   what);
}

/* A line of thousands beside one of millions would lie on the axis. */
static void note_unseen(struct gather *gather)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;

	for (size_t i = 0; i < gather->guess.unseen.count; i++) {
		size_t at = gather->guess.unseen.items[i];
		const char *name = gather->columns.items[at].name;
		CLEANUP(mem_freep)
		char *safe = chart_safe_text(name, strlen(name));

		str_addf(&names, "%s%s", i > 0 ? ", " : "", safe);
	}
	if (names.len > 0)
		chart_note(gather->chart, "Not shown unless named: %s.",
			   names.text);
}

static void note_all(struct gather *gather)
{
	struct chart *chart = gather->chart;

	note_left_out(chart, gather->null_y,
		      "without a value (null) left out.");
	note_left_out(chart, gather->null_x,
		      "without a place on the x axis left out.");
	note_left_out(chart, gather->odd,
		      "with NaN or an infinite value left out.");
	note_left_out(chart, gather->below,
		      "not above 0 left out: a logarithm has no place for "
		      "them.");
	if (gather->guess.kind != CHART_HIST)
		note_unseen(gather);
}

/* ---- logarithms ---- */

static bool log_is_y(const struct chart *chart)
{
	return chart->kind != CHART_HEAT && chart->kind != CHART_NUMBER &&
	       chart->kind != CHART_SPARK;
}

static void drop_below(struct gather *gather)
{
	struct chart *chart = gather->chart;

	for (size_t i = 0; i < chart->series.count; i++) {
		struct chart_series *series = &chart->series.items[i];

		for (size_t at = 0; at < series->points.count; at++) {
			struct chart_point *point = &series->points.items[at];

			if (isnan(point->y) || point->y > 0)
				continue;
			/* An empty bin is none left out. */
			gather->below += chart->kind != CHART_HIST;
			point->y = NAN;
		}
	}
	chart->y.log = true;
}

/* ---- axes ---- */

static void stretch(struct chart_axis *axis, double value, bool *seen)
{
	if (isnan(value))
		return;
	if (!*seen || value < axis->low)
		axis->low = value;
	if (!*seen || value > axis->high)
		axis->high = value;
	*seen = true;
}

/* A year's line needs no months below it. */
static void find_gap(struct chart *chart)
{
	double gap = 0;

	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];

		for (size_t at = 1; at < series->points.count; at++) {
			double own = series->points.items[at].x -
				     series->points.items[at - 1].x;

			if (own > 0 && (gap == 0 || own < gap))
				gap = own;
		}
	}
	chart->x.gap = gap;
}

static bool bounds(struct chart *chart)
{
	bool seen_x = false, seen_y = false;

	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];

		for (size_t at = 0; at < series->points.count; at++) {
			const struct chart_point *point =
				&series->points.items[at];

			if (isnan(point->y))
				continue;
			stretch(&chart->x, point->x, &seen_x);
			stretch(&chart->y, point->y, &seen_y);
		}
	}
	if (chart->x.kind == CHART_CATEGORIES) {
		chart->x.low = 0;
		chart->x.high = (double)chart->x.names.count - 1;
	}
	if (chart->kind == CHART_HIST && seen_x)
		chart->x.high += chart->bin;
	return seen_y;
}

/* Bars and areas one on the other: the axis holds their sums, those below 0
 * apart. */
static void stack_bounds(struct chart *chart)
{
	size_t count = chart->series.items[0].points.count;

	for (size_t at = 0; at < count; at++) {
		double up = 0, down = 0;

		for (size_t i = 0; i < chart->series.count; i++) {
			double y = chart->series.items[i].points.items[at].y;

			if (y > 0)
				up += y;
			else if (y < 0)
				down += y;
		}
		chart->y.high = fmax(chart->y.high, up);
		chart->y.low = fmin(chart->y.low, down);
	}
}

static char *column_name(const struct gather *gather, int at)
{
	const char *name;

	if (at < 0)
		return mem_copy_text("row");
	name = gather->columns.items[at].name;
	return chart_safe_text(name, strlen(name));
}

static void add_measures(const struct gather *gather, struct str *out)
{
	if (gather->guess.measures.count == 0)
		str_add(out, "rows");
	for (size_t i = 0; i < gather->guess.measures.count; i++) {
		CLEANUP(mem_freep)
		char *name = column_name(gather,
					 (int)gather->guess.measures.items[i]);

		if (i > 0)
			str_add(out, i + 1 == gather->guess.measures.count
					     ? " and "
					     : ", ");
		str_add(out, name);
	}
}

static void name_axes(struct gather *gather)
{
	struct chart *chart = gather->chart;
	const struct column *x = gather_x(gather);
	struct str measures = STR_EMPTY;
	bool whole = true;

	add_measures(gather, &measures);
	chart->x.name = column_name(gather, gather->guess.x);
	if (gather_x_is_named(gather) || chart->x.names.count > 0)
		chart->x.kind = CHART_CATEGORIES;
	else if (x && x->use == COLUMN_TIME)
		chart->x.kind = CHART_TIMES;
	else
		chart->x.kind = CHART_NUMBERS;
	chart->x.whole = !x || (x->use == COLUMN_NUMBER && x->whole);
	chart->x.bare = x && (x->is_clock || x->ordinal);
	chart->y.kind = CHART_NUMBERS;
	for (size_t i = 0; i < gather->guess.measures.count; i++) {
		size_t at = gather->guess.measures.items[i];

		whole = whole && gather->columns.items[at].whole;
	}
	chart->y.whole = whole;
	chart->y.name = str_take(&measures);
}

static void make_title(struct gather *gather)
{
	struct chart *chart = gather->chart;
	CLEANUP(mem_freep) char *by = column_name(gather, gather->guess.by);
	struct str title = STR_EMPTY;

	if (gather->wish->title) {
		chart->title = chart_safe_text(gather->wish->title,
					       strlen(gather->wish->title));
		return;
	}
	if (chart->kind == CHART_NUMBER) {
		chart->title = mem_copy_text("");
		return;
	}
	if (chart->kind == CHART_SCATTER)
		str_addf(&title, "%s against %s", chart->y.name, chart->x.name);
	else if (chart->kind == CHART_HEAT)
		str_addf(&title, "%s by %s and %s", chart->measure, by,
			 chart->x.name);
	else
		str_addf(&title, "%s by %s", chart->y.name, chart->x.name);
	if (gather->guess.by >= 0 && chart->kind != CHART_HEAT)
		str_addf(&title, " %s %s",
			 chart->kind == CHART_SCATTER ? "by" : "and", by);
	if (chart->y.log)
		str_add(&title, " (logarithmic)");
	chart->title = str_take(&title);
}

/* ---- heat ---- */

static void fill_cells(struct gather *gather)
{
	struct chart *chart = gather->chart;
	size_t across = chart->x.names.count;
	bool seen = false;
	struct chart_axis range = { .low = 0 };

	chart->measure = chart->y.name;
	chart->y.name = column_name(gather, gather->guess.by);
	chart->y.kind = CHART_CATEGORIES;
	chart->cells = mem_alloc_array(chart->series.count * across + 1,
				       sizeof(*chart->cells));
	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];

		vec_push(&chart->y.names, mem_copy_text(series->name));
		for (size_t at = 0; at < across; at++) {
			double y = series->points.items[at].y;

			chart->cells[i * across + at] = y;
			stretch(&range, y, &seen);
		}
	}
	chart->cell_low = range.low;
	chart->cell_high = range.high;
}

/* ---- all ---- */

/* Years, months, hours: what has an order of its own. */
static bool has_order(const struct gather *gather, int at)
{
	const struct column *column =
		at < 0 ? NULL : &gather->columns.items[at];

	return column && !column->is_id &&
	       (column->use == COLUMN_TIME || column->ordinal);
}

/* Categories that there is room for. */
static size_t room(const struct gather *gather)
{
	const struct chart_wish *wish = gather->wish;
	const struct chart *chart = gather->chart;
	size_t bars = chart->stacked ? 1 : chart->series.count;
	/* Bars of years may touch. */
	size_t gap = bars > 1 || !has_order(gather, gather->guess.x);
	size_t room;

	if (wish->top > 0)
		return (size_t)wish->top + 1;
	if (chart->kind == CHART_HBAR)
		room = (wish->rows > 3 ? (size_t)wish->rows : BARS_MOST) / bars;
	else /* a bar and a gap take two columns */
		room = (wish->columns > 4 ? (size_t)wish->columns : BARS_MOST) *
		       2 / (bars + gap);
	return room > 2 ? room : 2;
}

/* Bars of a narrow picture that stand side by side. */
static size_t most_series(const struct gather *gather)
{
	int columns = gather->wish->columns;

	if (gather->chart->kind != CHART_BAR || gather->chart->stacked ||
	    columns < 3 || columns > SERIES_MOST)
		return SERIES_MOST;
	return (size_t)columns - 1;
}

static void fold_grid(struct gather *gather)
{
	struct chart *chart = gather->chart;

	if (has_order(gather, gather->guess.by))
		fold_latest_series(chart, GRID_MOST);
	else
		fold_series(chart, GRID_MOST);
	if (has_order(gather, gather->guess.x))
		fold_latest(chart, GRID_MOST);
	else
		fold_categories(chart, GRID_MOST);
}

static void fold_bars(struct gather *gather)
{
	struct chart *chart = gather->chart;
	const struct chart_wish *wish = gather->wish;
	bool greatest = wish->sort || wish->top > 0;

	if (greatest)
		fold_sort(chart);
	if (!greatest && has_order(gather, gather->guess.x))
		fold_latest(chart, room(gather));
	else
		fold_categories(chart, room(gather));
}

static void fold(struct gather *gather)
{
	struct chart *chart = gather->chart;
	bool is_bars = chart->kind == CHART_BAR || chart->kind == CHART_HBAR;

	if (chart->kind == CHART_HEAT) {
		fold_grid(gather);
		return;
	}
	if (chart->kind == CHART_NUMBER || chart->kind == CHART_HIST ||
	    gather->binned)
		return;
	if (!is_bars && gather->wish->top > 0 && gather->guess.by >= 0)
		fold_series(chart, (size_t)gather->wish->top + 1);
	if (chart->kind != CHART_SPARK)
		fold_series(chart, most_series(gather));
	if (is_bars)
		fold_bars(gather);
}

static bool has_below_zero(const struct chart *chart)
{
	for (size_t i = 0; i < chart->series.count; i++) {
		const struct chart_series *series = &chart->series.items[i];

		for (size_t at = 0; at < series->points.count; at++)
			if (series->points.items[at].y < 0)
				return true;
	}
	return false;
}

/* Sums of areas that rise and fall would hide each other. */
static bool is_stacked(struct gather *gather)
{
	struct chart *chart = gather->chart;

	if (!gather->wish->stack || chart->series.count < 2 ||
	    gather->wish->log)
		return false;
	if (chart->kind != CHART_AREA)
		return chart->kind == CHART_BAR || chart->kind == CHART_HBAR;
	if (!has_below_zero(chart))
		return true;
	chart_note(chart, "Areas are not stacked where values are below 0.");
	return false;
}

bool finish_chart(struct gather *gather, struct err *err)
{
	struct chart *chart = gather->chart;

	name_axes(gather);
	chart->stacked = is_stacked(gather);
	fold(gather);
	if (gather->wish->log && log_is_y(chart))
		drop_below(gather);
	note_all(gather);
	if (chart->stacked && chart->kind == CHART_AREA)
		fold_align(chart);
	if (!bounds(chart)) {
		err_set(err, ERR_MISSING,
			"\\chart: no value is left that can be drawn");
		return err_hint(err, "%s",
				chart->notes.count > 0 ? chart->notes.items[0]
						       : "look at the columns");
	}
	if (chart->x.kind == CHART_TIMES)
		find_gap(chart);
	if (chart->stacked)
		stack_bounds(chart);
	if (chart->kind == CHART_HEAT)
		fill_cells(gather);
	chart->x.ordered = gather->binned || gather->guess.x < 0 ||
			   has_order(gather, gather->guess.x);
	make_title(gather);
	return true;
}
