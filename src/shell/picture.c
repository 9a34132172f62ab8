#include "shell/picture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/sink.h"
#include "base/str.h"
#include "chart/drawing.h"
#include "chart/gather.h"
#include "chart/spoken.h"
#include "chart/svg.h"
#include "chart/vega.h"
#include "data/replay.h"
#include "shell/last.h"
#include "shell/output.h"
#include "shell/session_state.h"
#include "shell/style.h"

enum {
	WIDTH = 80, /* where no screen says */
	HEIGHT = 20,
	SVG_ROWS = 40, /* bars that lie, or stand, on a page */
	SVG_COLUMNS = 100,
};

void picture_free(struct picture *picture)
{
	if (!picture)
		return;
	chart_wish_done(&picture->wish);
	mem_free(picture->svg);
	mem_free(picture->vega_file);
	mem_free(picture);
}

/* ---- what the screen is like ---- */

static bool is_screen(struct session *session)
{
	return output_is_stdout(session_output(session)) &&
	       isatty(STDOUT_FILENO);
}

static struct palette_look look_of(struct session *session)
{
	struct palette_look look = { .ground = THEME_NONE };

	if (is_screen(session) && style_has_colour())
		look.ground = style_ground(session, &look.rich);
	return look;
}

static void fit(struct session *session, const struct picture *picture,
		struct drawing_options *out)
{
	bool screen = is_screen(session);
	int columns = session_screen_columns();
	int lines = screen ? session_screen_lines() : 0;

	out->width = picture->width ? picture->width
		     : columns > 0  ? columns
				    : WIDTH;
	out->height = picture->height ? picture->height : HEIGHT;
	/* The prompt stays in sight. */
	if (!picture->height && lines > 0 && lines - 3 < HEIGHT)
		out->height = lines - 3;
	out->ascii = picture->ascii || !style_is_utf8();
	out->look = look_of(session);
}

/* How many bars there is room for. */
static void set_room(struct session *session, const struct picture *picture,
		     const struct drawing_options *options,
		     struct chart_wish *wish)
{
	int lines = is_screen(session) ? session_screen_lines() : 0;

	if (picture->svg || picture->vega) {
		wish->columns = SVG_COLUMNS;
		wish->rows = SVG_ROWS;
		return;
	}
	wish->columns = (options->width - 10) / 2;
	wish->rows = picture->height > 0 ? picture->height - 2
		     : lines > 0         ? lines - 5
					 : 2 * HEIGHT;
	if (wish->rows < 4)
		wish->rows = 4;
}

/* ---- where it goes ---- */

static bool put_file(struct session *session, const char *name,
		     const struct str *text, const char *what, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	path_expand(name, &path);
	if (!file_write(path.text, text->text, text->len, 0666, err))
		return err_wrap(err, "\\chart");
	session_info(session, "%s written to %s.", what, path.text);
	return true;
}

static bool put(struct session *session, const struct picture *picture,
		const struct chart *chart,
		const struct drawing_options *options, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct sink sink = sink_to_str(&text);

	if (picture->svg) {
		svg_chart(chart, picture->width, picture->height, &text);
		return put_file(session, picture->svg, &text, "Chart", err);
	}
	if (picture->vega) {
		vega_chart(chart, &text);
		if (picture->vega_file)
			return put_file(session, picture->vega_file, &text,
					"Specification", err);
	} else if (picture->plain || style_is_plain(session)) {
		if (!spoken_chart(chart, &sink, err))
			return false;
	} else if (!drawing_chart(chart, options, &sink, err)) {
		return false;
	}
	return sink_write(session_out(session), text.text, text.len, err);
}

static bool draw_from(struct session *session, const struct picture *picture,
		      const struct gather_source *source, struct err *err)
{
	CLEANUP(chart_done) struct chart chart = CHART_EMPTY;
	struct chart_wish wish = picture->wish; /* its words stay borrowed */
	struct drawing_options options;

	fit(session, picture, &options);
	set_room(session, picture, &options, &wish);
	return gather_chart(&chart, source, &wish, err) &&
	       put(session, picture, &chart, &options, err);
}

/* ---- rows that come once ---- */

bool picture_draw(struct session *session, const struct picture *picture,
		  struct rows *rows, struct err *err)
{
	CLEANUP(replay_done) struct replay kept;
	struct gather_source source = { &kept.rows, replay_again, &kept };
	struct last_rows seen;

	replay_init(&kept, rows);
	if (session->interactive) {
		last_free(session->last);
		session->last = last_new(rows, &seen);
		if (!replay_fill(&kept, &seen.rows, err))
			return false;
		session->rows_end_us = seen.end_us;
		record_rows(session, seen.count);
	} else if (!replay_fill(&kept, rows, err)) {
		return false;
	}
	return draw_from(session, picture, &source, err);
}

/* ---- the last result ---- */

static bool last_once_more(void *context, struct err *err)
{
	bool whole;

	return last_again(context, &whole, err) != NULL;
}

bool picture_draw_last(struct session *session, const struct picture *picture,
		       struct err *err)
{
	struct gather_source source = { .again = last_once_more,
					.context = session->last };
	bool whole;

	if (!session->last) {
		err_set(err, ERR_MISSING, "\\chart: there is no result yet");
		return err_hint(err, session->interactive
					     ? "run a query first, or write it "
					       "in front of \\chart instead of "
					       "a semicolon"
					     : "results are kept at a prompt "
					       "only: write the query in front "
					       "of \\chart instead of a "
					       "semicolon");
	}
	source.rows = last_again(session->last, &whole, err);
	if (!source.rows || !draw_from(session, picture, &source, err))
		return false;
	if (!whole)
		session_info(session, "The result was left before its end: "
				      "the rows that had come are drawn.");
	return true;
}
