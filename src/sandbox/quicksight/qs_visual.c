#include "sandbox/quicksight/qs_visual.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "data/json.h"
#include "db/conn.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_filter.h"
#include "sandbox/quicksight/qs_set.h"
#include "sandbox/quicksight/qs_shape.h"
#include "sql/quote.h"

void qs_visual_done(struct qs_visual *visual)
{
	for (size_t i = 0; i < visual->fields.count; i++)
		str_done(&visual->fields.items[i].title);
	vec_done(&visual->fields);
	str_done(&visual->title);
	str_done(&visual->sql);
	str_done(&visual->source);
}

/* --- where it is --- */

const struct json *qs_visual_sheet(const struct json *definition,
				   const char *sheet_id)
{
	const struct json *sheets = json_key(definition, "Sheets");

	for (size_t i = 0; i < json_count(sheets); i++)
		if (strcmp(json_text(json_item(sheets, i), "SheetId", ""),
			   sheet_id) == 0)
			return json_item(sheets, i);
	return NULL;
}

const struct json *qs_visual_at(const struct json *sheet, size_t at,
				const char **out_kind)
{
	const struct json *visuals = json_key(sheet, "Visuals");
	const struct json *inner;
	size_t place = 0;

	return json_next(json_item(visuals, at), &place, out_kind, &inner)
		       ? inner
		       : NULL;
}

const struct json *qs_visual_find(const struct json *sheet, const char *id,
				  const char **out_kind)
{
	const struct json *visual;

	for (size_t i = 0;
	     (visual = qs_visual_at(sheet, i, out_kind)) != NULL; i++)
		if (strcmp(json_text(visual, "VisualId", ""), id) == 0)
			return visual;
	return NULL;
}

/* --- its fields --- */

enum role {
	DIMENSION,
	MEASURE,
	PLAIN, /* of a table that shows rows as they are */
};

static const struct {
	const char *shape;
	enum role role;
	const char *usual; /* aggregation when none is given */
} field_shapes[] = {
	{ "CategoricalDimensionField", DIMENSION, "" },
	{ "DateDimensionField", DIMENSION, "" },
	{ "NumericalDimensionField", DIMENSION, "" },
	{ "UnaggregatedField", PLAIN, "" },
	{ "NumericalMeasureField", MEASURE, "SUM" },
	{ "CategoricalMeasureField", MEASURE, "COUNT" },
	{ "DateMeasureField", MEASURE, "COUNT" },
	{ "CalculatedMeasureField", MEASURE, "" },
};

static size_t shape_at(const char *shape)
{
	size_t i = 0;

	while (i < COUNT_OF(field_shapes) &&
	       strcmp(field_shapes[i].shape, shape) != 0)
		i++;
	return i;
}

bool qs_visual_is_measure(const struct qs_field *field)
{
	return field_shapes[shape_at(field->shape)].role == MEASURE;
}

static const char *aggregation_of(const struct qs_field *field)
{
	const struct json *given = json_key(field->field,
					    "AggregationFunction");
	const char *text = json_text(given, NULL, NULL);

	if (!qs_visual_is_measure(field))
		return "";
	if (text != NULL)
		return text;
	if (json_key(given, "PercentileAggregation") != NULL)
		return "PERCENTILE";
	return json_text(given, "SimpleNumericalAggregation",
			 field_shapes[shape_at(field->shape)].usual);
}

/* SQL on both sides of the column, and what the title says. */
static const struct {
	const char *name;
	const char *before;
	const char *after;
	const char *words; /* "Sum of amount" */
} aggregations[] = {
	{ "SUM", "sum(", ")", "Sum of " },
	{ "AVERAGE", "avg(", ")", "Average of " },
	{ "MIN", "min(", ")", "Min of " },
	{ "MAX", "max(", ")", "Max of " },
	{ "COUNT", "count(", ")", "Count of " },
	{ "DISTINCT_COUNT", "count(distinct ", ")", "Distinct count of " },
	{ "VAR", "var_samp(", ")", "Variance of " },
	{ "VARP", "var_pop(", ")", "Population variance of " },
	{ "STDEV", "stddev_samp(", ")", "Standard deviation of " },
	{ "STDEVP", "stddev_pop(", ")",
	  "Population standard deviation of " },
	{ "MEDIAN", "median(", ")", "Median of " },
};

static size_t aggregation_at(const char *name)
{
	size_t i = 0;

	while (i < COUNT_OF(aggregations) &&
	       strcmp(aggregations[i].name, name) != 0)
		i++;
	return i;
}

struct finder {
	struct qs_visual *visual;
	enum role wanted;
	bool plain; /* of a histogram: its values as they are */
};

/* CustomLabel of a table's field options, wherever they are. */
struct label {
	const char *id;
	const char *text;
};

