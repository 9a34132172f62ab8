#include "sandbox/copy/rscopy_log.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "data/isotime.h"
#include "sandbox/copy/rscopy_files.h"
#include "sandbox/copy/rscopy_job.h"
#include "sql/quote.h"

#define SCHEMA "redshift_sandbox"

enum { ROWS_A_STATEMENT = 100 };

char *rscopy_log_raw(const char *text, size_t len)
{
	struct str out = STR_EMPTY;
	size_t at = 0;

	while (at < len && out.len < RSCOPY_LOG_RAW_MAX) {
		uint32_t code;
		size_t n = utf8_decode(text + at, len - at, &code);
		bool plain = n == 1 && (isprint((unsigned char)text[at]) ||
					text[at] == '\t');

		str_add_char(&out, plain ? text[at] : '.');
		at += n;
	}
	return str_take(&out);
}

static void field_done(struct rscopy_log_field *field)
{
	mem_free(field->column);
	mem_free(field->type);
	mem_free(field->length);
	mem_free(field->value);
}

void rscopy_log_errors_done(struct rscopy_log_errors *errors)
{
	for (size_t i = 0; i < errors->count; i++) {
		struct rscopy_log_error *error = &errors->items[i];

		mem_free(error->file);
		mem_free(error->column);
		mem_free(error->type);
		mem_free(error->length);
		mem_free(error->raw_line);
		mem_free(error->raw_field);
		mem_free(error->reason);
		for (size_t j = 0; j < error->fields.count; j++)
			field_done(&error->fields.items[j]);
		vec_done(&error->fields);
	}
	vec_done(errors);
}

void rscopy_log_replacements_done(struct rscopy_log_replacements *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		mem_free(lines->items[i].file);
		mem_free(lines->items[i].column);
		mem_free(lines->items[i].raw_line);
	}
	vec_done(lines);
}

/* --- SQL --- */

static void add_text(struct str *sql, const char *text)
{
	str_add(sql, ", ");
	quote_literal(sql, text, false);
}

static void add_number(struct str *sql, int64_t number)
{
	str_addf(sql, ", %lld", (long long)number);
}

static void add_time(struct str *sql, int64_t at_ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	isotime_add_ms(&text, at_ms);
	add_text(sql, text.text);
}

static void add_user(struct str *sql, const struct rscopy_job *job)
{
	str_add(sql, ", (SELECT oid::int8::int4 FROM pg_catalog.pg_authid"
		     " WHERE rolname = ");
	quote_literal(sql, job->call->user, false);
	str_add_char(sql, ')');
}

static void run_sql(struct rscopy_job *job, const struct str *sql)
{
	const struct rscopy_link *link = job->call->link;
	struct err err = ERR_EMPTY;

	if (!link->aside(link->context, sql->text, NULL, &err))
		log_debug(LOG_SANDBOX, "cannot log a load: %s", err.message);
}

/* --- rows of a table, some at a time --- */

struct insert {
	struct rscopy_job *job;
	const char *into; /* INSERT INTO ... VALUES */
	struct str sql;
	size_t count;
};

static void insert_flush(struct insert *insert)
{
	if (insert->sql.len > 0)
		run_sql(insert->job, &insert->sql);
	str_clear(&insert->sql);
	insert->count = 0;
}

/* Begins a row with its first cells: query and user. */
static struct str *insert_row(struct insert *insert)
{
	if (insert->count == ROWS_A_STATEMENT)
		insert_flush(insert);
	str_add(&insert->sql, insert->count++ == 0 ? insert->into : ",");
	str_addf(&insert->sql, " (%lld",
		 (long long)insert->job->call->query_id);
	add_user(&insert->sql, insert->job);
	return &insert->sql;
}

static void insert_done(struct insert *insert)
{
	insert_flush(insert);
	str_done(&insert->sql);
}

/* --- the run --- */

static int64_t total_bytes(const struct rscopy_files *files)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < files->count; i++)
		bytes += files->items[i].bytes;
	return bytes;
}

void rscopy_log_begin(struct rscopy_job *job, const struct rscopy_log_run *run)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_addf(&sql,
		 "INSERT INTO " SCHEMA ".load_log (query, userid, pid,"
		 " database, kind, status, starttime, endtime, table_name,"
		 " data_source, file_format, compression, source_files,"
		 " source_bytes) VALUES (%lld",
		 (long long)job->call->query_id);
	add_user(&sql, job);
	add_number(&sql, job->call->session_pid);
	add_text(&sql, job->call->database);
	add_text(&sql, run->kind);
	add_text(&sql, "running");
	add_time(&sql, run->started_ms);
	add_time(&sql, run->started_ms);
	add_text(&sql, run->table);
	add_text(&sql, run->source);
	add_text(&sql, run->format);
	add_text(&sql, run->pack == PACK_NONE ? "" : pack_name(run->pack));
	add_number(&sql, (int64_t)run->files->count);
	add_number(&sql, total_bytes(run->files));
	str_add_char(&sql, ')');
	run_sql(job, &sql);
}

static void add_moment(struct str *sql, const struct rscopy_log_run *run)
{
	str_addf(sql,
		 "UPDATE " SCHEMA ".load_log SET loaded_rows = %lld,"
		 " loaded_bytes = %lld, error_count = %lld, lines = %lld,"
		 " scanned_files = %zu, scanned_bytes = %lld,"
		 " recordtime = clock_timestamp() AT TIME ZONE 'UTC',"
		 " current_file = ",
		 (long long)run->rows, (long long)run->bytes,
		 (long long)run->errors, (long long)run->lines,
		 run->scanned_files, (long long)run->scanned_bytes);
	quote_literal(sql, run->current, false);
}

