#include "../check.h"

#include "base/str.h"
#include "load/fixed.h"

static const struct {
	const char *text;
	const char *widths; /* NULL: none are seen */
	bool title;
} cases[] = {
	/* under their names */
	{ "id  name      amount\n"
	  "1   Ann Lee    12.50\n"
	  "22  Bob         3.00\n",
	  "4 10 6", false },
	/* blanks of words are none of columns */
	{ "0001Ann Lee   20240101\n"
	  "0002Bob       20240102\n"
	  "0033Zoe X     20240301\n",
	  "4 10 8", false },
	/* a word beside digits, filled by one line */
	{ "Ann Lee 17\n"
	  "Bob     20\n"
	  "Max Mai 41\n",
	  "8 2", false },
	{ "Report of Monday, all shops\n"
	  "1   Ann       12.50\n"
	  "22  Bob        3.00\n"
	  "3   Zoe       17.00\n",
	  "4 10 5", true },
	/* characters count, not bytes */
	{ "id  name\n"
	  "1   Zo\xc3\xab   7\n"
	  "22  \xc3\x87" "e    8\n"
	  "33  Bobo  9\n",
	  "4 6 1", false },
	{ "12 ABC 20240101\n"
	  "13 XYZ 20240102\n"
	  "14 DEF 20240103\n",
	  NULL, false },
	{ "a sentence of words\nand another one here\nthe last\n", NULL,
	  false },
	{ "1\t2\n3\t4\n5\t6\n", NULL, false },
	{ "one line  only\n", NULL, false },
	{ "", NULL, false },
};

static void places_are_found_that_all_lines_share(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str found = STR_EMPTY;
		struct fixed_widths widths = { 0 };
		bool title;
		bool good = fixed_find(&widths, cases[i].text,
				       strlen(cases[i].text), '\n', true,
				       &title);

		for (size_t w = 0; w < widths.count; w++)
			str_addf(&found, "%s%zu", w > 0 ? " " : "",
				 widths.items[w]);
		vec_done(&widths);
		if (good != (cases[i].widths != NULL))
			fail_msg("case %zu: %s", i, found.text);
		if (!good)
			continue;
		assert_text(found.text, cases[i].widths);
		assert_int_equal(title, cases[i].title);
	}
}

static void bytes_of_characters_are_counted(void **state)
{
	(void)state;
	assert_int_equal(fixed_bytes("abc", 3, 2), 2);
	assert_int_equal(fixed_bytes("abc", 3, 9), 3);
	assert_int_equal(fixed_bytes("\xc3\xab" "b", 3, 1), 2);
	assert_int_equal(fixed_bytes("\xc3\xab" "b", 3, 2), 3);
	assert_int_equal(fixed_bytes("", 0, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_found_that_all_lines_share),
		cmocka_unit_test(bytes_of_characters_are_counted),
	};

	return RUN_TESTS(tests);
}
