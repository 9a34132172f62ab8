#include "load/inspect_tell.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "base/utf8.h"
#include "data/json.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "load/copy_parse.h"
#include "load/copy_sql.h"
#include "load/inspect.h"
#include "load/inspect_create.h"
#include "load/money.h"
#include "sql/quote.h"

/* --- warnings --- */

static void warn(struct inspection *inspection, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

static void warn(struct inspection *inspection, const char *fmt, ...)
{
	struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	vec_push(&inspection->warnings, mem_copy_text(text.text));
	str_done(&text);
}

/* Bytes or records that COPY stops at. */
static void warn_about_bytes(struct inspection *inspection)
{
	const struct survey_result *survey = &inspection->survey;

	if (inspection->bad_text > 0)
		warn(inspection,
		     "line %" PRId64 ", byte %" PRId64 " of the file: not "
		     "UTF-8 (error 1220); ENCODING ISO88591 if the file is "
		     "Latin-1, or ACCEPTINVCHARS, which replaces such bytes",
		     inspection->bad_line, inspection->bad_byte);
	if (survey->open_line > 0)
		warn(inspection,
		     "line %" PRId64 ": a quote opens that nothing closes; it "
		     "would swallow the rest of the file: mend the line, or "
		     "load with DELIMITER instead of CSV",
		     survey->open_line);
	if (survey->quote_line > 0)
		warn(inspection,
		     "line %" PRId64 ": a value begins with a quote that "
		     "nothing closes; quotes are taken for text in this file: "
		     "mend the line if they should not be",
		     survey->quote_line);
	if (survey->broken > 0)
		warn(inspection,
		     "line %" PRId64 ": text behind a closing quote "
		     "(%" PRId64 " record%s so); CSV wants quotes inside "
		     "doubled",
		     survey->broken_line, survey->broken,
		     survey->broken == 1 ? " is" : "s are");
	if (inspection->nul_bytes > 0)
		warn(inspection,
		     "line %" PRId64 ", byte %" PRId64 " of the file: a NUL "
		     "byte (of %" PRId64 "); COPY refuses a field with one "
		     "(error 1218): remove it, or say NULL AS '\\0' where it "
		     "stands for no value",
		     inspection->nul_line, inspection->nul_byte,
		     inspection->nul_bytes);
	if (survey->surplus_line > 0)
		warn(inspection,
		     "line %" PRId64 ": longer than the columns' widths "
		     "together; look whether the columns are right",
		     survey->surplus_line);
	if (survey->ragged > 0)
		warn(inspection,
		     "line %" PRId64 ": %zu columns instead of %zu "
		     "(%" PRId64 " record%s differ%s); %s",
		     survey->ragged_line, survey->ragged_columns,
		     inspection->infer.columns.count, survey->ragged,
		     survey->ragged == 1 ? "" : "s",
		     survey->ragged == 1 ? "s" : "",
		     survey->ragged_columns < inspection->infer.columns.count
			     ? "FILLRECORD fills missing ones with NULL"
			     : "look for a delimiter inside a value that is "
			       "not quoted");
}

static void warn_about_json(struct inspection *inspection)
{
	const struct json_survey_result *json = &inspection->json;

	if (json->bad > 0)
		warn(inspection,
		     "line %" PRId64 ": no JSON object (%" PRId64 " such "
		     "place%s); COPY stops there",
		     json->bad_line, json->bad, json->bad == 1 ? "" : "s");
	for (size_t i = 0; i < inspection->infer.columns.count; i++) {
		const struct infer_column *column =
			&inspection->infer.columns.items[i];

		if (inspection->infer.members &&
		    !str_equal_nocase(column->column, column->name))
			warn(inspection,
			     "member \"%s\" becomes the column %s: COPY finds "
			     "it by a JSONPaths file only",
			     column->name, column->column);
	}
}

static void warn_about_money(struct inspection *inspection,
			     const struct infer_column *column)
{
	CLEANUP(str_done) struct str quoted = STR_EMPTY;
	CLEANUP(str_done) struct str marks = STR_EMPTY;
	CLEANUP(str_done) struct str cast = STR_EMPTY;

	quote_name(&quoted, column->column);
	money_add_marks(&marks, column->money);
	money_add_cast(&cast, quoted.text, column->money);
	warn(inspection,
	     "column %s: numbers with %s; loaded as text, and read by %s",
	     column->column, marks.text, cast.text);
}

static void warn_about_wide(struct inspection *inspection, size_t index)
{
	const struct survey_result *survey = &inspection->survey;
	const struct infer_column *column =
		&inspection->infer.columns.items[index];
	CLEANUP(str_done) struct str place = STR_EMPTY;

	if (survey->wide_line > 0 && survey->wide_column == index)
		str_addf(&place, "line %" PRId64 ", ", survey->wide_line);
	warn(inspection,
	     "%scolumn %s: a value of %zu bytes; VARCHAR holds 65,535: "
	     "TRUNCATECOLUMNS cuts it, or mend the file",
	     place.text, column->column, column->longest);
}

static const char *many_columns_advice(const struct infer *infer)
{
	return infer->members
		       ? "load each object into one SUPER column with JSON "
			 "'noshred'"
		       : "cut the file into several, each with the columns "
			 "that identify a row, and load each into its own "
			 "table";
}

static void warn_about_columns(struct inspection *inspection)
{
	const struct infer *infer = &inspection->infer;

	for (size_t i = 0; i < infer->columns.count; i++) {
		const struct infer_column *column = &infer->columns.items[i];

		if (column->longest > 65535 && column->type == INFER_VARCHAR)
			warn_about_wide(inspection, i);
		if (column->note != NULL)
			warn(inspection, "column %s: %s", column->column,
			     column->note);
		if (column->padded)
			warn(inspection,
			     "column %s: numbers with blanks around them, "
			     "which COPY refuses (error 1207); loaded as text, "
			     "and read by trim() and a cast",
			     column->column);
		if (column->money != 0)
			warn_about_money(inspection, column);
		if (column->ambiguous)
			warn(inspection,
			     "column %s: day and month could be swapped; "
			     "taken as %s, and %s reads it too",
			     column->column, column->pattern,
			     column->other_pattern);
	}
	if (infer->columns.count > INSPECT_MAX_COLUMNS)
		warn(inspection,
		     "%zu columns; a table of Redshift has 1,600 at most: %s",
		     infer->columns.count, many_columns_advice(infer));
}

/* NULL AS takes one word, for all columns. */
static void warn_about_nulls(struct inspection *inspection)
{
	const struct infer *infer = &inspection->infer;

	for (size_t i = 0; i < infer->columns.count; i++) {
		const struct infer_column *column = &infer->columns.items[i];

		if (column->other_null != NULL)
			warn(inspection,
			     "column %s: \"%s\" stands for no value there, and "
			     "NULL AS takes one word, \"%s\": loaded as text, "
			     "and read by nullif(%s, '%s')",
			     column->column, column->other_null,
			     infer->null_text, column->column,
			     column->other_null);
	}
}

static void warn_about_archive(struct inspection *inspection)
{
	if (inspection->members > 1)
		warn(inspection,
		     "the archive holds %zu files; the largest, %s, was looked "
		     "at",
		     inspection->members, inspection->member);
	warn(inspection, "COPY cannot read zip archives: unpack it and put "
			 "what is in it to S3, better packed by gzip");
}

void inspect_warn(struct inspection *inspection)
{
	const struct sniff *sniff = &inspection->sniff;

	warn_about_bytes(inspection);
	if (sniff_is_text(sniff) && sniff->charset == ENCODE_WINDOWS_1252)
		warn(inspection,
		     "windows-1252: ENCODING ISO88591 reads its letters right, "
		     "but not \"€\", curly quotes and dashes; iconv -f "
		     "WINDOWS-1252 -t UTF-8 keeps them");
	warn_about_json(inspection);
	warn_about_columns(inspection);
	if (sniff->kind == SNIFF_DELIMITED && sniff->line_end == SNIFF_MIXED)
		warn(inspection, "lines end in LF and CR LF: COPY takes both");
	if (sniff_is_text(sniff) && sniff->bom &&
	    sniff->charset == ENCODE_UTF8)
		warn(inspection,
		     "the file begins with a byte order mark; COPY passes "
		     "over it");
	if (inspection->infer.null_text[0] != '\0')
		warn_about_nulls(inspection);
	if (sniff_is_text(sniff) && inspection->infer.header &&
	    inspection->survey.records == 0)
		warn(inspection, "there is a header and no data");
	if (inspection->member != NULL)
		warn_about_archive(inspection);
	if (!inspection->whole && inspection->infer.columns.count > 0 &&
	    sniff->kind != SNIFF_AVRO)
		warn(inspection, "only samples were looked at; --all reads "
				 "the whole");
}

/* --- rows --- */

static void add_share(struct rows_mem *mem, const struct infer_column *column)
{
	size_t none = column->empty + column->nulls;

	/* a file that describes itself says nothing of its values */
	if (column->values + column->empty == 0)
		rows_mem_add(mem, NULL);
	else if (none == 0)
		rows_mem_add(mem, "0 %");
	else
		rows_mem_addf(mem, "%.1f %%",
			      100.0 * (double)none /
				      (double)(none + column->values));
}

enum { SAMPLE_COLS = 40 }; /* wide ones would part the table's lines */

static void add_sample(struct rows_mem *mem, const char *sample)
{
	size_t fit;

	if (sample == NULL) {
		rows_mem_add(mem, NULL);
		return;
	}
	fit = utf8_fit(sample, strlen(sample), SAMPLE_COLS);
	if (sample[fit] == '\0')
		rows_mem_add(mem, sample);
	else
		rows_mem_addf(mem, "%.*s...", (int)fit, sample);
}

struct rows *inspect_rows(const struct inspection *inspection)
{
	struct rows_mem *mem = rows_mem_new(NULL);

	rows_mem_column(mem, "column", ROWS_TEXT);
	rows_mem_column(mem, "type", ROWS_TEXT);
	rows_mem_column(mem, "empty", ROWS_TEXT);
	rows_mem_column(mem, "longest", ROWS_INTEGER);
	rows_mem_column(mem, "sample", ROWS_TEXT);
	for (size_t i = 0; i < inspection->infer.columns.count; i++) {
		const struct infer_column *column =
			&inspection->infer.columns.items[i];
		CLEANUP(str_done) struct str text = STR_EMPTY;

		rows_mem_add(mem, column->column);
		infer_add_type(column, &text);
		rows_mem_add(mem, text.text);
		add_share(mem, column);
		if (column->values > 0 || column->empty > 0)
			rows_mem_add_number(mem, (int64_t)column->longest);
		else
			rows_mem_add(mem, NULL);
		add_sample(mem, column->sample);
	}
	return rows_mem_rows(mem);
}

/* --- statements --- */

bool inspect_check(const struct inspection *inspection, const char *name,
		   struct err *err)
{
	if (inspection->infer.columns.count <= INSPECT_MAX_COLUMNS)
		return sniff_check(&inspection->sniff, name, err);
	err_set(err, ERR_DATA,
		"%s has %zu columns; a table of Redshift has 1,600 at most",
		name, inspection->infer.columns.count);
	return err_hint(err, "%s", many_columns_advice(&inspection->infer));
}

static bool can_copy(const struct inspection *inspection)
{
	struct err ignored = ERR_EMPTY;

	bool described = inspection->infer.columns.count > 0 ||
			 (inspection->sniff.kind != SNIFF_JSON &&
			  !sniff_is_text(&inspection->sniff));

	return inspection->member == NULL && described &&
	       inspect_check(inspection, "", &ignored);
}

void inspect_add_copy(const struct inspection *inspection,
		      const struct inspect_target *target, struct str *out)
{
	struct copy_options none = COPY_OPTIONS_EMPTY;
	CLEANUP(str_done) struct str proposed = STR_EMPTY;
	struct copy_plan plan = {
		.table = target->table,
		.uri = target->uri,
		.added = target->added,
		.login = { .role = target->role },
		.escapes = true,
	};

	if (!can_copy(inspection))
		return;
	copy_sql_propose(&proposed, &inspection->sniff, &inspection->infer,
			 &none);
	plan.proposed = proposed.text;
	copy_sql_build(out, &plan);
}

/* --- JSON --- */

static const char *format_name(const struct sniff *sniff)
{
	static const char *const names[] = {
		[SNIFF_EMPTY] = "empty",     [SNIFF_DELIMITED] = "delimited",
		[SNIFF_FIXED] = "fixed width",
		[SNIFF_JSON] = "json",       [SNIFF_JSON_ARRAY] = "json array",
		[SNIFF_JSON_ROWS] = "json arrays",
		[SNIFF_PARQUET] = "parquet", [SNIFF_ORC] = "orc",
		[SNIFF_AVRO] = "avro",       [SNIFF_MARKUP] = "markup",
		[SNIFF_ARCHIVE] = "archive", [SNIFF_BINARY] = "binary",
	};

	if (sniff->kind == SNIFF_DELIMITED && sniff_is_csv(sniff))
		return "csv";
	return names[sniff->kind];
}

static const char *encoding_name(const struct sniff *sniff)
{
	switch (sniff->charset) {
	case ENCODE_UTF8:
		return sniff->bom ? "UTF-8 with BOM" : "UTF-8";
	case ENCODE_LATIN1:
		return "ISO-8859-1";
	case ENCODE_WINDOWS_1252:
		return "windows-1252";
	case ENCODE_UTF16LE:
		return "UTF-16LE";
	case ENCODE_UTF16BE:
		return "UTF-16BE";
	}
	return "";
}

static void put_byte(struct json *object, const char *key, char byte)
{
	const char text[2] = { byte, '\0' };

	if (byte == '\0')
		json_put_null(object, key);
	else
		json_put_text(object, key, text);
}

static struct json *column_json(const struct infer_column *column)
{
	struct json *json = json_new_object();
	CLEANUP(str_done) struct str text = STR_EMPTY;

	json_put_text(json, "name", column->column);
	infer_add_type(column, &text);
	json_put_text(json, "type", text.text);
	json_put_bool(json, "nullable", column->empty > 0 || column->nulls > 0);
	if (column->values > 0 || column->empty > 0)
		json_put_number(json, "max_bytes", (int64_t)column->longest);
	else
		json_put_null(json, "max_bytes");
	if (column->sample != NULL)
		json_put_text(json, "sample", column->sample);
	else
		json_put_null(json, "sample");
	return json;
}

static void put_columns(struct json *object, const struct infer *infer)
{
	struct json *columns = json_new_array();

	for (size_t i = 0; i < infer->columns.count; i++)
		json_push_take(columns,
			       column_json(&infer->columns.items[i]));
	json_put_take(object, "columns", columns);
}

static void put_format(struct json *object, const struct inspection *inspection)
{
	const struct sniff *sniff = &inspection->sniff;
	bool text = sniff_is_text(sniff) || sniff->kind == SNIFF_JSON ||
		    sniff->kind == SNIFF_JSON_ARRAY;

	json_put_text(object, "format", format_name(sniff));
	json_put_text(object, "encoding", text ? encoding_name(sniff) : "");
	json_put_text(object, "compression",
		      inspection->member != NULL ? "zip"
						 : pack_name(sniff->pack));
	put_byte(object, "delimiter", sniff->delimiter);
	put_byte(object, "quote", sniff->quote);
	put_byte(object, "escape", sniff->escape ? '\\' : '\0');
	json_put_bool(object, "header", inspection->infer.header);
	json_put_number(object, "skip", (int64_t)sniff->skip);
	if (inspection->whole)
		json_put_number(object, "rows", inspection->records);
	else
		json_put_null(object, "rows");
}

static void put_statement(struct json *object, const char *key,
			  const struct str *text)
{
	if (text->len > 0)
		json_put_text(object, key, text->text);
	else
		json_put_null(object, key);
}

void inspect_add_json(const struct inspection *inspection,
		      const struct inspect_target *target, struct str *out)
{
	CLEANUP(json_freep) struct json *object = json_new_object();
	struct json *warnings = json_new_array();
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str reason = STR_EMPTY;

	put_format(object, inspection);
	put_columns(object, &inspection->infer);
	for (size_t i = 0; i < inspection->warnings.count; i++)
		json_push_take(warnings,
			       json_new_text(inspection->warnings.items[i]));
	json_put_take(object, "warnings", warnings);
	inspect_create_add(inspection, target->table, &text, &reason);
	put_statement(object, "create", &text);
	str_clear(&text);
	inspect_add_copy(inspection, target, &text);
	put_statement(object, "copy", &text);
	json_add_pretty(out, object);
	str_add_char(out, '\n');
}
