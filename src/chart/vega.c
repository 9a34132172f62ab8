#include "chart/vega.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/str.h"
#include "chart/amount.h"
#include "chart/canvas.h"
#include "chart/chart.h"
#include "data/json.h"

enum { WIDTH = 640, LETTER = 6, NUMBER_SIZE = 40, SPARK_HEIGHT = 40 };

/* ---- values ---- */

/* "2024-05-01T10:00:00.000": read as a local time, as the table shows it. */
static struct json *time_text(double ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct amount_date date;

	amount_split(ms, &date);
	/* ECMA-262, Expanded Years. */
	if (date.year < 0 || date.year > 9999)
		str_addf(&text, "%+07lld", (long long)date.year);
	else
		str_addf(&text, "%04lld", (long long)date.year);
	str_addf(&text, "-%02d-%02dT%02d:%02d:%02d.%03d", date.month, date.day,
		 date.hour, date.minute, date.second, date.ms);
	return json_new_text(text.text);
}

static void put_x(struct json *row, const struct chart *chart, double x)
{
	switch (chart->x.kind) {
	case CHART_CATEGORIES:
		json_put_text(row, "x", chart->x.names.items[(size_t)x]);
		break;
	case CHART_TIMES:
		json_put_take(row, "x", time_text(x));
		break;
	case CHART_NUMBERS:
		json_put_double(row, "x", x);
		break;
	}
}

static void put_y(struct json *row, const char *key, double y)
{
	if (isfinite(y))
		json_put_double(row, key, y);
	else
		json_put_null(row, key);
}

static void push_series(struct json *values, const struct chart *chart,
			size_t which)
{
	const struct chart_series *series = &chart->series.items[which];

	for (size_t i = 0; i < series->points.count; i++) {
		const struct chart_point *point = &series->points.items[i];
		struct json *row = json_new_object();

		put_x(row, chart, point->x);
		if (chart->kind == CHART_HIST)
			json_put_double(row, "x2", point->x + chart->bin);
		put_y(row, "y", point->y);
		if (chart->series.count > 1)
			json_put_text(row, "series", series->name);
		if (chart->stacked)
			json_put_number(row, "order", (int64_t)which);
		json_push_take(values, row);
	}
}

static void push_cells(struct json *values, const struct chart *chart)
{
	size_t across = chart->x.names.count;

	for (size_t i = 0; i < chart->y.names.count * across; i++) {
		struct json *row = json_new_object();

		json_put_text(row, "x", chart->x.names.items[i % across]);
		json_put_text(row, "y", chart->y.names.items[i / across]);
		put_y(row, "value", chart->cells[i]);
		json_push_take(values, row);
	}
}

static void push_numbers(struct json *values, const struct chart *chart)
{
	for (size_t i = 0; i < chart->series.count; i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		struct json *row = json_new_object();
		double y = chart->series.items[i].points.items[0].y;

		amount_add(&text, y);
		json_put_text(row, "x", chart->series.items[i].name);
		put_y(row, "y", y);
		json_put_text(row, "text", text.text);
		json_push_take(values, row);
	}
}

static void put_data(struct json *spec, const struct chart *chart)
{
	struct json *data = json_new_object();
	struct json *values = json_new_array();

	if (chart->kind == CHART_HEAT)
		push_cells(values, chart);
	else if (chart->kind == CHART_NUMBER)
		push_numbers(values, chart);
	else
		for (size_t i = 0; i < chart->series.count; i++)
			push_series(values, chart, i);
	json_put_take(data, "values", values);
	json_put_take(spec, "data", data);
}

/* ---- channels ---- */

static struct json *channel(const char *field, const char *type,
			    const char *title)
{
	struct json *object = json_new_object();

	json_put_text(object, "field", field);
	json_put_text(object, "type", type);
	if (title)
		json_put_text(object, "title", title);
	return object;
}

/* Names stay in the order of the rows. */
static struct json *names_channel(const char *field, const char *title)
{
	struct json *object = channel(field, "nominal", title);

