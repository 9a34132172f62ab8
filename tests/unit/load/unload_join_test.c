#include "../check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "load/unload_join.h"
#include "load/unload_parts.h"
#include "load/unload_target.h"

/* --- the order of files --- */

static const char *const in_order[] = {
	"s3://b/x/", "s3://b/x/000", "s3://b/x/001", "s3://b/x/999",
	"s3://b/x/1000", "s3://b/x/a=9/0000_part_00",
	"s3://b/x/a=9/0000_part_09", "s3://b/x/a=9/0000_part_10",
	"s3://b/x/a=9/0000_part_100", "s3://b/x/a=9/0001_part_00",
	"s3://b/x/a=10/0000_part_00",
};

static void numbers_in_names_count_as_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(in_order); i++)
		for (size_t j = 0; j < COUNT_OF(in_order); j++) {
			int order = unload_parts_compare(in_order[i],
							 in_order[j]);

			assert_int_equal((order > 0) - (order < 0),
					 (i > j) - (i < j));
		}
}

static const struct {
	const char *text;
	const char *why; /* NULL: good */
} manifests[] = {
	{ "{\"entries\":[]}", NULL },
	{ "{\"entries\":[{\"url\":\"s3://b/x/001\"},{\"url\":\"s3://b/x/000\","
	  "\"meta\":{\"content_length\":3}}]}", NULL },
	{ "{\"entries\":[{\"url\":\"s3://b/y/000\"}]}", "which is not in" },
	{ "{\"entries\":[{\"mandatory\":true}]}", "names no file" },
	{ "{\"entries\":7}", "no entries" },
	{ "{}", "no entries" },
	{ "<Error/>", "manifest" },
};

static void a_manifest_is_read_and_distrusted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(manifests); i++) {
		CLEANUP(unload_parts_done) struct unload_parts parts = { 0 };
		struct err err = ERR_EMPTY;
		bool good = unload_parts_read(&parts, manifests[i].text,
					      strlen(manifests[i].text),
					      "s3://b/x/", &err);

		assert_int_equal(good, manifests[i].why == NULL);
		if (!good)
			assert_non_null(strstr(err.message, manifests[i].why));
		if (good && parts.count == 2) {
			unload_parts_sort(&parts);
			assert_text(parts.items[0].uri, "s3://b/x/000");
			assert_int_equal(parts.items[0].bytes, 3);
			assert_int_equal(parts.items[1].bytes, -1);
		}
	}
}

static const struct {
	const char *uri, *next;
} places[] = {
	{ "s3://b/x/", "s3://b/x-2/" },	   { "s3://b/y/x_", "s3://b/y/x_2_" },
	{ "s3://b/y/x-", "s3://b/y/x-2-" }, { "s3://b/x", "s3://b/x-2-" },
	{ "s3://b", "s3://b/unload-2/" },   { "s3://b/", "s3://b/unload-2/" },
};

static void another_place_lies_beside(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		CLEANUP(str_done) struct str next = STR_EMPTY;

		unload_target_next(places[i].uri, 2, &next);
		assert_text(next.text, places[i].next);
	}
}

/* --- joining; a file's URI is its content --- */

static bool read_uri(void *context, const char *uri, struct sink *sink,
		     struct err *err)
{
	size_t step = *(size_t *)context; /* bytes at a time */
	size_t len = strlen(uri);

	if (strcmp(uri, "broken") == 0)
		return err_set(err, ERR_NETWORK, "the network went away");
	for (size_t at = 0; at < len; at += step)
		if (!sink_write(sink, uri + at,
				len - at < step ? len - at : step, err))
			return false;
	return true;
}

static const struct {
	const char *files[4];
	const char *whole; /* NULL: fails */
	bool header, quotes, escape;
} joins[] = {
	{ { "1\n", "2\n", "3\n" }, "1\n2\n3\n", false, false, false },
	{ { "a\n1\n", "a\n2\n", "a\n" }, "a\n1\n2\n", true, false, false },
	/* a file without rows may have no header either */
	{ { "", "a\n1\n", "a\n2\n" }, "a\n1\n2\n", true, false, false },
	{ { "a\n", "a\n2\n" }, "a\n2\n", true, false, false },
	{ { "\"a\nb\",c\n1\n", "\"a\nb\",c\n2\n" }, "\"a\nb\",c\n1\n2\n", true,
	  true, false },
	{ { "\"a\"\"\nb\"\n1\n", "\"a\"\"\nb\"\n2\n" },
	  "\"a\"\"\nb\"\n1\n2\n", true, true, false },
	{ { "a\\\nb\n1\n", "a\\\nb\n2\n" }, "a\\\nb\n1\n2\n", true, false,
	  true },
	{ { "a\n1", "a\n2\n" }, "a\n12\n", true, false, false },
	{ { "a\n1\n", "broken" }, NULL, true, false, false },
	{ { NULL }, "", true, true, false },
};

static char folder[] = "/tmp/redsh-join-XXXXXX";

static void check_join(size_t i, size_t step)
{
	CLEANUP(unload_parts_done) struct unload_parts parts = { 0 };
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str found = STR_EMPTY;
	struct unload_join_from from = { read_uri, NULL, &step };
	struct unload_join how = { .parts = &parts,
				   .from = &from,
				   .header = joins[i].header,
				   .quotes = joins[i].quotes,
				   .escape = joins[i].escape };
	struct err err = ERR_EMPTY;
	int64_t bytes = -1;

	str_addf(&path, "%s/out.csv", folder);
	how.path = path.text;
	assert_true(file_write(path.text, "old", 3, 0666, NULL));
	for (size_t j = 0; j < 4 && joins[i].files[j] != NULL; j++) {
		struct unload_part part = { mem_copy_text(joins[i].files[j]),
					    -1 };

		vec_push(&parts, part);
	}
	assert_int_equal(unload_join_run(&how, &bytes, &err),
			 joins[i].whole != NULL);
	assert_true(file_read(path.text, 1000, &found, NULL));
	/* what was there stays when it fails */
	assert_text(found.text, joins[i].whole == NULL ? "old"
						       : joins[i].whole);
	unlink(path.text);
	/* and nothing else is in the folder */
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
}

static void files_become_one_with_one_header(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < COUNT_OF(joins); i++)
		for (size_t step = 1; step < 9; step += 2)
			check_join(i, step);
	rmdir(folder);
}

static void a_file_of_another_size_is_refused(void **state)
{
	CLEANUP(unload_parts_done) struct unload_parts parts = { 0 };
	struct unload_part part = { mem_copy_text("1\n"), 3 };
	size_t step = 9;
	struct unload_join_from from = { read_uri, NULL, &step };
	struct unload_join how = { .parts = &parts,
				   .from = &from,
				   .path = "/tmp/redsh-join-short.csv" };
	struct err err = ERR_EMPTY;
	int64_t bytes;

	(void)state;
	vec_push(&parts, part);
	assert_false(unload_join_run(&how, &bytes, &err));
	assert_non_null(strstr(err.message, "has 2 bytes, the manifest says 3"));
	assert_false(file_exists(how.path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_names_count_as_numbers),
		cmocka_unit_test(a_manifest_is_read_and_distrusted),
		cmocka_unit_test(another_place_lies_beside),
		cmocka_unit_test(files_become_one_with_one_header),
		cmocka_unit_test(a_file_of_another_size_is_refused),
	};

	return RUN_TESTS(tests);
}
