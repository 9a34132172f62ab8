#include "db/exec.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "data/rows_mem.h"
#include "db/conn.h"
#include "db/dberr.h"
#include "db/pq.h"
#include "db/result_make.h"
#include "db/wire.h"

enum {
	AFTER_CANCEL_POLL_MS = 50, /* how often a second Ctrl-C is seen */
	STOP_PATIENCE_MS = 2000,   /* a stopped background query */
	CANCEL_AGAIN_MS = 1000,
};

struct exec {
	struct db *db;
	bool cancel_sent;
	int cancels_seen;
	int64_t cancel_at_us;
	int64_t cancel_again_us;
	bool is_simple;        /* the simple protocol, and rows may come */
	bool is_begun;         /* how the answer is read has been decided */
	bool is_there;         /* input is waiting: no poll needed */
	bool failed;           /* a failure ended the request */
	bool lost;             /* the connection broke: nothing more comes */
	bool is_over;          /* a pipeline goes on behind this answer */
	char *copy_row;        /* of PQgetCopyData */
	const char *abandoned; /* why the connection was given up */
};

/* ---- cancelling ---- */

static void *cancel_thread(void *context)
{
	PGcancel *cancel = context;
	char why[256];

	if (!PQcancel(cancel, why, sizeof(why)))
		log_debug(LOG_DB, "cancel request failed: %s", why);
	PQfreeCancel(cancel);
	return NULL;
}

/* PQcancel connects and waits, so a thread of its own does it. */
static void request_cancel(struct exec *exec)
{
	PGcancel *cancel = PQgetCancel(exec->db->conn);
	pthread_attr_t detached;
	pthread_t thread;

	exec->cancel_again_us =
		clock_monotonic_us() + CANCEL_AGAIN_MS * (int64_t)1000;
	if (!cancel)
		return;
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &detached, cancel_thread, cancel) != 0)
		PQfreeCancel(cancel);
	pthread_attr_destroy(&detached);
}

static void send_cancel(struct exec *exec)
{
	exec->cancel_sent = true;
	exec->cancels_seen = cancel_count();
	exec->cancel_at_us = clock_monotonic_us();
	request_cancel(exec);
	if (exec->db->cancelling)
		exec->db->cancelling(exec->db->cancelling_context);
}

static bool patience_is_over(const struct exec *exec)
{
	int64_t waited_us = clock_monotonic_us() - exec->cancel_at_us;

	if (!exec->cancel_sent)
		return false;
	if (exec->db->stop_fd >= 0)
		return waited_us > STOP_PATIENCE_MS * (int64_t)1000;
	return cancel_count() > exec->cancels_seen;
}

static void abandon(struct exec *exec, const char *why)
{
	PQfinish(exec->db->conn);
	exec->db->conn = NULL;
	exec->abandoned = why;
}

static bool stop_wanted(const struct exec *exec, const struct pollfd *stop)
{
	if (exec->db->stop_fd >= 0)
		return stop->revents != 0;
	return cancel_raised();
}

/* Waits until the socket is ready for events. false: the connection is gone. */
static bool wait_socket(struct exec *exec, short events)
{
	struct db *db = exec->db;

	if (events & POLLIN && wire_is_pending(db->wire))
		return true;
	for (;;) {
		struct pollfd fds[3] = {
			{ .fd = PQsocket(db->conn), .events = events },
			{ .fd = db->news_fd, .events = POLLIN },
			{ .fd = db->stop_fd >= 0 ? db->stop_fd : cancel_fd(),
			  .events = POLLIN },
		};
		const struct pollfd *stop = &fds[2];
		bool both = !exec->cancel_sent;

		if (patience_is_over(exec)) {
			abandon(exec, "stopped waiting for the server; the "
				      "connection is closed");
			return false;
		}
		if (poll(fds, both ? 3 : 2, both ? -1 : AFTER_CANCEL_POLL_MS) <
			    0 &&
		    errno != EINTR)
			return false;
		if (fds[1].revents)
			db->news(db->news_context);
		if (both && stop_wanted(exec, stop))
			send_cancel(exec);
		else if (!both && !fds[0].revents &&
			 clock_monotonic_us() > exec->cancel_again_us)
			/* A server drops a request that overtakes its query. */
			request_cancel(exec);
		else if (fds[0].revents)
			return true;
		else if (both && db->stop_fd < 0 && stop->revents &&
			 !fds[0].revents)
			/* Some other signal: nobody here wants it now. */
			poll(NULL, 0, 1);
	}
}

