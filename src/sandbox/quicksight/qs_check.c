#include "sandbox/quicksight/qs_check.h"

#include <stdint.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_set.h"
#include "sandbox/quicksight/qs_shape.h"
#include "sandbox/s3/s3_call.h"

enum { GRID_COLUMNS = 36 };

/* --- names within the definition --- */

/* What is declared, as "what\x1fscope\x1fname"; scope: of fields their
 * visual, of elements their sheet, else "". */
struct names {
	struct map *seen;
	struct str sheet;  /* being walked */
	struct str visual; /* the same; "" none */
	bool declaring;	   /* the first walk; the second looks up */
	struct err *err;
	bool good;
};

static void refuse(struct names *names, const char *path, const char *text,
		   const char *name)
{
	if (names->good)
		s3_call_refuse(names->err, "InvalidParameterValueException",
			       "%s at '%s': %s", text, path, name);
	names->good = false;
}

static void add_key(const char *what, const char *scope, const char *name,
		    struct str *out)
{
	str_addf(out, "%s\x1f%s\x1f%s", what, scope, name);
}

static void declare(struct names *names, const char *path, const char *what,
		    const char *scope, const char *name)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!names->declaring)
		return;
	add_key(what, scope, name, &key);
	if (map_has(names->seen, key.text)) {
		str_addf(&text, "The %s is there twice", what);
		refuse(names, path, text.text, name);
	}
	map_put(names->seen, key.text, names);
}

static void look_up(struct names *names, const char *path, const char *what,
		    const char *scope, const char *name)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (names->declaring)
		return;
	add_key(what, scope, name, &key);
	if (map_has(names->seen, key.text))
		return;
	str_addf(&text, "There is no %s of that name", what);
	refuse(names, path, text.text, name);
}

/* A structure with the member declares it. */
static const struct {
	const char *shape;
	const char *member;
	const char *what;
} declarations[] = {
	{ "DataSetIdentifierDeclaration", "Identifier", "data set" },
	{ "FilterGroup", "FilterGroupId", "filter group" },
	{ "StringParameterDeclaration", "Name", "parameter" },
	{ "DecimalParameterDeclaration", "Name", "parameter" },
	{ "IntegerParameterDeclaration", "Name", "parameter" },
	{ "DateTimeParameterDeclaration", "Name", "parameter" },
};

/* Any structure with the member refers to it. */
static const struct {
	const char *member;
	const char *what;
} references[] = {
	{ "DataSetIdentifier", "data set" },
	{ "SourceFilterId", "filter" },
	{ "SourceParameterName", "parameter" },
	{ "ParameterName", "parameter" },
};

static void visit_named(struct names *names, const char *shape,
			const char *path, const struct json *value)
{
	for (size_t i = 0; i < COUNT_OF(declarations); i++)
		if (strcmp(declarations[i].shape, shape) == 0)
			declare(names, path, declarations[i].what, "",
				json_text(value, declarations[i].member, ""));
	for (size_t i = 0; i < COUNT_OF(references); i++) {
		const char *name =
			json_text(value, references[i].member, NULL);

		if (name != NULL)
			look_up(names, path, references[i].what, "", name);
	}
	if (json_text(value, "FilterId", NULL) != NULL)
		declare(names, path, "filter", "",
			json_text(value, "FilterId", ""));
}

static bool declares_field(const char *shape)
{
	static const char *const shapes[] = {
		"CalculatedMeasureField",  "CategoricalDimensionField",
		"CategoricalMeasureField", "DateDimensionField",
		"DateMeasureField",	   "NumericalDimensionField",
		"NumericalMeasureField",   "UnaggregatedField",
	};

	for (size_t i = 0; i < COUNT_OF(shapes); i++)
		if (strcmp(shapes[i], shape) == 0)
			return true;
	return false;
}

