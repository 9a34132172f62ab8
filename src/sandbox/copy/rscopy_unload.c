#include "sandbox/copy/rscopy_unload.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "sandbox/copy/rscopy_access.h"
#include "sandbox/copy/rscopy_files.h"
#include "sandbox/copy/rscopy_format.h"
#include "sandbox/copy/rscopy_job.h"
#include "sandbox/copy/rscopy_log.h"
#include "sandbox/copy/rscopy_manifest.h"
#include "sandbox/copy/rscopy_option.h"
#include "sandbox/copy/rscopy_output.h"
#include "sandbox/copy/rscopy_partition.h"
#include "sandbox/copy/rscopy_rows.h"
#include "sandbox/s3/s3_listing.h"
#include "sandbox/s3/s3_store.h"
#include "sql/lexer.h"

struct unload {
	struct rscopy_job *job;
	struct unload_statement statement;
	struct s3_uri target;
	struct rscopy_output output;
	struct str extension;
	struct str headers; /* of the objects: their encryption */
	struct str sql; /* for PostgreSQL */
	struct rscopy_unload_format format;
	struct rscopy_partition partition;
	struct rscopy_result_columns columns;
	struct str path; /* of the row's partition */
	struct str line; /* being written */
	int64_t rows;
	int64_t started_ms;
	int64_t told_us; /* when rscopy_log_moment was called last */
};

enum {
	MOMENT_US = 200 * 1000,
	ROWS_A_LOOK = 256, /* at the clock */
};

static void unload_done(struct unload *unload)
{
	unload_statement_done(&unload->statement);
	s3_uri_done(&unload->target);
	rscopy_output_done(&unload->output);
	rscopy_unload_format_done(&unload->format);
	vec_done(&unload->partition);
	rscopy_result_columns_done(&unload->columns);
	str_done(&unload->extension);
	str_done(&unload->headers);
	str_done(&unload->sql);
	str_done(&unload->path);
	str_done(&unload->line);
}

static const struct copy_given *given(const struct unload *unload,
				      enum copy_option_id id)
{
	return copy_options_get(&unload->statement.options, id);
}

static bool has(const struct unload *unload, enum copy_option_id id)
{
	return given(unload, id) != NULL;
}

/* --- parameters --- */

/* What is known and not here. */
static const struct {
	enum copy_option_id id;
	const char *lacks;
} lacks[] = {
	{ COPY_PARQUET, "writer of Parquet files" },
	{ COPY_MASTER_SYMMETRIC_KEY, "client-side encryption" },
};

static bool check_options(struct unload *unload)
{
	/* r_UNLOAD: with KMS_KEY_ID a role, not CREDENTIALS */
	if (has(unload, COPY_KMS_KEY_ID) &&
	    unload->statement.options.auth.kind == COPY_AUTH_KEYS)
		return rscopy_fail(unload->job, "0A000",
				   "KMS_KEY_ID is only compatible with"
				   " IAM_ROLE");
	for (size_t i = 0; i < COUNT_OF(lacks); i++)
		if (has(unload, lacks[i].id))
			return rscopy_lacks(unload->job, lacks[i].lacks);
	return true;
}

static void set_extension(struct unload *unload)
{
	const struct copy_given *extension = given(unload, COPY_EXTENSION);

	if (extension != NULL)
		str_addf(&unload->extension, ".%s", extension->text);
	else
		str_add(&unload->extension, pack_suffix(unload->output.pack));
	unload->output.extension = unload->extension.text;
}

static void set_format(struct unload *unload)
{
	const struct copy_given *delimiter = given(unload, COPY_DELIMITER);
	const struct copy_given *null = given(unload, COPY_NULL);
	struct rscopy_unload_format *format = &unload->format;

	format->kind = has(unload, COPY_CSV)          ? RSCOPY_FORMAT_CSV
		       : has(unload, COPY_JSON)       ? RSCOPY_FORMAT_JSON
		       : has(unload, COPY_FIXEDWIDTH) ? RSCOPY_FORMAT_FIXED
						      : RSCOPY_FORMAT_TEXT;
	format->escape = has(unload, COPY_ESCAPE);
	format->add_quotes = has(unload, COPY_ADDQUOTES);
	format->delimiter = delimiter != NULL       ? delimiter->text[0]
			    : has(unload, COPY_CSV) ? ','
						    : '|';
	format->null_text = null == NULL ? "" : null->text;
	format->columns = &unload->columns;
}

static void set_output(struct unload *unload)
{
	const struct copy_given *size = given(unload, COPY_MAXFILESIZE);

	unload->output.store = unload->job->call->store;
	unload->output.pack = rscopy_option_pack(&unload->statement.options);
	set_extension(unload);
	unload->output.parallel =
		rscopy_option_switch(&unload->statement.options,
				     COPY_PARALLEL) != RSCOPY_SWITCH_OFF;
	/* 6.2 GB unless told otherwise */
	unload->output.file_bytes_max =
		(size == NULL ? 6348 : (int64_t)size->number) * 1024 * 1024;
}