	json_put_null(object, "sort");
	return object;
}

/* Names below a grid or bars: level where they have room, else rising. */
static struct json *below_channel(const struct chart *chart)
{
	struct json *object = names_channel("x", chart->x.name);
	struct json *axis = json_new_object();
	size_t count = chart->x.names.count, widest = 0;

	for (size_t i = 0; i < count; i++) {
		size_t wide =
			(size_t)canvas_width(chart->x.names.items[i], 100);

		widest = wide > widest ? wide : widest;
	}
	json_put_number(axis, "labelAngle",
			count * (widest + 1) * LETTER <= WIDTH ? 0 : -40);
	json_put_take(object, "axis", axis);
	return object;
}

/* Times of a day have no date. */
static struct json *times_channel(const struct chart *chart)
{
	struct json *object = channel("x", "temporal", chart->x.name);
	struct json *axis;

	if (!chart->x.bare)
		return object;
	axis = json_new_object();
	json_put_text(axis, "format", "%H:%M");
	json_put_take(object, "axis", axis);
	return object;
}

static struct json *x_channel(const struct chart *chart)
{
	struct json *object;

	switch (chart->x.kind) {
	case CHART_CATEGORIES:
		return chart->kind == CHART_HBAR
			       ? names_channel("x", chart->x.name)
			       : below_channel(chart);
	case CHART_TIMES:
		return times_channel(chart);
	case CHART_NUMBERS:
		break;
	}
	object = channel("x", "quantitative", chart->x.name);
	if (chart->kind == CHART_HIST) {
		struct json *bin = json_new_object();

		json_put_bool(bin, "binned", true);
		json_put_double(bin, "step", chart->bin);
		json_put_take(object, "bin", bin);
	} else {
		struct json *scale = json_new_object();

		json_put_bool(scale, "zero", false);
		json_put_take(object, "scale", scale);
		if (chart->x.bare) {
			struct json *axis = json_new_object();

			json_put_text(axis, "format", "d");
			json_put_take(object, "axis", axis);
		}
	}
	return object;
}

/* As the terminal draws it: bars stand on 0, lines that are far from it need
 * not show it. */
static bool holds_zero(const struct chart *chart)
{
	if (chart->kind == CHART_SPARK)
		return false;
	return (chart->kind != CHART_LINE && chart->kind != CHART_SCATTER) ||
	       chart_is_near_zero(chart);
}

static bool stands_on_axis(const struct chart *chart)
{
	return chart->kind == CHART_BAR || chart->kind == CHART_HBAR ||
	       chart->kind == CHART_AREA || chart->kind == CHART_HIST;
}

/* The power of ten that bars of a logarithmic axis stand on: a logarithm has
 * no 0, and the least bar is to be seen as well. */
static double log_base(const struct chart *chart)
{
	double power = floor(log10(chart->y.low));

	return pow(10, power == log10(chart->y.low) ? power - 1 : power);
}

static void put_log(struct json *scale, const struct chart *chart)
{
	json_put_text(scale, "type", "log");
	if (stands_on_axis(chart))
		json_put_double(scale, "domainMin", log_base(chart));
}

static void put_log_base(struct json *encoding, const struct chart *chart)
{
	struct json *base;

	if (!chart->y.log || !stands_on_axis(chart))
		return;
	base = json_new_object();
	json_put_double(base, "datum", log_base(chart));
	json_put_take(encoding, chart->kind == CHART_HBAR ? "x2" : "y2", base);
}

static struct json *y_channel(const struct chart *chart)
{
	/* Of sparks the title tells it. */
	struct json *object =
		channel("y", "quantitative",
			chart->kind == CHART_SPARK ? "" : chart->y.name);
	struct json *scale = json_new_object();
	struct json *axis = json_new_object();

