#include "shell/progress_line.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "base/utf8.h"
#include "transfer/progress.h"

enum { LEAST_COLS = 12 }; /* of a name that is cut */

/* The longest end of text that takes at most columns. */
static const char *tail(const char *text, int columns)
{
	int width = utf8_width_cols(text, strlen(text));

	while (width > columns && *text) {
		uint32_t code;
		size_t len = utf8_decode(text, strlen(text), &code);

		width -= utf8_width_cols(text, len);
		text += len;
	}
	return text;
}

void progress_line_add_cut(const char *text, int columns, struct str *out)
{
	size_t len = strlen(text);

	if (utf8_width_cols(text, len) <= columns) {
		str_add(out, text);
		return;
	}
	if (columns < 1)
		return;
	/* A name's end tells more than its beginning. */
	str_add_slice(out, text, utf8_fit(text, len, (columns - 1) / 3));
	str_add(out, "\xE2\x80\xA6");
	str_add(out, tail(text, columns - 1 - (columns - 1) / 3));
}

static void add_files(const struct progress *progress, struct str *out)
{
	units_add_count(out, progress->files_done);
	if (progress->files_total > 0) {
		str_add(out, " of ");
		units_add_count(out, progress->files_total);
	}
	str_add(out, progress->files_done == 1 && progress->files_total < 2
			     ? " file"
			     : " files");
}

static bool fits(const struct str *before, const struct str *rest, int columns)
{
	return utf8_width_cols(before->text, before->len) + LEAST_COLS +
		       utf8_width_cols(rest->text, rest->len) <=
	       columns;
}

/* Takes the last piece off, of those that two blanks part. */
static bool drop_last(struct str *rest)
{
	for (size_t at = rest->len; at-- > 1;)
		if (rest->text[at] == ' ' && rest->text[at - 1] == ' ') {
			str_cut(rest, at - 1);
			str_trim_end(rest);
			return true;
		}
	return false;
}

void progress_line_add(const struct progress_line *line, int columns,
		       struct str *out)
{
	const struct progress *progress = line->progress;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str rest = STR_EMPTY;
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	int left;

	if (progress && *line->subject == '\0')
		add_files(progress, &name);
	else
		str_add(&name, line->subject);
	if (progress) {
		str_add(&rest, "  ");
		progress_add_text(progress, &rest);
	}
	str_addf(&whole, "%s ", line->verb);
	while (columns > 0 && !fits(&whole, &rest, columns) && drop_last(&rest))
		;
	if (columns > 0) {
		left = columns - utf8_width_cols(whole.text, whole.len) -
		       utf8_width_cols(rest.text, rest.len);
		progress_line_add_cut(name.text,
				      left > LEAST_COLS ? left : LEAST_COLS,
				      &whole);
	} else {
		str_add(&whole, name.text);
	}
	str_add(&whole, rest.text);
	str_add_slice(out, whole.text,
		      columns > 0 ? utf8_fit(whole.text, whole.len, columns)
				  : whole.len);
}
