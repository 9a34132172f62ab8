#include "aws/quicksight_visual.h"

#include <string.h>

#include "base/str.h"
#include "data/json.h"

enum {
	MOST_BARS = 20,		/* the rest is added up as other */
	TITLE_CHARACTERS = 512,	/* model: ShortPlainText */
};

struct writing {
	const struct quicksight_visual *visual;
	const struct quicksight_columns *columns;
	const struct quicksight_place *place;
	int fields;
};

/* Where a kind's columns go. NULL: nothing of that. */
static const struct {
	const char *visual;
	const char *wells;	/* NULL: the wells are FieldWells itself */
	const char *x, *by, *values;
} kinds[QUICKSIGHT_KIND_COUNT] = {
	[QUICKSIGHT_KPI] = { "KPIVisual", NULL, NULL, NULL, "Values" },
	[QUICKSIGHT_BAR] = { "BarChartVisual", "BarChartAggregatedFieldWells",
			     "Category", "Colors", "Values" },
	[QUICKSIGHT_HBAR] = { "BarChartVisual", "BarChartAggregatedFieldWells",
			      "Category", "Colors", "Values" },
	[QUICKSIGHT_LINE] = { "LineChartVisual",
			      "LineChartAggregatedFieldWells", "Category",
			      "Colors", "Values" },
	[QUICKSIGHT_AREA] = { "LineChartVisual",
			      "LineChartAggregatedFieldWells", "Category",
			      "Colors", "Values" },
	[QUICKSIGHT_PIE] = { "PieChartVisual", "PieChartAggregatedFieldWells",
			     "Category", NULL, "Values" },
	[QUICKSIGHT_PIVOT] = { "PivotTableVisual",
			       "PivotTableAggregatedFieldWells", "Rows",
			       "Columns", "Values" },
	[QUICKSIGHT_HEAT] = { "HeatMapVisual", "HeatMapAggregatedFieldWells",
			      "Rows", "Columns", "Values" },
	[QUICKSIGHT_HIST] = { "HistogramVisual", "HistogramAggregatedFieldWells",
			      NULL, NULL, "Values" },
	[QUICKSIGHT_SCATTER] = { "ScatterPlotVisual", NULL, NULL, NULL, NULL },
	[QUICKSIGHT_TABLE] = { "TableVisual", "TableUnaggregatedFieldWells",
			       NULL, NULL, NULL },
};

struct json *quicksight_column_of(const struct quicksight_column *column,
				  const char *data_set)
{
	struct json *json = json_new_object();

	json_put_text(json, "DataSetIdentifier", data_set);
	json_put_text(json, "ColumnName", column->name);
	return json;
}

static const struct quicksight_column *column_at(const struct writing *writing,
						 size_t at)
{
	return &writing->columns->items[at];
}

/* --- fields --- */

static void add_field_id(const struct writing *writing, int number,
			 struct str *out)
{
	str_addf(out, "%s-f%d", writing->place->id, number);
}

static struct json *new_field(struct writing *writing, size_t at)
{
	struct json *json = json_new_object();
	CLEANUP(str_done) struct str id = STR_EMPTY;

	add_field_id(writing, ++writing->fields, &id);
	json_put_text(json, "FieldId", id.text);
	json_put_take(json, "Column",
		      quicksight_column_of(column_at(writing, at),
					   writing->place->data_set));
	return json;
}

static struct json *wrap(const char *name, struct json *inner)
{
	struct json *json = json_new_object();

	json_put_take(json, name, inner);
	return json;
}

static struct json *list_of(struct json *item)
{
	struct json *list = json_new_array();

	json_push_take(list, item);
	return list;
}

/* Booleans are numbers 0 and 1 once they are in a data set. */
static struct json *dimension(struct writing *writing, size_t at)
{
	const struct quicksight_column *column = column_at(writing, at);
	struct json *field = new_field(writing, at);

	switch (column->type) {
	case QUICKSIGHT_STRING:
		return wrap("CategoricalDimensionField", field);
	case QUICKSIGHT_DATETIME:
		json_put_text(field, "DateGranularity",
			      quicksight_granularity(column));
		return wrap("DateDimensionField", field);
	case QUICKSIGHT_INTEGER:
	case QUICKSIGHT_FIXED:
	case QUICKSIGHT_FLOAT:
	case QUICKSIGHT_BIT:
		break;
	}
	return wrap("NumericalDimensionField", field);
}

static struct json *numeric(struct json *field, const char *function)
{
	json_put_take(field, "AggregationFunction",
		      wrap("SimpleNumericalAggregation",
			   json_new_text(function)));
	return wrap("NumericalMeasureField", field);
}

static struct json *measure(struct writing *writing, size_t at)
{
	struct json *field = new_field(writing, at);

