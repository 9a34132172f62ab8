/* The files that COPY reads, below its reader: JSON objects in a row and
 * their members, fields under REMOVEQUOTES, of fixed widths, and one field
 * into columns of every type. What is loaded is one field of PostgreSQL's
 * COPY text format, and nothing reaches beyond the record.
 *
 * Byte 0: which of these; byte 1: rules, or pieces. */
#include "fuzz.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sandbox/copy/rscopy_field.h"
#include "sandbox/copy/rscopy_fixed.h"
#include "sandbox/copy/rscopy_json.h"
#include "sandbox/copy/rscopy_member.h"
#include "sandbox/copy/rscopy_quotes.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("\0\1{\"a\": 1, \"B\": [1, {\"c\": null}]}\n{\"a\":\"x\"}\n"),
	FUZZ_TEXT("\0\3{\"a\":\"\\u00e4\\ud83d\\ude00\\n\",\"a\":2}[1,2]{"),
	FUZZ_TEXT("\0\2{\"a\":1.5e300,\"d\":true} x {\"e\":\"}\"}"),
	FUZZ_TEXT("\1\0{\"jsonpaths\":[\"$.a\",\"$['b'][0]\",\"$.c.d\"]}"),
	FUZZ_TEXT("\1\0{\"jsonpaths\":[\"$[0]\",\"$.a[*]\"]}"),
	FUZZ_TEXT("\2\1\"a|b\"|'c'|d\\|e|\"open"),
	FUZZ_TEXT("\2\0a|'b'c|\"\"|''"),
	FUZZ_TEXT("\3\0a:3, b:1,c:12\nabc\xc3\xa4""def"),
	FUZZ_TEXT("\4\0-32768"), FUZZ_TEXT("\4\1 12345.678e-2 "),
	FUZZ_TEXT("\4\2""2020-02-29 23:59:59.999999+05:30"),
	FUZZ_TEXT("\4\3""29 Feb 2020 11:59 PM"), FUZZ_TEXT("\4\4t"),
	FUZZ_TEXT("\4\5\\N"), FUZZ_TEXT("\4\6NaN"), FUZZ_TEXT("\4\7""0aFF"),
	FUZZ_TEXT("\4\10{\"a\":[1,2,{}]}"), FUZZ_TEXT("\4\11""1582934400"),
	FUZZ_TEXT("\4\12na\xefve\tb\\c\nd"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"{", "}", "[", "]", ":", ",", "\"", "\\\"", "\\u0000", "\\ud800", "null",
	"true", "1e400", "-", ".", "0x", "NaN", "inf", "Infinity", "$.", "$['",
	"jsonpaths", "'", "|", "\\", "\n", "\r", "\t", "2020-", "-02-30", "24:00",
	"12:60", "+15:59", "AM", "pm", "Jan", "epoch", "now", "POINT(1 2)",
	"\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 30000,
};

static struct rscopy_column columns[] = {
	{ .name = (char *)"a", .type = RSCOPY_INTEGER, .length = 2 },
	{ .name = (char *)"b", .type = RSCOPY_INTEGER, .length = 8 },
	{ .name = (char *)"c", .type = RSCOPY_DECIMAL, .length = 18,
	  .scale = 4 },
	{ .name = (char *)"d", .type = RSCOPY_DECIMAL, .length = 38,
	  .scale = 37 },
	{ .name = (char *)"e", .type = RSCOPY_FLOAT, .length = 8 },
	{ .name = (char *)"f", .type = RSCOPY_BOOL },
	{ .name = (char *)"g", .type = RSCOPY_CHAR, .length = 5 },
	{ .name = (char *)"h", .type = RSCOPY_VARCHAR, .length = 20 },
	{ .name = (char *)"i", .type = RSCOPY_DATE },
	{ .name = (char *)"j", .type = RSCOPY_TIME },
	{ .name = (char *)"k", .type = RSCOPY_TIMESTAMP },
	{ .name = (char *)"l", .type = RSCOPY_TIMESTAMPTZ },
	{ .name = (char *)"m", .type = RSCOPY_SUPER },
	{ .name = (char *)"n", .type = RSCOPY_VARBYTE, .length = 64 },
	{ .name = (char *)"o", .type = RSCOPY_GEOMETRY },
	{ .name = (char *)"p", .type = RSCOPY_SKETCH },
	{ .name = (char *)"q", .type = RSCOPY_OTHER },
};

