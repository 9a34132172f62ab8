#include "aws/quicksight_definition.h"

#include <string.h>

#include "aws/quicksight_visual.h"
#include "base/str.h"
#include "data/json.h"

enum {
	GRID_COLUMNS = 36,	/* of a sheet */
	CONTROL_COLUMNS = 6,
	KPI_COLUMNS = 12,
	KPI_ROWS = 6,
	CHART_ROWS = 12,
	TABLE_ROWS = 14,	/* model: a RowSpan is 21 at most */
	MOST_CONTROLS = 8,	/* of a sheet: one screen's width */
};

void quicksight_sheets_done(struct quicksight_sheets *sheets)
{
	for (size_t i = 0; i < sheets->count; i++) {
		struct quicksight_sheet *sheet = &sheets->items[i];

		mem_free(sheet->title);
		mem_free(sheet->text);
		mem_free(sheet->sql);
		quicksight_columns_done(&sheet->columns);
		quicksight_visuals_done(&sheet->visuals);
		mem_free(sheet->data_set_arn);
	}
	vec_done(sheets);
}

void quicksight_add_sheet_id(size_t at, struct str *out)
{
	str_addf(out, "s%zu", at + 1);
}

static void add_visual_id(const struct quicksight_sheet *sheet, size_t at,
			  const char *sheet_id, struct str *out)
{
	if (sheet->visuals.items[at].kind == QUICKSIGHT_TABLE)
		str_addf(out, "%s-table", sheet_id);
	else
		str_addf(out, "%s-v%zu", sheet_id, at + 1);
}

/* --- titles --- */

static bool is_taken(const struct quicksight_sheets *sheets, size_t at,
		     const char *title)
{
	for (size_t i = 0; i < sheets->count; i++)
		if (i != at && str_equal_nocase(sheets->items[i].title, title))
			return true;
	return false;
}

void quicksight_sheets_tell_apart(struct quicksight_sheets *sheets)
{
	for (size_t i = 1; i < sheets->count; i++) {
		struct quicksight_sheet *sheet = &sheets->items[i];
		struct quicksight_sheets before = *sheets;
		CLEANUP(str_done) struct str title = STR_EMPTY;

		before.count = i;
		if (!is_taken(&before, i, sheet->title))
			continue;
		for (int n = 2;
		     title.len == 0 || is_taken(sheets, i, title.text); n++) {
			str_clear(&title);
			str_addf(&title, "%s (%d)", sheet->title, n);
		}
		mem_free(sheet->title);
		sheet->title = str_take(&title);
	}
}

/* --- layout --- */

struct place {
	int column, row, columns, rows;
};

static void push_element(struct json *elements, const char *id,
			 const char *type, const struct place *place)
{
	struct json *element = json_new_object();

	json_put_text(element, "ElementId", id);
	json_put_text(element, "ElementType", type);
	json_put_number(element, "ColumnIndex", place->column);
	json_put_number(element, "ColumnSpan", place->columns);
	json_put_number(element, "RowIndex", place->row);
	json_put_number(element, "RowSpan", place->rows);
	json_push_take(elements, element);
}

static struct json *grid_of(struct json *elements)
{
	struct json *grid = json_new_object();
	struct json *configuration = json_new_object();
	struct json *layout = json_new_object();
	struct json *layouts = json_new_array();

	json_put_take(grid, "Elements", elements);
	json_put_take(configuration, "GridLayout", grid);
	json_put_take(layout, "Configuration", configuration);
	json_push_take(layouts, layout);
	return layouts;
}

static size_t count_charts(const struct quicksight_sheet *sheet, bool kpis)
{
	size_t count = 0;

	for (size_t i = 0; i < sheet->visuals.count; i++) {
		enum quicksight_kind kind = sheet->visuals.items[i].kind;

		count += kpis ? kind == QUICKSIGHT_KPI
			      : kind != QUICKSIGHT_KPI &&
					kind != QUICKSIGHT_TABLE;
	}
	return count;
}

/* KPIs three in a row, charts two, the last of an odd number wide. */
static struct place place_of(const struct quicksight_sheet *sheet, size_t at)
{
	enum quicksight_kind kind = sheet->visuals.items[at].kind;
	int kpi_rows = (int)(count_charts(sheet, true) + 2) / 3 * KPI_ROWS;
	size_t charts = count_charts(sheet, false);
	size_t before = 0;
	struct place place = { 0, kpi_rows, GRID_COLUMNS, CHART_ROWS };

