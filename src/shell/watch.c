#include "shell/watch.h"

#include <stdlib.h>
#include <time.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "shell/run.h"
#include "shell/session_state.h"

static bool parse(const char *text, int *out_ms, struct err *err)
{
	char *end;
	double seconds = 2;

	if (text && *text) {
		seconds = strtod(text, &end);
		if (*end || seconds < 0 || seconds > 86400)
			return err_set(err, ERR_USAGE,
				       "\\watch: incorrect interval value "
				       "\"%s\"",
				       text);
	}
	*out_ms = seconds < 0.001 ? 1000 : (int)(seconds * 1000);
	return true;
}

/* "Mon Nov  2 09:00:00 2026 (every 2s)" over each result. */
static void set_title(struct session *session, const char *own, int ms)
{
	CLEANUP(str_done) struct str title = STR_EMPTY;
	time_t now = (time_t)(clock_wall_ms() / 1000);
	struct tm parts;
	char stamp[64];

	localtime_r(&now, &parts);
	strftime(stamp, sizeof(stamp), "%a %b %e %H:%M:%S %Y", &parts);
	if (own)
		str_addf(&title, "%s\t", own);
	str_addf(&title, "%s (every %gs)\n", stamp, ms / 1000.0);
	settings_set(&session->settings, "title", title.text, NULL, NULL);
}

bool watch_query(struct session *session, const char *query,
		 const char *interval, struct err *err)
{
	CLEANUP(mem_freep) char *own = mem_copy_text(session->settings.title);
	bool ok = true;
	int ms = 0;

	if (!parse(interval, &ms, err))
		return false;
	cancel_clear();
	while (ok && !cancel_raised()) {
		set_title(session, own, ms);
		ok = run_statement(session, query);
		session_flush(session);
		if (ok && cancel_poll(-1, 0, ms) < 0)
			break;
	}
	settings_set(&session->settings, "title", own, NULL, NULL);
	session_put(session, "\n");
	cancel_clear();
	return ok;
}
