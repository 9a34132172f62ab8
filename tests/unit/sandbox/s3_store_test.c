#include "../check.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "sandbox/s3/s3_store.h"

/* One folder a test; the store is opened in it anew as often as wanted. */
static int make_folder(void **state)
{
	char *dir = mem_copy_text("/tmp/s3-store-XXXXXX");

	assert_non_null(mkdtemp(dir));
	*state = dir;
	return 0;
}

static int drop_folder(void **state)
{
	file_remove_tree(*state, NULL);
	mem_free(*state);
	return 0;
}

static struct s3_store *open_store(const char *dir)
{
	struct err err = ERR_EMPTY;
	struct s3_store *store = s3_store_open(dir, &err);

	if (store == NULL)
		fail_msg("%s", err.message);
	return store;
}

static bool put(struct s3_store *store, const struct s3_store_put *what,
		const char *body, struct err *err)
{
	CLEANUP(s3_store_writer_freep)
	struct s3_store_writer *writer = s3_store_begin(store, err);

	return writer != NULL &&
	       s3_store_add(writer, body, strlen(body), err) &&
	       s3_store_put(writer, what, NULL, err);
}

static bool put_key(struct s3_store *store, const char *key, const char *body)
{
	struct s3_store_put what = { .bucket = "b", .key = key };

	return put(store, &what, body, NULL);
}

static void assert_body(struct s3_store *store, const char *key,
			const char *body)
{
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	char text[64] = "";
	int fd = s3_store_get(store, "b", key, &object, NULL);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, text, sizeof(text) - 1), strlen(body));
	assert_text(text, body);
	assert_int_equal(object.bytes, strlen(body));
	close(fd);
	s3_store_object_done(&object);
}

static size_t body_count(const char *dir)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	size_t count = 0;
	struct dirent *entry;
	DIR *bodies;

	str_addf(&path, "%s/s3/bodies", dir);
	bodies = opendir(path.text);
	assert_non_null(bodies);
	while ((entry = readdir(bodies)) != NULL)
		count += entry->d_name[0] != '.';
	closedir(bodies);
	return count;
}

static void objects_outlive_the_store(void **state)
{
	struct s3_store *store = open_store(*state);
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	struct s3_store_put what = { .bucket = "b",
				     .key = "../k",
				     .headers = "content-type: text/csv\n" };

	assert_true(s3_store_make_bucket(store, "b", "", NULL));
	assert_true(put(store, &what, "body", NULL));
	s3_store_close(store);
	store = open_store(*state);
	assert_body(store, "../k", "body");
	assert_true(s3_store_head(store, "b", "../k", &object, NULL));
	assert_text(object.headers, "content-type: text/csv\n");
	assert_text(object.etag, "841a2d689ad86bd1611447453c22c6fc");
	s3_store_object_done(&object);
	s3_store_close(store);
}

static void an_open_body_stays_when_its_key_is_replaced(void **state)
{
	struct s3_store *store = open_store(*state);
	char text[8] = "";
	int fd;

	assert_true(s3_store_make_bucket(store, "b", "", NULL));
	assert_true(put_key(store, "k", "old"));
	fd = s3_store_get(store, "b", "k", NULL, NULL);
	assert_true(put_key(store, "k", "new"));
	assert_int_equal(read(fd, text, 7), 3);
	assert_text(text, "old");
	close(fd);
	assert_body(store, "k", "new");
	assert_int_equal(body_count(*state), 1);
	s3_store_close(store);
}

static void a_writer_that_is_dropped_leaves_nothing(void **state)
{
	struct s3_store *store = open_store(*state);
	struct s3_store_writer *writer = s3_store_begin(store, NULL);

	assert_true(s3_store_add(writer, "half", 4, NULL));
	s3_store_writer_free(writer);
	assert_int_equal(body_count(*state), 0);
	s3_store_close(store);
}

static void bodies_that_a_crash_left_are_swept(void **state)
{
	struct s3_store *store = open_store(*state);
	CLEANUP(str_done) struct str path = STR_EMPTY;

	assert_true(s3_store_make_bucket(store, "b", "", NULL));
	assert_true(put_key(store, "k", "kept"));
	s3_store_close(store);
	str_addf(&path, "%s/s3/bodies/00000000000000ff", (char *)*state);
	assert_true(file_write(path.text, "lost", 4, 0600, NULL));
	store = open_store(*state);
	assert_int_equal(body_count(*state), 1);
	assert_body(store, "k", "kept");
	assert_true(put_key(store, "k2", "after"));
	assert_body(store, "k2", "after");
	s3_store_close(store);
}

static void refusals_carry_the_codes_of_s3(void **state)
{
	struct s3_store *store = open_store(*state);
	struct err err = ERR_EMPTY;
	char long_key[S3_STORE_KEY_BYTES_MAX + 2];
	const struct {
		struct s3_store_put what;
		const char *code;
	} cases[] = {
		{ { "none", "k", NULL, NULL, false }, "NoSuchBucket" },
		{ { "b", long_key, NULL, NULL, false }, "KeyTooLongError" },
		{ { "b", "\xff", NULL, NULL, false }, "InvalidURI" },
		{ { "b", "", NULL, NULL, false }, "InvalidURI" },
		{ { "b", "k", NULL, NULL, true }, "PreconditionFailed" },
		{ { "b", "k", NULL, "x", false }, "PreconditionFailed" },
		{ { "b", "new", NULL, "x", false }, "NoSuchKey" },
	};

	memset(long_key, 'k', sizeof(long_key) - 1);
	long_key[sizeof(long_key) - 1] = '\0';
	assert_true(s3_store_make_bucket(store, "b", "", NULL));
	assert_true(put_key(store, "k", "body"));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_false(put(store, &cases[i].what, "x", &err));
		assert_int_equal(err.kind, ERR_AWS);
		assert_text(err.code, cases[i].code);
	}
	assert_body(store, "k", "body");
	assert_false(s3_store_drop_bucket(store, "b", &err));
	assert_text(err.code, "BucketNotEmpty");
	assert_false(s3_store_make_bucket(store, "b", "", &err));
	assert_text(err.code, "BucketAlreadyOwnedByYou");
	assert_int_equal(s3_store_get(store, "b", "no", NULL, &err), -1);
	assert_text(err.code, "NoSuchKey");
	assert_true(s3_store_delete(store, "b", "no", NULL, NULL));
	assert_true(s3_store_delete(store, "b", "k", NULL, NULL));
	assert_true(s3_store_drop_bucket(store, "b", NULL));
	assert_int_equal(body_count(*state), 0);
	s3_store_close(store);
}

enum { ROUNDS = 50 };

static void *put_often(void *store)
{
	for (int i = 0; i < ROUNDS; i++)
		if (!put_key(store, "shared", i % 2 ? "one" : "two"))
			return NULL;
	return store;
}

static void threads_may_write_the_same_key(void **state)
{
	struct s3_store *store = open_store(*state);
	pthread_t threads[4];
	void *done;

	assert_true(s3_store_make_bucket(store, "b", "", NULL));
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, put_often, store), 0);
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		pthread_join(threads[i], &done);
		assert_ptr_equal(done, store);
	}
	assert_int_equal(body_count(*state), 1);
	s3_store_close(store);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(objects_outlive_the_store),
		TEST(an_open_body_stays_when_its_key_is_replaced),
		TEST(a_writer_that_is_dropped_leaves_nothing),
		TEST(bodies_that_a_crash_left_are_swept),
		TEST(refusals_carry_the_codes_of_s3),
		TEST(threads_may_write_the_same_key),
	};

	return RUN_TESTS(tests);
}
