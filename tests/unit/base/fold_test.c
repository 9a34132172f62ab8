#include "../check.h"

#include "base/fold.h"
#include "base/str.h"

static const struct {
	const char *text;
	int columns;
	const char *folded;
} cases[] = {
	{ "", 20, "" },
	{ "one two three four five", 80, "one two three four five" },
	{ "one two three four five", 0, "one two three four five" },
	{ "one two three four five", 20, "one two three four\nfive" },
	/* A row may be full. */
	{ "one two three four 5", 20, "one two three four 5" },
	{ "one two three four\nfive\n", 20, "one two three four\nfive\n" },
	/* Below the text, not below its label. */
	{ "HINT:  one two three four", 20,
	  "HINT:  one two three\n       four" },
	{ "  -x, --all   what one two three four", 30,
	  "  -x, --all   what one two\n              three four" },
	/* A label longer than half the screen is none. */
	{ "  a long text of words   and more", 30,
	  "  a long text of words   and\n  more" },
	/* Blanks within a row stay, those at its end go. */
	{ "failed.  See the  log of it", 24,
	  "failed.  See the  log of\n"
	  "         it" },
	/* A word longer than the screen is broken by the terminal. */
	{ "see s3://bucket/a/long/name/of/a/key and so on", 20,
	  "see s3://bucket/a/long/name/of/a/key and\nso on" },
	{ "s3://bucket/a/long/name/of/a/key and so on", 20,
	  "s3://bucket/a/long/name/of/a/key and so\non" },
	/* Columns, not bytes. */
	{ "\xc3\xa9\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9\xc3\xa9 eee eee eee eee",
	  20,
	  "\xc3\xa9\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9\xc3\xa9 eee eee eee\n"
	  "eee" },
};

static void lines_break_at_blanks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;

		fold_add(&out, cases[i].text, cases[i].columns);
		assert_text(out.text, cases[i].folded);
	}
}

static const struct {
	const char *text;
	const char *folded;
} messages[] = {
	{ "ERROR:  there is no such thing\nLINE 1: select one, two, three\n"
	  "                        ^",
	  "ERROR:  there is no\n        such thing\n"
	  "LINE 1: select one, two, three\n"
	  "                        ^" },
	{ ">     1664 | 117997,1,7/31/2024 10:14", NULL },
	{ "{ \"Version\": \"2012-10-17\" }", NULL },
	{ "  copy sales from 's3://bucket/key' csv", NULL },
	{ "one\ttwo three four five six", NULL },
	{ "  why     the column takes numbers",
	  "  why     the column\n          takes\n          numbers" },
	{ "\\copyfrom sales s3://bucket/key maxerror 2", NULL },
	{ "\\platform init: which folder is it?",
	  "\\platform init:\nwhich folder is it?" },
	{ "copy sales\nfrom 's3://bucket/key' csv timeformat 'MM/DD/YY';\n",
	  NULL },
};

static void what_is_no_prose_stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(messages); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;

		fold_add_prose(&out, messages[i].text, 20);
		assert_text(out.text, messages[i].folded ? messages[i].folded
							 : messages[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_break_at_blanks),
		cmocka_unit_test(what_is_no_prose_stays),
	};

	return RUN_TESTS(tests);
}
