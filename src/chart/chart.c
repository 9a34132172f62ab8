#include "chart/chart.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
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
