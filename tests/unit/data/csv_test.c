#include "../check.h"

#include "base/str.h"
#include "data/csv.h"

static const struct csv_dialect standard = CSV_STANDARD;
static const struct csv_dialect pipe_escape = { .delimiter = "|",
						.bare_escape = '\\' };
static const struct csv_dialect two_bytes = { .delimiter = "|~",
					      .quote = '\'',
					      .escape = '\\' };
static const struct csv_dialect one_field = { .delimiter = "" };
static const struct csv_dialect anywhere = {
	.delimiter = ",", .quote = '"', .escape = '"', .quote_anywhere = true
};

/* Records as text: line:offset[field][field], quoted fields in "", a
 * backslash behind those with an escape, bad records
 * with their message behind !. */
static const struct {
	const struct csv_dialect *dialect;
	const char *text;
	const char *expected;
} cases[] = {
	{ &standard, "", "" },
	{ &standard, "a,b\nc,d\n", "1:0[a][b] 2:4[c][d]" },
	{ &standard, "a,b", "1:0[a][b]" },
	{ &standard, "a,\n,b\n,\n", "1:0[a][] 2:3[][b] 3:6[][]" },
	{ &standard, "\n\nx", "1:0[] 2:1[] 3:2[x]" },
	{ &standard, "a\r\nb\r\n", "1:0[a] 2:3[b]" },
	{ &standard, "a\rb\r", "1:0[a] 2:2[b]" },
	{ &standard, "a\nb\rc\n", "1:0[a] 2:2[b\rc]" },
	{ &standard, "\"a,\"\"b\"\"\",c\n", "1:0[\"a,\"b\"\"]\\[c]" },
	{ &standard, "\"x\ny\r\nz\",1\nn\n", "1:0[\"x\ny\r\nz\"][1] 4:11[n]" },
	{ &standard, "\"\",\n", "1:0[\"\"][]" },
	{ &standard, "a\"b,c\n", "1:0[a\"b][c]" },
	{ &standard, "\"a\"b,c\nd\n",
	  "1:0[\"ab\"][c]!line 1, byte 4: text after the closing quote "
	  "2:7[d]" },
	{ &standard, "x\n\"a,b\nc",
	  "1:0[x] 2:2[\"a,b\nc\"]!line 3, byte 7: the quote is never closed" },
	{ &anywhere, "a\"b,\"c,\"d\"\n", "1:0[\"ab,c\"][\"d\"]" },
	{ &pipe_escape, "a\\|b|\\N|\"q\"\n", "1:0[a|b]\\[N]\\[\"q\"]" },
	{ &pipe_escape, "a\\\nb|c\nd\n", "1:0[a\nb]\\[c] 3:7[d]" },
	{ &pipe_escape, "a\\\r\nb\r\nd\\", "1:0[a\r\nb]\\ 3:7[d\\]" },
	{ &two_bytes, "a|b|~'c\\'|~'|~\n|~",
	  "1:0[a|b][\"c'|~\"]\\[] 2:15[][]" },
	{ &one_field, "a,b\nc\n", "1:0[a,b] 2:4[c]" },
};

static void show(const struct csv_record *record, struct str *out)
{
	if (out->len > 0)
		str_add_char(out, ' ');
	str_addf(out, "%lld:%lld", (long long)record->line,
		 (long long)record->offset);
	for (size_t i = 0; i < record->count; i++) {
		const struct csv_field *field = &record->fields[i];
		const char *quote = field->quoted ? "\"" : "";

		str_addf(out, "[%s%s%s]%s", quote, field->text, quote,
			 field->escaped ? "\\" : "");
	}
}

static void split(const struct csv_dialect *dialect, const char *text,
		  size_t piece, struct str *out)
{
	CLEANUP(csv_freep) struct csv *csv = csv_new(dialect);
	size_t len = strlen(text);
	size_t at = 0;

	for (;;) {
		const struct csv_record *record;
		struct err err = ERR_EMPTY;
		enum csv_step step = csv_next(csv, &record, &err);
		size_t part = len - at < piece ? len - at : piece;

		if (step == CSV_END)
			return;
		if (step == CSV_RECORD || step == CSV_BAD)
			show(record, out);
		if (step == CSV_BAD)
			str_addf(out, "!%s", err.message);
		if (step != CSV_MORE)
			continue;
		if (at == len)
			csv_end(csv);
		csv_feed(csv, text + at, part);
		at += part;
	}
}