/* No LIMIT in the outermost SELECT. */
static bool check_limit(struct unload *unload)
{
	struct lexer lexer;
	struct token token;
	int depth = 0;

	lexer_init(&lexer, unload->statement.query,
		   strlen(unload->statement.query), LEXER_ESCAPES, NULL);
	while ((token = lexer_next_solid(&lexer)).kind != TOKEN_END) {
		if (token_is_char(&token, '('))
			depth++;
		else if (token_is_char(&token, ')'))
			depth--;
		else if (depth == 0 && token_is(&token, "LIMIT"))
			return rscopy_fail(unload->job, "0A000",
					   "Limit clause is not supported");
	}
	return true;
}

static bool set_query(struct unload *unload)
{
	const struct rscopy_link *link = unload->job->call->link;
	struct err err = ERR_EMPTY;

	if (!check_limit(unload))
		return false;
	if (!link->rewrite(link->context, unload->statement.query, &unload->sql,
			   &err))
		return rscopy_fail_err(unload->job, &err);
	str_trim_end(&unload->sql);
	while (unload->sql.len > 0 &&
	       unload->sql.text[unload->sql.len - 1] == ';')
		str_cut(&unload->sql, unload->sql.len - 1);
	return rscopy_rows_describe(unload->job, unload->sql.text,
				    &unload->columns, &err) ||
	       rscopy_fail_err(unload->job, &err);
}

/* --- formats that must fit the result --- */

static bool check_fixed(struct unload *unload)
{
	struct rscopy_unload_format *format = &unload->format;
	struct err err = ERR_EMPTY;

	if (!rscopy_fixed_read(&format->fixed,
			       given(unload, COPY_FIXEDWIDTH)->text, &err))
		return rscopy_fail_err(unload->job, &err);
	if (format->fixed.count != format->chosen.count)
		return rscopy_fail(unload->job, "42601",
				   "FIXEDWIDTH names %zu columns, the files"
				   " have %zu",
				   format->fixed.count, format->chosen.count);
	for (size_t i = 0; i < unload->columns.count; i++)
		if (unload->columns.items[i].kind == RSCOPY_KIND_VARBYTE)
			return rscopy_fail(unload->job, "0A000",
					   "VARBYTE is not supported with"
					   " FIXEDWIDTH");
	return true;
}

static bool check_unique(struct unload *unload)
{
	const struct rscopy_result_columns *columns = &unload->columns;

	for (size_t i = 0; i < columns->count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(columns->items[i].name,
				   columns->items[j].name) == 0)
				return rscopy_fail(unload->job, "42701",
						   "JSON needs unique column"
						   " names: \"%s\" stands"
						   " twice",
						   columns->items[i].name);
	return true;
}

static bool check_result(struct unload *unload)
{
	const struct copy_given *keys = given(unload, COPY_PARTITION);

	if (!rscopy_partition_read(unload->job, &unload->partition,
				   keys == NULL ? NULL : keys->text,
				   &unload->columns, &unload->format))
		return false;
	if (unload->format.kind == RSCOPY_FORMAT_FIXED && !check_fixed(unload))
		return false;
	if (unload->format.kind == RSCOPY_FORMAT_JSON && !check_unique(unload))
		return false;
	if (has(unload, COPY_HEADER))
		rscopy_unload_format_header(&unload->format,
					    &unload->output.header);
	return true;
}

/* --- the target --- */

static bool set_target(struct unload *unload)
{
	struct s3_uri *target = &unload->target;
	struct err err = ERR_EMPTY;

	if (!s3_uri_parse_bucket(target, unload->statement.target, &err))
		return rscopy_fail_err(unload->job, &err);
	if (str_ends(target->bucket.text, "-s3alias"))
		return rscopy_fail(unload->job, "0A000",
				   "UNLOAD does not support aliases of S3"
				   " access points: %s",
				   target->bucket.text);
	/* r_UNLOAD: the folders of partitions begin behind a slash */
	if (has(unload, COPY_PARTITION) && target->key.len > 0 &&
	    !str_ends(target->key.text, "/"))
		str_add_char(&target->key, '/');
	unload->output.prefix = target->key.text;
	return true;
}

