/* chart/draw_kinds.h - the kinds of chart/drawing: what its table points at. */
#ifndef CHART_DRAW_KINDS_H
#define CHART_DRAW_KINDS_H

#include <stdbool.h>

#include "chart/drawing.h"

bool draw_bars(const struct chart *chart, const struct drawing_options *options,
	       struct sink *sink, struct err *err);
bool draw_hbars(const struct chart *chart,
		const struct drawing_options *options, struct sink *sink,
		struct err *err);
bool draw_lines(const struct chart *chart,
		const struct drawing_options *options, struct sink *sink,
		struct err *err);
bool draw_areas(const struct chart *chart,
		const struct drawing_options *options, struct sink *sink,
		struct err *err);
bool draw_heat(const struct chart *chart, const struct drawing_options *options,
	       struct sink *sink, struct err *err);
bool draw_sparks(const struct chart *chart,
		 const struct drawing_options *options, struct sink *sink,
		 struct err *err);
bool draw_numbers(const struct chart *chart,
		  const struct drawing_options *options, struct sink *sink,
		  struct err *err);

/* A sentence below a picture, in lines no longer than it is wide. */
bool drawing_note(const char *text, const struct drawing_options *options,
		  struct sink *sink, struct err *err);

#endif
