#include "shell/say.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/str.h"
#include "print/screen.h"

static void write_all(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t done = write(STDERR_FILENO, bytes, len);

		/* A stderr that is closed or full has nobody to tell. */
		if (done <= 0)
			return;
		bytes += done;
		len -= (size_t)done;
	}
}

/* 0: no terminal reads, or psql's look is wanted. */
static int columns_of(const struct say *say)
{
	struct winsize size = { 0 };

	if (!say->shields || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

static void write_folded(const struct say *say, const char *text)
{
	CLEANUP(str_done) struct str folded = STR_EMPTY;

	fold_add_prose(&folded, text, columns_of(say));
	write_all(folded.text, folded.len);
}

/* "01;31" around text; NULL: as it is. */
static void add_coloured(struct str *line, const char *sgr, const char *text)
{
	if (sgr)
		str_addf(line, "\033[%sm%s\033[0m", sgr, text);
	else
		str_add(line, text);
}

static void add_place(struct say *say, struct str *line)
{
	CLEANUP(str_done) struct str place = STR_EMPTY;

	if (!say->terse)
		str_addf(&place, "%s:", say->program);
	if (say->file)
		str_addf(&place, "%s:", say->file);
	if (say->file && say->line > 0)
		str_addf(&place, "%zu:", say->line);
	if (place.len == 0)
		return;
	str_add_char(&place, ' ');
	add_coloured(line, say->colours.locus, place.text);
}

void say_add_shown(const struct say *say, const char *text, struct str *out)
{
	if (say->shields)
		screen_add(out, text, strlen(text));
	else
		str_add(out, text);
}

static void say_line(struct say *say, const char *label, const char *sgr,
		     const char *fmt, va_list args)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str line = STR_EMPTY;

	if (say->before)
		say->before(say->context);
	add_place(say, &line);
	if (!say->terse && *label)
		add_coloured(&line, sgr, label);
	str_addv(&text, fmt, args);
	say_add_shown(say, text.text, &line);
	/* One newline at the end, whether the text had one or not. */
	if (line.len > 0 && line.text[line.len - 1] == '\n')
		str_cut(&line, line.len - 1);
	str_add_char(&line, '\n');
	write_folded(say, line.text);
}

/* One "name=sgr" of PG_COLORS. */
static void set_colour(struct say *say, const char *name, size_t len,
		       const char *sgr)
{
	const struct {
		const char *name;
		char **colour;
	} colours[] = {
		{ "error", &say->colours.error },
		{ "warning", &say->colours.warning },
		{ "note", &say->colours.note },
		{ "locus", &say->colours.locus },
	};

	for (size_t i = 0; i < COUNT_OF(colours); i++)
		if (str_slice_equal(name, len, colours[i].name)) {
			mem_free(*colours[i].colour);
			*colours[i].colour = mem_copy_text(sgr);
		}
}

void say_read_colours(struct say *say)
{
	const char *when = getenv("PG_COLOR");
	const char *colours = getenv("PG_COLORS");

	if (!when || (strcmp(when, "always") != 0 &&
		      (strcmp(when, "auto") != 0 || !isatty(STDERR_FILENO))))
		return;
	if (!colours)
		colours = "error=01;31:warning=01;35:note=01;36:locus=01";
	while (*colours) {
		size_t len = strcspn(colours, ":");
		CLEANUP(mem_freep) char *one = mem_copy_slice(colours, len);
		char *sgr = strchr(one, '=');

		if (sgr)
			set_colour(say, one, (size_t)(sgr - one), sgr + 1);
		colours += len + (colours[len] == ':');
	}
}

void say_forget_colours(struct say *say)
{
	mem_free(say->colours.error);
	mem_free(say->colours.warning);
	mem_free(say->colours.note);
	mem_free(say->colours.locus);
}

void say_error(struct say *say, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(say, "error: ", say->colours.error, fmt, args);
	va_end(args);
}

void say_warning(struct say *say, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(say, "warning: ", say->colours.warning, fmt, args);
	va_end(args);
}

void say_info(struct say *say, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(say, "", NULL, fmt, args);
	va_end(args);
}

void say_hint(struct say *say, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(say, "hint: ", say->colours.note, fmt, args);
	va_end(args);
}

void say_err(struct say *say, const struct err *err)
{
	if (!err->message[0])
		return;
	say_error(say, "%s", err->message);
	if (say->hints && err->hint[0])
		say_info(say, "HINT:  %s", err->hint);
}

void say_text(struct say *say, const char *text)
{
	if (say->before)
		say->before(say->context);
	write_folded(say, text);
}

void say_raw(struct say *say, const char *text)
{
	CLEANUP(str_done) struct str copy = STR_EMPTY;

	if (say->before)
		say->before(say->context);
	str_add(&copy, text);
	write_all(copy.text, copy.len);
}