static void visit_field(struct names *names, const char *shape,
			const char *path, const struct json *value)
{
	const char *id = json_text(value, "FieldId", NULL);

	if (id == NULL)
		return;
	if (declares_field(shape))
		declare(names, path, "field", names->visual.text, id);
	else
		look_up(names, path, "field", names->visual.text, id);
}

/* Things that a layout places. */
static const struct {
	const char *member;
	const char *type; /* of the layout's element */
} elements[] = {
	{ "VisualId", "VISUAL" },
	{ "FilterControlId", "FILTER_CONTROL" },
	{ "ParameterControlId", "PARAMETER_CONTROL" },
	{ "SheetTextBoxId", "TEXT_BOX" },
	{ "SheetImageId", "IMAGE" },
};

static void visit_element(struct names *names, const char *path,
			  const struct json *value)
{
	for (size_t i = 0; i < COUNT_OF(elements); i++) {
		const char *id = json_text(value, elements[i].member, NULL);

		if (id == NULL)
			continue;
		if (i == 0)
			str_set(&names->visual, id);
		declare(names, path, "element", "", id);
		if (names->declaring) {
			CLEANUP(str_done) struct str key = STR_EMPTY;

			add_key(elements[i].type, names->sheet.text, id, &key);
			map_put(names->seen, key.text, names);
		}
	}
}

static void visit_placed(struct names *names, const char *shape,
			 const char *path, const struct json *value)
{
	const char *type = json_text(value, "ElementType", NULL);
	int64_t column = json_number(value, "ColumnIndex", 0);
	int64_t span = json_number(value, "ColumnSpan", 0);

	if (type == NULL)
		return;
	look_up(names, path, type, names->sheet.text,
		json_text(value, "ElementId", ""));
	if (strcmp(shape, "GridLayoutElement") == 0 &&
	    column + span > GRID_COLUMNS)
		refuse(names, path, "The element is outside of the grid",
		       json_text(value, "ElementId", ""));
}

/* Which sheets and visuals a filter is for. */
static void visit_scope(struct names *names, const char *path,
			const struct json *value)
{
	const char *sheet = json_text(value, "SheetId", "");
	const struct json *visuals = json_key(value, "VisualIds");
	bool selected = strcmp(json_text(value, "Scope", ""),
			       "SELECTED_VISUALS") == 0;

	look_up(names, path, "sheet", "", sheet);
	if (selected != (json_count(visuals) > 0))
		refuse(names, path,
		       "VisualIds go with the scope SELECTED_VISUALS", sheet);
	for (size_t i = 0; i < json_count(visuals); i++)
		look_up(names, path, "VISUAL", sheet,
			json_text(json_item(visuals, i), NULL, ""));
}

/* Paper has sections, a screen has a grid or none. */
static void check_layouts(struct names *names, const char *path,
			  const struct json *sheet)
{
	bool paper = strcmp(json_text(sheet, "ContentType", ""),
			    "PAGINATED") == 0;
	const struct json *layouts = json_key(sheet, "Layouts");

	for (size_t i = 0; i < json_count(layouts); i++) {
		const struct json *config =
			json_key(json_item(layouts, i), "Configuration");
		bool sections = json_key(config, "SectionBasedLayout") != NULL;

		if (sections != paper)
			refuse(names, path,
			       "SectionBasedLayout goes with PAGINATED",
			       json_text(sheet, "SheetId", ""));
	}
}

static void visit_names(void *context, const char *shape, const char *path,
			const struct json *value)
{
	struct names *names = context;

	if (strcmp(shape, "SheetDefinition") == 0 ||
	    strcmp(shape, "TooltipSheetDefinition") == 0) {
		str_set(&names->sheet, json_text(value, "SheetId", ""));
		str_clear(&names->visual);
		declare(names, path, "sheet", "", names->sheet.text);
		check_layouts(names, path, value);
	}
	visit_named(names, shape, path, value);
	if (strcmp(shape, "SheetVisualScopingConfiguration") == 0) {
		visit_scope(names, path, value);
		return;
	}
	visit_element(names, path, value);
	visit_field(names, shape, path, value);
	visit_placed(names, shape, path, value);
}

