/* sandbox/copy/rscopy_loading.h - one COPY while it loads, shared by its parts.
 *
 * What goes to PostgreSQL and which lines are refused; rscopy_lines makes
 * rows of lines, rscopy_load runs the whole. Nobody else's.
 */
#ifndef SANDBOX_COPY_RSCOPY_LOADING_H
#define SANDBOX_COPY_RSCOPY_LOADING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "sandbox/copy/rscopy_files.h"
#include "sandbox/copy/rscopy_fixed.h"
#include "sandbox/copy/rscopy_log.h"
#include "sandbox/copy/rscopy_member.h"
#include "sandbox/copy/rscopy_option.h"
#include "sandbox/copy/rscopy_quotes.h"
#include "sandbox/copy/rscopy_reader.h"
#include "sandbox/copy/rscopy_table.h"
#include "sandbox/copy/rscopy_upkeep.h"

struct rscopy_job;

struct rscopy_loading {
	struct rscopy_job *job;
	struct copy_statement statement;
	struct rscopy_load_plan plan;
	struct rscopy_table table;
	struct rscopy_files files;
	struct rscopy_file *file;      /* being read */
	struct rscopy_members members; /* of a JSON object */
	struct rscopy_quotes quotes;   /* of a line, REMOVEQUOTES */
	struct rscopy_fixed fixed;     /* of a line, FIXEDWIDTH */
	struct str out;                /* rows for PostgreSQL */
	bool copying;                  /* COPY FROM STDIN is open there */
	int64_t rows;
	int64_t bytes;
	int64_t error_count;
	struct rscopy_upkeep upkeep;
	struct rscopy_log_errors errors;
	struct rscopy_log_replacements replacements;
	int64_t replaced_count; /* lines */
	int64_t started_ms;
	int64_t lines;
	int64_t scanned_bytes; /* of files that were read, and this one */
	size_t scanned_files;
	int64_t told_us; /* when rscopy_log_moment was called last */
};

void rscopy_loading_done(struct rscopy_loading *load);

/* --- rows for PostgreSQL: begin, flush as load->out fills, end --- */

bool rscopy_loading_begin(struct rscopy_loading *load);
bool rscopy_loading_flush(struct rscopy_loading *load);
bool rscopy_loading_end(struct rscopy_loading *load);
void rscopy_loading_give_up(struct rscopy_loading *load);

/* --- lines that cannot be loaded; false: the load has failed --- */

struct rscopy_blame {
	const struct csv_record *record;
	const struct rscopy_column *column; /* NULL: the line */
	const struct csv_field *field;      /* NULL: none */
	const struct rscopy_problem *problem;
};

bool rscopy_loading_refuse(struct rscopy_loading *load,
			   const struct rscopy_blame *blame);

/* The column to blame is the one behind the last field there is. */
bool rscopy_loading_refuse_record(struct rscopy_loading *load,
				  const struct csv_record *record, int code,
				  const char *fmt, ...) PRINTF_LIKE(4, 5);

/* What the reader found wrong with a record. */
bool rscopy_loading_refuse_fault(struct rscopy_loading *load,
				 const struct csv_record *record,
				 enum rscopy_fault fault);

/* s3://... of the file being read. Yours to free. */
char *rscopy_loading_uri(const struct rscopy_loading *load);

#endif
