/* The first bytes of any file: what kind it is, its columns, the statements
 * that would load it. */
#include "fuzz.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "data/rows.h"
#include "data/snappy.h"
#include "load/avro.h"
#include "load/copy_parse.h"
#include "load/copy_sql.h"
#include "load/ddl.h"
#include "load/fixed.h"
#include "load/infer.h"
#include "load/inspect.h"
#include "load/inspect_tell.h"
#include "load/orc.h"
#include "load/parquet.h"
#include "load/sniff.h"

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("id,name,born\n1,Ann,2020-01-02\n2,\"B, C\",2021-03-04\n"),
	FUZZ_TEXT("\xef\xbb\xbf" "a;b\r\n1,5;2\r\n"),
	FUZZ_TEXT("\xff\xfe" "a\0,\0b\0\n\0" "1\0,\0" "2\0\n\0"),
	FUZZ_TEXT("{\"a\":1}\n{\"a\":2}\n"),
	FUZZ_TEXT("[{\"a\":1},{\"a\":2}]"),
	FUZZ_TEXT("PAR1\0\0\0\0PAR1"),
	FUZZ_TEXT("ORC\0\0"),
	FUZZ_TEXT("Obj\1\0"),
	FUZZ_TEXT("<!DOCTYPE html><html>"),
	FUZZ_TEXT("PK\3\4"),
	/* "a,b\n1,2\n" through gzip -9n, bzip2 and zstd */
	FUZZ_TEXT("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xd4\x49\xe2"
		  "\x32\xd4\x31\xe2\x02\x00\x06\x4c\x51\x9d\x08\x00\x00\x00"),
	FUZZ_TEXT("BZh91AY&SY"),
	FUZZ_TEXT("\x28\xb5\x2f\xfd\x20\x08\x41\x00\x00"
		  "a,b\n1,2\n"),
	FUZZ_TEXT("a|b|c\n1|007|1/2/2020 10:11\n2|NA|13/2/2020 10:12\n"),
	FUZZ_TEXT("1\t2.50\ttrue\n3\t1e5\tf\n"),
	FUZZ_TEXT("id  name      amount\n1   Ann Lee    12.50\n"
		  "22  Bob         3.00\n3   Zoe      1104.25\n"),
	FUZZ_TEXT("id,name\n1,'a,b'\n2,'c''d'\n"),
	FUZZ_TEXT("id,note\n1,\"say \\\"hi\\\"\"\n2,\"x\"\n"),
	FUZZ_TEXT("\x0a\x24" "abcdefghij\x15\x0a"),
	{ NULL, 0 },
};

static const char *const files[] = {
	"cases/sniff/*.txt", "cli/infer*.orc", "cli/infer*.avro",
	"cli/infer*.parquet", NULL,
};

static const char *const words[] = {
	",", ";", "|", "\t", "\n", "\r\n", "\r", "\"", "\"\"", "\\", "{", "}",
	"[", "]", ":", "null", "true", "NA", "2020-02-30", "1e308", "-0.5",
	"99999999999999999999", "12:34:56", "+02:00", "\xef\xbb\xbf", "\xe4",
	NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.files = files,
	.words = words,
	.count = 8000,
};

/* The bytes as a file of their own. */
struct memory {
	const char *bytes;
	size_t len;
};

static bool read_memory(void *context, int64_t offset, int64_t length,
			struct str *out, struct err *err)
{
	const struct memory *memory = context;
	size_t left = memory->len - (size_t)offset;

	(void)err;
	str_add_slice(out, memory->bytes + offset,
		      (size_t)length < left ? (size_t)length : left);
	return true;
}

static bool tick(void *context, int64_t done, int64_t total, struct err *err)
{
	(void)context;
	(void)done;
	(void)total;
	(void)err;
	return true;
}

