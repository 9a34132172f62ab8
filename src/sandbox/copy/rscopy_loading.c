#include "sandbox/copy/rscopy_loading.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"
#include "sandbox/copy/rscopy_job.h"

enum {
	LOGGED_MAX = 2000, /* errors kept of one load */
	DETAILED_MAX = 20, /* of which the fields are kept [per slice] */
};

void rscopy_loading_done(struct rscopy_loading *load)
{
	copy_statement_done(&load->statement);
	rscopy_table_done(&load->table);
	rscopy_files_done(&load->files);
	rscopy_log_errors_done(&load->errors);
	rscopy_log_replacements_done(&load->replacements);
	rscopy_upkeep_done(&load->upkeep);
	rscopy_members_done(&load->members);
	rscopy_fixed_done(&load->fixed);
	rscopy_quotes_done(&load->quotes);
	str_done(&load->out);
}

/* --- PostgreSQL's side --- */

bool rscopy_loading_begin(struct rscopy_loading *load)
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

bool rscopy_loading_flush(struct rscopy_loading *load)
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

void rscopy_loading_give_up(struct rscopy_loading *load)
{
	const struct rscopy_link *link = load->job->call->link;
	int64_t rows;

	if (load->copying)
		link->copy_end(link->context, "the load has failed", &rows,
			       NULL);
	load->copying = false;
}

bool rscopy_loading_end(struct rscopy_loading *load)
{
	const struct rscopy_link *link = load->job->call->link;
	struct err err = ERR_EMPTY;
	int64_t rows = load->rows;

	if (!rscopy_loading_flush(load))
		return false;
	if (!load->copying)
		return true;
	load->copying = false;
	return link->copy_end(link->context, NULL, &rows, &err) ||
	       rscopy_fail_err(load->job, &err);
}

/* --- lines that cannot be loaded --- */

char *rscopy_loading_uri(const struct rscopy_loading *load)
{
	struct str uri = STR_EMPTY;

	str_addf(&uri, "s3://%s/%s", load->file->bucket, load->file->key);
	return str_take(&uri);
}

static char *length_of(const struct rscopy_column *column)
{
	struct str length = STR_EMPTY;

	rscopy_field_length(column, &length);
	return str_take(&length);
}

/* The fields up to the one to blame. */
static void keep_fields(struct rscopy_loading *load,
			const struct rscopy_blame *blame,
			struct rscopy_log_error *out)
{
	const struct csv_record *record = blame->record;

	for (size_t i = 0; i < record->count && i < load->table.count; i++) {
		const struct rscopy_column *column = &load->table.items[i];
		const struct csv_field *field = &record->fields[i];
		bool there = field->text != NULL;
		struct rscopy_log_field kept = {
			.column = mem_copy_text(column->name),
			.type = mem_copy_text(column->type_name),
			.length = length_of(column),
			.value = there ? rscopy_log_raw(field->text, field->len)
				       : mem_copy_text(""),
			.is_null = !there,
		};

		vec_push(&out->fields, kept);
		if (column == blame->column)
			break;
	}
}

static void keep_error(struct rscopy_loading *load,
		       const struct rscopy_blame *blame)
{
	const struct rscopy_column *column = blame->column;
	struct rscopy_log_error error = {
		.line = blame->record->line,
		.offset = blame->record->offset,
		.position = blame->problem->position,
		.code = blame->problem->code,
	};

	error.file = rscopy_loading_uri(load);
	error.length = column == NULL ? mem_copy_text("") : length_of(column);
	error.column = mem_copy_text(column == NULL ? "" : column->name);
	error.type = mem_copy_text(column == NULL ? "" : column->type_name);
	error.raw_line =
		rscopy_log_raw(blame->record->raw, blame->record->raw_len);
	error.raw_field =
		blame->field == NULL
			? mem_copy_text("")
			: rscopy_log_raw(blame->field->text, blame->field->len);
	if (load->errors.count < DETAILED_MAX)
		keep_fields(load, blame, &error);
	error.reason = mem_copy_text(blame->problem->reason);
	vec_push(&load->errors, error);
}

bool rscopy_loading_refuse(struct rscopy_loading *load,
			   const struct rscopy_blame *blame)
{
	if (load->errors.count < LOGGED_MAX)
		keep_error(load, blame);
	load->error_count++;
	load->file->errors++;
	return load->plan.ignore_all_errors ||
	       load->error_count < load->plan.max_errors;
}

bool rscopy_loading_refuse_record(struct rscopy_loading *load,
				  const struct csv_record *record, int code,
				  const char *fmt, ...)
{
	struct rscopy_problem problem = { .code = code };
	struct rscopy_blame blame = { .record = record, .problem = &problem };
	va_list args;

	va_start(args, fmt);
	vsnprintf(problem.reason, sizeof(problem.reason), fmt, args);
	va_end(args);
	if (record->count >= 1 && record->count < load->table.count)
		blame.column = &load->table.items[record->count];
	return rscopy_loading_refuse(load, &blame);
}

bool rscopy_loading_refuse_fault(struct rscopy_loading *load,
				 const struct csv_record *record,
				 enum rscopy_fault fault)
{
	static const struct {
		int code;
		const char *reason;
	} faults[] = {
		[RSCOPY_FAULT_NONE] = { 1200, "Unknown parse error" },
		[RSCOPY_FAULT_OPEN_QUOTE] = { 1214, "Delimited value missing"
						    " end quote" },
		[RSCOPY_FAULT_AFTER_QUOTE] = { 1216, "Invalid quote formatting"
						     " for CSV" },
		[RSCOPY_FAULT_TOO_LONG] = { 1216, "Input line is longer than"
						  " 4 MB" },
		[RSCOPY_FAULT_NO_OBJECT] = { 1216, "Invalid JSON object" },
		[RSCOPY_FAULT_ENCODING] = { 1221, "File encoding does not"
						  " match the one of"
						  " ENCODING" },
		[RSCOPY_FAULT_NO_FILE] = { 1212, "Load file was not found" },
	};

	return rscopy_loading_refuse_record(load, record, faults[fault].code,
					    "%s", faults[fault].reason);
}
