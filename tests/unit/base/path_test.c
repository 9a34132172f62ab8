#include "../check.h"

#include <stdlib.h>

#include "base/path.h"
#include "base/str.h"

static void the_tilde_is_home(void **state)
{
	static const struct {
		const char *path;
		const char *expanded;
	} cases[] = {
		{ "~", "/home/ann" },
		{ "~/x.sql", "/home/ann/x.sql" },
		{ "/a/~", "/a/~" },
		{ "x", "x" },
		{ "~no-such-user/x", "~no-such-user/x" },
	};

	(void)state;
	setenv("HOME", "/home/ann", 1);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;

		path_expand(cases[i].path, &out);
		assert_text(out.text, cases[i].expanded);
	}
}

static void relative_xdg_folders_are_ignored(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	setenv("HOME", "/home/ann", 1);
	setenv("XDG_CACHE_HOME", "cache", 1);
	path_xdg(PATH_CACHE, "x.db", &out);
	assert_text(out.text, "/home/ann/.cache/redsh/x.db");
	setenv("XDG_CACHE_HOME", "/var/ann", 1);
	str_clear(&out);
	path_xdg(PATH_CACHE, NULL, &out);
	assert_text(out.text, "/var/ann/redsh");
}

static void names_come_apart_and_together(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	path_join("/a", "b", &out);
	path_join("/c/", "d", &out);
	path_join("/c/", "/e", &out);
	path_dir("/x/y", &out);
	path_dir("/x", &out);
	path_dir("x", &out);
	assert_text(out.text, "/a/b/c/d/e/x/.");
	assert_text(path_base("/a/b.csv"), "b.csv");
	assert_text(path_base("b.csv"), "b.csv");
}

static void missing_programs_are_named(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(path_program("sh", &out, &err));
	assert_false(path_program("no-such-program", &out, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	assert_non_null(strstr(err.message, "no-such-program"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tilde_is_home),
		cmocka_unit_test(relative_xdg_folders_are_ignored),
		cmocka_unit_test(names_come_apart_and_together),
		cmocka_unit_test(missing_programs_are_named),
	};

	return RUN_TESTS(tests);
}
