/* States of the splitter, one character position at a time:
 *
 *	IN_PLAIN	outside quotes, also at a field's first byte
 *	IN_QUOTES	between quotes
 *	AFTER_QUOTES	behind a closing quote: delimiter or line end
 *	IN_SKIP		a record over the limit: dropping to the line end
 */
#include "data/csv.h"

#include <string.h>

#include "base/str.h"
#include "base/units.h"
#include "base/vec.h"

#define DEFAULT_LIMIT ((size_t)64 << 20)

enum state {
	IN_PLAIN,
	IN_QUOTES,
	AFTER_QUOTES,
	IN_SKIP,
};

enum take {
	TAKE_ON,     /* the state moved on */
	TAKE_MORE,   /* cannot tell without further bytes */
	TAKE_RECORD, /* the record is complete */
};

enum line_end {
	LINE_END_UNKNOWN,
	LINE_END_LF, /* or CR LF */
	LINE_END_CR, /* a lone CR */
};

struct csv {
	struct csv_dialect dialect;
	size_t delimiter_len;
	size_t limit;
	bool stops_plain[256];  /* bytes that mean something outside quotes */
	bool stops_quotes[256]; /* inside quotes */

	struct str buffer; /* bytes fed and not yet given away */
	int64_t base;      /* stream offset of buffer.text[0] */
	size_t start;      /* of the current record in buffer */
	size_t at;         /* next byte to look at */
	bool ended;
	enum line_end line_end;
	int64_t line; /* physical line of start */

	enum state state;
	int64_t breaks; /* line ends inside the current record */
	bool after_cr;  /* the last byte in quotes was a CR */
	bool is_bad;
	struct err bad;
	struct str cells; /* texts of fields, a NUL after each */
	size_t cell_start;
	struct csv_field field; /* the one being read */
	struct {
		VEC(struct csv_field);
	} fields;
	struct csv_record record;
};

static void start_record(struct csv *csv)
{
	str_clear(&csv->cells);
	csv->cell_start = 0;
	csv->field = (struct csv_field){ 0 };
	vec_clear(&csv->fields);
	csv->state = IN_PLAIN;
	csv->breaks = 0;
	csv->after_cr = false;
	csv->is_bad = false;
	csv->at = csv->start;
}

struct csv *csv_new(const struct csv_dialect *dialect)
{
	struct csv *csv = mem_alloc(sizeof(*csv));

	csv->dialect = *dialect;
	csv->delimiter_len =
		strnlen(dialect->delimiter, sizeof(dialect->delimiter));
	csv->limit = DEFAULT_LIMIT;
	csv->buffer = (struct str)STR_EMPTY;
	csv->cells = (struct str)STR_EMPTY;
	csv->line = 1;
	csv->stops_plain['\n'] = csv->stops_plain['\r'] = true;
	csv->stops_quotes['\n'] = csv->stops_quotes['\r'] = true;
	if (csv->delimiter_len > 0)
		csv->stops_plain[(unsigned char)dialect->delimiter[0]] = true;
	if (dialect->quote) {
		csv->stops_plain[(unsigned char)dialect->quote] = true;
		csv->stops_quotes[(unsigned char)dialect->quote] = true;
	}
	if (dialect->escape)
		csv->stops_quotes[(unsigned char)dialect->escape] = true;
	if (dialect->bare_escape)
		csv->stops_plain[(unsigned char)dialect->bare_escape] = true;
	start_record(csv);
	return csv;
}

void csv_free(struct csv *csv)
{
	if (csv == NULL)
		return;
	str_done(&csv->buffer);
	str_done(&csv->cells);
	vec_done(&csv->fields);
	mem_free(csv);
}

void csv_set_limit(struct csv *csv, size_t record_bytes)
{
	csv->limit = record_bytes;
}

void csv_feed(struct csv *csv, const char *bytes, size_t len)
{
	if (csv->start > 0) {
		size_t rest = csv->buffer.len - csv->start;

		memmove(csv->buffer.text, csv->buffer.text + csv->start, rest);
		str_cut(&csv->buffer, rest);
		csv->base += (int64_t)csv->start;
		csv->at -= csv->start;
		csv->start = 0;
	}
	str_add_slice(&csv->buffer, bytes, len);
}

