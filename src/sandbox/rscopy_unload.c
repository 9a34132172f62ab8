#include "sandbox/rscopy_unload.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/csv.h"
#include "data/json.h"
#include "load/copy_parse.h"
#include "sandbox/rscopy_access.h"
#include "sandbox/rscopy_files.h"
#include "sandbox/rscopy_job.h"
#include "sandbox/rscopy_log.h"
#include "sandbox/rscopy_option.h"
#include "sandbox/rscopy_output.h"
#include "sandbox/s3_listing.h"
#include "sandbox/s3_store.h"
#include "sql/lexer.h"
#include "sql/quote.h"

/* What is known and not here. */
static const struct {
	enum copy_option_id id;
	const char *lacks;
} lacks[] = {
	{ COPY_PARQUET, "writer of Parquet files" },
	{ COPY_MASTER_SYMMETRIC_KEY, "client-side encryption" },
	{ COPY_ENCRYPTED, "keys of KMS" },
	{ COPY_JSON, "JSON of UNLOAD" },
	{ COPY_FIXEDWIDTH, "FIXEDWIDTH of UNLOAD" },
	{ COPY_PARTITION, "PARTITION BY of UNLOAD" },
};

/* A value of a result row. */
struct value {
	struct str text;
	bool null;
};

struct unload {
	struct rscopy_job *job;
	struct unload_statement statement;
	struct s3_uri target;
	struct rscopy_output output;
	struct str extension;
	struct str sql; /* for PostgreSQL */
	/* how fields are written */
	bool csv;
	bool escape;
	bool add_quotes;
	bool header;
	char delimiter;
	const char *null_text;
	/* reading PostgreSQL's COPY text format */
	struct str pending; /* a line not yet whole */
	struct str line;    /* being written */
	bool names_seen;
	struct {
		VEC(struct value);
	} names; /* of the columns */
	struct {
		VEC(struct value);
	} values; /* of the row; reused */
	size_t value_count;
	int64_t rows;
	int64_t started_ms;
};

static void unload_done(struct unload *unload)
{
	unload_statement_done(&unload->statement);
	s3_uri_done(&unload->target);
	rscopy_output_done(&unload->output);
	str_done(&unload->extension);
	str_done(&unload->sql);
	str_done(&unload->pending);
	str_done(&unload->line);
	for (size_t i = 0; i < unload->names.count; i++)
		str_done(&unload->names.items[i].text);
	vec_done(&unload->names);
	for (size_t i = 0; i < unload->values.count; i++)
		str_done(&unload->values.items[i].text);
	vec_done(&unload->values);
}

/* --- parameters --- */

static void set_extension(struct unload *unload)
{
	const struct copy_given *extension =
		copy_options_get(&unload->statement.options, COPY_EXTENSION);

	if (extension != NULL)
		str_addf(&unload->extension, ".%s", extension->text);
	else
		str_add(&unload->extension, pack_suffix(unload->output.pack));
	unload->output.extension = unload->extension.text;
}

static bool set_options(struct unload *unload)
{
	const struct copy_options *options = &unload->statement.options;
	const struct copy_given *delimiter =
		copy_options_get(options, COPY_DELIMITER);
	const struct copy_given *null = copy_options_get(options, COPY_NULL);
	const struct copy_given *parallel =
		copy_options_get(options, COPY_PARALLEL);
	const struct copy_given *size =
		copy_options_get(options, COPY_MAXFILESIZE);

	for (size_t i = 0; i < COUNT_OF(lacks); i++)
		if (copy_options_has(options, lacks[i].id))
			return rscopy_lacks(unload->job, lacks[i].lacks);
	unload->output.pack = rscopy_option_pack(options);
	set_extension(unload);
	unload->csv = copy_options_has(options, COPY_CSV);
	unload->escape = copy_options_has(options, COPY_ESCAPE);
	unload->add_quotes = copy_options_has(options, COPY_ADDQUOTES);
	unload->header = copy_options_has(options, COPY_HEADER);
	unload->delimiter = delimiter != NULL ? delimiter->text[0]
			    : unload->csv     ? ','
					      : '|';
	unload->null_text = null == NULL ? "" : null->text;
	unload->output.parallel = parallel == NULL || parallel->text == NULL ||
				  (strcmp(parallel->text, "OFF") != 0 &&
				   strcmp(parallel->text, "FALSE") != 0);
	/* 6.2 GB unless told otherwise */
	unload->output.file_bytes_max =
		(size == NULL ? 6348 : (int64_t)size->number) * 1024 * 1024;
	return true;
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
	return true;
}

