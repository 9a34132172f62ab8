/* Runs tests/cases/complete/NAME.txt, some of them: a text with | at the cursor, a
 * blank line, then what Tab offers, in order, a line each: the text that it
 * writes, or "(nothing)". Where all lines begin with "+ " or "- " these texts
 * are among the offers or are not, and others do not count. */
#include "tests/unit/complete/place.h"

#include "tests/unit/cases.h"

static const struct complete_item *find_item(const struct complete_list *list,
					     const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].text, text) == 0)
			return &list->items[i];
	return NULL;
}

static void add_offers(const struct complete_list *list, struct str *out)
{
	for (size_t i = 0; i < list->count; i++)
		str_addf(out, "%s\n", list->items[i].text);
	if (list->count == 0)
		str_add(out, "(nothing)");
	str_trim_end(out);
}

/* true when expected is a list of "+ " and "- " lines that all hold. */
static bool holds(const struct complete_list *list, const char *expected)
{
	while (*expected != '\0') {
		size_t len = strcspn(expected, "\n");
		CLEANUP(mem_freep) char *line = mem_copy_slice(expected, len);
		bool there;

		if (len < 3 || line[1] != ' ' || strchr("+-", *line) == NULL)
			return false;
		there = find_item(list, line + 2) != NULL;
		if (there != (*line == '+'))
			return false;
		expected += len + (expected[len] != '\0');
	}
	return true;
}

static bool run_case(const char *path, char *input, const char *expected)
{
	CLEANUP(complete_list_done)
	struct complete_list list = COMPLETE_LIST_EMPTY;
	CLEANUP(str_done) struct str offers = STR_EMPTY;
	size_t cursor = cases_cursor(input);

	place_ask(input, cursor, &list);
	add_offers(&list, &offers);
	if (expected != NULL &&
	    (strcmp(offers.text, expected) == 0 || holds(&list, expected)))
		return true;
	fprintf(stderr, "# %s: %.*s|%s\n# expected:\n%s\n# actual:\n%s\n", path,
		(int)cursor, input, input + cursor,
		expected != NULL ? expected : "?", offers.text);
	return false;
}

static size_t run_file(const char *path)
{
	struct cases_file file = { .text = STR_EMPTY };
	struct err err = ERR_EMPTY;
	size_t wrong = 0;
	size_t count = 0;
	char *input;

	if (!file_read(path, 4 << 20, &file.text, &err))
		fail_msg("%s", err.message);
	file.rest = file.text.text;
	while ((input = cases_paragraph(&file)) != NULL) {
		char *expected = cases_paragraph(&file);

		wrong += !run_case(path, input, expected);
		count++;
		mem_free(input);
		mem_free(expected);
	}
	str_done(&file.text);
	return count > 0 ? wrong : 1;
}

static void every_file_offers_what_it_says(void **state)
{
	static const char *const names[] = { "copy", "unload", "ddl", "grant",
					     "set" };
	size_t wrong = 0;

	(void)state;
	assert_non_null(getenv("TESTS_DIR"));
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		CLEANUP(str_done) struct str path = STR_EMPTY;

		str_addf(&path, "%s/cases/complete/%s.txt", getenv("TESTS_DIR"),
			 names[i]);
		wrong += run_file(path.text);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_offers_what_it_says),
	};

	return cmocka_run_group_tests(tests, place_make, place_remove);
}
