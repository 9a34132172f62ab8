#include "sandbox/rscopy_log.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "data/isotime.h"
#include "sandbox/rscopy_files.h"
#include "sandbox/rscopy_job.h"
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
	}
	vec_done(errors);
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

static void log_files(struct rscopy_job *job, const struct rscopy_log_run *run)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	for (size_t i = 0; i < run->files->count; i++) {
		const struct rscopy_file *file = &run->files->items[i];
		CLEANUP(str_done) struct str uri = STR_EMPTY;

		str_addf(&uri, "s3://%s/%s", file->bucket, file->key);
		str_add(&sql, i % ROWS_A_STATEMENT == 0
				      ? "INSERT INTO " SCHEMA ".load_file"
					" (query, userid, kind, filename,"
					" bytes, lines, errors) VALUES ("
				      : ", (");
		str_addf(&sql, "%lld", (long long)job->call->query_id);
		add_user(&sql, job);
		add_text(&sql, run->kind);
		add_text(&sql, uri.text);
		add_number(&sql, file->bytes);
		add_number(&sql, file->lines);
		add_number(&sql, file->errors);
		str_add_char(&sql, ')');
		if ((i + 1) % ROWS_A_STATEMENT == 0 ||
		    i + 1 == run->files->count) {
			run_sql(job, &sql);
			str_clear(&sql);
		}
	}
}

static int64_t total_bytes(const struct rscopy_files *files)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < files->count; i++)
		bytes += files->items[i].bytes;
	return bytes;
}

void rscopy_log_run(struct rscopy_job *job, const struct rscopy_log_run *run)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_addf(&sql,
		 "INSERT INTO " SCHEMA ".load_log (query, userid, pid,"
		 " database, kind, status, starttime, endtime, table_name,"
		 " data_source, file_format, loaded_rows, loaded_bytes,"
		 " source_files, source_bytes, error_count) VALUES (%lld",
		 (long long)job->call->query_id);
	add_user(&sql, job);
	add_number(&sql, job->call->session_pid);
	add_text(&sql, job->call->database);
	add_text(&sql, run->kind);
	add_text(&sql, run->completed ? "completed" : "aborted");
	add_time(&sql, run->started_ms);
	add_time(&sql, clock_wall_ms());
	add_text(&sql, run->table);
	add_text(&sql, run->source);
	add_text(&sql, run->format);
	add_number(&sql, run->rows);
	add_number(&sql, run->bytes);
	add_number(&sql, (int64_t)run->files->count);
	add_number(&sql, total_bytes(run->files));
	add_number(&sql, run->errors);
	str_add_char(&sql, ')');
	run_sql(job, &sql);
	log_files(job, run);
}

static void add_error(struct str *sql, const struct rscopy_job *job,
		      const struct rscopy_log_run *run,
		      const struct rscopy_log_error *error)
{
	str_addf(sql, "%lld", (long long)job->call->query_id);
	add_user(sql, job);
	add_number(sql, job->call->session_pid);
	add_text(sql, job->call->database);
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
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	for (size_t i = 0; i < errors->count; i++) {
		str_add(&sql, i % ROWS_A_STATEMENT == 0
				      ? "INSERT INTO " SCHEMA ".load_error"
					" (query, userid, pid, database, tbl,"
					" table_name, starttime, filename,"
					" line_number, colname, type,"
					" col_length, position, raw_line,"
					" raw_field_value, err_code,"
					" err_reason, start_offset) VALUES ("
				      : ", (");
		add_error(&sql, job, run, &errors->items[i]);
		if ((i + 1) % ROWS_A_STATEMENT == 0 || i + 1 == errors->count) {
			run_sql(job, &sql);
			str_clear(&sql);
		}
	}
}
