#include "../check.h"

#include "load/copy_parse.h"
#include "load/copy_value.h"

enum { NO, YES, NULL_VALUE };

static const struct {
	const char *type, *options, *text;
	int then;
} cases[] = {
	{ "int2", "", "-32768", YES },
	{ "int2", "", "32768", NO },
	{ "integer", "", "+7", YES },
	{ "int4", "", "7.0", NO },
	{ "int4", "", " 7", NO },
	{ "int8", "", "9223372036854775807", YES },
	{ "int8", "", "9223372036854775808", NO },
	{ "int8", "", "1111111111111111111111111", NO },
	{ "numeric(4,2)", "", "99.999", YES },
	{ "numeric(4,2)", "", "100", NO },
	{ "numeric(4,2)", "", "000.5", YES },
	{ "numeric(4,2)", "", ".", NO },
	{ "numeric(4,2)", "", "1e1", NO },
	{ "float8", "", "1e308", YES },
	{ "float8", "", "1e309", NO },
	{ "real", "", "1e39", NO },
	{ "float4", "", "0x10", NO },
	{ "bool", "", "Yes", YES },
	{ "boolean", "", "on", NO },
	{ "character varying(3)", "", "abc", YES },
	{ "varchar(3)", "", "\xc3\xa4\xc3\xa4", NO },
	{ "varchar(3)", "truncatecolumns", "abcd", YES },
	{ "varchar(3)", "trimblanks", "abc  ", YES },
	{ "varchar(9)", "", "J\xfcr", NO },
	{ "varchar(9)", "acceptinvchars", "J\xfcr", YES },
	{ "character(3)", "", "ab   ", YES },
	{ "char(3)", "", "\xc3\xa4", NO },
	{ "date", "", "2024-02-29", YES },
	{ "date", "", "2023-02-29", NO },
	{ "date", "dateformat 'DD.MM.YYYY'", "31.1.2024", YES },
	{ "date", "dateformat 'DD.MM.YYYY'", "2024-01-31", NO },
	{ "timestamp", "", "2024-01-31 10:00:00.5", YES },
	{ "timestamptz", "", "2024-01-31 10:00:00+02", YES },
	{ "timestamp", "", "31.1.2024", NO },
	{ "timestamp", "timeformat 'auto'", "2024-01-31T10:00:00Z", YES },
	{ "timestamp", "timeformat 'epochsecs'", "1706695200", YES },
	{ "date", "acceptanydate", "soon", YES },
	{ "time", "", "23:59:59", YES },
	{ "time", "", "24 o'clock", NO },
	{ "super", "", "{\"a\": [1]}", YES },
	{ "super", "", "{a}", NO },
	{ "binary varying(2)", "", "00ff", YES },
	{ "varbyte(2)", "", "00ff00", NO },
	{ "varbyte(2)", "", "0", NO },
	{ "geometry", "", "whatever", YES },
	/* what is NULL is no value */
	{ "int4", "", "", NULL_VALUE },
	{ "int4", "", "\\N", NULL_VALUE },
	{ "int4", "null as 'NA'", "NA", NULL_VALUE },
	{ "int4", "null as 'NA'", "\\N", NO },
	{ "varchar(3)", "", "", YES },
	{ "varchar(3)", "emptyasnull", "", NULL_VALUE },
	{ "varchar(3)", "blanksasnull", "  ", NULL_VALUE },
};

static int judge(size_t i)
{
	struct copy_type type = copy_type_read(cases[i].type, "");
	CLEANUP(copy_options_done)
	struct copy_options options = COPY_OPTIONS_EMPTY;
	struct err err = ERR_EMPTY;
	size_t len = strlen(cases[i].text);

	assert_true(copy_options_parse(&options, COPY_VERB_COPY,
				       cases[i].options,
				       strlen(cases[i].options), &err));
	if (copy_value_is_null(&type, &options, cases[i].text, len, false))
		return NULL_VALUE;
	return copy_value_fits(&type, &options, cases[i].text, len);
}

static void a_value_fits_its_type_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (judge(i) != cases[i].then)
			fail_msg("%s %s: '%s'", cases[i].type,
				 cases[i].options, cases[i].text);
}

static void the_length_of_the_views_counts(void **state)
{
	struct copy_type type = copy_type_read("numeric", "12, 2");

	(void)state;
	assert_int_equal(type.kind, COPY_KIND_DECIMAL);
	assert_int_equal(type.size, 12);
	assert_int_equal(type.scale, 2);
	type = copy_type_read("varchar   ", "40");
	assert_int_equal(type.kind, COPY_KIND_VARCHAR);
	assert_int_equal(type.size, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_fits_its_type_or_not),
		cmocka_unit_test(the_length_of_the_views_counts),
	};

	return RUN_TESTS(tests);
}
