#include "../check.h"

#include <stdio.h>

#include "base/str.h"
#include "data/json.h"

static const char sample[] =
	"{\"Clusters\": [{\"Endpoint\": {\"Address\": \"h\", \"Port\": 5439},"
	" \"Encrypted\": true, \"Tags\": [], \"Cost\": 1.5, \"a.b\": \"dot\","
	" \"Big\": 9007199254740993, \"None\": null}], \"Marker\": \"m\"}";

static void paths_lead_to_values(void **state)
{
	struct err err = ERR_EMPTY;
	CLEANUP(json_freep)
	struct json *json = json_parse(sample, strlen(sample), &err);
	const struct json *first = json_at(json, "Clusters.0");

	(void)state;
	assert_non_null(json);
	assert_text(json_text(json, "Clusters.0.Endpoint.Address", "?"), "h");
	assert_int_equal(json_number(first, "Endpoint.Port", 0), 5439);
	assert_int_equal(json_number(first, "Big", 0), 9007199254740993);
	assert_true(json_bool(first, "Encrypted", false));
	assert_true(json_double(first, "Cost", 0) == 1.5);
	assert_text(json_text(json_key(first, "a.b"), NULL, "?"), "dot");
	assert_int_equal(json_shape(json_at(first, "None")), JSON_SHAPE_NULL);
	assert_int_equal(json_shape(json_at(first, "Tags")), JSON_SHAPE_ARRAY);
	assert_int_equal(json_count(json_at(json, "Clusters")), 1);
}

static void what_is_not_there_gives_the_fallback(void **state)
{
	struct err err = ERR_EMPTY;
	CLEANUP(json_freep)
	struct json *json = json_parse(sample, strlen(sample), &err);

	(void)state;
	assert_text(json_text(json, "Clusters.1.Endpoint.Address", "?"), "?");
	assert_text(json_text(json, "Clusters.x", "?"), "?");
	assert_text(json_text(json, "Clusters", "?"), "?");
	assert_int_equal(json_number(json, "Marker", -1), -1);
	assert_text(json_text(NULL, "a", NULL), NULL);
	assert_int_equal(json_count(NULL), 0);
	assert_int_equal(json_shape(json_at(json, "no")), JSON_SHAPE_NONE);
}

static void malformed_json_is_refused_with_its_place(void **state)
{
	static const char *const bad[] = {
		"", "{", "{\"a\":1,\"a\":2}", "[1,]", "nul", "{} x", "\"\xff\""
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err err = ERR_EMPTY;

		assert_null(json_parse(bad[i], strlen(bad[i]), &err));
		assert_int_equal(err.kind, ERR_DATA);
		assert_non_null(strstr(err.message, "line 1"));
	}
}

static void objects_are_walked_in_order(void **state)
{
	struct err err = ERR_EMPTY;
	CLEANUP(json_freep)
	struct json *json = json_parse("{\"z\":1,\"a\":2}", 13, &err);
	const struct json *value;
	const char *key;
	size_t at = 0;

	(void)state;
	assert_true(json_next(json, &at, &key, &value));
	assert_text(key, "z");
	assert_true(json_next(json, &at, &key, &value));
	assert_text(key, "a");
	assert_int_equal(json_number(value, NULL, 0), 2);
	assert_false(json_next(json, &at, &key, &value));
}

/* A reply may be 16 MiB: a walk that counted from the first member each time
 * would not end before the reader's patience. */
static void times_are_seconds_and_lies_are_none(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "1700000000", INT64_C(1700000000000) },
		{ "1700000000.25", INT64_C(1700000000250) },
		{ "-1.5", -1500 },
		{ "253402300799", INT64_C(253402300799000) },
		{ "253402300800", 0 },
		{ "1e300", 0 },
		{ "-1e300", 0 },
		{ "9223372036854775807", 0 },
		{ "\"2026-01-01\"", 0 },
		{ "[]", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(json_freep)
		struct json *json =
			json_parse(cases[i].text, strlen(cases[i].text), NULL);

		assert_non_null(json);
		assert_int_equal(json_time_ms(json, NULL), cases[i].ms);
	}
}

static void many_members_are_walked_once_each(void **state)
{
	enum { COUNT = 500000 };
	CLEANUP(json_freep) struct json *json = json_new_object();
	const struct json *value;
	size_t at = 0;
	int64_t next = 0;

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		char key[16];

		snprintf(key, sizeof(key), "%d", i);
		json_put_number(json, key, i);
	}
	while (json_next(json, &at, NULL, &value))
		assert_int_equal(json_number(value, NULL, -1), next++);
	assert_int_equal(next, COUNT);
}

static void built_values_are_written_compact(void **state)
{
	CLEANUP(json_freep) struct json *json = json_new_object();
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct json *list = json_new_array();

	(void)state;
	json_push_take(list, json_new_text("x"));
	json_push_take(list, json_new_text("cut\xff"));
	json_put_text(json, "name", "a\"b");
	json_put_number(json, "n", INT64_MIN);
	json_put_double(json, "half", 0.5);
	json_put_bool(json, "yes", true);
	json_put_null(json, "nil");
	json_put_take(json, "list", list);
	json_add(&out, json);
	assert_text(out.text, "{\"name\":\"a\\\"b\",\"n\":-9223372036854775808,"
			      "\"half\":0.5,\"yes\":true,\"nil\":null,"
			      "\"list\":[\"x\",\"cut\"]}");
}

static void strings_are_escaped_and_made_utf8(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	static const char text[] = "a\"\\/\b\f\n\r\t\x01\x1f\x7f\u00fc\xff.";

	(void)state;
	json_add_string(&out, text, sizeof(text) - 1);
	assert_text(out.text, "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f"
			      "\u00fc\ufffd.\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_lead_to_values),
		cmocka_unit_test(what_is_not_there_gives_the_fallback),
		cmocka_unit_test(malformed_json_is_refused_with_its_place),
		cmocka_unit_test(objects_are_walked_in_order),
		cmocka_unit_test(times_are_seconds_and_lies_are_none),
		cmocka_unit_test(many_members_are_walked_once_each),
		cmocka_unit_test(built_values_are_written_compact),
		cmocka_unit_test(strings_are_escaped_and_made_utf8),
	};

	return RUN_TESTS(tests);
}
