#include "data/json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/str.h"
#include "base/utf8.h"
#include "data/json_load.h"

/* struct json is jansson's json_t under our name. */
static json_t *inner(const struct json *json)
{
	return (json_t *)json;
}

static struct json *outer(json_t *value)
{
	return (struct json *)value;
}

struct json *json_parse(const char *text, size_t len, struct err *err)
{
	json_error_t error;
	json_t *value;

	if (!json_load(err))
		return NULL;
	value = json_loadb(text, len,
			   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY |
				   JSON_ALLOW_NUL,
			   &error);
	if (value == NULL)
		err_set(err, ERR_DATA, "JSON, line %d, column %d: %s",
			error.line, error.column, error.text);
	return outer(value);
}

void json_free(struct json *json)
{
	json_decref(inner(json));
}

const struct json *json_key(const struct json *json, const char *key)
{
	return outer(json_object_get(inner(json), key));
}

static json_t *member(const json_t *value, const char *name, size_t len)
{
	if (json_is_object(value)) {
		CLEANUP(mem_freep) char *key = mem_copy_slice(name, len);

		return json_object_get(value, key);
	}
	if (json_is_array(value)) {
		char *end = NULL;
		unsigned long index = strtoul(name, &end, 10);

		if (end == name + len && len > 0)
			return json_array_get(value, index);
	}
	return NULL;
}

const struct json *json_at(const struct json *json, const char *path)
{
	json_t *value = inner(json);

	while (value && path && *path) {
		size_t len = strcspn(path, ".");

		value = member(value, path, len);
		path += len;
		if (*path == '.')
			path++;
	}
	return outer(value);
}

const char *json_text(const struct json *json, const char *path,
		      const char *otherwise)
{
	const char *text = json_string_value(inner(json_at(json, path)));

	return text ? text : otherwise;
}

int64_t json_number(const struct json *json, const char *path,
		    int64_t otherwise)
{
	const json_t *value = inner(json_at(json, path));

	return json_is_integer(value) ? (int64_t)json_integer_value(value)
				      : otherwise;
}

double json_double(const struct json *json, const char *path, double otherwise)
{
	const json_t *value = inner(json_at(json, path));

	return json_is_number(value) ? json_number_value(value) : otherwise;
}

int64_t json_time_ms(const struct json *json, const char *path)
{
	static const double first = -62135596800, end = 253402300800;
	double seconds = json_double(json, path, 0);

	return seconds >= first && seconds < end ? (int64_t)(seconds * 1000)
						 : 0;
}

