#include "sandbox/quicksight/qs_shape.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/json.h"
#include "data/url.h"
#include "sandbox/ground/tsv.h"
#include "sandbox/quicksight/qs_rule.h"
#include "sandbox/s3/s3_call.h"

enum { KIND, NAME, THIRD, FOURTH, FIFTH }; /* columns */

struct qs_shapes {
	struct tsv *tsv; /* names and patterns point into it */
	struct map *by_name;
	struct {
		VEC(struct qs_route);
	} routes;
};

/* --- the table --- */

static const struct {
	const char *name;
	enum qs_type type;
} types[] = {
	{ "structure", QS_STRUCTURE }, { "list", QS_LIST },
	{ "map", QS_MAP },	       { "string", QS_STRING },
	{ "integer", QS_INTEGER },     { "long", QS_INTEGER },
	{ "double", QS_DOUBLE },       { "boolean", QS_BOOLEAN },
	{ "timestamp", QS_TIMESTAMP }, { "blob", QS_BLOB },
};

static void free_shape(void *value)
{
	struct qs_shape *shape = value;

	qs_rule_done(shape);
	vec_done(&shape->members);
	mem_free(shape);
}

static int64_t limit(const char *cell, int64_t otherwise)
{
	return *cell == '\0' ? otherwise : strtoll(cell, NULL, 10);
}

/* Where the two limits are depends on the kind. */
static struct qs_shape *new_shape(const struct tsv_row *row, enum qs_type type)
{
	static const int limits_at[] = {
		[QS_STRUCTURE] = -1, [QS_LIST] = FOURTH, [QS_MAP] = FIFTH,
		[QS_STRING] = THIRD, [QS_INTEGER] = THIRD,
		[QS_DOUBLE] = THIRD, [QS_BOOLEAN] = THIRD,
		[QS_TIMESTAMP] = THIRD, [QS_BLOB] = THIRD,
	};
	struct qs_shape *shape = mem_alloc(sizeof(*shape));
	int at = limits_at[type];

	shape->name = row->cells[NAME];
	shape->type = type;
	shape->min = INT64_MIN;
	shape->max = INT64_MAX;
	if (at >= 0) {
		shape->min = limit(row->cells[at], INT64_MIN);
		shape->max = limit(row->cells[at + 1], INT64_MAX);
	}
	shape->one = type == QS_STRUCTURE && row->cells[THIRD][0] != '\0';
	if (type == QS_STRING)
		qs_rule_text(shape, row->cells[FIFTH], row->cells[FIFTH + 1]);
	return shape;
}

static bool add_shape(struct qs_shapes *shapes, const struct tsv_row *row)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (strcmp(types[i].name, row->cells[KIND]) == 0) {
			map_put(shapes->by_name, row->cells[NAME],
				new_shape(row, types[i].type));
			return true;
		}
	return false;
}

static const struct qs_shape *shape_of(const struct qs_shapes *shapes,
				       const char *name)
{
	return map_get(shapes->by_name, name);
}

static void link_row(struct qs_shapes *shapes, const struct tsv_row *row,
		     struct qs_shape **in_out_outer)
{
	struct qs_shape *shape;

	if (strcmp(row->cells[KIND], "op") == 0) {
		struct qs_route route = {
			.op = row->cells[NAME],
			.method = row->cells[THIRD],
			.path = row->cells[FOURTH],
			.takes = shape_of(shapes, row->cells[FIFTH]),
		};

		vec_push(&shapes->routes, route);
		return;
	}
	if (strcmp(row->cells[KIND], "member") == 0) {
		struct qs_member member = {
			.name = row->cells[NAME],
			.shape = shape_of(shapes, row->cells[THIRD]),
			.required = row->cells[FOURTH][0] != '\0',
			.where = row->cells[FIFTH],
		};

		if (*in_out_outer != NULL)
			vec_push(&(*in_out_outer)->members, member);
		return;
	}
	shape = map_get(shapes->by_name, row->cells[NAME]);
	*in_out_outer = shape;
	if (shape->type == QS_LIST)
		shape->item = shape_of(shapes, row->cells[THIRD]);
	if (shape->type == QS_MAP) {
		shape->key = shape_of(shapes, row->cells[THIRD]);
		shape->item = shape_of(shapes, row->cells[FOURTH]);
	}
}

