#include "served.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "aws/call.h"
#include "aws/s3_multipart.h"
#include "aws/s3_options.h"
#include "base/path.h"
#include "data/hash.h"
#include "transfer/batch.h"
#include "transfer/get_source.h"
#include "transfer/journal.h"
#include "transfer/name_filter.h"
#include "transfer/put_source.h"

#define MIB (INT64_C(1) << 20)

/* --- what a batch told --- */

struct told {
	struct str notes;	/* a line each */
	struct str failures;
};

#define TOLD_EMPTY                                                             \
	{                                                                      \
		STR_EMPTY, STR_EMPTY                                           \
	}

static void told_done(struct told *told)
{
	str_done(&told->notes);
	str_done(&told->failures);
}

static void note(void *context, const char *text)
{
	struct told *told = context;

	str_addf(&told->notes, "%s\n", text);
}

static void failed(void *context, const struct err *err)
{
	struct told *told = context;

	str_addf(&told->failures, "%s\n", err->message);
}

static bool run(const struct batch_source *source, struct told *told,
		struct batch_options *options, struct batch_result *result,
		struct err *err)
{
	options->watch.note = note;
	options->watch.failed = failed;
	options->watch.context = told;
	return batch_run(aws, options, source, result, err);
}

static bool put(const char *name, const char *uri,
		const struct s3_options *request, struct told *told,
		struct batch_result *result, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri target = S3_URI_EMPTY;
	CLEANUP(put_source_freep) struct put_source *source = NULL;
	struct put_source_options which = { .recursive = true };
	struct batch_options options = { .part_bytes = 5 * MIB };

	target.options = request;
	assert_true(s3_uri_parse(&target, uri, NULL));
	source = put_source_new(&target, &which);
	assert_true(put_source_add(source, name, NULL));
	return run(&(struct batch_source){ put_source_next, source }, told,
		   &options, result, err);
}

static bool get(const char *uri, const char *target, bool into, bool keep,
		struct told *told, struct batch_result *result,
		struct err *err)
{
	struct get_source_options which = { .target = target,
					    .into = into,
					    .recursive = into };
	CLEANUP(get_source_freep)
	struct get_source *source = get_source_new(aws, &which);
	struct batch_options options = { .part_bytes = 5 * MIB,
					 .keep_existing = keep };

	assert_true(get_source_add(source, uri, NULL));
	return run(&(struct batch_source){ get_source_next, source }, told,
		   &options, result, err);
}

/* Other bytes for another seed. */
static void write_random(const char *name, int64_t size, unsigned seed)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;

	for (int64_t i = 0; i < size; i++) {
		seed = seed * 1664525 + 1013904223;
		str_add_char(&bytes, (char)(seed >> 24));
	}
	assert_true(file_write(name, bytes.text, bytes.len, 0644, NULL));
}

static void assert_same_files(const char *a, const char *b)
{
	CLEANUP(str_done) struct str one = STR_EMPTY;
	CLEANUP(str_done) struct str other = STR_EMPTY;

	assert_true(file_read(a, (size_t)(64 * MIB), &one, NULL));
	assert_true(file_read(b, (size_t)(64 * MIB), &other, NULL));
	assert_int_equal(one.len, other.len);
	assert_int_equal(memcmp(one.text, other.text, one.len), 0);
}

/* --- the tests --- */

static void many_small_files_go_and_come_back(void **state)
{
	CLEANUP(told_done) struct told told = TOLD_EMPTY;
	struct batch_result result;
	struct err err = ERR_EMPTY;
	char name[64], back[64];

	(void)state;
	assert_int_equal(mkdir("small", 0755), 0);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "small/%d", i);
		write_random(name, i, (unsigned)i);
	}
	if (!put("small/", "s3://one-bucket/s/", NULL, &told, &result, &err))
		fail_msg("%s", err.message);
	assert_int_equal(result.files, 300);
	assert_int_equal(result.bytes, 300 * 299 / 2);
	if (!get("s3://one-bucket/s/", "small2", true, false, &told, &result,
		 &err))
		fail_msg("%s", err.message);
	assert_int_equal(result.files, 300);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "small/%d", i);
		snprintf(back, sizeof(back), "small2/%d", i);
		assert_same_files(name, back);
	}
	assert_text(told.failures.text, "");
}