static bool may_write(struct unload *unload)
{
	static const char *const actions[] = { "s3:ListBucket",
					       "s3:PutObject",
					       "s3:DeleteObject" };
	CLEANUP(str_done) struct str context = STR_EMPTY;
	CLEANUP(str_done) struct str key = STR_EMPTY;
	const struct copy_given *kms = given(unload, COPY_KMS_KEY_ID);
	size_t count = has(unload, COPY_CLEANPATH) ? 3 : 2;

	str_addf(&context, "Listing bucket=%s prefix=%s",
		 unload->target.bucket.text, unload->target.key.text);
	/* the first of the files that will be written */
	str_addf(&key, "%s0000_part_00", unload->target.key.text);
	for (size_t i = 0; i < count; i++)
		if (!rscopy_access_check(unload->job, actions[i],
					 unload->target.bucket.text,
					 i == 0 ? "" : key.text, context.text))
			return false;
	return !has(unload, COPY_ENCRYPTED) ||
	       rscopy_access_lock(unload->job, unload->target.bucket.text,
				  kms != NULL ? kms->text : NULL, context.text,
				  &unload->headers);
}

static bool list(struct unload *unload, const char *prefix,
		 struct s3_listing *page, struct err *err)
{
	struct s3_listing_query query = {
		.bucket = unload->target.bucket.text,
		.prefix = prefix,
		.max = 1000,
	};

	return s3_listing_page(unload->job->call->store, &query, page, err);
}

/* Every key that begins as the files will is in the way. */
static bool check_target(struct unload *unload)
{
	struct s3_listing page = { 0 };
	struct err err = ERR_EMPTY;
	bool empty;

	if (!may_write(unload))
		return false;
	if (has(unload, COPY_CLEANPATH) || has(unload, COPY_ALLOWOVERWRITE))
		return true;
	if (!list(unload, unload->target.key.text, &page, &err))
		return rscopy_fail_s3(unload->job, "", &err);
	empty = page.count == 0;
	s3_listing_done(&page);
	return empty || rscopy_fail_engine(
				unload->job, RSCOPY_CODE_S3, "",
				"Specified unload destination on S3 is not"
				" empty. Consider using a different bucket /"
				" prefix, manually removing the target files"
				" in S3, or using the ALLOWOVERWRITE option.");
}

static bool clean_prefix(struct unload *unload, const char *prefix,
			 struct err *err)
{
	bool done = true;
	bool more = true;

	while (done && more) {
		struct s3_listing page = { 0 };

		done = list(unload, prefix, &page, err);
		for (size_t i = 0; done && i < page.count; i++)
			done = s3_store_delete(unload->job->call->store,
					       unload->target.bucket.text,
					       page.items[i].key, NULL, err);
		more = page.truncated;
		s3_listing_done(&page);
	}
	return done;
}

/* CLEANPATH: what lies under the target goes, with PARTITION BY only what
 * lies in the partitions that are written. Only once all files are ready:
 * an UNLOAD that fails before has removed nothing. */
static bool clean(struct unload *unload, struct err *err)
{
	const char *path;
	size_t at = 0;

	if (!has(unload, COPY_CLEANPATH))
		return true;
	if (!has(unload, COPY_PARTITION))
		return clean_prefix(unload, unload->target.key.text, err);
	while (rscopy_output_path(&unload->output, &at, &path)) {
		CLEANUP(str_done) struct str prefix = STR_EMPTY;

		str_addf(&prefix, "%s%s", unload->target.key.text, path);
		if (!clean_prefix(unload, prefix.text, err))
			return false;
	}
	return true;
}

/* --- what the views tell --- */

static struct rscopy_log_run log_run(const struct unload *unload,
				     const struct rscopy_files *files)
{
	static const char *const names[] = {
		[RSCOPY_FORMAT_TEXT] = "TEXT",
		[RSCOPY_FORMAT_CSV] = "CSV",
		[RSCOPY_FORMAT_FIXED] = "FIXEDWIDTH",
		[RSCOPY_FORMAT_JSON] = "JSON",
	};
	struct rscopy_log_run run = {
		.kind = "UNLOAD",
		.started_ms = unload->started_ms,
		.table = "",
		.source = unload->statement.target,
		.format = names[unload->format.kind],
		.pack = unload->output.pack,
		.files = files,
		.current = "",
		.message = unload->job->result->message.text,
	};

	return run;
}

/* Files are there only at the end; what has been written counts. */
static void tell_moment(struct unload *unload)
{
	struct rscopy_files none = { 0 };
	struct rscopy_log_run run = log_run(unload, &none);

	if (clock_monotonic_us() - unload->told_us < MOMENT_US)
		return;
	run.rows = unload->rows;
	run.scanned_files = unload->output.count;
	run.scanned_bytes = rscopy_output_bytes(&unload->output);
	run.bytes = run.scanned_bytes;
	rscopy_log_moment(unload->job, &run);
	unload->told_us = clock_monotonic_us();
}

/* --- the rows --- */

