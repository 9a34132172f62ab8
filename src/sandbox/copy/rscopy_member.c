#include "sandbox/copy/rscopy_member.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/json.h"
#include "sandbox/copy/rscopy_field.h"
#include "sandbox/copy/rscopy_jsontext.h"

/* The columns that an object fills. */
struct view {
	const struct rscopy_column *columns;
	size_t count;
	bool nocase;
};

static bool bad(struct rscopy_problem *problem, int code, size_t position,
		const char *reason)
{
	problem->code = code;
	problem->position = (int)position;
	snprintf(problem->reason, sizeof(problem->reason), "%s", reason);
	return false;
}

/* --- JSONPaths --- */

static bool bad_path(const char *path, struct err *err)
{
	return err_set(err, ERR_DATA, "Invalid JSONPath format: %s", path);
}

static void push_name(struct rscopy_member_path *path, const char *name,
		      size_t len)
{
	struct rscopy_member_step step = { mem_copy_slice(name, len), 0 };

	vec_push(path, step);
}

/* .name; returns what follows, NULL: malformed. */
static const char *read_dot(struct rscopy_member_path *path, const char *at)
{
	size_t len = strcspn(++at, ".[]*?()'\"");

	if (len == 0 || (at[len] != '\0' && at[len] != '.' && at[len] != '['))
		return NULL;
	push_name(path, at, len);
	return at + len;
}

/* ['name'] or [n] */
static const char *read_bracket(struct rscopy_member_path *path, const char *at)
{
	struct rscopy_member_step step = { 0 };
	const char *close;
	char *end;

	at++;
	if (*at == '\'' || *at == '"') {
		close = strchr(at + 1, *at);
		if (close == NULL || close == at + 1 || close[1] != ']')
			return NULL;
		push_name(path, at + 1, (size_t)(close - at - 1));
		return close + 2;
	}
	if (!isdigit((unsigned char)*at))
		return NULL;
	step.index = strtoul(at, &end, 10);
	if (*end != ']')
		return NULL;
	vec_push(path, step);
	return end + 1;
}

static bool read_path(struct rscopy_member_path *path, const char *text,
		      struct err *err)
{
	const char *at = text + 1;
	bool dots = false;
	bool quotes = false;

	if (text[0] != '$')
		return bad_path(text, err);
	while (at != NULL && *at != '\0') {
		dots = dots || *at == '.';
		quotes = quotes ||
			 (*at == '[' && (at[1] == '\'' || at[1] == '"'));
		if (dots && quotes)
			return bad_path(text, err);
		at = *at == '.'   ? read_dot(path, at)
		     : *at == '[' ? read_bracket(path, at)
				  : NULL;
	}
	return at != NULL || bad_path(text, err);
}

bool rscopy_members_read_paths(struct rscopy_members *members, const char *text,
			       size_t len, struct err *err)
{
	CLEANUP(json_freep) struct json *json = json_parse(text, len, err);
	const struct json *paths;

	if (json == NULL)
		return false;
	paths = json_key(json, "jsonpaths");
	if (paths == NULL) {
		members->how = RSCOPY_MEMBER_BY_NAME;
		return true;
	}
	members->how = RSCOPY_MEMBER_BY_PATH;
	if (json_shape(paths) != JSON_SHAPE_ARRAY)
		return bad_path("jsonpaths is no array", err);
	for (size_t i = 0; i < json_count(paths); i++) {
		const char *path = json_text(json_item(paths, i), NULL, "");
		struct rscopy_member_path empty = { 0 };

		vec_push(members, empty);
		if (!read_path(&members->items[i], path, err))
			return false;
	}
	return true;
}

/* --- fields --- */

static void make_room(struct rscopy_members *members, size_t count)
{
	while (members->fields.count < count) {
		struct csv_field field = { 0 };
		struct str text = STR_EMPTY;

		vec_push(&members->fields, field);
		vec_push(&members->texts, text);
	}
	for (size_t i = 0; i < count; i++)
		members->fields.items[i].text = NULL;
}

/* A SUPER takes the value as JSON, all else what it means. */
static void set_field(struct rscopy_members *members, size_t at,
		      const struct rscopy_column *column,
		      const struct rscopy_jsontext *value)
{
	struct csv_field *field = &members->fields.items[at];
	struct str *text = &members->texts.items[at];

	field->text = NULL;
	if (value->kind == RSCOPY_JSONTEXT_NONE ||
	    value->kind == RSCOPY_JSONTEXT_NULL)
		return;
	field->text = value->text;
	field->len = value->len;
	if (value->kind != RSCOPY_JSONTEXT_STRING ||
	    column->type == RSCOPY_SUPER)
		return;
	str_clear(text);
	rscopy_jsontext_decode(value, text);
	field->text = text->text;
	field->len = text->len;
}

/* Members mostly come in the order of the columns: the search begins behind
 * the last hit. */
static size_t find_column(const struct view *view, const char *name, size_t len,
			  size_t from)
{
	for (size_t n = 0; n < view->count; n++) {
		size_t i = (from + n) % view->count;
		const char *column = view->columns[i].name;

		if (view->nocase ? str_slice_equal_nocase(name, len, column)
				 : str_slice_equal(name, len, column))
			return i;
	}
	return view->count;
}

