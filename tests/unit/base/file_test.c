#include "../check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"

static char folder[] = "/tmp/redsh-file-test-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return file_remove_tree(folder, NULL) && !file_exists(folder) ? 0 : -1;
}

static void written_files_are_read_back(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct stat info;

	(void)state;
	str_addf(&path, "%s/x", folder);
	assert_true(file_write(path.text, "a\0b", 3, 0600, NULL));
	assert_true(file_write(path.text, "c\0de", 4, 0600, NULL));
	assert_true(file_read(path.text, 4, &text, NULL));
	assert_int_equal(text.len, 4);
	assert_memory_equal(text.text, "c\0de", 5);
	assert_int_equal(stat(path.text, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(file_size(path.text), 4);
	assert_true(file_changed_ms(path.text) > 0);
	assert_int_equal(file_changed_ms("/nonexistent/file"), 0);
}

static void the_umask_holds_for_files_of_all(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct stat info;
	mode_t before = umask(027);

	(void)state;
	str_addf(&path, "%s/shared", folder);
	assert_true(file_write(path.text, "a", 1, 0666, NULL));
	assert_int_equal(stat(path.text, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0640);
	assert_int_equal(umask(before), 027);
}

static void a_file_beside_another_is_new_and_as_open_makes_it(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str one = STR_EMPTY;
	CLEANUP(str_done) struct str two = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct stat info;
	mode_t before = umask(022);
	int first, second;

	(void)state;
	str_addf(&path, "%s/beside", folder);
	first = file_open_beside(path.text, 0666, &one, NULL);
	second = file_open_beside(path.text, 0600, &two, NULL);
	assert_true(first >= 0 && second >= 0);
	assert_string_not_equal(one.text, two.text);
	assert_true(str_starts(one.text, path.text));
	assert_int_equal(fstat(first, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0644);
	assert_int_equal(fstat(second, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	close(first);
	close(second);
	assert_int_equal(umask(before), 022);
	str_set(&path, "/nowhere/at/all");
	assert_int_equal(file_open_beside(path.text, 0600, &one, &err), -1);
	assert_text(err.code, "ENOENT");
}

static void limits_and_missing_files_are_errors(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	str_addf(&path, "%s/y", folder);
	assert_false(file_read(path.text, 9, &text, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_true(file_write(path.text, "0123456789", 10, 0600, NULL));
	assert_false(file_read(path.text, 9, &text, &err));
	assert_int_equal(err.kind, ERR_DATA);
	str_add(&path, "/below/a/file");
	assert_false(file_write(path.text, "", 0, 0600, &err));
	assert_text(err.code, "ENOTDIR");
}

static void folders_are_made_with_their_parents(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	(void)state;
	str_addf(&path, "%s/a/b//c", folder);
	assert_true(file_make_dirs(path.text, 0700, NULL));
	assert_true(file_make_dirs(path.text, 0700, NULL));
	assert_true(file_is_dir(path.text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_files_are_read_back),
		cmocka_unit_test(the_umask_holds_for_files_of_all),
		cmocka_unit_test(
			a_file_beside_another_is_new_and_as_open_makes_it),
		cmocka_unit_test(limits_and_missing_files_are_errors),
		cmocka_unit_test(folders_are_made_with_their_parents),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
