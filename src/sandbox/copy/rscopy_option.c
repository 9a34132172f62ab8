#include "sandbox/copy/rscopy_option.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "sandbox/copy/rscopy_job.h"
#include "sql/lexer.h"

/* Rows per slice; the sandbox shows two [copy-parameters-data-load]. */
enum { COMPROWS_LEAST = 100000, SLICES = 2 };

static bool has(const struct copy_options *options, enum copy_option_id id)
{
	return copy_options_has(options, id);
}

/* The text of an argument; otherwise when it was not given. */
static const char *text_of(const struct copy_options *options,
			   enum copy_option_id id, const char *otherwise)
{
	const struct copy_given *given = copy_options_get(options, id);

	return given == NULL || given->text == NULL ? otherwise : given->text;
}

/* --- what may stand together --- */

#define FORMATS                                                                \
	"CSV FIXEDWIDTH SHAPEFILE AVRO JSON PARQUET ORC DELIMITER QUOTE "
#define COMPRESSIONS "GZIP BZIP2 LZOP ZSTD "

/* copy-parameters-data-source-*: by the scheme of FROM. */
static const struct source {
	const char *scheme;
	const char *excludes; /* names, blank separated */
	enum copy_option_id needs;
	const char *lacks; /* what the sandbox has not; NULL: it has */
} sources[] = {
	{ "s3://", "READRATIO", COPY_NO_OPTION, NULL },
	{ "emr://",
	  "ENCRYPTED MASTER_SYMMETRIC_KEY MANIFEST REGION READRATIO SSH ZSTD"
	  " SHAPEFILE PARQUET ORC JOB",
	  COPY_NO_OPTION, "EMR clusters to load from" },
	{ "dynamodb://",
	  FORMATS COMPRESSIONS
	  "ESCAPE FILLRECORD IGNOREBLANKLINES IGNOREHEADER NULL REMOVEQUOTES"
	  " ACCEPTINVCHARS MANIFEST ENCRYPTED MASTER_SYMMETRIC_KEY SSH"
	  " ENCODING JOB",
	  COPY_READRATIO, "DynamoDB tables to load from" },
};

static const struct source *find_source(const char *text)
{
	for (size_t i = 0; i < COUNT_OF(sources); i++)
		if (str_starts(text, sources[i].scheme))
			return &sources[i];
	return NULL;
}

static bool check_source(struct rscopy_job *job, const struct source *source,
			 const struct copy_options *options)
{
	for (size_t i = 0; i < options->given.count; i++) {
		const char *name = options->given.items[i].option->name;

		if (copy_option_in(source->excludes, name, strlen(name)))
			return rscopy_fail(job, "0A000",
					   "%s is not compatible with a source"
					   " that begins with %s",
					   name, source->scheme);
	}
	if (source->needs == COPY_NO_OPTION || has(options, source->needs))
		return true;
	return rscopy_fail(
		job, "42601", "%s is needed with %s",
		copy_option_by_id(COPY_VERB_COPY, source->needs)->name,
		source->scheme);
}

/* CREATE name [AUTO ON | OFF]; *out_name is the name's token. */
static bool read_job(const char *words, struct token *out_name)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, words, strlen(words), LEXER_ESCAPES, NULL);
	token = lexer_next_solid(&lexer);
	if (!token_is(&token, "CREATE"))
		return false;
	*out_name = lexer_next_solid(&lexer);
	if (out_name->kind != TOKEN_WORD && out_name->kind != TOKEN_NAME)
		return false;
	token = lexer_next_solid(&lexer);
	if (token_is(&token, "AUTO")) {
		token = lexer_next_solid(&lexer);
		if (!token_is(&token, "ON") && !token_is(&token, "OFF"))
			return false;
		token = lexer_next_solid(&lexer);
	}
	return token.kind == TOKEN_END;
}

/* [r_COPY-JOB] */
static bool check_job(struct rscopy_job *job,
		      const struct copy_options *options)
{
	const char *words = text_of(options, COPY_JOB, NULL);
	struct token name;

	if (words == NULL)
		return true;
	if (!read_job(words, &name))
		return rscopy_fail(job, "42601",
				   "JOB of COPY takes CREATE, a name without"
				   " hyphen, and AUTO ON or OFF at the end of"
				   " the statement");
	if (memchr(name.text, '-', name.len) != NULL)
		return rscopy_fail(job, "42601",
				   "the name of a COPY JOB holds no hyphen");
	if (options->auth.kind != COPY_AUTH_ROLE)
		return rscopy_fail(job, "0A000",
				   "JOB is only compatible with IAM_ROLE"
				   " 'arn:aws:iam::...'");
	if (job->call->in_block)
		return rscopy_fail(job, "25001",
				   "COPY JOB CREATE cannot run inside a"
				   " transaction block");
	return true;
}

