#include "../check.h"

#include "base/str.h"
#include "sql/quote.h"

static const struct {
	const char *name;
	const char *quoted;
} names[] = {
	{ "sales", "sales" },
	{ "Sales", "\"Sales\"" },
	{ "a b", "\"a b\"" },
	{ "a\"b", "\"a\"\"b\"" },
	{ "select", "\"select\"" },
	{ "tag", "\"tag\"" },
	{ "1a", "\"1a\"" },
	{ "a$1", "a$1" },
	{ "", "\"\"" },
	{ "caf\xc3\xa9", "caf\xc3\xa9" },
	{ "#tmp", "#tmp" },
	{ "#Tmp", "\"#Tmp\"" },
};

static void names_are_quoted_when_they_need_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(str_done) struct str back = STR_EMPTY;

		quote_name(&out, names[i].name);
		assert_string_equal(out.text, names[i].quoted);
		quote_name_read(&back, out.text, out.len, false);
		assert_string_equal(back.text, names[i].name);
	}
}

static const char *const values[] = {
	"", "plain", "it's", "back\\slash", "\\", "'", "\\'", "a\nb", "$$",
};

static void values_come_back_from_their_literal(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT_OF(values); i++) {
		bool escapes = i % 2 != 0;
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(str_done) struct str back = STR_EMPTY;

		quote_literal(&out, values[i / 2], escapes);
		quote_literal_read(&back, out.text, out.len, escapes);
		assert_string_equal(back.text, values[i / 2]);
	}
}

static const struct {
	const char *text;
	bool escapes;
	const char *value;
} literals[] = {
	{ "'a''b'", true, "a'b" },
	{ "'a\\tb\\x41\\101\\u00e9'", true, "a\tbAA\xc3\xa9" },
	{ "'a\\tb'", false, "a\\tb" },
	{ "e'\\d'", true, "d" },
	{ "$$a'b$$", true, "a'b" },
	{ "$x$a$$b$x$", true, "a$$b" },
	{ "'open", true, "open" },
	{ "$$open", true, "open" },
};

static void literals_are_read_as_the_server_reads_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(literals); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;

		quote_literal_read(&out, literals[i].text,
				   strlen(literals[i].text),
				   literals[i].escapes);
		assert_string_equal(out.text, literals[i].value);
	}
}

static void variables_with_backslashes_are_e_strings_where_known(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	quote_variable(&out, "a'b", false, true);
	quote_variable(&out, "a\\b", false, true);
	quote_variable(&out, "a\\b", true, false);
	quote_variable(&out, "a\\b", false, false);
	assert_string_equal(out.text, "'a''b' E'a\\\\b''a\\\\b''a\\b'");
}

static void names_fold_to_lower_case(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	quote_name_read(&out, "SALES", 5, false);
	str_add_char(&out, ' ');
	quote_name_read(&out, "\"Sales\"", 7, false);
	str_add_char(&out, ' ');
	quote_name_read(&out, "\"Sales\"", 7, true);
	assert_string_equal(out.text, "sales Sales sales");
}

static void qualified_names_leave_an_empty_schema_out(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	quote_qualified(&out, "Sch", "t");
	str_add_char(&out, ' ');
	quote_qualified(&out, NULL, "t");
	assert_string_equal(out.text, "\"Sch\".t t");
}

/* psql 15.20's words for :'x' with such a value of x. */
static const struct {
	const char *value;
	const char *fault;
} faults[] = {
	{ "a", NULL },
	{ "\xe6\xbc\xa2", NULL },
	{ "a\xc3", "incomplete multibyte character" },
	{ "\xe6\xbc", "incomplete multibyte character" },
	{ "\xe6x", "incomplete multibyte character" },
	{ "\xf0\x90\x80", "incomplete multibyte character" },
	{ "a\xc3z", "invalid multibyte character" },
	{ "\xe6\xbcx", "invalid multibyte character" },
	{ "\xed\xa0\x80", "invalid multibyte character" },
	{ "\xf4\x90\x80\x80", "invalid multibyte character" },
	{ "\xc0\x80", "invalid multibyte character" },
	{ "\x80", "invalid multibyte character" },
	{ "\xff", "invalid multibyte character" },
	{ "\xf8\x88\x80\x80\x80", "invalid multibyte character" },
};

static void cut_characters_are_no_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(faults); i++)
		assert_text(quote_fault(faults[i].value,
					strlen(faults[i].value)),
			    faults[i].fault);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_quoted_when_they_need_it),
		cmocka_unit_test(values_come_back_from_their_literal),
		cmocka_unit_test(literals_are_read_as_the_server_reads_them),
		cmocka_unit_test(
			variables_with_backslashes_are_e_strings_where_known),
		cmocka_unit_test(names_fold_to_lower_case),
		cmocka_unit_test(cut_characters_are_no_values),
		cmocka_unit_test(qualified_names_leave_an_empty_schema_out),
	};

	return RUN_TESTS(tests);
}
