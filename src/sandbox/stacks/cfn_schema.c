#include "sandbox/stacks/cfn_schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/ground/tsv.h"

enum { TYPE, ROLE, NAME, KIND, REQUIRED, UPDATE, VALUES }; /* columns */

enum { FAULTS_MAX = 20 }; /* told of one resource */

struct cfn_schema {
	struct tsv *tsv;
	struct map *rows; /* "TYPE ROLE NAME" to the row */
};

static void add_key(struct str *out, const char *type, const char *role,
		    const char *name)
{
	str_clear(out);
	str_addf(out, "%s %s %s", type, role, name);
}

static const struct tsv_row *find(const struct cfn_schema *schema,
				  const char *type, const char *role,
				  const char *name)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	add_key(&key, type, role, name);
	return map_get(schema->rows, key.text);
}

struct cfn_schema *cfn_schema_open(struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str key = STR_EMPTY;
	struct cfn_schema *schema;
	struct tsv *tsv;

	if (!path_share("sandbox/cfn_resources.tsv", &path, err))
		return NULL;
	tsv = tsv_read(path.text, err);
	if (tsv == NULL)
		return NULL;
	schema = mem_alloc(sizeof(*schema));
	schema->tsv = tsv;
	schema->rows = map_new(NULL);
	for (size_t i = 0; i < tsv_count(tsv); i++) {
		const struct tsv_row *row = tsv_row(tsv, i);

		add_key(&key, row->cells[TYPE], row->cells[ROLE],
			row->cells[NAME]);
		map_put(schema->rows, key.text, (void *)row);
	}
	return schema;
}

void cfn_schema_close(struct cfn_schema *schema)
{
	if (schema == NULL)
		return;
	map_free(schema->rows);
	tsv_free(schema->tsv);
	mem_free(schema);
}

bool cfn_schema_has(const struct cfn_schema *schema, const char *type)
{
	return tsv_find(schema->tsv, type) != NULL;
}

/* Documented under "Return values", while the schemas have them as properties
 * alone. */
static const struct {
	const char *type;
	const char *name;
} documented[] = {
	{ "AWS::EC2::VPC", "CidrBlock" },
	{ "AWS::EC2::Subnet", "AvailabilityZone" },
	{ "AWS::EC2::Subnet", "VpcId" },
	{ "AWS::EC2::SecurityGroup", "VpcId" },
	{ "AWS::EC2::Instance", "AvailabilityZone" },
};

bool cfn_schema_has_attribute(const struct cfn_schema *schema,
			      const char *type, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(documented); i++)
		if (strcmp(documented[i].type, type) == 0 &&
		    strcmp(documented[i].name, name) == 0)
			return true;
	return find(schema, type, "get", name) != NULL;
}

bool cfn_schema_has_property(const struct cfn_schema *schema, const char *type,
			     const char *name)
{
	return find(schema, type, "set", name) != NULL;
}

bool cfn_schema_is_list(const struct cfn_schema *schema, const char *type,
			const char *attribute)
{
	const struct tsv_row *row = find(schema, type, "get", attribute);

	return row != NULL && str_ends(row->cells[KIND], "[]");
}

const char *cfn_schema_ref(const struct cfn_schema *schema, const char *type)
{
	for (size_t i = 0; i < tsv_count(schema->tsv); i++) {
		const struct tsv_row *row = tsv_row(schema->tsv, i);

		if (strcmp(row->cells[TYPE], type) == 0 &&
		    strcmp(row->cells[ROLE], "ref") == 0)
			return row->cells[NAME];
	}
	return NULL;
}

enum cfn_replaces cfn_schema_replaces(const struct cfn_schema *schema,
				      const char *type, const char *property)
{
	const struct tsv_row *row = find(schema, type, "set", property);

	if (row == NULL || row->cells[UPDATE][0] == '\0')
		return CFN_REPLACES_NEVER;
	return strcmp(row->cells[UPDATE], "replace") == 0 ? CFN_REPLACES_ALWAYS
							  : CFN_REPLACES_MAYBE;
}

/* --- values --- */

struct check {
	const struct cfn_schema *schema;
	const char *type;
	bool evaluated;
	size_t faults;
	struct str *out;
};

static void tell(struct check *check, const char *where, const char *what,
		 const char *about)
{
	if (check->faults++ < FAULTS_MAX)
		str_addf(check->out, "\n#%s: %s%s", where, what, about);
}

/* {"Ref": ...} or {"Fn::...": ...}, when that is not worked out yet. */
static bool is_open(const struct check *check, const struct json *value)
{
	const char *name;
	const struct json *ignored;
	size_t at = 0;

	return !check->evaluated && json_count(value) == 1 &&
	       json_next(value, &at, &name, &ignored) &&
	       (strcmp(name, "Ref") == 0 || str_starts(name, "Fn::"));
}

/* Numbers and booleans may stand as text, as parameters do; the other way
 * round too. */
static bool is_kind(const char *kind, const struct json *value)
{
	const char *text = json_text(value, NULL, NULL);
	enum json_shape shape = json_shape(value);
	char *end;

	if (shape == JSON_SHAPE_OBJECT || shape == JSON_SHAPE_ARRAY ||
	    shape == JSON_SHAPE_NULL)
		return false;
	if (str_starts(kind, "boolean"))
		return shape == JSON_SHAPE_BOOL ||
		       (text != NULL && (str_equal_nocase(text, "true") ||
					 str_equal_nocase(text, "false")));
	if (str_starts(kind, "string"))
		return true;
	if (text == NULL)
		return shape == JSON_SHAPE_NUMBER;
	strtod(text, &end);
	return end != text && *end == '\0' &&
	       (str_starts(kind, "number") || strpbrk(text, ".eE") == NULL);
}