	if (chart->y.log)
		put_log(scale, chart);
	else
		json_put_bool(scale, "zero", holds_zero(chart));
	json_put_take(object, "scale", scale);
	if (chart->y.whole)
		json_put_number(axis, "tickMinStep", 1);
	json_put_take(object, "axis", axis);
	if (!chart->stacked &&
	    (chart->kind == CHART_AREA ||
	     (chart->series.count > 1 &&
	      (chart->kind == CHART_BAR || chart->kind == CHART_HBAR))))
		json_put_null(object, "stack");
	return object;
}

static void put_offset(struct json *encoding, const struct chart *chart)
{
	bool lies = chart->kind == CHART_HBAR;

	if (chart->stacked || chart->series.count < 2 ||
	    (chart->kind != CHART_BAR && !lies))
		return;
	json_put_take(encoding, lies ? "yOffset" : "xOffset",
		      names_channel("series", NULL));
}

static void put_color(struct json *encoding, const struct chart *chart)
{
	struct json *color, *scale, *range;
	const char *const hex[] = {
		"#0072b2", "#e69f00", "#009e73", "#cc79a7",
		"#d55e00", "#56b4e9", "#f0e442", "#808080"
	};

	if (chart->series.count < 2)
		return;
	color = names_channel("series", "");
	scale = json_new_object();
	range = json_new_array();
	for (size_t i = 0; i < COUNT_OF(hex); i++)
		json_push_take(range, json_new_text(hex[i]));
	json_put_take(scale, "range", range);
	json_put_take(color, "scale", scale);
	json_put_take(encoding, "color", color);
}

static struct json *tooltips(const struct chart *chart)
{
	struct json *list = json_new_array();
	struct json *x =
		channel("x",
			chart->x.kind == CHART_CATEGORIES ? "nominal"
			: chart->x.kind == CHART_TIMES    ? "temporal"
							  : "quantitative",
			chart->x.name);

	/* Vega-Lite's own leaves the time of the day out. */
	if (chart->x.kind == CHART_TIMES)
		json_put_text(x, "format",
			      chart->x.bare ? "%H:%M:%S"
			      : chart->x.gap > 0 && chart->x.gap < 86400000
				      ? "%Y-%m-%d %H:%M:%S"
				      : "%Y-%m-%d");
	json_push_take(list, x);
	if (chart->kind == CHART_HEAT) {
		json_push_take(list, channel("y", "nominal", chart->y.name));
		json_push_take(
			list, channel("value", "quantitative", chart->measure));
		return list;
	}
	json_push_take(list, channel("y", "quantitative", chart->y.name));
	if (chart->series.count > 1)
		json_push_take(list, channel("series", "nominal", NULL));
	return list;
}

/* Values on both sides of 0: orange below, blue above. */
static struct json *cell_color(const struct chart *chart)
{
	struct json *color = channel("value", "quantitative", chart->measure);
	struct json *scale;

	if (!chart_has_sides(chart))
		return color;
	scale = json_new_object();
	json_put_text(scale, "scheme", "blueorange");
	json_put_bool(scale, "reverse", true);
	json_put_number(scale, "domainMid", 0);
	json_put_take(color, "scale", scale);
	return color;
}

/* Sparks one below the other, in the order of the terminal. */
static struct json *rows_channel(const struct chart *chart)
{
	struct json *object = channel("series", "nominal", NULL);
	struct json *names = json_new_array();
	struct json *header = json_new_object();

	for (size_t i = 0; i < chart->series.count; i++)
		json_push_take(names,
			       json_new_text(chart->series.items[i].name));
	json_put_take(object, "sort", names);
	json_put_null(header, "title");
	json_put_number(header, "labelAngle", 0);
	json_put_text(header, "labelAlign", "left");
	json_put_take(object, "header", header);
	return object;
}

static struct json *encoding(const struct chart *chart)
{
	struct json *object = json_new_object();

