/* Runs tests/cases/print/(*).txt: what real psql 15 printed is what we print.
 * The format of the files: tests/cases/print/generate.py. */
#include "../check.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/sink.h"
#include "base/str.h"
#include "data/rows_mem.h"
#include "print/printer.h"

/* Settings live in texts, freed with the case. */
struct given {
	struct print_options options;
	char *texts[64];
	size_t text_count;
	char zero; /* stands for NUL in the expected text */
};

static void unescape(const char *text, size_t len, struct str *out)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		char hex[3] = "";

		if (c != '\\' || i + 1 == len) {
			str_add_char(out, c);
			continue;
		}
		c = text[++i];
		if (c == 'x') {
			memcpy(hex, text + i + 1, 2);
			i += 2;
			c = (char)strtoul(hex, NULL, 16);
		}
		str_add_char(out, c == 'n'   ? '\n'
				  : c == 't' ? '\t'
				  : c == 'r' ? '\r'
					     : c);
	}
}

static const char *keep(struct given *given, const char *text, size_t len)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	unescape(text, len, &out);
	assert_true(given->text_count < COUNT_OF(given->texts));
	given->texts[given->text_count] = str_take(&out);
	return given->texts[given->text_count++];
}

static int word_index(const char *value, const char *const words[])
{
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], value) == 0)
			return i;
	fail_msg("unknown value %s", value);
	return 0;
}

static const char *const off_on[] = { "off", "on", "auto", NULL };
static const char *const linestyles[] = { "ascii", "old-ascii", "unicode",
					  NULL };
static const char *const unicodes[] = { "single", "double", NULL };

static void set_flag(struct print_options *o, const char *key,
		     const char *value)
{
	bool on = word_index(value, off_on) == 1;

	if (strcmp(key, "tuples_only") == 0)
		o->tuples_only = on;
	else if (strcmp(key, "footer") == 0)
		o->show_footer = on;
	else if (strcmp(key, "numericlocale") == 0)
		o->numeric_locale = on;
	else if (strcmp(key, "fieldsep_zero") == 0)
		o->field_sep_zero = on;
	else if (strcmp(key, "recordsep_zero") == 0)
		o->record_sep_zero = on;
	else
		fail_msg("unknown setting %s", key);
}

static void set_option(struct given *given, const char *key, const char *value)
{
	struct print_options *o = &given->options;
	struct err err = ERR_EMPTY;

	if (strcmp(key, "format") == 0)
		o->format = printer_find(value, &err);
	else if (strcmp(key, "expanded") == 0)
		o->expanded = (enum print_expanded)word_index(value, off_on);
	else if (strcmp(key, "border") == 0)
		o->border = (int)strtol(value, NULL, 10);
	else if (strcmp(key, "columns") == 0)
		o->columns = (int)strtol(value, NULL, 10);
	else if (strcmp(key, "linestyle") == 0)
		o->linestyle =
			(enum print_linestyle)word_index(value, linestyles);
	else if (strcmp(key, "unicode_border_linestyle") == 0)
		o->unicode_border =
			(enum print_unicode)word_index(value, unicodes);
	else if (strcmp(key, "unicode_column_linestyle") == 0)
		o->unicode_column =
			(enum print_unicode)word_index(value, unicodes);
	else if (strcmp(key, "unicode_header_linestyle") == 0)
		o->unicode_header =
			(enum print_unicode)word_index(value, unicodes);
	else if (strcmp(key, "null") == 0)
		o->null_text = value;
	else if (strcmp(key, "title") == 0)
		o->title = value;
	else if (strcmp(key, "tableattr") == 0)
		o->table_attr = value;
	else if (strcmp(key, "fieldsep") == 0)
		o->field_sep = value;
	else if (strcmp(key, "recordsep") == 0)
		o->record_sep = value;
	else if (strcmp(key, "csv_fieldsep") == 0)
		o->csv_field_sep = value[0];
	else if (strcmp(key, "footers") == 0)
		o->footer = value;
	else if (strcmp(key, "setup") == 0 || strcmp(key, "command") == 0)
		return; /* for generate.py */
	else if (strcmp(key, "zero") == 0)
		given->zero = value[0];
	else
		set_flag(o, key, value);
	assert_non_null(o->format);
}