static void visit_label(void *context, const char *shape, const char *path,
			const struct json *value)
{
	struct label *label = context;
	const char *text = json_text(value, "CustomLabel", NULL);

	(void)shape;
	(void)path;
	if (text != NULL &&
	    strcmp(json_text(value, "FieldId", ""), label->id) == 0)
		label->text = text;
}

static void visit_field(void *context, const char *shape, const char *path,
			const struct json *value)
{
	struct finder *finder = context;
	size_t at = shape_at(shape);
	struct qs_field field = { .field = value, .title = STR_EMPTY };

	if (at == COUNT_OF(field_shapes) || strstr(path, "fieldWells") == NULL)
		return;
	if (finder->plain)
		at = shape_at("UnaggregatedField");
	if ((field_shapes[at].role == MEASURE) != (finder->wanted == MEASURE))
		return;
	field.shape = field_shapes[at].shape;
	vec_push(&finder->visual->fields, field);
}

static void set_titles(const struct qs_shape *shape, const struct json *body,
		       struct qs_visual *visual)
{
	for (size_t i = 0; i < visual->fields.count; i++) {
		struct qs_field *field = &visual->fields.items[i];
		struct label label = {
			.id = json_text(field->field, "FieldId", ""),
		};
		size_t at = aggregation_at(aggregation_of(field));

		qs_shapes_walk(shape, body, visit_label, &label);
		if (label.text != NULL) {
			str_set(&field->title, label.text);
			continue;
		}
		if (at < COUNT_OF(aggregations))
			str_add(&field->title, aggregations[at].words);
		str_add(&field->title, json_text(field->field,
						 "Column.ColumnName", ""));
	}
}

/* --- the query --- */

static bool is_calculated(const struct json *definition, const char *name)
{
	const struct json *list = json_key(definition, "CalculatedFields");

	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), "Name", ""), name) ==
		    0)
			return true;
	return false;
}

static bool add_expression(const struct json *definition,
			   const struct qs_field *field, struct str *out,
			   struct err *err)
{
	const char *name = json_text(field->field, "Column.ColumnName", "");
	const char *grain = json_text(field->field, "DateGranularity", "DAY");
	const char *aggregation = aggregation_of(field);
	size_t at = aggregation_at(aggregation);

	if (strcmp(field->shape, "CalculatedMeasureField") == 0 ||
	    is_calculated(definition, name))
		return err_set(err, ERR_USAGE,
			       "the sandbox does not compute "
			       "calculated fields: compute it "
			       "in the data set's query");
	if (strcmp(field->shape, "DateDimensionField") == 0)
		str_addf(out, "date_trunc('%s', ", grain);
	else if (strcmp(aggregation, "PERCENTILE") == 0)
		str_addf(out, "percentile_cont(%.6g) within group (order by ",
			 json_double(field->field,
				     "AggregationFunction"
				     ".PercentileAggregation.PercentileValue",
				     50) /
				 100);
	else if (at < COUNT_OF(aggregations))
		str_add(out, aggregations[at].before);
	quote_name_always(out, name, strlen(name));
	if (strcmp(field->shape, "DateDimensionField") == 0 ||
	    strcmp(aggregation, "PERCENTILE") == 0)
		str_add_char(out, ')');
	else if (at < COUNT_OF(aggregations))
		str_add(out, aggregations[at].after);
	return true;
}

struct sorter {
	const struct qs_visual *visual;
	struct str order;
};

static void visit_sort(void *context, const char *shape, const char *path,
		       const struct json *value)
{
	struct sorter *sorter = context;
	const char *id = json_text(value, "FieldId", "");

	(void)path;
	if (strcmp(shape, "FieldSort") != 0)
		return;
	for (size_t i = 0; i < sorter->visual->fields.count; i++)
		if (strcmp(json_text(sorter->visual->fields.items[i].field,
				     "FieldId", ""),
			   id) == 0)
			str_addf(&sorter->order, "%s%zu %s",
				 sorter->order.len == 0 ? "" : ", ", i + 1,
				 json_text(value, "Direction", "ASC"));
}

static bool is_grouped(const struct qs_visual *visual)
{
	return strcmp(visual->fields.items[0].shape, "UnaggregatedField") != 0;
}

static size_t count_dimensions(const struct qs_visual *visual)
{
	size_t count = 0;

	while (count < visual->fields.count &&
	       field_shapes[shape_at(visual->fields.items[count].shape)].role !=
		       MEASURE)
		count++;
	return count;
}

/* By what the visual sorts, then by its dimensions. */
static void add_order(const struct qs_shape *shape, const struct json *body,
		      struct qs_visual *visual)
{
	struct sorter sorter = { .visual = visual, .order = STR_EMPTY };
	size_t dimensions = count_dimensions(visual);

