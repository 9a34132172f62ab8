#include "../check.h"

#include "base/sink.h"
#include "data/pack.h"
#include "load/copy_parse.h"
#include "load/load_error.h"
#include "load/load_line.h"

/* The object is a text in memory. */
static bool read_range(void *context, const char *uri, int64_t offset,
		       int64_t length, struct str *out, struct err *err)
{
	const struct str *object = context;
	size_t at = (size_t)offset;
	size_t n;

	(void)uri;
	(void)err;
	if (at >= object->len)
		return true;
	n = object->len - at;
	if ((int64_t)n > length)
		n = (size_t)length;
	str_add_slice(out, object->text + at, n);
	return true;
}

static const struct {
	const char *object;
	const char *options;
	int64_t line;
	int column;
	const char *value;
	const char *shown;	/* NULL: not found */
} cases[] = {
	{ "id,qty\n1,2\n2,two\n3,4\n", "csv ignoreheader 1", 3, 1, "two",
	  "         2 | 1,2\n"
	  ">        3 | 2,two\n"
	  "               ^^^\n" },
	/* the value finds the field when the column is not known */
	{ "1|2|x\n", "", 1, -1, "x",
	  ">        1 | 1|2|x\n"
	  "                 ^\n" },
	/* a record over three lines: any of them names it */
	{ "a,b\n\"x\ny\nz\",q\n", "csv", 3, 1, "q",
	  "         1 | a,b\n"
	  ">        2 | \"x\\x0ay\\x0az\",q\n"
	  "                           ^\n" },
	/* wide characters before the field */
	{ "\xe6\x9d\xb1\xe4\xba\xac;5x\n", "delimiter ';'", 1, 1, "5x",
	  ">        1 | \xe6\x9d\xb1\xe4\xba\xac;5x\n"
	  "                  ^^\n" },
	/* bytes that are not UTF-8 are seen as they are */
	{ "1,Jos\xe9\n", "csv", 1, 1, "",
	  ">        1 | 1,Jos\\xe9\n"
	  "               ^^^^^^^\n" },
	{ "1,Jos\xe9\n", "csv encoding iso88591", 1, 1, "",
	  ">        1 | 1,Jos\xc3\xa9\n"
	  "               ^^^^\n" },
	{ "1\\|2|x\n", "delimiter '|' escape", 1, 1, "x",
	  ">        1 | 1\\|2|x\n"
	  "                  ^\n" },
	/* a field that is missing should stand at the end */
	{ "1,2\n", "csv", 1, 2, "",
	  ">        1 | 1,2\n"
	  "                ^\n" },
	{ "1,2\n", "csv", 9, 0, "", NULL },
};

static void read_case(size_t i, const struct str *object)
{
	CLEANUP(load_line_done) struct load_line line = LOAD_LINE_EMPTY;
	CLEANUP(copy_options_done)
	struct copy_options options = COPY_OPTIONS_EMPTY;
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	struct load_error error = { .file = (char *)"s3://b/k",
				    .line = cases[i].line,
				    .value = (char *)cases[i].value };
	struct load_error_hooks hooks = { .context = (void *)object,
					  .read_range = read_range };
	struct load_line_wish wish = { .error = &error,
				       .column = cases[i].column,
				       .options = &options };
	struct err err = ERR_EMPTY;
	bool found;

	assert_true(copy_options_parse(&options, COPY_VERB_COPY,
				       cases[i].options,
				       strlen(cases[i].options), &err));
	found = load_line_read(&line, &wish, &hooks, &err);
	assert_int_equal(found, cases[i].shown != NULL);
	if (!found)
		return;
	load_line_add(&line, 80, &shown);
	assert_text(shown.text, cases[i].shown);
}

static void the_line_is_found_and_its_field_marked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str object = STR_EMPTY;

		str_add(&object, cases[i].object);
		read_case(i, &object);
	}
}

static void the_line_is_found_in_gzip(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str object = STR_EMPTY;
		struct sink sink = sink_to_str(&object);
		struct packer *packer = packer_new(PACK_GZIP, 0, &sink);
		struct err err = ERR_EMPTY;

		assert_true(packer_feed(packer, cases[i].object,
					strlen(cases[i].object), &err));
		assert_true(packer_end(packer, &err));
		packer_free(packer);
		read_case(i, &object);
	}
}

static void a_long_line_is_cut_around_its_field(void **state)
{
	CLEANUP(load_line_done) struct load_line line = LOAD_LINE_EMPTY;
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	(void)state;
	line.line = 7;
	str_add_repeat(&line.text, 'a', 500);
	str_add(&line.text, ",BAD,");
	str_add_repeat(&line.text, 'b', 500);
	line.field_at = 501;
	line.field_len = 3;
	line.marked = true;
	load_line_add(&line, 60, &shown);
	assert_text(shown.text,
		    ">        7 | ...aaaaaaaaaaaaaaaaaaa,BAD,bbbbbbbbbbbbbbbbbb"
		    "bbbbbbbbbbbbbbbbbb...\n"
		    "                                    ^^^\n");
}

static void a_line_of_megabytes_is_shown_in_a_line(void **state)
{
	CLEANUP(load_line_done) struct load_line line = LOAD_LINE_EMPTY;
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	(void)state;
	line.line = 2;
	line.before_line = 1;
	str_add_repeat(&line.before, '\x1b', 3000000);
	str_add_repeat(&line.text, '\0', 2000000);
	str_add(&line.text, "|\x1b[2J|");
	str_add_repeat(&line.text, '\xff', 2000000);
	line.field_at = 2000001;
	line.field_len = 4;
	line.marked = true;
	load_line_add(&line, 60, &shown);
	assert_true(shown.len < 400);
	assert_non_null(strstr(shown.text, "|\\x1b[2J|\\xff"));
	assert_null(strchr(shown.text, '\x1b'));
	assert_int_equal(strlen(shown.text), shown.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_is_found_and_its_field_marked),
		cmocka_unit_test(the_line_is_found_in_gzip),
		cmocka_unit_test(a_long_line_is_cut_around_its_field),
		cmocka_unit_test(a_line_of_megabytes_is_shown_in_a_line),
	};

	return RUN_TESTS(tests);
}