static enum rows_kind kind_of(const char *name)
{
	static const char *const names[] = { "text", "int",  "num", "float",
					     "bool", "date", NULL };
	static const enum rows_kind kinds[] = { ROWS_TEXT,    ROWS_INTEGER,
						ROWS_DECIMAL, ROWS_FLOAT,
						ROWS_BOOL,    ROWS_DATE };

	return kinds[word_index(name, names)];
}

/* A "columns" or "row" line: what stands behind each TAB. */
static void read_cells(struct given *given, struct rows_mem *mem,
		       const char *line, size_t len)
{
	bool is_columns = strncmp(line, "columns", 7) == 0;
	const char *end = line + len;
	const char *at = memchr(line, '\t', len);

	while (at) {
		const char *cell = at + 1;
		size_t cell_len;

		at = memchr(cell, '\t', (size_t)(end - cell));
		cell_len = (size_t)((at ? at : end) - cell);
		if (is_columns) {
			const char *colon = memchr(cell, ':', cell_len);
			CLEANUP(mem_freep)
			char *type =
				mem_copy_slice(cell, (size_t)(colon - cell));

			rows_mem_column(mem,
					keep(given, colon + 1,
					     cell_len - strlen(type) - 1),
					kind_of(type));
		} else if (cell_len == 2 && memcmp(cell, "\\N", 2) == 0) {
			rows_mem_add(mem, NULL);
		} else {
			CLEANUP(str_done) struct str text = STR_EMPTY;

			unescape(cell, cell_len, &text);
			rows_mem_add_slice(mem, text.text, text.len);
		}
	}
}

/* Rows without columns: rows_mem counts none, so they are counted here. */
struct bare_rows {
	struct rows rows;
	int64_t left;
};

static enum rows_step bare_next(struct rows *rows,
				const struct rows_value **out_values,
				struct err *err)
{
	struct bare_rows *bare = (struct bare_rows *)rows;

	(void)err;
	*out_values = NULL;
	return bare->left-- > 0 ? ROWS_ROW : ROWS_END;
}

static void bare_free(struct rows *rows)
{
	(void)rows;
}

static const struct rows_class bare_class = { bare_next, bare_free };

/* cmocka cuts long messages, so this one goes out by itself. */
static bool compare(const char *where, struct str *got, struct str *expected)
{
	size_t at = 0;

	if (got->len == expected->len &&
	    memcmp(got->text, expected->text, got->len) == 0)
		return true;
	while (at < got->len && got->text[at] == expected->text[at])
		at++;
	fprintf(stderr,
		"# %s: differs at byte %zu\n"
		"--- expected\n%s\n--- got\n%s\n---\n",
		where, at, expected->text, got->text);
	return false;
}

/* text: from behind the name line to the next case. */
static bool run_case(const char *where, const char *text, size_t len)
{
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new(NULL);
	CLEANUP(str_done) struct str got = STR_EMPTY;
	CLEANUP(str_done) struct str expected = STR_EMPTY;
	struct bare_rows bare = { .rows = { .class = &bare_class } };
	struct given given = { .zero = '\0' };
	struct sink sink = sink_to_str(&got);
	struct rows *rows = rows_mem_rows(mem);
	const char *end = text + len;
	struct err err = ERR_EMPTY;
	bool same;

	print_options_init(&given.options);
	while (text < end && strncmp(text, "---\n", 4) != 0) {
		const char *line_end = memchr(text, '\n', (size_t)(end - text));
		size_t line = line_end ? (size_t)(line_end - text) : 0;
		const char *equals = memchr(text, '=', line);

		assert_non_null(line_end);
		if (strncmp(text, "columns\t", 8) == 0 ||
		    strncmp(text, "columns\n", 8) == 0 ||
		    strncmp(text, "row\t", 4) == 0) {
			read_cells(&given, mem, text, line);
		} else if (strncmp(text, "row\n", 4) == 0) {
			bare.left++;
		} else {
			size_t key = (size_t)(equals - text);
			const char *name_text = keep(&given, text, key);

			set_option(&given, name_text,
				   keep(&given, equals + 1, line - key - 1));
		}
		text = line_end + 1;
	}
	text += 4;
	str_set_slice(&expected, text, (size_t)(end - text));
	if (given.zero)
		str_cut(&expected, expected.len - 1);
	for (size_t i = 0; given.zero && i < expected.len; i++)
		if (expected.text[i] == given.zero)
			expected.text[i] = '\0';
	if (rows->column_count == 0)
		rows = &bare.rows;
	assert_true(print_rows(rows, &given.options, &sink, NULL, &err));
	same = compare(where, &got, &expected);
	for (size_t i = 0; i < given.text_count; i++)
		mem_free(given.texts[i]);
	return same;
}

