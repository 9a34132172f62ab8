#include "print/border.h"

#include "print/printer.h"

#define ASCII_RULES                                                            \
	{                                                                      \
		{ "-", "+", "+", "+" }, { "-", "+", "+", "+" },                \
			{ "-", "+", "+", "+" }, { "", "|", "|", "|" },         \
	}

static const struct border ascii = {
	.rule = ASCII_RULES,
	.middle_newline = "|",
	.middle_wrap = "|",
	.middle_blank = "|",
	.header_newline_left = " ",
	.header_newline_right = "+",
	.newline_left = " ",
	.newline_right = "+",
	.wrap_left = ".",
	.wrap_right = ".",
	.mark_right = true,
};

static const struct border old_ascii = {
	.rule = ASCII_RULES,
	.middle_newline = ":",
	.middle_wrap = ";",
	.middle_blank = " ",
	.header_newline_left = "+",
	.header_newline_right = " ",
	.newline_left = " ",
	.newline_right = " ",
	.wrap_left = " ",
	.wrap_right = " ",
	.is_old = true,
};

/* Box drawing by [single or double] of one line and of the one it meets. */
static const struct {
	const char *flat;
	const char *left[2], *right[2]; /* [border] */
} header_lines[2] = {
	{ "─", { "├", "╟" }, { "┤", "╢" } },
	{ "═", { "╞", "╠" }, { "╡", "╣" } },
};

static const struct {
	const char *upright;
	const char *cross[2];           /* [header] */
	const char *bottom[2], *top[2]; /* [border] */
} column_lines[2] = {
	{ "│", { "┼", "╪" }, { "┴", "╧" }, { "┬", "╤" } },
	{ "║", { "╫", "╬" }, { "╨", "╩" }, { "╥", "╦" } },
};

static const struct {
	const char *flat, *upright;
	const char *top_left, *top_right, *bottom_left, *bottom_right;
} border_lines[2] = {
	{ "─", "│", "┌", "┐", "└", "┘" },
	{ "═", "║", "╔", "╗", "╚", "╝" },
};

static void make_unicode(const struct print_options *options,
			 struct border *border)
{
	int b = options->unicode_border;
	int c = options->unicode_column;
	int h = options->unicode_header;
	const char *upright = column_lines[c].upright;

	*border = (struct border){
		.rule = {
			{ border_lines[b].flat, border_lines[b].top_left,
			  column_lines[c].top[b], border_lines[b].top_right },
			{ header_lines[h].flat, header_lines[h].left[b],
			  column_lines[c].cross[h], header_lines[h].right[b] },
			{ border_lines[b].flat, border_lines[b].bottom_left,
			  column_lines[c].bottom[b],
			  border_lines[b].bottom_right },
			{ "", border_lines[b].upright, upright,
			  border_lines[b].upright },
		},
		.middle_newline = upright,
		.middle_wrap = upright,
		.middle_blank = upright,
		.header_newline_left = " ",
		.header_newline_right = "↵",
		.newline_left = " ",
		.newline_right = "↵",
		.wrap_left = "…",
		.wrap_right = "…",
		.mark_right = true,
	};
}

void border_make(const struct print_options *options, struct border *border)
{
	switch (options->linestyle) {
	case PRINT_LINES_ASCII:
		*border = ascii;
		return;
	case PRINT_LINES_OLD_ASCII:
		*border = old_ascii;
		return;
	case PRINT_LINES_UNICODE:
		make_unicode(options, border);
		return;
	}
}
