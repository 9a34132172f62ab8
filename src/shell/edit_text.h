/* shell/edit_text.h - text through the person's own editor program. */
#ifndef SHELL_EDIT_TEXT_H
#define SHELL_EDIT_TEXT_H

#include <stdbool.h>

#include "base/err.h"

struct str;

/* Runs $PSQL_EDITOR, $EDITOR, $VISUAL or vi on a private temporary file that
 * holds text; replaces text. line NULL: none asked for. *out_changed: the
 * file was written. */
bool edit_text(struct str *text, const char *line, bool *out_changed,
	       struct err *err);

/* The same on a file of the person's; out gets what it holds then. */
bool edit_file(const char *path, const char *line, struct str *out,
	       bool *out_changed, struct err *err);

#endif
