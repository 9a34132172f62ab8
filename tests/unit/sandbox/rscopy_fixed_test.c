#include "../check.h"

#include "base/err.h"
#include "base/str.h"
#include "sandbox/copy/rscopy_fixed.h"
#include "sandbox/copy/rscopy_quotes.h"

static void widths_are_read(void **state)
{
	CLEANUP(rscopy_fixed_done) struct rscopy_fixed fixed = { 0 };

	(void)state;
	/* as the tutorial on loading writes it */
	assert_true(rscopy_fixed_read(&fixed, "c_custkey:10, c_region :12,3: 1",
				      NULL));
	assert_int_equal(fixed.count, 3);
	assert_int_equal(fixed.items[0], 10);
	assert_int_equal(fixed.items[1], 12);
	assert_int_equal(fixed.items[2], 1);
}

static void wrong_widths_are_refused(void **state)
{
	static const char *const specs[] = { "",	"a",	 ":1",	  "a:",
					     "a:0",	"a:-1",	 "a:1,",  "a:x",
					     "a:1;b:2", "a:1 2", "a:65536",
					     "a:99999999999999999999999" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(specs); i++) {
		CLEANUP(rscopy_fixed_done) struct rscopy_fixed fixed = { 0 };
		struct err err = ERR_EMPTY;

		if (rscopy_fixed_read(&fixed, specs[i], &err))
			fail_msg("%s: taken", specs[i]);
		assert_int_equal(err.kind, ERR_USAGE);
	}
}

static void widths_count_characters(void **state)
{
	static const char text[] = "\xc3\xbc" "b12";
	CLEANUP(rscopy_fixed_done) struct rscopy_fixed fixed = { 0 };
	const struct csv_record line = { .raw = text, .raw_len = 5 };
	size_t rest;

	(void)state;
	assert_true(rscopy_fixed_read(&fixed, "a:2,b:1,c:1,d:1", NULL));
	rscopy_fixed_cut(&fixed, &line, &rest);
	assert_int_equal(rest, 5);
	assert_int_equal(fixed.fields.count, 3);
	assert_int_equal(fixed.fields.items[0].len, 3);
	assert_int_equal(fixed.fields.items[1].raw_offset, 3);
}

static void padding_does_not_cut(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	assert_true(rscopy_fixed_pad(&out, 4, "\xc3\xbc", 2));
	assert_true(rscopy_fixed_pad(&out, 1, "x", 1));
	assert_text(out.text, "\xc3\xbc   x");
	assert_false(rscopy_fixed_pad(&out, 1, "xy", 2));
}

static const struct {
	const char *line;
	bool escape;
	enum rscopy_quotes_end end;
	size_t at;
	const char *fields; /* joined by / */
} lines[] = {
	{ "a|'b|c'|\"d\"", false, RSCOPY_QUOTES_GOOD, 11, "a/b|c/d" },
	{ "|", false, RSCOPY_QUOTES_GOOD, 1, "/" },
	{ "it's|''", false, RSCOPY_QUOTES_GOOD, 7, "it's/" },
	{ "\"a\\\"|b\"|c", true, RSCOPY_QUOTES_GOOD, 9, "a\"|b/c" },
	{ "a\\|b|c", true, RSCOPY_QUOTES_GOOD, 6, "a|b/c" },
	{ "a|\"b", false, RSCOPY_QUOTES_OPEN, 4, "a/b" },
	{ "a|\"b\"c|d", false, RSCOPY_QUOTES_AFTER, 5, "a/b" },
};

static void quotes_around_fields_go(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		CLEANUP(rscopy_quotes_done) struct rscopy_quotes quotes = { 0 };
		CLEANUP(str_done) struct str all = STR_EMPTY;
		const struct csv_record record = {
			.raw = lines[i].line,
			.raw_len = strlen(lines[i].line),
		};
		size_t at;

		if (rscopy_quotes_split(&quotes, &record, '|', lines[i].escape,
					&at) != lines[i].end)
			fail_msg("%s", lines[i].line);
		assert_int_equal(at, lines[i].at);
		for (size_t j = 0; j < quotes.count; j++)
			str_addf(&all, "%s%.*s", j > 0 ? "/" : "",
				 (int)quotes.fields.items[j].len,
				 quotes.fields.items[j].text);
		assert_text(all.text, lines[i].fields);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths_are_read),
		cmocka_unit_test(wrong_widths_are_refused),
		cmocka_unit_test(widths_count_characters),
		cmocka_unit_test(padding_does_not_cut),
		cmocka_unit_test(quotes_around_fields_go),
	};

	return RUN_TESTS(tests);
}