	qs_shapes_walk(shape, body, visit_sort, &sorter);
	for (size_t i = 0; i < dimensions; i++)
		str_addf(&sorter.order, "%s%zu",
			 sorter.order.len == 0 ? "" : ", ", i + 1);
	if (sorter.order.len > 0)
		str_addf(&visual->sql, " order by %s", sorter.order.text);
	str_done(&sorter.order);
}

static bool add_query(const struct json *definition, const struct json *set,
		      const struct qs_filter_on *on, struct qs_visual *visual,
		      struct err *err)
{
	struct str *sql = &visual->sql;
	CLEANUP(str_done) struct str inner = STR_EMPTY;
	size_t dimensions = count_dimensions(visual);

	qs_set_query(set, &inner, &visual->source);
	str_add(sql, "select ");
	for (size_t i = 0; i < visual->fields.count; i++) {
		str_add(sql, i == 0 ? "" : ", ");
		if (!add_expression(definition, &visual->fields.items[i], sql,
				    err))
			return false;
		str_addf(sql, " as f%zu", i + 1);
	}
	/* a comment at its end must not swallow the parenthesis */
	str_addf(sql, " from (%s\n) as data", inner.text);
	if (!qs_filter_add(on, sql, err))
		return false;
	if (is_grouped(visual) && dimensions > 0) {
		str_add(sql, " group by ");
		for (size_t i = 0; i < dimensions; i++)
			str_addf(sql, "%s%zu", i == 0 ? "" : ", ", i + 1);
	}
	return true;
}

static const char *arn_of(const struct json *definition, const char *identifier)
{
	const struct json *list =
		json_key(definition, "DataSetIdentifierDeclarations");

	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), "Identifier", ""),
			   identifier) == 0)
			return json_text(json_item(list, i), "DataSetArn", "");
	return "";
}

static const char *set_of(const struct qs_visual *visual)
{
	const char *first = NULL;

	for (size_t i = 0; i < visual->fields.count; i++) {
		const char *set = json_text(visual->fields.items[i].field,
					    "Column.DataSetIdentifier", first);

		if (first != NULL && set != NULL && strcmp(first, set) != 0)
			return NULL;
		first = set;
	}
	return first;
}

static void find_fields(const struct qs_shape *shape, const struct json *body,
			bool plain, struct qs_visual *out)
{
	struct finder finder = { .visual = out, .plain = plain };

	finder.wanted = DIMENSION;
	qs_shapes_walk(shape, body, visit_field, &finder);
	finder.wanted = MEASURE;
	qs_shapes_walk(shape, body, visit_field, &finder);
	set_titles(shape, body, out);
}

bool qs_visual_read(const struct qs *qs, const struct json *definition,
		    const struct json *sheet, const char *id,
		    struct qs_visual *out, struct err *err)
{
	const char *kind = "";
	const struct json *body = qs_visual_find(sheet, id, &kind);
	const struct qs_shape *shape = qs_shapes_named(qs->shapes, kind);
	CLEANUP(json_freep) struct json *set = NULL;
	struct qs_filter_on on = {
		.definition = definition,
		.sheet_id = json_text(sheet, "SheetId", ""),
		.visual_id = id,
	};

	if (body == NULL)
		return err_set(err, ERR_MISSING, "there is no visual %s", id);
	out->id = json_text(body, "VisualId", "");
	if (strcmp(json_text(body, "Title.Visibility", ""), "HIDDEN") != 0)
		str_add(&out->title,
			json_text(body, "Title.FormatText.PlainText", ""));
	find_fields(shape, body, strcmp(kind, "HistogramVisual") == 0, out);
	if (out->fields.count == 0)
		return err_set(err, ERR_USAGE, "the visual %s has no fields",
			       id);
	on.set = set_of(out);
	if (on.set == NULL)
		return err_set(err, ERR_USAGE,
			       "the visual %s has fields of several data sets",
			       id);
	set = qs_set_find(qs, arn_of(definition, on.set));
	if (set == NULL)
		return err_set(err, ERR_MISSING,
			       "the data set of the visual %s does not exist",
			       id);
	if (!add_query(definition, set, &on, out, err))
		return false;
	add_order(shape, body, out);
	return true;
}

bool qs_visual_run(const struct qs *qs, const struct qs_visual *visual,
		   qs_warehouse_row *row, void *context, struct err *err)
{
	CLEANUP(json_freep)
	struct json *source =
		qs_warehouse_source(qs, visual->source.text, err);
	CLEANUP(db_closep) struct db *db = NULL;

	if (source == NULL)
		return false;
	db = qs_warehouse_open(qs, source, err);
	return db != NULL &&
	       qs_warehouse_run(db, visual->sql.text, row, context, err);
}