void csv_end(struct csv *csv)
{
	csv->ended = true;
}

static size_t left(const struct csv *csv)
{
	return csv->buffer.len - csv->at;
}

static char byte_at(const struct csv *csv, size_t ahead)
{
	return csv->buffer.text[csv->at + ahead];
}

static void add_bytes(struct csv *csv, size_t count)
{
	str_add_slice(&csv->cells, csv->buffer.text + csv->at, count);
	csv->at += count;
}

static void end_field(struct csv *csv)
{
	csv->field.len = csv->cells.len - csv->cell_start;
	csv->field.raw_len = csv->at - csv->start - csv->field.raw_offset;
	vec_push(&csv->fields, csv->field);
	str_add_char(&csv->cells, '\0');
	csv->cell_start = csv->cells.len;
}

static enum take end_record(struct csv *csv, size_t line_end_len)
{
	const char *text;

	end_field(csv);
	text = csv->cells.text;
	for (size_t i = 0; i < csv->fields.count; i++) {
		csv->fields.items[i].text = text;
		text += csv->fields.items[i].len + 1;
	}
	csv->record = (struct csv_record){
		.fields = csv->fields.items,
		.count = csv->fields.count,
		.line = csv->line,
		.line_count = csv->breaks + 1,
		.offset = csv->base + (int64_t)csv->start,
		.raw = csv->buffer.text + csv->start,
		.raw_len = csv->at - csv->start,
	};
	csv->line += csv->breaks + 1;
	csv->at += line_end_len;
	csv->start = csv->at;
	return TAKE_RECORD;
}

static void mark_bad(struct csv *csv, const char *why)
{
	if (csv->is_bad)
		return;
	csv->is_bad = true;
	err_set(&csv->bad, ERR_DATA, "line %lld, byte %zu: %s",
		(long long)(csv->line + csv->breaks), csv->at - csv->start + 1,
		why);
}

/* At a CR or LF: 1 or 2 when it ends the line, 0: a CR that is data.
 * *out_more: the next byte must be known first. */
static size_t line_end_at(struct csv *csv, bool *out_more)
{
	*out_more = false;
	if (byte_at(csv, 0) == '\n') {
		csv->line_end = LINE_END_LF;
		return 1;
	}
	if (left(csv) < 2) {
		*out_more = !csv->ended;
		return csv->ended ? 1 : 0;
	}
	if (byte_at(csv, 1) == '\n') {
		csv->line_end = LINE_END_LF;
		return 2;
	}
	if (csv->line_end == LINE_END_LF)
		return 0;
	csv->line_end = LINE_END_CR;
	return 1;
}

static enum take take_line_end(struct csv *csv)
{
	bool more;
	size_t len = line_end_at(csv, &more);

	if (more)
		return TAKE_MORE;
	if (len > 0)
		return end_record(csv, len);
	if (csv->state == AFTER_QUOTES && !csv->dialect.quote_anywhere)
		mark_bad(csv, "text after the closing quote");
	csv->state = IN_PLAIN;
	add_bytes(csv, 1);
	return TAKE_ON;
}

/* COPY's ESCAPE: the next byte as it is; CR LF counts as one. */
static enum take take_bare_escape(struct csv *csv)
{
	size_t count = 1;

	if (left(csv) < 2 && !csv->ended)
		return TAKE_MORE;
	if (left(csv) < 2) {
		add_bytes(csv, 1);
		return TAKE_ON;
	}
	if (byte_at(csv, 1) == '\r') {
		if (left(csv) < 3 && !csv->ended)
			return TAKE_MORE;
		if (left(csv) >= 3 && byte_at(csv, 2) == '\n')
			count = 2;
	}
	if (byte_at(csv, 1) == '\n' || count == 2)
		csv->breaks++;
	csv->field.escaped = true;
	csv->at++;
	add_bytes(csv, count);
	return TAKE_ON;
}

/* 1 when the delimiter stands here, 0 when not, -1: not enough bytes. */
static int delimiter_here(const struct csv *csv)
{
	size_t len = csv->delimiter_len;
	size_t have = left(csv) < len ? left(csv) : len;

	if (len == 0 || memcmp(csv->buffer.text + csv->at,
			       csv->dialect.delimiter, have) != 0)
		return 0;
	if (have < len)
		return csv->ended ? 0 : -1;
	return 1;
}