	return numeric(field, quicksight_aggregation(column_at(writing, at)));
}

/* The rows, by a column that is there. */
static struct json *count_of(struct writing *writing, size_t at)
{
	struct json *field = new_field(writing, at);

	switch (column_at(writing, at)->type) {
	case QUICKSIGHT_STRING:
		json_put_text(field, "AggregationFunction", "COUNT");
		return wrap("CategoricalMeasureField", field);
	case QUICKSIGHT_DATETIME:
		json_put_text(field, "AggregationFunction", "COUNT");
		return wrap("DateMeasureField", field);
	case QUICKSIGHT_INTEGER:
	case QUICKSIGHT_FIXED:
	case QUICKSIGHT_FLOAT:
	case QUICKSIGHT_BIT:
		break;
	}
	return numeric(field, "COUNT");
}

static struct json *measures(struct writing *writing)
{
	const struct quicksight_visual *visual = writing->visual;
	struct json *list = json_new_array();

	for (size_t i = 0; i < visual->measures.count; i++)
		json_push_take(list,
			       measure(writing, visual->measures.items[i]));
	if (visual->measures.count == 0)
		json_push_take(list, count_of(writing, visual->x >= 0
							       ? (size_t)visual->x
							       : 0));
	return list;
}

/* --- field wells --- */

static struct json *usual_wells(struct writing *writing)
{
	const struct quicksight_visual *visual = writing->visual;
	struct json *wells = json_new_object();
	enum quicksight_kind kind = visual->kind;

	if (kinds[kind].x && visual->x >= 0)
		json_put_take(wells, kinds[kind].x,
			      list_of(dimension(writing, (size_t)visual->x)));
	json_put_take(wells, kinds[kind].values, measures(writing));
	if (kinds[kind].by && visual->by >= 0)
		json_put_take(wells, kinds[kind].by,
			      list_of(dimension(writing, (size_t)visual->by)));
	return kinds[kind].wells ? wrap(kinds[kind].wells, wells) : wells;
}

/* Added up for each category; without one a point is a row. */
static struct json *scatter_wells(struct writing *writing)
{
	const struct quicksight_visual *visual = writing->visual;
	size_t x = visual->measures.items[0];
	size_t y = visual->measures.items[1];
	struct json *wells = json_new_object();

	if (visual->by < 0) {
		json_put_take(wells, "XAxis", list_of(dimension(writing, x)));
		json_put_take(wells, "YAxis", list_of(dimension(writing, y)));
		return wrap("ScatterPlotUnaggregatedFieldWells", wells);
	}
	json_put_take(wells, "XAxis", list_of(measure(writing, x)));
	json_put_take(wells, "YAxis", list_of(measure(writing, y)));
	json_put_take(wells, "Category",
		      list_of(dimension(writing, (size_t)visual->by)));
	return wrap("ScatterPlotCategoricallyAggregatedFieldWells", wells);
}

static struct json *table_wells(struct writing *writing)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < writing->columns->count; i++)
		json_push_take(list, new_field(writing, i));
	return wrap("TableUnaggregatedFieldWells", wrap("Values", list));
}

/* --- what a chart has beside its fields --- */

static struct json *label(struct writing *writing, size_t at, int field)
{
	struct json *apply = json_new_object();
	struct json *option = json_new_object();
	CLEANUP(str_done) struct str text = STR_EMPTY;

	add_field_id(writing, field, &text);
	json_put_text(apply, "FieldId", text.text);
	json_put_take(apply, "Column",
		      quicksight_column_of(column_at(writing, at),
					   writing->place->data_set));
	str_clear(&text);
	quicksight_add_label(column_at(writing, at)->name, &text);
	json_put_text(option, "CustomLabel", text.text);
	json_put_take(option, "ApplyTo", apply);
	return wrap("AxisLabelOptions", list_of(option));
}

static struct json *sort_by(struct writing *writing, int field,
			    const char *direction)
{
	struct json *sort = json_new_object();
	CLEANUP(str_done) struct str id = STR_EMPTY;

	add_field_id(writing, field, &id);
	json_put_text(sort, "FieldId", id.text);
	json_put_text(sort, "Direction", direction);
	return list_of(wrap("FieldSort", sort));
}

/* Names by size, dates and numbers in their own order. */
static void put_sort(struct writing *writing, struct json *chart)
{
	const struct quicksight_column *x =
		column_at(writing, (size_t)writing->visual->x);
	bool named = x->type == QUICKSIGHT_STRING;
	struct json *sort = json_new_object();
	struct json *limit = json_new_object();

	json_put_take(sort, "CategorySort",
		      sort_by(writing, named ? 2 : 1, named ? "DESC" : "ASC"));
	if (named) {
		json_put_number(limit, "ItemsLimit", MOST_BARS);
		json_put_text(limit, "OtherCategories", "INCLUDE");
		json_put_take(sort, "CategoryItemsLimit", limit);
	} else {
		json_free(limit);
	}
	json_put_take(chart, "SortConfiguration", sort);
}

