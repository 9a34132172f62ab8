#include "load/copy_sql.h"

#include <stdarg.h>
#include <string.h>

#include "base/secret.h"
#include "base/str.h"
#include "load/copy_parse.h"
#include "load/infer.h"
#include "load/sniff.h"
#include "sql/quote.h"

/* --- statements --- */

static void add_keys(struct str *out, const struct copy_login *login,
		     bool escapes)
{
	str_add(out, "access_key_id ");
	quote_literal(out, secret_text(login->key_id), escapes);
	str_add(out, " secret_access_key ");
	quote_literal(out, secret_text(login->key), escapes);
	if (login->token != NULL && secret_is_set(login->token)) {
		str_add(out, " session_token ");
		quote_literal(out, secret_text(login->token), escapes);
	}
}

static void add_login(struct str *out, const struct copy_login *login,
		      bool escapes)
{
	const char *role = login->role;

	str_add_char(out, '\n');
	if (login->key_id != NULL) {
		add_keys(out, login, escapes);
	} else if (role == NULL || str_equal_nocase(role, "default")) {
		str_add(out, "iam_role default");
	} else {
		str_add(out, "iam_role ");
		quote_literal(out, role, escapes);
	}
}

static void add_auth(struct str *out, const char *typed,
		     const struct copy_login *login, bool escapes)
{
	if (typed == NULL || typed[0] == '\0')
		add_login(out, login, escapes);
	else
		str_addf(out, "\n%s", typed);
}

static void add_part(struct str *out, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	str_add_char(out, ' ');
	str_add(out, text);
}

static void add_region(struct str *out, const char *region, bool escapes)
{
	if (region == NULL)
		return;
	str_add(out, " region ");
	quote_literal(out, region, escapes);
}

/* The line of parameters. */
static void add_line(struct str *out, struct str *line)
{
	if (line->len == 0)
		return;
	line->text[0] = '\n';
	str_trim_end(line);
	str_add_slice(out, line->text, line->len);
}

void copy_sql_build(struct str *out, const struct copy_plan *plan)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	str_addf(out, "copy %s", plan->table);
	if (plan->columns != NULL)
		str_addf(out, " %s", plan->columns);
	str_add(out, "\nfrom ");
	quote_literal(out, plan->uri, plan->escapes);
	add_auth(out, plan->auth, &plan->login, plan->escapes);
	add_part(&line, plan->proposed);
	add_part(&line, plan->added);
	add_region(&line, plan->region, plan->escapes);
	add_part(&line, plan->given);
	add_line(out, &line);
}

void unload_sql_build(struct str *out, const struct unload_plan *plan)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	str_add(out, "unload (");
	quote_literal(out, plan->query, plan->escapes);
	str_add(out, ")\nto ");
	quote_literal(out, plan->uri, plan->escapes);
	add_auth(out, plan->auth, &plan->login, plan->escapes);
	add_region(&line, plan->region, plan->escapes);
	add_part(&line, plan->given);
	add_line(out, &line);
}

/* --- proposals --- */

struct proposal {
	struct str *out;
	const struct copy_options *given;
	const struct copy_option *ours[16]; /* proposed so far */
	size_t count;
};

static bool is_allowed(const struct proposal *proposal,
		       const struct copy_option *option)
{
	const struct copy_options *given = proposal->given;

	for (size_t i = 0; i < given->given.count; i++) {
		const struct copy_option *other = given->given.items[i].option;

		if (other->id == option->id ||
		    copy_option_excludes(option, other))
			return false;
	}
	for (size_t i = 0; i < proposal->count; i++) {
		if (copy_option_excludes(option, proposal->ours[i]))
			return false;
	}
	return proposal->count < COUNT_OF(proposal->ours);
}

/* Adds "name" or "name <argument>" unless it was given or does not go with
 * the others; fmt writes the argument as SQL text. */