/* What is known and not here; a word of the source comes before. */
static const struct {
	enum copy_option_id id;
	const char *lacks;
} lacks[] = {
	{ COPY_SHAPEFILE, "reader of shapefiles" },
	{ COPY_AVRO, "reader of Avro files" },
	{ COPY_PARQUET, "reader of Parquet files" },
	{ COPY_ORC, "reader of ORC files" },
	{ COPY_SSH, "remote hosts to load from by SSH" },
	{ COPY_ENCRYPTED, "client-side encryption" },
	{ COPY_USING, "templates of COPY" },
	{ COPY_JOB, "COPY JOB" },
};

static bool check_lacks(struct rscopy_job *job, const struct source *source,
			const struct copy_options *options)
{
	if (source->lacks != NULL)
		return rscopy_lacks(job, source->lacks);
	for (size_t i = 0; i < COUNT_OF(lacks); i++)
		if (has(options, lacks[i].id))
			return rscopy_lacks(job, lacks[i].lacks);
	return true;
}

/* r_DATEFORMAT_and_TIMEFORMAT_strings: no time zone in a TIMEFORMAT. */
static bool has_zone(const char *format)
{
	for (; *format != '\0'; format++)
		if (strncasecmp(format, "TZ", 2) == 0 ||
		    strncasecmp(format, "OF", 2) == 0)
			return true;
	return false;
}

static bool check_times(struct rscopy_job *job,
			const struct copy_options *options)
{
	const char *date = text_of(options, COPY_DATEFORMAT, "auto");
	const char *time = text_of(options, COPY_TIMEFORMAT, "auto");

	if (date[0] == '\0' || time[0] == '\0')
		return rscopy_fail(job, "42601", "%s cannot be an empty string",
				   date[0] == '\0' ? "DATEFORMAT"
						   : "TIMEFORMAT");
	return !has_zone(time) ||
	       rscopy_fail(job, "42601",
			   "TIMEFORMAT cannot contain a time zone identifier"
			   " (TZ or OF): use 'auto'");
}

static bool check_values(struct rscopy_job *job,
			 const struct copy_options *options)
{
	const struct copy_given *null = copy_options_get(options, COPY_NULL);
	const struct copy_given *bad_char =
		copy_options_get(options, COPY_ACCEPTINVCHARS);

	if (null != NULL && memchr(null->text, '\n', null->len) != NULL)
		return rscopy_fail(job, "42601",
				   "NULL argument is not supported: it cannot"
				   " contain a newline");
	if (bad_char != NULL && bad_char->text != NULL &&
	    bad_char->text[0] == '\0')
		return rscopy_fail(job, "42601",
				   "the replacement character of"
				   " ACCEPTINVCHARS cannot be NUL");
	return check_times(job, options);
}

static bool check(struct rscopy_job *job,
		  const struct copy_statement *statement)
{
	const struct source *source = find_source(statement->source);

	if (source == NULL)
		return rscopy_fail(job, "42601",
				   "'%s' is no source of COPY: s3://,"
				   " dynamodb:// and emr:// are",
				   statement->source);
	return check_source(job, source, &statement->options) &&
	       check_job(job, &statement->options) &&
	       check_values(job, &statement->options) &&
	       check_lacks(job, source, &statement->options);
}

/* --- their values --- */

static const struct {
	enum copy_option_id id;
	enum pack_kind pack;
} packs[] = {
	{ COPY_GZIP, PACK_GZIP },
	{ COPY_BZIP2, PACK_BZIP2 },
	{ COPY_ZSTD, PACK_ZSTD },
	{ COPY_LZOP, PACK_LZOP },
};

enum pack_kind rscopy_option_pack(const struct copy_options *options)
{
	for (size_t i = 0; i < COUNT_OF(packs); i++)
		if (has(options, packs[i].id))
			return packs[i].pack;
	return PACK_NONE;
}

enum rscopy_switch rscopy_option_switch(const struct copy_options *options,
					enum copy_option_id id)
{
	const char *text = text_of(options, id, "ON");

	if (!has(options, id))
		return RSCOPY_SWITCH_AUTO;
	return strcmp(text, "OFF") == 0 || strcmp(text, "FALSE") == 0
		       ? RSCOPY_SWITCH_OFF
		       : RSCOPY_SWITCH_ON;
}

static const struct {
	const char *name;
	enum encode_charset charset;
	bool by_bom;
} charsets[] = {
	{ "UTF8", ENCODE_UTF8, false },
	{ "UTF16", ENCODE_UTF16LE, true },
	{ "UTF16LE", ENCODE_UTF16LE, false },
	{ "UTF16BE", ENCODE_UTF16BE, false },
	{ "ISO88591", ENCODE_LATIN1, false },
};

static void set_charset(const char *name, struct rscopy_format *out)
{
	for (size_t i = 0; i < COUNT_OF(charsets); i++) {
		if (!str_equal_nocase(charsets[i].name, name))
			continue;
		out->charset = charsets[i].charset;
		out->by_bom = charsets[i].by_bom;
	}
}

