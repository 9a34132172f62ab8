#include "chart/gather.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/cancel.h"
#include "base/mem.h"
#include "base/units.h"
#include "chart/amount.h"
#include "chart/bins.h"
#include "chart/finish.h"
#include "chart/gather_state.h"
#include "data/rows.h"

/* ---- rows to marks ---- */

const struct column *gather_x(const struct gather *gather)
{
	return gather->guess.x < 0 ? NULL
				   : &gather->columns.items[gather->guess.x];
}

bool gather_x_is_named(const struct gather *gather)
{
	const struct column *x = gather_x(gather);

	switch (gather->guess.kind) {
	case CHART_BAR:
	case CHART_HBAR:
	case CHART_HEAT:
		return true;
	case CHART_LINE:
	case CHART_AREA:
	case CHART_SPARK:
		return x != NULL && (x->use == COLUMN_CATEGORY || x->is_id);
	case CHART_SCATTER:
	case CHART_HIST:
	case CHART_NUMBER:
	case CHART_GUESS:
	case CHART_KINDS:
		break;
	}
	return false;
}

static bool place(struct gather *gather, const struct rows_value *values,
		  struct gather_mark *out)
{
	const struct column *x = gather_x(gather);

	if (!x) {
		out->x = (double)(gather->rows - gather_x_is_named(gather));
		return true;
	}
	if (gather_x_is_named(gather)) {
		out->x = (double)labels_place(&gather->places,
					      &values[gather->guess.x]);
		return true;
	}
	if (column_value(x, &values[gather->guess.x], &out->x)) {
		if (x->has_zone)
			out->zone = amount_zone(values[gather->guess.x].text,
						values[gather->guess.x].len);
		return true;
	}
	gather->null_x++;
	return false;
}

typedef bool take_mark(struct gather *gather, const struct gather_mark *mark);

/* A line drawn across a place whose value is not known would tell one. */
static bool shows_gaps(enum chart_kind kind)
{
	return kind == CHART_LINE || kind == CHART_AREA || kind == CHART_SPARK;
}

/* One measure's value. */
static bool take_value(struct gather *gather, const struct rows_value *value,
		       size_t which, struct gather_mark *mark, take_mark *take)
{
	const struct column *column =
		&gather->columns.items[gather->guess.measures.items[which]];

	if (gather->guess.by < 0)
		mark->series = (uint32_t)which;
	if (!column_value(column, value, &mark->y)) {
		if (value->text)
			gather->odd++;
		else
			gather->null_y++;
		if (!shows_gaps(gather->guess.kind))
			return true;
		mark->y = NAN;
	}
	return take(gather, mark);
}

static bool take_row(struct gather *gather, const struct rows_value *values,
		     take_mark *take)
{
	struct gather_mark mark = { .y = 1 };

	gather->rows++;
	if (!place(gather, values, &mark))
		return true;
	if (gather->guess.by >= 0)
		mark.series = (uint32_t)labels_place(&gather->series,
						     &values[gather->guess.by]);
	if (gather->guess.measures.count == 0)
		return take(gather, &mark);
	for (size_t i = 0; i < gather->guess.measures.count; i++) {
		size_t at = gather->guess.measures.items[i];

		if (!take_value(gather, &values[at], i, &mark, take))
			return false;
	}
	return true;
}

static void forget(struct gather *gather)
{
	gather->null_x = gather->null_y = gather->odd = gather->below = 0;
	gather->rows = 0;
}

bool gather_each(struct gather *gather, take_mark *take, bool *out_ended,
		 struct err *err)
{
	enum { CHECK_ROWS = 4096 };
	const struct rows_value *values;
	enum rows_step step;

	*out_ended = false;
	forget(gather);
	if (!gather->source->again(gather->source->context, err))
		return false;
	while ((step = rows_next(gather->source->rows, &values, err)) ==
	       ROWS_ROW) {
		if (gather->rows % CHECK_ROWS == CHECK_ROWS - 1 &&
		    !cancel_check(err))
			return false;
		if (!take_row(gather, values, take)) {
			*out_ended = true;
			return true;
		}
	}
	return step == ROWS_END;
}

/* ---- added up by place ---- */

static bool add_mark(struct gather *gather, const struct gather_mark *mark)
{
	return tally_add_in_zone(&gather->tally, mark->series, mark->x,
				 mark->zone, mark->y);
}

/* Labels get their final order; series and places of the tally with them. */
static void reorder(struct gather *gather)
{
	bool named = gather_x_is_named(gather) && gather_x(gather);
	bool parted = gather->guess.by >= 0;

	labels_sort(&gather->places);
	labels_sort(&gather->series);
	for (size_t i = 0; i < gather->tally.cap; i++) {
		struct tally_slot *slot = &gather->tally.slots[i];

		if (slot->count == 0)
			continue;
		if (named)
			slot->x = (double)gather->places.items
					  .items[(size_t)slot->x]
					  ->place;
		if (parted)
			slot->series = (uint32_t)gather->series.items
					       .items[slot->series]
					       ->place;
	}
	tally_sort(&gather->tally);
}

