/* sandbox/copy/rscopy_rows.h - the rows that UNLOAD's query gives.
 *
 * They come as PostgreSQL's COPY text format and are cut into values.
 */
#ifndef SANDBOX_COPY_RSCOPY_ROWS_H
#define SANDBOX_COPY_RSCOPY_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct rscopy_job;

struct rscopy_value {
	struct str text;
	bool null;
};

enum rscopy_kind {
	RSCOPY_KIND_TEXT, /* all that is none of the others */
	RSCOPY_KIND_NUMBER,
	RSCOPY_KIND_BOOL,
	RSCOPY_KIND_CHARACTER, /* char and varchar */
	RSCOPY_KIND_SUPER,
	RSCOPY_KIND_VARBYTE,
	RSCOPY_KIND_OTHER, /* no key of a partition: times of day, ... */
};

struct rscopy_result_column {
	char *name;
	char *type; /* as format_type() has it, without length */
	enum rscopy_kind kind;
};

struct rscopy_result_columns {
	VEC(struct rscopy_result_column);
};

/* Names and types of the columns of a query, which is not run for it. */
bool rscopy_rows_describe(struct rscopy_job *job, const char *query,
			  struct rscopy_result_columns *out, struct err *err);
void rscopy_result_columns_done(struct rscopy_result_columns *columns);

/* Values are borrowed for the call. false ends it with err. */
struct rscopy_row_taker {
	bool (*take)(void *context, const struct rscopy_value *values,
		     size_t count, struct err *err);
	void *context;
};

/* Runs the query; stops when the client cancels (job->result says so). */
bool rscopy_rows_run(struct rscopy_job *job, const char *query,
		     const struct rscopy_row_taker *taker, struct err *err);

#endif