static void set_dialect(const struct copy_options *options,
			const struct rscopy_load_plan *plan,
			struct csv_dialect *out)
{
	if (plan->shape != RSCOPY_SHAPE_FIXED &&
	    plan->shape != RSCOPY_SHAPE_QUOTES)
		out->delimiter[0] = plan->delimiter; /* else whole lines */
	if (plan->rules.csv) {
		out->quote = text_of(options, COPY_QUOTE, "\"")[0];
		out->escape = out->quote;
	}
	out->bare_escape = plan->escape ? '\\' : '\0';
}

static void set_rules(const struct copy_options *options,
		      struct rscopy_rules *out)
{
	const struct copy_given *null = copy_options_get(options, COPY_NULL);

	out->csv = has(options, COPY_CSV) || has(options, COPY_JSON);
	out->fixed = has(options, COPY_FIXEDWIDTH);
	out->accept_any_date = has(options, COPY_ACCEPTANYDATE);
	out->blanks_as_null = has(options, COPY_BLANKSASNULL);
	out->empty_as_null = has(options, COPY_EMPTYASNULL);
	out->trim_blanks = has(options, COPY_TRIMBLANKS);
	out->truncate = has(options, COPY_TRUNCATECOLUMNS);
	out->round = has(options, COPY_ROUNDEC);
	out->null_text = null == NULL ? "\\N" : null->text;
	out->null_len = null == NULL ? 2 : null->len;
	if (has(options, COPY_ACCEPTINVCHARS))
		out->bad_char = text_of(options, COPY_ACCEPTINVCHARS, "?")[0];
	out->date_format = text_of(options, COPY_DATEFORMAT, NULL);
	out->time_format = text_of(options, COPY_TIMEFORMAT, NULL);
}

static void set_shape(const struct copy_options *options,
		      struct rscopy_load_plan *out)
{
	bool csv = has(options, COPY_CSV);

	out->shape = RSCOPY_SHAPE_LINES;
	out->format_name = csv ? "CSV" : "TEXT";
	out->delimiter = text_of(options, COPY_DELIMITER, csv ? "," : "|")[0];
	out->escape = has(options, COPY_ESCAPE);
	if (has(options, COPY_REMOVEQUOTES))
		out->shape = RSCOPY_SHAPE_QUOTES;
	if (has(options, COPY_FIXEDWIDTH)) {
		out->shape = RSCOPY_SHAPE_FIXED;
		out->format_name = "FIXEDWIDTH";
		out->fixed_spec = text_of(options, COPY_FIXEDWIDTH, "");
	}
	if (has(options, COPY_JSON)) {
		out->shape = RSCOPY_SHAPE_JSON;
		out->format_name = "JSON";
		out->json_how = text_of(options, COPY_JSON, "auto");
	}
}

static void set_load(const struct copy_options *options,
		     struct rscopy_load_plan *out)
{
	const struct copy_given *errors =
		copy_options_get(options, COPY_MAXERROR);
	const struct copy_given *rows =
		copy_options_get(options, COPY_COMPROWS);

	out->manifest = has(options, COPY_MANIFEST);
	out->explicit_ids = has(options, COPY_EXPLICIT_IDS);
	out->fill_record = has(options, COPY_FILLRECORD);
	out->ignore_blank_lines = has(options, COPY_IGNOREBLANKLINES);
	out->no_load = has(options, COPY_NOLOAD);
	out->ignore_all_errors = has(options, COPY_IGNOREALLERRORS);
	/* 0 and 1 both mean: at the first */
	out->max_errors =
		errors == NULL || errors->number < 1 ? 1 : errors->number;
	out->stat_update = rscopy_option_switch(options, COPY_STATUPDATE);
	out->comp_update = rscopy_option_switch(options, COPY_COMPUPDATE);
	out->comp_preset =
		strcmp(text_of(options, COPY_COMPUPDATE, ""), "PRESET") == 0;
	out->comp_rows = rows == NULL ? 0 : rows->number;
	if (out->comp_rows < COMPROWS_LEAST * SLICES)
		out->comp_rows = COMPROWS_LEAST * SLICES;
}

bool rscopy_option_load(struct rscopy_job *job,
			const struct copy_statement *statement,
			struct rscopy_load_plan *out)
{
	const struct copy_options *options = &statement->options;
	const struct copy_given *header =
		copy_options_get(options, COPY_IGNOREHEADER);

	memset(out, 0, sizeof(*out));
	if (!check(job, statement))
		return false;
	set_rules(options, &out->rules);
	set_shape(options, out);
	set_load(options, out);
	set_charset(text_of(options, COPY_ENCODING, "UTF8"), &out->format);
	set_dialect(options, out, &out->format.dialect);
	out->format.json = out->shape == RSCOPY_SHAPE_JSON;
	out->format.pack = rscopy_option_pack(options);
	out->format.bad_char = out->rules.bad_char;
	out->format.skip_lines = header == NULL ? 0 : header->number;
	return true;
}