static void add_names(struct chart_axis *axis, const struct labels *labels)
{
	size_t count = labels->items.count;

	vec_reserve(&axis->names, count);
	axis->names.count = count;
	for (size_t i = 0; i < count; i++) {
		const struct label *label = labels->items.items[i];

		axis->names.items[label->place] = labels_name(labels, label);
	}
}

static void add_row_numbers(struct chart_axis *axis, int64_t rows)
{
	for (int64_t row = 1; row <= rows; row++) {
		struct str text = STR_EMPTY;

		str_addf(&text, "%" PRId64, row);
		vec_push(&axis->names, str_take(&text));
	}
}

static char *measure_name(const struct gather *gather, size_t which)
{
	const char *name;

	if (gather->guess.measures.count == 0)
		return mem_copy_text("rows");
	name = gather->columns.items[gather->guess.measures.items[which]].name;
	return chart_safe_text(name, strlen(name));
}

static void add_series(struct gather *gather)
{
	size_t parts = gather->series.items.count;
	size_t count = gather->guess.by >= 0 ? parts
		       : gather->guess.measures.count > 0
			       ? gather->guess.measures.count
			       : 1;

	for (size_t i = 0; i < count; i++) {
		CLEANUP(mem_freep)
		char *name =
			gather->guess.by < 0 ? measure_name(gather, i) : NULL;

		for (size_t at = 0; !name && at < parts; at++)
			if (gather->series.items.items[at]->place == i)
				name = labels_name(
					&gather->series,
					gather->series.items.items[at]);
		chart_add_series(gather->chart, name ? name : "");
	}
}

/* Bars and grids: a point for each category. */
static void fill_places(struct chart *chart, size_t places)
{
	for (size_t i = 0; i < chart->series.count; i++) {
		struct chart_series *series = &chart->series.items[i];

		for (size_t at = 0; at < places; at++) {
			struct chart_point point = { (double)at, NAN };

			vec_push(&series->points, point);
		}
	}
}

/* What an analyst must know: a bar may be the sum of many rows. */
static void note_sums(struct gather *gather)
{
	const struct column *x = gather_x(gather);
	const char *name = x ? x->name : "row";
	CLEANUP(mem_freep) char *safe = chart_safe_text(name, strlen(name));
	const char *by = gather->guess.by >= 0
				 ? gather->columns.items[gather->guess.by].name
				 : "";
	CLEANUP(mem_freep) char *part = chart_safe_text(by, strlen(by));

	chart_note(gather->chart, "Rows of the same %s%s%s are added up.", safe,
		   *part ? " and " : "", part);
}

static bool is_value(const struct chart_series *series, size_t at)
{
	return at < series->points.count && !isnan(series->points.items[at].y);
}

/* Monthly values in a table of days: what is between most of them is no gap,
 * and single dots would be no line. */
static void close_gaps(struct chart_series *series)
{
	size_t values = 0, lone = 0, kept = 0;

	for (size_t i = 0; i < series->points.count; i++) {
		if (!is_value(series, i))
			continue;
		values++;
		lone += !is_value(series, i - 1) && !is_value(series, i + 1);
	}
	if (lone * 2 <= values)
		return;
	for (size_t i = 0; i < series->points.count; i++)
		if (is_value(series, i))
			series->points.items[kept++] = series->points.items[i];
	series->points.count = kept;
}

static void move_tally(struct gather *gather)
{
	struct chart *chart = gather->chart;
	bool filled = gather_x_is_named(gather);

	reorder(gather);
	add_series(gather);
	if (filled) {
		if (gather_x(gather))
			add_names(&chart->x, &gather->places);
		else
			add_row_numbers(&chart->x, gather->rows);
		fill_places(chart, chart->x.names.count);
	}
	for (size_t i = 0; i < gather->tally.used; i++) {
		const struct tally_slot *slot = &gather->tally.slots[i];
		struct chart_series *series =
			&chart->series.items[slot->series];
		struct chart_point point = { slot->x, slot->y };

		if (isinf(slot->y))
			gather->odd += slot->count;
		else if (filled)
			series->points.items[(size_t)slot->x] = point;
		else
			vec_push(&series->points, point);
	}
	for (size_t i = 0; i < chart->series.count && !filled; i++)
		close_gaps(&chart->series.items[i]);
	if (gather->tally.added > 0 && gather->guess.measures.count > 0)
		note_sums(gather);
}

/* ---- too many for that: thinned out ---- */

struct thinned {
	struct gather gather; /* first: a copy, marks come with it */
	struct bins **bins;   /* one for each measure, or each part */
	size_t count;
};

