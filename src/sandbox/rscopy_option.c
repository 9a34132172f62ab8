#include "sandbox/rscopy_option.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "sandbox/identity.h"
#include "sandbox/rscopy_job.h"

static const enum copy_option_id load_ids[] = {
	COPY_JSON,
	COPY_CSV,
	COPY_GZIP,
	COPY_BZIP2,
	COPY_ZSTD,
	COPY_DELIMITER,
	COPY_QUOTE,
	COPY_NULL,
	COPY_ESCAPE,
	COPY_REMOVEQUOTES,
	COPY_IGNOREHEADER,
	COPY_IGNOREBLANKLINES,
	COPY_FILLRECORD,
	COPY_ACCEPTANYDATE,
	COPY_ACCEPTINVCHARS,
	COPY_BLANKSASNULL,
	COPY_DATEFORMAT,
	COPY_EMPTYASNULL,
	COPY_ENCODING,
	COPY_EXPLICIT_IDS,
	COPY_ROUNDEC,
	COPY_TIMEFORMAT,
	COPY_TRIMBLANKS,
	COPY_TRUNCATECOLUMNS,
	COPY_MANIFEST,
	COPY_REGION,
	COPY_COMPROWS,
	COPY_COMPUPDATE,
	COPY_IGNOREALLERRORS,
	COPY_MAXERROR,
	COPY_NOLOAD,
	COPY_STATUPDATE,
};

static const struct {
	enum copy_option_id id;
	enum pack_kind pack;
} packs[] = {
	{ COPY_GZIP, PACK_GZIP },
	{ COPY_BZIP2, PACK_BZIP2 },
	{ COPY_ZSTD, PACK_ZSTD },
};

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

bool rscopy_option_check(struct rscopy_job *job,
			 const struct copy_options *options,
			 const enum copy_option_id *allowed, size_t count)
{
	for (size_t i = 0; i < options->given.count; i++) {
		const struct copy_option *option =
			options->given.items[i].option;
		bool known = false;

		for (size_t j = 0; j < count; j++)
			known = known || allowed[j] == option->id;
		if (!known)
			return rscopy_fail(job, "0A000",
					   "%s is not supported by this"
					   " sandbox",
					   option->name);
	}
	return true;
}

bool rscopy_option_region(struct rscopy_job *job,
			  const struct copy_options *options)
{
	const struct copy_given *region =
		copy_options_get(options, COPY_REGION);

	if (region == NULL || str_equal_nocase(region->text, IDENTITY_REGION))
		return true;
	return rscopy_fail_engine(
		job, 8001, "",
		"S3ServiceException:The bucket is in this "
		"region: " IDENTITY_REGION
		". Please use this region to retry the"
		" request,Status 301,Error PermanentRedirect,Rid"
		" 0000000000000000,ExtRid redsh-sandbox,CanRetry 1");
}

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

static bool set_charset(struct rscopy_job *job, const char *name,
			struct rscopy_format *out)
{
	for (size_t i = 0; i < COUNT_OF(charsets); i++) {
		if (!str_equal_nocase(charsets[i].name, name))
			continue;
		out->charset = charsets[i].charset;
		out->by_bom = charsets[i].by_bom;
		return true;
	}
	return rscopy_fail(job, "0A000",
			   "ENCODING %s is not supported by this sandbox",
			   name);
}

static void set_dialect(const struct copy_options *options, bool csv,
			struct csv_dialect *out)
{
	const char *delimiter =
		text_of(options, COPY_DELIMITER, csv ? "," : "|");
	bool escape = has(options, COPY_ESCAPE);

	memset(out, 0, sizeof(*out));
	out->delimiter[0] = delimiter[0];
	if (csv) {
		out->quote = text_of(options, COPY_QUOTE, "\"")[0];
		out->escape = out->quote;
		return;
	}
	out->bare_escape = escape ? '\\' : '\0';
	if (has(options, COPY_REMOVEQUOTES))
		out->delimiter[0] = '\0'; /* whole lines */
}

static void set_rules(const struct copy_options *options, bool csv,
		      struct rscopy_rules *out)
{
	const struct copy_given *null = copy_options_get(options, COPY_NULL);

	out->csv = csv;
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

/* 'auto' when nothing is said. */
static bool set_json(struct rscopy_job *job, const char *how,
		     struct rscopy_load_plan *out)
{
	out->format.json = true;
	out->format_name = "JSON";
	out->rules.csv = true;
	out->ignore_case = strcmp(how, "auto ignorecase") == 0;
	return out->ignore_case || strcmp(how, "auto") == 0 ||
	       rscopy_fail(job, "0A000",
			   "JSON '%s' is not supported by this sandbox", how);
}

static bool check_null(struct rscopy_job *job, const struct rscopy_rules *rules)
{
	if (memchr(rules->null_text, '\n', rules->null_len) == NULL)
		return true;
	return rscopy_fail(job, "42601",
			   "NULL argument is not supported: it cannot contain"
			   " a newline");
}

bool rscopy_option_load(struct rscopy_job *job,
			const struct copy_options *options,
			struct rscopy_load_plan *out)
{
	const struct copy_given *header =
		copy_options_get(options, COPY_IGNOREHEADER);
	const struct copy_given *errors =
		copy_options_get(options, COPY_MAXERROR);
	bool csv = has(options, COPY_CSV);

	memset(out, 0, sizeof(*out));
	if (!rscopy_option_check(job, options, load_ids, COUNT_OF(load_ids)) ||
	    !rscopy_option_region(job, options) ||
	    !set_charset(job, text_of(options, COPY_ENCODING, "UTF8"),
			 &out->format))
		return false;
	for (size_t i = 0; i < COUNT_OF(packs); i++)
		if (has(options, packs[i].id))
			out->format.pack = packs[i].pack;
	set_dialect(options, csv, &out->format.dialect);
	out->remove_quotes = has(options, COPY_REMOVEQUOTES);
	out->escape = has(options, COPY_ESCAPE);
	out->delimiter = text_of(options, COPY_DELIMITER, "|")[0];
	set_rules(options, csv, &out->rules);
	out->format.bad_char = out->rules.bad_char;
	out->format.skip_lines = header == NULL ? 0 : header->number;
	out->format_name = csv ? "CSV" : "TEXT";
	out->manifest = has(options, COPY_MANIFEST);
	out->explicit_ids = has(options, COPY_EXPLICIT_IDS);
	out->fill_record = has(options, COPY_FILLRECORD);
	out->ignore_blank_lines = has(options, COPY_IGNOREBLANKLINES);
	out->no_load = has(options, COPY_NOLOAD);
	out->ignore_all_errors = has(options, COPY_IGNOREALLERRORS);
	out->max_errors =
		errors == NULL || errors->number < 1 ? 1 : errors->number;
	if (has(options, COPY_JSON) &&
	    !set_json(job, text_of(options, COPY_JSON, "auto"), out))
		return false;
	return check_null(job, &out->rules);
}
