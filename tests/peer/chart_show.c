/* Draws a table of tests/unit/chart/table.h that stands on standard input:
 *
 *	chart_show [OPTIONS of \chart] [--colour dark|light] [--basic]
 *		   [--times N] WORDS ... <TABLE
 *
 * --times draws N times and says how many microseconds one took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/sink.h"
#include "chart/drawing.h"
#include "chart/spoken.h"
#include "chart/svg.h"
#include "chart/vega.h"
#include "tests/unit/chart/table.h"

struct show {
	struct chart_wish wish;
	struct drawing_options drawing;
	int width, height, times;
	bool plain, svg, vega;
};

static int number(char ***args)
{
	return **args != NULL ? (int)strtol(*(*args)++, NULL, 10) : 0;
}

static void read_option(struct show *show, const char *name, char ***args)
{
	if (strcmp(name, "--width") == 0)
		show->width = number(args);
	else if (strcmp(name, "--height") == 0)
		show->height = number(args);
	else if (strcmp(name, "--top") == 0)
		show->wish.top = number(args);
	else if (strcmp(name, "--times") == 0)
		show->times = number(args);
	else if (strcmp(name, "--title") == 0 && **args)
		show->wish.title = mem_copy_text(*(*args)++);
	else if (strcmp(name, "--colour") == 0 && **args)
		show->drawing.look.ground =
			strcmp(*(*args)++, "light") == 0 ? THEME_LIGHT
							 : THEME_DARK;
	show->drawing.look.rich |= strcmp(name, "--colour") == 0;
	show->drawing.look.rich &= strcmp(name, "--basic") != 0;
	show->wish.log |= strcmp(name, "--log") == 0;
	show->wish.stack |= strcmp(name, "--stack") == 0;
	show->wish.sort |= strcmp(name, "--sort") == 0;
	show->drawing.ascii |= strcmp(name, "--ascii") == 0;
	show->plain |= strcmp(name, "--plain") == 0;
	show->svg |= strcmp(name, "--svg") == 0;
	show->vega |= strcmp(name, "--vega") == 0;
}

static bool draw(const struct show *show, const struct gather_source *source,
		 struct str *out, struct err *err)
{
	CLEANUP(chart_done) struct chart chart = CHART_EMPTY;
	struct sink sink = sink_to_str(out);

	if (!gather_chart(&chart, source, &show->wish, err))
		return false;
	if (show->svg)
		svg_chart(&chart, show->width, show->height, out);
	else if (show->vega)
		vega_chart(&chart, out);
	else if (show->plain)
		return spoken_chart(&chart, &sink, err);
	else
		return drawing_chart(&chart, &show->drawing, &sink, err);
	return true;
}

static void read_input(struct str *out)
{
	char block[65536];
	ssize_t got;

	while ((got = read(STDIN_FILENO, block, sizeof(block))) > 0)
		str_add_slice(out, block, (size_t)got);
}

int main(int argc, char **argv)
{
	struct show show = { .drawing = { .look = { .ground = THEME_NONE } } };
	CLEANUP(str_done) struct str input = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	CLEANUP(rows_freep) struct rows *rows = NULL;
	struct err err = ERR_EMPTY;
	struct gather_source source = { .again = table_again };
	bool ok = true;

	(void)argc;
	for (char **args = argv + 1; *args;) {
		char *word = *args++;

		if (strncmp(word, "--", 2) == 0)
			read_option(&show, word, &args);
		else
			chart_wish_add(&show.wish, word);
	}
	show.drawing.width = show.width ? show.width : 60;
	show.drawing.height = show.height ? show.height : 16;
	show.wish.columns = (show.drawing.width - 10) / 2;
	show.wish.rows = show.height ? show.height - 2 : 40;
	read_input(&input);
	rows = table_rows(input.text, input.len);
	source.rows = rows;
	source.context = rows;
	for (int i = 0; i < (show.times ? show.times : 1) && ok; i++) {
		int64_t start = clock_monotonic_us();

		str_clear(&out);
		table_again(rows, NULL);
		ok = draw(&show, &source, &out, &err);
		if (show.times)
			fprintf(stderr, "%lld us\n",
				(long long)(clock_monotonic_us() - start));
	}
	fwrite(out.text, 1, out.len, stdout);
	if (!ok) {
		printf("error: %s\n", err.message);
		if (err.hint[0])
			printf("HINT:  %s\n", err.hint);
	}
	chart_wish_done(&show.wish);
	return ok ? 0 : 1;
}
