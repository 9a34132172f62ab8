#include "shell/draw.h"

#include <string.h>

#include "base/str.h"
#include "data/rows.h"
#include "data/spool.h"
#include "db/conn.h"
#include "shell/batch.h"
#include "shell/output.h"
#include "shell/page.h"
#include "shell/session_state.h"

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
	if (footer)
		out->footer = footer;
	measure_as_psql(session, out);
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
		       struct output *to, struct err *err)
{
	do {
		if (!batch_fill(batch, err))
			return false;
		set_part(options, batch);
		if (!print_rows(&batch->rows, options, output_sink(to), NULL,
				err) ||
		    !output_flush(to, err))
			return false;
	} while (!batch->is_last);
	return true;
}

/* Batches that are complete are seen, whatever comes after them. */
static bool draw_batches(struct session *session, struct rows *rows,
			 struct print_options *options, struct output *to,
			 struct err *err)
{
	CLEANUP(batch_done) struct batch batch;

	batch_init(&batch, rows, session->batch_rows);
	if (session->log) {
		batch.taken = log_batch;
		batch.context = session;
	}
	if (printer_has_widths(options->format))
		return draw_parts(&batch, options, to, err);
	if (!batch_fill(&batch, err))
		return false;
	batch.unbroken = true;
	return print_rows(&batch.rows, options, output_sink(to), NULL, err);
}

/* ---- one drawing ---- */

static bool draw_once(struct session *session, struct rows *rows,
		      const char *footer, struct err *err)
{
	struct output *to = session_output(session);
	struct output *pager = page_open(session);
	struct print_options options;
	size_t mark;
	bool ok;

	fill_options(session, footer, &options);
	if (pager)
		to = pager;
	mark = output_mark(to);
	if (session->batch_rows > 0)
		ok = draw_batches(session, rows, &options, to, err);
	else
		ok = print_rows(rows, &options, output_sink(to), NULL, err);
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
	return ok;
}

bool draw_rows(struct session *session, struct rows *rows, const char *footer,
	       struct err *err)
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
