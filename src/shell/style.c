#include "shell/style.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "shell/cmdline.h"
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

/* Settings that differ between the two, redsh's value first. */
static const struct {
	const char *name;
	const char *values[2];
} differences[] = {
	{ "linestyle", { "unicode", "ascii" } },
	{ "expanded", { "auto", "off" } },
	{ "xheader_width", { "page", "full" } },
};

static bool locale_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void apply(struct session *session, bool styled)
{
	for (size_t i = 0; i < COUNT_OF(differences); i++) {
		if (styled && strcmp(differences[i].name, "linestyle") == 0 &&
		    !locale_is_utf8())
			continue;
		settings_set(&session->settings, differences[i].name,
			     differences[i].values[styled ? 0 : 1], NULL, NULL);
	}
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

void style_begin(struct session *session)
{
	session->cell_width = CELL_WIDTH;
	if (session->notty || session->as_psql || is_dumb() ||
	    cmdline_has(session->cmdline, OPTION_PLAIN))
		return;
	vars_set(session->vars, "STYLE", "redsh", NULL);
}