/* Adds to the counts of cases and of those that differ. */
static void run_file(const char *path, int *count, int *wrong)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;
	const char *at;

	assert_true(file_read(path, (size_t)64 << 20, &text, &err));
	assert_true(str_starts(text.text, "=== "));
	at = text.text;
	while (at) {
		const char *line_end = strchr(at, '\n');
		const char *next = strstr(at + 1, "\n=== ");
		const char *end = next ? next + 1 : text.text + text.len;
		CLEANUP(str_done) struct str where = STR_EMPTY;

		str_addf(&where, "%s, %.*s", path, (int)(line_end - at - 4),
			 at + 4);
		if (!run_case(where.text, line_end + 1,
			      (size_t)(end - line_end - 1)))
			(*wrong)++;
		(*count)++;
		at = next ? next + 1 : NULL;
	}
}

static void every_case_prints_as_psql_does(void **state)
{
	CLEANUP(str_done) struct str pattern = STR_EMPTY;
	const char *dir = getenv("TESTS_DIR");
	int count = 0;
	int wrong = 0;
	glob_t files;

	(void)state;
	str_addf(&pattern, "%s/cases/print/*.txt", dir ? dir : "tests");
	assert_int_equal(glob(pattern.text, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		run_file(files.gl_pathv[i], &count, &wrong);
	globfree(&files);
	assert_int_equal(wrong, 0);
	assert_true(count > 100);
}

static const struct {
	const char *text;
	const char *name; /* NULL: refused with message */
	const char *message;
} names[] = {
	{ "aligned", "aligned", NULL },
	{ "al", "aligned", NULL },
	{ "CSV", "csv", NULL },
	{ "latex", "latex", NULL },
	{ "lat", "latex", NULL },
	{ "latex-", "latex-longtable", NULL },
	{ "js", "json", NULL },
	{ "jsonl", "jsonl", NULL },
	{ "a", NULL,
	  "ambiguous abbreviation \"a\" matches both "
	  "\"aligned\" and \"asciidoc\"" },
	{ "xyz", NULL,
	  "allowed formats are aligned, asciidoc, csv, html, insert, json, "
	  "jsonl, latex, latex-longtable, markdown, troff-ms, tsv, unaligned, "
	  "vertical, wrapped" },
	{ "", NULL,
	  "ambiguous abbreviation \"\" matches both "
	  "\"aligned\" and \"asciidoc\"" },
};

static void formats_are_found_by_a_clear_beginning(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct err err = ERR_EMPTY;
		const struct printer *found = printer_find(names[i].text, &err);

		assert_text(found ? printer_name(found) : NULL, names[i].name);
		if (names[i].message)
			assert_text(err.message, names[i].message);
	}
	assert_null(printer_at(1000));
}

static void put_sample(struct rows_mem *mem)
{
	rows_mem_column(mem, "n", ROWS_INTEGER);
	rows_mem_column(mem, "d|", ROWS_DECIMAL);
	rows_mem_column(mem, "t", ROWS_TEXT);
	rows_mem_column(mem, "b", ROWS_BOOL);
	rows_mem_column(mem, "j", ROWS_JSON);
	rows_mem_add_number(mem, -7);
	rows_mem_add(mem, "$1.50");
	rows_mem_add(mem, "a|b\n<\"c\">");
	rows_mem_add(mem, "t");
	rows_mem_add(mem, "{\"k\":[1]}");
	rows_mem_add(mem, NULL);
	rows_mem_add(mem, "NaN");
	rows_mem_add(mem, "");
	rows_mem_add(mem, NULL);
	rows_mem_add(mem, NULL);
}

/* Formats psql 15 has not. */
static const struct {
	const char *format;
	enum print_expanded expanded;
	const char *expected;
} ours[] = {
	{ "json", PRINT_EXPANDED_OFF,
	  "[{\"n\":-7,\"d|\":\"$1.50\",\"t\":\"a|b\\n<\\\"c\\\">\","
	  "\"b\":true,\"j\":{\"k\":[1]}},\n"
	  " {\"n\":null,\"d|\":\"NaN\",\"t\":\"\",\"b\":null,\"j\":null}]\n" },
	{ "jsonl", PRINT_EXPANDED_ON,
	  "{\"n\":-7,\"d|\":\"$1.50\",\"t\":\"a|b\\n<\\\"c\\\">\","
	  "\"b\":true,\"j\":{\"k\":[1]}}\n"
	  "{\"n\":null,\"d|\":\"NaN\",\"t\":\"\",\"b\":null,\"j\":null}\n" },
	{ "markdown", PRINT_EXPANDED_OFF,
	  "| n | d\\| | t | b | j |\n|---:|---:|---|---|---|\n"
	  "| -7 | $1.50 | a\\|b<br>&lt;\"c\"> | t | {\"k\":[1]} |\n"
	  "|  | NaN |  |  |  |\n\n(2 rows)\n" },
	{ "markdown", PRINT_EXPANDED_ON,
	  "| Record 1 | |\n|---|---|\n| n | -7 |\n| d\\| | $1.50 |\n"
	  "| t | a\\|b<br>&lt;\"c\"> |\n| b | t |\n| j | {\"k\":[1]} |\n"
	  "\n| Record 2 | |\n|---|---|\n| n |  |\n| d\\| | NaN |\n"
	  "| t |  |\n| b |  |\n| j |  |\n" },
};

static void json_and_markdown_are_well_formed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(ours); i++) {
		CLEANUP(rows_mem_freep)
		struct rows_mem *mem = rows_mem_new(NULL);
		CLEANUP(str_done) struct str got = STR_EMPTY;
		struct sink sink = sink_to_str(&got);
		struct print_options options;
		struct err err = ERR_EMPTY;
		int64_t count = 0;

		put_sample(mem);
		print_options_init(&options);
		options.format = printer_find(ours[i].format, &err);
		options.expanded = ours[i].expanded;
		assert_true(print_rows(rows_mem_rows(mem), &options, &sink,
				       &count, &err));
		assert_text(got.text, ours[i].expected);
		assert_int_equal(count, 2);
	}
}