static bool is_among(const char *values, const char *text)
{
	while (*values != '\0') {
		size_t len = strcspn(values, "|");

		if (str_slice_equal(values, len, text))
			return true;
		values += len;
		values += *values == '|';
	}
	return false;
}

static void check_object(struct check *check, const char *path,
			 const char *where, const struct json *object);

/* path: of the table, "Rules[]"; where: of the template, "/Rules/0". */
static void check_one(struct check *check, const struct tsv_row *row,
		      const char *path, const char *where,
		      const struct json *value)
{
	const char *kind = row->cells[KIND];
	const char *text = json_text(value, NULL, NULL);

	if (is_open(check, value) || str_starts(kind, "json"))
		return;
	if (str_starts(kind, "object") || str_starts(kind, "map")) {
		if (json_shape(value) != JSON_SHAPE_OBJECT)
			tell(check, where, "expected type: JSONObject", "");
		else if (str_starts(kind, "object"))
			check_object(check, path, where, value);
		return;
	}
	if (!is_kind(kind, value))
		tell(check, where, "expected type: ",
		     str_starts(kind, "string")    ? "String"
		     : str_starts(kind, "boolean") ? "Boolean"
		     : str_starts(kind, "integer") ? "Integer"
						   : "Number");
	else if (row->cells[VALUES][0] != '\0' && text != NULL &&
		 !is_among(row->cells[VALUES], text))
		tell(check, where, text, " is not a valid enum value");
}

static void check_value(struct check *check, const struct tsv_row *row,
			const char *where, const struct json *value)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	str_add(&path, row->cells[NAME]);
	if (!str_ends(row->cells[KIND], "[]")) {
		check_one(check, row, path.text, where, value);
		return;
	}
	if (is_open(check, value))
		return;
	str_add(&path, "[]");
	if (json_shape(value) != JSON_SHAPE_ARRAY) {
		/* one value for a list of one, as it is taken there */
		if (is_kind(row->cells[KIND], value))
			return;
		tell(check, where, "expected type: JSONArray", "");
		return;
	}
	for (size_t i = 0; i < json_count(value); i++) {
		CLEANUP(str_done) struct str item = STR_EMPTY;

		str_addf(&item, "%s/%zu", where, i);
		check_one(check, row, path.text, item.text,
			  json_item(value, i));
	}
}

/* Rows of members that must be there. */
static void check_required(struct check *check, const char *path,
			   const char *where, const struct json *object)
{
	const struct tsv *tsv = check->schema->tsv;
	size_t len = strlen(path);

	for (size_t i = 0; i < tsv_count(tsv); i++) {
		const struct tsv_row *row = tsv_row(tsv, i);
		const char *name = row->cells[NAME];

		if (strcmp(row->cells[TYPE], check->type) != 0 ||
		    strcmp(row->cells[ROLE], "set") != 0 ||
		    strcmp(row->cells[REQUIRED], "yes") != 0)
			continue;
		if (len > 0) {
			if (strncmp(name, path, len) != 0 || name[len] != '.')
				continue;
			name += len + 1;
		}
		if (strchr(name, '.') == NULL && strchr(name, '[') == NULL &&
		    json_key(object, name) == NULL) {
			CLEANUP(str_done) struct str what = STR_EMPTY;

			str_addf(&what, "required key [%s] not found", name);
			tell(check, where, what.text, "");
		}
	}
}

/* Has the table members below the path? Some objects stand alone. */
static bool has_members(const struct check *check, const char *path)
{
	const struct tsv *tsv = check->schema->tsv;
	size_t len = strlen(path);

	for (size_t i = 0; len > 0 && i < tsv_count(tsv); i++) {
		const struct tsv_row *row = tsv_row(tsv, i);

		if (strcmp(row->cells[TYPE], check->type) == 0 &&
		    strcmp(row->cells[ROLE], "set") == 0 &&
		    strncmp(row->cells[NAME], path, len) == 0 &&
		    row->cells[NAME][len] == '.')
			return true;
	}
	return len == 0;
}

static void check_object(struct check *check, const char *path,
			 const char *where, const struct json *object)
{
	const struct json *value;
	const char *name;
	size_t at = 0;

	if (!has_members(check, path))
		return;
	while (json_next(object, &at, &name, &value)) {
		CLEANUP(str_done) struct str full = STR_EMPTY;
		CLEANUP(str_done) struct str place = STR_EMPTY;
		const struct tsv_row *row;

		str_addf(&full, "%s%s%s", path, *path != '\0' ? "." : "",
			 name);
		str_addf(&place, "%s/%s", where, name);
		row = find(check->schema, check->type, "set", full.text);
		if (row != NULL) {
			check_value(check, row, place.text, value);
			continue;
		}
		str_clear(&full);
		str_addf(&full, "extraneous key [%s] is not permitted", name);
		tell(check, *where != '\0' ? where : "", full.text, "");
	}
	check_required(check, path, where, object);
}

bool cfn_schema_check(const struct cfn_schema *schema, const char *type,
		      const struct json *properties, bool evaluated,
		      struct str *out)
{
	CLEANUP(json_freep) struct json *none = json_new_object();
	struct check check = {
		.schema = schema,
		.type = type,
		.evaluated = evaluated,
		.out = out,
	};

	if (properties != NULL && json_shape(properties) != JSON_SHAPE_OBJECT)
		tell(&check, "", "expected type: JSONObject", "");
	else
		check_object(&check, "", "",
			     properties != NULL ? properties : none);
	return check.faults == 0;
}
