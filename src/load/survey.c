#include "load/survey.h"

#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "load/facts.h"
#include "load/fixed.h"

/* A quote that swallows more than this is taken for a stray one. */
enum {
	RECORD_MAX = 16 * 1024 * 1024,
	MANY_COLUMNS = 100000,
	VARCHAR_MAX = 65535,
};

struct slice {
	const char *text;
	size_t len;
	size_t spare; /* bytes that quoting added inside */
	bool quoted;
};

struct survey {
	struct survey_dialect dialect;
	struct survey_result result;
	struct facts *facts;
	bool stop[256]; /* bytes that end a bare field or need a look */
	struct {
		VEC(struct slice);
	} slices;
	struct str rest;
	int64_t line; /* of the next record, from 1 */
	int64_t skip; /* lines still to be passed over */
	bool ended;
	bool jumped;
};

struct survey *survey_new(const struct survey_dialect *dialect)
{
	struct survey *survey = mem_alloc(sizeof(*survey));

	survey->dialect = *dialect;
	survey->facts =
		mem_alloc_array(dialect->columns, sizeof(*survey->facts));
	survey->rest = (struct str)STR_EMPTY;
	survey->line = 1;
	survey->skip = dialect->skip;
	survey->stop['\n'] = true;
	survey->stop['\r'] = dialect->lone_cr;
	survey->stop['\\'] = dialect->escape;
	if (dialect->delimiter != '\0')
		survey->stop[(unsigned char)dialect->delimiter] = true;
	return survey;
}

void survey_free(struct survey *survey)
{
	if (survey == NULL)
		return;
	mem_free(survey->facts);
	vec_done(&survey->slices);
	str_done(&survey->rest);
	mem_free(survey);
}

static void first_line(int64_t *line, int64_t here)
{
	if (*line == 0)
		*line = here;
}

/* --- one record --- */

/* The bytes of the block, and the place in it. */
struct reader {
	struct survey *survey;
	const char *at;
	const char *end;
	int64_t lines; /* physical ones within the record */
	bool broken;
};

static int64_t count_lines(const char *from, const char *to, char end)
{
	int64_t count = 0;

	while ((from = memchr(from, end, (size_t)(to - from))) != NULL) {
		count++;
		from++;
	}
	return count;
}

/* The next quote without a backslash before it. */
static const char *pass_escapes(const char *at, const char *end, char quote,
				struct slice *out)
{
	for (; at < end; at++) {
		if (*at == quote)
			return at;
		if (*at != '\\')
			continue;
		out->spare++;
		at++;
	}
	return NULL;
}

/* Behind the closing quote; false: it is not in the block. */
static bool read_quoted(struct reader *reader, struct slice *out)
{
	char quote = reader->survey->dialect.quote;
	const char *at = reader->at + 1;

	out->text = at;
	out->quoted = true;
	for (;;) {
		at = reader->survey->dialect.escape
			     ? pass_escapes(at, reader->end, quote, out)
			     : memchr(at, quote, (size_t)(reader->end - at));
		if (at == NULL || (at + 1 == reader->end &&
				   !reader->survey->ended))
			return false;
		if (at + 1 == reader->end || at[1] != quote ||
		    reader->survey->dialect.escape)
			break;
		out->spare++;
		at += 2;
	}
	out->len = (size_t)(at - out->text);
	reader->lines += count_lines(
		out->text, at, reader->survey->dialect.lone_cr ? '\r' : '\n');
	reader->at = at + 1;
	return true;
}

/* Up to a delimiter or a line end; false: neither is in the block. */
static bool read_bare(struct reader *reader, struct slice *out)
{
	const bool *stop = reader->survey->stop;
	const char *at = reader->at;

	out->text = at;
	for (;;) {
		while (at < reader->end && !stop[(unsigned char)*at])
			at++;
		if (at == reader->end || *at != '\\' ||
		    !reader->survey->dialect.escape)
			break;
		if (at + 1 == reader->end) {
			at++;
			break;
		}
		reader->lines += at[1] == '\n';
		out->spare++;
		at += 2;
	}
	out->len = (size_t)(at - out->text);
	reader->at = at;
	return at < reader->end || reader->survey->ended;
}

/* Text behind a closing quote is no part of the field. */
static bool is_tail(struct reader *reader)
{
	struct slice tail = { .text = NULL };

	if (!read_bare(reader, &tail))
		return false;
	if (tail.len > 0 && !(tail.len == 1 && *tail.text == '\r'))
		reader->broken = true;
	return true;
}

static bool read_field(struct reader *reader, struct slice *out)
{
	const struct survey *survey = reader->survey;

	if (survey->dialect.quote == '\0' || reader->at == reader->end ||
	    *reader->at != survey->dialect.quote)
		return read_bare(reader, out);
	return read_quoted(reader, out) && is_tail(reader);
}

static void drop_cr(struct slice *last)
{
	if (!last->quoted && last->len > 0 && last->text[last->len - 1] == '\r')
		last->len--;
}

/* COPY does so with FIXEDWIDTH and TRIMBLANKS. */
static void trim(struct slice *field)
{
	while (field->len > 0 && field->text[field->len - 1] == ' ')
		field->len--;
	while (field->len > 0 && *field->text == ' ')
		field->text++, field->len--;
}

