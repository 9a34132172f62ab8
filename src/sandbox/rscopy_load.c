#include "sandbox/rscopy_load.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "aws/s3_uri.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "sandbox/rscopy_access.h"
#include "sandbox/rscopy_files.h"
#include "sandbox/rscopy_fixed.h"
#include "sandbox/rscopy_job.h"
#include "sandbox/rscopy_log.h"
#include "sandbox/rscopy_member.h"
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
	struct rscopy_file *file;      /* being read */
	struct rscopy_members members; /* of a JSON object */
	struct rscopy_quotes quotes;   /* of a line, REMOVEQUOTES */
	struct rscopy_fixed fixed;     /* of a line, FIXEDWIDTH */
	struct str out;                /* rows for PostgreSQL */
	bool copying;                  /* COPY FROM STDIN is open there */
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
	rscopy_members_done(&load->members);
	rscopy_fixed_done(&load->fixed);
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
			  int code, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* The column to blame is the one behind the last field there is. */
static bool refuse_record(struct load *load, const struct csv_record *record,
			  int code, const char *fmt, ...)
{
	struct rscopy_problem problem = { .code = code };
	struct blame blame = { .record = record, .problem = &problem };
	va_list args;

	va_start(args, fmt);
	vsnprintf(problem.reason, sizeof(problem.reason), fmt, args);
	va_end(args);
	if (record->count >= 1 && record->count < load->table.count)
		blame.column = &load->table.items[record->count];
	return refuse_line(load, &blame);
}

