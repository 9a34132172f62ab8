/* load/load_error.h - why a COPY failed: the true line, field and cure.
 *
 * The views of the server name file, line and column, but cut or lack the
 * raw line; it is read here from the object itself, also from gzip, zstd and
 * bzip2. One entry serves \copyfrom and COPY typed by hand.
 */
#ifndef LOAD_LOAD_ERROR_H
#define LOAD_LOAD_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct db;
struct rows;

/* What is needed of the shell; any function may be NULL. */
struct load_error_hooks {
	void *context;
	/* A second connection, for asking when the block is aborted; yours
	 * to db_close. NULL: could not be had. */
	struct db *(*connect)(void *context, struct err *err);
	/* Appends the bytes of a range of an object, fewer at its end. */
	bool (*read_range)(void *context, const char *uri, int64_t offset,
			   int64_t length, struct str *out, struct err *err);
};

/* To be called after a statement that sql/classify names COPY has failed.
 * message: the server's error text; where it does not send people to the
 * error views (bad role, no such table) there is nothing to add. Appends
 * lines to show below the error and returns true; false: nothing to say.
 * Nothing is ever sent on db while its block is aborted. */
bool load_error_explain(struct str *out, struct db *db, const char *sql,
			const char *message,
			const struct load_error_hooks *hooks);

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

/* The newest failures of one session (pid), all of the same COPY, first line
 * first, at most limit. session 0: of all sessions this user may see, newest
 * COPY first, of several COPYs. Asks the view that this kind of server has.
 * *out is { 0 }. */
bool load_error_read(struct load_errors *out, struct db *db, int session,
		     int limit, struct err *err);

/* The same as rows for \loaderrors; yours to rows_free. */
struct rows *load_error_rows(const struct load_errors *errors);

/* The likely cure for a code of r_Load_Error_Reference; NULL: unknown. */
const char *load_error_cure(int code);

#endif