static void an_explicit_footer_and_the_rows_own_title_win(void **state)
{
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new("Own");
	CLEANUP(str_done) struct str got = STR_EMPTY;
	struct sink sink = sink_to_str(&got);
	struct print_options options;
	struct err err = ERR_EMPTY;

	(void)state;
	rows_mem_column(mem, "name", ROWS_TEXT);
	rows_mem_add(mem, "x");
	print_options_init(&options);
	options.title = "Other";
	options.footer = "one\ntwo\n";
	assert_true(
		print_rows(rows_mem_rows(mem), &options, &sink, NULL, &err));
	assert_text(got.text, " Own\n name \n------\n x\none\ntwo\n\n");
	options.footer = "";
	rows_mem_rewind(mem);
	str_clear(&got);
	assert_true(
		print_rows(rows_mem_rows(mem), &options, &sink, NULL, &err));
	assert_text(got.text, " Own\n name \n------\n x\n\n");
}

static void records_are_as_wide_as_their_lines_where_psql_is_newer(void **state)
{
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new(NULL);
	CLEANUP(str_done) struct str got = STR_EMPTY;
	struct sink sink = sink_to_str(&got);
	struct print_options options;
	struct err err = ERR_EMPTY;

	(void)state;
	rows_mem_column(mem, "n", ROWS_INTEGER);
	rows_mem_add_number(mem, 1);
	print_options_init(&options);
	options.expanded = PRINT_EXPANDED_ON;
	options.border = 2;
	options.wide_records = true;
	assert_true(
		print_rows(rows_mem_rows(mem), &options, &sink, NULL, &err));
	assert_text(got.text, "+-[ RECORD 1 ]-+\n| n | 1        |\n"
			      "+---+----------+\n\n");
}

