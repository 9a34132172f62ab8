/* Which visuals show which columns, and what becomes of them in JSON. */
#include "../check.h"

#include <stdio.h>

#include "aws/quicksight_definition.h"
#include "aws/quicksight_shape.h"
#include "aws/quicksight_visual.h"
#include "base/str.h"
#include "data/json.h"

/* "day:d region:s sold:i revenue:n" */
static void read_columns(struct quicksight_columns *columns, const char *text)
{
	static const char letters[] = "sinfdb";

	while (*text) {
		size_t len = strcspn(text, ":");
		CLEANUP(mem_freep) char *name = mem_copy_slice(text, len);
		const char *letter = strchr(letters, text[len + 1]);

		quicksight_columns_add(
			columns, name,
			(enum quicksight_type)(letter - letters));
		text += len + 2;
		text += strspn(text, " ");
	}
}

/* "line(day; revenue; region) table" */
static void add_visuals(const struct quicksight_visuals *visuals,
			const struct quicksight_columns *columns,
			struct str *out)
{
	for (size_t i = 0; i < visuals->count; i++) {
		const struct quicksight_visual *visual = &visuals->items[i];

		str_addf(out, "%s%s(", i > 0 ? " " : "",
			 quicksight_kind_name(visual->kind));
		str_add(out, visual->x >= 0 ? columns->items[visual->x].name
					    : "");
		str_add(out, "; ");
		for (size_t m = 0; m < visual->measures.count; m++)
			str_addf(out, "%s%s", m > 0 ? ", " : "",
				 columns->items[visual->measures.items[m]].name);
		str_addf(out, "; %s)",
			 visual->by >= 0 ? columns->items[visual->by].name
					 : "");
	}
}

static const struct {
	const char *columns;
	const char *kind;	/* "": guessed */
	const char *expected;	/* NULL: refused */
} cases[] = {
	/* guessed by the shape */
	{ "revenue:n", "", "kpi(; revenue; )" },
	{ "sold:i", "", "kpi(; sold; )" },
	{ "region:s sold:i", "", "bar(region; sold; )" },
	{ "region:s", "", "bar(region; ; )" },
	{ "paid:b", "", "bar(paid; ; )" },
	{ "year:i sold:i", "", "bar(year; sold; )" },
	{ "eventid:i sold:i", "", "bar(eventid; sold; )" },
	{ "region:s sold:i revenue:n", "",
	  "bar(region; sold; ) bar(region; revenue; )" },
	{ "region:s a:n b:n c:n d:n", "",
	  "bar(region; a; ) bar(region; b; ) bar(region; c; )" },
	{ "day:d revenue:n", "", "line(day; revenue; )" },
	{ "day:d", "", "line(day; ; )" },
	{ "day:d region:s", "", "line(day; ; region)" },
	{ "day:d region:s revenue:n", "",
	  "line(day; revenue; region) bar(region; revenue; )" },
	{ "region:s product:s sold:i", "",
	  "pivot(region; sold; product) bar(region; sold; )" },
	{ "region:s product:s", "", "bar(region; ; )" },
	{ "revenue:n weight:f", "", "scatter(; revenue, weight; )" },
	{ "a:n b:n c:n", "", "scatter(; a, b; )" },
	/* numbers whose names say what they are */
	{ "days:i", "", "kpi(; days; )" },
	{ "day_count:i", "", "kpi(; day_count; )" },
	{ "month:i revenue:n", "", "bar(month; revenue; )" },
	{ "month:n", "", "kpi(; month; )" },
	/* asked for */
	{ "day:d revenue:n sold:i", "kpi", "kpi(; revenue; ) kpi(; sold; )" },
	{ "region:s", "kpi", "kpi(; ; )" },
	{ "day:d region:s revenue:n", "bar", "bar(region; revenue; )" },
	{ "day:d revenue:n", "bar", "bar(day; revenue; )" },
	{ "region:s revenue:n", "hbar", "hbar(region; revenue; )" },
	{ "region:s revenue:n", "line", "line(region; revenue; )" },
	{ "day:d region:s revenue:n", "area", "area(day; revenue; region)" },
	{ "region:s revenue:n", "pie", "pie(region; revenue; )" },
	{ "region:s revenue:n", "pivot", "pivot(region; revenue; )" },
	{ "day:d a:n b:n", "pivot", "pivot(day; a, b; )" },
	{ "region:s day:d revenue:n", "heat", "heat(region; revenue; day)" },
	{ "region:s a:n b:n", "scatter", "scatter(; a, b; region)" },
	{ "revenue:n", "hist", "hist(; revenue; )" },
	{ "region:s revenue:n", "table", "" },
	{ "sold:i", "number", "kpi(; sold; )" },
	/* refused */
	{ "revenue:n", "bar", NULL },
	{ "revenue:n", "line", NULL },
	{ "revenue:n", "pie", NULL },
	{ "revenue:n", "pivot", NULL },
	{ "region:s revenue:n", "heat", NULL },
	{ "region:s revenue:n", "scatter", NULL },
	{ "region:s", "hist", NULL },
};