/* --- the target --- */

static bool clean(struct unload *unload, struct s3_listing *page,
		  struct err *err)
{
	for (size_t i = 0; i < page->count; i++)
		if (!s3_store_delete(unload->job->call->store,
				     unload->target.bucket.text,
				     page->items[i].key, NULL, err))
			return false;
	return true;
}

/* Every key that begins as the files will is in the way. */
static bool look_at_target(struct unload *unload, bool *out_more,
			   struct err *err)
{
	const struct copy_options *options = &unload->statement.options;
	struct s3_listing_query query = {
		.bucket = unload->target.bucket.text,
		.prefix = unload->target.key.text,
		.max = 1000,
	};
	struct s3_listing page = { 0 };
	bool done =
		s3_listing_page(unload->job->call->store, &query, &page, err);

	*out_more = false;
	if (done && copy_options_has(options, COPY_CLEANPATH)) {
		done = clean(unload, &page, err);
		*out_more = page.truncated;
	} else if (done && page.count > 0 &&
		   !copy_options_has(options, COPY_ALLOWOVERWRITE)) {
		rscopy_fail_engine(
			unload->job, RSCOPY_CODE_S3, "",
			"Specified unload destination on S3 is not empty."
			" Consider using a different bucket / prefix, manually"
			" removing the target files in S3, or using the"
			" ALLOWOVERWRITE option.");
	}
	s3_listing_done(&page);
	return done;
}

static bool check_target(struct unload *unload)
{
	CLEANUP(str_done) struct str context = STR_EMPTY;
	struct err err = ERR_EMPTY;
	bool more = true;

	str_addf(&context, "Listing bucket=%s prefix=%s",
		 unload->target.bucket.text, unload->target.key.text);
	while (more)
		if (!look_at_target(unload, &more, &err))
			return rscopy_fail_s3(unload->job, context.text, &err);
	return unload->job->result->sqlstate[0] == '\0';
}

/* --- rows out --- */

static void add_quoted(struct str *out, const struct unload *unload,
		       const struct str *text)
{
	if (unload->add_quotes)
		str_add_char(out, '"');
	for (size_t i = 0; i < text->len; i++) {
		char c = text->text[i];

		if (unload->escape &&
		    (c == '\n' || c == '\r' || c == '\\' ||
		     c == unload->delimiter ||
		     (unload->add_quotes && (c == '"' || c == '\''))))
			str_add_char(out, '\\');
		str_add_char(out, c);
	}
	if (unload->add_quotes)
		str_add_char(out, '"');
}

static void add_value(struct str *out, const struct unload *unload,
		      const struct value *value)
{
	if (value->null)
		str_add(out, unload->null_text);
	else if (unload->csv)
		csv_add_field(out, value->text.text, value->text.len,
			      unload->delimiter);
	else
		add_quoted(out, unload, &value->text);
}

static void add_line(struct str *out, const struct unload *unload,
		     const struct value *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			str_add_char(out, unload->delimiter);
		add_value(out, unload, &values[i]);
	}
	str_add_char(out, '\n');
}

/* --- rows in: PostgreSQL's COPY text format --- */

static char unescaped(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'v':
		return '\v';
	default:
		return c;
	}
}

static struct value *next_value(struct unload *unload)
{
	if (unload->value_count == unload->values.count) {
		struct value value = { .text = STR_EMPTY };

		vec_push(&unload->values, value);
	}
	return &unload->values.items[unload->value_count++];
}

static void read_value(struct unload *unload, const char *text, size_t len)
{
	struct value *value = next_value(unload);

	str_clear(&value->text);
	value->null = str_slice_equal(text, len, "\\N");
	for (size_t i = 0; !value->null && i < len; i++) {
		if (text[i] == '\\' && i + 1 < len)
			str_add_char(&value->text, unescaped(text[++i]));
		else
			str_add_char(&value->text, text[i]);
	}
}

static void read_line(struct unload *unload, const char *line, size_t len)
{
	unload->value_count = 0;
	for (;;) {
		const char *tab = memchr(line, '\t', len);
		size_t n = tab == NULL ? len : (size_t)(tab - line);

		read_value(unload, line, n);
		if (tab == NULL)
			return;
		line += n + 1;
		len -= n + 1;
	}
}

