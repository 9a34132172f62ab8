/* sandbox/copy/rscopy_log.h - what the system views tell of loads and unloads.
 *
 * Rows go over the second connection, so they outlive the rollback of the
 * COPY's own transaction. A failure to log is not a failure of the COPY.
 */
#ifndef SANDBOX_COPY_RSCOPY_LOG_H
#define SANDBOX_COPY_RSCOPY_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "data/pack.h"

struct rscopy_column;
struct rscopy_files;
struct rscopy_job;
struct rscopy_problem;

enum { RSCOPY_LOG_RAW_MAX = 1024 }; /* bytes kept of line and field */

/* A field of a refused line. */
struct rscopy_log_field {
	char *column, *type, *length;
	char *value;
	bool is_null;
};

/* One line that was refused. Texts are ours. */
struct rscopy_log_error {
	char *file; /* s3://bucket/key */
	int64_t line;
	int64_t offset;               /* of the line in the file */
	char *column, *type, *length; /* "" where no column is to blame */
	int position;
	char *raw_line, *raw_field; /* cut, other than ASCII as dots */
	int code;
	char *reason;
	struct {
		VEC(struct rscopy_log_field);
	} fields; /* up to the one to blame; only of the first lines */
};

struct rscopy_log_errors {
	VEC(struct rscopy_log_error);
};

/* A line in which ACCEPTINVCHARS replaced something. Texts are ours. */
struct rscopy_log_replacement {
	char *file;
	int64_t line;
	char *column; /* the first */
	char *raw_line;
};

struct rscopy_log_replacements {
	VEC(struct rscopy_log_replacement);
};

/* Copies text as the views show it: at most 1,024 bytes, each character of
 * several bytes and each control a dot. */
char *rscopy_log_raw(const char *text, size_t len);

void rscopy_log_errors_done(struct rscopy_log_errors *errors);
void rscopy_log_replacements_done(struct rscopy_log_replacements *lines);

struct rscopy_log_run {
	const char *kind; /* COPY, UNLOAD */
	int64_t started_ms;
	const char *table; /* "" for UNLOAD */
	int64_t table_oid;
	const char *source; /* s3://... of the statement */
	const char *format; /* TEXT, CSV */
	enum pack_kind pack;
	const struct rscopy_files *files;
	/* of the moment, or at the end: */
	int64_t rows;
	int64_t bytes; /* of the rows */
	int64_t errors;
	int64_t lines;
	size_t scanned_files;
	int64_t scanned_bytes;
	const char *current; /* s3://... being read, or "" */
	const char *message; /* why it failed, or "" */
};

/* It is running: seen by other sessions from now on. */
void rscopy_log_begin(struct rscopy_job *job, const struct rscopy_log_run *run);
/* How far it is. */
void rscopy_log_moment(struct rscopy_job *job,
		       const struct rscopy_log_run *run);
void rscopy_log_end(struct rscopy_job *job, const struct rscopy_log_run *run,
		    bool completed);
void rscopy_log_errors(struct rscopy_job *job, const struct rscopy_log_run *run,
		       const struct rscopy_log_errors *errors);
void rscopy_log_replacements(struct rscopy_job *job,
			     const struct rscopy_log_run *run,
			     const struct rscopy_log_replacements *lines);

#endif
