/* Delimited text in pieces: the records are the same however it is cut, they
 * stand where they say they do, and what was emitted is read back.
 *
 * Byte 0: the dialect (see below), byte 1: the pieces. */
#include "fuzz.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/csv.h"

enum { LIMIT_BYTES = 4096 };

static const struct csv_dialect dialects[] = {
	CSV_STANDARD,
	{ .delimiter = "|" },
	{ .delimiter = "|", .bare_escape = '\\' },
	{ .delimiter = "\t", .quote = '"', .escape = '\\' },
	{ .delimiter = ",", .quote = '\'', .escape = '\\', .bare_escape = '\\' },
	{ .delimiter = "||", .quote = '"', .escape = '"',
	  .quote_anywhere = true },
	{ .delimiter = "" },
	{ .delimiter = "abab", .bare_escape = '\\' },
};

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("\0\1a,b,c\n1,\"x\"\"y\",3\r\n\"a\nb\",,\n"),
	FUZZ_TEXT("\1\3a|b|c\n1||\n|x|\r\n"),
	FUZZ_TEXT("\2\2a\\|b|c\\\n|d\\\\\n"),
	FUZZ_TEXT("\3\1\"a\\\"b\"\t\"c\"d\t\n"),
	FUZZ_TEXT("\4\5'a\\'b','\\\n',c\\,d\n"),
	FUZZ_TEXT("\5\1a\"b||c\"||d\n\"open||"),
	FUZZ_TEXT("\6\1one\rtwo\rthree"),
	FUZZ_TEXT("\7\1abaababab\nabab\n"),
	FUZZ_TEXT("\0\1\\.\n\xef\xbb\xbf\"a\"b\n\n\n"),
	{ NULL, 0 },
};

static const char *const words[] = { "\"", "\"\"", ",", "\n",  "\r",
				     "\r\n", "\\", "|", "||", "\t",
				     "'", "\\\"", "abab", "aba", NULL };

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 30000,
};

/* The record's place must be where its raw bytes stand in the input. */
static void check_place(const struct csv_record *record, const char *bytes,
			size_t len)
{
	FUZZ_CHECK(record->offset >= 0 && record->line >= 1);
	FUZZ_CHECK((size_t)record->offset + record->raw_len <= len);
	FUZZ_CHECK(memcmp(bytes + record->offset, record->raw,
			  record->raw_len) == 0);
	for (size_t i = 0; i < record->count; i++) {
		const struct csv_field *field = &record->fields[i];

		FUZZ_CHECK(field->raw_offset + field->raw_len <=
			   record->raw_len);
		FUZZ_CHECK(field->len <= field->raw_len);
		FUZZ_CHECK(field->text[field->len] == '\0');
	}
}

static void describe(const struct csv_record *record, enum csv_step step,
		     struct str *out)
{
	str_addf(out, "%d %lld+%lld @%lld", (int)step, (long long)record->line,
		 (long long)record->line_count, (long long)record->offset);
	for (size_t i = 0; i < record->count; i++) {
		const struct csv_field *field = &record->fields[i];

		str_addf(out, " %d%d%zu:", field->quoted, field->escaped,
			 field->len);
		str_add_slice(out, field->text, field->len);
	}
	str_add_char(out, '\n');
}

/* All records of bytes[0, len), fed in pieces, as text. */
static void read_all(const struct csv_dialect *dialect, const char *bytes,
		     size_t len, size_t piece, struct str *out)
{
	CLEANUP(csv_freep) struct csv *csv = csv_new(dialect);
	size_t fed = 0;

	csv_set_limit(csv, LIMIT_BYTES);
	for (;;) {
		const struct csv_record *record = NULL;
		struct err err = ERR_EMPTY;
		enum csv_step step = csv_next(csv, &record, &err);

		if (step == CSV_END)
			return;
		if (step == CSV_MORE) {
			size_t part = len - fed < piece ? len - fed : piece;

			if (fed == len)
				csv_end(csv);
			csv_feed(csv, bytes + fed, part);
			fed += part;
			continue;
		}
		FUZZ_CHECK(step == CSV_RECORD || err.message[0] != '\0');
		check_place(record, bytes, len);
		/* how much is looked at of one that is too long may differ */
		if (strstr(err.message, "a record longer than") != NULL)
			str_addf(out, "%lld too long\n",
				 (long long)record->line);
		else
			describe(record, step, out);
	}
}

/* A field that psql would write is read back as it was. */
static void check_emitted(const char *bytes, size_t len)
{
	static const struct csv_dialect standard = CSV_STANDARD;
	CLEANUP(csv_freep) struct csv *csv = csv_new(&standard);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct csv_record *record = NULL;
	struct err err = ERR_EMPTY;

	csv_add_quoted(&text, bytes, len);
	str_add_char(&text, ',');
	csv_add_field(&text, bytes, len, ',');
	str_add_char(&text, '\n');
	csv_feed(csv, text.text, text.len);
	csv_end(csv);
	FUZZ_CHECK(csv_next(csv, &record, &err) == CSV_RECORD);
	FUZZ_CHECK(record->count == 2);
	for (size_t i = 0; i < 2; i++)
		FUZZ_CHECK(record->fields[i].len == len &&
			   memcmp(record->fields[i].text, bytes, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	CLEANUP(str_done) struct str cut = STR_EMPTY;
	const struct csv_dialect *dialect;
	const char *bytes = (const char *)data + 2;

	if (size < 2)
		return 0;
	size -= 2;
	dialect = &dialects[data[0] % COUNT_OF(dialects)];
	read_all(dialect, bytes, size, size + 1, &whole);
	read_all(dialect, bytes, size, 1 + data[1] % 16 + size / 64, &cut);
	FUZZ_CHECK(whole.len == cut.len &&
		   memcmp(whole.text, cut.text, whole.len) == 0);
	check_emitted(bytes, size);
	return 0;
}
