#include "shell/say.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

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

static void say_line(struct say *say, const char *label, const char *fmt,
		     va_list args)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	if (say->before)
		say->before(say->context);
	if (!say->terse)
		str_addf(&line, "%s:", say->program);
	if (say->file)
		str_addf(&line, "%s:", say->file);
	if (say->file && say->line > 0)
		str_addf(&line, "%zu:", say->line);
	if (line.len > 0)
		str_add_char(&line, ' ');
	if (!say->terse)
		str_add(&line, label);
	str_addv(&line, fmt, args);
	/* One newline at the end, whether the text had one or not. */
	if (line.len > 0 && line.text[line.len - 1] == '\n')
		str_cut(&line, line.len - 1);
	str_add_char(&line, '\n');
	write_all(line.text, line.len);
}

void say_error(struct say *say, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(say, "error: ", fmt, args);
	va_end(args);
}

void say_warning(struct say *say, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(say, "warning: ", fmt, args);
	va_end(args);
}

void say_info(struct say *say, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(say, "", fmt, args);
	va_end(args);
}

void say_hint(struct say *say, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say_line(say, "hint: ", fmt, args);
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

void say_raw(struct say *say, const char *text)
{
	CLEANUP(str_done) struct str copy = STR_EMPTY;

	if (say->before)
		say->before(say->context);
	str_add(&copy, text);
	write_all(copy.text, copy.len);
}