/* Whatever a row names is there. */
static bool is_whole(const struct qs_shapes *shapes)
{
	const char *name;
	void *value;
	size_t at = 0;

	for (size_t i = 0; i < shapes->routes.count; i++)
		if (shapes->routes.items[i].takes == NULL)
			return false;
	while (map_next(shapes->by_name, &at, &name, &value)) {
		const struct qs_shape *shape = value;

		for (size_t i = 0; i < shape->members.count; i++)
			if (shape->members.items[i].shape == NULL)
				return false;
		if ((shape->type == QS_LIST || shape->type == QS_MAP) &&
		    shape->item == NULL)
			return false;
	}
	return true;
}

struct qs_shapes *qs_shapes_read(const char *path, struct err *err)
{
	CLEANUP(qs_shapes_freep)
	struct qs_shapes *shapes = mem_alloc(sizeof(*shapes));
	struct qs_shapes *made = shapes;
	struct qs_shape *outer = NULL;

	shapes->by_name = map_new(free_shape);
	shapes->tsv = tsv_read(path, err);
	if (shapes->tsv == NULL)
		return NULL;
	for (size_t i = 0; i < tsv_count(shapes->tsv); i++)
		add_shape(shapes, tsv_row(shapes->tsv, i));
	for (size_t i = 0; i < tsv_count(shapes->tsv); i++)
		link_row(shapes, tsv_row(shapes->tsv, i), &outer);
	if (!is_whole(shapes)) {
		err_set(err, ERR_DATA, "%s names shapes that it has not", path);
		return NULL;
	}
	shapes = NULL;
	return made;
}

void qs_shapes_free(struct qs_shapes *shapes)
{
	if (shapes == NULL)
		return;
	map_free(shapes->by_name);
	vec_done(&shapes->routes);
	tsv_free(shapes->tsv);
	mem_free(shapes);
}

/* --- which operation --- */

/* The next segment; *in_out moves behind it. false: there is none. */
static bool next_segment(const char **in_out, const char **out, size_t *out_len)
{
	const char *at = *in_out;

	if (*at != '/')
		return false;
	*out = at + 1;
	*out_len = strcspn(at + 1, "/?");
	*in_out = at + 1 + *out_len;
	return true;
}

static bool path_fits(const char *path, const char *target)
{
	const char *wanted;
	const char *sent;
	size_t wanted_len;
	size_t sent_len;

	while (next_segment(&path, &wanted, &wanted_len)) {
		if (!next_segment(&target, &sent, &sent_len) || sent_len == 0)
			return false;
		if (wanted[0] != '{' &&
		    (wanted_len != sent_len ||
		     strncmp(wanted, sent, sent_len) != 0))
			return false;
	}
	return *target == '\0' || *target == '?';
}

/* A path without labels at the end goes before one with them. */
const struct qs_route *qs_shapes_route(const struct qs_shapes *shapes,
				       const char *method, const char *target)
{
	const struct qs_route *found = NULL;

	for (size_t i = 0; i < shapes->routes.count; i++) {
		const struct qs_route *route = &shapes->routes.items[i];
		size_t len = strlen(route->path);

		if (strcmp(route->method, method) != 0 ||
		    !path_fits(route->path, target))
			continue;
		if (found == NULL || route->path[len - 1] != '}')
			found = route;
	}
	return found;
}

const struct qs_route *qs_shapes_op(const struct qs_shapes *shapes,
				    const char *op)
{
	for (size_t i = 0; i < shapes->routes.count; i++)
		if (strcmp(shapes->routes.items[i].op, op) == 0)
			return &shapes->routes.items[i];
	return NULL;
}

const struct qs_shape *qs_shapes_named(const struct qs_shapes *shapes,
				       const char *name)
{
	return shape_of(shapes, name);
}

/* --- what stands outside of the body --- */

static const struct qs_member *member_of(const struct qs_shape *shape,
					 const char *name, size_t len)
{
	for (size_t i = 0; i < shape->members.count; i++)
		if (strlen(shape->members.items[i].name) == len &&
		    strncmp(shape->members.items[i].name, name, len) == 0)
			return &shape->members.items[i];
	return NULL;
}

/* A number or a boolean that is none stays text, and is refused as that. */
static void put_typed(const struct qs_member *member, const char *text,
		      struct json *out)
{
	char *end = NULL;
	long long number = strtoll(text, &end, 10);