static void PRINTF_LIKE(3, 4)
	propose(struct proposal *proposal, enum copy_option_id id,
		const char *fmt, ...)
{
	const struct copy_option *option =
		copy_option_by_id(COPY_VERB_COPY, id);
	va_list args;

	if (!is_allowed(proposal, option))
		return;
	proposal->ours[proposal->count++] = option;
	if (proposal->out->len > 0)
		str_add_char(proposal->out, ' ');
	va_start(args, fmt);
	str_addv(proposal->out, fmt, args);
	va_end(args);
}

/* Patterns and words of ours hold neither quote nor backslash. */
static void propose_text(struct proposal *proposal, enum copy_option_id id,
			 const char *name, const char *text)
{
	if (text[0] != '\0')
		propose(proposal, id, "%s '%s'", name, text);
}

static void propose_delimiter(struct proposal *proposal, char c)
{
	if (c == '\t')
		propose(proposal, COPY_DELIMITER, "delimiter '\\t'");
	else if (c < ' ')
		propose(proposal, COPY_DELIMITER, "delimiter '\\%03o'",
			(unsigned)c);
	else
		propose(proposal, COPY_DELIMITER, "delimiter '%c'", c);
}

static void propose_quote(struct proposal *proposal, char c)
{
	if (c == '\'')
		propose(proposal, COPY_QUOTE, "quote as ''''");
	else if (c != '\0' && c != '"')
		propose(proposal, COPY_QUOTE, "quote as '%c'", c);
}

/* 'id:4,name:12': labels are for the reader. */
static void propose_widths(struct proposal *proposal, const struct sniff *sniff,
			   const struct infer *infer)
{
	CLEANUP(str_done) struct str spec = STR_EMPTY;

	for (size_t i = 0; i < sniff->widths.count; i++) {
		const char *name = infer != NULL && i < infer->columns.count
					   ? infer->columns.items[i].column
					   : NULL;

		str_addf(&spec, "%s%s:%zu", i > 0 ? "," : "",
			 name != NULL ? name : "column",
			 sniff->widths.items[i]);
	}
	propose(proposal, COPY_FIXEDWIDTH, "fixedwidth '%s' trimblanks",
		spec.text);
}

static bool has_format(const struct copy_options *given)
{
	for (size_t i = 0; i < given->given.count; i++) {
		if (given->given.items[i].option->group == COPY_GROUP_FORMAT)
			return true;
	}
	return false;
}

static void propose_format(struct proposal *proposal, const struct sniff *sniff)
{
	bool csv = copy_options_has(proposal->given, COPY_CSV);

	/* who named a delimiter alone meant the plain format */
	if (!has_format(proposal->given) &&
	    !copy_options_has(proposal->given, COPY_DELIMITER)) {
		if (sniff_is_csv(sniff)) {
			propose(proposal, COPY_CSV, "csv");
			propose_quote(proposal, sniff->quote);
			csv = true;
		}
	}
	if (sniff->delimiter != '\0' && !(csv && sniff->delimiter == ','))
		propose_delimiter(proposal, sniff->delimiter);
	/* one column: commas and bars in it part nothing */
	if (sniff->delimiter == '\0' && sniff->quote == '\0')
		propose_delimiter(proposal, '\001');
	if (sniff->escape && sniff->quote == '"')
		propose(proposal, COPY_REMOVEQUOTES, "removequotes");
	if (sniff->escape)
		propose(proposal, COPY_ESCAPE, "escape");
}

static void propose_charset(struct proposal *proposal,
			    const struct sniff *sniff)
{
	switch (sniff->charset) {
	case ENCODE_UTF8:
		break;
	case ENCODE_LATIN1:
	case ENCODE_WINDOWS_1252:
		propose(proposal, COPY_ENCODING, "encoding iso88591");
		break;
	case ENCODE_UTF16LE:
		propose(proposal, COPY_ENCODING, "encoding %s",
			sniff->bom ? "utf16" : "utf16le");
		break;
	case ENCODE_UTF16BE:
		propose(proposal, COPY_ENCODING, "encoding %s",
			sniff->bom ? "utf16" : "utf16be");
		break;
	}
}

