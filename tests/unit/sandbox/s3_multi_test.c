#include "../check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "sandbox/s3/s3_multi.h"

static char dir[] = "/tmp/s3-multi-XXXXXX";

/* Puts bytes of c as a part; its etag into part. */
static bool put_part(struct s3_store *store, const struct s3_multi *upload,
		     struct s3_multi_part *part, size_t bytes, char c)
{
	CLEANUP(s3_store_writer_freep)
	struct s3_store_writer *writer = s3_store_begin(store, NULL);
	CLEANUP(mem_freep) char *block = mem_alloc(bytes + 1);

	memset(block, c, bytes);
	return s3_store_add(writer, block, bytes, NULL) &&
	       s3_multi_put(writer, upload, part->number, part, NULL);
}

static void parts_outlive_the_store_and_make_one_object(void **state)
{
	struct s3_store *store = s3_store_open(dir, NULL);
	struct s3_multi upload = { .bucket = "b", .key = "k" };
	struct s3_multi_part parts[] = { { .number = 3 }, { .number = 9 } };
	struct s3_multi_parts wanted = { .items = parts, .count = 2 };
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	struct s3_store_put put = { 0 };
	char *id;

	(void)state;
	assert_true(s3_store_make_bucket(store, "b", "", NULL));
	id = s3_multi_create(store, "b", "k", "x-amz-meta-a: b\n", NULL);
	assert_non_null(id);
	upload.upload_id = id;
	assert_true(put_part(store, &upload, &parts[1], 3, 'z'));
	assert_true(put_part(store, &upload, &parts[0], S3_MULTI_PART_BYTES_MIN,
			     'a'));
	s3_store_close(store);
	store = s3_store_open(dir, NULL);
	assert_true(s3_multi_complete(store, &upload, &wanted, &put, &object,
				      NULL));
	assert_int_equal(object.bytes, S3_MULTI_PART_BYTES_MIN + 3);
	assert_text(object.etag + 32, "-2");
	assert_true(s3_store_head(store, "b", "k", &object, NULL));
	assert_text(object.headers, "x-amz-meta-a: b\n");
	s3_store_object_done(&object);
	assert_false(s3_multi_check(store, &upload, NULL));
	mem_free(id);
	s3_store_close(store);
}

static void a_refused_complete_leaves_the_upload_as_it_was(void **state)
{
	struct s3_store *store = s3_store_open(dir, NULL);
	struct s3_multi upload = { .bucket = "b", .key = "k2" };
	struct s3_multi_part part = { .number = 1 };
	struct s3_multi_part wrong;
	struct s3_multi_parts wanted = { .items = &wrong, .count = 1 };
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	struct s3_store_put put = { .if_match = "none" };
	struct err err = ERR_EMPTY;
	char *id = s3_multi_create(store, "b", "k2", NULL, NULL);

	(void)state;
	upload.upload_id = id;
	assert_true(put_part(store, &upload, &part, 10, 'a'));
	wrong = part;
	wrong.etag[0] ^= 1;
	assert_false(s3_multi_complete(store, &upload, &wanted, &put, &object,
				       &err));
	assert_text(err.code, "InvalidPart");
	wrong = part;
	assert_false(s3_multi_complete(store, &upload, &wanted, &put, &object,
				       &err));
	assert_text(err.code, "NoSuchKey");
	put.if_match = NULL;
	assert_true(s3_multi_complete(store, &upload, &wanted, &put, &object,
				      &err));
	mem_free(id);
	s3_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_outlive_the_store_and_make_one_object),
		cmocka_unit_test(
			a_refused_complete_leaves_the_upload_as_it_was),
	};
	int failed;

	if (mkdtemp(dir) == NULL)
		return 1;
	failed = RUN_TESTS(tests);
	file_remove_tree(dir, NULL);
	return failed;
}
