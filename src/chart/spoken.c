#include "chart/spoken.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "chart/amount.h"
#include "chart/chart.h"

enum {             /* of a table */
       LINES = 12, /* of what is in between one can guess */
       NAMES = 24,
       BINS = 40,
};

static const char *const names[CHART_KINDS] = {
	[CHART_GUESS] = "",          [CHART_BAR] = "Bar chart",
	[CHART_HBAR] = "Bar chart",  [CHART_LINE] = "Line chart",
	[CHART_AREA] = "Area chart", [CHART_SCATTER] = "Scatter plot",
	[CHART_HIST] = "Histogram",  [CHART_HEAT] = "Grid",
	[CHART_SPARK] = "Line",      [CHART_NUMBER] = "Numbers",
};

void spoken_add_x(struct str *out, const struct chart *chart, double x)
{
	switch (chart->x.kind) {
	case CHART_CATEGORIES:
		str_add(out, chart->x.names.items[(size_t)x]);
		return;
	case CHART_TIMES:
		if (chart->x.bare)
			amount_add_clock(out, x);
		else
			amount_add_time(out, x);
		return;
	case CHART_NUMBERS:
		break;
	}
	if (chart->x.bare)
		amount_add_fixed(out, x, 0, false);
	else
		amount_add(out, x);
	if (chart->kind == CHART_HIST) {
		str_add(out, " to ");
		amount_add(out, x + chart->bin);
	}
}

static void add_point(struct str *out, const struct chart *chart,
		      const struct chart_point *point)
{
	spoken_add_x(out, chart, point->x);
	str_add(out, ": ");
	amount_add(out, point->y);
}

struct extremes {
	const struct chart_point *first, *last, *least, *greatest;
	size_t count;
};

static struct extremes look(const struct chart_series *series)
{
	struct extremes found = { NULL, NULL, NULL, NULL, 0 };

	for (size_t i = 0; i < series->points.count; i++) {
		const struct chart_point *point = &series->points.items[i];

		if (isnan(point->y))
			continue;
		if (!found.first)
			found.first = point;
		found.last = point;
		if (!found.least || point->y < found.least->y)
			found.least = point;
		if (!found.greatest || point->y > found.greatest->y)
			found.greatest = point;
		found.count++;
	}
	return found;
}

/* "web: 36 values, from 2024-01-01: 10 to 2024-12-01: 14; ..." */
static void add_series(struct str *out, const struct chart *chart,
		       const struct chart_series *series)
{
	struct extremes found = look(series);
	bool ordered = chart->kind == CHART_LINE || chart->kind == CHART_AREA ||
		       chart->kind == CHART_SPARK;

	if (chart->series.count > 1)
		str_addf(out, "%s: ", series->name);
	units_add_count(out, (int64_t)found.count);
	str_add(out, found.count == 1 ? " value" : " values");
	if (found.count == 0) {
		str_add(out, ".\n");
		return;
	}
	if (ordered) {
		str_add(out, ", first ");
		add_point(out, chart, found.first);
		str_add(out, ", last ");
		add_point(out, chart, found.last);
	}
	str_add(out, ", greatest ");
	add_point(out, chart, found.greatest);
	str_add(out, ", least ");
	add_point(out, chart, found.least);
	str_add(out, ".\n");
}

/* Of a line some that are spread evenly, of names and bins the first. */
static void add_table(struct str *out, const struct chart *chart)
{
	const struct chart_series *first = &chart->series.items[0];
	bool named = chart->x.kind == CHART_CATEGORIES;
	bool spread = !named && chart->kind != CHART_HIST;
	size_t most = chart->kind == CHART_HIST ? BINS : named ? NAMES : LINES;
	size_t count = first->points.count;
	size_t lines = count < most ? count : most;

	if (chart->series.count > 1 || chart->kind == CHART_SCATTER)
		return;
	for (size_t i = 0; i < lines; i++) {
		size_t at =
			spread && lines > 1 ? i * (count - 1) / (lines - 1) : i;

		if (isnan(first->points.items[at].y)) {
			spoken_add_x(out, chart, first->points.items[at].x);
			str_add(out, ": no value\n");
			continue;
		}
		add_point(out, chart, &first->points.items[at]);
		str_add_char(out, '\n');
	}
	if (lines < count) {
		str_add(out, spread ? "These are " : "These are the first ");
		units_add_count(out, (int64_t)lines);
		str_add(out, " of ");
		units_add_count(out, (int64_t)count);
		str_add(out, ".\n");
	}
}

/* Bars of several series: a line a category. */
static void add_groups(struct str *out, const struct chart *chart)
{
	size_t count = chart->x.names.count;

	for (size_t at = 0; at < count && at < NAMES; at++) {
		str_addf(out, "%s: ", chart->x.names.items[at]);
		for (size_t i = 0; i < chart->series.count; i++) {
			const struct chart_series *series =
				&chart->series.items[i];
			double y = series->points.items[at].y;

			str_addf(out, "%s%s ", i > 0 ? ", " : "", series->name);
			if (isnan(y))
				str_add(out, "no value");
			else
				amount_add(out, y);
		}
		str_add_char(out, '\n');
	}
	if (count > NAMES)
		str_addf(out, "These are the first %d of %zu.\n", (int)NAMES,
			 count);
}

static void add_numbers(struct str *out, const struct chart *chart)
{
	for (size_t i = 0; i < chart->series.count; i++) {
		str_addf(out, "%s: ", chart->series.items[i].name);
		amount_add(out, chart->series.items[i].points.items[0].y);
		str_add_char(out, '\n');
	}
}

bool spoken_chart(const struct chart *chart, struct sink *sink, struct err *err)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	bool named = chart->x.kind == CHART_CATEGORIES;

	if (chart->kind == CHART_NUMBER) {
		if (*chart->title)
			str_addf(&out, "%s\n", chart->title);
		add_numbers(&out, chart);
	} else {
		str_addf(&out, "%s: %s, ", names[chart->kind], chart->title);
		units_add_count(&out, chart->rows);
		str_add(&out, chart->rows == 1 ? " row.\n" : " rows.\n");
		for (size_t i = 0; i < chart->series.count; i++)
			add_series(&out, chart, &chart->series.items[i]);
		if (named && chart->series.count > 1)
			add_groups(&out, chart);
		else
			add_table(&out, chart);
	}
	for (size_t i = 0; i < chart->notes.count; i++)
		str_addf(&out, "%s\n", chart->notes.items[i]);
	return sink_write(sink, out.text, out.len, err);
}
