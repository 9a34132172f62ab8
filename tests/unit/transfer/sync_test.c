#include "served.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/str.h"
#include "transfer/batch.h"
#include "transfer/name_filter.h"
#include "transfer/sync.h"

static void make(const char *name, const char *text)
{
	assert_true(file_write(name, text, strlen(text), 0644, NULL));
}

static void set_time(const char *name, time_t time_s)
{
	struct timespec times[2] = { { .tv_sec = time_s },
				     { .tv_sec = time_s } };

	assert_int_equal(utimensat(AT_FDCWD, name, times, 0), 0);
}

static void line(void *context, const char *text)
{
	str_addf(context, "%s\n", text);
}

/* What would be done, a line each. */
static void would(const struct sync_options *options, const char *expected)
{
	CLEANUP(str_done) struct str lines = STR_EMPTY;
	struct err err = ERR_EMPTY;
	CLEANUP(sync_freep) struct sync *sync = sync_new(aws, options, &err);
	struct batch_source source = { sync_next, sync };
	struct batch_result result;

	if (sync == NULL)
		fail_msg("%s", err.message);
	if (!batch_dry_run(&source, line, &lines, &result, &err))
		str_addf(&lines, "%s\n", err.message);
	assert_text(lines.text, expected);
}

static void run(const struct sync_options *options,
		struct batch_result *result)
{
	struct err err = ERR_EMPTY;
	CLEANUP(sync_freep) struct sync *sync = sync_new(aws, options, &err);
	struct batch_source source = { sync_next, sync };

	if (sync == NULL ||
	    !batch_run(aws, NULL, &source, result, &err))
		fail_msg("%s", err.message);
}

static void a_folder_goes_comes_back_and_is_then_the_same(void **state)
{
	struct sync_options up = { .from = "tree",
				   .to = "s3://one-bucket/t" };
	struct sync_options down = { .from = "s3://one-bucket/t/",
				     .to = "back" };
	struct sync_options over = { .from = "s3://one-bucket/t",
				     .to = "s3://one-bucket/u" };
	struct batch_result result;

	(void)state;
	assert_int_equal(mkdir("tree", 0755), 0);
	assert_int_equal(mkdir("tree/a", 0755), 0);
	make("tree/a/b", "1");
	make("tree/a-", "22");
	make("tree/a0", "333");
	would(&up, "put tree/a- to s3://one-bucket/t/a- (2 B)\n"
		   "put tree/a/b to s3://one-bucket/t/a/b (1 B)\n"
		   "put tree/a0 to s3://one-bucket/t/a0 (3 B)\n");
	run(&up, &result);
	assert_int_equal(result.files, 3);
	would(&up, "");
	run(&down, &result);
	assert_int_equal(result.files, 3);
	would(&down, "");
	run(&over, &result);
	assert_int_equal(result.files, 3);
	would(&over, "");
}

static void size_and_time_tell_what_differs(void **state)
{
	struct sync_options up = { .from = "tree",
				   .to = "s3://one-bucket/t" };
	struct sync_options down = { .from = "s3://one-bucket/t",
				     .to = "back" };

	(void)state;
	make("tree/a/b", "longer");
	set_time("tree/a/b", 1000000000);
	set_time("tree/a-", 4000000000);
	would(&up, "put tree/a- to s3://one-bucket/t/a- (2 B)\n"
		   "put tree/a/b to s3://one-bucket/t/a/b (6 B)\n");
	up.size_only = true;
	would(&up, "put tree/a/b to s3://one-bucket/t/a/b (6 B)\n");
	set_time("back/a-", 4000000000);
	set_time("back/a0", 1000000000);
	would(&down, "get s3://one-bucket/t/a- to back/a- (2 B)\n"
		     "get s3://one-bucket/t/a0 to back/a0 (3 B)\n");
	down.size_only = true;
	would(&down, "");
}

static void what_is_there_only_is_removed_when_asked(void **state)
{
	struct sync_options up = { .from = "few",
				   .to = "s3://one-bucket/u" };
	struct sync_options down = { .from = "s3://one-bucket/u",
				     .to = "back",
				     .removes = true };
	struct name_filter filter = { 0 };
	struct batch_result result;

	(void)state;
	assert_int_equal(mkdir("few", 0755), 0);
	would(&up, "");
	up.removes = true;
	name_filter_exclude(&filter, "a/*");
	up.filter = &filter;
	would(&up, "remove s3://one-bucket/u/a- (2 B)\n"
		   "remove s3://one-bucket/u/a0 (3 B)\n");
	run(&up, &result);
	assert_int_equal(result.removed, 2);
	down.size_only = true;
	would(&down, "remove back/a- (2 B)\nremove back/a0 (3 B)\n");
	run(&down, &result);
	assert_int_equal(result.removed, 2);
	assert_false(file_exists("back/a0"));
	assert_true(file_exists("back/a/b"));
	name_filter_done(&filter);
}

