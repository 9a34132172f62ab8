#include "tests/unit/check.h"

#include "base/str.h"
#include "catalog/store.h"
#include "data/lite.h"

static void path_of(const char *host, const char *user, struct str *out)
{
	struct store_key key = { host, "5439", user };

	str_clear(out);
	store_path("/cache", &key, out);
}

static void the_file_name_tells_what_it_is_for(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	(void)state;
	path_of("a.example", "ann", &path);
	assert_true(str_starts(path.text, "/cache/a.example_5439_ann_"));
	assert_true(str_ends(path.text, ".db"));
}

static void every_key_has_a_file_of_its_own(void **state)
{
	static const char *const keys[][2] = {
		{ "h", "ann" },  { "h", "bob" },  { "h", "an_n" },
		{ "h", "an n" }, { "h", "an/n" }, { "h_5439", "ann" },
		{ "h_ann", "" }, { "/h", "ann" }, { "../h", "ann" },
		{ NULL, "ann" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		CLEANUP(str_done) struct str one = STR_EMPTY;

		path_of(keys[i][0], keys[i][1], &one);
		/* Stays in its folder. */
		assert_null(strchr(one.text + strlen("/cache/"), '/'));
		assert_null(strstr(one.text, ".."));
		for (size_t k = 0; k < i; k++) {
			CLEANUP(str_done) struct str other = STR_EMPTY;

			path_of(keys[k][0], keys[k][1], &other);
			assert_string_not_equal(one.text, other.text);
		}
	}
}

static void numbers_are_kept(void **state)
{
	CLEANUP(lite_closep) struct lite *lite = store_open(":memory:", NULL);

	(void)state;
	assert_non_null(lite);
	assert_int_equal(store_number(lite, "harvested_ms"), 0);
	assert_true(
		store_set_number(lite, "harvested_ms", 1234567890123, NULL));
	assert_true(
		store_set_number(lite, "harvested_ms", 1234567890124, NULL));
	assert_true(store_number(lite, "harvested_ms") == 1234567890124);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_name_tells_what_it_is_for),
		cmocka_unit_test(every_key_has_a_file_of_its_own),
		cmocka_unit_test(numbers_are_kept),
	};

	return RUN_TESTS(tests);
}
