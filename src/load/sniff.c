#include "load/sniff.h"

#include <ctype.h>
#include <string.h>

#include "base/sink.h"
#include "base/utf8.h"
#include "data/json.h"
#include "load/sniff_text.h"

/* Plain bytes looked at; a compressed sample may hold far more. */
enum { LOOK_BYTES = 1024 * 1024 };

void sniff_done(struct sniff *sniff)
{
	for (size_t i = 0; i < sniff->records.count; i++) {
		struct sniff_record *record = &sniff->records.items[i];

		for (size_t j = 0; j < record->fields.count; j++)
			mem_free(record->fields.items[j]);
		vec_done(&record->fields);
	}
	vec_done(&sniff->records);
	vec_done(&sniff->widths);
	str_done(&sniff->text);
}

/* --- formats known by their first bytes --- */

static const struct {
	const char *bytes;
	size_t len;
	enum sniff_kind kind;
} magic[] = {
	{ "PAR1", 4, SNIFF_PARQUET },
	{ "ORC", 3, SNIFF_ORC },
	{ "Obj\001", 4, SNIFF_AVRO },
	{ "PK\003\004", 4, SNIFF_ARCHIVE },       /* zip, xlsx */
	{ "\320\317\021\340", 4, SNIFF_ARCHIVE }, /* xls */
	{ "7z\274\257", 4, SNIFF_ARCHIVE },
	{ "Rar!", 4, SNIFF_ARCHIVE },
	{ "%PDF", 4, SNIFF_BINARY },
	{ "SQLite format 3", 15, SNIFF_BINARY },
};

static const char *const markup[] = {
	"<!doctype", "<html", "<?xml", "<error", "<head", "<body", "<svg",
};

static bool find_magic(const char *text, size_t len, enum sniff_kind *out_kind)
{
	for (size_t i = 0; i < COUNT_OF(magic); i++) {
		if (len >= magic[i].len &&
		    memcmp(text, magic[i].bytes, magic[i].len) == 0) {
			*out_kind = magic[i].kind;
			return true;
		}
	}
	return false;
}

/* ["a", 1] alone on the first line. */
static bool is_array_line(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);
	CLEANUP(json_freep)
	struct json *json = json_parse(
		text, end != NULL ? (size_t)(end - text) : len, NULL);

	return json_shape(json) == JSON_SHAPE_ARRAY;
}

/* Of decoded text: markup or JSON; else delimited. */
static enum sniff_kind text_kind(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && isspace((unsigned char)text[at]))
		at++;
	if (at == len)
		return SNIFF_EMPTY;
	for (size_t i = 0; i < COUNT_OF(markup); i++) {
		size_t n = strlen(markup[i]);

		if (len - at >= n &&
		    str_slice_equal_nocase(text + at, n, markup[i]))
			return SNIFF_MARKUP;
	}
	if (text[at] != '{' && text[at] != '[')
		return SNIFF_DELIMITED;

	bool array = text[at] == '[';

	for (at++; at < len && isspace((unsigned char)text[at]); at++)
		;
	if (array && at < len && text[at] == '{')
		return SNIFF_JSON_ARRAY;
	if (array && is_array_line(text, len))
		return SNIFF_JSON_ROWS;
	if (!array && at < len && (text[at] == '"' || text[at] == '}'))
		return SNIFF_JSON;
	return SNIFF_DELIMITED;
}

/* --- decoding --- */

static bool unpack(struct sniff *out, const char *bytes, size_t len,
		   struct str *plain, struct err *err)
{
	struct sink sink = sink_to_str(plain);

	out->pack = pack_detect(bytes, len);
	if (out->pack == PACK_NONE || out->pack == PACK_LZOP) {
		str_add_slice(plain, bytes,
			      len < LOOK_BYTES ? len : LOOK_BYTES);
		return true;
	}
	CLEANUP(unpack_freep)
	struct unpack *packed = unpack_new(out->pack, &sink);
	/* by small pieces, so that a bomb is seen before it is large */
	for (size_t at = 0; at < len && plain->len < LOOK_BYTES; at += 4096) {
		size_t n = len - at < 4096 ? len - at : 4096;

		if (!unpack_feed(packed, bytes + at, n, err))
			return err_wrap(err,
					"reading the start of the %s "
					"data",
					pack_name(out->pack));
	}
	if (plain->len >= LOOK_BYTES)
		out->whole = false;
	else if (out->whole && !unpack_end(packed, err))
		return false;
	return true;
}