static void records_do_not_depend_on_the_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t piece = 1; piece < 20; piece++) {
			CLEANUP(str_done) struct str got = STR_EMPTY;

			split(cases[i].dialect, cases[i].text, piece, &got);
			assert_text(got.text, cases[i].expected);
		}
	}
}

static void raw_places_lead_back_to_the_source(void **state)
{
	CLEANUP(csv_freep) struct csv *csv = csv_new(&standard);
	const char *text = "h\n1,\"two, 2\",3\n";
	const struct csv_record *record;
	struct err err = ERR_EMPTY;

	(void)state;
	csv_feed(csv, text, strlen(text));
	assert_int_equal(csv_skip_line(csv, &record), CSV_RECORD);
	assert_int_equal(record->raw_len, 1);
	assert_int_equal(csv_next(csv, &record, &err), CSV_RECORD);
	assert_int_equal(record->line, 2);
	assert_int_equal(record->raw_len, 12);
	assert_int_equal(record->fields[1].raw_offset, 2);
	assert_int_equal(record->fields[1].raw_len, 8);
	assert_memory_equal(record->raw + 2, "\"two, 2\"", 8);
	assert_int_equal(record->fields[2].raw_offset, 11);
}

static void a_record_over_the_limit_is_bad_and_the_next_is_read(void **state)
{
	CLEANUP(csv_freep) struct csv *csv = csv_new(&standard);
	const struct csv_record *record;
	struct err err = ERR_EMPTY;

	(void)state;
	csv_set_limit(csv, 10);
	csv_feed(csv, "ok\n\"aaaaaaaaaaaaaaaa", 20);
	assert_int_equal(csv_next(csv, &record, &err), CSV_RECORD);
	assert_int_equal(csv_next(csv, &record, &err), CSV_BAD);
	assert_int_equal(record->line, 2);
	assert_int_equal(csv_next(csv, &record, &err), CSV_MORE);
	csv_feed(csv, "aaaaaaaaaaaaaaaaaaaa\nx\n", 23);
	csv_end(csv);
	assert_int_equal(csv_next(csv, &record, &err), CSV_RECORD);
	assert_text(record->fields[0].text, "x");
	assert_int_equal(record->line, 3);
	assert_int_equal(csv_next(csv, &record, &err), CSV_END);
}

static void a_record_over_the_limit_ends_at_a_lone_cr_as_the_others(
	void **state)
{
	CLEANUP(csv_freep) struct csv *csv = csv_new(&standard);
	const struct csv_record *record;
	struct err err = ERR_EMPTY;

	(void)state;
	csv_set_limit(csv, 10);
	csv_feed(csv, "ok\raaaaaaaaaaaaaaaa\rx\r", 22);
	csv_end(csv);
	assert_int_equal(csv_next(csv, &record, &err), CSV_RECORD);
	assert_int_equal(csv_next(csv, &record, &err), CSV_BAD);
	assert_int_equal(record->line, 2);
	assert_int_equal(csv_next(csv, &record, &err), CSV_RECORD);
	assert_text(record->fields[0].text, "x");
	assert_int_equal(record->line, 3);
	assert_int_equal(csv_next(csv, &record, &err), CSV_END);
}

static const struct {
	const char *text;
	char delimiter;
	const char *expected;
} emitted[] = {
	{ "a", ',', "a" },
	{ "", ',', "" },
	{ "a,b", ',', "\"a,b\"" },
	{ "a,b", ';', "a,b" },
	{ "say \"x\"", ',', "\"say \"\"x\"\"\"" },
	{ "a\nb", ',', "\"a\nb\"" },
	{ "a\rb", ',', "\"a\rb\"" },
	{ " a ", ',', " a " },
	{ "\\.", ',', "\"\\.\"" },
	{ "\\.x", ',', "\\.x" },
};

static void fields_are_quoted_as_psql_quotes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(emitted); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;

		csv_add_field(&out, emitted[i].text, strlen(emitted[i].text),
			      emitted[i].delimiter);
		assert_text(out.text, emitted[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_do_not_depend_on_the_pieces),
		cmocka_unit_test(raw_places_lead_back_to_the_source),
		cmocka_unit_test(
			a_record_over_the_limit_is_bad_and_the_next_is_read),
		cmocka_unit_test(
			a_record_over_the_limit_ends_at_a_lone_cr_as_the_others),
		cmocka_unit_test(fields_are_quoted_as_psql_quotes),
	};

	return RUN_TESTS(tests);
}