/* Sends what libpq holds, reading meanwhile so that neither side blocks. */
static bool flush(struct exec *exec)
{
	int left;

	while ((left = PQflush(exec->db->conn)) > 0) {
		if (!wait_socket(exec, POLLIN | POLLOUT))
			return false;
		/* From here on libpq has bytes of the answer. */
		if (!exec->is_begun) {
			exec->is_begun = true;
			PQsetSingleRowMode(exec->db->conn);
		}
		if (!PQconsumeInput(exec->db->conn))
			return false;
	}
	return left == 0;
}

/* ---- requests ---- */

struct exec *exec_new(struct db *db, int sent, struct err *err)
{
	struct exec *exec;

	if (!sent) {
		CLEANUP(str_done) struct str why = STR_EMPTY;

		str_add(&why, PQerrorMessage(db->conn));
		str_trim_end(&why);
		err_set(err, ERR_NETWORK, "%s", why.text);
		return NULL;
	}
	exec = mem_alloc(sizeof(*exec));
	exec->db = db;
	return exec;
}

static bool check_alive(const struct db *db, struct err *err)
{
	if (db->conn)
		return true;
	err_set(err, ERR_NETWORK, "the connection is closed");
	return err_hint(err, "connect again with \\c");
}

bool exec_is_possible(const struct db *db, struct err *err)
{
	if (!check_alive(db, err))
		return false;
	if (PQpipelineStatus(db->conn) == PQ_PIPELINE_OFF)
		return true;
	err_set(err, ERR_USAGE, "this does not go into a pipeline");
	return err_hint(err, "end the pipeline first: \\endpipeline");
}

bool exec_flush(struct db *db)
{
	struct exec exec = { .db = db, .is_begun = true };

	return db->conn && flush(&exec);
}

struct exec *exec_start_command(struct db *db, const char *sql, struct err *err)
{
	struct exec *exec;

	if (!exec_is_possible(db, err))
		return NULL;
	log_debug(LOG_SQL, "%zu bytes sent", strlen(sql));
	exec = exec_new(db, PQsendQuery(db->conn, sql), err);
	if (exec)
		db->query = sql;
	return exec;
}

struct exec *exec_start(struct db *db, const char *sql, struct err *err)
{
	struct exec *exec = exec_start_command(db, sql, err);

	if (exec)
		exec->is_simple = true;
	return exec;
}

void exec_stream(struct exec *exec)
{
	if (exec->is_begun)
		return;
	exec->is_begun = true;
	PQsetSingleRowMode(exec->db->conn);
}

bool exec_wait_input(struct exec *exec)
{
	return wait_socket(exec, POLLIN);
}

void exec_abandon(struct exec *exec)
{
	abandon(exec, "the connection is closed");
	exec->failed = true;
}

/* Decides who reads the answer, by its first bytes. true: the wire does. */
static bool begin(struct exec *exec)
{
	struct wire *wire = exec->is_simple ? exec->db->wire : NULL;
	enum wire_look look = WIRE_OTHER;

	exec->is_begun = exec->is_begun || !flush(exec);
	if (exec->is_begun)
		return false;
	exec->is_begun = true;
	if (wire)
		do {
			if (!wait_socket(exec, POLLIN))
				return false;
			look = wire_look(wire);
		} while (look == WIRE_NOTHING);
	exec->is_there = wire != NULL;
	/* All rows of a small answer are one PGresult, at less cost. */
	if (look == WIRE_OTHER)
		PQsetSingleRowMode(exec->db->conn);
	return look == WIRE_ROWS;
}