	for (size_t i = 0; i < at; i++)
		before += (sheet->visuals.items[i].kind == QUICKSIGHT_KPI) ==
			  (kind == QUICKSIGHT_KPI);
	if (kind == QUICKSIGHT_KPI)
		return (struct place){ (int)(before % 3) * KPI_COLUMNS,
				       (int)(before / 3) * KPI_ROWS,
				       KPI_COLUMNS, KPI_ROWS };
	if (kind == QUICKSIGHT_TABLE) {
		place.row += (int)(charts + 1) / 2 * CHART_ROWS;
		place.rows = TABLE_ROWS;
		return place;
	}
	place.row += (int)(before / 2) * CHART_ROWS;
	if (before + 1 < charts || before % 2 == 1) {
		place.columns = GRID_COLUMNS / 2;
		place.column = (int)(before % 2) * GRID_COLUMNS / 2;
	}
	return place;
}

/* --- filters --- */

static bool has_filter(const struct quicksight_column *column)
{
	return column->type == QUICKSIGHT_STRING ||
	       column->type == QUICKSIGHT_DATETIME;
}

/* All values, nulls too, until the person chooses. */
static struct json *filter_of(const struct quicksight_column *column,
			      const char *data_set, const char *id)
{
	struct json *inner = json_new_object();
	struct json *filter = json_new_object();

	json_put_text(inner, "FilterId", id);
	json_put_take(inner, "Column", quicksight_column_of(column, data_set));
	if (column->type == QUICKSIGHT_DATETIME) {
		json_put_text(inner, "NullOption", "ALL_VALUES");
		json_put_bool(inner, "IncludeMinimum", true);
		json_put_bool(inner, "IncludeMaximum", true);
		json_put_text(inner, "TimeGranularity", "DAY");
		json_put_take(filter, "TimeRangeFilter", inner);
	} else {
		struct json *list = json_new_object();
		struct json *configuration = json_new_object();

		json_put_text(list, "MatchOperator", "CONTAINS");
		json_put_text(list, "SelectAllOptions", "FILTER_ALL_VALUES");
		json_put_take(configuration, "FilterListConfiguration", list);
		json_put_take(inner, "Configuration", configuration);
		json_put_take(filter, "CategoryFilter", inner);
	}
	return filter;
}

static struct json *scope_of(const char *sheet_id)
{
	struct json *sheet = json_new_object();
	struct json *sheets = json_new_array();
	struct json *selected = json_new_object();
	struct json *scope = json_new_object();

	json_put_text(sheet, "SheetId", sheet_id);
	json_put_text(sheet, "Scope", "ALL_VISUALS");
	json_push_take(sheets, sheet);
	json_put_take(selected, "SheetVisualScopingConfigurations", sheets);
	json_put_take(scope, "SelectedSheets", selected);
	return scope;
}

static struct json *control_of(const struct quicksight_column *column,
			       const char *id, const char *filter_id)
{
	struct json *inner = json_new_object();
	struct json *control = json_new_object();
	CLEANUP(str_done) struct str title = STR_EMPTY;
	bool dates = column->type == QUICKSIGHT_DATETIME;

	quicksight_add_label(column->name, &title);
	json_put_text(inner, "FilterControlId", id);
	json_put_text(inner, "Title", title.text);
	json_put_text(inner, "SourceFilterId", filter_id);
	json_put_text(inner, "Type", dates ? "DATE_RANGE" : "MULTI_SELECT");
	json_put_take(control, dates ? "DateTimePicker" : "Dropdown", inner);
	return control;
}

struct filters {
	struct json *groups;	/* of the definition */
	struct json *controls;	/* of the sheet */
	struct json *elements;	/* where these stand */
	size_t count;		/* on the sheet */
};