static void a_large_file_goes_in_parts_and_comes_in_ranges(void **state)
{
	CLEANUP(told_done) struct told told = TOLD_EMPTY;
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct batch_result result;
	struct err err = ERR_EMPTY;
	struct stat status;

	(void)state;
	write_random("big.csv", 17 * MIB + 3, 1);
	if (!put("big.csv", "s3://one-bucket/big.csv", NULL, &told, &result,
		 &err))
		fail_msg("%s", err.message);
	assert_true(s3_uri_parse(&uri, "s3://one-bucket/big.csv", NULL));
	assert_true(s3_object_head(aws, &uri, &head, NULL));
	assert_text(head.content_type.text, "text/csv");
	assert_non_null(strstr(head.etag.text, "-4\""));
	assert_true(file_write("here.csv", "x", 1, 0640, NULL));
	if (!get("s3://one-bucket/big.csv", "here.csv", false, false, &told,
		 &result, &err))
		fail_msg("%s", err.message);
	assert_int_equal(result.bytes, 17 * MIB + 3);
	assert_same_files("big.csv", "here.csv");
	assert_int_equal(stat("here.csv", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	assert_int_equal(status.st_mtim.tv_sec, head.modified_ms / 1000);
}

static void a_link_stays_a_link(void **state)
{
	CLEANUP(told_done) struct told told = TOLD_EMPTY;
	struct batch_result result;
	struct stat status;

	(void)state;
	assert_true(file_write("one", "1", 1, 0644, NULL));
	assert_true(put("one", "s3://one-bucket/one", NULL, &told, &result,
			NULL));
	assert_true(file_write("two", "2", 1, 0644, NULL));
	assert_int_equal(symlink("two", "three"), 0);
	assert_true(get("s3://one-bucket/one", "three", false, false, &told,
			&result, NULL));
	assert_int_equal(lstat("three", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_same_files("one", "two");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_false(get("s3://one-bucket/one", "pipe", false, false, &told,
			 &result, NULL));
	assert_non_null(strstr(told.failures.text, "pipe is no regular file"));
}

static void what_fails_is_told_and_the_others_go_on(void **state)
{
	CLEANUP(told_done) struct told told = TOLD_EMPTY;
	struct batch_result result;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_int_equal(mkdir("mixed", 0755), 0);
	assert_true(file_write("mixed/a", "a", 1, 0644, NULL));
	assert_int_equal(symlink("nowhere", "mixed/b"), 0);
	assert_int_equal(symlink("nowhere", "mixed/c"), 0);
	assert_true(file_write("mixed/d", "d", 1, 0644, NULL));
	assert_false(put("mixed/", "s3://one-bucket/m/", NULL, &told, &result,
			 &err));
	assert_int_equal(result.files, 2);
	assert_int_equal(result.failed, 2);
	assert_text(told.failures.text,
		    "mixed/b: No such file or directory\n"
		    "mixed/c: No such file or directory\n");
	assert_text(err.message, "2 of 4 failed, the first: mixed/b: No such "
				 "file or directory");
}

static void what_is_there_can_be_left_as_it_is(void **state)
{
	CLEANUP(told_done) struct told told = TOLD_EMPTY;
	CLEANUP(s3_options_done) struct s3_options options = S3_OPTIONS_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct batch_result result;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(s3_options_set(&options, S3_OPTION_NO_CLOBBER, "", NULL));
	assert_true(file_write("old", "old", 3, 0644, NULL));
	write_random("new", 6 * MIB, 3);
	assert_true(put("old", "s3://one-bucket/k", &options, &told, &result,
			NULL));
	assert_int_equal(result.files, 1);
	if (!put("old", "s3://one-bucket/k", &options, &told, &result, &err))
		fail_msg("%s", err.message);
	assert_int_equal(result.left, 1);
	assert_int_equal(result.files, 0);
	/* in parts it is asked for first */
	assert_true(put("new", "s3://one-bucket/k", &options, &told, &result,
			NULL));
	assert_int_equal(result.left, 1);
	assert_true(file_write("kept", "kept", 4, 0644, NULL));
	assert_true(get("s3://one-bucket/k", "kept", false, true, &told,
			&result, NULL));
	assert_int_equal(result.left, 1);
	assert_true(file_read("kept", 100, &text, NULL));
	assert_text(text.text, "kept");
	assert_true(get("s3://one-bucket/k", "kept", false, false, &told,
			&result, NULL));
	assert_same_files("kept", "old");
}

/* What a killed redsh leaves: an upload with part 2, and its record. */
static void leave_upload(const char *name, const char *uri_text)
{
	CLEANUP(journal_done) struct journal journal = JOURNAL_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(call_freep) struct call *call = NULL;
	struct journal_name which = { JOURNAL_UPLOAD, name, uri_text,
				      worker_endpoint(aws) };
	struct s3_part_source part = { .offset = 5 * MIB,
				       .length = 5 * MIB,
				       .number = 2 };
	struct stat status;

	assert_true(s3_uri_parse(&uri, uri_text, NULL));
	assert_true(s3_multipart_create(aws, &uri, NULL, &id, NULL));
	part.fd = open(name, O_RDONLY | O_CLOEXEC);
	assert_true(part.fd >= 0);
	assert_int_equal(fstat(part.fd, &status), 0);
	call = s3_multipart_part(&uri, id.text, &part, NULL);
	close(part.fd);
	assert_true(worker_call(aws, call, NULL));
	assert_true(journal_open(&journal, &which, NULL));
	journal.size = status.st_size;
	journal.mtime_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 +
			   status.st_mtim.tv_nsec;
	journal.part_bytes = 5 * MIB;
	str_set(&journal.upload_id, id.text);
	hash_add_hex(HASH_SHA256, "", 0, &journal.made);
	assert_true(journal_start(&journal, NULL));
}

static void an_upload_goes_on_where_it_stopped(void **state)
{
	CLEANUP(told_done) struct told told = TOLD_EMPTY;
	struct batch_result result;
	struct err err = ERR_EMPTY;

	(void)state;
	write_random("broken", 12 * MIB, 5);
	leave_upload("broken", "s3://one-bucket/broken");
	if (!put("broken", "s3://one-bucket/broken", NULL, &told, &result,
		 &err))
		fail_msg("%s", err.message);
	assert_text(told.notes.text, "s3://one-bucket/broken: going on after "
				     "1 of 3 parts\n");
	assert_true(get("s3://one-bucket/broken", "broken2", false, false,
			&told, &result, NULL));
	assert_same_files("broken", "broken2");
}

static void another_file_begins_its_upload_anew(void **state)
{
	CLEANUP(told_done) struct told told = TOLD_EMPTY;
	struct batch_result result;

	(void)state;
	write_random("moved", 12 * MIB, 6);
	leave_upload("moved", "s3://one-bucket/moved");
	write_random("moved", 12 * MIB, 7);
	assert_true(put("moved", "s3://one-bucket/moved", NULL, &told,
			&result, NULL));
	assert_text(told.notes.text, "");
	assert_true(get("s3://one-bucket/moved", "moved2", false, false,
			&told, &result, NULL));
	assert_same_files("moved", "moved2");
}

/* What a killed redsh leaves: the middle range and the record of it. */
static void leave_download(const char *from, const char *name,
			   const char *uri_text)
{
	CLEANUP(journal_done) struct journal journal = JOURNAL_EMPTY;
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str sum = STR_EMPTY;
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	struct integrity count = { 0 };
	struct journal_name which = { JOURNAL_DOWNLOAD, name, uri_text,
				      worker_endpoint(aws) };
	struct stat status;
	int fd;

	head.wants_sum = true;
	assert_true(s3_uri_parse(&uri, uri_text, NULL));
	assert_true(s3_object_head(aws, &uri, &head, NULL));
	assert_int_not_equal(head.sum.kind, INTEGRITY_NONE);
	assert_true(file_read(from, (size_t)(64 * MIB), &bytes, NULL));
	integrity_start(&count, head.sum.kind);
	integrity_feed(&count, bytes.text + 5 * MIB, (size_t)(5 * MIB));
	integrity_add(&count, &sum);
	assert_true(journal_open(&journal, &which, NULL));
	path_join(folder, "left.part-1", &journal.temporary);
	fd = open(journal.temporary.text, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(pwrite(fd, bytes.text + 5 * MIB, (size_t)(5 * MIB),
				5 * MIB),
			 5 * MIB);
	assert_int_equal(fstat(fd, &status), 0);
	close(fd);
	journal.size = head.size;
	journal.part_bytes = 5 * MIB;
	str_set(&journal.etag, head.etag.text);
	str_set(&journal.sum_name, integrity_name(head.sum.kind));
	journal.device = (int64_t)status.st_dev;
	journal.inode = (int64_t)status.st_ino;
	assert_true(journal_start(&journal, NULL));
	journal_add(&journal, 1, "", sum.text);
}

static void a_download_goes_on_where_it_stopped(void **state)
{
	CLEANUP(told_done) struct told told = TOLD_EMPTY;
	struct batch_result result;
	struct err err = ERR_EMPTY;

	(void)state;
	write_random("down", 12 * MIB, 8);
	assert_true(put("down", "s3://one-bucket/down", NULL, &told, &result,
			NULL));
	leave_download("down", "down2", "s3://one-bucket/down");
	if (!get("s3://one-bucket/down", "down2", false, false, &told,
		 &result, &err))
		fail_msg("%s", err.message);
	assert_text(told.notes.text, "s3://one-bucket/down: going on after "
				     "1 of 3 parts\n");
	assert_same_files("down", "down2");
	assert_false(file_exists("left.part-1"));
}

static void a_changed_object_is_fetched_anew(void **state)
{
	CLEANUP(told_done) struct told told = TOLD_EMPTY;
	struct batch_result result;

	(void)state;
	write_random("other", 12 * MIB, 9);
	assert_true(put("other", "s3://one-bucket/other", NULL, &told,
			&result, NULL));
	leave_download("other", "other2", "s3://one-bucket/other");
	write_random("other", 12 * MIB, 10);
	assert_true(put("other", "s3://one-bucket/other", NULL, &told,
			&result, NULL));
	assert_true(get("s3://one-bucket/other", "other2", false, false,
			&told, &result, NULL));
	assert_text(told.notes.text, "s3://one-bucket/other: the object has "
				     "changed, starting anew\n");
	assert_same_files("other", "other2");
	assert_false(file_exists("left.part-1"));
}

static void a_pipe_is_sent_to_its_end(void **state)
{
	static const int64_t sizes[] = { 0, 10, 5 * MIB, 12 * MIB + 1 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		CLEANUP(told_done) struct told told = TOLD_EMPTY;
		CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
		CLEANUP(put_source_freep) struct put_source *source = NULL;
		struct put_source_options which = { 0 };
		struct batch_options options = { .part_bytes = 5 * MIB };
		struct batch_result result;
		struct err err = ERR_EMPTY;
		int old = dup(STDIN_FILENO);
		int fd;

		write_random("flow", sizes[i], (unsigned)i);
		fd = open("flow", O_RDONLY | O_CLOEXEC);
		dup2(fd, STDIN_FILENO);
		close(fd);
		assert_true(s3_uri_parse(&uri, "s3://one-bucket/flow", NULL));
		source = put_source_new(&uri, &which);
		assert_true(put_source_add(source, "-", NULL));
		if (!run(&(struct batch_source){ put_source_next, source },
			 &told, &options, &result, &err))
			fail_msg("%s", err.message);
		dup2(old, STDIN_FILENO);
		close(old);
		assert_int_equal(result.bytes, sizes[i]);
		assert_true(get("s3://one-bucket/flow", "flow2", false, false,
				&told, &result, NULL));
		assert_same_files("flow", "flow2");
	}
}

static void keys_that_lead_out_are_refused_by_name(void **state)
{
	static const char *const names[] = { "a", "a/b", "..a", "a..", NULL };
	static const char *const bad[] = { "",	 "/a",	 "a/",	"a//b", "..",
					   "../a", "a/..", "a/./b", NULL };

	(void)state;
	for (size_t i = 0; names[i] != NULL; i++)
		assert_true(get_source_is_safe(names[i]));
	for (size_t i = 0; bad[i] != NULL; i++)
		assert_false(get_source_is_safe(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_small_files_go_and_come_back),
		cmocka_unit_test(
			a_large_file_goes_in_parts_and_comes_in_ranges),
		cmocka_unit_test(a_link_stays_a_link),
		cmocka_unit_test(what_fails_is_told_and_the_others_go_on),
		cmocka_unit_test(what_is_there_can_be_left_as_it_is),
		cmocka_unit_test(an_upload_goes_on_where_it_stopped),
		cmocka_unit_test(another_file_begins_its_upload_anew),
		cmocka_unit_test(a_download_goes_on_where_it_stopped),
		cmocka_unit_test(a_changed_object_is_fetched_anew),
		cmocka_unit_test(a_pipe_is_sent_to_its_end),
		cmocka_unit_test(keys_that_lead_out_are_refused_by_name),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