static void a_failure_at_the_source_spares_the_rest(void **state)
{
	struct sync_options up = { .from = "torn",
				   .to = "s3://one-bucket/v",
				   .removes = true };
	struct err err = ERR_EMPTY;
	CLEANUP(sync_freep) struct sync *sync = NULL;
	struct batch_source source = { sync_next, NULL };
	struct batch_result result;

	(void)state;
	assert_int_equal(mkdir("torn", 0755), 0);
	make("torn/a", "1");
	make("torn/m", "1");
	make("torn/z", "1");
	run(&up, &result);
	assert_int_equal(unlink("torn/a"), 0);
	assert_int_equal(unlink("torn/m"), 0);
	assert_int_equal(unlink("torn/z"), 0);
	assert_int_equal(symlink("nowhere", "torn/m"), 0);
	sync = sync_new(aws, &up, &err);
	source.context = sync;
	assert_false(batch_run(aws, NULL, &source, &result, &err));
	assert_text(err.message, "torn/m: No such file or directory");
	assert_int_equal(result.failed, 1);
	assert_int_equal(sync_spared(sync) + result.removed, 3);
	/* m, which could not be read, and z behind it are there still */
	up.removes = false;
	up.from = "s3://one-bucket/v";
	up.to = "torn2";
	run(&up, &result);
	assert_true(file_exists("torn2/m"));
	assert_true(file_exists("torn2/z"));
}

static void what_makes_no_sense_is_refused(void **state)
{
	static const struct {
		const char *from;
		const char *to;
		const char *message;
	} cases[] = {
		{ "a", "b", "neither a nor b is at S3" },
		{ "s3://one-bucket/t", "s3://one-bucket/t/x",
		  "one of s3://one-bucket/t and s3://one-bucket/t/x lies in "
		  "the other" },
		{ "s3://one-bucket", "s3://one-bucket/t",
		  "one of s3://one-bucket and s3://one-bucket/t lies in the "
		  "other" },
		{ "none", "s3://one-bucket/t",
		  "none/: No such file or directory" },
		{ "s3://", "t", NULL },
	};
	struct sync_options nothing = { .from = "s3://one-bucket/none",
					.to = "back",
					.removes = true };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sync_options options = { .from = cases[i].from,
						.to = cases[i].to };
		struct err err = ERR_EMPTY;

		assert_null(sync_new(aws, &options, &err));
		if (cases[i].message != NULL)
			assert_text(err.message, cases[i].message);
	}
	would(&nothing, "nothing is at s3://one-bucket/none\n");
	assert_true(file_exists("back/a/b"));
}

static void keys_that_are_no_names_fail_alone(void **state)
{
	static const char *const keys[] = { "bad/../x", "bad//y", "bad/ok",
					    "bad/folder/" };
	struct sync_options down = { .from = "s3://one-bucket/bad",
				     .to = "bad" };
	struct err err = ERR_EMPTY;
	CLEANUP(sync_freep) struct sync *sync = NULL;
	struct batch_source source = { sync_next, NULL };
	struct batch_result result;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;

		str_set(&uri.bucket, "one-bucket");
		str_set(&uri.key, keys[i]);
		assert_true(s3_object_put(aws, &uri, "1", 1, NULL));
	}
	sync = sync_new(aws, &down, &err);
	source.context = sync;
	assert_false(batch_run(aws, NULL, &source, &result, &err));
	assert_int_equal(result.failed, 2);
	assert_int_equal(result.files, 1);
	assert_true(file_exists("bad/ok"));
	assert_false(file_exists("x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_folder_goes_comes_back_and_is_then_the_same),
		cmocka_unit_test(size_and_time_tell_what_differs),
		cmocka_unit_test(what_is_there_only_is_removed_when_asked),
		cmocka_unit_test(a_failure_at_the_source_spares_the_rest),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(keys_that_are_no_names_fail_alone),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
