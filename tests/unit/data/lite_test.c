#include "../check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "data/lite.h"

static const char *const one_step[] = {
	"create table t (k text primary key, n integer) strict;", NULL
};
static const char *const two_steps[] = {
	"create table t (k text primary key, n integer) strict;",
	"alter table t add column b blob; insert into t (k, n) values('s', 7);",
	NULL
};
static const char *const broken[] = { "create table x (a); nonsense;", NULL };

static char dir[] = "/tmp/redsh-lite-XXXXXX";
static struct str path = STR_EMPTY;

static int make_dir(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	str_addf(&path, "%s/cache.db", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	str_done(&path);
	return file_remove_tree(dir, NULL) ? 0 : -1;
}

static int64_t number_of(struct lite *lite, const char *sql)
{
	struct err err = ERR_EMPTY;
	struct lite_query *query = lite_query(lite, sql, &err);
	int64_t number;

	assert_non_null(query);
	assert_int_equal(lite_step(query, &err), LITE_ROW);
	number = lite_number(query, 0);
	lite_reset(query);
	return number;
}

static void a_new_file_is_private_and_migrates_step_by_step(void **state)
{
	struct err err = ERR_EMPTY;
	struct stat info;

	(void)state;
	{
		CLEANUP(lite_closep)
		struct lite *lite = lite_open(path.text, one_step, &err);

		assert_non_null(lite);
		assert_int_equal(number_of(lite, "pragma user_version"), 1);
	}
	assert_int_equal(stat(path.text, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	for (int again = 0; again < 2; again++) {
		CLEANUP(lite_closep)
		struct lite *lite = lite_open(path.text, two_steps, &err);

		assert_non_null(lite);
		assert_int_equal(number_of(lite, "select count(*) from t"), 1);
	}
	assert_null(lite_open(path.text, one_step, &err));
	assert_non_null(strstr(err.message, "newer version"));
	lite_remove(path.text);
	assert_false(file_exists(path.text));
}

static void values_are_bound_and_read_back(void **state)
{
	struct err err = ERR_EMPTY;
	CLEANUP(lite_closep)
	struct lite *lite = lite_open(":memory:", two_steps, &err);
	struct lite_query *query;

	(void)state;
	query = lite_query(lite, "insert into t values (?1, ?2, ?3)", &err);
	lite_bind_text(query, 1, "it's; drop");
	lite_bind_number(query, 2, INT64_MIN);
	lite_bind_blob(query, 3, "\0\1", 2);
	assert_true(lite_do(query, &err));
	assert_int_equal(lite_changes(lite), 1);
	query = lite_query(lite, "select k, n, b, null from t where k = ?1",
			   &err);
	lite_bind_slice(query, 1, "it's; drop and more", 10);
	assert_int_equal(lite_step(query, &err), LITE_ROW);
	assert_text(lite_text(query, 0), "it's; drop");
	assert_true(lite_number(query, 1) == INT64_MIN);
	assert_memory_equal(lite_text(query, 2), "\0\1", 2);
	assert_int_equal(lite_len(query, 2), 2);
	assert_true(lite_is_null(query, 3));
	assert_null(lite_text(query, 3));
	assert_int_equal(lite_step(query, &err), LITE_DONE);
	query = lite_query(lite, "select k, n, b, null from t where k = ?1",
			   &err);
	assert_int_equal(lite_step(query, &err), LITE_DONE);
}

static void errors_and_rollback_leave_things_as_they_were(void **state)
{
	struct err err = ERR_EMPTY;
	CLEANUP(lite_closep)
	struct lite *lite = lite_open(":memory:", two_steps, &err);

	(void)state;
	assert_null(lite_query(lite, "select nope from t", &err));
	assert_false(lite_is_corrupt(&err));
	assert_true(lite_begin(lite, &err));
	assert_true(lite_run(lite, "delete from t", &err));
	lite_rollback(lite);
	assert_int_equal(number_of(lite, "select count(*) from t"), 1);
	assert_false(lite_run(lite, "insert into t (k) values ('s')", &err));
	assert_null(lite_open(":memory:", broken, &err));
}

static void a_corrupt_file_is_known_and_a_cache_made_anew(void **state)
{
	struct err err = ERR_EMPTY;
	struct lite *lite;
	char junk[8192];

	(void)state;
	memset(junk, 'j', sizeof(junk));
	assert_true(file_write(path.text, junk, sizeof(junk), 0600, &err));
	assert_null(lite_open(path.text, one_step, &err));
	assert_true(lite_is_corrupt(&err));
	lite = lite_open_cache(path.text, one_step, &err);
	assert_non_null(lite);
	lite_close(lite);
	lite_remove(path.text);
}

static void a_file_in_no_folder_is_an_error_that_names_it(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	assert_null(lite_open_cache("/nonexistent/x.db", one_step, &err));
	assert_non_null(strstr(err.message, "/nonexistent/x.db"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_new_file_is_private_and_migrates_step_by_step),
		cmocka_unit_test(values_are_bound_and_read_back),
		cmocka_unit_test(errors_and_rollback_leave_things_as_they_were),
		cmocka_unit_test(a_corrupt_file_is_known_and_a_cache_made_anew),
		cmocka_unit_test(a_file_in_no_folder_is_an_error_that_names_it),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
