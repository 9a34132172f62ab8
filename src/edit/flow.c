#include "edit/flow.h"

#include <stdbool.h>

#include "edit/cells.h"

void flow_window(struct flow *flow, size_t first, size_t end)
{
	flow->first = first;
	flow->end = end;
}

/* Whether the row at hand goes to out. */
static bool is_shown(const struct flow *flow)
{
	return flow->out != NULL && flow->row >= flow->first &&
	       flow->row < flow->end;
}

void flow_start(struct flow *flow, int columns, struct cells *out)
{
	flow->columns = columns > 0 ? columns : 1;
	flow->row = 0;
	flow->column = 0;
	flow->out = out;
	if (is_shown(flow))
		cells_row(out);
}

static void next_row(struct flow *flow)
{
	flow->row++;
	flow->column = 0;
	if (is_shown(flow))
		cells_row(flow->out);
}

/* Wraps in front of the glyph where it must; a tab is cut by the edge. */
static void fit(struct flow *flow, struct glyph *glyph)
{
	int room = flow->columns - flow->column;

	if (glyph->width <= room)
		return;
	if (glyph->text == NULL && glyph->own[0] == ' ' && room > 0) {
		glyph->width = room;
		glyph->len = (size_t)room;
		return;
	}
	if (flow->column > 0)
		next_row(flow);
	if (glyph->width > flow->columns)
		glyph->width = flow->columns;
}

/* Plain letters of rows that are not shown, at once: how many of them. */
static size_t skip_plain(struct flow *flow, const char *text, size_t len)
{
	size_t n = 0;

	while (n < len) {
		int room = flow->columns - flow->column;

		if (room == 0 && text[n] >= 0x20 && text[n] < 0x7f)
			next_row(flow);
		if (is_shown(flow))
			break;
		for (room = flow->columns - flow->column;
		     room > 0 && n < len && text[n] >= 0x20 && text[n] < 0x7f;
		     room--, n++)
			flow->column++;
		if (n < len && (text[n] < 0x20 || text[n] >= 0x7f))
			break;
	}
	return n;
}

void flow_text(struct flow *flow, const char *text, size_t len,
	       const unsigned char *styles, int style)
{
	for (size_t at = 0; at < len;) {
		struct glyph glyph;

		if (!is_shown(flow)) {
			at += skip_plain(flow, text + at, len - at);
			if (at == len)
				return;
		}
		cells_glyph(text + at, len - at, flow->column, &glyph);
		/* Nothing to join: shown alone. */
		if (glyph.width == 0 && flow->column == 0)
			glyph.width = 1;
		fit(flow, &glyph);
		if (is_shown(flow))
			cells_put(flow->out, styles ? styles[at] : style,
				  &glyph);
		flow->column += glyph.width;
		at += glyph.used;
	}
}

void flow_prompt(struct flow *flow, const char *prompt, int style, int colours)
{
	while (*prompt != '\0') {
		const char *end = prompt;
		struct glyph raw = { .width = 0 };

		while (*end != '\0' && *end != '\001' && *end != '\002')
			end++;
		flow_text(flow, prompt, (size_t)(end - prompt), NULL, style);
		if (*end == '\0')
			return;
		if (*end == '\002') {
			prompt = end + 1;
			continue;
		}
		prompt = ++end;
		while (*end != '\0' && *end != '\002')
			end++;
		raw.text = prompt;
		raw.len = (size_t)(end - prompt);
		if (is_shown(flow) && colours)
			cells_put(flow->out, CELLS_RAW, &raw);
		prompt = *end != '\0' ? end + 1 : end;
	}
}

void flow_place(const struct flow *flow, const char *text, size_t len,
		size_t *out_row, int *out_column)
{
	int width = 1;

	if (len > 0) {
		struct glyph glyph;

		cells_glyph(text, len, flow->column, &glyph);
		if (glyph.width == 2 && glyph.text != NULL)
			width = 2;
	}
	*out_row = flow->row;
	*out_column = flow->column;
	if (flow->column + width > flow->columns) {
		*out_row = flow->row + 1;
		*out_column = 0;
	}
}

void flow_reach(struct flow *flow, size_t row)
{
	while (flow->row < row)
		next_row(flow);
}