static const char *const formats[] = {
	NULL, "auto", "YYYY-MM-DD HH:MI:SS", "DD MON YYYY HH12:MI AM",
	"epochsecs", "epochmillisecs", "YY/J DAY", "MM.DD.YYYYOF",
};

static void check_within(const struct csv_field *field, const char *text,
			 size_t len)
{
	FUZZ_CHECK(field->raw_offset + field->raw_len <= len);
	FUZZ_CHECK(field->text == NULL || field->text < text ||
		   field->text > text + len ||
		   field->text + field->len <= text + len);
}

/* --- JSON --- */

static void take_members(struct rscopy_members *members,
			 const struct csv_record *record)
{
	struct rscopy_problem problem = { 0 };

	if (!rscopy_members_take(members, record, columns, COUNT_OF(columns),
				 &problem)) {
		FUZZ_CHECK(problem.code > 0 && problem.reason[0] != '\0');
		return;
	}
	FUZZ_CHECK(members->fields.count == COUNT_OF(columns));
}

static void describe(const struct csv_record *record, enum csv_step step,
		     struct str *out)
{
	str_addf(out, "%d %lld %lld ", (int)step, (long long)record->line,
		 (long long)record->offset);
	str_add_slice(out, record->raw, record->raw_len);
	str_add_char(out, '\n');
}

static void read_json(const char *text, size_t len, size_t piece, int how,
		      struct str *out)
{
	CLEANUP(rscopy_json_freep)
	struct rscopy_json *json = rscopy_json_new(0);
	struct rscopy_members members = { .how = how };
	size_t fed = 0;

	for (;;) {
		const struct csv_record *record = NULL;
		enum csv_step step = rscopy_json_next(json, &record);

		if (step == CSV_END)
			break;
		if (step == CSV_MORE) {
			size_t part = len - fed < piece ? len - fed : piece;

			if (fed == len)
				rscopy_json_end(json);
			rscopy_json_feed(json, text + fed, part);
			fed += part;
			continue;
		}
		FUZZ_CHECK(record->raw_len <= len);
		describe(record, step, out);
		if (step == CSV_RECORD)
			take_members(&members, record);
	}
	rscopy_members_done(&members);
}

static void check_json(const char *text, size_t len, int rules)
{
	static const int hows[] = { RSCOPY_MEMBER_BY_NAME,
				    RSCOPY_MEMBER_BY_NAME_NOCASE,
				    RSCOPY_MEMBER_WHOLE };
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	CLEANUP(str_done) struct str cut = STR_EMPTY;
	int how = hows[rules % 3];

	read_json(text, len, len + 1, how, &whole);
	read_json(text, len, 1 + (size_t)rules % 16 + len / 64, how, &cut);
	FUZZ_CHECK(whole.len == cut.len &&
		   memcmp(whole.text, cut.text, whole.len) == 0);
}

static void check_paths(const char *text, size_t len)
{
	static const char object[] = "{\"a\":{\"b\":[1,{\"c\":\"d\"}]},\"c\":2}";
	struct rscopy_members members = { 0 };
	struct csv_record record = { .raw = object,
				     .raw_len = sizeof(object) - 1 };
	struct rscopy_problem problem = { 0 };
	struct err err = ERR_EMPTY;

	if (!rscopy_members_read_paths(&members, text, len, &err))
		FUZZ_CHECK(err.message[0] != '\0');
	else if (members.how == RSCOPY_MEMBER_BY_PATH &&
		 members.count <= COUNT_OF(columns))
		rscopy_members_take(&members, &record, columns, members.count,
				    &problem);
	rscopy_members_done(&members);
}