static enum take take_delimiter(struct csv *csv)
{
	end_field(csv);
	csv->at += csv->delimiter_len;
	csv->field = (struct csv_field){
		.raw_offset = csv->at - csv->start,
	};
	csv->state = IN_PLAIN;
	return TAKE_ON;
}

static size_t run_length(const struct csv *csv, const bool stops[256])
{
	const char *text = csv->buffer.text;
	size_t at = csv->at;

	while (at < csv->buffer.len && !stops[(unsigned char)text[at]])
		at++;
	return at - csv->at;
}

static enum take take_plain(struct csv *csv)
{
	bool at_first = csv->at - csv->start == csv->field.raw_offset;
	size_t run = run_length(csv, csv->stops_plain);
	int delimiter;
	char c;

	if (run > 0) {
		add_bytes(csv, run);
		return TAKE_ON;
	}
	c = byte_at(csv, 0);
	delimiter = delimiter_here(csv);
	if (delimiter < 0)
		return TAKE_MORE;
	if (delimiter > 0)
		return take_delimiter(csv);
	if (c == '\n' || c == '\r')
		return take_line_end(csv);
	if (csv->dialect.bare_escape && c == csv->dialect.bare_escape)
		return take_bare_escape(csv);
	if (csv->dialect.quote && c == csv->dialect.quote &&
	    (at_first || csv->dialect.quote_anywhere)) {
		csv->field.quoted = true;
		csv->state = IN_QUOTES;
		csv->at++;
		return TAKE_ON;
	}
	add_bytes(csv, 1);
	return TAKE_ON;
}

/* At the escape character in quotes: it acts before a quote and itself, and
 * before anything where it is COPY's ESCAPE too. */
static enum take take_escape(struct csv *csv)
{
	char next;

	if (csv->dialect.escape == csv->dialect.bare_escape)
		return take_bare_escape(csv);
	if (left(csv) < 2 && !csv->ended)
		return TAKE_MORE;
	next = left(csv) < 2 ? '\0' : byte_at(csv, 1);
	if (left(csv) >= 2 &&
	    (next == csv->dialect.quote || next == csv->dialect.escape)) {
		csv->field.escaped = true;
		csv->at++;
		add_bytes(csv, 1);
	} else if (csv->dialect.escape == csv->dialect.quote) {
		csv->at++;
		csv->state = AFTER_QUOTES;
	} else {
		add_bytes(csv, 1);
	}
	return TAKE_ON;
}

static enum take take_quotes(struct csv *csv)
{
	size_t run = run_length(csv, csv->stops_quotes);
	char c;

	if (run > 0) {
		csv->after_cr = false;
		add_bytes(csv, run);
		return TAKE_ON;
	}
	c = byte_at(csv, 0);
	if (c == '\n' || c == '\r') {
		if (c == '\r' || !csv->after_cr)
			csv->breaks++;
		csv->after_cr = c == '\r';
		add_bytes(csv, 1);
		return TAKE_ON;
	}
	csv->after_cr = false;
	if (csv->dialect.escape && c == csv->dialect.escape)
		return take_escape(csv);
	csv->at++;
	csv->state = AFTER_QUOTES;
	return TAKE_ON;
}

static enum take take_after_quotes(struct csv *csv)
{
	char c = byte_at(csv, 0);
	int delimiter = delimiter_here(csv);

	if (delimiter < 0)
		return TAKE_MORE;
	if (delimiter > 0)
		return take_delimiter(csv);
	if (c == '\n' || c == '\r')
		return take_line_end(csv);
	if (!csv->dialect.quote_anywhere)
		mark_bad(csv, "text after the closing quote");
	csv->state = IN_PLAIN;
	add_bytes(csv, 1);
	return TAKE_ON;
}

static enum take take_at_end(struct csv *csv)
{
	if (!csv->ended)
		return TAKE_MORE;
	if (csv->state == IN_QUOTES)
		mark_bad(csv, "the quote is never closed");
	return end_record(csv, 0);
}