static void the_shape_chooses_the_visuals(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(quicksight_columns_done)
		struct quicksight_columns columns = { 0 };
		CLEANUP(quicksight_visuals_done)
		struct quicksight_visuals visuals = { 0 };
		CLEANUP(str_done) struct str got = STR_EMPTY;
		struct quicksight_say say = { .by = QUICKSIGHT_NO_COLUMN };
		struct err err = ERR_EMPTY;
		bool ok;

		read_columns(&columns, cases[i].columns);
		if (*cases[i].kind)
			assert_true(quicksight_kind_find(cases[i].kind,
							 &say.kind));
		ok = quicksight_shape_add(&visuals, &columns, &say, &err);
		add_visuals(&visuals, &columns, &got);
		if (ok != (cases[i].expected != NULL))
			fail_msg("%s %s: %s", cases[i].columns, cases[i].kind,
				 ok ? got.text : err.message);
		if (ok)
			assert_text(got.text, cases[i].expected);
		else
			assert_true(err.hint[0] != '\0');
	}
}

static void named_columns_are_taken(void **state)
{
	CLEANUP(quicksight_columns_done)
	struct quicksight_columns columns = { 0 };
	CLEANUP(quicksight_visuals_done)
	struct quicksight_visuals visuals = { 0 };
	CLEANUP(str_done) struct str got = STR_EMPTY;
	const size_t named[] = { 1, 3 };
	struct quicksight_say say = { .kind = QUICKSIGHT_BAR,
				      .named = named,
				      .named_count = 2,
				      .by = 0,
				      .title = "Mine" };

	(void)state;
	read_columns(&columns, "region:s product:s sold:i revenue:n");
	assert_true(quicksight_shape_add(&visuals, &columns, &say, NULL));
	quicksight_shape_table(&visuals);
	add_visuals(&visuals, &columns, &got);
	assert_text(got.text, "bar(product; revenue; region) table(; ; )");
	assert_text(visuals.items[0].title, "Mine");
}

static const struct {
	const char *column;
	const char *aggregation;
	const char *granularity;
	const char *label;
} names[] = {
	{ "revenue:n", "SUM", "DAY", "Revenue" },
	{ "avg_price:n", "AVERAGE", "DAY", "Avg price" },
	{ "margin_pct:n", "AVERAGE", "DAY", "Margin pct" },
	{ "max_seats:i", "MAX", "DAY", "Max seats" },
	{ "Min Seats:i", "MIN", "DAY", "Min Seats" },
	{ "order_month:d", "SUM", "MONTH", "Order month" },
	{ "week:d", "SUM", "WEEK", "Week" },
	{ "minutes:i", "SUM", "DAY", "Minutes" },
	{ "pricey:n", "SUM", "DAY", "Pricey" },
};

static void names_say_how_values_are_added_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		CLEANUP(quicksight_columns_done)
		struct quicksight_columns columns = { 0 };
		CLEANUP(str_done) struct str label = STR_EMPTY;

		read_columns(&columns, names[i].column);
		quicksight_add_label(columns.items[0].name, &label);
		assert_text(quicksight_aggregation(&columns.items[0]),
			    names[i].aggregation);
		assert_text(quicksight_granularity(&columns.items[0]),
			    names[i].granularity);
		assert_text(label.text, names[i].label);
	}
}

