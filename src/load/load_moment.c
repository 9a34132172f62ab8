#include "load/load_moment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/units.h"
#include "data/rows.h"
#include "db/conn.h"
#include "db/exec.h"
#include "transfer/progress.h"

/* --- asking --- */

enum { SQL_BYTES = 512, COLUMNS_MAX = 5 };

/* A row a slice; of the two kinds of bytes one is 0 [r_STV_LOAD_STATE]. */
static const char stv_sql[] =
	"select sum(num_files_complete), sum(num_files), "
	"sum(bytes_loaded + bytes_loaded_compressed), "
	"sum(bytes_to_load + bytes_to_load_compressed), sum(lines) "
	"from stv_load_state where session = %d having count(*) > 0";

static const char load_sql[] =
	"select file_count_scanned, source_file_count, file_bytes_scanned, "
	"source_file_bytes, loaded_rows from sys_load_history "
	"where session_id = %d and status = 'running' "
	"order by start_time desc limit 1";

static const char unload_sql[] =
	"select unloaded_files_count, 0, unloaded_files_size, 0, "
	"unloaded_rows from sys_unload_history "
	"where session_id = %d and status = 'running' "
	"order by start_time desc limit 1";

static const char queued_sql[] =
	"select transaction_id from sys_query_history "
	"where session_id = %d and status = 'queued' "
	"order by start_time desc limit 1";

/* The ids of SYS views are not those of STV views; transactions are. */
static const char place_sql[] =
	"select q.position from stv_wlm_query_queue_state q "
	"join stv_wlm_query_state s on s.task = q.task where s.xid = %lld "
	"order by q.position limit 1";

/* The numbers of the first row, NULL as 0. false: there is no row, or it
 * failed. */
static bool read_numbers(struct db *db, const char *sql,
			 int64_t numbers[COLUMNS_MAX], struct err *err)
{
	const struct rows_value *values;
	CLEANUP(rows_freep) struct rows *rows = exec_query(db, sql, NULL, err);

	if (rows == NULL || rows->column_count > COLUMNS_MAX ||
	    rows_next(rows, &values, err) != ROWS_ROW)
		return false;
	for (size_t i = 0; i < rows->column_count; i++)
		numbers[i] = values[i].text == NULL
				     ? 0
				     : strtoll(values[i].text, NULL, 10);
	return true;
}

static bool read_moment(struct db *db, const char *fmt, int session,
			struct load_moment *out, struct err *err)
{
	int64_t numbers[COLUMNS_MAX] = { 0 };
	char sql[SQL_BYTES];

	snprintf(sql, sizeof(sql), fmt, session);
	if (!read_numbers(db, sql, numbers, err))
		return false;
	*out = (struct load_moment){
		.files = numbers[0],
		.files_total = numbers[1],
		.bytes = numbers[2],
		.bytes_total = numbers[3],
		.rows = numbers[4],
	};
	return true;
}

static bool read_queue(struct db *db, const struct load_view *view,
		       struct load_moment *out, struct err *err)
{
	int64_t numbers[COLUMNS_MAX] = { 0 };
	struct err ignored = ERR_EMPTY;
	char sql[SQL_BYTES];

	snprintf(sql, sizeof(sql), queued_sql, view->session);
	if (!read_numbers(db, sql, numbers, err))
		return false;
	*out = (struct load_moment){ .queued = true, .files = -1, .rows = -1 };
	snprintf(sql, sizeof(sql), place_sql, (long long)numbers[0]);
	if (!view->no_stv && read_numbers(db, sql, numbers, &ignored))
		out->place = numbers[0];
	return ignored.kind != ERR_CANCELLED;
}

static bool has_begun(const struct load_moment *moment)
{
	return moment->bytes > 0 || moment->rows > 0 || moment->files > 0;
}

static bool read_load(struct db *db, struct load_view *view,
		      struct load_moment *out, struct err *err)
{
	struct err why = ERR_EMPTY;

	if (!view->unload && !view->no_stv) {
		if (read_moment(db, stv_sql, view->session, out, &why))
			return true;
		/* a serverless workgroup has none of these views */
		view->no_stv = why.kind != ERR_NONE;
	}
	if (why.kind == ERR_CANCELLED || why.kind == ERR_NETWORK) {
		*err = why;
		return false;
	}
	return read_moment(db, view->unload ? unload_sql : load_sql,
			   view->session, out, err);
}

bool load_moment_read(struct db *db, struct load_view *view,
		      struct load_moment *out, struct err *err)
{
	struct load_moment queued;
	bool known = read_load(db, view, out, err);

	if (err->kind != ERR_NONE || (known && has_begun(out)))
		return known;
	if (read_queue(db, view, &queued, err)) {
		*out = queued;
		return true;
	}
	return known && err->kind == ERR_NONE;
}

/* --- telling --- */

static void add_files(const struct load_moment *moment, struct str *out)
{
	if (moment->files < 0 || (moment->files == 0 && moment->files_total == 0))
		return;
	str_add(out, "  ");
	units_add_count(out, moment->files);
	if (moment->files_total > 0) {
		str_add(out, " of ");
		units_add_count(out, moment->files_total);
	}
	str_add(out, (moment->files_total > 0 ? moment->files_total
					      : moment->files) == 1
			     ? " file"
			     : " files");
}

static void add_rows(const struct load_moment *moment, struct str *out)
{
	if (moment->rows <= 0)
		return;
	str_add(out, "  ");
	units_add_count(out, moment->rows);
	str_add(out, moment->rows == 1 ? " row" : " rows");
}

void load_moment_add_text(const struct load_moment *moment, const char *what,
			  const struct progress *progress, int64_t us,
			  struct str *out)
{
	str_add(out, what);
	if (moment->queued) {
		str_add(out, "  waits in the queue");
		if (moment->place > 0)
			str_addf(out, ", place %lld",
				 (long long)moment->place);
	}
	if (progress->done > 0 || progress->total > 0) {
		str_add(out, "  ");
		progress_add_text(progress, out);
	}
	add_files(moment, out);
	add_rows(moment, out);
	if (progress->total > 0 && progress->rate >= 1)
		return;
	str_add(out, "  ");
	progress_add_left(us / 1000000, out);
}
