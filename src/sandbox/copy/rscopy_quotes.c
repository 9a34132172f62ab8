#include "sandbox/copy/rscopy_quotes.h"

#include <string.h>

struct scan {
	const char *start;
	const char *at;
	const char *end;
	char delimiter;
	bool escape;
};

static struct str *begin_field(struct rscopy_quotes *out)
{
	if (out->count == out->fields.count) {
		struct csv_field field = { 0 };
		struct str text = STR_EMPTY;

		vec_push(&out->fields, field);
		vec_push(&out->texts, text);
	}
	str_clear(&out->texts.items[out->count]);
	return &out->texts.items[out->count++];
}

/* Up to stop, which is not taken; false: it never comes. */
static bool read_until(struct scan *scan, char stop, struct str *out,
		       bool *out_escaped)
{
	while (scan->at < scan->end && *scan->at != stop) {
		if (scan->escape && *scan->at == '\\' &&
		    scan->at + 1 < scan->end) {
			scan->at++;
			*out_escaped = true;
		}
		str_add_char(out, *scan->at++);
	}
	return scan->at < scan->end;
}

static enum rscopy_quotes_end read_field(struct scan *scan, struct str *text,
					 struct csv_field *field)
{
	enum rscopy_quotes_end result = RSCOPY_QUOTES_GOOD;

	field->raw_offset = (size_t)(scan->at - scan->start);
	field->escaped = false;
	field->quoted =
		scan->at < scan->end && (*scan->at == '"' || *scan->at == '\'');
	if (field->quoted) {
		char quote = *scan->at++;

		if (!read_until(scan, quote, text, &field->escaped))
			result = RSCOPY_QUOTES_OPEN;
		else if (++scan->at < scan->end && *scan->at != scan->delimiter)
			result = RSCOPY_QUOTES_AFTER;
	} else {
		read_until(scan, scan->delimiter, text, &field->escaped);
	}
	field->raw_len = (size_t)(scan->at - scan->start) - field->raw_offset;
	return result;
}

enum rscopy_quotes_end rscopy_quotes_split(struct rscopy_quotes *out,
					   const struct csv_record *line,
					   char delimiter, bool escape,
					   size_t *out_at)
{
	struct scan scan = { line->raw, line->raw, line->raw + line->raw_len,
			     delimiter, escape };

	out->count = 0;
	for (;;) {
		struct str *text = begin_field(out);
		struct csv_field *field = &out->fields.items[out->count - 1];
		enum rscopy_quotes_end end = read_field(&scan, text, field);

		field->text = text->text;
		field->len = text->len;
		*out_at = (size_t)(scan.at - scan.start);
		if (end != RSCOPY_QUOTES_GOOD || scan.at == scan.end)
			return end;
		scan.at++;
	}
}

void rscopy_quotes_done(struct rscopy_quotes *quotes)
{
	for (size_t i = 0; i < quotes->texts.count; i++)
		str_done(&quotes->texts.items[i]);
	vec_done(&quotes->texts);
	vec_done(&quotes->fields);
}