static bool take_row(void *context, const struct rscopy_value *values,
		     size_t count, struct err *err)
{
	struct unload *unload = context;

	(void)count;
	str_clear(&unload->line);
	str_clear(&unload->path);
	if (!rscopy_unload_format_row(&unload->format, values, &unload->line,
				      err))
		return false;
	rscopy_partition_path(&unload->partition, &unload->columns, values,
			      &unload->path);
	if (++unload->rows % ROWS_A_LOOK == 0)
		tell_moment(unload);
	return rscopy_output_row(&unload->output, unload->path.text,
				 unload->line.text, unload->line.len, err);
}

/* No rows make no file of JSON and no partition, but files of text. */
static bool begin_output(struct unload *unload, struct err *err)
{
	return unload->format.kind == RSCOPY_FORMAT_JSON ||
	       has(unload, COPY_PARTITION) ||
	       rscopy_output_begin(&unload->output, err);
}

static bool write_rows(struct unload *unload)
{
	const struct rscopy_row_taker taker = { take_row, unload };
	struct err err = ERR_EMPTY;

	if (begin_output(unload, &err) &&
	    rscopy_rows_run(unload->job, unload->sql.text, &taker, &err) &&
	    rscopy_output_end(&unload->output, &err))
		return true;
	return unload->job->result->sqlstate[0] == '\0' &&
	       rscopy_fail_err(unload->job, &err);
}

/* <prefix>manifest */
static bool write_manifest(struct unload *unload, struct err *err)
{
	const struct copy_given *option = given(unload, COPY_MANIFEST);
	CLEANUP(str_done) struct str key = STR_EMPTY;
	struct rscopy_manifest manifest = {
		.bucket = unload->target.bucket.text,
		.verbose = option != NULL && option->text != NULL,
		.rows = unload->rows,
		.output = &unload->output,
		.columns = &unload->columns,
	};

	if (option == NULL)
		return true;
	str_addf(&key, "%smanifest", unload->target.key.text);
	manifest.key = key.text;
	manifest.headers = unload->headers.text;
	return rscopy_manifest_write(&manifest, err);
}

static bool publish(struct unload *unload)
{
	struct err err = ERR_EMPTY;

	if (clean(unload, &err) &&
	    rscopy_output_publish(&unload->output, unload->target.bucket.text,
				  unload->headers.text, &err) &&
	    write_manifest(unload, &err))
		return true;
	return rscopy_fail_s3(unload->job, "", &err);
}

/* --- the whole --- */

static bool prepare(struct unload *unload, const char *sql)
{
	struct err err = ERR_EMPTY;

	unload->statement.options.case_sensitive =
		unload->job->call->case_sensitive;
	if (!unload_parse(&unload->statement, sql, strlen(sql), &err))
		return rscopy_fail_err(unload->job, &err);
	if (!check_options(unload) || !set_target(unload))
		return false;
	set_format(unload);
	set_output(unload);
	return rscopy_access_begin(unload->job, &unload->statement.options) &&
	       set_query(unload) && check_result(unload) &&
	       check_target(unload);
}

static void add_files(const struct unload *unload, struct rscopy_log_run *run,
		      struct rscopy_files *files)
{
	for (size_t i = 0; i < unload->output.count; i++) {
		const struct rscopy_output_facts facts =
			rscopy_output_facts(&unload->output, i);
		struct rscopy_file file = {
			.bucket = mem_copy_text(unload->target.bucket.text),
			.key = mem_copy_text(facts.key),
			.bytes = facts.bytes,
			.lines = facts.rows,
		};

		run->bytes += file.bytes;
		vec_push(files, file);
	}
	run->rows = unload->rows;
	run->scanned_files = files->count;
	run->scanned_bytes = run->bytes;
}

static bool write_all(struct unload *unload)
{
	struct rscopy_files files = { 0 };
	struct rscopy_log_run run = log_run(unload, &files);
	bool done;

	rscopy_log_begin(unload->job, &run);
	done = write_rows(unload) && publish(unload);
	if (done)
		add_files(unload, &run, &files);
	run.message = unload->job->result->message.text;
	rscopy_log_end(unload->job, &run, done);
	rscopy_files_done(&files);
	return done;
}

bool rscopy_unload_run(struct rscopy_job *job, const char *sql)
{
	CLEANUP(unload_done)
	struct unload unload = {
		.job = job,
		.statement = UNLOAD_STATEMENT_EMPTY,
		.target = S3_URI_EMPTY,
		.output = RSCOPY_OUTPUT_EMPTY,
		.extension = STR_EMPTY,
		.headers = STR_EMPTY,
		.sql = STR_EMPTY,
		.path = STR_EMPTY,
		.line = STR_EMPTY,
		.started_ms = clock_wall_ms(),
	};
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!prepare(&unload, sql) || !write_all(&unload))
		return false;
	str_addf(&text,
		 "UNLOAD completed, %lld record(s) unloaded"
		 " successfully.",
		 (long long)unload.rows);
	job->call->link->info(job->call->link->context, text.text);
	job->result->rows = unload.rows;
	return true;
}
