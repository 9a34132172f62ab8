#include "tests/unit/check.h"

#include "base/str.h"
#include "complete/typed.h"

static const struct {
	const char *text;
	size_t start, end;
	char quote;
	bool found;
} words[] = {
	{ "s3://b/k rest", 0, 8, 0, true },
	{ "  a", 2, 3, 0, true },
	{ "  ", 2, 2, 0, false },
	{ "'a b' c", 0, 5, '\'', true },
	{ "'a''b' c", 0, 6, '\'', true },
	{ "'a\\' b' c", 0, 7, '\'', true },
	{ "'a b", 0, 4, '\'', true },
	{ "\"a b\".c d", 0, 7, '"', true },
	/* An apostrophe inside a key is no quote. */
	{ "s3://b/it's here", 0, 11, 0, true },
	{ ":'var' x", 0, 6, 0, true },
	{ "'a\\", 0, 3, '\'', true },
};

static void words_are_cut_as_arguments_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct typed typed;
		size_t len = strlen(words[i].text);
		bool found = typed_next(words[i].text, 0, len, &typed);

		assert_int_equal(found, words[i].found);
		assert_int_equal(typed.start, words[i].start);
		assert_int_equal(typed.end <= len ? typed.end : len,
				 words[i].end);
		assert_int_equal(typed.quote, words[i].quote);
	}
}

static const char *const values[] = {
	"s3://b/plain",       "s3://b/it's",
	"s3://b/back`tick`",  "s3://b/a\"b",
	"s3://b/a\\b",        "s3://b/a:b:c",
	"s3://b/a|b",         "s3://b/a b",
	"s3://b/a\nb\tc\rd",  "s3://b/\001\177x7",
	"s3://b/:'x'",        "s3://b/\\",
	"s3://b/gr\303\274n", "",
};

static void what_is_quoted_reads_back_as_it_was(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		CLEANUP(str_done) struct str quoted = STR_EMPTY;
		CLEANUP(str_done) struct str back = STR_EMPTY;
		struct typed typed;

		typed_add_quoted(values[i], false, &quoted);
		assert_true(typed_next(quoted.text, 0, quoted.len, &typed));
		assert_int_equal(typed.end, quoted.len);
		typed_decode(quoted.text, quoted.len, '\'', &back);
		assert_text(back.text, values[i]);
		for (size_t at = 0; at < quoted.len; at++)
			assert_true((unsigned char)quoted.text[at] >= 0x20);
	}
}

static void an_open_word_has_no_closing_quote(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	typed_add_quoted("s3://b/a b/", true, &out);
	assert_text(out.text, "'s3://b/a b/");
}

static const struct {
	const char *value;
	bool plain;
} plains[] = {
	{ "s3://b/a-b_c.d/e=1+2@%,~", true },
	{ "s3://b/gr\303\274n", true },
	{ "s3://b/a b", false },
	{ "s3://b/a`b", false },
	{ "s3://b/a'b", false },
	{ "s3://b/a\"b", false },
	{ "s3://b/a:b", false },
	{ "s3://b/a\\b", false },
	{ "s3://b/a|b", false },
	{ "s3://b/a;b", false },
	{ "s3://b/a*", false },
	{ "s3://b/a\n", false },
	{ "-l", false },
	{ "", false },
};

static void only_harmless_names_stand_bare(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(plains); i++)
		assert_int_equal(typed_is_plain(plains[i].value),
				 plains[i].plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_cut_as_arguments_are),
		cmocka_unit_test(what_is_quoted_reads_back_as_it_was),
		cmocka_unit_test(an_open_word_has_no_closing_quote),
		cmocka_unit_test(only_harmless_names_stand_bare),
	};

	return RUN_TESTS(tests);
}
