#include "tests/unit/check.h"

#include "base/str.h"
#include "complete/complete.h"
#include "edit/menu.h"

/* texts end with NULL; the labels are the texts. */
static void fill(struct complete_list *list, const char *const *texts,
		 char after)
{
	for (; *texts != NULL; texts++) {
		struct complete_item item = {
			.text = mem_copy_text(*texts),
			.label = mem_copy_text(*texts),
			.detail = mem_copy_text(""),
			.after = after,
		};

		vec_push(list, item);
	}
}

static const struct {
	const char *texts[4];
	char after;
	char next; /* behind the cursor */
	const char *common;
} commons[] = {
	{ { "sales", NULL }, ' ', '\0', "sales " },
	{ { "sales", NULL }, ' ', ' ', "sales" },
	{ { "sales", NULL }, 0, '\0', "sales" },
	{ { "sales", "salary", NULL }, ' ', '\0', "sal" },
	{ { "sales", "orders", NULL }, ' ', '\0', "" },
	/* Not in the middle of a character: e acute and e grave. */
	{ { "caf\303\251", "caf\303\250", NULL }, ' ', '\0', "caf" },
	/* Not behind half an escape. */
	{ { "'a\\n", "'a\\t", NULL }, ' ', '\0', "'a" },
	{ { "'a\\\\b", "'a\\\\c", NULL }, ' ', '\0', "'a\\\\" },
	{ { NULL }, ' ', '\0', "" },
};

static void the_common_beginning_is_inserted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(commons); i++) {
		CLEANUP(complete_list_done)
		struct complete_list list = COMPLETE_LIST_EMPTY;
		CLEANUP(str_done) struct str out = STR_EMPTY;

		fill(&list, commons[i].texts, commons[i].after);
		menu_common(&list, commons[i].next, &out);
		assert_text(out.text, commons[i].common);
	}
}

/* sal: sales, and not saledate, which only holds it; where nothing begins with
 * it, all count. */
static void beginnings_go_before_words_inside(void **state)
{
	static const char *const texts[] = { "xsale", "sales", "sale2", NULL };
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	fill(&list, texts, ' ');
	list.items[0].match = COMPLETE_INNER_WORD;
	assert_int_equal(menu_common(&list, '\0', &out), 2);
	assert_text(out.text, "sale");
	list.items[2].match = COMPLETE_FUZZY;
	assert_int_equal(menu_common(&list, '\0', &out), 1);
	assert_text(out.text, "sales ");
	list.items[1].match = COMPLETE_FUZZY;
	assert_int_equal(menu_common(&list, '\0', &out), 3);
	assert_text(out.text, "");
}

static const struct {
	enum complete_kind kind;
	const char *texts[4];
	const char *folder;
} folders[] = {
	{ COMPLETE_KEY,
	  { "s3://b/raw/a.csv", "s3://b/raw/b/", NULL },
	  "s3://b/raw/" },
	/* The slash at the end is the name's. */
	{ COMPLETE_KEY, { "s3://b/raw/", "s3://b/raw/x", NULL }, "s3://b/" },
	{ COMPLETE_KEY, { "s3://b/raw/", NULL }, "s3://b/" },
	{ COMPLETE_BUCKET, { "s3://one/", "s3://other/", NULL }, "s3://" },
	{ COMPLETE_PATH, { "a.sql", "in/b.sql", NULL }, "" },
	{ COMPLETE_VALUE, { "a/b", "a/c", NULL }, "" },
	{ COMPLETE_KEY, { NULL }, "" },
};

/* A long address is cut at its end, where the names differ. */
static void the_folder_of_all_is_not_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		CLEANUP(complete_list_done)
		struct complete_list list = COMPLETE_LIST_EMPTY;
		CLEANUP(str_done) struct str out = STR_EMPTY;

		fill(&list, folders[i].texts, ' ');
		for (size_t j = 0; j < list.count; j++)
			list.items[j].kind = folders[i].kind;
		assert_int_equal(complete_list_folder(&list),
				 strlen(folders[i].folder));
		menu_format(&list, 80, 20, &out);
		if (i == 0)
			assert_text(out.text, "a.csv  b/\n");
	}
}

static const struct {
	const char *texts[8];
	int width_cols, max_rows;
	const char *shown;
} menus[] = {
	{ { "a", "b", "c", "d", NULL }, 80, 10, "a  b  c  d\n" },
	/* Down the columns. */
	{ { "a", "b", "c", "d", NULL }, 7, 10, "a  c\nb  d\n" },
	{ { "a", "b", "c", NULL }, 7, 10, "a  c\nb\n" },
	{ { "long name", "b", NULL }, 5, 10, "long name\nb\n" },
	/* Too many rows: across, and how many are left out. */
	{ { "a", "b", "c", "d", "e", "f", NULL },
	  7,
	  2,
	  "a  b\n... and 4 more\n" },
	/* Wide characters take two columns. */
	{ { "\346\227\245", "b", "c", NULL }, 9, 10, "\346\227\245  c\nb\n" },
	/* No control byte of a name reaches the terminal. */
	{ { "a\033[31mb\n", NULL }, 80, 10, "a?[31mb?\n" },
	{ { "a\302\233b", NULL }, 80, 10, "a?b\n" },
};

static void candidates_stand_in_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(menus); i++) {
		CLEANUP(complete_list_done)
		struct complete_list list = COMPLETE_LIST_EMPTY;
		CLEANUP(str_done) struct str out = STR_EMPTY;

		fill(&list, menus[i].texts, 0);
		menu_format(&list, menus[i].width_cols, menus[i].max_rows,
			    &out);
		assert_text(out.text, menus[i].shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_common_beginning_is_inserted),
		cmocka_unit_test(beginnings_go_before_words_inside),
		cmocka_unit_test(the_folder_of_all_is_not_shown),
		cmocka_unit_test(candidates_stand_in_columns),
	};

	return RUN_TESTS(tests);
}
