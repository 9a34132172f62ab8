#include "served.h"

#include "aws/call.h"
#include "aws/s3_uri.h"
#include "base/str.h"
#include "transfer/stream_put.h"

enum { MIB = 1024 * 1024, STEP = 100000 };

static int done_count;
static int64_t done_sum;
static struct str notes = STR_EMPTY;

static void done(void *context, int64_t id, const char *etag)
{
	(void)context;
	assert_true(etag[0] == '"');
	done_count++;
	done_sum += id;
}

static void note(void *context, const char *text)
{
	(void)context;
	str_addf(&notes, "%s\n", text);
}

static struct stream_put *make(void)
{
	struct stream_put_watch watch = { .done = done, .note = note };
	struct err err = ERR_EMPTY;
	struct stream_put *put = stream_put_new(aws, &watch, &err);

	if (put == NULL)
		fail_msg("%s", err.message);
	done_count = 0;
	done_sum = 0;
	str_clear(&notes);
	return put;
}

static bool begin(struct stream_put *put, const char *key, int64_t size,
		  const char *mark, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct stream_put_object object = { &uri, size, 7, "test:file", mark };

	str_set(&uri.bucket, "one-bucket");
	str_set(&uri.key, key);
	return stream_put_begin(put, &object, err);
}

/* Bytes that tell their place. */
static void fill(struct str *out, int64_t size)
{
	str_clear(out);
	while ((int64_t)out->len < size)
		str_addf(out, "%zu\n", out->len);
	str_cut(out, (size_t)size);
}

static bool write_all(struct stream_put *put, const struct str *bytes,
		      struct err *err)
{
	for (size_t at = 0; at < bytes->len; at += STEP)
		if (!stream_put_write(put, bytes->text + at,
				      bytes->len - at < STEP ? bytes->len - at
							     : STEP,
				      err))
			return false;
	return true;
}

static void same(const char *key, const struct str *bytes)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str stored = STR_EMPTY;
	struct s3_range range = { 0, -1 };

	str_set(&uri.bucket, "one-bucket");
	str_set(&uri.key, key);
	assert_true(s3_object_get(aws, &uri, &range, &stored, NULL, NULL));
	assert_int_equal(stored.len, bytes->len);
	assert_memory_equal(stored.text, bytes->text, bytes->len);
}

static bool is_there(const char *key)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;

	str_set(&uri.bucket, "one-bucket");
	str_set(&uri.key, key);
	return s3_object_head(aws, &uri, &head, NULL);
}

static int count_uploads(void)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_LIST_UPLOADS);
	struct err err = ERR_EMPTY;
	const char *at;
	int count = 0;

	str_set(&call->bucket, "one-bucket");
	call_add_query(call, "uploads", "");
	if (!worker_call(aws, call, &err))
		fail_msg("%s", err.message);
	for (at = call->reply.body.text; (at = strstr(at, "<Upload>")); at++)
		count++;
	return count;
}

/* Sizes told and not told; small ones go whole, large ones in parts. */
static void what_is_written_arrives(void **state)
{
	static const int64_t sizes[] = { 0, 1, 5 * MIB, 5 * MIB + 1,
					 23 * MIB + 5 };
	CLEANUP(stream_put_freep) struct stream_put *put = make();
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	struct err err = ERR_EMPTY;
	char key[32];

	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(sizes); i++) {
		int64_t size = sizes[i / 2];

		snprintf(key, sizeof(key), "arrives/%zu", i);
		fill(&bytes, size);
		if (!begin(put, key, i % 2 ? -1 : size, "1", &err) ||
		    !write_all(put, &bytes, &err))
			fail_msg("%s", err.message);
		assert_true(stream_put_wait(put, &err));
		assert_false(is_there(key));
		if (!stream_put_end(put, &err) || !stream_put_wait(put, &err))
			fail_msg("%s", err.message);
		same(key, &bytes);
	}
	assert_int_equal(done_count, 2 * COUNT_OF(sizes));
	assert_int_equal(done_sum, 7 * done_count);
	assert_int_equal(count_uploads(), 0);
}

