#include "sandbox/rscopy_load.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "sandbox/rscopy_files.h"
#include "sandbox/rscopy_job.h"
#include "sandbox/rscopy_json.h"
#include "sandbox/rscopy_log.h"
#include "sandbox/rscopy_option.h"
#include "sandbox/rscopy_quotes.h"
#include "sandbox/rscopy_reader.h"
#include "sandbox/rscopy_table.h"

enum {
	FLUSH_BYTES = 65536,
	LOGGED_MAX = 2000, /* errors kept of one load */
};

struct load {
	struct rscopy_job *job;
	struct copy_statement statement;
	struct rscopy_load_plan plan;
	struct rscopy_table table;
	struct rscopy_files files;
	struct rscopy_file *file;          /* being read */
	struct rscopy_json_fields members; /* of a JSON object */
	struct rscopy_quotes quotes;       /* of a line, REMOVEQUOTES */
	struct str out;                    /* rows for PostgreSQL */
	bool copying;                      /* COPY FROM STDIN is open there */
	int64_t rows;
	int64_t bytes;
	int64_t error_count;
	struct rscopy_log_errors errors;
	int64_t started_ms;
};

static void load_done(struct load *load)
{
	copy_statement_done(&load->statement);
	rscopy_table_done(&load->table);
	rscopy_files_done(&load->files);
	rscopy_log_errors_done(&load->errors);
	rscopy_json_fields_done(&load->members);
	rscopy_quotes_done(&load->quotes);
	str_done(&load->out);
}

/* --- PostgreSQL's side --- */

static bool begin_copy(struct load *load)
{
	const struct rscopy_link *link = load->job->call->link;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (load->plan.no_load)
		return true;
	rscopy_table_add_copy(&load->table, &sql);
	if (!link->copy_begin(link->context, sql.text, &err))
		return rscopy_fail_err(load->job, &err);
	load->copying = true;
	return true;
}

static bool flush(struct load *load)
{
	const struct rscopy_link *link = load->job->call->link;
	struct err err = ERR_EMPTY;
	bool done =
		!load->copying || link->copy_data(link->context, load->out.text,
						  load->out.len, &err);

	load->bytes += (int64_t)load->out.len;
	str_clear(&load->out);
	return done || rscopy_fail_err(load->job, &err);
}

static void give_up(struct load *load)
{
	const struct rscopy_link *link = load->job->call->link;
	int64_t rows;

	if (load->copying)
		link->copy_end(link->context, "the load has failed", &rows,
			       NULL);
	load->copying = false;
}

static bool end_copy(struct load *load)
{
	const struct rscopy_link *link = load->job->call->link;
	struct err err = ERR_EMPTY;
	int64_t rows = load->rows;

	if (!flush(load))
		return false;
	if (!load->copying)
		return true;
	load->copying = false;
	return link->copy_end(link->context, NULL, &rows, &err) ||
	       rscopy_fail_err(load->job, &err);
}

/* --- lines that cannot be loaded --- */

struct blame {
	const struct csv_record *record;
	const struct rscopy_column *column; /* NULL: the line */
	const struct csv_field *field;      /* NULL: none */
	const struct rscopy_problem *problem;
};

static void keep_error(struct load *load, const struct blame *blame)
{
	const struct rscopy_column *column = blame->column;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(str_done) struct str length = STR_EMPTY;
	struct rscopy_log_error error = {
		.line = blame->record->line,
		.offset = blame->record->offset,
		.position = blame->problem->position,
		.code = blame->problem->code,
	};

	str_addf(&file, "s3://%s/%s", load->file->bucket, load->file->key);
	if (column != NULL)
		rscopy_field_length(column, &length);
	error.file = str_take(&file);
	error.length = mem_copy_text(length.text);
	error.column = mem_copy_text(column == NULL ? "" : column->name);
	error.type = mem_copy_text(column == NULL ? "" : column->type_name);
	error.raw_line =
		rscopy_log_raw(blame->record->raw, blame->record->raw_len);
	error.raw_field =
		blame->field == NULL
			? mem_copy_text("")
			: rscopy_log_raw(blame->field->text, blame->field->len);
	error.reason = mem_copy_text(blame->problem->reason);
	vec_push(&load->errors, error);
}

/* False: the load has failed. */
static bool refuse_line(struct load *load, const struct blame *blame)
{
	if (load->errors.count < LOGGED_MAX)
		keep_error(load, blame);
	load->error_count++;
	load->file->errors++;
	return load->plan.ignore_all_errors ||
	       load->error_count < load->plan.max_errors;
}

static bool refuse_record(struct load *load, const struct csv_record *record,
			  int code, const char *reason)
{
	struct rscopy_problem problem = { .code = code };
	struct blame blame = { .record = record, .problem = &problem };

	snprintf(problem.reason, sizeof(problem.reason), "%s", reason);
	if (record->count >= 1 && record->count < load->table.count)
		blame.column = &load->table.items[record->count];
	return refuse_line(load, &blame);
}

/* --- lines --- */

/* A delimiter may also end the line of delimited text. */
static size_t field_count(const struct load *load,
			  const struct csv_record *record)
{
	size_t count = record->count;

	if (!load->plan.rules.csv && count == load->table.count + 1 &&
	    record->fields[count - 1].len == 0)
		count--;
	return count;
}

/* Converts the line into load->out; false with blame filled. */
static bool convert(struct load *load, const struct csv_record *record,
		    struct blame *blame, struct rscopy_problem *problem)
{
	for (size_t i = 0; i < load->table.count; i++) {
		const struct rscopy_column *column = &load->table.items[i];
		bool there = i < record->count;

		if (i > 0)
			str_add_char(&load->out, '\t');
		if (there ? rscopy_field_add(&load->out, column,
					     &load->plan.rules,
					     &record->fields[i], problem)
			  : rscopy_field_add_missing(&load->out, column,
						     &load->plan.rules,
						     problem))
			continue;
		blame->column = column;
		blame->field = there ? &record->fields[i] : NULL;
		return false;
	}
	str_add_char(&load->out, '\n');
	return true;
}