/* UTF-16 without a mark: every second byte of plain text is NUL. */
static bool looks_utf16(const char *bytes, size_t len, bool *out_big)
{
	size_t even = 0;
	size_t odd = 0;
	size_t look = len < 2000 ? len : 2000;

	for (size_t i = 0; i < look; i++) {
		if (bytes[i] == '\0' && i % 2 == 0)
			even++;
		else if (bytes[i] == '\0')
			odd++;
	}
	*out_big = even > odd;
	return look >= 4 && (even + odd) * 3 > look &&
	       (even == 0 || odd == 0 || even > 8 * odd || odd > 8 * even);
}

/* One of the single-byte sets: 0x80..0x9f are letters and quotes in
 * windows-1252 and controls in Latin-1, which text has not. */
static enum encode_charset single_byte(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c >= 0x80 && c < 0xa0)
			return ENCODE_WINDOWS_1252;
	}
	return ENCODE_LATIN1;
}

static size_t find_charset(struct sniff *out, const char *bytes, size_t len)
{
	size_t skip = 0;
	size_t bad;
	bool big;

	out->bom = encode_find_bom(bytes, len, &out->charset, &skip);
	if (out->bom)
		return skip;
	if (looks_utf16(bytes, len, &big)) {
		out->charset = big ? ENCODE_UTF16BE : ENCODE_UTF16LE;
		return 0;
	}
	bad = utf8_first_bad(bytes, len);
	/* a character may be cut by the end of the sample */
	if (bad == len || (!out->whole && len - bad < 4))
		out->charset = ENCODE_UTF8;
	else
		out->charset = single_byte(bytes, len);
	return 0;
}

static void decode(struct sniff *out, const char *bytes, size_t len)
{
	struct encode_reader reader = { .charset = out->charset };

	encode_read(&reader, bytes, len, &out->text);
	if (out->whole)
		encode_read_end(&reader, &out->text);
}

/* A stray NUL in a text is named later on; of what is no text every tenth
 * byte is one, or others that no text has. */
static bool is_binary(const struct str *text)
{
	size_t nuls = 0;
	size_t odd = 0;

	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->text[i];

		nuls += c == '\0';
		odd += (c > 1 && c < '\t') || (c > '\r' && c < 0x1c) ||
		       c == 0x7f;
	}
	return nuls > 0 && (nuls * 10 > text->len || odd * 50 > text->len);
}

static enum sniff_line_end find_line_end(const struct str *text)
{
	size_t lf = 0;
	size_t crlf = 0;
	size_t cr = 0;

	for (size_t i = 0; i < text->len; i++) {
		if (text->text[i] == '\n')
			lf++;
		else if (text->text[i] == '\r' && i + 1 < text->len &&
			 text->text[i + 1] == '\n')
			crlf++, i++;
		else if (text->text[i] == '\r')
			cr++;
	}
	if (lf >= crlf + cr && lf > 0)
		return crlf > 0 ? SNIFF_MIXED : SNIFF_LF;
	if (crlf > 0)
		return lf > 0 ? SNIFF_MIXED : SNIFF_CRLF;
	return cr > 0 ? SNIFF_CR : SNIFF_LF;
}

bool sniff_run(struct sniff *out, const char *bytes, size_t len, bool whole,
	       struct err *err)
{
	CLEANUP(str_done) struct str plain = STR_EMPTY;
	size_t skip;

	out->whole = whole;
	if (!unpack(out, bytes, len, &plain, err))
		return false;
	if (plain.len == 0)
		return true;
	if (out->pack == PACK_LZOP) {
		out->kind = SNIFF_BINARY;
		return true;
	}
	if (find_magic(plain.text, plain.len, &out->kind))
		return true;
	skip = find_charset(out, plain.text, plain.len);
	decode(out, plain.text + skip, plain.len - skip);
	if (is_binary(&out->text)) {
		out->kind = SNIFF_BINARY;
		return true;
	}
	out->line_end = find_line_end(&out->text);
	out->kind = text_kind(out->text.text, out->text.len);
	if (out->kind == SNIFF_DELIMITED)
		sniff_text(out);
	return true;
}

const char *sniff_field(const struct sniff *sniff, size_t row, size_t column)
{
	const struct sniff_record *record = &sniff->records.items[row];

	return column < record->fields.count ? record->fields.items[column]
					     : "";
}

bool sniff_is_text(const struct sniff *sniff)
{
	return sniff->kind == SNIFF_DELIMITED || sniff->kind == SNIFF_FIXED;
}

