#include "load/fixed.h"

#include <string.h>

#include "base/mem.h"

enum { MAX_LINES = 1000, MAX_WIDTH = 8192 };

/* What stands at one place of the lines. */
struct place {
	size_t blanks; /* ends of lines before it too */
	size_t digits;
	size_t letters; /* and all that is no ASCII */
	size_t gaps;    /* two blanks before it, and something there */
};

struct picture {
	struct place *places; /* [MAX_WIDTH + 2] */
	size_t lines;
	size_t shortest, longest; /* in characters */
};

size_t fixed_bytes(const char *text, size_t len, size_t characters)
{
	size_t at = 0;

	while (at < len && characters > 0) {
		at++;
		while (at < len && ((unsigned char)text[at] & 0xc0) == 0x80)
			at++;
		characters--;
	}
	return at;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (unsigned char)c >= 0x80 || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static void add_line(struct picture *picture, const char *line, size_t len)
{
	size_t blanks = 0; /* just before */
	size_t column = 0;

	for (size_t at = 0; at < len && column < MAX_WIDTH; column++) {
		struct place *place = &picture->places[column];

		if (line[at] == ' ') {
			place->blanks++;
			blanks++;
		} else {
			place->gaps += blanks >= 2;
			place->digits += is_digit(line[at]);
			place->letters += is_letter(line[at]);
			blanks = 0;
		}
		at += fixed_bytes(line + at, len - at, 1);
	}
	for (size_t i = column; i <= MAX_WIDTH; i++)
		picture->places[i].blanks++;
	if (picture->lines == 0 || column < picture->shortest)
		picture->shortest = column;
	if (column > picture->longest)
		picture->longest = column;
	picture->lines++;
}

/* false: there is a line that no such file has. */
static bool draw(struct picture *picture, const char *text, size_t len,
		 char line_end, bool whole)
{
	const char *end = text + len;

	while (text < end && picture->lines < MAX_LINES) {
		const char *next = memchr(text, line_end, (size_t)(end - text));
		size_t line_len = (size_t)((next ? next : end) - text);

		if (next == NULL && !whole)
			break;
		if (memchr(text, '\t', line_len) != NULL ||
		    line_len > MAX_WIDTH)
			return false;
		if (line_len > 0 && text[line_len - 1] == '\r')
			line_len--;
		if (line_len > 0)
			add_line(picture, text, line_len);
		text = next ? next + 1 : end;
	}
	return true;
}

static bool is_blank(const struct picture *picture, size_t column)
{
	return picture->places[column].blanks == picture->lines;
}

/* Digits of all lines end here and a padded word begins, or the other way
 * round. */
static bool is_change(const struct picture *picture, size_t column)
{
	const struct place *before = &picture->places[column - 1];
	const struct place *here = &picture->places[column];

	if (here->letters == picture->lines)
		return before->digits == picture->lines && column >= 2 &&
		       picture->places[column - 2].digits == picture->lines;
	return here->digits == picture->lines && before->blanks > 0 &&
	       before->letters > 0 &&
	       before->blanks + before->letters == picture->lines;
}

/* Words of a text have one blank between them: such a place parts columns only
 * where something stands behind it in all lines. */
static bool is_start(const struct picture *picture, size_t column)
{
	const struct place *place = &picture->places[column];

	if (is_blank(picture, column))
		return false;
	if (is_change(picture, column))
		return true;
	return is_blank(picture, column - 1) &&
	       (place->gaps > 0 || place->blanks == 0);
}

/* Blanks in front of all lines belong to the first column. */
static bool is_first(const struct picture *picture, size_t column)
{
	while (column > 0 && is_blank(picture, column - 1))
		column--;
	return column == 0;
}

static bool find_starts(struct fixed_widths *starts,
			const struct picture *picture)
{
	size_t gaps = 0;

	if (picture->lines < 2 || picture->longest >= MAX_WIDTH)
		return false;
	for (size_t column = 1; column < picture->longest; column++) {
		if (!is_start(picture, column) || is_first(picture, column))
			continue;
		gaps += picture->places[column].gaps > 0 ||
			is_change(picture, column);
		vec_push(starts, column);
	}
	return starts->count >= 1 && gaps > 0 &&
	       (picture->lines >= 3 || picture->shortest == picture->longest);
}

/* Where between two columns the names above them part: *start moves to the
 * left, over blanks. false: a name stands across. */
static bool move_to_name(const struct picture *body, const struct picture *head,
			 size_t *start)
{
	/* a line of data: the digits of it end there as well */
	if (is_change(body, *start) &&
	    head->places[*start].digits != head->places[*start - 1].digits)
		return true;
	for (size_t at = *start; at > 0; at--) {
		if (is_blank(head, at - 1)) {
			*start = at;
			return true;
		}
		if (!is_blank(body, at - 1))
			return false;
	}
	return false;
}

/* Names show which blanks are of words; *out_title: the line has none. */
static void heed_names(struct fixed_widths *starts, const struct picture *body,
		       const struct picture *head, bool *out_title)
{
	struct fixed_widths kept = { 0 };

	for (size_t i = 0; i < starts->count; i++) {
		size_t start = starts->items[i];

		if (move_to_name(body, head, &start))
			vec_push(&kept, start);
	}
	*out_title = kept.count * 2 <= starts->count;
	for (size_t i = 0; i < kept.count && !*out_title; i++)
		starts->items[i] = kept.items[i];
	if (!*out_title)
		starts->count = kept.count;
	vec_done(&kept);
}

static void set_widths(struct fixed_widths *out,
		       const struct fixed_widths *starts, size_t longest)
{
	size_t last = 0;

	vec_clear(out);
	for (size_t i = 0; i < starts->count; i++) {
		vec_push(out, starts->items[i] - last);
		last = starts->items[i];
	}
	vec_push(out, longest - last);
}

bool fixed_find(struct fixed_widths *out, const char *text, size_t len,
		char line_end, bool whole, bool *out_title)
{
	struct picture head = { .lines = 0 };
	struct picture body = { .lines = 0 };
	struct fixed_widths starts = { 0 };
	const char *second = memchr(text, line_end, len);
	bool found;

	*out_title = false;
	if (second == NULL)
		return false;
	second++;
	head.places = mem_alloc_array(MAX_WIDTH + 2, sizeof(*head.places));
	body.places = mem_alloc_array(MAX_WIDTH + 2, sizeof(*body.places));
	found = draw(&head, text, (size_t)(second - text), line_end, true) &&
		draw(&body, second, len - (size_t)(second - text), line_end,
		     whole) &&
		find_starts(&starts, &body);
	if (found) {
		heed_names(&starts, &body, &head, out_title);
		set_widths(out, &starts, body.longest);
	}
	mem_free(head.places);
	mem_free(body.places);
	vec_done(&starts);
	return found;
}
