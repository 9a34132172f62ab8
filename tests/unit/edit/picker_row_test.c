#include "tests/unit/check.h"

#include <stdlib.h>

#include "base/str.h"
#include "edit/picker_match.h"
#include "edit/picker_row.h"

#define NOW ((int64_t)1700000000000)

static const struct {
	int64_t ago_ms;
	const char *shown;
} ages[] = {
	{ NOW, "" },      /* it is not known when */
	{ -5000, "now" }, /* a clock that was set back */
	{ 0, "now" },        { 59999, "now" },
	{ 60000, "1 min" },  { 3599999, "59 min" },
	{ 3600000, "1 h" },  { 86399999, "23 h" },
	{ 86400000, "1 d" }, { 7 * (int64_t)86400000, "2023-11-07" },
};

static const struct {
	int64_t us;
	const char *shown;
} durations[] = {
	{ -1, "" },
	{ 0, "0 ms" },
	{ 999999, "999 ms" },
	{ 1000000, "1.0 s" },
	{ 59949000, "59.9 s" },
	{ 60000000, "1 min" },
	{ 3599000000, "59 min" },
	{ 9000000000, "2.5 h" },
};

static const struct {
	struct history_outcome outcome;
	const char *shown;
} results[] = {
	{ { HISTORY_OK, "", 0, 172456 }, "172,456" },
	{ { HISTORY_OK, "", 0, -1 }, "" },
	{ { HISTORY_UNKNOWN, "", -1, -1 }, "" },
	{ { HISTORY_ERROR, "42P01", 0, -1 }, "42P01" },
	{ { HISTORY_ERROR, "", 0, -1 }, "failed" },
	{ { HISTORY_CANCELLED, "57014", 0, -1 }, "stopped" },
};

static void facts_are_short(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	for (size_t i = 0; i < COUNT_OF(ages); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		picker_row_age(NOW - ages[i].ago_ms, NOW, &text);
		assert_text(text.text, ages[i].shown);
	}
	for (size_t i = 0; i < COUNT_OF(durations); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		picker_row_duration(durations[i].us, &text);
		assert_text(text.text, durations[i].shown);
	}
	for (size_t i = 0; i < COUNT_OF(results); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		picker_row_result(&results[i].outcome, &text);
		assert_text(text.text, results[i].shown);
	}
}

static const struct {
	const char *text;
	const char *typed;
	int width_cols;
	const char *line;
	const char *marks;
} lines[] = {
	{ "select 1\n\tfrom  t;\n", "", 80, "select 1 from t; ", NULL },
	{ "\n  a", "a", 80, "a", "x" },
	{ "from\nSales", "from sales", 80, "from Sales", "xxxx xxxxx" },
	/* What fits is seen. */
	{ "select a, b, c, d, e, f, g, h from sales", "sales", 30,
	  ", g, h from sales", "            xxxxx" },
	{ "\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
	  "\303\244\303\244\303\244\303\244\303\244\303\244x",
	  "x", 14,
	  "\303\244\303\244\303\244\303\244\303\244\303\244\303\244\303\244"
	  "\303\244\303\244\303\244\303\244x",
	  "                        x" },
};

static void a_statement_is_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		CLEANUP(str_done) struct str line = STR_EMPTY;
		CLEANUP(str_done) struct str marks = STR_EMPTY;
		struct picker_query query = PICKER_QUERY_EMPTY;

		picker_query_set(&query, lines[i].typed,
				 strlen(lines[i].typed));
		picker_row_text(lines[i].text, strlen(lines[i].text), &query,
				lines[i].width_cols, &line, &marks);
		picker_query_done(&query);
		assert_text(line.text, lines[i].line);
		assert_int_equal(line.len, marks.len);
		if (lines[i].marks)
			assert_text(marks.text, lines[i].marks);
		else if (!lines[i].marks)
			assert_null(strchr(marks.text, 'x'));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_are_short),
		cmocka_unit_test(a_statement_is_one_line),
	};

	return RUN_TESTS(tests);
}