static void add_where(struct str *sql, const struct rscopy_job *job)
{
	str_addf(sql, " WHERE query = %lld", (long long)job->call->query_id);
}

void rscopy_log_moment(struct rscopy_job *job, const struct rscopy_log_run *run)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	add_moment(&sql, run);
	add_where(&sql, job);
	run_sql(job, &sql);
}

static void log_files(struct rscopy_job *job, const struct rscopy_log_run *run)
{
	struct insert insert = {
		.job = job,
		.into = "INSERT INTO " SCHEMA ".load_file (query, userid,"
			" kind, filename, bytes, lines, errors, etag,"
			" modified, starttime, endtime) VALUES",
		.sql = STR_EMPTY,
	};

	for (size_t i = 0; i < run->files->count; i++) {
		const struct rscopy_file *file = &run->files->items[i];
		CLEANUP(str_done) struct str uri = STR_EMPTY;
		struct str *sql = insert_row(&insert);

		str_addf(&uri, "s3://%s/%s", file->bucket, file->key);
		add_text(sql, run->kind);
		add_text(sql, uri.text);
		add_number(sql, file->bytes);
		add_number(sql, file->lines);
		add_number(sql, file->errors);
		add_text(sql, file->etag);
		add_time(sql, file->modified_ms);
		if (file->started_ms == 0) {
			str_add(sql, ", NULL, NULL)");
			continue;
		}
		add_time(sql, file->started_ms);
		add_time(sql, file->ended_ms);
		str_add_char(sql, ')');
	}
	insert_done(&insert);
}

void rscopy_log_end(struct rscopy_job *job, const struct rscopy_log_run *run,
		    bool completed)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	add_moment(&sql, run);
	str_addf(&sql, ", status = '%s', endtime = '",
		 completed ? "completed" : "aborted");
	isotime_add_ms(&sql, clock_wall_ms());
	str_addf(&sql, "', source_files = %zu, source_bytes = %lld",
		 run->files->count, (long long)total_bytes(run->files));
	str_add(&sql, ", error_message = ");
	quote_literal(&sql, run->message, false);
	add_where(&sql, job);
	run_sql(job, &sql);
	log_files(job, run);
}

/* --- lines --- */

static void add_fields(struct insert *insert,
		       const struct rscopy_log_error *error)
{
	for (size_t i = 0; i < error->fields.count; i++) {
		const struct rscopy_log_field *field = &error->fields.items[i];
		struct str *sql = insert_row(insert);

		add_number(sql, insert->job->call->session_pid);
		add_text(sql, error->file);
		add_number(sql, error->line);
		add_number(sql, (int64_t)i);
		add_text(sql, field->column);
		add_text(sql, field->value);
		add_number(sql, field->is_null ? 1 : 0);
		add_text(sql, field->type);
		add_text(sql, field->length);
		str_add_char(sql, ')');
	}
}

static void add_error(struct insert *insert, const struct rscopy_log_run *run,
		      const struct rscopy_log_error *error)
{
	struct str *sql = insert_row(insert);

	add_number(sql, insert->job->call->session_pid);
	add_text(sql, insert->job->call->database);
	add_number(sql, run->table_oid);
	add_text(sql, run->table);
	add_time(sql, run->started_ms);
	add_text(sql, error->file);
	add_number(sql, error->line);
	add_text(sql, error->column);
	add_text(sql, error->type);
	add_text(sql, error->length);
	add_number(sql, error->position);
	add_text(sql, error->raw_line);
	add_text(sql, error->raw_field);
	add_number(sql, error->code);
	add_text(sql, error->reason);
	add_number(sql, error->offset);
	str_add_char(sql, ')');
}

void rscopy_log_errors(struct rscopy_job *job, const struct rscopy_log_run *run,
		       const struct rscopy_log_errors *errors)
{
	struct insert lines = {
		.job = job,
		.into = "INSERT INTO " SCHEMA ".load_error (query, userid,"
			" pid, database, tbl, table_name, starttime, filename,"
			" line_number, colname, type, col_length, position,"
			" raw_line, raw_field_value, err_code, err_reason,"
			" start_offset) VALUES",
		.sql = STR_EMPTY,
	};
	struct insert fields = {
		.job = job,
		.into = "INSERT INTO " SCHEMA ".load_error_field (query,"
			" userid, pid, filename, line_number, field, colname,"
			" value, is_null, type, col_length) VALUES",
		.sql = STR_EMPTY,
	};

	for (size_t i = 0; i < errors->count; i++) {
		add_error(&lines, run, &errors->items[i]);
		add_fields(&fields, &errors->items[i]);
	}
	insert_done(&lines);
	insert_done(&fields);
}

void rscopy_log_replacements(struct rscopy_job *job,
			     const struct rscopy_log_run *run,
			     const struct rscopy_log_replacements *lines)
{
	struct insert insert = {
		.job = job,
		.into = "INSERT INTO " SCHEMA ".load_replacement (query,"
			" userid, pid, tbl, starttime, filename, line_number,"
			" colname, raw_line) VALUES",
		.sql = STR_EMPTY,
	};

	for (size_t i = 0; i < lines->count; i++) {
		const struct rscopy_log_replacement *line = &lines->items[i];
		struct str *sql = insert_row(&insert);

		add_number(sql, job->call->session_pid);
		add_number(sql, run->table_oid);
		add_time(sql, run->started_ms);
		add_text(sql, line->file);
		add_number(sql, line->line);
		add_text(sql, line->column);
		add_text(sql, line->raw_line);
		str_add_char(sql, ')');
	}
	insert_done(&insert);
}
