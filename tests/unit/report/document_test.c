#include "../check.h"

#include <string.h>

#include "base/str.h"
#include "data/rows_mem.h"
#include "report/document.h"
#include "report/script.h"

enum { ROOM = 1 << 20 };

static bool add_table(struct str *out, struct rows_mem *mem, size_t most_bytes,
		      struct err *err)
{
	struct script_part part = { .title = (char *)"A \"table\"" };
	struct document_facts facts = { .most = 100,
					.count = -1,
					.most_bytes = most_bytes };

	document_section_begin(out, &part, 7, &facts);
	if (!document_table(out, rows_mem_rows(mem), &facts, err))
		return false;
	document_section_end(out, "select", &facts);
	return true;
}

static void headers_of_css_hold_nothing_that_ends_them(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	document_begin(&out, "a\"}</style>\xe2\x80\xae\xff\n\\", "");
	assert_non_null(strstr(out.text, "@top-left{content:\"a\\22 \\7d \\3c "
					 "\\2f style\\3e \\5c u202E\\5c xFF\\a "
					 "\\5c \";"));
	assert_null(strstr(out.text, "\xe2\x80\xae"));
}

static void cells_have_the_class_of_their_kind(void **state)
{
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new(NULL);
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	rows_mem_column(mem, "i", ROWS_INTEGER);
	rows_mem_column(mem, "d", ROWS_DATE);
	rows_mem_column(mem, "t", ROWS_TEXT);
	rows_mem_column(mem, "l", ROWS_TEXT);
	rows_mem_add(mem, "1");
	rows_mem_add(mem, "2024-01-01");
	rows_mem_add(mem, NULL);
	rows_mem_add(mem, "forty-one letters are one more than forty");
	assert_true(add_table(&out, mem, ROOM, NULL));
	assert_non_null(strstr(out.text, "<section id=\"s7\" class=\"p0\">"));
	assert_non_null(strstr(out.text, "aria-label=\"A &quot;table&quot;\""));
	assert_non_null(strstr(out.text, "<th scope=\"col\" class=\"n\">"));
	assert_non_null(strstr(out.text, "<td class=\"n\">1</td>"
					 "<td class=\"d\">2024-01-01</td>"
					 "<td><span class=\"null\">null</span>"
					 "</td><td class=\"w\">forty"));
}

/* Columns of 10 digits: each takes 21.4 mm of paper. */
static const struct {
	int columns;
	const char *class;
} papers[] = {
	{ 1, "p0" },  { 8, "p0" },  { 9, "p1" },    { 12, "p1" },
	{ 13, "p2" }, { 60, "p6" }, { 1600, "p9" },
};

static void wide_tables_are_printed_on_wide_paper(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(papers); i++) {
		CLEANUP(rows_mem_freep)
		struct rows_mem *mem = rows_mem_new(NULL);
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(str_done) struct str class = STR_EMPTY;

		for (int at = 0; at < papers[i].columns; at++)
			rows_mem_column(mem, "i", ROWS_INTEGER);
		for (int at = 0; at < papers[i].columns; at++)
			rows_mem_add(mem, "1234567890");
		str_addf(&class, " class=\"%s\">", papers[i].class);
		assert_true(add_table(&out, mem, ROOM, NULL));
		assert_non_null(strstr(out.text, class.text));
	}
}

static void pages_have_a_limit(void **state)
{
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new(NULL);
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	rows_mem_column(mem, "i", ROWS_INTEGER);
	for (int at = 0; at < 100; at++)
		rows_mem_add(mem, "1234567890");
	assert_false(add_table(&out, mem, 2000, &err));
	assert_int_equal(err.kind, ERR_DATA);
	assert_non_null(strstr(err.message, "the page would be longer than"));
	assert_non_null(strstr(err.hint, "--rows"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_of_css_hold_nothing_that_ends_them),
		cmocka_unit_test(cells_have_the_class_of_their_kind),
		cmocka_unit_test(wide_tables_are_printed_on_wide_paper),
		cmocka_unit_test(pages_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