/* --- lines --- */

static void check_quotes(const char *text, size_t len, bool escape)
{
	struct rscopy_quotes quotes = { 0 };
	struct csv_record line = { .raw = text, .raw_len = len };
	size_t at = 0;

	rscopy_quotes_split(&quotes, &line, '|', escape, &at);
	FUZZ_CHECK(at <= len);
	for (size_t i = 0; i < quotes.count; i++)
		check_within(&quotes.fields.items[i], text, len);
	rscopy_quotes_done(&quotes);
}

static void check_fixed(const char *text, size_t len)
{
	CLEANUP(mem_freep) char *spec = mem_copy_slice(text, len);
	struct rscopy_fixed fixed = { 0 };
	const char *end = strchr(spec, '\n');
	struct csv_record line = { .raw = "", .raw_len = 0 };
	struct err err = ERR_EMPTY;
	size_t rest = 0;

	if (end != NULL) {
		spec[end - spec] = '\0';
		line.raw = end + 1;
		line.raw_len = len - (size_t)(end + 1 - spec);
	}
	if (rscopy_fixed_read(&fixed, spec, &err)) {
		rscopy_fixed_cut(&fixed, &line, &rest);
		FUZZ_CHECK(rest <= line.raw_len);
		FUZZ_CHECK(fixed.fields.count <= fixed.count);
		for (size_t i = 0; i < fixed.fields.count; i++)
			check_within(&fixed.fields.items[i], line.raw,
				     line.raw_len);
	} else {
		FUZZ_CHECK(err.message[0] != '\0');
	}
	rscopy_fixed_done(&fixed);
}

/* --- fields --- */

/* One field of COPY's text format: no bare tab or line end, and a backslash
 * with what it escapes. */
static void check_loaded(const struct str *out)
{
	for (size_t i = 0; i < out->len; i++) {
		FUZZ_CHECK(strchr("\t\n\r", out->text[i]) == NULL ||
			   out->text[i] == '\0');
		if (out->text[i] == '\\')
			FUZZ_CHECK(++i < out->len);
	}
}

static void check_field(const char *text, size_t len, unsigned rules_bits)
{
	struct rscopy_rules rules = {
		.csv = (rules_bits & 1) != 0,
		.accept_any_date = (rules_bits & 2) != 0,
		.blanks_as_null = (rules_bits & 4) != 0,
		.empty_as_null = (rules_bits & 8) != 0,
		.trim_blanks = (rules_bits & 16) != 0,
		.truncate = (rules_bits & 32) != 0,
		.round = (rules_bits & 64) != 0,
		.bad_char = (rules_bits & 128) != 0 ? '?' : '\0',
		.null_text = "\\N",
		.null_len = 2,
		.date_format = formats[rules_bits % COUNT_OF(formats)],
		.time_format = formats[rules_bits / 8 % COUNT_OF(formats)],
	};
	/* fields end in a NUL that is not theirs */
	CLEANUP(mem_freep) char *copy = mem_copy_slice(text, len);
	struct csv_field field = { .text = copy, .len = len, .raw_len = len };

	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		struct rscopy_problem problem = { 0 };

		if (rscopy_field_add(&out, &columns[i], &rules, &field,
				     &problem)) {
			check_loaded(&out);
			continue;
		}
		FUZZ_CHECK(problem.code > 0 && problem.reason[0] != '\0');
		FUZZ_CHECK(problem.position >= 0 &&
			   (size_t)problem.position <= len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 2;

	if (size < 2)
		return 0;
	size -= 2;
	switch (data[0] % 5) {
	case 0:
		check_json(text, size, data[1]);
		break;
	case 1:
		check_paths(text, size);
		break;
	case 2:
		check_quotes(text, size, (data[1] & 1) != 0);
		break;
	case 3:
		check_fixed(text, size);
		break;
	case 4:
		check_field(text, size, data[1]);
		break;
	}
	return 0;
}