static enum take take_one(struct csv *csv)
{
	if (left(csv) == 0)
		return take_at_end(csv);
	switch (csv->state) {
	case IN_PLAIN:
		return take_plain(csv);
	case IN_QUOTES:
		return take_quotes(csv);
	case AFTER_QUOTES:
		return take_after_quotes(csv);
	case IN_SKIP:
		break;
	}
	return TAKE_MORE;
}

/* Drops the rest of the line of a record over the limit; false: more. */
static bool skip_rest(struct csv *csv)
{
	const char *text = csv->buffer.text + csv->start;
	int last = csv->line_end == LINE_END_CR ? '\r' : '\n';
	const char *end = memchr(text, last, csv->buffer.len - csv->start);

	csv->start =
		end ? (size_t)(end + 1 - csv->buffer.text) : csv->buffer.len;
	csv->at = csv->start;
	if (end == NULL)
		return csv->ended;
	csv->line++;
	return true;
}

static enum csv_step give_too_long(struct csv *csv,
				   const struct csv_record **out_record,
				   struct err *err)
{
	CLEANUP(str_done) struct str limit = STR_EMPTY;

	units_add_bytes(&limit, (int64_t)csv->limit);
	err_set(err, ERR_DATA, "line %lld: a record longer than %s",
		(long long)csv->line, limit.text);
	err_hint(err, "look for a quote that is never closed");
	/* The place counts; end_record adds a line, skip_rest another. */
	end_record(csv, 0);
	csv->line--;
	csv->state = IN_SKIP;
	*out_record = &csv->record;
	return CSV_BAD;
}

enum csv_step csv_next(struct csv *csv, const struct csv_record **out_record,
		       struct err *err)
{
	enum take take = TAKE_ON;

	if (csv->state == IN_SKIP) {
		if (!skip_rest(csv))
			return CSV_MORE;
		start_record(csv);
	}
	if (csv->at == csv->start)
		start_record(csv);
	if (csv->start == csv->buffer.len && csv->fields.count == 0)
		return csv->ended ? CSV_END : CSV_MORE;
	while (take == TAKE_ON) {
		if (csv->at - csv->start > csv->limit)
			return give_too_long(csv, out_record, err);
		take = take_one(csv);
	}
	if (take == TAKE_MORE)
		return CSV_MORE;
	*out_record = &csv->record;
	if (!csv->is_bad)
		return CSV_RECORD;
	if (err)
		*err = csv->bad;
	return CSV_BAD;
}

enum csv_step csv_skip_line(struct csv *csv,
			    const struct csv_record **out_record)
{
	enum take take = TAKE_ON;

	if (csv->at == csv->start)
		start_record(csv);
	if (csv->start == csv->buffer.len)
		return csv->ended ? CSV_END : CSV_MORE;
	while (take == TAKE_ON) {
		char c = left(csv) > 0 ? byte_at(csv, 0) : '\0';

		if (left(csv) == 0)
			take = csv->ended ? end_record(csv, 0) : TAKE_MORE;
		else if (c == '\n' || c == '\r')
			take = take_line_end(csv);
		else
			add_bytes(csv, 1);
	}
	if (take == TAKE_MORE)
		return CSV_MORE;
	*out_record = &csv->record;
	return CSV_RECORD;
}

void csv_add_quoted(struct str *out, const char *text, size_t len)
{
	str_reserve(out, len + 2);
	str_add_char(out, '"');
	while (len > 0) {
		const char *quote = memchr(text, '"', len);
		size_t part = quote ? (size_t)(quote - text) + 1 : len;

		str_add_slice(out, text, part);
		if (quote)
			str_add_char(out, '"');
		text += part;
		len -= part;
	}
	str_add_char(out, '"');
}

void csv_add_field(struct str *out, const char *text, size_t len,
		   char delimiter)
{
	bool must = len == 2 && text[0] == '\\' && text[1] == '.';

	for (size_t i = 0; i < len && !must; i++)
		must = text[i] == delimiter || text[i] == '"' ||
		       text[i] == '\n' || text[i] == '\r';
	if (must)
		csv_add_quoted(out, text, len);
	else
		str_add_slice(out, text, len);
}