/* A line cut by widths: the last column takes what is left. */
static bool read_fixed(struct reader *reader)
{
	struct survey *survey = reader->survey;
	const struct fixed_widths *widths = survey->dialect.widths;
	const char *at = reader->at;
	const char *end = memchr(at, survey->dialect.lone_cr ? '\r' : '\n',
				 (size_t)(reader->end - at));
	const char *line_end = end != NULL ? end : reader->end;

	if (end == NULL && !survey->ended)
		return false;
	if (line_end > at && line_end[-1] == '\r')
		line_end--;
	for (size_t i = 0; i < widths->count; i++) {
		size_t n = fixed_bytes(at, (size_t)(line_end - at),
				       widths->items[i]);
		struct slice field = { .text = at, .len = n };

		trim(&field);
		vec_push(&survey->slices, field);
		at += n;
	}
	if (at < line_end)
		first_line(&survey->result.surplus_line, survey->line);
	reader->at = end != NULL ? end + 1 : reader->end;
	return true;
}

/* All fields of the record; false: it goes on behind the block. */
static bool read_record(struct reader *reader)
{
	struct survey *survey = reader->survey;

	vec_clear(&survey->slices);
	reader->lines = 1;
	reader->broken = false;
	if (survey->dialect.widths != NULL)
		return read_fixed(reader);
	for (;;) {
		struct slice field = { .text = NULL };

		if (!read_field(reader, &field))
			return false;
		if (survey->slices.count < MANY_COLUMNS)
			vec_push(&survey->slices, field);
		if (reader->at == reader->end)
			break;
		if (*reader->at++ != survey->dialect.delimiter ||
		    survey->dialect.delimiter == '\0')
			break;
	}
	drop_cr(&survey->slices.items[survey->slices.count - 1]);
	return true;
}

/* --- what it says --- */

static bool is_blank(const struct survey *survey)
{
	if (survey->dialect.widths == NULL && survey->slices.count > 1)
		return false;
	for (size_t i = 0; i < survey->slices.count; i++)
		if (survey->slices.items[i].len > 0 ||
		    survey->slices.items[i].quoted)
			return false;
	return true;
}

static void count_record(struct survey *survey, const struct reader *reader,
			 const char *begin)
{
	struct survey_result *result = &survey->result;
	size_t count = survey->slices.count;

	if (is_blank(survey)) {
		result->blank++;
		return;
	}
	if (survey->jumped && (reader->broken || count != survey->dialect.columns))
		return;
	result->records++;
	if (reader->at - begin > result->longest_bytes) {
		result->longest_bytes = reader->at - begin;
		result->longest_line = survey->line;
	}
	if (reader->broken) {
		result->broken++;
		first_line(&result->broken_line, survey->line);
	}
	if (count != survey->dialect.columns) {
		if (result->ragged++ == 0) {
			result->ragged_line = survey->line;
			result->ragged_columns = count;
		}
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const struct slice *field = &survey->slices.items[i];

		facts_add(&survey->facts[i], field->text, field->len,
			  field->spare);
		if (survey->dialect.quote == '\0' && field->len > 0 &&
		    *field->text == '"' && !survey->jumped)
			first_line(&result->quote_line, survey->line);
		if (field->len - field->spare > VARCHAR_MAX &&
		    result->wide_line == 0 && !survey->jumped) {
			result->wide_line = survey->line;
			result->wide_column = i;
		}
	}
}

/* One line as it is; false: its end is not in the block. */
static bool skip_line(struct reader *reader)
{
	struct survey *survey = reader->survey;
	const char *end = memchr(reader->at,
				 survey->dialect.lone_cr ? '\r' : '\n',
				 (size_t)(reader->end - reader->at));

	if (end == NULL && !survey->ended)
		return false;
	reader->at = end != NULL ? end + 1 : reader->end;
	survey->skip--;
	survey->line++;
	return true;
}

/* A quote that nothing closes: the line is taken without it, so that what
 * follows is read as it would be. */
static void pass_open_quote(struct reader *reader, const char *begin)
{
	struct survey *survey = reader->survey;
	const char *end = memchr(begin, survey->dialect.lone_cr ? '\r' : '\n',
				 (size_t)(reader->end - begin));

	first_line(&survey->result.open_line, survey->line);
	survey->result.records++;
	reader->at = end != NULL ? end + 1 : reader->end;
	survey->line++;
}

/* How many bytes of the block are done with. */
static size_t read_block(struct survey *survey, const char *bytes, size_t len)
{
	struct reader reader = { .survey = survey,
				 .at = bytes,
				 .end = bytes + len };

	while (reader.at < reader.end) {
		const char *begin = reader.at;

		if (survey->skip > 0) {
			if (!skip_line(&reader))
				return (size_t)(begin - bytes);
			continue;
		}
		if (read_record(&reader)) {
			count_record(survey, &reader, begin);
			survey->line += reader.lines;
		} else if (survey->ended || reader.end - begin > RECORD_MAX) {
			pass_open_quote(&reader, begin);
		} else {
			return (size_t)(begin - bytes);
		}
	}
	return len;
}

void survey_feed(struct survey *survey, const char *bytes, size_t len)
{
	size_t done;

	str_add_slice(&survey->rest, bytes, len);
	done = read_block(survey, survey->rest.text, survey->rest.len);
	if (done == 0)
		return;
	memmove(survey->rest.text, survey->rest.text + done,
		survey->rest.len - done);
	str_cut(&survey->rest, survey->rest.len - done);
}

void survey_jump(struct survey *survey)
{
	str_clear(&survey->rest);
	survey->skip = 1;
	survey->jumped = true;
}

void survey_end(struct survey *survey)
{
	survey->ended = true;
	read_block(survey, survey->rest.text, survey->rest.len);
	str_clear(&survey->rest);
}

const struct survey_result *survey_result(const struct survey *survey)
{
	return &survey->result;
}

const struct facts *survey_facts(const struct survey *survey)
{
	return survey->facts;
}