static void what_is_dropped_leaves_nothing(void **state)
{
	static const int64_t sizes[] = { 1000, 12 * MIB };
	CLEANUP(stream_put_freep) struct stream_put *put = make();
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		fill(&bytes, sizes[i]);
		assert_true(begin(put, "dropped", sizes[i], "1", &err));
		assert_true(write_all(put, &bytes, &err));
		stream_put_drop(put, &err);
		assert_int_equal(err.kind, ERR_NONE);
		assert_false(stream_put_can_resume(put));
		assert_int_equal(count_uploads(), 0);
		assert_false(is_there("dropped"));
	}
	fill(&bytes, 10);
	assert_true(begin(put, "next", 10, "1", &err));
	assert_true(write_all(put, &bytes, &err));
	assert_true(stream_put_end(put, &err) && stream_put_wait(put, &err));
	same("next", &bytes);
}

/* 12 MiB of it arrive, then it is given up. */
static void leave(const char *key, const struct str *bytes, const char *mark)
{
	CLEANUP(stream_put_freep) struct stream_put *put = make();
	struct str some = { .text = bytes->text, .len = 12 * MIB };
	struct err err = ERR_EMPTY;

	if (!begin(put, key, (int64_t)bytes->len, mark, &err) ||
	    !write_all(put, &some, &err) || !stream_put_wait(put, &err))
		fail_msg("%s", err.message);
	assert_true(stream_put_can_resume(put));
}

static void finish(const char *key, const struct str *bytes, const char *mark)
{
	CLEANUP(stream_put_freep) struct stream_put *put = make();
	struct err err = ERR_EMPTY;

	if (!begin(put, key, (int64_t)bytes->len, mark, &err) ||
	    !write_all(put, bytes, &err) || !stream_put_end(put, &err))
		fail_msg("%s", err.message);
	same(key, bytes);
	assert_int_equal(count_uploads(), 0);
}

static void what_was_given_up_goes_on(void **state)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;

	(void)state;
	fill(&bytes, 17 * MIB);
	leave("resumed", &bytes, "1");
	assert_int_equal(count_uploads(), 1);
	assert_false(is_there("resumed"));
	finish("resumed", &bytes, "1");
	assert_non_null(strstr(notes.text, "2 parts are there"));
}

static void other_bytes_begin_anew(void **state)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;

	(void)state;
	fill(&bytes, 17 * MIB);
	leave("changed", &bytes, "1");
	memset(bytes.text, 'x', 100);
	finish("changed", &bytes, "2");
	assert_text(notes.text, "");
}

/* Ctrl-C while S3 is asked which parts it has. */
static void a_question_that_ends_keeps_the_record(void **state)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct stream_put *put;

	(void)state;
	fill(&bytes, 17 * MIB);
	leave("asked", &bytes, "1");
	put = make();
	assert_true(begin(put, "asked", (int64_t)bytes.len, "1", &err));
	cancel_raise();
	assert_false(write_all(put, &bytes, &err));
	assert_int_equal(err.kind, ERR_CANCELLED);
	stream_put_free(put);
	cancel_clear();
	assert_int_equal(count_uploads(), 1);
	finish("asked", &bytes, "1");
	assert_non_null(strstr(notes.text, "2 parts are there"));
}

static void what_no_memory_should_hold_is_refused(void **state)
{
	static const int64_t largest = INT64_C(10000) * STREAM_PUT_PART_MAX;
	CLEANUP(stream_put_freep) struct stream_put *put = make();
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(begin(put, "huge", largest + 1, "1", &err));
	assert_int_equal(err.kind, ERR_USAGE);
	assert_non_null(strstr(err.message, "larger than can go to S3"));
	assert_false(begin(put, "huge", INT64_MAX, "1", NULL));
	assert_true(begin(put, "huge", largest, "1", NULL));
	stream_put_drop(put, NULL);
	err_clear(&err);
	fill(&bytes, 10);
	assert_true(begin(put, "after", 10, "1", &err));
	assert_true(write_all(put, &bytes, &err));
	assert_true(stream_put_end(put, &err) && stream_put_wait(put, &err));
	same("after", &bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_arrives),
		cmocka_unit_test(what_is_dropped_leaves_nothing),
		cmocka_unit_test(what_was_given_up_goes_on),
		cmocka_unit_test(other_bytes_begin_anew),
		cmocka_unit_test(a_question_that_ends_keeps_the_record),
		cmocka_unit_test(what_no_memory_should_hold_is_refused),
	};
	int failed = cmocka_run_group_tests(tests, start, stop);

	str_done(&notes);
	return failed;
}
