/* data/json.h - JSON values over jansson.
 *
 * Paths are keys and indexes joined by dots: "Clusters.0.Endpoint.Address".
 * A key that itself holds dots is reached by json_key. All getters take NULL
 * and give the fallback, so look-ups chain without checks. What a getter
 * returns is borrowed from the value it is in.
 */
#ifndef DATA_JSON_H
#define DATA_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct str;
struct json;

/* NULL and ERR_DATA with line and column when malformed, nested deeper than
 * jansson's 2,048, or holding a key twice. Any value may stand on top. */
struct json *json_parse(const char *text, size_t len, struct err *err);
void json_free(struct json *json);	/* NULL is fine */
CLEANUP_FREE(struct json, json_free, json_freep)

const struct json *json_at(const struct json *json, const char *path);
const struct json *json_key(const struct json *json, const char *key);

/* What is not a string, integer, ... at that path gives otherwise; a path of
 * NULL or "" is the value itself. json_double takes integers too. */
const char *json_text(const struct json *json, const char *path,
		      const char *otherwise);
int64_t json_number(const struct json *json, const char *path,
		    int64_t otherwise);
double json_double(const struct json *json, const char *path,
		   double otherwise);
bool json_bool(const struct json *json, const char *path, bool otherwise);

/* A time as AWS's JSON has it, seconds since 1970 with a fraction, in ms; what
 * is no time of the years 1 to 9999 is 0. */
int64_t json_time_ms(const struct json *json, const char *path);

enum json_shape {
	JSON_SHAPE_NONE,	/* there is no value (NULL) */
	JSON_SHAPE_TEXT,
	JSON_SHAPE_NUMBER,
	JSON_SHAPE_BOOL,
	JSON_SHAPE_NULL,
	JSON_SHAPE_OBJECT,
	JSON_SHAPE_ARRAY,
};

enum json_shape json_shape(const struct json *json);

/* Items of an array, members of an object; 0 for all else. */
size_t json_count(const struct json *json);
const struct json *json_item(const struct json *json, size_t index);

/* Walks an object in order: size_t at = 0; while (json_next(...)). It must not
 * change meanwhile. */
bool json_next(const struct json *json, size_t *at, const char **out_key,
	       const struct json **out_value);

/* --- building --- */

struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_text(const char *text);
struct json *json_clone(const struct json *json); /* all of it; NULL of NULL */
struct json *json_new_number(int64_t number);
struct json *json_new_double(double number);
struct json *json_new_bool(bool value);
struct json *json_new_null(void);
void json_put_text(struct json *object, const char *key, const char *text);
void json_put_number(struct json *object, const char *key, int64_t number);
void json_put_double(struct json *object, const char *key, double number);
void json_put_bool(struct json *object, const char *key, bool value);
void json_put_null(struct json *object, const char *key);
void json_put_take(struct json *object, const char *key, struct json *value);
void json_push_take(struct json *array, struct json *value);
void json_drop(struct json *object, const char *key); /* may be missing */

/* The same value, whatever the order of members. NULL equals NULL only. */
bool json_equals(const struct json *one, const struct json *other);

/* Appends compact text, members in order. */
void json_add(struct str *out, const struct json *json);
void json_add_pretty(struct str *out, const struct json *json);

/* Appends text as a JSON string with its quotes; ill-formed UTF-8 bytes
 * become U+FFFD. Needs no json value: printers use it. */
void json_add_string(struct str *out, const char *text, size_t len);

#endif
