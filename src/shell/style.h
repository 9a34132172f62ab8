/* shell/style.h - how tables look at a terminal: redsh's way or psql's.
 *
 * redsh's: lines in unicode where the locale can, records when a table is
 * wider than the screen, times, nulls visible and dim, long cells cut, rows
 * drawn as they come, nothing in data that a terminal would obey. The variable
 * STYLE says which (redsh, psql), a person's \pset goes on top. Pipes, files
 * and scripts never see any of it.
 */
#ifndef SHELL_STYLE_H
#define SHELL_STYLE_H

#include <stdbool.h>

#include "base/err.h"
#include "edit/theme.h"

struct print_options;
struct session;
struct settings;
struct var_hook;

/* At start, before options and start-up files: STYLE is redsh for a person at
 * a terminal that can draw, unless --plain or the name psql forbid it. */
void style_begin(struct session *session);

/* The hooks of STYLE and CELL_WIDTH. */
bool style_set(void *context, const struct var_hook *hook, const char *value,
	       struct err *err);
bool style_set_cell_width(void *context, const struct var_hook *hook,
			  const char *value, struct err *err);

/* The hook of THEME. */
bool style_set_theme(void *context, const struct var_hook *hook,
		     const char *value, struct err *err);

/* Tables for a file, a pipe or the log: out without what STYLE put there. */
void style_leave_out(const struct settings *settings,
		     struct print_options *out);

/* Can the locale draw lines, blocks and braille? */
bool style_is_utf8(void);

/* Is a result to be told in words? --plain, ACCESSIBLE, a dumb terminal. */
bool style_is_plain(const struct session *session);

/* What THEME or the terminal says of its ground. *out_rich: 256 colours. */
enum theme_ground style_ground(const struct session *session, bool *out_rich);

/* May this terminal be sent colours? NO_COLOR, CLICOLOR_FORCE, TERM. */
bool style_has_colour(void);

#endif