static void names_are_unique_and_short(void **state)
{
	static const struct {
		const char *columns;
		const char *words;	/* NULL: fine */
	} rows[] = {
		{ "a:i b:i", NULL },
		{ "a:i A:i", "called \"A\"" },
		{ "?column?:i", "has no name" },
		{ "", "no columns" },
	};
	CLEANUP(quicksight_columns_done)
	struct quicksight_columns many = { 0 };
	struct err err = ERR_EMPTY;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(quicksight_columns_done)
		struct quicksight_columns columns = { 0 };

		read_columns(&columns, rows[i].columns);
		assert_int_equal(quicksight_columns_check(&columns, &err),
				 rows[i].words == NULL);
		if (rows[i].words)
			assert_non_null(strstr(err.message, rows[i].words));
	}
	for (int i = 0; i < 201; i++) {
		char name[16];

		snprintf(name, sizeof(name), "c%d", i);
		quicksight_columns_add(&many, name, QUICKSIGHT_INTEGER);
	}
	assert_false(quicksight_columns_check(&many, &err));
}

/* A visual's JSON without its title and options: the field wells. */
static void field_wells_hold_the_columns(void **state)
{
	static const struct {
		const char *columns;
		const char *kind;
		const char *visual;
		const char *wells;
	} rows[] = {
		{ "region:s sold:i", "bar", "BarChartVisual",
		  "{\"BarChartAggregatedFieldWells\":{\"Category\":[{"
		  "\"CategoricalDimensionField\":{\"FieldId\":\"v-f1\","
		  "\"Column\":{\"DataSetIdentifier\":\"ds\",\"ColumnName\":"
		  "\"region\"}}}],\"Values\":[{\"NumericalMeasureField\":{"
		  "\"FieldId\":\"v-f2\",\"Column\":{\"DataSetIdentifier\":"
		  "\"ds\",\"ColumnName\":\"sold\"},\"AggregationFunction\":{"
		  "\"SimpleNumericalAggregation\":\"SUM\"}}}]}}" },
		{ "month:d", "line", "LineChartVisual",
		  "{\"LineChartAggregatedFieldWells\":{\"Category\":[{"
		  "\"DateDimensionField\":{\"FieldId\":\"v-f1\",\"Column\":{"
		  "\"DataSetIdentifier\":\"ds\",\"ColumnName\":\"month\"},"
		  "\"DateGranularity\":\"MONTH\"}}],\"Values\":[{"
		  "\"DateMeasureField\":{\"FieldId\":\"v-f2\",\"Column\":{"
		  "\"DataSetIdentifier\":\"ds\",\"ColumnName\":\"month\"},"
		  "\"AggregationFunction\":\"COUNT\"}}]}}" },
		{ "avg_price:n", "kpi", "KPIVisual",
		  "{\"Values\":[{\"NumericalMeasureField\":{\"FieldId\":"
		  "\"v-f1\",\"Column\":{\"DataSetIdentifier\":\"ds\","
		  "\"ColumnName\":\"avg_price\"},\"AggregationFunction\":{"
		  "\"SimpleNumericalAggregation\":\"AVERAGE\"}}}]}" },
		{ "paid:b", "pie", "PieChartVisual",
		  "{\"PieChartAggregatedFieldWells\":{\"Category\":[{"
		  "\"NumericalDimensionField\":{\"FieldId\":\"v-f1\","
		  "\"Column\":{\"DataSetIdentifier\":\"ds\",\"ColumnName\":"
		  "\"paid\"}}}],\"Values\":[{\"NumericalMeasureField\":{"
		  "\"FieldId\":\"v-f2\",\"Column\":{\"DataSetIdentifier\":"
		  "\"ds\",\"ColumnName\":\"paid\"},\"AggregationFunction\":{"
		  "\"SimpleNumericalAggregation\":\"COUNT\"}}}]}}" },
		{ "a:n b:f", "scatter", "ScatterPlotVisual",
		  "{\"ScatterPlotUnaggregatedFieldWells\":{\"XAxis\":[{"
		  "\"NumericalDimensionField\":{\"FieldId\":\"v-f1\","
		  "\"Column\":{\"DataSetIdentifier\":\"ds\",\"ColumnName\":"
		  "\"a\"}}}],\"YAxis\":[{\"NumericalDimensionField\":{"
		  "\"FieldId\":\"v-f2\",\"Column\":{\"DataSetIdentifier\":"
		  "\"ds\",\"ColumnName\":\"b\"}}}]}}" },
		{ "a \"b\":i", "hist", "HistogramVisual",
		  "{\"HistogramAggregatedFieldWells\":{\"Values\":[{"
		  "\"NumericalMeasureField\":{\"FieldId\":\"v-f1\",\"Column\":{"
		  "\"DataSetIdentifier\":\"ds\",\"ColumnName\":\"a \\\"b\\\"\"},"
		  "\"AggregationFunction\":{\"SimpleNumericalAggregation\":"
		  "\"SUM\"}}}]}}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(quicksight_columns_done)
		struct quicksight_columns columns = { 0 };
		CLEANUP(quicksight_visuals_done)
		struct quicksight_visuals visuals = { 0 };
		CLEANUP(json_freep) struct json *json = NULL;
		CLEANUP(str_done) struct str got = STR_EMPTY;
		struct quicksight_place place = { "v", "ds" };
		struct quicksight_say say = { .by = QUICKSIGHT_NO_COLUMN };
		const struct json *visual;

		read_columns(&columns, rows[i].columns);
		assert_true(quicksight_kind_find(rows[i].kind, &say.kind));
		assert_true(quicksight_shape_add(&visuals, &columns, &say,
						 NULL));
		json = quicksight_visual(&visuals.items[0], &columns, &place);
		visual = json_key(json, rows[i].visual);
		assert_text(json_text(visual, "VisualId", ""), "v");
		json_add(&got, json_at(visual,
				       "ChartConfiguration.FieldWells"));
		assert_text(got.text, rows[i].wells);
	}
}

static void a_sheet_has_filters_and_a_layout(void **state)
{
	CLEANUP(quicksight_sheets_done) struct quicksight_sheets sheets = { 0 };
	struct quicksight_sheet sheet = { .title = mem_copy_text("Sales"),
					  .sql = mem_copy_text("select"),
					  .data_set_arn = mem_copy_text("A") };
	struct quicksight_say say = { .by = QUICKSIGHT_NO_COLUMN };
	CLEANUP(json_freep) struct json *json = NULL;

	(void)state;
	read_columns(&sheet.columns, "region:s day:d revenue:n");
	assert_true(quicksight_shape_add(&sheet.visuals, &sheet.columns, &say,
					 NULL));
	quicksight_shape_table(&sheet.visuals);
	vec_push(&sheets, sheet);
	json = quicksight_definition(&sheets);
	assert_text(json_text(json, "DataSetIdentifierDeclarations.0."
				    "Identifier", ""),
		    "Sales");
	/* Dates before texts. */
	assert_int_equal(json_count(json_key(json, "FilterGroups")), 2);
	assert_text(json_text(json, "FilterGroups.0.Filters.0.TimeRangeFilter."
				    "Column.ColumnName", ""),
		    "day");
	assert_text(json_text(json, "FilterGroups.1.Filters.0.CategoryFilter."
				    "Column.ColumnName", ""),
		    "region");
	assert_text(json_text(json, "Sheets.0.FilterControls.1.Dropdown."
				    "SourceFilterId", ""),
		    "s1-filter2");
	assert_text(json_text(json, "Sheets.0.Layouts.0.Configuration."
				    "GridLayout.Elements.2.ElementId", ""),
		    "s1-table");
	assert_int_equal(json_number(json, "Sheets.0.Layouts.0.Configuration."
					   "GridLayout.Elements.2.RowIndex", 0),
			 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shape_chooses_the_visuals),
		cmocka_unit_test(named_columns_are_taken),
		cmocka_unit_test(names_say_how_values_are_added_up),
		cmocka_unit_test(names_are_unique_and_short),
		cmocka_unit_test(field_wells_hold_the_columns),
		cmocka_unit_test(a_sheet_has_filters_and_a_layout),
	};

	return RUN_TESTS(tests);
}
