/* db/result.h - what one statement answered, rows of it as struct rows.
 *
 * exec_next hands these out. Rows stream: the server's answer is read as
 * rows_next asks for it, so a result must be finished (or freed, which reads
 * the rest) before the next one.
 */
#ifndef DB_RESULT_H
#define DB_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct dberr;
struct result;
struct rows;

enum result_kind {
	RESULT_ROWS,  /* SELECT, SHOW, EXPLAIN, ... */
	RESULT_DONE,  /* a command tag only */
	RESULT_EMPTY, /* the string held no statement */
	RESULT_ERROR,
	RESULT_COPY_IN,  /* the server waits for exec_copy_put */
	RESULT_COPY_OUT, /* the server sends: exec_copy_get */
	RESULT_SYNC,     /* of a pipeline (db/prepared.h) */
	RESULT_ABORTED,  /* not run: its pipeline failed before */
};

void result_free(struct result *result); /* NULL is fine */
CLEANUP_FREE(struct result, result_free, result_freep)

enum result_kind result_kind(const struct result *result);

/* The rows of RESULT_ROWS, borrowed: they die with the result and need no
 * rows_free. A failure in the middle is ROWS_FAILED, then result_error. */
struct rows *result_rows(struct result *result);

/* Rows handed out so far. */
int64_t result_row_count(const struct result *result);

/* "SELECT 3", "INSERT 0 1", "COPY"; "" until the rows have ended. */
const char *result_tag(const struct result *result);

/* The number in the tag as text, "" when it has none. */
const char *result_affected(const struct result *result);

/* Borrowed; NULL unless RESULT_ERROR or the rows failed. */
const struct dberr *result_error(const struct result *result);

#endif