bool sniff_is_csv(const struct sniff *sniff)
{
	if (sniff->escape || sniff->kind != SNIFF_DELIMITED)
		return false;
	if (sniff->quote != '\0')
		return true;
	if (memchr(sniff->text.text, '"', sniff->text.len) != NULL)
		return false;
	return sniff->delimiter == ',' || sniff->delimiter == ';' ||
	       sniff->delimiter == '\t' || sniff->delimiter == '\0';
}

/* --- words --- */

static const char *const kind_names[] = {
	[SNIFF_EMPTY] = "empty",        [SNIFF_DELIMITED] = "delimited text",
	[SNIFF_FIXED] = "columns of fixed width",
	[SNIFF_JSON] = "JSON",          [SNIFF_JSON_ARRAY] = "a JSON array",
	[SNIFF_JSON_ROWS] = "JSON arrays, one a line",
	[SNIFF_PARQUET] = "Parquet",    [SNIFF_ORC] = "ORC",
	[SNIFF_AVRO] = "Avro",          [SNIFF_MARKUP] = "HTML or XML",
	[SNIFF_ARCHIVE] = "an archive", [SNIFF_BINARY] = "binary data",
};

static const char *const line_end_names[] = {
	[SNIFF_LF] = "LF",
	[SNIFF_CRLF] = "CR LF",
	[SNIFF_CR] = "CR",
	[SNIFF_MIXED] = "LF and CR LF mixed",
};

static void add_byte(struct str *out, char c)
{
	if (c == '\t')
		str_add(out, "tab");
	else if (c > 0 && c < ' ')
		str_addf(out, "\\%03o", (unsigned)c);
	else
		str_addf(out, "'%c'", c);
}

void sniff_describe(const struct sniff *sniff, struct str *out)
{
	bool text = sniff_is_text(sniff);

	if (text && sniff->delimiter == ',' && !sniff->escape)
		str_add(out, "CSV");
	else
		str_add(out, kind_names[sniff->kind]);
	if (text && sniff->delimiter != '\0') {
		str_add(out, ", delimiter ");
		add_byte(out, sniff->delimiter);
	}
	if (text && sniff->quote != '\0')
		str_addf(out, ", quote '%c'", sniff->quote);
	if (sniff->escape)
		str_add(out, ", backslash escapes");
	if (sniff->pack != PACK_NONE)
		str_addf(out, ", %s", pack_name(sniff->pack));
	if (text || sniff->kind == SNIFF_JSON)
		str_addf(out, ", %s%s, lines end in %s",
			 encode_charset_name(sniff->charset),
			 sniff->bom ? " with BOM" : "",
			 line_end_names[sniff->line_end]);
	if (text)
		str_addf(out, ", %zu column%s", sniff->fields,
			 sniff->fields == 1 ? "" : "s");
}

/* Advice for what COPY cannot take; NULL: it can. */
static const char *const refusals[] = {
	[SNIFF_EMPTY] = "there is nothing to load; look with \\s3ls",
	[SNIFF_JSON_ARRAY] = "COPY wants one object after another: convert "
			     "it, for example with jq -c '.[]'",
	[SNIFF_JSON_ROWS] = "make objects of them, for example with jq -c "
			    "'{a: .[0], b: .[1]}', or load them with a "
			    "JSONPaths file of $[0], $[1] ...",
	[SNIFF_MARKUP] = "perhaps an error page was saved as data: look with "
			 "\\! head FILE, in S3 with \\s3head",
	[SNIFF_ARCHIVE] = "unpack it and put the files inside to S3",
	[SNIFF_BINARY] = "if COPY can read it after all, say how and add "
			 "--no-sniff",
};

bool sniff_check(const struct sniff *sniff, const char *name, struct err *err)
{
	const char *advice = NULL;

	if (sniff->kind == SNIFF_FIXED && sniff->charset != ENCODE_UTF8) {
		err_set(err, ERR_DATA, "%s has columns of fixed width in %s; "
				       "FIXEDWIDTH takes UTF-8 alone",
			name, encode_charset_name(sniff->charset));
		return err_hint(err, "convert it, for example with iconv -t "
				     "UTF-8");
	}
	if (sniff->pack == PACK_LZOP)
		return true; /* COPY reads it, we do not */
	if ((size_t)sniff->kind < COUNT_OF(refusals))
		advice = refusals[sniff->kind];
	if (advice == NULL)
		return true;
	err_set(err, ERR_DATA, "%s is %s, which COPY cannot load", name,
		kind_names[sniff->kind]);
	return err_hint(err, "%s", advice);
}