static void propose_pack(struct proposal *proposal, enum pack_kind pack)
{
	switch (pack) {
	case PACK_GZIP:
		propose(proposal, COPY_GZIP, "gzip");
		break;
	case PACK_ZSTD:
		propose(proposal, COPY_ZSTD, "zstd");
		break;
	case PACK_BZIP2:
		propose(proposal, COPY_BZIP2, "bzip2");
		break;
	case PACK_LZOP:
		propose(proposal, COPY_LZOP, "lzop");
		break;
	case PACK_NONE:
	case PACK_AUTO:
		break;
	}
}

static void propose_dates(struct proposal *proposal, const struct infer *infer)
{
	if (infer == NULL)
		return;
	propose_text(proposal, COPY_DATEFORMAT, "dateformat",
		     infer->date_format);
	propose_text(proposal, COPY_TIMEFORMAT, "timeformat",
		     infer->time_format);
}

static void propose_delimited(struct proposal *proposal,
			      const struct sniff *sniff,
			      const struct infer *infer)
{
	if (sniff->kind != SNIFF_FIXED)
		propose_format(proposal, sniff);
	else if (!has_format(proposal->given))
		propose_widths(proposal, sniff, infer);
	propose_pack(proposal, sniff->pack);
	size_t lines = sniff->skip;

	if (infer != NULL && infer->header)
		lines += sniff->first_lines;

	if (lines > 0)
		propose(proposal, COPY_IGNOREHEADER, "ignoreheader %zu", lines);
	if (sniff->blank_lines)
		propose(proposal, COPY_IGNOREBLANKLINES, "ignoreblanklines");
	propose_charset(proposal, sniff);
	if (infer == NULL)
		return;
	propose_text(proposal, COPY_NULL, "null as", infer->null_text);
	propose_dates(proposal, infer);
}

/* Names of columns are lower case; 'auto' compares letter by letter. */
static bool has_capitals(const struct infer *infer)
{
	for (size_t i = 0; infer != NULL && i < infer->columns.count; i++) {
		const char *name = infer->columns.items[i].name;

		for (; name != NULL && *name != '\0'; name++)
			if (*name >= 'A' && *name <= 'Z')
				return true;
	}
	return false;
}

/* Lists and groups go into SUPER columns. */
static bool has_super(const struct infer *infer)
{
	for (size_t i = 0; infer != NULL && i < infer->columns.count; i++)
		if (infer->columns.items[i].type == INFER_SUPER)
			return true;
	return false;
}

void copy_sql_propose(struct str *out, const struct sniff *sniff,
		      const struct infer *infer,
		      const struct copy_options *given)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct proposal proposal = { .out = &text, .given = given };
	bool formatted = has_format(given);

	switch (sniff->kind) {
	case SNIFF_DELIMITED:
	case SNIFF_FIXED:
		propose_delimited(&proposal, sniff, infer);
		break;
	case SNIFF_JSON:
		if (!formatted)
			propose(&proposal, COPY_JSON, "json '%s'",
				has_capitals(infer) ? "auto ignorecase"
						    : "auto");
		propose_pack(&proposal, sniff->pack);
		propose_charset(&proposal, sniff);
		propose_dates(&proposal, infer);
		break;
	case SNIFF_PARQUET:
		if (!formatted)
			propose(&proposal, COPY_PARQUET, "format as parquet%s",
				has_super(infer) ? " serializetojson" : "");
		break;
	case SNIFF_ORC:
		if (!formatted)
			propose(&proposal, COPY_ORC, "format as orc%s",
				has_super(infer) ? " serializetojson" : "");
		break;
	case SNIFF_AVRO:
		if (!formatted)
			propose(&proposal, COPY_AVRO, "format as avro '%s'",
				has_capitals(infer) ? "auto ignorecase"
						    : "auto");
		propose_pack(&proposal, sniff->pack);
		propose_dates(&proposal, infer);
		break;
	case SNIFF_EMPTY:
	case SNIFF_JSON_ARRAY:
	case SNIFF_JSON_ROWS:
	case SNIFF_MARKUP:
	case SNIFF_ARCHIVE:
	case SNIFF_BINARY:
		propose_pack(&proposal, sniff->pack);
		break;
	}
	str_add_slice(out, text.text, text.len);
}
