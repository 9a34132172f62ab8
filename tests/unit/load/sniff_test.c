/* Runs every tests/cases/sniff/NAME.txt: the bytes of a file, a blank line,
 * then what is to be said about it (description, parameters, table). */
#include "../check.h"

#include <glob.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/sink.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "load/copy_sql.h"
#include "load/ddl.h"
#include "load/infer.h"
#include "load/sniff.h"

static void add_answer(struct str *out, const char *bytes, size_t len,
		       bool whole)
{
	CLEANUP(sniff_done) struct sniff sniff = SNIFF_START;
	CLEANUP(infer_done) struct infer infer = INFER_EMPTY;
	struct copy_options none = COPY_OPTIONS_EMPTY;
	struct err err = ERR_EMPTY;

	if (!sniff_run(&sniff, bytes, len, whole, &err) ||
	    !sniff_check(&sniff, "the file", &err)) {
		str_addf(out, "%s\n%s\n", err.message, err.hint);
		return;
	}
	infer_run(&infer, &sniff);
	ddl_name_columns(&infer);
	sniff_describe(&sniff, out);
	if (sniff.ragged > 0)
		str_addf(out, ", %zu ragged from line %ld", sniff.ragged,
			 sniff.ragged_line);
	str_add(out, "\n");
	copy_sql_propose(out, &sniff, &infer, &none);
	str_add(out, "\n");
	if (infer.columns.count > 0) {
		ddl_add_create(out, "t", &infer);
		str_add(out, "\n");
	}
}

/* The last blank line parts input from expectation. */
static const char *find_expected(const struct str *text)
{
	const char *found = NULL;
	const char *at = text->text;

	while ((at = memmem(at, text->len - (size_t)(at - text->text), "\n\n",
			    2)) != NULL)
		found = at++;
	return found;
}

static bool run_case(const char *path)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str answer = STR_EMPTY;
	struct err err = ERR_EMPTY;
	const char *blank;

	if (!file_read(path, 1 << 20, &text, &err))
		fail_msg("%s", err.message);
	blank = find_expected(&text);
	if (blank == NULL)
		fail_msg("%s: no blank line", path);
	add_answer(&answer, text.text, (size_t)(blank + 1 - text.text), true);
	if (strcmp(answer.text, blank + 2) == 0)
		return true;
	print_error("%s\n--- expected\n%s--- found\n%s", path, blank + 2,
		    answer.text);
	return false;
}

static void every_case_is_answered_as_it_says(void **state)
{
	const char *dir = getenv("TESTS_DIR");
	CLEANUP(str_done) struct str pattern = STR_EMPTY;
	glob_t found;

	(void)state;
	str_addf(&pattern, "%s/cases/sniff/*.txt", dir ? dir : "../tests");
	assert_int_equal(glob(pattern.text, 0, NULL, &found), 0);
	size_t wrong = 0;

	for (size_t i = 0; i < found.gl_pathc; i++)
		wrong += !run_case(found.gl_pathv[i]);
	globfree(&found);
	assert_int_equal(wrong, 0);
}

static void add_packed(struct str *out, enum pack_kind kind, const char *text)
{
	struct sink sink = sink_to_str(out);
	struct err err = ERR_EMPTY;
	struct packer *packer = packer_new(kind, 0, &sink);

	assert_true(packer_feed(packer, text, strlen(text), &err));
	assert_true(packer_end(packer, &err));
	packer_free(packer);
}

static const struct {
	enum pack_kind kind;
	const char *word;
} packs[] = {
	{ PACK_GZIP, " gzip" },
	{ PACK_ZSTD, " zstd" },
	{ PACK_BZIP2, " bzip2" },
};

static void packed_files_are_read_and_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(packs); i++) {
		CLEANUP(str_done) struct str packed = STR_EMPTY;
		CLEANUP(str_done) struct str answer = STR_EMPTY;

		add_packed(&packed, packs[i].kind, "id,name\n1,a\n2,b\n");
		add_answer(&answer, packed.text, packed.len, true);
		assert_non_null(strstr(answer.text, packs[i].word));
		assert_non_null(strstr(answer.text, "ignoreheader 1"));
	}
}

