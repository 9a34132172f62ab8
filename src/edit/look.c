#include "edit/look.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include "base/str.h"
#include "edit/editor_state.h"
#include "edit/paint.h"

void look_start(struct editor *editor)
{
	struct screen_look *look = &editor->look;
	const char *term = getenv("TERM");
	const char *more = getenv("COLORTERM");

	look->colours = editor->options.colours && !editor->dumb;
	look->rich = (term != NULL && strstr(term, "256color") != NULL) ||
		     (more != NULL && *more != '\0');
	look->found = theme_from_colorfgbg(getenv("COLORFGBG"));
	/* Of those in use these do not wrap old rows anew. */
	look->reflows = getenv("XTERM_VERSION") == NULL &&
			(term == NULL || strcmp(term, "linux") != 0) &&
			(getenv("STY") == NULL || getenv("TMUX") != NULL);
}

static enum theme_ground ground_of(const struct screen_look *look)
{
	if (!look->colours)
		return THEME_NONE;
	switch (look->theme) {
	case EDITOR_THEME_NONE:
		return THEME_NONE;
	case EDITOR_THEME_LIGHT:
		return THEME_LIGHT;
	case EDITOR_THEME_DARK:
		return THEME_DARK;
	case EDITOR_THEME_AUTO:
		break;
	}
	return look->found == THEME_LIGHT ? THEME_LIGHT : THEME_DARK;
}

void look_apply(struct editor *editor)
{
	paint_set_colours(editor->paint, ground_of(&editor->look),
			  editor->look.rich);
}

enum theme_ground editor_ground(const struct editor *editor)
{
	return editor->look.found == THEME_LIGHT ? THEME_LIGHT : THEME_DARK;
}

void editor_set_theme(struct editor *editor, enum editor_theme theme)
{
	editor->look.theme = theme;
}

/* Of these it is known that they take the orders of ECMA-48, and answer, or
 * keep silent about, a question they do not understand. */
static bool is_known(void)
{
	static const char *const terms[] = {
		"xterm", "tmux",  "screen",  "rxvt",    "alacritty",
		"foot",  "kitty", "wezterm", "ghostty", "konsole",
		"vte",   "st-",   "iterm",   "mintty",  "contour",
	};
	const char *term = getenv("TERM");

	for (size_t i = 0; term != NULL && i < COUNT_OF(terms); i++)
		if (strncmp(term, terms[i], strlen(terms[i])) == 0)
			return true;
	return false;
}

bool look_can_draw(void)
{
	const char *up = rl_get_termcap("up");

	/* Newer terminals are often not described where one logs in. */
	if (up == NULL)
		return is_known();
	return str_starts(up, "\033[") || strcmp(up, "\033M") == 0;
}

/* Once: the answer comes as a key of its own, whenever it comes. Not while
 * keys are waiting, since what they start might read it. */
void look_ask(struct editor *editor)
{
	static const char question[] = "\033]11;?\a";
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	struct screen_look *look = &editor->look;

	if (look->asked || !look->colours || look->found != THEME_NONE ||
	    look->theme != EDITOR_THEME_AUTO || !is_known() ||
	    poll(&fd, 1, 0) > 0)
		return;
	look->asked = true;
	paint_send(editor->paint, question, strlen(question));
}

void editor_take_answer(struct editor *editor)
{
	CLEANUP(str_done) struct str answer = STR_EMPTY;

	if (!keys_take_answer(&editor->keys, &answer) ||
	    !str_starts(answer.text, "11;"))
		return;
	editor->look.found = theme_from_reply(answer.text + 3, answer.len - 3);
	look_apply(editor);
	editor->dirty = true;
}