	if (member->shape->type == QS_INTEGER && *text != '\0' && *end == '\0')
		json_put_number(out, member->name, number);
	else if (member->shape->type == QS_BOOLEAN &&
		 (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
		json_put_bool(out, member->name, *text == 't');
	else
		json_put_text(out, member->name, text);
}

static bool bind_path(const struct qs_route *route, const char *target,
		      struct json *out, struct err *err)
{
	const char *path = route->path;
	const char *wanted;
	const char *sent;
	size_t wanted_len;
	size_t sent_len;

	while (next_segment(&path, &wanted, &wanted_len) &&
	       next_segment(&target, &sent, &sent_len)) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		const struct qs_member *member;

		if (wanted[0] != '{')
			continue;
		member = member_of(route->takes, wanted + 1, wanted_len - 2);
		if (member == NULL ||
		    !url_unescape(&text, sent, sent_len, URL_PLUS_STAYS) ||
		    strlen(text.text) != text.len)
			return s3_call_refuse(err, "ValidationException",
					      "the path is not well formed");
		put_typed(member, text.text, out);
	}
	return true;
}

static bool bind_param(const struct qs_route *route, const struct s3_pair *pair,
		       struct json *out, struct err *err)
{
	const struct qs_shape *shape = route->takes;

	if (str_starts(pair->name, "X-Amz-"))
		return true;
	for (size_t i = 0; i < shape->members.count; i++) {
		const struct qs_member *member = &shape->members.items[i];

		if (!str_starts(member->where, "query:") ||
		    strcmp(member->where + strlen("query:"), pair->name) != 0)
			continue;
		put_typed(member, pair->value, out);
		return true;
	}
	return s3_call_refuse(err, "ValidationException",
			      "%s has no parameter %s", route->op, pair->name);
}

bool qs_shapes_bind(const struct qs_route *route, const char *target,
		    const struct s3_pairs *query, struct json *in_out,
		    struct err *err)
{
	const struct qs_shape *shape = route->takes;

	for (size_t i = 0; i < shape->members.count; i++) {
		const struct qs_member *member = &shape->members.items[i];

		if (member->where[0] != '\0' &&
		    json_key(in_out, member->name) != NULL)
			return s3_call_refuse(err, "ValidationException",
					      "%s does not take %s in the body",
					      route->op, member->name);
	}
	for (size_t i = 0; i < query->count; i++)
		if (!bind_param(route, &query->items[i], in_out, err))
			return false;
	return bind_path(route, target, in_out, err);
}

/* --- types --- */

static struct json *typed_text(const struct qs_shape *shape, const char *text)
{
	CLEANUP(json_freep) struct json *json =
		json_parse(text, strlen(text), NULL);
	enum json_shape is = json_shape(json);
	struct json *made;

	if ((shape->type == QS_BOOLEAN && is == JSON_SHAPE_BOOL) ||
	    ((shape->type == QS_INTEGER || shape->type == QS_DOUBLE) &&
	     is == JSON_SHAPE_NUMBER)) {
		made = json;
		json = NULL;
		return made;
	}
	return json_new_text(text);
}

static struct json *typed_members(const struct qs_shape *shape,
				  const struct json *value)
{
	struct json *out = json_new_object();
	const char *key;
	const struct json *inner;
	size_t at = 0;

	while (json_next(value, &at, &key, &inner)) {
		const struct qs_member *member =
			member_of(shape, key, strlen(key));
		const struct qs_shape *as = member != NULL ? member->shape
							   : shape->item;

		json_put_take(out, key,
			      as == NULL ? json_clone(inner)
					 : qs_shapes_typed(as, inner));
	}
	return out;
}

struct json *qs_shapes_typed(const struct qs_shape *shape,
			     const struct json *value)
{
	const char *text = json_text(value, NULL, NULL);
	struct json *list;

	if (text != NULL)
		return typed_text(shape, text);
	if (json_shape(value) == JSON_SHAPE_OBJECT)
		return typed_members(shape, value);
	if (json_shape(value) != JSON_SHAPE_ARRAY || shape->item == NULL)
		return json_clone(value);
	list = json_new_array();
	for (size_t i = 0; i < json_count(value); i++)
		json_push_take(list, qs_shapes_typed(shape->item,
						     json_item(value, i)));
	return list;
}
