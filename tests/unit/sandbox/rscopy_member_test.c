#include "../check.h"

#include "base/err.h"
#include "base/str.h"
#include "sandbox/copy/rscopy_field.h"
#include "sandbox/copy/rscopy_jsontext.h"
#include "sandbox/copy/rscopy_member.h"

/* --- JSON as it stands --- */

static const struct {
	const char *text;
	enum rscopy_jsontext_fault fault;
	size_t at; /* where the reading stopped */
} texts[] = {
	{ " {\"a\": [1, -0.5e+3, true, null]} ", RSCOPY_JSONTEXT_GOOD, 33 },
	{ "{}", RSCOPY_JSONTEXT_GOOD, 2 },
	{ "[]", RSCOPY_JSONTEXT_GOOD, 2 },
	{ "\"\\u00e9\\\\\\\"\"", RSCOPY_JSONTEXT_GOOD, 12 },
	{ "\"\\u00g9\"", RSCOPY_JSONTEXT_BAD_HEX, 5 },
	{ "\"\\x\"", RSCOPY_JSONTEXT_BAD, 3 },
	{ "\"a\nb\"", RSCOPY_JSONTEXT_BAD, 2 },
	{ "\"open", RSCOPY_JSONTEXT_BAD, 5 },
	{ "{\"a\":1,}", RSCOPY_JSONTEXT_BAD, 7 },
	{ "{\"a\" 1}", RSCOPY_JSONTEXT_BAD, 5 },
	{ "{a:1}", RSCOPY_JSONTEXT_BAD, 1 },
	{ "[1 2]", RSCOPY_JSONTEXT_BAD, 3 },
	{ "01", RSCOPY_JSONTEXT_BAD, 1 },
	{ "-", RSCOPY_JSONTEXT_BAD, 1 },
	{ "1.", RSCOPY_JSONTEXT_BAD, 2 },
	{ "tru", RSCOPY_JSONTEXT_BAD, 0 },
	{ "1 1", RSCOPY_JSONTEXT_BAD, 2 },
	{ "", RSCOPY_JSONTEXT_BAD, 0 },
	{ "[", RSCOPY_JSONTEXT_BAD, 1 },
};

static void json_is_judged_where_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct rscopy_jsontext value;
		size_t at;

		if (rscopy_jsontext_read(&value, texts[i].text,
					 strlen(texts[i].text),
					 &at) != texts[i].fault)
			fail_msg("%s", texts[i].text);
		assert_int_equal(at, texts[i].at);
	}
}

/* Any text cut anywhere: an answer, never a byte past its end. */
static void cut_json_is_survived(void **state)
{
	static const char text[] =
		"{\"a\\u00e9\":[1.5e3,{\"b\":\"\\ud83d\\ude00\"},true],\"c\":"
		"null}";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		CLEANUP(mem_freep) char *cut = mem_copy_slice(text, len);
		struct rscopy_jsontext value;
		size_t at;

		assert_true((rscopy_jsontext_read(&value, cut, len, &at) ==
			     RSCOPY_JSONTEXT_GOOD) ==
			    (len == sizeof(text) - 1));
	}
}

static void deep_nesting_is_refused(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct rscopy_jsontext value;
	size_t at;

	(void)state;
	str_add_repeat(&text, '[', 100000);
	assert_int_equal(rscopy_jsontext_read(&value, text.text, text.len,
					      &at),
			 RSCOPY_JSONTEXT_BAD);
}

/* --- which value goes where --- */

static const struct rscopy_column columns[] = {
	{ .name = (char *)"a", .type = RSCOPY_VARCHAR, .length = 99 },
	{ .name = (char *)"b", .type = RSCOPY_SUPER },
};