static bool add_bin(struct gather *gather, const struct gather_mark *mark)
{
	struct thinned *thinned = (struct thinned *)gather;
	const struct column *x = gather_x(gather);
	size_t at = mark->series;

	if (isnan(mark->y))
		return true;
	if (!thinned->bins[at])
		thinned->bins[at] =
			bins_new(x ? x->low : 1,
				 x ? x->high : (double)gather->columns.rows);
	bins_add(thinned->bins[at], mark->x, mark->y);
	return true;
}

static bool thin_out(struct gather *gather, struct err *err)
{
	CLEANUP(mem_freep)
	struct thinned *thinned = mem_alloc(sizeof(*thinned));
	bool ended;
	bool ok;

	thinned->gather = *gather;
	thinned->count = gather->guess.measures.count;
	if (thinned->count < GATHER_SERIES + 2)
		thinned->count = GATHER_SERIES + 2; /* null, and the rest */
	thinned->bins = mem_alloc_array(thinned->count, sizeof(struct bins *));
	ok = gather_each(&thinned->gather, add_bin, &ended, err);
	*gather = thinned->gather;
	tally_done(&gather->tally);
	tally_init(&gather->tally, GATHER_POINTS);
	if (ok) {
		labels_sort(&gather->series);
		add_series(gather);
		for (size_t i = 0; i < gather->chart->series.count; i++) {
			size_t place =
				gather->guess.by < 0
					? i
					: gather->series.items.items[i]->place;

			if (thinned->bins[i])
				bins_points(
					thinned->bins[i],
					&gather->chart->series.items[place]);
		}
		chart_note(gather->chart,
			   "Of so many points the least and greatest of each "
			   "column are drawn.");
	}
	for (size_t i = 0; i < thinned->count; i++)
		bins_free(thinned->bins[i]);
	mem_free(thinned->bins);
	return ok;
}

static bool gather_sums(struct gather *gather, struct err *err)
{
	bool named = gather_x_is_named(gather);
	bool ended;

	tally_done(&gather->tally);
	tally_init(&gather->tally, named ? GATHER_PLACES : GATHER_POINTS);
	if (!gather_each(gather, add_mark, &ended, err))
		return false;
	if (ended && !named)
		return thin_out(gather, err);
	if (ended ||
	    (named && !gather_x(gather) && gather->rows > GATHER_PLACES)) {
		err_set(err, ERR_USAGE,
			"\\chart: there are more than %d places to draw",
			(int)GATHER_PLACES);
		return err_hint(err, "group the rows in the query, or draw by "
				     "one column");
	}
	move_tally(gather);
	return true;
}

/* ---- all ---- */

static bool gather_points(struct gather *gather, struct err *err)
{
	switch (gather->guess.kind) {
	case CHART_HIST:
		return gather_hist(gather, err);
	case CHART_SCATTER:
		return gather_cloud(gather, err);
	case CHART_NUMBER:
		return gather_numbers(gather, err);
	case CHART_BAR:
	case CHART_HBAR:
	case CHART_LINE:
	case CHART_AREA:
	case CHART_HEAT:
	case CHART_SPARK:
	case CHART_GUESS:
	case CHART_KINDS:
		break;
	}
	return gather_sums(gather, err);
}

static void gather_done(struct gather *gather)
{
	column_list_done(&gather->columns);
	guess_done(&gather->guess);
	labels_done(&gather->places);
	labels_done(&gather->series);
	tally_done(&gather->tally);
}

static bool begin(struct gather *gather, struct chart_named *named,
		  struct err *err)
{
	const struct column *items;

	if (!chart_wish_read(gather->wish, gather->source->rows, named, err) ||
	    !column_read_all(&gather->columns, gather->source->rows, err) ||
	    !guess_make(&gather->guess, &gather->columns, named, err))
		return false;
	items = gather->columns.items;
	labels_done(&gather->places);
	labels_init(&gather->places,
		    gather->guess.x >= 0 ? &items[gather->guess.x] : NULL,
		    GATHER_CATEGORIES);
	labels_done(&gather->series);
	labels_init(&gather->series,
		    gather->guess.by >= 0 ? &items[gather->guess.by] : NULL,
		    gather->guess.kind == CHART_HEAT ? 1000 : GATHER_SERIES);
	return true;
}

bool gather_chart(struct chart *chart, const struct gather_source *source,
		  const struct chart_wish *wish, struct err *err)
{
	CLEANUP(chart_named_done) struct chart_named named = { .by = -1 };
	CLEANUP(gather_done)
	struct gather gather = { .chart = chart,
				 .source = source,
				 .wish = wish };

	labels_init(&gather.places, NULL, 0);
	labels_init(&gather.series, NULL, 0);
	tally_init(&gather.tally, 0);
	if (!begin(&gather, &named, err))
		return false;
	chart->kind = gather.guess.kind;
	chart->rows = gather.columns.rows;
	return gather_points(&gather, err) && finish_chart(&gather, err);
}