static void add_filter(struct filters *filters,
		       const struct quicksight_column *column,
		       const char *data_set, const char *sheet_id)
{
	struct json *group = json_new_object();
	struct json *list = json_new_array();
	CLEANUP(str_done) struct str filter = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	int per_row = GRID_COLUMNS / CONTROL_COLUMNS;
	int at = (int)filters->count++;
	struct place place = { at % per_row * CONTROL_COLUMNS, at / per_row,
			       CONTROL_COLUMNS, 1 };

	str_addf(&filter, "%s-filter%d", sheet_id, at + 1);
	str_addf(&id, "%s-group%d", sheet_id, at + 1);
	json_push_take(list, filter_of(column, data_set, filter.text));
	json_put_text(group, "FilterGroupId", id.text);
	json_put_take(group, "Filters", list);
	json_put_take(group, "ScopeConfiguration", scope_of(sheet_id));
	json_put_text(group, "Status", "ENABLED");
	json_put_text(group, "CrossDataset", "SINGLE_DATASET");
	json_push_take(filters->groups, group);
	str_clear(&id);
	str_addf(&id, "%s-control%d", sheet_id, at + 1);
	json_push_take(filters->controls,
		       control_of(column, id.text, filter.text));
	push_element(filters->elements, id.text, "FILTER_CONTROL", &place);
}

/* Dates first: they are asked for most. */
static void add_filters(struct filters *filters,
			const struct quicksight_columns *columns,
			const char *data_set, const char *sheet_id)
{
	for (int dates = 1; dates >= 0; dates--)
		for (size_t i = 0; i < columns->count; i++) {
			const struct quicksight_column *column =
				&columns->items[i];

			if (filters->count < MOST_CONTROLS &&
			    has_filter(column) &&
			    (column->type == QUICKSIGHT_DATETIME) == dates)
				add_filter(filters, column, data_set, sheet_id);
		}
}

/* --- sheets --- */

static void put_visuals(struct json *json, const struct quicksight_sheet *sheet,
			const char *sheet_id, const char *data_set)
{
	struct json *visuals = json_new_array();
	struct json *elements = json_new_array();

	for (size_t i = 0; i < sheet->visuals.count; i++) {
		CLEANUP(str_done) struct str id = STR_EMPTY;
		struct place place = place_of(sheet, i);
		struct quicksight_place where = { NULL, data_set };

		add_visual_id(sheet, i, sheet_id, &id);
		where.id = id.text;
		json_push_take(visuals,
			       quicksight_visual(&sheet->visuals.items[i],
						 &sheet->columns, &where));
		push_element(elements, id.text, "VISUAL", &place);
	}
	json_put_take(json, "Visuals", visuals);
	json_put_take(json, "Layouts", grid_of(elements));
}

static struct json *sheet_of(const struct quicksight_sheets *sheets, size_t at,
			     struct json *groups)
{
	const struct quicksight_sheet *sheet = &sheets->items[at];
	struct json *json = json_new_object();
	struct filters filters = { groups, json_new_array(), json_new_array(),
				   0 };
	CLEANUP(str_done) struct str id = STR_EMPTY;

	quicksight_add_sheet_id(at, &id);
	json_put_text(json, "SheetId", id.text);
	json_put_text(json, "Name", sheet->title);
	if (sheet->text != NULL)
		json_put_text(json, "Description", sheet->text);
	json_put_text(json, "ContentType", "INTERACTIVE");
	put_visuals(json, sheet, id.text, sheet->title);
	add_filters(&filters, &sheet->columns, sheet->title, id.text);
	if (filters.count == 0) {
		json_free(filters.controls);
		json_free(filters.elements);
		return json;
	}
	json_put_take(json, "FilterControls", filters.controls);
	json_put_take(json, "SheetControlLayouts", grid_of(filters.elements));
	return json;
}

struct json *quicksight_definition(const struct quicksight_sheets *sheets)
{
	struct json *definition = json_new_object();
	struct json *data_sets = json_new_array();
	struct json *list = json_new_array();
	struct json *groups = json_new_array();

	for (size_t i = 0; i < sheets->count; i++) {
		struct json *declared = json_new_object();

		json_put_text(declared, "Identifier", sheets->items[i].title);
		json_put_text(declared, "DataSetArn",
			      sheets->items[i].data_set_arn);
		json_push_take(data_sets, declared);
		json_push_take(list, sheet_of(sheets, i, groups));
	}
	json_put_take(definition, "DataSetIdentifierDeclarations", data_sets);
	json_put_take(definition, "Sheets", list);
	if (json_count(groups) > 0)
		json_put_take(definition, "FilterGroups", groups);
	else
		json_free(groups);
	return definition;
}
