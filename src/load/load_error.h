/* load/load_error.h - what the server wrote down of failed COPYs, as rows.
 *
 * STL_LOAD_ERRORS on a cluster, which has the raw line cut at 1,024 bytes;
 * SYS_LOAD_ERROR_DETAIL on serverless and where the other cannot be read. Why
 * it failed and what to type tells load/load_explain.
 */
#ifndef LOAD_LOAD_ERROR_H
#define LOAD_LOAD_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct db;
struct rows;
struct str;

/* What is needed of the shell; any function may be NULL. */
struct load_error_hooks {
	void *context;
	/* A second connection, for asking when the block is aborted; yours
	 * to db_close. NULL: could not be had. */
	struct db *(*connect)(void *context, struct err *err);
	/* Appends the bytes of a range of an object, fewer at its end. */
	bool (*read_range)(void *context, const char *uri, int64_t offset,
			   int64_t length, struct str *out, struct err *err);
	/* What takes a while now; "": nothing any more. */
	void (*progress)(void *context, const char *text);
};

/* One row of the views, trimmed; texts are ours, "" when not known. */
struct load_error {
	int64_t query;
	int64_t table;		/* oid */
	char *file;
	int64_t line;		/* -1: a split file hides it */
	char *column, *type, *length;
	char *value, *raw_line;	/* cut at 1,024 bytes */
	int64_t position;
	int code;
	char *reason;
	char *at;		/* when, UTC */
};

struct load_errors { VEC(struct load_error); };

void load_errors_done(struct load_errors *errors);

/* Which errors; 0 and false: any. */
struct load_error_wish {
	int session;		/* pid of the server's process */
	int64_t query;
	int64_t table;		/* oid */
	int seconds;		/* not older, by the server's clock */
	bool newest;		/* of one COPY only, the newest that fits */
	bool last_copy;		/* pg_last_copy_id() of the connection */
	int limit;		/* at most so many */
};

/* Newest COPY first, its first file and line first. *out is { 0 }. */
bool load_error_read(struct load_errors *out, struct db *db,
		     const struct load_error_wish *wish, struct err *err);

/* As rows for \loaderrors; yours to rows_free. */
struct rows *load_error_rows(const struct load_errors *errors);

/* The oid of a table by its name as SQL text; without a schema the search
 * path decides. ERR_MISSING: there is none such. */
bool load_error_find_table(struct db *db, const char *name, int64_t *out_oid,
			   struct err *err);

/* Appends the text of a statement that the server remembers, its keys masked
 * by the server; nothing when it does not. */
void load_error_statement(struct db *db, int64_t query, struct str *out);

#endif