	if (chart->kind == CHART_NUMBER) {
		struct json *names = names_channel("x", NULL);

		json_put_null(names, "title");
		json_put_take(object, "y", names);
		json_put_take(object, "text", channel("text", "nominal", NULL));
		return object;
	}
	if (chart->kind == CHART_HEAT) {
		json_put_take(object, "x", below_channel(chart));
		json_put_take(object, "y", names_channel("y", chart->y.name));
		json_put_take(object, "color", cell_color(chart));
		json_put_take(object, "tooltip", tooltips(chart));
		return object;
	}
	json_put_take(object, chart->kind == CHART_HBAR ? "y" : "x",
		      x_channel(chart));
	json_put_take(object, chart->kind == CHART_HBAR ? "x" : "y",
		      y_channel(chart));
	if (chart->kind == CHART_HIST) {
		struct json *end = json_new_object();

		json_put_text(end, "field", "x2");
		json_put_take(object, "x2", end);
	}
	put_offset(object, chart);
	put_log_base(object, chart);
	if (chart->stacked)
		json_put_take(object, "order",
			      channel("order", "quantitative", NULL));
	if (chart->kind == CHART_SPARK && chart->series.count > 1)
		json_put_take(object, "row", rows_channel(chart));
	else
		put_color(object, chart);
	json_put_take(object, "tooltip", tooltips(chart));
	return object;
}

/* ---- all ---- */

static struct json *mark(const struct chart *chart)
{
	static const char *const types[CHART_KINDS] = {
		[CHART_GUESS] = "bar",  [CHART_BAR] = "bar",
		[CHART_HBAR] = "bar",   [CHART_LINE] = "line",
		[CHART_AREA] = "area",  [CHART_SCATTER] = "point",
		[CHART_HIST] = "bar",   [CHART_HEAT] = "rect",
		[CHART_SPARK] = "line", [CHART_NUMBER] = "text",
	};
	struct json *object = json_new_object();

	json_put_text(object, "type", types[chart->kind]);
	if (chart->kind == CHART_NUMBER)
		json_put_number(object, "fontSize", NUMBER_SIZE);
	if (chart->kind == CHART_AREA && !chart->stacked) {
		json_put_double(object, "opacity", 0.3);
		json_put_bool(object, "line", true);
	}
	return object;
}

/* With what is left out or added up. */
static void put_title(struct json *spec, const struct chart *chart)
{
	struct json *title, *lines;

	if (chart->notes.count == 0) {
		json_put_text(spec, "title", chart->title);
		return;
	}
	title = json_new_object();
	lines = json_new_array();
	json_put_text(title, "text", chart->title);
	for (size_t i = 0; i < chart->notes.count; i++)
		json_push_take(lines, json_new_text(chart->notes.items[i]));
	json_put_take(title, "subtitle", lines);
	json_put_take(spec, "title", title);
}

/* Sparks have a scale each: their measures may have nothing in common. */
static void put_height(struct json *spec, const struct chart *chart)
{
	struct json *step = json_new_object();

	if (chart->kind == CHART_NUMBER) {
		json_put_number(step, "step", NUMBER_SIZE * 3 / 2);
		json_put_take(spec, "height", step);
		return;
	}
	if (chart->kind == CHART_SPARK && chart->series.count > 1) {
		struct json *resolve = json_new_object();

		json_put_text(step, "y", "independent");
		json_put_take(resolve, "scale", step);
		json_put_take(spec, "resolve", resolve);
		json_put_number(spec, "height", SPARK_HEIGHT);
		return;
	}
	json_free(step);
	if (chart->kind != CHART_HBAR && chart->kind != CHART_HEAT)
		json_put_number(spec, "height", 320);
}

void vega_chart(const struct chart *chart, struct str *out)
{
	CLEANUP(json_freep) struct json *spec = json_new_object();

	json_put_text(spec, "$schema",
		      "https://vega.github.io/schema/vega-lite/v5.json");
	put_title(spec, chart);
	json_put_number(spec, "width", WIDTH);
	put_height(spec, chart);
	put_data(spec, chart);
	json_put_take(spec, "mark", mark(chart));
	json_put_take(spec, "encoding", encoding(chart));
	json_add_pretty(out, spec);
	str_add_char(out, '\n');
}