PGresult *exec_next_raw(struct exec *exec)
{
	PGconn *conn = exec->db->conn;
	PGresult *raw;

	if (!conn || exec->lost || exec->is_over)
		return NULL;
	if (!exec->is_begun) {
		exec->is_begun = true;
		PQsetSingleRowMode(conn);
	}
	if (PQisBusy(conn) && !flush(exec) && !exec->db->conn)
		return NULL;
	while (PQisBusy(conn)) {
		if (!exec->is_there && !wait_socket(exec, POLLIN))
			return NULL;
		exec->is_there = false;
		if (!PQconsumeInput(conn))
			break;
	}
	raw = PQgetResult(conn);
	exec->lost = PQstatus(conn) == CONNECTION_BAD;
	/* No NULL follows a sync. */
	exec->is_over = !raw || PQresultStatus(raw) == PGRES_PIPELINE_SYNC;
	return raw;
}

struct result *exec_next(struct exec *exec)
{
	PGresult *raw = NULL;

	if (exec->db->conn && !exec->is_begun && begin(exec))
		return result_new_wire(exec, exec->db);
	if (exec->db->conn)
		raw = exec_next_raw(exec);
	if (!raw && exec->abandoned && !exec->failed) {
		exec->failed = true;
		return result_new_failure(exec, exec->abandoned);
	}
	if (!raw)
		return NULL;
	return result_new(exec, raw);
}

/* COPY in either direction that nobody serves must end, or the connection
 * stays in it. */
static void end_copies(struct exec *exec, const PGresult *raw)
{
	const char *bytes;
	size_t len;

	if (PQresultStatus(raw) == PGRES_COPY_IN)
		exec_copy_end(exec, "no data is sent from here", NULL);
	if (PQresultStatus(raw) == PGRES_COPY_OUT)
		while (exec_copy_get(exec, &bytes, &len, NULL))
			;
}

void exec_free(struct exec *exec)
{
	PGresult *raw;

	if (!exec)
		return;
	while ((raw = exec_next_raw(exec)) != NULL) {
		end_copies(exec, raw);
		PQclear(raw);
	}
	PQfreemem(exec->copy_row);
	exec->db->query = NULL;
	mem_free(exec);
}

/* ---- COPY ---- */

static bool copy_failed(struct exec *exec, struct err *err)
{
	CLEANUP(str_done) struct str why = STR_EMPTY;

	if (!exec->db->conn)
		return check_alive(exec->db, err);
	str_add(&why, PQerrorMessage(exec->db->conn));
	str_trim_end(&why);
	return err_set(err, ERR_NETWORK, "%s", why.text);
}

bool exec_copy_put(struct exec *exec, const char *bytes, size_t len,
		   struct err *err)
{
	enum { PIECE = 1 << 20 };

	while (len > 0) {
		size_t piece = len < PIECE ? len : PIECE;
		int sent;

		if (!exec->db->conn)
			return copy_failed(exec, err);
		sent = PQputCopyData(exec->db->conn, bytes, (int)piece);
		if (sent < 0)
			return copy_failed(exec, err);
		if (sent == 0) {
			if (!flush(exec))
				return copy_failed(exec, err);
			continue;
		}
		bytes += piece;
		len -= piece;
	}
	return true;
}

bool exec_copy_end(struct exec *exec, const char *reason, struct err *err)
{
	int sent = 0;

	while (sent == 0) {
		if (!exec->db->conn)
			return copy_failed(exec, err);
		sent = PQputCopyEnd(exec->db->conn, reason);
		if (!flush(exec))
			return copy_failed(exec, err);
	}
	return sent > 0 || copy_failed(exec, err);
}

bool exec_copy_get(struct exec *exec, const char **out_bytes, size_t *out_len,
		   struct err *err)
{
	int len = 0;

	PQfreemem(exec->copy_row);
	exec->copy_row = NULL;
	while (exec->db->conn) {
		len = PQgetCopyData(exec->db->conn, &exec->copy_row, 1);
		if (len != 0)
			break;
		if (!wait_socket(exec, POLLIN))
			return false;
		if (!PQconsumeInput(exec->db->conn))
			len = -2; /* as PQgetCopyData has it */
		if (len != 0)
			break;
	}
	if (len < -1 && err)
		copy_failed(exec, err);
	if (len <= 0)
		return false;
	*out_bytes = exec->copy_row;
	*out_len = (size_t)len;
	return true;
}

/* ---- whole answers ---- */

