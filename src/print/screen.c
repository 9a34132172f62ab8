#include "print/screen.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "print/measure.h"

/* The last two variation selectors: psql's table counts no column for them,
 * and no font has use for them. */
enum { DIM_FROM_CODE = 0xe01ee, DIM_TO_CODE = 0xe01ef };

#define DIM_FROM "\xF3\xA0\x87\xAE"
#define DIM_TO   "\xF3\xA0\x87\xAF"
#define CUT_MARK DIM_FROM "\xE2\x80\xA6" DIM_TO

/* Unicode 15, general category Cf and what else has no glyph and changes how
 * others are shown. Joiners (U+200C, U+200D) are parts of words and emoji. */
static const struct {
	uint32_t first;
	uint32_t last;
} hidden[] = {
	{ 0x7f, 0x9f },       { 0xad, 0xad },
	{ 0x61c, 0x61c },     { 0x180e, 0x180e },
	{ 0x200b, 0x200b },   { 0x200e, 0x200f },
	{ 0x2028, 0x202e },   { 0x2060, 0x206f },
	{ 0xfeff, 0xfeff },   { 0xfff9, 0xfffb },
	{ 0xe0001, 0xe007f }, { DIM_FROM_CODE, DIM_TO_CODE },
};

bool screen_hides(uint32_t code)
{
	if (code < 0x20)
		return code != '\n' && code != '\t';
	for (size_t i = 0; i < COUNT_OF(hidden); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	return false;
}

static void add_shown(struct str *out, uint32_t code)
{
	if (code < 0x80)
		str_addf(out, "\\x%02X", code);
	else if (code > 0xffff)
		str_addf(out, "\\U%08X", code);
	else
		str_addf(out, "\\u%04X", code);
}

/* Appends a character as it may be shown. */
static void add_character(struct str *out, const char *text, size_t len,
			  uint32_t code)
{
	if (code == UINT32_MAX)
		str_addf(out, "\\x%02X", (unsigned char)*text);
	else if (screen_hides(code))
		add_shown(out, code);
	else
		str_add_slice(out, text, len);
}

void screen_add(struct str *out, const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t size = utf8_decode(text + at, len - at, &code);

		add_character(out, text + at, size, code);
		at += size;
	}
}

void screen_add_line(struct str *out, const char *text, size_t len)
{
	size_t at = out->len;

	screen_add(out, text, len);
	for (; at < out->len; at++)
		if (out->text[at] == '\n' || out->text[at] == '\t')
			out->text[at] = ' ';
}

/* ---- rows ---- */

static void cut_cell(struct screen_rows *screen, size_t from)
{
	int width = screen->options.cell_cols - 1;
	const char *text = screen->text.text + from;
	size_t len = screen->text.len - from;
	size_t fits;

	if (screen->options.cell_cols <= 0 ||
	    measure_size(text, len, NULL).width_cols <=
		    screen->options.cell_cols)
		return;
	fits = measure_fit(text, len, &width, NULL);
	str_cut(&screen->text, from + fits);
	str_add(&screen->text, CUT_MARK);
	screen->cut_count++;
}

static void add_cell(struct screen_rows *screen, struct rows_value value)
{
	size_t from = screen->text.len;

	for (size_t at = 0; at < value.len;) {
		uint32_t code;
		size_t len =
			utf8_decode(value.text + at, value.len - at, &code);

		/* The printer writes a CR as \\r. */
		if (code == '\r')
			str_add_char(&screen->text, '\r');
		else
			add_character(&screen->text, value.text + at, len,
				      code);
		at += len;
	}
	cut_cell(screen, from);
}

static bool stays(const struct screen_rows *screen, struct rows_value value)
{
	if (!value.text)
		return !screen->options.null_text;
	return measure_is_plain(value.text, value.len) &&
	       (screen->options.cell_cols <= 0 ||
		value.len <= (size_t)screen->options.cell_cols);
}

static void show_value(struct screen_rows *screen, size_t column,
		       struct rows_value value)
{
	screen->values[column] = value;
	screen->places[column] = 0;
	if (stays(screen, value))
		return;
	screen->places[column] = screen->text.len + 1;
	if (value.text)
		add_cell(screen, value);
	else
		str_addf(&screen->text, DIM_FROM "%s" DIM_TO,
			 screen->options.null_text);
	screen->values[column].len =
		screen->text.len + 1 - screen->places[column];
	str_add_char(&screen->text, '\0');
}