static const struct {
	int screen;
	const char *shown;
} narrowed[] = {
	{ 55, "  name   |   relation kind   |          about          \n"
	      "---------+-------------------+-------------------------\n"
	      " a_table | materialized view | tickets sold by listing\n\n" },
	{ 50, " name     relation kind            about          \n"
	      "------- ----------------- -----------------------\n"
	      "a_table materialized view tickets sold by listing\n\n" },
	{ 40, " name     relation         about        \n"
	      "            kind                        \n"
	      "------- ------------ ------------------\n"
	      "a_table materialized tickets sold by    \n"
	      "        view         listing\n\n" },
	{ 33, "-[ RECORD 1 ]-+------------------------\n"
	      "name          | a_table\n"
	      "relation kind | materialized view\n"
	      "about         | tickets sold by listing\n\n" },
};

static void a_listing_is_narrowed_before_it_becomes_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(narrowed); i++) {
		CLEANUP(rows_mem_freep) struct rows_mem *mem =
			rows_mem_new(NULL);
		CLEANUP(str_done) struct str got = STR_EMPTY;
		struct sink sink = sink_to_str(&got);
		struct print_options options;
		struct err err = ERR_EMPTY;

		rows_mem_column(mem, "name", ROWS_TEXT);
		rows_mem_column(mem, "relation kind", ROWS_TEXT);
		rows_mem_column(mem, "about", ROWS_TEXT);
		rows_mem_add(mem, "a_table");
		rows_mem_add(mem, "materialized view");
		rows_mem_add(mem, "tickets sold by listing");
		print_options_init(&options);
		options.expanded = PRINT_EXPANDED_AUTO;
		options.narrows = true;
		options.footer = "";
		options.columns = narrowed[i].screen;
		assert_true(print_rows(rows_mem_rows(mem), &options, &sink,
				       NULL, &err));
		assert_text(got.text, narrowed[i].shown);
	}
}

static bool refuse(void *context, const char *bytes, size_t len,
		   struct err *err)
{
	(void)bytes;
	(void)len;
	(*(int *)context)++;
	return err_set(err, ERR_SYSTEM, "disk full");
}

static void a_sink_that_fails_ends_every_format(void **state)
{
	const struct printer *printer;

	(void)state;
	for (size_t i = 0; (printer = printer_at(i)); i++) {
		CLEANUP(rows_mem_freep)
		struct rows_mem *mem = rows_mem_new(NULL);
		struct print_options options;
		struct err err = ERR_EMPTY;
		int calls = 0;
		struct sink sink = { refuse, &calls };

		rows_mem_column(mem, "a", ROWS_TEXT);
		for (int row = 0; row < 20000; row++)
			rows_mem_add(mem, "0123456789");
		print_options_init(&options);
		options.format = printer;
		assert_false(print_rows(rows_mem_rows(mem), &options, &sink,
					NULL, &err));
		assert_text(err.message, "disk full");
		assert_int_equal(calls, 1);
	}
}

static void results_larger_than_memory_are_aligned_too(void **state)
{
	CLEANUP(rows_mem_freep) struct rows_mem *mem = rows_mem_new(NULL);
	CLEANUP(str_done) struct str cell = STR_EMPTY;
	CLEANUP(str_done) struct str got = STR_EMPTY;
	struct sink sink = sink_to_str(&got);
	struct print_options options;
	struct err err = ERR_EMPTY;
	int64_t count = 0;

	(void)state;
	str_add_repeat(&cell, 'c', 1000);
	rows_mem_column(mem, "a", ROWS_TEXT);
	for (int row = 0; row < 12000; row++)
		rows_mem_add(mem, cell.text);
	print_options_init(&options);
	assert_true(
		print_rows(rows_mem_rows(mem), &options, &sink, &count, &err));
	assert_int_equal(count, 12000);
	/* Header and rule are two wider than a row, which has no blank at its
	 * end. */
	assert_int_equal(got.len,
			 2 * 1003 + 12000 * 1002 + strlen("(12000 rows)\n\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_prints_as_psql_does),
		cmocka_unit_test(formats_are_found_by_a_clear_beginning),
		cmocka_unit_test(json_and_markdown_are_well_formed),
		cmocka_unit_test(an_explicit_footer_and_the_rows_own_title_win),
		cmocka_unit_test(
			records_are_as_wide_as_their_lines_where_psql_is_newer),
		cmocka_unit_test(a_listing_is_narrowed_before_it_becomes_records),
		cmocka_unit_test(a_sink_that_fails_ends_every_format),
		cmocka_unit_test(results_larger_than_memory_are_aligned_too),
	};

	return RUN_TESTS(tests);
}
