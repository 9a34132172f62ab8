#include "load/sniff.h"

#include <ctype.h>
#include <string.h>

#include "base/sink.h"
#include "base/utf8.h"
#include "data/csv.h"

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

static bool has_controls(const struct str *text)
{
	size_t count = 0;

	for (size_t i = 0; i < text->len; i++)
		count += text->text[i] == '\0';
	return count > 0;
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

/* --- delimiter --- */

/* Penalties for bytes that stand in text too. All other printable bytes are
 * no delimiters; control bytes are good ones. */
static const struct {
	char byte;
	double penalty;
} candidates[] = {
	{ ',', 0 },   { '\t', 0 },  { '|', 0 },   { ';', 0 },   { '^', 0.1 },
	{ '~', 0.1 }, { ':', 0.4 }, { '!', 0.4 }, { '#', 0.4 }, { ' ', 0.45 },
};

enum { MAX_COUNT = 2000 }; /* columns told apart; Redshift has 1,600 */

struct trial {
	char delimiter;
	bool escape;
	double score; /* 0: not this one */
	size_t fields;
	size_t quoted; /* fields that stand in quotes */
};

/* How well the sample falls into records of one width. */
static void try_delimiter(struct trial *trial, const struct sniff *sniff)
{
	struct csv_dialect dialect = { .quote = '"', .escape = '"' };
	size_t *counts = mem_alloc_array(MAX_COUNT + 1, sizeof(*counts));
	const struct csv_record *record;
	size_t records = 0;
	size_t first = 0;
	size_t bad = 0;
	enum csv_step step;

	dialect.delimiter[0] = trial->delimiter;
	dialect.bare_escape = trial->escape ? '\\' : 0;
	CLEANUP(csv_freep) struct csv *csv = csv_new(&dialect);
	csv_feed(csv, sniff->text.text, sniff->text.len);
	if (sniff->whole)
		csv_end(csv);
	while (records < 1000 &&
	       (step = csv_next(csv, &record, NULL)) != CSV_END &&
	       step != CSV_MORE) {
		bad += step == CSV_BAD;
		if (step == CSV_BAD || record->raw_len == 0)
			continue;
		records++;
		if (first == 0)
			first = record->count;
		counts[record->count < MAX_COUNT ? record->count : MAX_COUNT]++;
		for (size_t i = 0; i < record->count; i++)
			trial->quoted += record->fields[i].quoted;
	}
	for (size_t n = 2; n <= MAX_COUNT; n++) {
		if (counts[n] > counts[trial->fields])
			trial->fields = n;
	}
	if (trial->fields >= 2 && records > 0) {
		trial->score =
			(double)counts[trial->fields] / (double)(records + bad);
		if (first != trial->fields)
			trial->score -= 0.2;
	}
	mem_free(counts);
}

static double penalty_of(char c)
{
	if (c > 0 && c < ' ' && c != '\t')
		return 0;
	for (size_t i = 0; i < COUNT_OF(candidates); i++) {
		if (candidates[i].byte == c)
			return candidates[i].penalty;
	}
	return 1;
}

static bool is_better(const struct trial *a, const struct trial *b)
{
	if (a->score > b->score + 0.001)
		return true;
	return a->score > b->score - 0.001 && a->fields > b->fields;
}

/* Half the lines must agree; one column is the answer otherwise. */
static struct trial find_delimiter(const struct sniff *sniff)
{
	struct trial best = { .score = 0.5, .fields = 1 };

	for (int c = 1; c < 127; c++) {
		struct trial trial = { .delimiter = (char)c };

		if (c == '\n' || c == '\r' || penalty_of((char)c) >= 1 ||
		    memchr(sniff->text.text, c, sniff->text.len) == NULL)
			continue;
		try_delimiter(&trial, sniff);
		trial.score -= penalty_of((char)c);
		if (is_better(&trial, &best))
			best = trial;
	}
	return best;
}

/* Lines with backslash before delimiters agree better when it escapes. */
static void find_escape(struct trial *best, const struct sniff *sniff)
{
	const char pair[3] = { '\\', best->delimiter, '\0' };
	struct trial trial = { .delimiter = best->delimiter, .escape = true };

	if (best->delimiter == '\0' || best->quoted > 0 ||
	    strstr(sniff->text.text, pair) == NULL)
		return;
	try_delimiter(&trial, sniff);
	trial.score -= penalty_of(trial.delimiter);
	if (is_better(&trial, best))
		*best = trial;
}

/* --- records --- */

static void keep_record(struct sniff *out, const struct csv_record *record)
{
	struct sniff_record kept = { .fields = { 0 } };

	if (record->raw_len == 0) {
		out->blank_lines = true;
		return;
	}
	for (size_t i = 0; i < record->count; i++)
		vec_push(&kept.fields, mem_copy_slice(record->fields[i].text,
						      record->fields[i].len));
	vec_push(&out->records, kept);
	if (record->count != out->fields) {
		out->ragged++;
		if (out->ragged_line == 0)
			out->ragged_line = (long)(record->line + out->skip);
	}
}

static void read_records(struct sniff *out)
{
	struct csv_dialect dialect = { .quote = out->quote,
				       .escape = out->quote };
	const struct csv_record *record;

	dialect.delimiter[0] = out->delimiter;
	dialect.bare_escape = out->escape ? '\\' : 0;
	CLEANUP(csv_freep) struct csv *csv = csv_new(&dialect);
	csv_feed(csv, out->text.text, out->text.len);
	if (out->whole)
		csv_end(csv);
	while (out->records.count < SNIFF_MAX_RECORDS) {
		enum csv_step step = csv_next(csv, &record, NULL);

		if (step == CSV_MORE || step == CSV_END)
			return;
		if (step == CSV_RECORD)
			keep_record(out, record);
		else if (out->ragged++ == 0)
			out->ragged_line = (long)(record->line + out->skip);
	}
}

/* Takes lines from the front of the sample. */
static void skip_lines(struct sniff *out, size_t count)
{
	const char *at = out->text.text;
	const char *end = at + out->text.len;
	char line_end = out->line_end == SNIFF_CR ? '\r' : '\n';

	for (size_t i = 0; i < count && at < end; i++) {
		const char *next = memchr(at, line_end, (size_t)(end - at));

		at = next != NULL ? next + 1 : end;
	}
	out->skip += count;
	memmove(out->text.text, at, (size_t)(end - at));
	str_cut(&out->text, (size_t)(end - at));
}

/* Lines of comment on top: "# exported by ...". A whole column of such
 * values is data. */
static void skip_comments(struct sniff *out)
{
	const char *at = out->text.text;
	const char *end = at + out->text.len;
	char line_end = out->line_end == SNIFF_CR ? '\r' : '\n';
	size_t count = 0;

	while (at < end && *at == '#') {
		at = memchr(at, line_end, (size_t)(end - at));
		at = at != NULL ? at + 1 : end;
		count++;
	}
	if (at < end && count > 0)
		skip_lines(out, count);
}

enum { MAX_TITLE_LINES = 5 };

/* Titles on top: lines of one field before records of three and more. */
static size_t count_titles(const struct sniff *sniff, const struct trial *best)
{
	const char *at = sniff->text.text;
	const char *end = at + sniff->text.len;
	char line_end = sniff->line_end == SNIFF_CR ? '\r' : '\n';
	size_t count = 0;

	while (best->fields >= 3 && count <= MAX_TITLE_LINES && at < end) {
		const char *next = memchr(at, line_end, (size_t)(end - at));
		size_t len = (size_t)((next != NULL ? next : end) - at);

		if (memchr(at, best->delimiter, len) != NULL)
			return count;
		at += len + (next != NULL);
		count++;
	}
	return 0;
}

static void sniff_delimited(struct sniff *out)
{
	struct trial best;

	skip_comments(out);
	best = find_delimiter(out);
	skip_lines(out, count_titles(out, &best));

	find_escape(&best, out);
	out->delimiter = best.delimiter;
	out->fields = best.fields;
	out->escape = best.escape;
	if (best.delimiter == '\0') {
		/* one column: quotes count when lines begin with them */
		struct trial one = { .delimiter = ',' };

		try_delimiter(&one, out);
		best.quoted = one.quoted;
	}
	out->quote = best.quoted > 0 ? '"' : 0;
	read_records(out);
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
	if (has_controls(&out->text)) {
		out->kind = SNIFF_BINARY;
		return true;
	}
	out->line_end = find_line_end(&out->text);
	out->kind = text_kind(out->text.text, out->text.len);
	if (out->kind == SNIFF_DELIMITED)
		sniff_delimited(out);
	return true;
}

bool sniff_is_csv(const struct sniff *sniff)
{
	if (sniff->escape)
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
	[SNIFF_JSON] = "JSON",          [SNIFF_JSON_ARRAY] = "a JSON array",
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
	bool text = sniff->kind == SNIFF_DELIMITED;

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
	[SNIFF_MARKUP] = "perhaps an error page was saved as data: look with "
			 "\\s3head",
	[SNIFF_ARCHIVE] = "unpack it and put the files inside to S3",
	[SNIFF_BINARY] = "if COPY can read it after all, say how and add "
			 "--no-sniff",
};

bool sniff_check(const struct sniff *sniff, const char *name, struct err *err)
{
	const char *advice = NULL;

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
