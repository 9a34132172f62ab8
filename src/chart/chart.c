#include "chart/chart.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "chart/amount.h"
#include "print/screen.h"

static const char *const kinds[CHART_KINDS] = {
	[CHART_GUESS] = "",      [CHART_BAR] = "bar",
	[CHART_HBAR] = "hbar",   [CHART_LINE] = "line",
	[CHART_AREA] = "area",   [CHART_SCATTER] = "scatter",
	[CHART_HIST] = "hist",   [CHART_HEAT] = "heat",
	[CHART_SPARK] = "spark", [CHART_NUMBER] = "number",
};

const char *chart_kind_name(enum chart_kind kind)
{
	return kinds[kind];
}

enum chart_kind chart_kind_find(const char *name)
{
	for (int kind = CHART_GUESS + 1; kind < CHART_KINDS; kind++)
		if (str_equal_nocase(name, kinds[kind]))
			return (enum chart_kind)kind;
	return CHART_GUESS;
}

static void axis_done(struct chart_axis *axis)
{
	mem_free(axis->name);
	for (size_t i = 0; i < axis->names.count; i++)
		mem_free(axis->names.items[i]);
	vec_done(&axis->names);
}

void chart_done(struct chart *chart)
{
	axis_done(&chart->x);
	axis_done(&chart->y);
	for (size_t i = 0; i < chart->series.count; i++) {
		mem_free(chart->series.items[i].name);
		vec_done(&chart->series.items[i].points);
	}
	vec_done(&chart->series);
	for (size_t i = 0; i < chart->notes.count; i++)
		mem_free(chart->notes.items[i]);
	vec_done(&chart->notes);
	mem_free(chart->cells);
	mem_free(chart->measure);
	mem_free(chart->title);
	*chart = (struct chart)CHART_EMPTY;
}

struct chart_series *chart_add_series(struct chart *chart, const char *name)
{
	struct chart_series series = { .name = mem_copy_text(name) };

	vec_push(&chart->series, series);
	return &chart->series.items[chart->series.count - 1];
}

void chart_note(struct chart *chart, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	vec_push(&chart->notes, str_take(&text));
}

enum { NAME_BYTES = 200 };

char *chart_safe_text(const char *text, size_t len)
{
	struct str shown = STR_EMPTY;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	bool cut = len > NAME_BYTES;

	if (cut) {
		len = NAME_BYTES;
		/* Not within a character. */
		while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--;
	}
	for (size_t i = 0; i < len; i++) {
		bool blank =
			text[i] == '\n' || text[i] == '\t' || text[i] == '\r';

		str_add_char(&line, blank ? ' ' : text[i]);
	}
	screen_add(&shown, line.text, line.len);
	if (cut)
		str_add(&shown, "\u2026");
	return str_take(&shown);
}

bool chart_is_near_zero(const struct chart *chart)
{
	double low = chart->y.low, high = chart->y.high;

	return low == high || (low <= 0 && high >= 0) ||
	       (low > 0 && low < high / 2) || (high < 0 && high > low / 2);
}

bool chart_has_legend(const struct chart *chart)
{
	return chart->series.count > 1 && chart->kind != CHART_HEAT &&
	       chart->kind != CHART_SPARK && chart->kind != CHART_NUMBER;
}

int chart_decimals(const struct chart *chart)
{
	int decimals = 0;

	for (size_t i = 0; i < chart->series.count; i++)
		for (size_t at = 0; at < chart->x.names.count; at++) {
			double y = chart->series.items[i].points.items[at].y;
			int own;

			if (isnan(y) || y == 0)
				continue;
			/* What is small needs its own. */
			if (fabs(y) < 0.01)
				return -1;
			own = amount_decimals(y, 2);
			decimals = own > decimals ? own : decimals;
		}
	return decimals;
}

void chart_add_value(struct str *out, double value, int decimals)
{
	if (isnan(value))
		str_add(out, "no value");
	else if (decimals >= 0)
		amount_add_fixed(out, value, decimals, true);
	else
		amount_add(out, value);
}

void chart_add_facts(struct str *out, const struct chart_series *series,
		     bool brief)
{
	const struct chart_point *last = NULL, *least = NULL, *most = NULL;

	for (size_t i = 0; i < series->points.count; i++) {
		const struct chart_point *point = &series->points.items[i];

		if (isnan(point->y))
			continue;
		last = point;
		least = !least || point->y < least->y ? point : least;
		most = !most || point->y > most->y ? point : most;
	}
	if (!last) {
		str_add(out, "no value");
		return;
	}
	amount_add_short(out, last->y);
	if (brief)
		return;
	str_add(out, " (");
	amount_add_short(out, least->y);
	str_add(out, " to ");
	amount_add_short(out, most->y);
	str_add_char(out, ')');
}

double chart_category_total(const struct chart *chart, size_t at)
{
	double total = NAN;

	for (size_t i = 0; i < chart->series.count; i++) {
		double y = chart->series.items[i].points.items[at].y;

		if (!isnan(y))
			total = isnan(total) ? y : total + y;
	}
	return total;
}

bool chart_has_sides(const struct chart *chart)
{
	return chart->cell_low < 0 && chart->cell_high > 0;
}

void chart_scale(const struct chart *chart, bool sides, double *out_low,
		 double *out_high)
{
	*out_high = chart->cell_high;
	if (sides) {
		*out_high = fmax(-chart->cell_low, chart->cell_high);
		*out_low = -*out_high;
	} else {
		*out_low = chart->cell_low > chart->cell_high / 2
				   ? chart->cell_low
				   : fmin(0, chart->cell_low);
	}
}

int chart_cell_level(const struct chart *chart, double value, int levels)
{
	double low, high, span;

	chart_scale(chart, false, &low, &high);
	/* Halves: the span of two numbers may be more than there are. */
	span = high / 2 - low / 2;
	if (!(span > 0))
		return levels - 1;
	return (int)fmin(levels - 1, (value / 2 - low / 2) / span * levels);
}

int chart_cell_side(const struct chart *chart, double value, int sides)
{
	double low, high;
	int half = sides / 2, level;

	chart_scale(chart, true, &low, &high);
	level = (int)nearbyint(value / high * half);
	/* What is not nothing has a side. */
	if (level == 0 && fabs(value) > high / 100)
		level = value < 0 ? -1 : 1;
	return half + level;
}

double chart_total(const struct chart_series *series)
{
	double total = 0;

	for (size_t i = 0; i < series->points.count; i++)
		if (!isnan(series->points.items[i].y))
			total += series->points.items[i].y;
	return total;
}

size_t *chart_by_total(const struct chart *chart)
{
	size_t count = chart->series.count;
	size_t *order = mem_alloc_array(count + 1, sizeof(*order));

	/* They are few. */
	for (size_t i = 0; i < count; i++) {
		size_t at = i;

		for (; at > 0 &&
		       chart_total(&chart->series.items[order[at - 1]]) <
			       chart_total(&chart->series.items[i]);
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	return order;
}