static bool take_names(struct unload *unload, struct err *err)
{
	for (size_t i = 0; i < unload->value_count; i++) {
		struct value name = { .text = STR_EMPTY };

		str_add(&name.text, unload->values.items[i].text.text);
		vec_push(&unload->names, name);
	}
	unload->names_seen = true;
	if (unload->header)
		add_line(&unload->output.header, unload, unload->names.items,
			 unload->names.count);
	return rscopy_output_begin(&unload->output, err);
}

static bool take_line(struct unload *unload, const char *line, size_t len,
		      struct err *err)
{
	read_line(unload, line, len);
	if (!unload->names_seen)
		return take_names(unload, err);
	str_clear(&unload->line);
	add_line(&unload->line, unload, unload->values.items,
		 unload->value_count);
	unload->rows++;
	return rscopy_output_row(&unload->output, unload->line.text,
				 unload->line.len, err);
}

static bool rows_write(void *context, const char *bytes, size_t len,
		       struct err *err)
{
	struct unload *unload = context;
	const char *newline;

	if (!rscopy_go_on(unload->job))
		return err_set(err, ERR_CANCELLED, "cancelled");
	while ((newline = memchr(bytes, '\n', len)) != NULL) {
		size_t n = (size_t)(newline - bytes);

		str_add_slice(&unload->pending, bytes, n);
		if (!take_line(unload, unload->pending.text,
			       unload->pending.len, err))
			return false;
		str_clear(&unload->pending);
		bytes += n + 1;
		len -= n + 1;
	}
	str_add_slice(&unload->pending, bytes, len);
	return true;
}

static bool write_rows(struct unload *unload)
{
	const struct rscopy_link *link = unload->job->call->link;
	struct sink sink = { rows_write, unload };
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_addf(&sql, "COPY (%s) TO STDOUT (FORMAT text, HEADER)",
		 unload->sql.text);
	if (link->copy_out(link->context, sql.text, &sink, &err) &&
	    rscopy_output_end(&unload->output, &err))
		return true;
	return unload->job->result->sqlstate[0] == '\0' &&
	       rscopy_fail_err(unload->job, &err);
}

/* --- manifest --- */

struct types {
	struct json *elements;
	const struct unload *unload;
};

static bool take_types(void *context, const char *const *values, size_t count,
		       struct err *err)
{
	struct types *types = context;

	(void)err;
	for (size_t i = 0; i < count; i++) {
		struct json *element = json_new_object();
		struct json *type = json_new_object();

		json_put_text(type, "base", values[i]);
		json_put_text(element, "name",
			      types->unload->names.items[i].text.text);
		json_put_take(element, "type", type);
		json_push_take(types->elements, element);
	}
	return true;
}

/* A join to one row gives the types of an empty result as well. */
static bool add_schema(struct unload *unload, struct json *manifest,
		       struct err *err)
{
	const struct rscopy_link *link = unload->job->call->link;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct types types = { json_new_array(), unload };
	struct rscopy_row row = { take_types, &types };
	struct json *schema = json_new_object();

	json_put_take(schema, "elements", types.elements);
	json_put_take(manifest, "schema", schema);
	for (size_t i = 0; i < unload->names.count; i++) {
		const struct str *name = &unload->names.items[i].text;

		str_add(&sql, i == 0 ? "SELECT pg_catalog.pg_typeof(q."
				     : ", pg_catalog.pg_typeof(q.");
		quote_name_always(&sql, name->text, name->len);
		str_add(&sql, ")::text");
	}
	str_addf(&sql, " FROM (SELECT 1) o LEFT JOIN (%s) q ON true LIMIT 1",
		 unload->sql.text);
	return link->query(link->context, sql.text, &row, err);
}

static struct json *entry_of(const struct unload *unload,
			     const struct rscopy_output_facts *file,
			     bool verbose)
{
	CLEANUP(str_done) struct str url = STR_EMPTY;
	struct json *entry = json_new_object();
	struct json *meta = json_new_object();

	str_addf(&url, "s3://%s/%s", unload->target.bucket.text, file->key);
	json_put_text(entry, "url", url.text);
	json_put_number(meta, "content_length", file->bytes);
	if (verbose)
		json_put_number(meta, "record_count", file->rows);
	json_put_take(entry, "meta", meta);
	return entry;
}

