#include "shell/watch.h"

#include <ctype.h>
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "shell/output.h"
#include "shell/run.h"
#include "shell/session_state.h"

/* ---- the plan ---- */

enum { MOST_SECONDS = 1000 * 1000 };

void watch_plan_init(struct watch_plan *plan, int ms)
{
	*plan = (struct watch_plan){ .ms = ms };
}

bool watch_parse_seconds(const char *text, int *out_ms)
{
	double seconds;
	char *end;

	errno = 0;
	seconds = strtod(text, &end);
	if (end == text || *end || errno == ERANGE || !(seconds >= 0) ||
	    seconds > MOST_SECONDS)
		return false;
	*out_ms = (int)(seconds * 1000 + 0.5);
	return true;
}

static bool once(bool *has, const char *what, struct err *err)
{
	if (*has)
		return err_set(err, ERR_USAGE,
			       "\\watch: %s specified more than once", what);
	*has = true;
	return true;
}

static bool take_interval(struct watch_plan *plan, const char *value,
			  struct err *err)
{
	if (!once(&plan->has_ms, "interval value is", err))
		return false;
	return watch_parse_seconds(value, &plan->ms) ||
	       err_set(err, ERR_USAGE,
		       "\\watch: incorrect interval value \"%s\"", value);
}

/* what: of a message. */
static bool take_count(int *out, const char *value, const char *what,
		       struct err *err)
{
	char *end;
	long count;

	errno = 0;
	count = strtol(value, &end, 10);
	if (end == value || *end || errno == ERANGE || count <= 0 ||
	    count > INT_MAX)
		return err_set(err, ERR_USAGE, "\\watch: incorrect %s \"%s\"",
			       what, value);
	*out = (int)count;
	return true;
}

/* What follows one of two names and "="; NULL: neither. */
static const char *value_of(const char *word, const char *brief,
			    const char *name)
{
	const char *value = strchr(word, '=');
	size_t len = value ? (size_t)(value - word) : 0;

	if (!value || (!str_slice_equal(word, len, brief) &&
		       !str_slice_equal(word, len, name)))
		return NULL;
	return value + 1;
}

bool watch_plan_add(struct watch_plan *plan, const char *word, struct err *err)
{
	const char *value = value_of(word, "i", "interval");

	if (value || !strchr(word, '=')) {
		if (!take_interval(plan, value ? value : word, err))
			return false;
		/* psql 15 takes a bare 0 for 1. */
		if (!value && plan->ms == 0)
			plan->ms = 1000;
		return true;
	}
	if ((value = value_of(word, "c", "count")) != NULL)
		return once(&plan->has_runs, "iteration count is", err) &&
		       take_count(&plan->runs, value, "iteration count", err);
	if ((value = value_of(word, "m", "min_rows")) != NULL)
		return once(&plan->has_least_rows, "minimum row count", err) &&
		       take_count(&plan->least_rows, value, "minimum row count",
				  err);
	return err_set(err, ERR_USAGE, "\\watch: unrecognized parameter \"%s\"",
		       word);
}

/* ---- running ---- */

/* "Mon Nov  2 09:00:00 2026 (every 2s)" over each result. */
static void set_title(struct session *session, const char *own, int ms)
{
	CLEANUP(str_done) struct str title = STR_EMPTY;
	time_t now = (time_t)(clock_wall_ms() / 1000);
	struct tm parts;
	char stamp[128];

	localtime_r(&now, &parts);
	strftime(stamp, sizeof(stamp), nl_langinfo(D_T_FMT), &parts);
	if (own)
		str_addf(&title, "%s\t", own);
	str_addf(&title, "%s (every %gs)\n", stamp, ms / 1000.0);
	settings_set(&session->settings, "title", title.text, NULL, NULL);
}

/* $PSQL_WATCH_PAGER takes the whole stream; NULL: none is wanted. */
static struct output *open_pager(struct session *session)
{
	const char *program = getenv("PSQL_WATCH_PAGER");
	CLEANUP(str_done) struct str target = STR_EMPTY;

	if (!program || session->notty || session->temporary)
		return NULL;
	program += strspn(program, " \t\r\n");
	if (!*program)
		return NULL;
	str_addf(&target, "|%s", program);
	return session_open_output(session, target.text, NULL);
}

static bool run_again(struct session *session, const char *query,
		      const struct watch_plan *plan, const char *own)
{
	bool ok = true;

	for (int run = 1; ok && !cancel_raised(); run++) {
		set_title(session, own, plan->ms);
		ok = run_statement(session, query);
		session_flush(session);
		if (session->temporary &&
		    !output_flush(session->temporary, NULL))
			break;
		if (!ok || run == plan->runs ||
		    session->watched_rows < plan->least_rows ||
		    (plan->ms > 0 && cancel_poll(-1, 0, plan->ms) < 0))
			break;
	}
	return ok;
}

bool watch_query(struct session *session, const char *query,
		 const struct watch_plan *plan)
{
	CLEANUP(mem_freep) char *own = mem_copy_text(session->settings.title);
	struct output *pager = open_pager(session);
	bool ok;

	cancel_clear();
	if (pager)
		session->temporary = pager;
	session->watching = true;
	ok = run_again(session, query, plan, own);
	session->watching = false;
	settings_set(&session->settings, "title", own, NULL, NULL);
	if (pager) {
		session->temporary = NULL;
		output_close(pager, NULL, NULL);
	}
	session_put(session, "\n"); /* behind the terminal's ^C */
	cancel_clear();
	return ok;
}
