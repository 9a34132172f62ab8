#include "shell/draw.h"

#include <string.h>

#include "base/str.h"
#include "data/rows.h"
#include "data/spool.h"
#include "db/conn.h"
#include "print/screen.h"
#include "shell/batch.h"
#include "shell/last.h"
#include "shell/output.h"
#include "shell/page.h"
#include "shell/session_state.h"
#include "shell/style.h"
#include "shell/var.h"

/* ---- the same rows twice: screen and -L ---- */

struct replay {
	struct rows rows;
	struct spool *spool;
};

static enum rows_step replay_next(struct rows *rows,
				  const struct rows_value **out_values,
				  struct err *err)
{
	struct replay *replay = (struct replay *)rows;

	return spool_next(replay->spool, out_values, err);
}

static void replay_free(struct rows *rows)
{
	(void)rows;
}

static const struct rows_class replay_class = {
	.next = replay_next,
	.free = replay_free,
};

static bool fill_spool(struct spool *spool, struct rows *rows, struct err *err)
{
	const struct rows_value *values;
	enum rows_step step;

	while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
		if (!spool_add(spool, values, err))
			return false;
	return step == ROWS_END;
}

/* NULL: UTF-8, also where nobody is connected. */
static const struct measure_charset *charset(struct session *session)
{
	if (!session->db || !db_is_alive(session->db) ||
	    strcmp(db_encoding(session->db), "UTF8") == 0)
		return NULL;
	session->charset =
		(struct measure_charset){ db_encoding_id(session->db),
					  db_char_len, db_char_width };
	return &session->charset;
}

static void measure_as_psql(struct session *session, struct print_options *out)
{
	out->charset = charset(session);
	out->wide_records = db_library_version() >= 150019;
}

static void set_part(struct print_options *options, const struct batch *part)
{
	options->is_later_part = !part->is_first;
	options->has_more_parts = !part->is_last;
	options->rows_before = part->before;
}

/* psql logs tables aligned or wrapped, whatever the format is. */
static bool draw_log(struct session *session, struct rows *rows,
		     const struct batch *part, struct err *err)
{
	struct print_options options = session->settings.print;

	style_leave_out(&session->settings, &options);
	if (!printer_has_widths(options.format))
		options.format = printer_find("aligned", NULL);
	options.expanded = PRINT_EXPANDED_OFF;
	if (part)
		set_part(&options, part);
	measure_as_psql(session, &options);
	return print_rows(rows, &options, output_sink(session->log), NULL,
			  err) &&
	       output_flush(session->log, err);
}

/* ---- drawing ---- */

static bool asks_for_width(const struct print_options *options)
{
	return options->expanded == PRINT_EXPANDED_AUTO ||
	       strcmp(printer_name(options->format), "wrapped") == 0;
}

static void fill_options(struct session *session, const char *footer,
			 struct print_options *out)
{
	const struct output *to = session_output(session);

	*out = session->settings.print;
	if (!output_is_stdout(to))
		style_leave_out(&session->settings, out);
	if (footer)
		out->footer = footer;
	measure_as_psql(session, out);
	out->insert_table = vars_get(session->vars, "INSERT_TABLE");
	out->e_strings = session->db && db_takes_e_strings(session->db);
	out->screen_columns = 0;
	if (!session->notty && output_is_stdout(to) && asks_for_width(out))
		out->screen_columns = session_screen_columns();
}

/* ---- FETCH_COUNT ---- */

static bool log_batch(struct batch *batch, struct err *err)
{
	return draw_log(batch->context, &batch->rows, batch, err);
}

static bool draw_parts(struct batch *batch, struct print_options *options,
		       struct sink *sink, struct output *to, struct err *err)
{
	do {
		if (!batch_fill(batch, err))
			return false;
		set_part(options, batch);
		if (!print_rows(&batch->rows, options, sink, NULL, err) ||
		    !output_flush(to, err))
			return false;
	} while (!batch->is_last);
	return true;
}

/* Batches that are complete are seen, whatever comes after them. */
static bool draw_batches(struct session *session, struct rows *rows,
			 struct print_options *options, struct sink *sink,
			 struct output *to, struct err *err)
{
	CLEANUP(batch_done) struct batch batch;

	batch_init(&batch, rows, session->batch_rows);
	if (session->log) {
		batch.taken = log_batch;
		batch.context = session;
	}
	if (printer_has_widths(options->format))
		return draw_parts(&batch, options, sink, to, err);
	if (!batch_fill(&batch, err))
		return false;
	batch.unbroken = true;
	return print_rows(&batch.rows, options, sink, NULL, err);
}