static const struct qs_shape *shape_of(const struct qs *qs)
{
	return qs_shapes_named(qs->shapes, "DashboardVersionDefinition");
}

bool qs_check_inside(const struct qs *qs, const struct json *definition,
		     struct err *err)
{
	struct names names = {
		.seen = map_new(NULL),
		.sheet = STR_EMPTY,
		.visual = STR_EMPTY,
		.declaring = true,
		.err = err,
		.good = true,
	};

	if (json_count(json_key(definition, "Sheets")) == 0)
		refuse(&names, "definition", "The definition has no sheet", "");
	qs_shapes_walk(shape_of(qs), definition, visit_names, &names);
	names.declaring = false;
	qs_shapes_walk(shape_of(qs), definition, visit_names, &names);
	map_free(names.seen);
	str_done(&names.sheet);
	str_done(&names.visual);
	return names.good;
}

/* --- data sets and their columns --- */

struct data {
	struct map *sets; /* identifier to record, NULL: not found */
	const struct json *definition;
	struct json *errors;
};

static void free_set(void *value)
{
	json_free(value);
}

static void add_error(struct data *data, const char *type, const char *path,
		      const char *message)
{
	struct json *error = json_new_object();
	struct json *entities = json_new_array();
	struct json *entity = json_new_object();

	json_put_text(error, "Type", type);
	json_put_text(error, "Message", message);
	json_put_text(entity, "Path", path);
	json_push_take(entities, entity);
	json_put_take(error, "ViolatedEntities", entities);
	json_push_take(data->errors, error);
}

enum wanted {
	ANY,
	NUMBER,
	DATE,
	TEXT,
};

static const struct {
	const char *shape;
	enum wanted wanted;
} typed[] = {
	{ "CategoricalDimensionField", TEXT },
	{ "CategoricalMeasureField", TEXT },
	{ "CategoryFilter", TEXT },
	{ "DateDimensionField", DATE },
	{ "DateMeasureField", DATE },
	{ "NumericEqualityFilter", NUMBER },
	{ "NumericRangeFilter", NUMBER },
	{ "NumericalDimensionField", NUMBER },
	{ "NumericalMeasureField", NUMBER },
	{ "RelativeDatesFilter", DATE },
	{ "TimeEqualityFilter", DATE },
	{ "TimeRangeFilter", DATE },
};

/* Booleans pass as both text and number. */
static bool type_fits(const char *type, enum wanted wanted)
{
	bool number = strcmp(type, "INTEGER") == 0 ||
		      strcmp(type, "DECIMAL") == 0;
	bool date = strcmp(type, "DATETIME") == 0;
	bool both = strcmp(type, "BIT") == 0 || strcmp(type, "BOOLEAN") == 0;

	switch (wanted) {
	case ANY:
		return true;
	case NUMBER:
		return number || both;
	case DATE:
		return date;
	case TEXT:
		return !number && !date;
	}
	return false;
}

static bool is_calculated(const struct json *definition, const char *set,
			  const char *name)
{
	const struct json *list = json_key(definition, "CalculatedFields");

	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), "Name", ""), name) ==
			    0 &&
		    strcmp(json_text(json_item(list, i), "DataSetIdentifier",
				     ""),
			   set) == 0)
			return true;
	return false;
}

static void check_column(struct data *data, const char *path,
			 const struct json *column, enum wanted wanted)
{
	static const char *const words[] = { "", "a number", "a date",
					     "text" };
	const char *set = json_text(column, "DataSetIdentifier", "");
	const char *name = json_text(column, "ColumnName", "");
	const struct json *record = map_get(data->sets, set);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *type;

	if (record == NULL || is_calculated(data->definition, set, name))
		return;
	type = qs_set_column(record, name);
	if (type == NULL && wanted == ANY) {
		str_addf(&text, "The data set %s has no column %s", set, name);
		add_error(data, "COLUMN_REPLACEMENT_MISSING", path, text.text);
	} else if (type != NULL && !type_fits(type, wanted)) {
		str_addf(&text, "The column %s of %s is %s, not %s", name, set,
			 type, words[wanted]);
		add_error(data, "COLUMN_TYPE_MISMATCH", path, text.text);
	}
}

