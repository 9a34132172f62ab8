#include "shell/load_progress.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/conn.h"
#include "load/load_watch.h"
#include "print/screen.h"
#include "shell/connect.h"
#include "shell/session_state.h"
#include "shell/var.h"
#include "sql/classify.h"
#include "transfer/progress.h"

enum {
	DELAY_MS = 1000, /* most loads of a session are over by then */
	NAME_MAX = 40,
};

struct load_progress {
	struct session *session;
	struct login_aside *login;
	struct load_watch *watch;
	struct progress progress;
	bool over;    /* told to stop; may still be on its way out */
	struct str what;
	int64_t start_us;
};

/* --- drawing --- */

static void draw(void *context)
{
	struct load_progress *load = context;
	CLEANUP(str_done) struct str line = STR_EMPTY;
	struct load_moment moment;
	int64_t now_us = clock_monotonic_us();

	if (!load_watch_take(load->watch, &moment))
		return;
	load->progress.total = moment.bytes_total > 0 ? moment.bytes_total : -1;
	progress_set(&load->progress, moment.bytes, now_us);
	load_moment_add_text(&moment, load->what.text, &load->progress,
			     now_us - load->start_us, &line);
	session_progress(load->session, line.text);
}

/* --- when --- */

/* LOAD_PROGRESS: on, off, else where a person watches. */
static bool is_wanted(const struct session *session)
{
	const char *value = session_var(session, "LOAD_PROGRESS");
	bool wanted;

	if (session->job || session->is.quiet || !isatty(STDERR_FILENO))
		return false;
	if (value && var_parse_bool(value, "LOAD_PROGRESS", &wanted, NULL))
		return wanted;
	return !session->notty;
}

/* "copy sales", "unload". */
static void name_it(const char *sql, const struct statement *what,
		    struct str *out)
{
	const char *name = sql + what->words_end;
	size_t len;

	if (what->kind == STATEMENT_UNLOAD) {
		str_set(out, "unload");
		return;
	}
	name += strspn(name, " \t\r\n");
	len = strcspn(name, " \t\r\n(;");
	str_set(out, "copy ");
	screen_add(out, name, len < NAME_MAX ? len : NAME_MAX);
}

static void discard(struct load_progress *load)
{
	load_watch_free(load->watch);
	connect_aside_free(load->login);
	str_done(&load->what);
	mem_free(load);
}

void load_progress_begin(struct session *session, const char *sql,
			 const struct statement *what)
{
	struct load_progress *load;
	struct load_watch_options options = { .connect = connect_aside,
					      .delay_ms = DELAY_MS };

	if ((what->kind != STATEMENT_COPY && what->kind != STATEMENT_UNLOAD) ||
	    !db_is_redshift(session->db) || !is_wanted(session))
		return;
	load_progress_close(session);
	load = mem_alloc(sizeof(*load));
	*load = (struct load_progress){ .session = session,
					.what = STR_EMPTY,
					.start_us = clock_monotonic_us() };
	name_it(sql, what, &load->what);
	progress_start(&load->progress, -1, load->start_us);
	load->login = connect_aside_new(session);
	connect_aside_name(load->login, "redsh progress");
	options.context = load->login;
	options.session = db_backend_pid(session->db);
	options.unload = what->kind == STATEMENT_UNLOAD;
	load->watch = load_watch_new(&options, NULL);
	if (load->watch == NULL) {
		discard(load);
		return;
	}
	session->load_progress = load;
	db_on_news(session->db, load_watch_fd(load->watch), draw, load);
}

void load_progress_end(struct session *session)
{
	struct load_progress *load = session->load_progress;

	if (!load || load->over)
		return;
	load->over = true;
	load_watch_stop(load->watch);
	if (session->db)
		db_on_news(session->db, -1, NULL, NULL);
	session_progress(session, "");
}

void load_progress_close(struct session *session)
{
	if (!session->load_progress)
		return;
	load_progress_end(session);
	discard(session->load_progress);
	session->load_progress = NULL;
}
