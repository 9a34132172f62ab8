#include "cmd/cmd_chart.h"

#include <string.h>

#include "base/str.h"
#include "chart/drawing.h"
#include "shell/mainloop.h"
#include "shell/picture.h"
#include "shell/pipeline.h"
#include "shell/session_state.h"

static const struct arg chart_args[] = {
	{ "WORDS", ARG_CHART, ARG_REPEATED,
	  "[KIND] [X] [Y ...] [by COLUMN] [(QUERY)]", WANT_CHART,
	  "bar|hbar|line|area|scatter|hist|heat|spark|number" },
	{ "--title", ARG_NAME, ARG_OPTIONAL, "what stands above it" },
	{ "--top", ARG_NUMBER, ARG_OPTIONAL,
	  "the N greatest, the rest added up as other" },
	{ "--sort", ARG_FLAG, ARG_OPTIONAL, "bars by size" },
	{ "--stack", ARG_FLAG, ARG_OPTIONAL,
	  "series one on the other, not side by side" },
	{ "--log", ARG_FLAG, ARG_OPTIONAL, "a logarithmic axis of values" },
	{ "--width", ARG_NUMBER, ARG_OPTIONAL, "in columns; default: all" },
	{ "--height", ARG_NUMBER, ARG_OPTIONAL, "in lines" },
	{ "--plain", ARG_FLAG, ARG_OPTIONAL, "in words, for screen readers" },
	{ "--ascii", ARG_FLAG, ARG_OPTIONAL, "without blocks and braille" },
	{ "--svg", ARG_LOCAL_PATH, ARG_OPTIONAL, "write an SVG picture" },
	{ "--vega", ARG_MAYBE_PATH, ARG_OPTIONAL,
	  "a Vega-Lite specification, with =FILE in a file" },
	ARG_END
};

/* 0: not given. */
static bool read_size(const struct args *args, const char *name, int least,
		      int most, int *out, struct err *err)
{
	int64_t value = args_number(args, name, 0);

	*out = (int)value;
	if (!args_text(args, name) || (value >= least && value <= most))
		return true;
	return err_set(err, ERR_USAGE, "\\chart: %s must be %d to %d, not %s",
		       name, least, most, args_text(args, name));
}

static bool read_options(const struct args *args, struct picture *picture,
			 struct err *err)
{
	const char *vega = args_text(args, "--vega");

	picture->wish.title = mem_copy_text(args_text(args, "--title"));
	picture->wish.log = args_flag(args, "--log");
	picture->wish.stack = args_flag(args, "--stack");
	picture->wish.sort = args_flag(args, "--sort");
	picture->plain = args_flag(args, "--plain");
	picture->ascii = args_flag(args, "--ascii");
	picture->svg = mem_copy_text(args_text(args, "--svg"));
	picture->vega = vega != NULL;
	picture->vega_file = mem_copy_text(vega && *vega ? vega : NULL);
	if (picture->svg && vega)
		return err_set(err, ERR_USAGE,
			       "\\chart: --svg and --vega are two pictures: "
			       "give one");
	if (picture->wish.log && picture->wish.stack)
		return err_set(err, ERR_USAGE,
			       "\\chart: --stack adds up, which a logarithmic "
			       "axis cannot show: leave --log out");
	return read_size(args, "--top", 1, 1000, &picture->wish.top, err) &&
	       read_size(args, "--width", DRAWING_LEAST_WIDTH,
			 DRAWING_MOST_WIDTH, &picture->width, err) &&
	       read_size(args, "--height", DRAWING_LEAST_HEIGHT,
			 DRAWING_MOST_HEIGHT, &picture->height, err);
}

/* "(select ...)" without its parentheses. */
static bool read_query(const char *text, struct str *out, struct err *err)
{
	str_set(out, text);
	str_trim_end(out);
	while (out->len > 0 && out->text[out->len - 1] == ';') {
		str_cut(out, out->len - 1);
		str_trim_end(out);
	}
	if (out->len < 3 || out->text[out->len - 1] != ')') {
		err_set(err, ERR_USAGE,
			"\\chart: the query must end in a parenthesis, and "
			"nothing may stand behind it");
		return err_hint(err, "\\chart bar region revenue --sort "
				     "(select ...)");
	}
	str_cut(out, out->len - 1);
	memmove(out->text, out->text + 1, out->len);
	str_cut(out, out->len - 1);
	return true;
}

static bool read_words(const struct args *args, struct picture *picture,
		       struct str *query, struct err *err)
{
	const char *word;

	for (size_t i = 0; (word = args_item(args, "WORDS", i)) != NULL; i++) {
		if (*word == '(')
			return read_query(word, query, err);
		if (*word)
			chart_wish_add(&picture->wish, word);
	}
	return true;
}

/* As \g and its kin: the statement's rows are drawn when they come. */
static void send_as_chart(struct session *session, struct picture **picture)
{
	session->send.use = SEND_CHART;
	session->send.picture = *picture;
	*picture = NULL;
}

static bool chart_run(struct session *session, const struct args *args,
		      struct err *err)
{
	CLEANUP(picture_freep)
	struct picture *picture = mem_alloc(sizeof(*picture));
	CLEANUP(str_done) struct str query = STR_EMPTY;

	if (!read_options(args, picture, err) ||
	    !read_words(args, picture, &query, err))
		return false;
	if (query.len == 0 &&
	    (!session->loop || !*mainloop_text(session->loop)))
		return picture_draw_last(session, picture, err);
	if (!pipeline_allows(session, "chart", err))
		return false;
	send_as_chart(session, &picture);
	if (query.len > 0)
		return session_run_sql(session, query.text, err);
	session->after = AFTER_SEND_AS_IS;
	return true;
}

const struct command cmd_chart_table[] = {
	{
		.name = "chart",
		.group = GROUP_GENERAL,
		.synopsis = "\\chart [KIND] [X] [Y ...] [by COLUMN] "
			    "[OPTIONS] [(QUERY)]",
		.brief = "draw the last result, or the query, as a chart",
		.args = chart_args,
		.run = chart_run,
	},
	COMMAND_END
};
