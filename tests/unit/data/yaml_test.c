#include "../check.h"

#include "base/str.h"
#include "data/json.h"
#include "data/yaml.h"

static struct json *wrap(const char *tag, struct json *value_take,
			 struct err *err)
{
	struct json *object;

	if (strcmp(tag, "!No") == 0) {
		json_free(value_take);
		err_set(err, ERR_DATA, "no such tag");
		return NULL;
	}
	object = json_new_object();
	json_put_take(object, tag, value_take);
	return object;
}

static const struct {
	const char *yaml;
	const char *json;
} good[] = {
	{ "a", "\"a\"" },
	{ "1", "1" },
	{ "-12", "-12" },
	{ "010", "8" },
	{ "09", "\"09\"" },
	{ "1.5", "1.5" },
	{ "1.5.2", "\"1.5.2\"" },
	{ "12345678901234567890", "\"12345678901234567890\"" },
	{ "'1'", "\"1\"" },
	{ "yes", "true" },
	{ "Off", "false" },
	{ "'no'", "\"no\"" },
	{ "~", "null" },
	{ "2012-10-17", "\"2012-10-17\"" },
	{ "a: [1, {b: c}]", "{\"a\":[1,{\"b\":\"c\"}]}" },
	{ "yes: 1", "{\"yes\":1}" },
	{ "1: 2", "{\"1\":2}" },
	{ "a: >-\n  b\n  c\n", "{\"a\":\"b c\"}" },
	{ "a: |\n  b\n   c\n", "{\"a\":\"b\\n c\\n\"}" },
	{ "!Ref 1", "{\"!Ref\":\"1\"}" },
	{ "!If [a, !Ref b]", "{\"!If\":[\"a\",{\"!Ref\":\"b\"}]}" },
	{ "!!str 1", "\"1\"" },
	{ "{\"a\": \"\\u00e4\"}", "{\"a\":\"\xc3\xa4\"}" },
	{ "---\na\n...\n", "\"a\"" },
};

static void documents_become_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		struct yaml_place place;
		struct err err = ERR_EMPTY;
		CLEANUP(json_freep)
		struct json *json = yaml_parse(good[i].yaml,
					       strlen(good[i].yaml), wrap,
					       &place, &err);

		if (json == NULL)
			fail_msg("%s: %s", good[i].yaml, err.message);
		json_add(&text, json);
		assert_string_equal(text.text, good[i].json);
	}
}

static const struct {
	const char *yaml;
	size_t line;
	size_t column;
	const char *part; /* of the message */
} bad[] = {
	{ "a: [1", 2, 1, "" },
	{ "a: 1\nb: &x 2\nc: *x\n", 3, 4, "aliases" },
	{ "a: 1\na: 2\n", 2, 1, "twice" },
	{ "<<: {a: 1}\n", 1, 1, "merge" },
	{ "? [1]\n: 2\n", 1, 3, "key" },
	{ "a\n---\nb\n", 2, 1, "more than one" },
	{ "", 1, 1, "nothing" },
	{ "a: !No b\n", 1, 4, "no such tag" },
	{ "!!binary aGk=", 1, 1, "tag" },
	{ "a: \"\\0\"", 1, 4, "NUL" },
	{ "a:\n\t- b\n", 2, 1, "" },
};

static void what_is_wrong_has_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct yaml_place place;
		struct err err = ERR_EMPTY;

		assert_null(yaml_parse(bad[i].yaml, strlen(bad[i].yaml), wrap,
				       &place, &err));
		assert_int_equal(err.kind, ERR_DATA);
		if (strstr(err.message, bad[i].part) == NULL ||
		    place.line != bad[i].line || place.column != bad[i].column)
			fail_msg("%s: %zu, %zu: %s", bad[i].yaml, place.line,
				 place.column, err.message);
	}
}

static void depth_has_a_limit(void **state)
{
	struct yaml_place place;
	struct err err = ERR_EMPTY;
	char deep[201];

	(void)state;
	memset(deep, '[', 200);
	deep[200] = '\0';
	assert_null(yaml_parse(deep, 200, NULL, &place, &err));
	assert_non_null(strstr(err.message, "deeply"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_become_json),
		cmocka_unit_test(what_is_wrong_has_its_place),
		cmocka_unit_test(depth_has_a_limit),
	};

	return RUN_TESTS(tests);
}
