#include "../check.h"

#include <fcntl.h>
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

static void links_stay_links(void **state)
{
	CLEANUP(str_done) struct str link = STR_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct stat info;

	(void)state;
	str_addf(&link, "%s/link", folder);
	str_addf(&file, "%s/linked", folder);
	assert_true(file_write(file.text, "old", 3, 0600, NULL));
	assert_int_equal(symlink("linked", link.text), 0);
	assert_true(file_may_write(link.text, NULL));
	assert_true(file_write(link.text, "new", 3, 0600, NULL));
	assert_int_equal(lstat(link.text, &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_true(file_read(file.text, 9, &text, NULL));
	assert_text(text.text, "new");
}

static void pipes_are_written_to(void **state)
{
	CLEANUP(str_done) struct str pipe = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct stat info;
	char got[8] = "";
	int fd;

	(void)state;
	str_addf(&pipe, "%s/pipe", folder);
	assert_int_equal(mkfifo(pipe.text, 0600), 0);
	/* Nobody reads it. */
	assert_false(file_write(pipe.text, "abc", 3, 0600, &err));
	assert_text(err.code, "ENXIO");
	fd = open(pipe.text, O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_true(file_may_write(pipe.text, NULL));
	assert_true(file_write(pipe.text, "abc", 3, 0600, NULL));
	assert_int_equal(read(fd, got, sizeof(got)), 3);
	assert_text(got, "abc");
	close(fd);
	assert_int_equal(stat(pipe.text, &info), 0);
	assert_true(S_ISFIFO(info.st_mode));
}

static void places_are_tried_without_a_trace(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	str_addf(&path, "%s/tried", folder);
	assert_true(file_may_write(path.text, NULL));
	assert_false(file_exists(path.text));
	assert_false(file_may_write(folder, &err));
	assert_text(err.code, "EISDIR");
	str_add(&path, "/x");
	assert_false(file_may_write(path.text, &err));
	assert_text(err.code, "ENOENT");
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
		cmocka_unit_test(links_stay_links),
		cmocka_unit_test(pipes_are_written_to),
		cmocka_unit_test(places_are_tried_without_a_trace),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