/* ---- one drawing ---- */

static bool draw_to(struct session *session, struct rows *rows,
		    struct print_options *options, struct sink *sink,
		    struct output *to, struct err *err)
{
	if (session->batch_rows > 0)
		return draw_batches(session, rows, options, sink, to, err);
	return print_rows(rows, options, sink, NULL, err);
}

enum {
	WINDOW_ROWS = 100 /* from which a terminal's widths are taken */
};

static void tell_cut(struct session *session, int64_t count)
{
	if (count == 0)
		return;
	session_flush(session);
	say_info(&session->say,
		 "%lld %s cut at %d columns: \\last json shows all, "
		 "\\set CELL_WIDTH 0 cuts none.",
		 (long long)count, count == 1 ? "cell was" : "cells were",
		 session->cell_width);
}

/* For the eyes of a person; see print/screen.h. */
static bool draw_styled(struct session *session, struct rows *rows,
			struct print_options *options, struct output *to,
			bool paged, int64_t *out_cut, struct err *err)
{
	bool has_widths = printer_has_widths(options->format);
	struct screen_options screen = {
		.cell_cols = has_widths ? session->cell_width : 0,
		.null_text = has_widths && !*options->null_text &&
					     !session->blank_nulls
				     ? "NULL"
				     : NULL,
	};
	struct screen_rows shown;
	struct screen_sink eyes;
	bool ok;

	screen_rows_init(&shown, rows, &screen);
	screen_sink_init(&eyes, output_sink(to),
			 style_has_colour() &&
				 (!paged || output_pager_is_own()));
	options->window_rows = WINDOW_ROWS;
	output_set_eager(to, true);
	ok = draw_to(session, has_widths ? &shown.rows : rows, options,
		     &eyes.sink, to, err);
	screen_sink_done(&eyes);
	output_set_eager(to, false);
	*out_cut = shown.cut_count;
	screen_rows_done(&shown);
	return ok;
}

static bool draw_once(struct session *session, struct rows *rows,
		      const char *footer, struct err *err)
{
	struct output *to = session_output(session);
	bool styled = session->styled && output_is_stdout(to);
	struct output *pager = page_open(session);
	struct print_options options;
	int64_t cut = 0;
	size_t mark;
	bool ok;

	fill_options(session, footer, &options);
	if (pager)
		to = pager;
	mark = output_mark(to);
	if (styled)
		ok = draw_styled(session, rows, &options, to, pager != NULL,
				 &cut, err);
	else
		ok = draw_to(session, rows, &options, output_sink(to), to, err);
	if (!ok && output_failed(to)) {
		/* Whoever leaves the pager early has seen enough; any other
		 * failure is told when the output is flushed or closed. */
		ok = pager != NULL;
		err_set(err, ERR_SYSTEM, "%s", "");
	}
	if (!ok && session->batch_rows <= 0)
		output_rollback(to, mark);
	if (pager && !output_close(pager, NULL, ok ? err : NULL))
		ok = false;
	if (ok)
		tell_cut(session, cut);
	return ok;
}

static bool draw_logged(struct session *session, struct rows *rows,
			const char *footer, struct err *err)
{
	CLEANUP(spool_freep) struct spool *spool = NULL;
	struct replay replay = { .rows = *rows };

	if (!session->log || session->batch_rows > 0)
		return draw_once(session, rows, footer, err);
	spool = spool_new(rows->column_count, SPOOL_MEMORY_BYTES);
	replay.rows.class = &replay_class;
	replay.spool = spool;
	return fill_spool(spool, rows, err) && spool_rewind(spool, err) &&
	       draw_once(session, &replay.rows, footer, err) &&
	       spool_rewind(spool, err) &&
	       draw_log(session, &replay.rows, NULL, err);
}

bool draw_again(struct session *session, struct rows *rows, struct err *err)
{
	return draw_logged(session, rows, NULL, err);
}

bool draw_rows(struct session *session, struct rows *rows, const char *footer,
	       struct err *err)
{
	struct last_rows seen;

	if (!session->interactive)
		return draw_logged(session, rows, footer, err);
	last_free(session->last);
	session->last = last_new(rows, &seen);
	if (!draw_logged(session, &seen.rows, footer, err))
		return false;
	session->rows_end_us = seen.end_us;
	record_rows(session, seen.count);
	return true;
}