/* Half of a gzip file is what a sample is. */
static void a_sample_of_gzip_is_enough(void **state)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	CLEANUP(str_done) struct str packed = STR_EMPTY;
	CLEANUP(str_done) struct str answer = STR_EMPTY;

	(void)state;
	str_add(&plain, "id;amount\n");
	for (int i = 0; i < 20000; i++)
		str_addf(&plain, "%d;%d.%02d\n", i * 7919 % 100003,
			 i * 31 % 977, i % 100);
	add_packed(&packed, PACK_GZIP, plain.text);
	add_answer(&answer, packed.text, packed.len / 2, false);
	assert_non_null(strstr(answer.text,
			       "csv delimiter ';' gzip ignoreheader 1"));
	assert_non_null(strstr(answer.text, "id INTEGER"));
}

static void a_damaged_gzip_is_refused(void **state)
{
	CLEANUP(str_done) struct str packed = STR_EMPTY;
	CLEANUP(sniff_done) struct sniff sniff = SNIFF_START;
	struct err err = ERR_EMPTY;

	(void)state;
	add_packed(&packed, PACK_GZIP, "id,name\n1,a\n2,b\n3,c\n4,d\n");
	memset(packed.text + 12, 0x55, 10);
	assert_false(sniff_run(&sniff, packed.text, packed.len, true, &err));
	assert_int_equal(err.kind, ERR_DATA);
}

static void add_utf16(struct str *out, const char *text, bool big)
{
	for (; *text != '\0'; text++) {
		if (big)
			str_add_char(out, '\0');
		str_add_char(out, *text);
		if (!big)
			str_add_char(out, '\0');
	}
}

static void utf16_is_known_with_and_without_its_mark(void **state)
{
	static const char text[] = "id\tname\n1\tx\n2\ty\n";
	static const struct {
		const char *mark;
		bool big;
		const char *encoding;
	} cases[] = {
		{ "\xff\xfe", false, "encoding utf16\n" },
		{ "\xfe\xff", true, "encoding utf16\n" },
		{ "", false, "encoding utf16le\n" },
		{ "", true, "encoding utf16be\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str bytes = STR_EMPTY;
		CLEANUP(str_done) struct str answer = STR_EMPTY;

		str_add(&bytes, cases[i].mark);
		add_utf16(&bytes, text, cases[i].big);
		add_answer(&answer, bytes.text, bytes.len, true);
		assert_non_null(strstr(answer.text, cases[i].encoding));
		assert_non_null(strstr(answer.text, "delimiter '\\t'"));
	}
}

/* The sample may end anywhere, also inside a character or a record. */
static void a_cut_sample_is_survived(void **state)
{
	static const char text[] =
		"id,name,day\n1,\"J\xc3\xbcrgen, \"\"x\"\"\",1/2/2023\n"
		"2,\"two\nlines\",3/14/2023\n3,z,12/1/2023\n";

	(void)state;
	for (size_t len = 0; len <= strlen(text); len++) {
		CLEANUP(str_done) struct str answer = STR_EMPTY;

		add_answer(&answer, text, len, false);
		assert_true(answer.len > 0);
		assert_null(strstr(answer.text, "iso88591"));
	}
}

static void binary_files_are_known_by_their_first_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *answer;
	} cases[] = {
		{ "PAR1\0\1\2", 7, "format as parquet" },
		{ "ORC\0\1", 5, "format as orc" },
		{ "Obj\001\0\0", 6, "format as avro 'auto'" },
		{ "PK\003\004\0\0", 6, "the file is an archive" },
		{ "a\0b\377\0\0\0x", 8, "the file is binary data" },
		{ "", 0, "the file is empty" },
		{ "\211LZO\0\r\n\032\n", 9, "lzop" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str answer = STR_EMPTY;

		add_answer(&answer, cases[i].bytes, cases[i].len, true);
		if (strstr(answer.text, cases[i].answer) == NULL)
			fail_msg("%s: %s", cases[i].answer, answer.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_is_answered_as_it_says),
		cmocka_unit_test(packed_files_are_read_and_named),
		cmocka_unit_test(a_sample_of_gzip_is_enough),
		cmocka_unit_test(a_damaged_gzip_is_refused),
		cmocka_unit_test(utf16_is_known_with_and_without_its_mark),
		cmocka_unit_test(a_cut_sample_is_survived),
		cmocka_unit_test(binary_files_are_known_by_their_first_bytes),
	};

	return RUN_TESTS(tests);
}