static const struct {
	const char *paths; /* NULL: by name */
	bool nocase;
	const char *object;
	const char *a, *b; /* NULL: null; b without a: "" */
	int code;
} objects[] = {
	{ NULL, false, "{\"a\":\"x\\n\",\"b\":{\"k\": 1}}", "x\n",
	  "{\"k\": 1}", 0 },
	{ NULL, false, "{\"b\":\"x\",\"A\":1}", NULL, "\"x\"", 0 },
	{ NULL, true, "{\"B\":null,\"A\":1}", "1", NULL, 0 },
	{ NULL, false, "{\"a\":1,\"a\":2.50}", "2.50", NULL, 0 },
	{ NULL, false, "{\"\\u0061\":true}", "true", NULL, 0 },
	{ NULL, false, "[1]", NULL, NULL, 1216 },
	{ NULL, false, "{\"a\":\"\\u12\"}", NULL, NULL, 1219 },
	{ NULL, false, "{\"a\":", NULL, NULL, 1216 },
	{ "[\"$[1]\",\"$[0]\"]", false, "[[7],\"x\"]", "x", "[7]", 0 },
	{ "[\"$.k['a.b']\",\"$\"]", false, "{}", NULL, NULL, -1 },
	{ "[\"$['k']['a.b']\",\"$\"]", false, "{\"k\":{\"a.b\":3}}", "3",
	  "{\"k\":{\"a.b\":3}}", 0 },
	{ "[\"$.a.c\",\"$.b\"]", false, "{\"a\":null}", NULL, NULL, 0 },
	{ "[\"$.a.c\",\"$.b\"]", false, "{\"a\":1}", NULL, NULL, 1216 },
	{ "[\"$.a[0]\",\"$.b\"]", false, "{\"a\":{}}", NULL, NULL, 1216 },
	{ "[\"$.a[9]\",\"$.b\"]", false, "{\"a\":[1]}", NULL, NULL, 0 },
	{ "[\"$.a..b\",\"$\"]", false, "{}", NULL, NULL, -1 },
	{ "[\"$[-1]\",\"$\"]", false, "{}", NULL, NULL, -1 },
	{ "[\"$[0\",\"$\"]", false, "{}", NULL, NULL, -1 },
	{ "[\"a\",\"$\"]", false, "{}", NULL, NULL, -1 },
	{ "{}", false, "{}", NULL, NULL, -1 },
};

static bool read_paths(struct rscopy_members *members, const char *paths)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_addf(&text, "{\"jsonpaths\":%s}", paths);
	return rscopy_members_read_paths(members, text.text, text.len, &err);
}

static void check_field(const struct csv_field *field, const char *expected)
{
	if (expected == NULL) {
		assert_null(field->text);
		return;
	}
	assert_int_equal(field->len, strlen(expected));
	assert_memory_equal(field->text, expected, field->len);
}

static void members_go_by_name_or_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(objects); i++) {
		CLEANUP(rscopy_members_done) struct rscopy_members members = {
			.how = objects[i].nocase ? RSCOPY_MEMBER_BY_NAME_NOCASE
						 : RSCOPY_MEMBER_BY_NAME,
		};
		struct rscopy_problem problem = { 0 };
		struct csv_record record = {
			.raw = objects[i].object,
			.raw_len = strlen(objects[i].object),
		};

		if (objects[i].paths != NULL &&
		    read_paths(&members, objects[i].paths) !=
			    (objects[i].code != -1))
			fail_msg("%s", objects[i].paths);
		if (objects[i].code == -1)
			continue;
		if (rscopy_members_take(&members, &record, columns, 2,
					&problem) != (objects[i].code == 0))
			fail_msg("%s: %s", objects[i].object, problem.reason);
		assert_int_equal(problem.code, objects[i].code);
		if (objects[i].code != 0)
			continue;
		check_field(&members.fields.items[0], objects[i].a);
		check_field(&members.fields.items[1], objects[i].b);
	}
}

static void surrogates_make_one_character(void **state)
{
	static const char text[] = "\"\\ud83d\\ude00 \\ud83d x\"";
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct rscopy_jsontext value;
	size_t at;

	(void)state;
	assert_int_equal(rscopy_jsontext_read(&value, text, strlen(text), &at),
			 RSCOPY_JSONTEXT_GOOD);
	rscopy_jsontext_decode(&value, &out);
	assert_text(out.text, "\xf0\x9f\x98\x80 \xed\xa0\xbd x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_judged_where_it_stands),
		cmocka_unit_test(cut_json_is_survived),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(members_go_by_name_or_path),
		cmocka_unit_test(surrogates_make_one_character),
	};

	return RUN_TESTS(tests);
}
