#include "print/measure.h"

#include <string.h>

#include "base/utf8.h"
#include "print/measure_table.h"

int measure_code_width(uint32_t code)
{
	size_t low = 0;
	size_t high = measure_range_count;

	if (code < 0x80)
		return code == 0 ? 0 : code < 0x20 || code == 0x7f ? -1 : 1;
	if (code > 0x10ffff)
		return -1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (measure_ranges[middle].last < code)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < measure_range_count && measure_ranges[low].first <= code)
		return measure_ranges[low].width_cols;
	return 1;
}

/* A byte of these eight is special when its top bit is set, or it is below
 * 0x20, or it is 0x7f. */
static bool word_is_plain(const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t tops = ones * 0x80;
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	/* Without top bits: + 1 carries 0x7f into the top bit, + 0x60 carries
	 * all from 0x20 on. */
	return ((word | (word + ones)) & tops) == 0 &&
	       ((word + ones * 0x60) & tops) == tops;
}

bool measure_is_plain(const char *text, size_t len)
{
	size_t at = 0;

	for (; at + 8 <= len; at += 8)
		if (!word_is_plain(text + at))
			return false;
	/* The last word overlaps the one before it. */
	if (at > 0)
		return at == len || word_is_plain(text + len - 8);
	for (; at < len; at++)
		if ((unsigned char)text[at] < 0x20 ||
		    (unsigned char)text[at] >= 0x7f)
			return false;
	return true;
}

enum piece_kind {
	PIECE_SHOWN, /* as it is */
	PIECE_NEWLINE,
	PIECE_TAB,
	PIECE_CR,
	PIECE_BYTE, /* \xNN */
	PIECE_CODE, /* \uNNNN */
	PIECE_CUT,  /* the text ends inside a character: not shown */
};

struct piece {
	enum piece_kind kind;
	uint32_t code;
	size_t len;
	int width_cols; /* not of newline and tab */
};

/* As the first byte says, whatever follows. */
static size_t promised_len(unsigned char first)
{
	if (first >= 0xf8 || first < 0xc0)
		return 1;
	return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

/* The columns of a character in another encoding; sets its length. */
static int charset_width(const struct measure_charset *charset,
			 const char *text, size_t len, size_t *out_len)
{
	char whole[8] = ""; /* libpq reads past a character that is cut off */
	int bytes;

	memcpy(whole, text, len < sizeof(whole) - 1 ? len : sizeof(whole) - 1);
	bytes = charset->len(whole, charset->encoding);
	*out_len = bytes < 1 ? 1 : (size_t)bytes > len ? len : (size_t)bytes;
	return charset->width(whole, charset->encoding);
}

static struct piece other_piece_at(const struct measure_charset *charset,
				   const char *text, size_t len)
{
	struct piece piece = { .kind = PIECE_SHOWN };

	piece.width_cols = charset_width(charset, text, len, &piece.len);
	if (*text == '\n') {
		piece.kind = PIECE_NEWLINE;
	} else if (*text == '\t') {
		piece.kind = PIECE_TAB;
	} else if (*text == '\r') {
		piece.kind = PIECE_CR;
		piece.width_cols = 2;
	} else if (piece.width_cols < 0) {
		piece.kind = PIECE_BYTE;
		piece.width_cols = 4;
		piece.len = 1;
	}
	return piece;
}

static struct piece piece_at(const char *text, size_t len,
			     const struct measure_charset *charset)
{
	struct piece piece = { .kind = PIECE_SHOWN };

	if (charset)
		return other_piece_at(charset, text, len);
	piece.len = utf8_decode(text, len, &piece.code);
	if (piece.code == UINT32_MAX &&
	    promised_len((unsigned char)*text) > len) {
		piece.kind = PIECE_CUT;
		piece.len = len;
	} else if (piece.code == '\n') {
		piece.kind = PIECE_NEWLINE;
	} else if (piece.code == '\t') {
		piece.kind = PIECE_TAB;
	} else if (piece.code == '\r') {
		piece.kind = PIECE_CR;
		piece.width_cols = 2;
	} else {
		piece.width_cols = measure_code_width(piece.code);
		if (piece.width_cols >= 0)
			return piece;
		piece.kind = piece.len == 1 ? PIECE_BYTE : PIECE_CODE;
		piece.width_cols = piece.len == 1 ? 4 : 6;
	}
	return piece;
}

static int tab_width(int width_cols)
{
	return 8 - width_cols % 8;
}

struct measure_size measure_size(const char *text, size_t len,
				 const struct measure_charset *charset)
{
	struct measure_size size = { .line_count = 1 };
	int width = 0;

	if (measure_is_plain(text, len)) {
		size.width_cols = (int)len;
		return size;
	}
	for (size_t at = 0; at < len;) {
		struct piece piece = piece_at(text + at, len - at, charset);

		at += piece.len;
		if (piece.kind == PIECE_NEWLINE) {
			size.line_count++;
			width = 0;
			continue;
		}
		width += piece.kind == PIECE_TAB ? tab_width(width)
						 : piece.width_cols;
		if (width > size.width_cols)
			size.width_cols = width;
	}
	return size;
}

void measure_lines_done(struct measure_lines *lines)
{
	str_done(&lines->text);
	vec_done(&lines->lines);
}

static void add_piece(struct measure_lines *lines, struct piece piece,
		      const char *text, struct measure_line *line)
{
	switch (piece.kind) {
	case PIECE_SHOWN:
		str_add_slice(&lines->text, text, piece.len);
		break;
	case PIECE_TAB:
		piece.width_cols = tab_width(line->width_cols);
		str_add_repeat(&lines->text, ' ', (size_t)piece.width_cols);
		break;
	case PIECE_CR:
		str_add(&lines->text, "\\r");
		break;
	case PIECE_BYTE:
		str_addf(&lines->text, "\\x%02X", (unsigned char)*text);
		break;
	case PIECE_CODE:
		str_addf(&lines->text, "\\u%04X", piece.code);
		break;
	case PIECE_NEWLINE:
	case PIECE_CUT:
		break;
	}
	line->width_cols += piece.width_cols;
}

void measure_lines(struct measure_lines *lines, const char *text, size_t len,
		   const struct measure_charset *charset)
{
	struct measure_line line = { 0 };

	vec_clear(&lines->lines);
	lines->is_plain = measure_is_plain(text, len);
	if (lines->is_plain) {
		lines->shown = text;
		line.len = len;
		line.width_cols = (int)len;
		vec_push(&lines->lines, line);
		return;
	}
	str_clear(&lines->text);
	for (size_t at = 0; at < len;) {
		struct piece piece = piece_at(text + at, len - at, charset);

		if (piece.kind == PIECE_NEWLINE) {
			line.len = lines->text.len - line.at;
			vec_push(&lines->lines, line);
			line = (struct measure_line){ .at = lines->text.len };
		} else {
			add_piece(lines, piece, text + at, &line);
		}
		at += piece.len;
	}
	line.len = lines->text.len - line.at;
	vec_push(&lines->lines, line);
	lines->shown = lines->text.text;
}

size_t measure_fit(const char *text, size_t len, int *width_cols,
		   const struct measure_charset *charset)
{
	int width = 0;
	size_t at = 0;

	while (at < len) {
		struct piece piece = { .len = 1, .width_cols = 1 };

		if ((unsigned char)text[at] >= 0x7f)
			piece = piece_at(text + at, len - at, charset);
		if (width > 0 && width + piece.width_cols > *width_cols)
			break;
		at += piece.len;
		width += piece.width_cols;
	}
	*width_cols = width;
	return at;
}
