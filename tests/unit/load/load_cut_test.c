#include "../check.h"

#include "base/str.h"
#include "load/copy_parse.h"
#include "load/load_cut.h"

/* Fields as they stand in the line, between < and >; ~: not there. */
static const struct {
	const char *options;
	const char *line;
	const char *fields;
} cases[] = {
	{ "", "1|x|", "<1><x><>" },
	{ "csv", "1,\"a,b\"", "<1><\"a,b\">" },
	{ "removequotes", "1|\"a|b\"|'c|d'|e", "<1><\"a|b\"><'c|d'><e>" },
	{ "removequotes", "1|\"open|x", "<1><\"open|x>" },
	{ "removequotes delimiter ','", "\"a\"b,c", "<\"a\"b><c>" },
	{ "removequotes escape", "\"a\\\"|b\"|c", "<\"a\\\"|b\"><c>" },
	{ "fixedwidth 'a:2,b:3'", "12xyz", "<12><xyz>" },
	{ "fixedwidth 'a:2,b:3'", "12xyz9", "<12><xyz><9>" },
	{ "fixedwidth 'a:2,b:3'", "1", "<1>" },
	/* widths are characters */
	{ "fixedwidth 'a:2,b:1'", "\xc3\xa4\xc3\xb6x", "<\xc3\xa4\xc3\xb6><x>" },
	{ "json 'auto'", "{\"b\": \"x, }\", \"a\": [1, {\"b\": 2}] , \"q\": 3}",
	  "<[1, {\"b\": 2}]><\"x, }\">" },
	{ "json 'auto'", "{\"A\":1,\"b\":null}", "<~><~>" },
	{ "json 'auto ignorecase'", "{\"A\":1}", "<1><~>" },
	{ "json 'auto'", "[1,2]", "<~><~>" },
	{ "json 'auto'", "{\"a\":\"\\\"\",\"b\":tru", "<\"\\\"\"><tru>" },
	{ "json 'auto'", "{\"a", "<~><~>" },
	{ "json 'auto'", "{\"a\":", "<><~>" },
};

static void cut(size_t i, struct str *out)
{
	static char a[] = "a", b[] = "b";
	char *names[] = { a, b };
	CLEANUP(copy_options_done)
	struct copy_options options = COPY_OPTIONS_EMPTY;
	struct csv_dialect dialect;
	const struct csv_record *record;
	const struct csv_field *fields;
	struct err err = ERR_EMPTY;
	size_t count;

	assert_true(copy_options_parse(&options, COPY_VERB_COPY,
				       cases[i].options,
				       strlen(cases[i].options), &err));
	load_cut_dialect(&options, &dialect);
	CLEANUP(csv_freep) struct csv *csv = csv_new(&dialect);
	CLEANUP(load_cut_freep)
	struct load_cut *cut = load_cut_new(&options, names, 2);
	csv_feed(csv, cases[i].line, strlen(cases[i].line));
	csv_end(csv);
	assert_int_equal(csv_next(csv, &record, NULL), CSV_RECORD);
	fields = load_cut_fields(cut, record, &count);
	for (size_t f = 0; f < count; f++) {
		str_add_char(out, '<');
		if (fields[f].text == NULL)
			str_add_char(out, '~');
		else
			str_add_slice(out, record->raw + fields[f].raw_offset,
				      fields[f].raw_len);
		str_add_char(out, '>');
	}
}

static void fields_are_cut_as_copy_cuts_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;

		cut(i, &out);
		assert_text(out.text, cases[i].fields);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_cut_as_copy_cuts_them),
	};

	return RUN_TESTS(tests);
}
