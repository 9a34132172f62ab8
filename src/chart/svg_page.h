/* chart/svg_page.h - the page that chart/svg draws on: size, styles, title,
 * legend, notes, and numbers and texts as SVG has them. */
#ifndef CHART_SVG_PAGE_H
#define CHART_SVG_PAGE_H

#include <stdbool.h>

#include "base/str.h"
#include "chart/ticks.h"

struct chart;

struct svg_page {
	struct str *out;
	const struct chart *chart;
	double page_width, page_height;
	double left, top, width, height; /* of the plot */
	double bottom;                   /* below it: labels, notes */
	double names;     /* right edge of those of bars that lie */
	int decimals;     /* of values of bars that lie; -1: each has its own */
	size_t name_step; /* every second or third category is named */
	bool turned;      /* names rise from left to right */
	int name_most;    /* columns of a name */
	size_t across;    /* numbers side by side */
	double low, high; /* y at its edges */
	double x_low, x_high;
	struct ticks y_ticks;
};

/* The plot's place by what stands around it. */
void svg_begin(struct svg_page *page, const struct chart *chart, int width,
	       int height, struct str *out);
void svg_end(struct svg_page *page);

/* A value's place on the page. */
double svg_x(const struct svg_page *page, double x);
double svg_y(const struct svg_page *page, double y);

/* "12.5"; what is not finite is 0. */
void svg_number(struct str *out, double value);
void svg_attribute(struct str *out, const char *name, double value);

/* What may not stand in XML is left out. */
void svg_escape(struct str *out, const char *text);
void svg_text(struct svg_page *page, double x, double y, const char *anchor,
	      const char *class, const char *text);

/* A category's name below x, as planned. */
void svg_name(struct svg_page *page, double x, const char *name);

/* A text that has only so much room. */
void svg_label(struct svg_page *page, double x, double y, double width,
	       const char *text);

/* Numbers written large: how wide their digits are by their height, pixels of
 * that, between two numbers, and of a row of them. */
#define SVG_DIGIT 0.64
enum {
	SVG_NUMBER_MOST = 44,
	SVG_NUMBER_LEAST = 28,
	SVG_NUMBER_GAP = 20,
	SVG_NUMBERS = 90,
};

/* Pixels that a text takes, about, at most those of a name. */
double svg_text_width(const char *text);

#endif