bool json_bool(const struct json *json, const char *path, bool otherwise)
{
	const json_t *value = inner(json_at(json, path));

	return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

enum json_shape json_shape(const struct json *json)
{
	if (json == NULL)
		return JSON_SHAPE_NONE;
	switch (json_typeof(inner(json))) {
	case JSON_OBJECT:
		return JSON_SHAPE_OBJECT;
	case JSON_ARRAY:
		return JSON_SHAPE_ARRAY;
	case JSON_STRING:
		return JSON_SHAPE_TEXT;
	case JSON_INTEGER:
	case JSON_REAL:
		return JSON_SHAPE_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_SHAPE_BOOL;
	case JSON_NULL:
		return JSON_SHAPE_NULL;
	}
	return JSON_SHAPE_NONE;
}

size_t json_count(const struct json *json)
{
	if (json_shape(json) == JSON_SHAPE_ARRAY)
		return json_array_size(inner(json));
	return json_object_size(inner(json));
}

const struct json *json_item(const struct json *json, size_t index)
{
	return outer(json_array_get(inner(json), index));
}

/* *at is jansson's place of the last member: counting on from the first one
 * each time would cost the square of a large reply. */
bool json_next(const struct json *json, size_t *at, const char **out_key,
	       const struct json **out_value)
{
	json_t *object = inner(json);
	void *place = *at == 0 ? json_object_iter(object)
			       : json_object_iter_next(object,
						       (void *)(uintptr_t)*at);

	if (place == NULL)
		return false;
	*at = (size_t)(uintptr_t)place;
	if (out_key)
		*out_key = json_object_iter_key(place);
	if (out_value)
		*out_value = outer(json_object_iter_value(place));
	return true;
}

struct json *json_new_object(void)
{
	return outer(json_object());
}

struct json *json_new_array(void)
{
	return outer(json_array());
}

struct json *json_clone(const struct json *json)
{
	return json == NULL ? NULL : outer(json_deep_copy(inner(json)));
}

struct json *json_new_text(const char *text)
{
	json_t *value = json_string(text);

	/* jansson refuses ill-formed UTF-8; keep what can be kept. */
	if (value == NULL)
		value = json_stringn(text, utf8_first_bad(text, strlen(text)));
	return outer(value);
}

struct json *json_new_number(int64_t number)
{
	return outer(json_integer(number));
}

struct json *json_new_double(double number)
{
	return outer(json_real(number));
}

struct json *json_new_bool(bool value)
{
	return outer(json_boolean(value));
}

struct json *json_new_null(void)
{
	return outer(json_null());
}

void json_put_take(struct json *object, const char *key, struct json *value)
{
	json_object_set_new(inner(object), key, inner(value));
}

void json_put_text(struct json *object, const char *key, const char *text)
{
	json_put_take(object, key, json_new_text(text));
}

void json_put_number(struct json *object, const char *key, int64_t number)
{
	json_put_take(object, key, outer(json_integer(number)));
}

void json_put_double(struct json *object, const char *key, double number)
{
	json_put_take(object, key, outer(json_real(number)));
}

void json_put_bool(struct json *object, const char *key, bool value)
{
	json_put_take(object, key, outer(json_boolean(value)));
}

void json_put_null(struct json *object, const char *key)
{
	json_put_take(object, key, outer(json_null()));
}

void json_push_take(struct json *array, struct json *value)
{
	json_array_append_new(inner(array), inner(value));
}

void json_drop(struct json *object, const char *key)
{
	json_object_del(inner(object), key);
}

bool json_equals(const struct json *one, const struct json *other)
{
	return one == other || (one != NULL && other != NULL &&
				json_equal(inner(one), inner(other)));
}

static int add_dumped(const char *bytes, size_t len, void *out)
{
	str_add_slice(out, bytes, len);
	return 0;
}

void json_add(struct str *out, const struct json *json)
{
	json_dump_callback(inner(json), add_dumped, out,
			   JSON_COMPACT | JSON_ENCODE_ANY);
}

void json_add_pretty(struct str *out, const struct json *json)
{
	json_dump_callback(inner(json), add_dumped, out,
			   JSON_INDENT(2) | JSON_ENCODE_ANY);
}

/* RFC 8259: quote, backslash and bytes below 0x20 must be escaped. */
static void add_escaped(struct str *out, char c)
{
	static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i + 1 < sizeof(names); i += 2) {
		if (names[i] != c)
			continue;
		str_add_char(out, '\\');
		str_add_char(out, names[i + 1]);
		return;
	}
	str_add(out, "\\u00");
	str_add_char(out, digits[(unsigned char)c >> 4]);
	str_add_char(out, digits[(unsigned char)c & 15]);
}

void json_add_string(struct str *out, const char *text, size_t len)
{
	size_t done = 0;
	size_t at = 0;

	str_add_char(out, '"');
	while (at < len) {
		unsigned char c = (unsigned char)text[at];
		uint32_t code = c;
		size_t used = 1;

		if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
			at++;
			continue;
		}
		if (c >= 0x80)
			used = utf8_decode(text + at, len - at, &code);
		if (c >= 0x80 && code != UINT32_MAX) {
			at += used;
			continue;
		}
		str_add_slice(out, text + done, at - done);
		if (c < 0x80)
			add_escaped(out, text[at]);
		else
			str_add(out, "\xEF\xBF\xBD");
		at += used;
		done = at;
	}
	str_add_slice(out, text + done, at - done);
	str_add_char(out, '"');
}