/* What the reader found wrong with a record. */
static bool refuse_fault(struct load *load, const struct csv_record *record,
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

	return refuse_record(load, record, faults[fault].code, "%s",
			     faults[fault].reason);
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

static bool take_object(struct load *load, const struct csv_record *object)
{
	struct csv_record record = *object;
	struct rscopy_problem problem = { 0 };
	struct blame blame = { .record = object, .problem = &problem };

	if (!rscopy_members_take(&load->members, object, load->table.items,
				 load->table.count, &problem))
		return refuse_line(load, &blame);
	record.fields = load->members.fields.items;
	record.count = load->table.count;
	return take_line(load, &record);
}

static bool is_blank(const struct load *load, const struct csv_record *line)
{
	return line->raw_len == 0 && load->plan.ignore_blank_lines;
}

/* An empty line is one empty field to a table of one column. */
static bool take_fields(struct load *load, const struct csv_record *record)
{
	size_t count = field_count(load, record);

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

static bool refuse_byte(struct load *load, const struct csv_record *record,
			size_t at)
{
	return refuse_record(load, record, 1201,
			     "Missing newline: Unexpected character 0x%02x"
			     " found at location %zu",
			     (unsigned char)record->raw[at], at);
}

static bool take_quoted(struct load *load, const struct csv_record *line)
{
	struct csv_record record = *line;
	size_t at;
	enum rscopy_quotes_end end = rscopy_quotes_split(
		&load->quotes, line, load->plan.delimiter, load->plan.escape,
		&at);

	record.fields = load->quotes.fields.items;
	record.count = load->quotes.count;
	switch (end) {
	case RSCOPY_QUOTES_OPEN:
		return refuse_fault(load, &record, RSCOPY_FAULT_OPEN_QUOTE);
	case RSCOPY_QUOTES_AFTER:
		if (record.count >= load->table.count)
			return refuse_byte(load, &record, at);
		return refuse_record(load, &record, 1214,
				     "Delimiter not found");
	case RSCOPY_QUOTES_GOOD:
		break;
	}
	return take_fields(load, &record);
}

static bool take_fixed(struct load *load, const struct csv_record *line)
{
	struct csv_record record = *line;
	size_t rest;

	rscopy_fixed_cut(&load->fixed, line, &rest);
	record.fields = load->fixed.fields.items;
	record.count = load->fixed.fields.count;
	if (line->raw_len == 0 && !load->plan.fill_record)
		return refuse_record(load, &record, 1211,
				     "Input line contained no data");
	if (rest < line->raw_len)
		return refuse_byte(load, &record, rest);
	if (record.count < load->table.count && !load->plan.fill_record)
		return refuse_record(load, &record, 1203,
				     "Too few columns found");
	return take_line(load, &record);
}

static bool take(void *context, const struct csv_record *record,
		 enum rscopy_fault fault)
{
	struct load *load = context;

	load->file->lines++;
	if (fault != RSCOPY_FAULT_NONE)
		return refuse_fault(load, record, fault);
	switch (load->plan.shape) {
	case RSCOPY_SHAPE_JSON:
		return take_object(load, record);
	case RSCOPY_SHAPE_LINES:
		return is_blank(load, record) || take_fields(load, record);
	case RSCOPY_SHAPE_QUOTES:
		return is_blank(load, record) || take_quoted(load, record);
	case RSCOPY_SHAPE_FIXED:
		return is_blank(load, record) || take_fixed(load, record);
	}
	return false;
}

/* --- formats that must fit the table --- */

static bool prepare_fixed(struct load *load)
{
	struct err err = ERR_EMPTY;

	if (!rscopy_fixed_read(&load->fixed, load->plan.fixed_spec, &err))
		return rscopy_fail_err(load->job, &err);
	if (load->fixed.count == load->table.count)
		return true;
	return rscopy_fail(load->job, "42601",
			   "FIXEDWIDTH names %zu columns, the table or column"
			   " list has %zu",
			   load->fixed.count, load->table.count);
}

static bool prepare_paths(struct load *load)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str context = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_addf(&context, "S3 key being read : %s", load->plan.json_how);
	if (!s3_uri_parse_object(&uri, load->plan.json_how, &err))
		return rscopy_fail_err(load->job, &err);
	if (!rscopy_files_read(load->job, &uri, &text))
		return false;
	if (!rscopy_members_read_paths(&load->members, text.text, text.len,
				       &err))
		return rscopy_fail_engine(load->job, RSCOPY_CODE_S3,
					  context.text, "%s", err.message);
	if (load->members.how != RSCOPY_MEMBER_BY_PATH ||
	    load->members.count == load->table.count)
		return true;
	return rscopy_fail_engine(load->job, RSCOPY_CODE_S3, context.text,
				  "Number of jsonpaths and the number of"
				  " columns should match. JSONPath size: %zu,"
				  " Number of columns in table or column"
				  " list: %zu",
				  load->members.count, load->table.count);
}

static bool prepare_whole(struct load *load)
{
	load->members.how = RSCOPY_MEMBER_WHOLE;
	if (load->table.count == 1 &&
	    load->table.items[0].type == RSCOPY_SUPER)
		return true;
	return rscopy_fail(load->job, "0A000",
			   "JSON 'noshred' needs a table or column list of one"
			   " SUPER column");
}

static bool prepare_json(struct load *load)
{
	const char *how = load->plan.json_how;

	if (strcmp(how, "auto") == 0)
		return true;
	if (strcmp(how, "auto ignorecase") == 0) {
		load->members.how = RSCOPY_MEMBER_BY_NAME_NOCASE;
		return true;
	}
	if (strcmp(how, "noshred") == 0)
		return prepare_whole(load);
	if (s3_uri_is(how))
		return prepare_paths(load);
	return rscopy_fail(load->job, "42601",
			   "JSON '%s' is none of 'auto', 'auto ignorecase',"
			   " 'noshred' and 's3://...'",
			   how);
}

static bool prepare_shape(struct load *load)
{
	switch (load->plan.shape) {
	case RSCOPY_SHAPE_FIXED:
		return prepare_fixed(load);
	case RSCOPY_SHAPE_JSON:
		return prepare_json(load);
	case RSCOPY_SHAPE_LINES:
	case RSCOPY_SHAPE_QUOTES:
		break;
	}
	return true;
}

/* --- the whole --- */

static bool read_files(struct load *load)
{
	struct rscopy_taker taker = { take, load };

	for (size_t i = 0; i < load->files.count; i++) {
		load->file = &load->files.items[i];
		if (!rscopy_reader_run(load->job, load->file,
				       &load->plan.format, &taker, NULL))
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
	return rscopy_option_load(load->job, statement, &load->plan) &&
	       rscopy_table_find(load->job, statement, load->plan.explicit_ids,
				 &load->table) &&
	       rscopy_access_begin(load->job, &statement->options) &&
	       prepare_shape(load) &&
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
