#include "../check.h"

#include "base/str.h"
#include "data/json.h"
#include "sandbox/services/api_json.h"

static struct json *parse(const char *text)
{
	struct json *json = json_parse(text, strlen(text), NULL);

	assert_non_null(json);
	return json;
}

/* Asks for pages of size, from page to page; tells how they were cut. */
static void cut(const char *list, size_t count, int size, struct str *told)
{
	CLEANUP(str_done) struct str token = STR_EMPTY;

	do {
		CLEANUP(json_freep) struct json *in = json_new_object();
		CLEANUP(json_freep) struct json *out = json_new_object();
		struct api_page page;

		json_put_number(in, "maxResults", size);
		if (token.len > 0)
			json_put_text(in, "nextToken", token.text);
		assert_true(api_json_page(in, list, count, &page, out, NULL));
		str_addf(told, "%zu-%zu ", page.first, page.end);
		str_set(&token, json_text(out, "nextToken", ""));
	} while (token.len > 0);
}

static void pages_follow_each_other(void **state)
{
	static const struct {
		size_t count;
		int size;
		const char *pages;
	} cases[] = {
		{ 0, 2, "0-0 " },
		{ 1, 1, "0-1 " },
		{ 2, 2, "0-2 " },
		{ 3, 2, "0-2 2-3 " },
		{ 4, 2, "0-2 2-4 " },
		{ 3, 1, "0-1 1-2 2-3 " },
		{ 101, 100, "0-100 100-101 " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CLEANUP(str_done) struct str told = STR_EMPTY;

		cut("things", cases[i].count, cases[i].size, &told);
		assert_text(told.text, cases[i].pages);
	}
}

static void a_page_has_a_hundred_unless_asked(void **state)
{
	CLEANUP(json_freep) struct json *in = json_new_object();
	CLEANUP(json_freep) struct json *out = json_new_object();
	struct api_page page;

	(void)state;
	assert_true(api_json_page(in, "things", 250, &page, out, NULL));
	assert_int_equal(page.end, 100);
}

static void a_token_is_for_its_own_list(void **state)
{
	CLEANUP(json_freep) struct json *first = parse("{\"maxResults\": 1}");
	CLEANUP(json_freep) struct json *out = json_new_object();
	CLEANUP(json_freep) struct json *next = json_new_object();
	struct err err = ERR_EMPTY;
	struct api_page page;

	(void)state;
	assert_true(api_json_page(first, "things", 2, &page, out, NULL));
	json_put_text(next, "nextToken", json_text(out, "nextToken", ""));
	assert_true(api_json_page(next, "things", 2, &page, out, NULL));
	assert_false(api_json_page(next, "others", 2, &page, out, &err));
	assert_text(err.code, "ValidationException");
	assert_false(api_json_page(next, "things", 1, &page, out, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_follow_each_other),
		cmocka_unit_test(a_page_has_a_hundred_unless_asked),
		cmocka_unit_test(a_token_is_for_its_own_list),
	};

	return RUN_TESTS(tests);
}