/* \infer: every record, and all that is said of them. */
static void inspect(const char *bytes, size_t len, bool remote)
{
	CLEANUP(inspection_done) struct inspection found = INSPECTION_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct memory memory = { bytes, len };
	struct inspect_source source = {
		.context = &memory,
		.name = "bytes",
		.size = (int64_t)len,
		.remote = remote,
		.read = read_memory,
		.tick = tick,
	};
	struct inspect_options options = { .sample = remote ? 3 : 0 };
	struct inspect_target target = { .table = "t", .uri = "s3://b/k" };
	struct err err = ERR_EMPTY;

	if (!inspect_run(&found, &source, &options, &err))
		return;
	inspect_warn(&found);
	inspect_add_json(&found, &target, &text);
	rows_free(inspect_rows(&found));
}

static void propose(const struct sniff *sniff)
{
	CLEANUP(infer_done) struct infer infer = INFER_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str ddl = STR_EMPTY;
	struct copy_options none = COPY_OPTIONS_EMPTY;

	infer_run(&infer, sniff);
	ddl_name_columns(&infer);
	copy_sql_propose(&text, sniff, &infer, &none);
	FUZZ_CHECK(strlen(text.text) == text.len);
	for (size_t i = 0; i < infer.columns.count; i++) {
		const struct infer_column *column = &infer.columns.items[i];

		FUZZ_CHECK(column->type != INFER_VARCHAR ||
			   (column->bytes >= 1 && column->bytes <= 65535));
		FUZZ_CHECK(column->type != INFER_DECIMAL ||
			   (column->precision >= 1 &&
			    column->precision <= 38 && column->scale >= 0 &&
			    column->scale <= column->precision));
	}
	if (infer.columns.count == 0)
		return;
	ddl_add_create(&ddl, "t", &infer);
	FUZZ_CHECK(strlen(ddl.text) == ddl.len &&
		   utf8_valid(ddl.text, ddl.len));
}

static void run(const char *bytes, size_t len, bool whole)
{
	CLEANUP(sniff_done) struct sniff sniff = SNIFF_START;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (!sniff_run(&sniff, bytes, len, whole, &err)) {
		FUZZ_CHECK(err.message[0] != '\0');
		return;
	}
	sniff_describe(&sniff, &text);
	FUZZ_CHECK(text.len > 0);
	if (sniff_check(&sniff, "the file", &err))
		propose(&sniff);
	else
		FUZZ_CHECK(err.message[0] != '\0');
}

/* What stands at the end or the start of files that describe themselves, as
 * if it were all there is. */
static void read_schemas(const char *bytes, size_t len)
{
	CLEANUP(infer_done) struct infer orc = INFER_EMPTY;
	CLEANUP(infer_done) struct infer avro = INFER_EMPTY;
	CLEANUP(infer_done) struct infer parquet = INFER_EMPTY;
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	struct err err = ERR_EMPTY;
	char codec[16];
	int64_t rows = 0, size;
	size_t place;

	if (!snappy_unpack(&plain, bytes, len, 65536, &err))
		FUZZ_CHECK(err.message[0] != '\0');
	FUZZ_CHECK(plain.len <= 65536 + 64);
	orc_read_footer(bytes, len, &orc, &rows, &err);
	if (avro_read_header(bytes, len, &avro, codec, &place, &err))
		FUZZ_CHECK(place <= len);
	if (avro_read_block(bytes, len, &rows, &size, &err))
		FUZZ_CHECK(rows >= 0 && size > 0);
	parquet_read_footer(bytes, len, &parquet, &rows, &err);
}

static void cut_lines(const char *bytes, size_t len, bool whole)
{
	struct fixed_widths widths = { 0 };
	bool title;

	if (fixed_find(&widths, bytes, len, '\n', whole, &title)) {
		FUZZ_CHECK(widths.count >= 2);
		for (size_t i = 0; i < widths.count; i++)
			FUZZ_CHECK(widths.items[i] > 0);
	} else {
		FUZZ_CHECK(widths.count == 0);
	}
	vec_done(&widths);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_schemas((const char *)data, size);
	cut_lines((const char *)data, size, true);
	cut_lines((const char *)data, size, false);
	run((const char *)data, size, true);
	run((const char *)data, size, false);
	inspect((const char *)data, size, false);
	inspect((const char *)data, size, true);
	return 0;
}
