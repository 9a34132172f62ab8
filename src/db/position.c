#include "db/position.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/pq.h"

enum {
	LINE_COLUMNS = 60, /* more of a line is cut */
	KEEP_RIGHT = 10,   /* columns behind the place that stay in sight */
};

struct place { /* where a character of the line stands */
	size_t byte;
	int column;
};

/* The line that holds the place, from its first character to the one behind
 * its last. */
struct line {
	struct place *places;
	size_t count; /* of characters; one place more marks the end */
	size_t at;    /* the character in question */
	int number;
};

static size_t char_len(const char *text, int encoding)
{
	size_t len = (size_t)PQmblen(text, encoding);
	size_t left = strnlen(text, len);

	return left > 0 ? left : 1;
}

static int char_columns(const char *text, int encoding)
{
	int columns = PQdsplen(text, encoding);

	return columns > 0 ? columns : 1;
}

static bool ends_line(char c)
{
	return c == '\n' || c == '\r';
}

/* The offset of the line with the character number at; *out_at becomes its
 * number in the line. false: the query ends before. */
static bool find_line(const char *query, int encoding, size_t *out_start,
		      size_t *out_at, int *out_number)
{
	size_t i = 0;
	size_t left = *out_at;

	*out_start = 0;
	*out_number = 1;
	for (; left > 0; left--) {
		if (!query[i])
			return false;
		if (ends_line(query[i])) {
			bool second = query[i] == '\n' && i > 0 &&
				      query[i - 1] == '\r';

			*out_number += second ? 0 : 1;
			*out_start = i + 1;
			*out_at = left - 1;
		}
		i += char_len(query + i, encoding);
	}
	return true;
}

static void measure(const char *query, int encoding, size_t start,
		    struct line *line)
{
	size_t capacity = strcspn(query + start, "\r\n") + 1;
	struct place place = { start, 0 };

	line->places = mem_alloc(capacity * sizeof(*line->places));
	for (;;) {
		char c = query[place.byte];

		line->places[line->count] = place;
		if (!c || ends_line(c))
			return;
		line->count++;
		place.column += char_columns(query + place.byte, encoding);
		place.byte += char_len(query + place.byte, encoding);
	}
}

static int columns_between(const struct line *line, size_t from, size_t to)
{
	return line->places[to].column - line->places[from].column;
}

/* Narrows *from and *to so that the characters between them fit. */
static void fit(const struct line *line, size_t *from, size_t *to)
{
	if (columns_between(line, *from, line->at) + KEEP_RIGHT <=
	    LINE_COLUMNS) {
		while (columns_between(line, *from, *to) > LINE_COLUMNS)
			(*to)--;
		return;
	}
	while (columns_between(line, line->at, *to) > KEEP_RIGHT)
		(*to)--;
	while (columns_between(line, *from, *to) > LINE_COLUMNS)
		(*from)++;
}

static void draw(const char *query, const struct line *line, struct str *out)
{
	size_t from = 0;
	size_t to = line->count;
	size_t mark = out->len;
	size_t start;
	size_t pad;

	if (columns_between(line, from, to) > LINE_COLUMNS)
		fit(line, &from, &to);
	str_addf(out, "LINE %d: %s", line->number, from > 0 ? "..." : "");
	pad = out->len - mark + (size_t)columns_between(line, from, line->at);
	start = out->len;
	str_add_slice(out, query + line->places[from].byte,
		      line->places[to].byte - line->places[from].byte);
	for (size_t i = start; i < out->len; i++)
		if (out->text[i] == '\t')
			out->text[i] = ' ';
	str_add(out, to < line->count ? "...\n" : "\n");
	str_addf(out, "%*s^\n", (int)pad, "");
}

void position_format(const char *query, int position, int encoding,
		     struct str *out)
{
	struct line line = { .at = (size_t)position - 1 };
	size_t start;

	if (position < 1 ||
	    !find_line(query, encoding, &start, &line.at, &line.number))
		return;
	measure(query, encoding, start, &line);
	/* The place may be the end of the line itself. */
	if (line.at <= line.count)
		draw(query, &line, out);
	mem_free(line.places);
}
