#include "shell/style.h"

#include <langinfo.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edit/editor.h"
#include "shell/cmdline.h"
#include "shell/output.h"
#include "shell/session_state.h"
#include "shell/setting.h"
#include "shell/var.h"

enum {
	CELL_WIDTH = 500 /* columns, unless CELL_WIDTH says otherwise */
};

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || strcmp(term, "dumb") == 0;
}

/* no-color.org; bixense.com/clicolors */
bool style_has_colour(void)
{
	const char *force = getenv("CLICOLOR_FORCE");

	if (is_set("NO_COLOR"))
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	return !is_dumb();
}

/* Settings that differ between the two, and where those of STYLE are marked. */
static const struct {
	const char *name, *redsh, *psql;
	size_t mark;
} differences[] = {
#define MARK(name) offsetof(struct settings, by_style.name)
	{ "linestyle", "unicode", "ascii", MARK(linestyle) },
	{ "expanded", "auto", "off", MARK(expanded) },
	{ "xheader_width", "page", "full", MARK(xheader) },
#undef MARK
};

bool style_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void put_on(struct settings *settings)
{
	for (size_t i = 0; i < COUNT_OF(differences); i++) {
		if (strcmp(differences[i].name, "linestyle") == 0 &&
		    !style_is_utf8())
			continue;
		settings_set(settings, differences[i].name,
			     differences[i].redsh, NULL, NULL);
		*(bool *)((char *)settings + differences[i].mark) = true;
	}
}

/* What the person chose stays. */
static void take_off(struct settings *settings)
{
	for (size_t i = 0; i < COUNT_OF(differences); i++)
		if (*(bool *)((char *)settings + differences[i].mark))
			settings_set(settings, differences[i].name,
				     differences[i].psql, NULL, NULL);
}

void style_leave_out(const struct settings *settings, struct print_options *out)
{
	if (settings->by_style.linestyle)
		out->linestyle = PRINT_LINES_ASCII;
	if (settings->by_style.xheader)
		out->xheader = PRINT_XHEADER_FULL;
	/* \gx turns records on for one statement, whatever is set. */
	if (settings->by_style.expanded &&
	    out->expanded == PRINT_EXPANDED_AUTO)
		out->expanded = PRINT_EXPANDED_OFF;
}

static void apply(struct session *session, bool styled)
{
	if (styled)
		put_on(&session->settings);
	else
		take_off(&session->settings);
	/* Of -c nobody wants to know how long it took. */
	session->timing = styled && session->loop != NULL;
	session->styled = styled;
}

bool style_set(void *context, const struct var_hook *hook, const char *value,
	       struct err *err)
{
	static const char *const styles[] = { "redsh", "psql", NULL };
	struct session *session = context;
	int which = 1;

	if (value && !var_parse_choice(value, hook->name, styles, &which, err))
		return false;
	if (session->notty)
		return true;
	session->say.shields = which == 0 && isatty(STDERR_FILENO);
	if ((which == 0) != session->styled)
		apply(session, which == 0);
	return true;
}

bool style_set_cell_width(void *context, const struct var_hook *hook,
			  const char *value, struct err *err)
{
	struct session *session = context;
	int width = CELL_WIDTH;

	if (value && !var_parse_int(value, hook->name, &width, err))
		return false;
	session->cell_width = width;
	return true;
}

bool style_set_theme(void *context, const struct var_hook *hook,
		     const char *value, struct err *err)
{
	static const char *const themes[] = { "auto", "dark", "light", "none",
					      NULL };
	struct session *session = context;
	int which = EDITOR_THEME_AUTO;

	if (value && !var_parse_choice(value, hook->name, themes, &which, err))
		return false;
	session->theme = (enum editor_theme)which;
	return true;
}

void style_begin(struct session *session)
{
	session->cell_width = CELL_WIDTH;
	if (session->notty || session->as_psql || is_dumb() ||
	    cmdline_has(session->cmdline, OPTION_PLAIN))
		return;
	vars_set(session->vars, "STYLE", "redsh", NULL);
}

/* A person listens: --plain, a terminal that cannot draw, or the variable that
 * programs for screen readers set. */
bool style_is_plain(const struct session *session)
{
	return cmdline_has(session->cmdline, OPTION_PLAIN) ||
	       is_set("ACCESSIBLE") ||
	       (isatty(STDOUT_FILENO) && is_dumb() &&
		output_is_stdout(session->out) && !session->temporary);
}

enum theme_ground style_ground(const struct session *session, bool *out_rich)
{
	const char *term = getenv("TERM");

	*out_rich = is_set("COLORTERM") ||
		    (term && strstr(term, "256color") != NULL);
	switch (session->theme) {
	case EDITOR_THEME_NONE:
		return THEME_NONE;
	case EDITOR_THEME_LIGHT:
		return THEME_LIGHT;
	case EDITOR_THEME_DARK:
		return THEME_DARK;
	case EDITOR_THEME_AUTO:
		break;
	}
	if (session->editor)
		return editor_ground(session->editor);
	return theme_from_colorfgbg(getenv("COLORFGBG")) == THEME_LIGHT
		       ? THEME_LIGHT
		       : THEME_DARK;
}