static bool take_names(struct rscopy_members *members,
		       const struct rscopy_jsontext *object,
		       const struct view *view, struct rscopy_problem *problem)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct rscopy_jsontext key;
	struct rscopy_jsontext value;
	struct rscopy_jsonwalk walk;
	size_t next = 0;

	if (object->kind != RSCOPY_JSONTEXT_OBJECT)
		return bad(problem, 1216, 0,
			   "Invalid JSONPath format: Member is not an"
			   " object.");
	rscopy_jsonwalk_begin(&walk, object);
	while (rscopy_jsonwalk_next(&walk, &key, &value)) {
		size_t at;

		str_clear(&name);
		rscopy_jsontext_decode(&key, &name);
		at = find_column(view, name.text, name.len, next);
		if (at == view->count)
			continue;
		set_field(members, at, &view->columns[at], &value);
		next = at + 1;
	}
	return true;
}

static void find_name(struct rscopy_jsontext *value, const char *name)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct rscopy_jsontext found = { 0 };
	struct rscopy_jsontext key;
	struct rscopy_jsontext member;
	struct rscopy_jsonwalk walk;

	rscopy_jsonwalk_begin(&walk, value);
	while (rscopy_jsonwalk_next(&walk, &key, &member)) {
		str_clear(&text);
		rscopy_jsontext_decode(&key, &text);
		if (str_slice_equal(text.text, text.len, name))
			found = member;
	}
	*value = found;
}

static void find_index(struct rscopy_jsontext *value, size_t index)
{
	struct rscopy_jsontext none = { 0 };
	struct rscopy_jsontext item;
	struct rscopy_jsonwalk walk;

	rscopy_jsonwalk_begin(&walk, value);
	while (rscopy_jsonwalk_next(&walk, NULL, &item)) {
		if (index-- > 0)
			continue;
		*value = item;
		return;
	}
	*value = none;
}

/* What is not there, or null on the way, is null; a step into something of
 * another shape is an error. */
static bool follow(struct rscopy_jsontext *value,
		   const struct rscopy_member_path *path,
		   struct rscopy_problem *problem)
{
	for (size_t i = 0; i < path->count; i++) {
		const struct rscopy_member_step *step = &path->items[i];

		if (value->kind == RSCOPY_JSONTEXT_NONE ||
		    value->kind == RSCOPY_JSONTEXT_NULL)
			return true;
		if (step->name != NULL && value->kind != RSCOPY_JSONTEXT_OBJECT)
			return bad(problem, 1216, 0,
				   "Invalid JSONPath format: Member is not an"
				   " object.");
		if (step->name == NULL && value->kind != RSCOPY_JSONTEXT_ARRAY)
			return bad(problem, 1216, 0,
				   "Invalid JSONPath format: Member is not an"
				   " array.");
		if (step->name != NULL)
			find_name(value, step->name);
		else
			find_index(value, step->index);
	}
	return true;
}

static bool take_paths(struct rscopy_members *members,
		       const struct rscopy_jsontext *object,
		       const struct view *view, struct rscopy_problem *problem)
{
	for (size_t i = 0; i < view->count; i++) {
		struct rscopy_jsontext value = *object;

		if (!follow(&value, &members->items[i], problem))
			return false;
		set_field(members, i, &view->columns[i], &value);
	}
	return true;
}

bool rscopy_members_take(struct rscopy_members *members,
			 const struct csv_record *record,
			 const struct rscopy_column *columns, size_t count,
			 struct rscopy_problem *problem)
{
	const struct view view = {
		columns, count, members->how == RSCOPY_MEMBER_BY_NAME_NOCASE
	};
	struct rscopy_jsontext object;
	size_t at;

	switch (rscopy_jsontext_read(&object, record->raw, record->raw_len,
				     &at)) {
	case RSCOPY_JSONTEXT_BAD_HEX:
		return bad(problem, 1219, at, "Invalid hexadecimal digit");
	case RSCOPY_JSONTEXT_BAD:
		return bad(problem, 1216, at, "Invalid JSON object");
	case RSCOPY_JSONTEXT_GOOD:
		break;
	}
	make_room(members, count);
	switch (members->how) {
	case RSCOPY_MEMBER_BY_NAME:
	case RSCOPY_MEMBER_BY_NAME_NOCASE:
		return take_names(members, &object, &view, problem);
	case RSCOPY_MEMBER_BY_PATH:
		return take_paths(members, &object, &view, problem);
	case RSCOPY_MEMBER_WHOLE:
		set_field(members, 0, &columns[0], &object);
		return true;
	}
	return false;
}

void rscopy_members_done(struct rscopy_members *members)
{
	for (size_t i = 0; i < members->count; i++) {
		struct rscopy_member_path *path = &members->items[i];

		for (size_t j = 0; j < path->count; j++)
			mem_free(path->items[j].name);
		vec_done(path);
	}
	vec_done(members);
	for (size_t i = 0; i < members->texts.count; i++)
		str_done(&members->texts.items[i]);
	vec_done(&members->texts);
	vec_done(&members->fields);
}
