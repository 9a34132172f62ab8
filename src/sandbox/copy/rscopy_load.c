#include "sandbox/copy/rscopy_load.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sandbox/copy/rscopy_access.h"
#include "sandbox/copy/rscopy_job.h"
#include "sandbox/copy/rscopy_lines.h"
#include "sandbox/copy/rscopy_loading.h"

enum {
	LINES_A_LOOK = 4096,
	ROLLBACK_TRIES = 100,
	MOMENT_US = 200000, /* between two looks at how far it is */
};

/* --- what other sessions see --- */

static struct rscopy_log_run log_run(const struct rscopy_loading *load)
{
	struct rscopy_log_run run = {
		.kind = "COPY",
		.started_ms = load->started_ms,
		.table = load->table.name,
		.table_oid = load->table.oid,
		.source = load->statement.source,
		.format = load->plan.format_name,
		.pack = load->plan.format.pack,
		.files = &load->files,
		.rows = load->rows,
		.bytes = load->bytes,
		.errors = load->error_count,
		.lines = load->lines,
		.scanned_files = load->scanned_files,
		.scanned_bytes = load->scanned_bytes,
		.current = "",
		.message = "",
	};

	return run;
}

/* Now and then; the clock is looked at once in many lines. */
static void tell_moment(struct rscopy_loading *load)
{
	CLEANUP(mem_freep) char *current = NULL;
	struct rscopy_log_run run;

	if (clock_monotonic_us() - load->told_us < MOMENT_US)
		return;
	run = log_run(load);
	current = rscopy_loading_uri(load);
	run.current = current;
	rscopy_log_moment(load->job, &run);
	load->told_us = clock_monotonic_us();
}

static void write_logs(struct rscopy_loading *load, bool completed)
{
	struct rscopy_log_run run = log_run(load);

	if (!completed) {
		run.rows = 0;
		run.bytes = 0;
	}
	run.message = load->job->result->message.text;
	rscopy_log_errors(load->job, &run, &load->errors);
	rscopy_log_replacements(load->job, &run, &load->replacements);
	rscopy_log_end(load->job, &run, completed);
}

/* --- the whole --- */

static bool take(void *context, const struct csv_record *record,
		 enum rscopy_fault fault)
{
	struct rscopy_loading *load = context;

	load->file->lines++;
	if (++load->lines % LINES_A_LOOK == 0)
		tell_moment(load);
	return rscopy_lines_take(load, record, fault);
}

static bool read_file(struct rscopy_loading *load, struct rscopy_file *file)
{
	struct rscopy_taker taker = { take, load };
	bool done;

	load->file = file;
	file->started_ms = clock_wall_ms();
	done = rscopy_reader_run(load->job, file, &load->plan.format, &taker,
				 &load->scanned_bytes);
	file->ended_ms = clock_wall_ms();
	load->scanned_files += done;
	return done;
}

static bool read_files(struct rscopy_loading *load)
{
	for (size_t i = 0; i < load->files.count; i++)
		if (!read_file(load, &load->files.items[i]))
			return false;
	return true;
}

/* Rows, statistics and encodings are one transaction: the client's, or one
 * of their own. */
static bool transact(struct rscopy_loading *load, const char *sql)
{
	const struct rscopy_link *link = load->job->call->link;
	struct err err = ERR_EMPTY;

	return load->job->call->in_block ||
	       link->query(link->context, sql, NULL, &err) ||
	       rscopy_fail_err(load->job, &err);
}

static bool load_all(struct rscopy_loading *load)
{
	return transact(load, "BEGIN") &&
	       rscopy_upkeep_begin(load->job, &load->upkeep, &load->plan,
				   &load->table) &&
	       rscopy_loading_begin(load) && read_files(load) && rscopy_loading_end(load) &&
	       rscopy_upkeep_end(load->job, &load->upkeep, &load->plan,
				 &load->table) &&
	       transact(load, "COMMIT");
}

/* A cancel that was meant for the load may hit the ROLLBACK itself. */
static void roll_back(const struct rscopy_link *link)
{
	for (int tries = 0; tries < ROLLBACK_TRIES; tries++)
		if (link->query(link->context, "ROLLBACK", NULL, NULL))
			break;
}

static bool fail_load(struct rscopy_loading *load)
{
	const struct rscopy_link *link = load->job->call->link;

	rscopy_loading_give_up(load);
	if (!load->job->call->in_block)
		roll_back(link);
	if (load->job->result->sqlstate[0] == '\0')
		rscopy_fail(load->job, "XX000",
			    "Load into table '%s' failed.  Check"
			    " 'sys_load_error_detail' system table for"
			    " details.",
			    load->table.name);
	write_logs(load, false);
	return false;
}

static void PRINTF_LIKE(2, 3)
	say(struct rscopy_loading *load, const char *fmt, ...)
{
	const struct rscopy_link *link = load->job->call->link;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	str_addf(&text, "Load into table '%s' completed, ", load->table.name);
	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	link->info(link->context, text.text);
}

static void tell(struct rscopy_loading *load)
{
	say(load, "%lld record(s) loaded successfully.", (long long)load->rows);
	if (load->error_count > 0)
		say(load,
		    "%lld record(s) could not be loaded.  Check"
		    " 'sys_load_error_detail' system table for details.",
		    (long long)load->error_count);
	if (load->replaced_count > 0)
		say(load,
		    "%lld record(s) were loaded with replacements made for"
		    " ACCEPTINVCHARS. Check 'sys_copy_replacements' system"
		    " table for details.",
		    (long long)load->replaced_count);
}

static bool prepare(struct rscopy_loading *load, const char *sql)
{
	struct copy_statement *statement = &load->statement;
	struct err err = ERR_EMPTY;

	statement->options.case_sensitive = load->job->call->case_sensitive;
	if (!copy_parse(statement, sql, strlen(sql), &err))
		return rscopy_fail_err(load->job, &err);
	return rscopy_option_load(load->job, statement, &load->plan) &&
	       rscopy_table_find(load->job, statement, load->plan.explicit_ids,
				 &load->table) &&
	       rscopy_access_begin(load->job, &statement->options) &&
	       rscopy_lines_prepare(load) &&
	       rscopy_files_find(load->job, statement->source,
				 load->plan.manifest, &load->files);
}

bool rscopy_load_run(struct rscopy_job *job, const char *sql)
{
	CLEANUP(rscopy_loading_done)
	struct rscopy_loading load = {
		.job = job,
		.statement = COPY_STATEMENT_EMPTY,
		.out = STR_EMPTY,
		.started_ms = clock_wall_ms(),
		.told_us = clock_monotonic_us(),
	};
	struct rscopy_log_run run;

	if (!prepare(&load, sql))
		return false;
	run = log_run(&load);
	rscopy_log_begin(job, &run);
	if (!load_all(&load))
		return fail_load(&load);
	if (load.plan.no_load)
		load.rows = 0;
	write_logs(&load, true);
	tell(&load);
	job->result->rows = load.rows;
	return true;
}