static void add_totals(const struct unload *unload, struct json *manifest)
{
	struct json *meta = json_new_object();
	struct json *author = json_new_object();
	int64_t bytes = 0;

	for (size_t i = 0; i < unload->output.count; i++)
		bytes += rscopy_output_facts(&unload->output, i).bytes;
	json_put_number(meta, "content_length", bytes);
	json_put_number(meta, "record_count", unload->rows);
	json_put_take(manifest, "meta", meta);
	json_put_text(author, "name", "Amazon Redshift");
	json_put_text(author, "version", "1.0.0");
	json_put_take(manifest, "author", author);
}

static bool put_text(struct unload *unload, const char *key,
		     const struct str *text, struct err *err)
{
	CLEANUP(s3_store_writer_freep)
	struct s3_store_writer *writer =
		s3_store_begin(unload->job->call->store, err);
	struct s3_store_put put = {
		.bucket = unload->target.bucket.text,
		.key = key,
	};

	return writer != NULL &&
	       s3_store_add(writer, text->text, text->len, err) &&
	       s3_store_put(writer, &put, NULL, err);
}

/* <prefix>manifest */
static bool write_manifest(struct unload *unload, struct err *err)
{
	const struct copy_given *given =
		copy_options_get(&unload->statement.options, COPY_MANIFEST);
	CLEANUP(json_freep) struct json *manifest = NULL;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str key = STR_EMPTY;
	struct json *entries;
	bool verbose;

	if (given == NULL)
		return true;
	verbose = given->text != NULL;
	manifest = json_new_object();
	entries = json_new_array();
	for (size_t i = 0; i < unload->output.count; i++) {
		const struct rscopy_output_facts file =
			rscopy_output_facts(&unload->output, i);

		json_push_take(entries, entry_of(unload, &file, verbose));
	}
	json_put_take(manifest, "entries", entries);
	if (verbose) {
		if (!add_schema(unload, manifest, err))
			return false;
		add_totals(unload, manifest);
	}
	json_add_pretty(&text, manifest);
	str_addf(&key, "%smanifest", unload->target.key.text);
	return put_text(unload, key.text, &text, err);
}

/* --- the whole --- */

static bool prepare(struct unload *unload, const char *sql)
{
	struct err err = ERR_EMPTY;

	if (!unload_parse(&unload->statement, sql, strlen(sql), &err) ||
	    !s3_uri_parse_bucket(&unload->target, unload->statement.target,
				 &err))
		return rscopy_fail_err(unload->job, &err);
	unload->output.store = unload->job->call->store;
	unload->output.prefix = unload->target.key.text;
	return set_options(unload) &&
	       rscopy_access_begin(unload->job, &unload->statement.options) &&
	       set_query(unload) && check_target(unload);
}

static void write_log(struct unload *unload, bool completed)
{
	struct rscopy_files files = { 0 };
	struct rscopy_log_run run = {
		.kind = "UNLOAD",
		.completed = completed,
		.started_ms = unload->started_ms,
		.table = "",
		.source = unload->statement.target,
		.format = unload->csv ? "CSV" : "TEXT",
		.rows = completed ? unload->rows : 0,
		.files = &files,
	};

	for (size_t i = 0; completed && i < unload->output.count; i++) {
		const struct rscopy_output_facts facts =
			rscopy_output_facts(&unload->output, i);
		struct rscopy_file file = {
			.bucket = mem_copy_text(unload->target.bucket.text),
			.key = mem_copy_text(facts.key),
			.bytes = facts.bytes,
			.lines = facts.rows,
		};

		run.bytes += file.bytes;
		vec_push(&files, file);
	}
	rscopy_log_run(unload->job, &run);
	rscopy_files_done(&files);
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
		.sql = STR_EMPTY,
		.pending = STR_EMPTY,
		.line = STR_EMPTY,
		.started_ms = clock_wall_ms(),
	};
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (!prepare(&unload, sql))
		return false;
	if (!write_rows(&unload)) {
		write_log(&unload, false);
		return false;
	}
	if (!rscopy_output_publish(&unload.output, unload.target.bucket.text,
				   &err) ||
	    !write_manifest(&unload, &err))
		return rscopy_fail_s3(job, "", &err);
	write_log(&unload, true);
	str_addf(&text,
		 "UNLOAD completed, %lld record(s) unloaded"
		 " successfully.",
		 (long long)unload.rows);
	job->call->link->info(job->call->link->context, text.text);
	job->result->rows = unload.rows;
	return true;
}
