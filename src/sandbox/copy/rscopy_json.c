#include "sandbox/copy/rscopy_json.h"

#include <string.h>

enum { OBJECT_MAX_BYTES = 4 * 1024 * 1024 }; /* r_COPY: 4 MB */

struct rscopy_json {
	struct str text; /* fed and not yet given out, but for .at bytes */
	size_t at;       /* given out or skipped */
	size_t seen;     /* looked at, from at on */
	bool ended;
	int64_t skip_lines;
	int64_t line;   /* of text[at] */
	int64_t offset; /* of text[at] */
	int depth;
	bool in_string;
	bool escaped;
	struct csv_record record;
};

struct rscopy_json *rscopy_json_new(int64_t skip_lines)
{
	struct rscopy_json *json = mem_alloc(sizeof(*json));
	struct str empty = STR_EMPTY;

	json->text = empty;
	json->skip_lines = skip_lines;
	json->line = 1;
	return json;
}

void rscopy_json_free(struct rscopy_json *json)
{
	if (json == NULL)
		return;
	str_done(&json->text);
	mem_free(json);
}

/* Moves past len bytes. */
static void pass(struct rscopy_json *json, size_t len)
{
	const char *text = json->text.text + json->at;

	for (size_t i = 0; i < len; i++)
		json->line += text[i] == '\n';
	json->at += len;
	json->offset += (int64_t)len;
	json->seen = 0;
}

void rscopy_json_feed(struct rscopy_json *json, const char *bytes, size_t len)
{
	size_t left = json->text.len - json->at;

	if (json->at > 0) {
		memmove(json->text.text, json->text.text + json->at, left);
		str_cut(&json->text, left);
		json->at = 0;
	}
	str_add_slice(&json->text, bytes, len);
}

void rscopy_json_end(struct rscopy_json *json)
{
	json->ended = true;
}

/* --- splitting --- */

/* False: more bytes are needed. */
static bool skip_header(struct rscopy_json *json)
{
	while (json->skip_lines > 0) {
		const char *start = json->text.text + json->at;
		const char *newline =
			memchr(start, '\n', json->text.len - json->at);

		if (newline == NULL)
			return false;
		pass(json, (size_t)(newline - start) + 1);
		json->skip_lines--;
	}
	return true;
}

static void skip_blanks(struct rscopy_json *json)
{
	const char *start = json->text.text + json->at;
	size_t left = json->text.len - json->at;
	size_t n = 0;

	while (n < left && strchr(" \t\r\n", start[n]) != NULL &&
	       start[n] != '\0')
		n++;
	pass(json, n);
}

static void give(struct rscopy_json *json, size_t len)
{
	struct csv_record *record = &json->record;

	record->raw = json->text.text + json->at;
	record->raw_len = len;
	record->line = json->line;
	record->offset = json->offset;
	pass(json, len);
	record->line_count = json->line - record->line + 1;
	json->depth = 0;
	json->in_string = false;
	json->escaped = false;
}

/* Follows braces and quotes; true: the object ends after json->seen. */
static bool find_end(struct rscopy_json *json)
{
	const char *start = json->text.text + json->at;
	size_t left = json->text.len - json->at;

	while (json->seen < left) {
		char c = start[json->seen++];

		if (json->escaped) {
			json->escaped = false;
		} else if (json->in_string) {
			json->escaped = c == '\\';
			json->in_string = c != '"';
		} else if (c == '"') {
			json->in_string = true;
		} else if (c == '{' || c == '[') {
			json->depth++;
		} else if ((c == '}' || c == ']') && --json->depth == 0) {
			return true;
		}
	}
	return false;
}

/* What begins no object: the rest of its line. */
static enum csv_step give_bad(struct rscopy_json *json)
{
	const char *start = json->text.text + json->at;
	size_t left = json->text.len - json->at;
	const char *newline = memchr(start, '\n', left);

	if (newline == NULL && !json->ended && left < OBJECT_MAX_BYTES)
		return CSV_MORE;
	give(json, newline == NULL ? left : (size_t)(newline - start));
	return CSV_BAD;
}

enum csv_step rscopy_json_next(struct rscopy_json *json,
			       const struct csv_record **out_record)
{
	char first;

	*out_record = &json->record;
	if (!skip_header(json))
		return json->ended ? CSV_END : CSV_MORE;
	if (json->seen == 0)
		skip_blanks(json);
	if (json->at == json->text.len)
		return json->ended ? CSV_END : CSV_MORE;
	first = json->text.text[json->at];
	if (first != '{' && first != '[')
		return give_bad(json);
	if (find_end(json)) {
		give(json, json->seen);
		return CSV_RECORD;
	}
	if (!json->ended && json->seen < OBJECT_MAX_BYTES)
		return CSV_MORE;
	give(json, json->seen);
	return CSV_BAD;
}
