/* sandbox/rscopy_log.h - what the system views tell of loads and unloads.
 *
 * Rows go over the second connection, so they outlive the rollback of the
 * COPY's own transaction. A failure to log is not a failure of the COPY.
 */
#ifndef SANDBOX_RSCOPY_LOG_H
#define SANDBOX_RSCOPY_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

struct rscopy_column;
struct rscopy_files;
struct rscopy_job;
struct rscopy_problem;

enum { RSCOPY_LOG_RAW_MAX = 1024 }; /* bytes kept of line and field */

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
};

struct rscopy_log_errors {
	VEC(struct rscopy_log_error);
};

/* Copies text as the views show it: at most 1,024 bytes, each character of
 * several bytes and each control a dot. */
char *rscopy_log_raw(const char *text, size_t len);

void rscopy_log_errors_done(struct rscopy_log_errors *errors);

struct rscopy_log_run {
	const char *kind; /* COPY, UNLOAD */
	bool completed;
	int64_t started_ms;
	const char *table; /* "" for UNLOAD */
	int64_t table_oid;
	const char *source; /* s3://... of the statement */
	const char *format; /* TEXT, CSV */
	int64_t rows;
	int64_t bytes;
	int64_t errors;
	const struct rscopy_files *files;
};

void rscopy_log_run(struct rscopy_job *job, const struct rscopy_log_run *run);
void rscopy_log_errors(struct rscopy_job *job, const struct rscopy_log_run *run,
		       const struct rscopy_log_errors *errors);

#endif
