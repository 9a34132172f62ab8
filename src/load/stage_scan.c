#include "load/stage_scan.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "load/copy_parse.h"
#include "load/sniff.h"

/* --- what the statement says --- */

static char first_char(const struct copy_options *options,
		       enum copy_option_id id, char otherwise)
{
	const struct copy_given *given = copy_options_get(options, id);

	return given != NULL && given->text != NULL && given->len > 0
		       ? given->text[0]
		       : otherwise;
}

/* Where nothing was looked at, by ENCODING; UTF16 has a mark that was not
 * read: the low byte comes first nearly always. */
static void set_unit(struct stage_scan *scan,
		     const struct copy_options *options,
		     const struct sniff *sniff)
{
	const struct copy_given *given =
		copy_options_get(options, COPY_ENCODING);
	const char *name = given != NULL && given->text != NULL ? given->text
								: "";

	scan->big_endian = sniff->charset == ENCODE_UTF16BE;
	if (scan->big_endian || sniff->charset == ENCODE_UTF16LE) {
		scan->unit = 2;
	} else if (sniff->kind == SNIFF_EMPTY &&
		   strncasecmp(name, "utf16", 5) == 0) {
		scan->unit = 2;
		scan->big_endian = strcasecmp(name, "utf16be") == 0;
	}
}

void stage_scan_init(struct stage_scan *scan,
		     const struct copy_options *options,
		     const struct sniff *sniff)
{
	*scan = (struct stage_scan){
		.kind = STAGE_SCAN_LINES,
		.delimiter = first_char(options, COPY_DELIMITER, ','),
		.quote = first_char(options, COPY_QUOTE, '"'),
		.end = sniff->line_end == SNIFF_CR ? '\r' : '\n',
		.unit = 1,
	};
	set_unit(scan, options, sniff);
	if (copy_options_has(options, COPY_JSON))
		scan->kind = STAGE_SCAN_JSON;
	else if (copy_options_has(options, COPY_CSV))
		scan->kind = STAGE_SCAN_QUOTED;
	else if (copy_options_has(options, COPY_ESCAPE))
		scan->kind = STAGE_SCAN_ESCAPED;
}

/* --- one byte a character --- */

static size_t last_line(const struct stage_scan *scan, const char *text,
			size_t len)
{
	const char *end = len > 0 ? memrchr(text, scan->end, len) : NULL;

	return end == NULL ? 0 : (size_t)(end - text) + 1;
}

/* An odd number of backslashes before it: the byte at at is data. */
static bool is_escaped(const char *text, size_t at)
{
	size_t before = at;

	while (before > 0 && text[before - 1] == '\\')
		before--;
	return (at - before) % 2 == 1;
}

/* A backslash before CR LF takes both. */
static bool is_escaped_end(const char *text, size_t at)
{
	return is_escaped(text, at) ||
	       (at > 0 && text[at] == '\n' && text[at - 1] == '\r' &&
		is_escaped(text, at - 1));
}

static size_t last_escaped(const struct stage_scan *scan, const char *text,
			   size_t len)
{
	size_t end = last_line(scan, text, len);

	while (end > 0 && is_escaped_end(text, end - 1))
		end = last_line(scan, text, end - 1);
	return end;
}

static bool starts_field(const struct stage_scan *scan, const char *text,
			 size_t at)
{
	return at == 0 || text[at - 1] == scan->delimiter ||
	       text[at - 1] == scan->end;
}

/* Where the quote that opened before at closes, past it; len: nowhere. */
static size_t pass_quotes(const struct stage_scan *scan, const char *text,
			  size_t len, size_t at, bool *out_open)
{
	for (;;) {
		const char *quote = at < len ? memchr(text + at, scan->quote,
						      len - at)
					     : NULL;

		*out_open = quote == NULL;
		if (quote == NULL)
			return len;
		at = (size_t)(quote - text) + 1;
		if (at == len || text[at] != scan->quote)
			return at;
		at++;
	}
}

static size_t last_quoted(const struct stage_scan *scan, const char *text,
			  size_t len, bool *out_open)
{
	size_t at = 0;
	size_t last = 0;

	*out_open = false;
	while (at < len) {
		const char *quote = memchr(text + at, scan->quote, len - at);
		size_t stop = quote == NULL ? len : (size_t)(quote - text);
		size_t end = last_line(scan, text + at, stop - at);

		if (end > 0)
			last = at + end;
		at = stop + 1;
		if (quote != NULL && starts_field(scan, text, stop))
			at = pass_quotes(scan, text, len, at, out_open);
	}
	return last;
}

/* Braces and brackets outside of strings. */
struct nesting {
	long depth;
	bool in_string;
};

static void pass_string(const char *text, size_t len, size_t *at,
			struct nesting *nesting)
{
	while (*at < len && text[*at] != '"')
		*at += text[*at] == '\\' ? 2 : 1;
	nesting->in_string = *at >= len;
	*at += 1;
}

