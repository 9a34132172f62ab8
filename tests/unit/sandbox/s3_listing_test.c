#include "../check.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "sandbox/s3/s3_listing.h"

static const char *const keys[] = {
	"a",    "a/1",      "a/b/2",
	"a//3", "b%",       "b_",
	"bx",   "\xc3\xa9", "\xf0\x9f\x98\x80",
};

/* Prefixes are shown in <>. */
static const struct {
	const char *prefix, *delimiter, *after;
	bool after_prefix;
	size_t max;
	const char *shown;
	bool truncated;
} cases[] = {
	{ NULL, NULL, NULL, false, 99,
	  "a a//3 a/1 a/b/2 b% b_ bx \xc3\xa9 \xf0\x9f\x98\x80", false },
	{ NULL, "/", NULL, false, 99,
	  "a <a/> b% b_ bx \xc3\xa9 \xf0\x9f\x98\x80", false },
	{ "a/", "/", NULL, false, 99, "<a//> a/1 <a/b/>", false },
	{ "a/b", NULL, NULL, false, 99, "a/b/2", false },
	{ "b_", NULL, NULL, false, 99, "b_", false },
	{ "b%", NULL, NULL, false, 99, "b%", false },
	{ NULL, NULL, "a/1", false, 99,
	  "a/b/2 b% b_ bx \xc3\xa9 \xf0\x9f\x98\x80", false },
	{ NULL, "/", "a/", false, 3, "<a/> b% b_", true },
	{ NULL, "/", "a/", true, 3, "b% b_ bx", true },
	{ NULL, NULL, NULL, false, 2, "a a//3", true },
	{ NULL, NULL, NULL, false, 9,
	  "a a//3 a/1 a/b/2 b% b_ bx \xc3\xa9 \xf0\x9f\x98\x80", false },
	{ NULL, NULL, NULL, false, 0, "", false },
	{ "zzz", NULL, NULL, false, 9, "", false },
	{ "a/", NULL, "0", false, 1, "a//3", true },
	{ "a/", NULL, "b", false, 9, "", false },
	{ NULL, "//", NULL, false, 3, "a <a//> a/1", true },
};

static void show(const struct s3_listing *listing, struct str *out)
{
	for (size_t i = 0; i < listing->count; i++) {
		const struct s3_store_object *item = &listing->items[i];

		str_addf(out, item->is_prefix ? "%s<%s>" : "%s%s",
			 i == 0 ? "" : " ", item->key);
	}
}

static void pages_hold_what_s3_would_list(void **state)
{
	struct s3_store *store = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct s3_listing_query query = { "b",
						  cases[i].prefix,
						  cases[i].delimiter,
						  cases[i].after,
						  cases[i].after_prefix,
						  cases[i].max };
		CLEANUP(s3_listing_done) struct s3_listing listing = { 0 };
		CLEANUP(str_done) struct str shown = STR_EMPTY;

		assert_true(s3_listing_page(store, &query, &listing, NULL));
		show(&listing, &shown);
		assert_text(shown.text, cases[i].shown);
		assert_int_equal(listing.truncated, cases[i].truncated);
	}
}

static void a_missing_bucket_is_refused(void **state)
{
	struct s3_listing_query query = { .bucket = "none", .max = 1 };
	struct s3_listing listing = { 0 };
	struct err err = ERR_EMPTY;

	assert_false(s3_listing_page(*state, &query, &listing, &err));
	assert_text(err.code, "NoSuchBucket");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_hold_what_s3_would_list),
		cmocka_unit_test(a_missing_bucket_is_refused),
	};
	char dir[] = "/tmp/s3-listing-XXXXXX";
	struct s3_store *store;
	int failed;

	if (mkdtemp(dir) == NULL || (store = s3_store_open(dir, NULL)) == NULL)
		return 1;
	s3_store_make_bucket(store, "b", "", NULL);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		CLEANUP(s3_store_writer_freep)
		struct s3_store_writer *writer = s3_store_begin(store, NULL);
		struct s3_store_put put = { .bucket = "b", .key = keys[i] };

		s3_store_put(writer, &put, NULL, NULL);
	}
	struct CMUnitTest with_store[COUNT_OF(tests)];

	memcpy(with_store, tests, sizeof(tests));
	for (size_t i = 0; i < COUNT_OF(tests); i++)
		with_store[i].initial_state = store;
	failed = RUN_TESTS(with_store);
	s3_store_close(store);
	file_remove_tree(dir, NULL);
	return failed;
}