static void put_bars(struct writing *writing, struct json *chart)
{
	const struct quicksight_visual *visual = writing->visual;

	put_sort(writing, chart);
	json_put_text(chart, "Orientation",
		      visual->kind == QUICKSIGHT_HBAR ? "HORIZONTAL"
						      : "VERTICAL");
	json_put_text(chart, "BarsArrangement",
		      visual->by >= 0 ? "STACKED" : "CLUSTERED");
	json_put_take(chart, "CategoryLabelOptions",
		      label(writing, (size_t)visual->x, 1));
	if (visual->measures.count == 1)
		json_put_take(chart, "ValueLabelOptions",
			      label(writing, visual->measures.items[0], 2));
}

static void put_lines(struct writing *writing, struct json *chart)
{
	const struct quicksight_visual *visual = writing->visual;
	struct json *sort = json_new_object();

	json_put_take(sort, "CategorySort", sort_by(writing, 1, "ASC"));
	json_put_take(chart, "SortConfiguration", sort);
	json_put_text(chart, "Type",
		      visual->kind == QUICKSIGHT_LINE ? "LINE"
		      : visual->by >= 0		      ? "STACKED_AREA"
						      : "AREA");
	json_put_take(chart, "XAxisLabelOptions",
		      label(writing, (size_t)visual->x, 1));
	if (visual->measures.count == 1)
		json_put_take(chart, "PrimaryYAxisLabelOptions",
			      label(writing, visual->measures.items[0], 2));
}

/* Headings of a table or pivot table: the fields in their order. */
static struct json *headings(struct writing *writing)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < writing->columns->count; i++) {
		struct json *option = json_new_object();
		CLEANUP(str_done) struct str text = STR_EMPTY;

		add_field_id(writing, (int)i + 1, &text);
		json_put_text(option, "FieldId", text.text);
		str_clear(&text);
		quicksight_add_label(column_at(writing, i)->name, &text);
		json_put_text(option, "CustomLabel", text.text);
		json_push_take(list, option);
	}
	return wrap("SelectedFieldOptions", list);
}

static struct json *configuration(struct writing *writing)
{
	struct json *chart = json_new_object();

	switch (writing->visual->kind) {
	case QUICKSIGHT_SCATTER:
		json_put_take(chart, "FieldWells", scatter_wells(writing));
		return chart;
	case QUICKSIGHT_TABLE:
		json_put_take(chart, "FieldWells", table_wells(writing));
		json_put_take(chart, "FieldOptions", headings(writing));
		return chart;
	case QUICKSIGHT_BAR:
	case QUICKSIGHT_HBAR:
	case QUICKSIGHT_PIE:
		json_put_take(chart, "FieldWells", usual_wells(writing));
		if (writing->visual->kind == QUICKSIGHT_PIE)
			put_sort(writing, chart);
		else
			put_bars(writing, chart);
		return chart;
	case QUICKSIGHT_LINE:
	case QUICKSIGHT_AREA:
		json_put_take(chart, "FieldWells", usual_wells(writing));
		put_lines(writing, chart);
		return chart;
	case QUICKSIGHT_GUESS:
	case QUICKSIGHT_KPI:
	case QUICKSIGHT_PIVOT:
	case QUICKSIGHT_HEAT:
	case QUICKSIGHT_HIST:
	case QUICKSIGHT_KIND_COUNT:
		break;
	}
	json_put_take(chart, "FieldWells", usual_wells(writing));
	return chart;
}

static struct json *title_of(const struct writing *writing)
{
	struct json *title = json_new_object();
	CLEANUP(str_done) struct str text = STR_EMPTY;

	quicksight_add_title(writing->visual, writing->columns, &text);
	quicksight_cut(&text, TITLE_CHARACTERS);
	json_put_text(title, "Visibility", "VISIBLE");
	json_put_take(title, "FormatText",
		      wrap("PlainText", json_new_text(text.text)));
	return title;
}

struct json *quicksight_visual(const struct quicksight_visual *visual,
			       const struct quicksight_columns *columns,
			       const struct quicksight_place *place)
{
	struct writing writing = { visual, columns, place, 0 };
	struct json *json = json_new_object();

	json_put_text(json, "VisualId", place->id);
	json_put_take(json, "Title", title_of(&writing));
	json_put_take(json, "ChartConfiguration", configuration(&writing));
	return wrap(kinds[visual->kind].visual, json);
}