static size_t last_object(const char *text, size_t len, bool *out_open)
{
	struct nesting nesting = { 0 };
	size_t last = 0;
	size_t at = 0;

	while (at < len) {
		char c = text[at++];

		if (c == '"') {
			pass_string(text, len, &at, &nesting);
		} else if (c == '{' || c == '[') {
			nesting.depth++;
		} else if ((c == '}' || c == ']') && --nesting.depth <= 0) {
			nesting.depth = 0;
			last = at;
		} else if (c == '\n' && nesting.depth == 0 && last > 0) {
			last = at;
		}
	}
	*out_open = nesting.depth > 0 || nesting.in_string;
	return last;
}

static size_t last_of_bytes(const struct stage_scan *scan, const char *text,
			    size_t len, bool *out_open)
{
	size_t last = 0;

	*out_open = false;
	switch (scan->kind) {
	case STAGE_SCAN_LINES:
		return last_line(scan, text, len);
	case STAGE_SCAN_ESCAPED:
		*out_open = is_escaped(text, len);
		return last_escaped(scan, text, len);
	case STAGE_SCAN_QUOTED:
		return last_quoted(scan, text, len, out_open);
	case STAGE_SCAN_JSON:
		last = last_object(text, len, out_open);
		break;
	}
	return last;
}

/* --- UTF-16: the same over one byte for each unit --- */

static char narrow(const struct stage_scan *scan, const char *unit)
{
	unsigned char low = (unsigned char)unit[scan->big_endian ? 1 : 0];
	unsigned char high = (unsigned char)unit[scan->big_endian ? 0 : 1];

	return high == 0 && low < 128 ? (char)low : 'x';
}

static char *narrow_all(const struct stage_scan *scan, const char *text,
			size_t count)
{
	char *out = mem_alloc(count + 1);

	for (size_t i = 0; i < count; i++)
		out[i] = narrow(scan, text + 2 * i);
	return out;
}

static size_t last_of(const struct stage_scan *scan, const char *text,
		      size_t len, bool *out_open)
{
	CLEANUP(mem_freep) char *units = NULL;

	if (scan->unit == 1)
		return last_of_bytes(scan, text, len, out_open);
	units = narrow_all(scan, text, len / 2);
	return 2 * last_of_bytes(scan, units, len / 2, out_open);
}

size_t stage_scan_last(const struct stage_scan *scan, const char *text,
		       size_t len)
{
	bool open;

	return last_of(scan, text, len, &open);
}

bool stage_scan_is_open(const struct stage_scan *scan, const char *text,
			size_t len)
{
	bool open;

	last_of(scan, text, len, &open);
	return open;
}

/* --- lines --- */

static size_t head_of_bytes(const struct stage_scan *scan, const char *text,
			    size_t len, int64_t count, int64_t *out_lines)
{
	size_t at = 0;

	*out_lines = 0;
	while (*out_lines < count && at < len) {
		const char *end = memchr(text + at, scan->end, len - at);

		if (end == NULL)
			return at;
		at = (size_t)(end - text) + 1;
		*out_lines += 1;
	}
	return at;
}

size_t stage_scan_head(const struct stage_scan *scan, const char *text,
		       size_t len, int64_t count, int64_t *out_lines)
{
	CLEANUP(mem_freep) char *units = NULL;

	if (scan->unit == 1)
		return head_of_bytes(scan, text, len, count, out_lines);
	units = narrow_all(scan, text, len / 2);
	return 2 * head_of_bytes(scan, units, len / 2, count, out_lines);
}

static int64_t lines_of_bytes(const char *text, size_t len)
{
	int64_t count = 0;

	if (memchr(text, '\r', len) == NULL) {
		for (size_t i = 0; i < len; i++)
			count += text[i] == '\n';
		return count;
	}
	for (size_t i = 0; i + 1 < len; i++)
		count += (text[i] == '\n') |
			 ((text[i] == '\r') & (text[i + 1] != '\n'));
	return count + (text[len - 1] == '\n' || text[len - 1] == '\r');
}

int64_t stage_scan_lines(const struct stage_scan *scan, const char *text,
			 size_t len)
{
	CLEANUP(mem_freep) char *units = NULL;

	if (scan->unit == 1)
		return len > 0 ? lines_of_bytes(text, len) : 0;
	units = narrow_all(scan, text, len / 2);
	return len > 1 ? lines_of_bytes(units, len / 2) : 0;
}

size_t stage_scan_line_end(const struct stage_scan *scan, char out[2])
{
	out[0] = scan->unit == 2 && scan->big_endian ? '\0' : scan->end;
	out[1] = scan->unit == 2 && scan->big_endian ? scan->end : '\0';
	return (size_t)scan->unit;
}