/* Copies the error out; false. */
static bool failed(const struct result *result, struct dberr *out_why,
		   struct err *err)
{
	dberr_to_err(result_error(result), err);
	if (out_why)
		dberr_move(out_why, (struct dberr *)result_error(result));
	return false;
}

static struct rows *keep_rows(struct result *result)
{
	struct rows_mem *mem = rows_mem_new(NULL);
	struct rows *rows = result_rows(result);
	const struct rows_value *values;

	for (size_t i = 0; i < rows->column_count; i++)
		rows_mem_column(mem, rows->columns[i].name,
				rows->columns[i].kind);
	while (rows_next(rows, &values, NULL) == ROWS_ROW)
		for (size_t i = 0; i < rows->column_count; i++) {
			if (values[i].text)
				rows_mem_add_slice(mem, values[i].text,
						   values[i].len);
			else
				rows_mem_add(mem, NULL);
		}
	return rows_mem_rows(mem);
}

/* Takes one result: rows replace *out_rows, an error fails. */
static bool take(struct result *result, struct rows **out_rows,
		 struct dberr *out_why, struct err *err)
{
	enum result_kind kind = result_kind(result);

	if (kind == RESULT_COPY_IN || kind == RESULT_COPY_OUT)
		return err_set(err, ERR_USAGE,
			       "COPY between client and "
			       "server is not possible here");
	if (kind == RESULT_ROWS) {
		struct rows *kept = keep_rows(result);

		rows_free(*out_rows);
		*out_rows = kept;
	}
	if (result_error(result))
		return failed(result, out_why, err);
	return true;
}

struct rows *exec_query(struct db *db, const char *sql, struct dberr *out_why,
			struct err *err)
{
	CLEANUP(exec_freep) struct exec *exec = exec_start(db, sql, err);
	struct rows *rows = NULL;
	struct result *result;
	bool ok = exec != NULL;

	while (ok && (result = exec_next(exec)) != NULL) {
		ok = take(result, &rows, out_why, err);
		result_free(result);
	}
	if (!ok) {
		rows_free(rows);
		return NULL;
	}
	return rows ? rows : rows_mem_rows(rows_mem_new(NULL));
}

bool exec_run(struct db *db, const char *sql, struct dberr *out_why,
	      struct err *err)
{
	CLEANUP(rows_freep)
	struct rows *rows = exec_query(db, sql, out_why, err);

	return rows != NULL;
}

/* ---- describing ---- */

struct described {
	struct rows rows;
	struct result *result; /* owns the columns */
};

static enum rows_step described_next(struct rows *rows,
				     const struct rows_value **out_values,
				     struct err *err)
{
	(void)rows;
	(void)out_values;
	(void)err;
	return ROWS_END;
}

static void described_free(struct rows *rows)
{
	struct described *described = (struct described *)rows;

	result_free(described->result);
	mem_free(described);
}

static const struct rows_class described_class = {
	.next = described_next,
	.free = described_free,
};

/* The last result of one request, the others are dropped. */
static struct result *last_result(struct exec *exec, struct dberr *out_why,
				  struct err *err)
{
	struct result *last = NULL;
	struct result *result;

	while ((result = exec_next(exec)) != NULL) {
		result_free(last);
		last = result;
		if (result_error(result)) {
			failed(result, out_why, err);
			result_free(result);
			return NULL;
		}
	}
	return last;
}

struct rows *exec_describe(struct db *db, const char *sql,
			   struct dberr *out_why, struct err *err)
{
	CLEANUP(exec_freep) struct exec *prepare = NULL;
	CLEANUP(exec_freep) struct exec *describe = NULL;
	struct described *described;
	struct result *result;

	if (!exec_is_possible(db, err))
		return NULL;
	prepare = exec_new(db, PQsendPrepare(db->conn, "", sql, 0, NULL), err);
	result = prepare ? last_result(prepare, out_why, err) : NULL;
	result_free(result);
	if (!result)
		return NULL;
	describe = exec_new(db, PQsendDescribePrepared(db->conn, ""), err);
	result = describe ? last_result(describe, out_why, err) : NULL;
	if (!result)
		return NULL;
	described = mem_alloc(sizeof(*described));
	described->result = result;
	described->rows = *result_rows(result);
	described->rows.class = &described_class;
	return &described->rows;
}