static void visit_data(void *context, const char *shape, const char *path,
		       const struct json *value)
{
	struct data *data = context;
	const struct json *column = json_key(value, "Column");

	for (size_t i = 0; i < COUNT_OF(typed); i++)
		if (strcmp(typed[i].shape, shape) == 0 &&
		    json_key(column, "ColumnName") != NULL)
			check_column(data, path, column, typed[i].wanted);
	if (strcmp(shape, "ColumnIdentifier") == 0)
		check_column(data, path, value, ANY);
}

static void find_sets(const struct qs *qs, struct data *data)
{
	const struct json *list =
		json_key(data->definition, "DataSetIdentifierDeclarations");

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_item(list, i);
		const char *arn = json_text(item, "DataSetArn", "");
		struct json *record = qs_set_find(qs, arn);
		CLEANUP(str_done) struct str text = STR_EMPTY;

		map_put(data->sets, json_text(item, "Identifier", ""), record);
		if (record != NULL)
			continue;
		str_addf(&text, "The data set %s does not exist", arn);
		add_error(data, "DATA_SET_NOT_FOUND", arn, text.text);
	}
}

/* --- parameters of the request --- */

static const struct json *find_parameter(const struct json *definition,
					 const char *name,
					 const char **out_kind)
{
	const struct json *list = json_key(definition, "ParameterDeclarations");

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *inner;
		size_t at = 0;

		if (json_next(json_item(list, i), &at, out_kind, &inner) &&
		    strcmp(json_text(inner, "Name", ""), name) == 0)
			return inner;
	}
	return NULL;
}

static void check_parameters(struct data *data, const struct json *parameters)
{
	static const char *const kinds[] = { "String", "Integer", "Decimal",
					     "DateTime" };

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		CLEANUP(str_done) struct str key = STR_EMPTY;
		const struct json *list;

		str_addf(&key, "%sParameters", kinds[i]);
		list = json_key(parameters, key.text);
		for (size_t j = 0; j < json_count(list); j++) {
			const char *name =
				json_text(json_item(list, j), "Name", "");
			const char *kind = "";

			if (find_parameter(data->definition, name, &kind) ==
			    NULL)
				add_error(data, "PARAMETER_NOT_FOUND", name,
					  "There is no such parameter");
			else if (!str_starts(kind, kinds[i]))
				add_error(data, "PARAMETER_TYPE_INVALID", name,
					  "The parameter has another type");
		}
	}
}

struct json *qs_check_data(const struct qs *qs, const struct json *definition,
			   const struct json *parameters)
{
	struct data data = {
		.sets = map_new(free_set),
		.definition = definition,
		.errors = json_new_array(),
	};

	find_sets(qs, &data);
	qs_shapes_walk(shape_of(qs), definition, visit_data, &data);
	check_parameters(&data, parameters);
	map_free(data.sets);
	return data.errors;
}

/* --- what versions show --- */

struct json *qs_check_sets(const struct json *definition)
{
	const struct json *list =
		json_key(definition, "DataSetIdentifierDeclarations");
	struct json *out = json_new_array();

	for (size_t i = 0; i < json_count(list); i++)
		json_push_take(out, json_new_text(json_text(json_item(list, i),
							    "DataSetArn", "")));
	return out;
}

struct json *qs_check_sheets(const struct json *definition)
{
	const struct json *list = json_key(definition, "Sheets");
	struct json *out = json_new_array();

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *sheet = json_item(list, i);
		struct json *item = json_new_object();

		json_put_text(item, "SheetId", json_text(sheet, "SheetId", ""));
		json_put_text(item, "Name", json_text(sheet, "Name", ""));
		json_push_take(out, item);
	}
	return out;
}