static enum rows_step next_shown(struct rows *rows,
				 const struct rows_value **out_values,
				 struct err *err)
{
	struct screen_rows *screen = (struct screen_rows *)rows;
	const struct rows_value *values;
	enum rows_step step = rows_next(screen->from, &values, err);

	if (step != ROWS_ROW)
		return step;
	str_clear(&screen->text);
	for (size_t i = 0; i < rows->column_count; i++)
		show_value(screen, i, values[i]);
	/* Only now the text no longer moves. */
	for (size_t i = 0; i < rows->column_count; i++)
		if (screen->places[i] > 0)
			screen->values[i].text =
				screen->text.text + screen->places[i] - 1;
	*out_values = screen->values;
	return ROWS_ROW;
}

static void rows_stay(struct rows *rows)
{
	(void)rows;
}

static const struct rows_class shown_class = {
	.next = next_shown,
	.free = rows_stay,
};

void screen_rows_init(struct screen_rows *screen, struct rows *from,
		      const struct screen_options *options)
{
	*screen = (struct screen_rows){ .rows = *from,
					.from = from,
					.options = *options,
					.text = STR_EMPTY };
	screen->rows.class = &shown_class;
	screen->values = mem_alloc_array(from->column_count + 1,
					 sizeof(*screen->values));
	screen->places = mem_alloc_array(from->column_count + 1,
					 sizeof(*screen->places));
}

void screen_rows_done(struct screen_rows *screen)
{
	mem_free(screen->values);
	mem_free(screen->places);
	str_done(&screen->text);
}

/* ---- output ---- */

static void add_output(struct screen_sink *screen, const char *text, size_t len,
		       uint32_t code)
{
	if (code == DIM_FROM_CODE || code == DIM_TO_CODE) {
		if (screen->has_colour)
			str_add(&screen->text,
				code == DIM_FROM_CODE ? "\033[2m" : "\033[0m");
		return;
	}
	add_character(&screen->text, text, len, code);
}

/* How many bytes a character has that begins so; 1 where none does. */
static size_t announced_len(char first)
{
	unsigned char byte = (unsigned char)first;

	return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
}

/* Shows the bytes but for a last character that is not all there. */
static size_t show_bytes(struct screen_sink *screen, const char *bytes,
			 size_t len)
{
	size_t at = 0;

	while (at < len) {
		uint32_t code;
		size_t step;

		if (announced_len(bytes[at]) > len - at)
			break;
		step = utf8_decode(bytes + at, len - at, &code);
		add_output(screen, bytes + at, step, code);
		at += step;
	}
	return at;
}

static bool write_shown(void *context, const char *bytes, size_t len,
			struct err *err)
{
	struct screen_sink *screen = context;
	CLEANUP(str_done) struct str joined = STR_EMPTY;
	size_t used;

	if (screen->cut_len > 0) {
		str_add_slice(&joined, screen->cut, screen->cut_len);
		str_add_slice(&joined, bytes, len);
		bytes = joined.text;
		len = joined.len;
	}
	str_clear(&screen->text);
	used = show_bytes(screen, bytes, len);
	screen->cut_len = len - used;
	memcpy(screen->cut, bytes + used, screen->cut_len);
	return sink_write(screen->to, screen->text.text, screen->text.len, err);
}

void screen_sink_init(struct screen_sink *screen, struct sink *to,
		      bool has_colour)
{
	*screen = (struct screen_sink){ .to = to,
					.has_colour = has_colour,
					.text = STR_EMPTY };
	screen->sink.write = write_shown;
	screen->sink.context = screen;
}

void screen_sink_done(struct screen_sink *screen)
{
	str_clear(&screen->text);
	for (size_t i = 0; i < screen->cut_len; i++)
		add_character(&screen->text, screen->cut + i, 1, UINT32_MAX);
	if (screen->text.len > 0)
		sink_text(screen->to, screen->text.text, NULL);
	str_done(&screen->text);
}
