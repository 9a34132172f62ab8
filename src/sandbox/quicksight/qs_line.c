#include "sandbox/quicksight/qs_line.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/xml.h"
#include "sandbox/quicksight/qs_grid.h"
#include "sandbox/quicksight/qs_visual.h"

enum {
	WIDTH = 800,
	HEIGHT = 260,
	LEFT = 10,
	TOP = 10,
	BOTTOM = 40,   /* names of the ends, keys */
	LINES = 6,     /* more are left to the table */
	POINTS = 2000, /* along the line, likewise */
};

/* Distinguishable with every kind of colour vision (Okabe and Ito). */
static const char *const colours[LINES] = { "#0072b2", "#e69f00", "#009e73",
					    "#cc79a7", "#56b4e9", "#d55e00" };

struct names {
	VEC(const char *); /* borrowed from the grid */
};

struct lines {
	const struct qs_visual *visual;
	const struct qs_grid *grid;
	struct names along;
	struct names by; /* of the second dimension */
	size_t dimensions;
	double least, most;
};

static size_t place_of(struct names *names, const char *name, size_t most)
{
	/* Rows come sorted: it is the last one most of the time. */
	for (size_t i = names->count; i > 0; i--)
		if (strcmp(names->items[i - 1], name) == 0)
			return i - 1;
	if (names->count < most)
		vec_push(names, name);
	return names->count == 0 ? 0 : names->count - 1;
}

static void survey(struct lines *lines)
{
	const struct qs_grid *grid = lines->grid;

	for (size_t row = 0; row < qs_grid_rows(grid); row++) {
		place_of(&lines->along, qs_grid_cell(grid, row, 0), POINTS);
		if (lines->dimensions > 1)
			place_of(&lines->by, qs_grid_cell(grid, row, 1), LINES);
		for (size_t i = lines->dimensions; i < grid->columns; i++) {
			double value = strtod(qs_grid_cell(grid, row, i), NULL);

			lines->least =
				value < lines->least ? value : lines->least;
			lines->most = value > lines->most ? value : lines->most;
		}
	}
}

static double x_of(const struct lines *lines, size_t place)
{
	size_t steps = lines->along.count > 1 ? lines->along.count - 1 : 1;

	return LEFT + (double)place * (WIDTH - 2 * LEFT) / (double)steps;
}

static double y_of(const struct lines *lines, double value)
{
	double range = lines->most - lines->least;

	return TOP + (HEIGHT - TOP - BOTTOM) *
			     (range > 0 ? (lines->most - value) / range : 1);
}

/* by NULL: all rows. */
static void add_line(struct lines *lines, const char *by, size_t column,
		     size_t at, struct str *out)
{
	const struct qs_grid *grid = lines->grid;

	str_addf(out,
		 "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" "
		 "points=\"",
		 colours[at]);
	for (size_t row = 0; row < qs_grid_rows(grid); row++) {
		const char *cell = qs_grid_cell(grid, row, column);

		if (*cell == '\0' ||
		    (by && strcmp(qs_grid_cell(grid, row, 1), by) != 0))
			continue;
		str_addf(out, "%.1f,%.1f ",
			 x_of(lines,
			      place_of(&lines->along,
				       qs_grid_cell(grid, row, 0), POINTS)),
			 y_of(lines, strtod(cell, NULL)));
	}
	str_add(out, "\"/>\n");
}

static void add_text(struct str *out, double x, double y, const char *anchor,
		     const char *colour, const char *text)
{
	str_addf(out,
		 "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" "
		 "font-size=\"12\">",
		 x, y, anchor, colour);
	xml_escape(out, text, qs_grid_shown(text));
	str_add(out, "</text>\n");
}

static void add_key(struct str *out, size_t at, const char *name)
{
	add_text(out, LEFT + (double)at * (WIDTH - LEFT) / LINES, HEIGHT - 6,
		 "start", colours[at], name);
}

static void add_frame(const struct lines *lines, struct str *out)
{
	size_t count = lines->along.count;
	double zero = y_of(lines, 0);

	str_addf(out,
		 "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" "
		 "stroke=\"#888\"/>\n",
		 LEFT, WIDTH - LEFT, zero, zero);
	add_text(out, LEFT, HEIGHT - BOTTOM + 16, "start", "currentColor",
		 lines->along.items[0]);
	if (count > 1)
		add_text(out, WIDTH - LEFT, HEIGHT - BOTTOM + 16, "end",
			 "currentColor", lines->along.items[count - 1]);
}

void qs_line_draw(const struct qs_visual *visual, const struct qs_grid *grid,
		  struct str *out)
{
	struct lines lines = { .visual = visual, .grid = grid };
	size_t count;

	while (lines.dimensions < visual->fields.count &&
	       !qs_visual_is_measure(&visual->fields.items[lines.dimensions]))
		lines.dimensions++;
	if (lines.dimensions == 0 || lines.dimensions > 2 ||
	    lines.dimensions >= grid->columns || qs_grid_rows(grid) == 0)
		return;
	survey(&lines);
	str_addf(out,
		 "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"lines\">"
		 "\n",
		 WIDTH, HEIGHT);
	add_frame(&lines, out);
	count = lines.dimensions > 1 ? lines.by.count
				     : grid->columns - lines.dimensions;
	for (size_t i = 0; i < count && i < LINES; i++) {
		bool by = lines.dimensions > 1;

		add_line(&lines, by ? lines.by.items[i] : NULL,
			 by ? 2 : lines.dimensions + i, i, out);
		add_key(out, i,
			by ? lines.by.items[i]
			   : visual->fields.items[1 + i].title.text);
	}
	str_add(out, "</svg>\n");
	vec_done(&lines.along);
	vec_done(&lines.by);
}
