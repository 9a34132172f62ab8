#include "shell/page.h"

#include <unistd.h>

#include "base/fold.h"
#include "base/sink.h"
#include "base/str.h"
#include "shell/output.h"
#include "shell/session_state.h"

static bool wants_pager(const struct session *session)
{
	return session->settings.pager != SETTING_PAGER_OFF &&
	       !session->notty && !session->temporary &&
	       output_is_stdout(session->out) && output_pager();
}

struct output *page_open(struct session *session)
{
	bool always = session->settings.pager == SETTING_PAGER_ALWAYS;
	int lines;

	if (!wants_pager(session))
		return NULL;
	lines = session_screen_lines();
	if (lines <= 0)
		lines = 24;
	if (session->settings.pager_min_lines > lines)
		lines = session->settings.pager_min_lines;
	return output_open_paged(lines, always, session->out);
}

bool page_text(struct session *session, const char *text, struct err *err)
{
	struct output *pager = page_open(session);
	bool ok;

	if (!pager) {
		session_put(session, text);
		return true;
	}
	ok = sink_text(output_sink(pager), text, err);
	/* Whoever leaves the pager early has read enough. */
	if (!ok && err->kind == ERR_CANCELLED)
		ok = true;
	return output_close(pager, NULL, err) && ok;
}

bool page_prose(struct session *session, const char *text, struct err *err)
{
	CLEANUP(str_done) struct str folded = STR_EMPTY;
	bool folds = !session->as_psql && output_is_stdout(session->out) &&
		     isatty(STDOUT_FILENO);

	fold_add(&folded, text, folds ? session_screen_columns() : 0);
	return page_text(session, folded.text, err);
}