static bool take_line(struct load *load, const struct csv_record *record)
{
	struct rscopy_problem problem = { 0 };
	struct blame blame = { .record = record, .problem = &problem };
	size_t before = load->out.len;

	if (!convert(load, record, &blame, &problem)) {
		str_cut(&load->out, before);
		return refuse_line(load, &blame);
	}
	load->rows++;
	return load->out.len < FLUSH_BYTES || flush(load);
}

static bool take_object(struct load *load, const struct csv_record *object,
			const char *why)
{
	struct csv_record record = *object;

	load->file->lines++;
	if (why != NULL ||
	    !rscopy_json_read(&load->members, object, load->table.items,
			      load->table.count, load->plan.ignore_case))
		return refuse_record(load, object, 1216, "Invalid JSON object");
	record.fields = load->members.items;
	record.count = load->table.count;
	return take_line(load, &record);
}

static bool take_record(struct load *load, const struct csv_record *record,
			const char *why)
{
	size_t count = field_count(load, record);

	load->file->lines++;
	if (why != NULL)
		return refuse_record(load, record, 1214,
				     "Delimited value missing end quote");
	if (record->raw_len == 0 && load->plan.ignore_blank_lines)
		return true;
	if (record->raw_len == 0 && load->table.count > 1 &&
	    !load->plan.fill_record)
		return refuse_record(load, record, 1211,
				     "Input line contained no data");
	if (count > load->table.count)
		return refuse_record(load, record, 1202,
				     "Extra column(s) found");
	if (count < load->table.count && !load->plan.fill_record)
		return refuse_record(load, record, 1214, "Delimiter not found");
	return take_line(load, record);
}

static bool take_quoted(struct load *load, const struct csv_record *line)
{
	struct csv_record record = *line;
	bool closed = rscopy_quotes_split(
		&load->quotes, line, load->plan.delimiter, load->plan.escape);

	record.fields = load->quotes.fields.items;
	record.count = load->quotes.count;
	return take_record(load, &record, closed ? NULL : "open quote");
}

static bool take(void *context, const struct csv_record *record,
		 const char *why)
{
	struct load *load = context;

	if (load->plan.format.json)
		return take_object(load, record, why);
	if (load->plan.remove_quotes && why == NULL)
		return take_quoted(load, record);
	return take_record(load, record, why);
}

/* --- the whole --- */

static bool read_files(struct load *load)
{
	struct rscopy_taker taker = { take, load };

	for (size_t i = 0; i < load->files.count; i++) {
		load->file = &load->files.items[i];
		if (!rscopy_reader_run(load->job, load->file,
				       &load->plan.format, &taker))
			return false;
	}
	return true;
}

static void write_logs(struct load *load, bool completed)
{
	struct rscopy_log_run run = {
		.kind = "COPY",
		.completed = completed,
		.started_ms = load->started_ms,
		.table = load->table.name,
		.table_oid = load->table.oid,
		.source = load->statement.source,
		.format = load->plan.format_name,
		.rows = completed ? load->rows : 0,
		.bytes = completed ? load->bytes : 0,
		.errors = load->error_count,
		.files = &load->files,
	};

	rscopy_log_errors(load->job, &run, &load->errors);
	rscopy_log_run(load->job, &run);
}

static bool fail_load(struct load *load)
{
	give_up(load);
	write_logs(load, false);
	if (load->job->result->sqlstate[0] != '\0')
		return false;
	return rscopy_fail(load->job, "XX000",
			   "Load into table '%s' failed.  Check"
			   " 'sys_load_error_detail' system table for"
			   " details.",
			   load->table.name);
}

static void tell(struct load *load)
{
	const struct rscopy_link *link = load->job->call->link;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text,
		 "Load into table '%s' completed, %lld record(s) loaded"
		 " successfully.",
		 load->table.name, (long long)load->rows);
	link->info(link->context, text.text);
	if (load->error_count == 0)
		return;
	str_clear(&text);
	str_addf(&text,
		 "Load into table '%s' completed, %lld record(s) could not be"
		 " loaded.  Check 'sys_load_error_detail' system table for"
		 " details.",
		 load->table.name, (long long)load->error_count);
	link->info(link->context, text.text);
}

static bool prepare(struct load *load, const char *sql)
{
	struct copy_statement *statement = &load->statement;
	struct err err = ERR_EMPTY;

	if (!copy_parse(statement, sql, strlen(sql), &err))
		return rscopy_fail_err(load->job, &err);
	return rscopy_option_load(load->job, &statement->options,
				  &load->plan) &&
	       rscopy_table_find(load->job, statement, load->plan.explicit_ids,
				 &load->table) &&
	       rscopy_authorize(load->job, &statement->options) &&
	       rscopy_files_find(load->job, statement->source,
				 load->plan.manifest, &load->files);
}

bool rscopy_load_run(struct rscopy_job *job, const char *sql)
{
	CLEANUP(load_done)
	struct load load = {
		.job = job,
		.statement = COPY_STATEMENT_EMPTY,
		.out = STR_EMPTY,
		.started_ms = clock_wall_ms(),
	};

	if (!prepare(&load, sql) || !begin_copy(&load))
		return false;
	if (!read_files(&load) || !end_copy(&load))
		return fail_load(&load);
	if (load.plan.no_load)
		load.rows = 0;
	write_logs(&load, true);
	tell(&load);
	job->result->rows = load.rows;
	return true;
}
