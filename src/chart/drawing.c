#include "chart/drawing.h"

#include <string.h>

#include "base/mem.h"
#include "chart/canvas.h"
#include "chart/draw_kinds.h"

static bool (*const drawers[CHART_KINDS])(const struct chart *chart,
					  const struct drawing_options *options,
					  struct sink *sink,
					  struct err *err) = {
	[CHART_BAR] = draw_bars,       [CHART_HBAR] = draw_hbars,
	[CHART_LINE] = draw_lines,     [CHART_AREA] = draw_areas,
	[CHART_SCATTER] = draw_lines,  [CHART_HIST] = draw_bars,
	[CHART_HEAT] = draw_heat,      [CHART_SPARK] = draw_sparks,
	[CHART_NUMBER] = draw_numbers,
};

static int within(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

bool drawing_note(const char *text, const struct drawing_options *options,
		  struct sink *sink, struct err *err)
{
	while (*text) {
		size_t len = canvas_fit(text, options->width);
		CLEANUP(mem_freep) char *line = mem_copy_slice(text, len);
		struct canvas canvas;
		bool ok;

		canvas_init(&canvas, options->width, 1, options->ascii,
			    options->look.ground != THEME_NONE);
		canvas_text(&canvas, 0, 0, line, options->width, PALETTE_DIM);
		ok = canvas_write(&canvas, &options->look, sink, err);
		canvas_done(&canvas);
		if (!ok)
			return false;
		text += len;
		text += *text == ' ';
	}
	return true;
}

static bool draw_notes(const struct chart *chart,
		       const struct drawing_options *options, struct sink *sink,
		       struct err *err)
{
	for (size_t i = 0; i < chart->notes.count; i++)
		if (!drawing_note(chart->notes.items[i], options, sink, err))
			return false;
	return true;
}

bool drawing_chart(const struct chart *chart,
		   const struct drawing_options *options, struct sink *sink,
		   struct err *err)
{
	struct drawing_options own = *options;

	own.width = within(own.width, DRAWING_LEAST_WIDTH, DRAWING_MOST_WIDTH);
	own.height =
		within(own.height, DRAWING_LEAST_HEIGHT, DRAWING_MOST_HEIGHT);
	if (!drawers[chart->kind])
		return err_set(err, ERR_USAGE, "\\chart: no such kind");
	return drawers[chart->kind](chart, &own, sink, err) &&
	       draw_notes(chart, &own, sink, err);
}
