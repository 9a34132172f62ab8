#include "../check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "transfer/walk.h"

static char folder[] = "/tmp/redsh-walk-XXXXXX";

static int start(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	return chdir("/") == 0 && file_remove_tree(folder, NULL) ? 0 : -1;
}

static void make(const char *name)
{
	assert_true(file_write(name, name, strlen(name), 0644, NULL));
}

static void make_folder(const char *name)
{
	assert_int_equal(mkdir(name, 0755), 0);
}

/* "a b !c ?d": ! failed, ? left out. */
static void walk_all(const char *root, const struct walk_options *options,
		     struct str *out)
{
	struct err err = ERR_EMPTY;
	CLEANUP(walk_freep) struct walk *walk = walk_new(root, options, &err);
	struct walk_entry entry = { .name = "" };
	enum walk_step step;

	if (walk == NULL)
		fail_msg("%s", err.message);
	while ((step = walk_next(walk, &entry, &err)) != WALK_END) {
		if (out->len > 0)
			str_add_char(out, ' ');
		if (step == WALK_FAILED)
			str_add_char(out, '!');
		if (step == WALK_LEFT_OUT)
			str_add_char(out, '?');
		str_add(out, entry.name);
	}
}

static void names_come_in_the_order_of_keys(void **state)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;

	(void)state;
	make_folder("order");
	make_folder("order/a");
	make_folder("order/a/empty");
	make("order/a/b");
	make("order/a-");
	make("order/a.txt");
	make("order/a0");
	make("order/Z");
	make("order/\xc3\xa9");
	walk_all("order", NULL, &all);
	assert_text(all.text, "Z a- a.txt a/b a0 \xc3\xa9");
}

static void a_folder_of_many_names_is_read_in_turns(void **state)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;
	CLEANUP(str_done) struct str few = STR_EMPTY;
	struct walk_options options = { .held = 3 };
	char name[32];

	(void)state;
	make_folder("many");
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "many/%d", i * 7919 % 1000);
		if (i % 10 == 3) {
			make_folder(name);
			str_clear(&all);
			str_addf(&all, "%s/in", name);
			make(all.text);
		} else {
			make(name);
		}
	}
	str_clear(&all);
	walk_all("many", NULL, &all);
	walk_all("many/", &options, &few);
	assert_text(few.text, all.text);
	assert_int_equal(all.len > 150, 1);
}

static void links_are_followed_but_not_in_circles(void **state)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;
	CLEANUP(str_done) struct str none = STR_EMPTY;
	struct walk_options leave = { .leave_links = true };

	(void)state;
	make_folder("links");
	make_folder("links/a");
	make("links/a/file");
	assert_int_equal(symlink("a", "links/b"), 0);
	assert_int_equal(symlink("a/file", "links/c"), 0);
	assert_int_equal(symlink("..", "links/a/up"), 0);
	assert_int_equal(symlink("nowhere", "links/d"), 0);
	assert_int_equal(mkfifo("links/e", 0600), 0);
	walk_all("links", NULL, &all);
	assert_text(all.text, "a/file ?a/up/ b/file ?b/up/ c !d ?e");
	walk_all("links", &leave, &none);
	assert_text(none.text, "a/file ?a/up ?b ?c ?d ?e");
}

static void names_that_are_no_utf8_are_refused_by_name(void **state)
{
	struct err err = ERR_EMPTY;
	CLEANUP(walk_freep) struct walk *walk = NULL;
	struct walk_entry entry = { .name = "" };

	(void)state;
	make_folder("bad");
	make("bad/a\xff" "b");
	make("bad/c");
	walk = walk_new("bad", NULL, &err);
	assert_int_equal(walk_next(walk, &entry, &err), WALK_FAILED);
	assert_text(err.message,
		    "bad/a\\xffb: the name is not UTF-8, as keys are");
	assert_int_equal(walk_next(walk, &entry, &err), WALK_FILE);
	assert_text(entry.name, "c");
	assert_int_equal(entry.size, 5);
	assert_true(entry.mtime_ns > 0);
	assert_int_equal(walk_next(walk, &entry, &err), WALK_END);
}

static void what_is_no_folder_has_no_files(void **state)
{
	struct err err = ERR_EMPTY;

	(void)state;
	make("file");
	assert_null(walk_new("file", NULL, &err));
	assert_text(err.code, "ENOTDIR");
	assert_null(walk_new("none", NULL, &err));
	assert_text(err.code, "ENOENT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_come_in_the_order_of_keys),
		cmocka_unit_test(a_folder_of_many_names_is_read_in_turns),
		cmocka_unit_test(links_are_followed_but_not_in_circles),
		cmocka_unit_test(names_that_are_no_utf8_are_refused_by_name),
		cmocka_unit_test(what_is_no_folder_has_no_files),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
