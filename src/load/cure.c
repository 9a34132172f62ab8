#include "load/cure.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "load/copy_parse.h"
#include "load/cure_facts.h"
#include "load/cure_make.h"
#include "load/cure_table.h"
#include "load/load_error.h"
#include "load/load_line.h"
#include "sql/quote.h"

/* --- values --- */

static void texts_done(struct cure_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		mem_free(texts->items[i]);
	vec_done(texts);
}

void cure_done(struct cure *cure)
{
	for (size_t i = 0; i < cure->ways.count; i++) {
		struct cure_way *way = &cure->ways.items[i];

		texts_done(&way->before);
		texts_done(&way->after);
		copy_changes_done(&way->changes);
		mem_free(way->what);
		mem_free(way->table);
		mem_free(way->columns);
	}
	vec_done(&cure->ways);
	mem_free(cure->why);
	cure->why = NULL;
}

/* --- what the makers share --- */

static char *PRINTF_LIKE(1, 0) text_of(const char *fmt, va_list args)
{
	struct str text = STR_EMPTY;

	str_addv(&text, fmt, args);
	return str_take(&text);
}

struct cure_way *cure_add(struct cure *out, const char *fmt, ...)
{
	struct cure_way way = { .what = NULL };
	va_list args;

	va_start(args, fmt);
	way.what = text_of(fmt, args);
	va_end(args);
	vec_push(&out->ways, way);
	return &out->ways.items[out->ways.count - 1];
}

void cure_set(struct cure_way *way, enum copy_option_id id, const char *fmt,
	      ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	text = text_of(fmt, args);
	va_end(args);
	copy_changes_set(&way->changes, id, text);
	mem_free(text);
}

void cure_drop(struct cure_way *way, enum copy_option_id id)
{
	copy_changes_set(&way->changes, id, NULL);
}

void cure_text(struct cure_texts *texts, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = text_of(fmt, args);
	va_end(args);
	vec_push(texts, text);
}

void cure_say(struct cure *out, const char *fmt, ...)
{
	va_list args;

	mem_free(out->why);
	va_start(args, fmt);
	out->why = text_of(fmt, args);
	va_end(args);
}

bool cure_given(const struct cure_case *question, enum copy_option_id id)
{
	return copy_options_has(&question->statement->options, id);
}

bool cure_allowed(const struct cure_case *question, enum copy_option_id id)
{
	const struct copy_options *options = &question->statement->options;
	const struct copy_option *option =
		copy_option_by_id(COPY_VERB_COPY, id);

	for (size_t i = 0; i < options->given.count; i++)
		if (copy_option_excludes(option,
					 options->given.items[i].option))
			return false;
	return true;
}

bool cure_nullable(const struct cure_case *question)
{
	const struct cure_table *table = question->table;

	return question->column < 0 ||
	       (size_t)question->column >= table->file.count ||
	       !cure_table_column(table, question->column)->not_null;
}

void cure_add_table(const struct cure_case *question, struct str *out)
{
	if (question->table->name != NULL)
		cure_table_add_name(question->table, out);
	else
		quote_qualified(out, question->statement->schema,
				question->statement->table);
}

void cure_add_count(struct str *out, int64_t count, const char *noun)
{
	units_add_count(out, count);
	str_addf(out, " %s%s", noun, count == 1 ? "" : "s");
}

void cure_add_odd(const struct cure_case *question, struct str *out)
{
	const struct cure_facts *facts = question->facts;
	size_t shown = facts->odd.count < 3 ? facts->odd.count : 3;
	int64_t rest = facts->bad;

	for (size_t i = 0; i < shown; i++) {
		str_addf(out, "%s'%s'", i > 0 ? ", " : "",
			 facts->odd.items[i].text);
		rest -= facts->odd.items[i].count;
	}
	if (shown > 0 && rest > 0)
		str_addf(out, " and %lld more", (long long)rest);
}

/* --- the last resort --- */

enum { MAXERROR_MOST = 100000 };

/* Lines that would be left out, as far as is known. */
static int64_t lost_lines(const struct cure_case *question)
{
	int64_t lost = question->facts->lost;

	return lost > 0 ? lost : 1;
}

static void leave_out(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str what = STR_EMPTY;
	int64_t lost = lost_lines(question);
	struct cure_way *way;

	if (!cure_allowed(question, COPY_MAXERROR) ||
	    (out->ways.count > 0 && lost >= facts->records))
		return;
	if (lost == 1 && question->shown_line > 0)
		str_addf(&what, "line %lld is left out",
			 (long long)question->shown_line);
	else
		cure_add_count(&what, lost, "line");
	if (lost > 1)
		str_add(&what, " are left out");
	if (facts->records > 0) {
		str_add(&what, ", of ");
		units_add_count(&what, facts->records);
		str_add(&what, facts->whole ? " in this file"
					    : " looked at in this file");
	}
	if (out->ways.count == 0)
		str_add(&what, "; nothing is lost if the file is mended");
	way = cure_add(out, "%s", what.text);
	if (lost < MAXERROR_MOST)
		cure_set(way, COPY_MAXERROR, "maxerror %lld",
			 (long long)lost + 1);
	else
		cure_set(way, COPY_IGNOREALLERRORS, "ignoreallerrors");
}

/* --- codes --- */

/* What was deleted while it was to be loaded is no longer listed. */
static void again(struct cure *out, const struct cure_case *question)
{
	if (cure_given(question, COPY_MANIFEST))
		cure_add(out, "make the manifest again without the file, then");
	else
		cure_add(out, "what is there now is loaded");
}

static const struct {
	int code;
	const char *meaning;
	cure_maker *makers[8]; /* in the order in which they are better */
} codes[] = {
	{ 1201,
	  "something stands where the delimiter or the line's end should",
	  { cure_by_shape, cure_by_plain_quotes, leave_out } },
	{ 1202,
	  "the line has more fields than the table has columns",
	  { cure_by_shape, cure_by_escape, cure_by_new_columns, leave_out } },
	{ 1203,
	  "the line has fewer fields than the table has columns",
	  { cure_by_shape, cure_by_column_list, cure_by_filling, leave_out } },
	{ 1204,
	  "the value is too large for the column; of text bytes count, not "
	  "characters",
	  { cure_by_header, cure_by_new_table, cure_by_longer_column, cure_by_wider_type,
	    cure_by_truncating, leave_out } },
	{ 1205,
	  "the date is not written as COPY expects it",
	  { cure_by_header, cure_by_null_word, cure_by_date_format,
	    cure_by_new_table, cure_by_any_date, leave_out } },
	{ 1206,
	  "the time is not written as COPY expects it",
	  { cure_by_header, cure_by_null_word, cure_by_date_format,
	    cure_by_new_table, cure_by_any_date, leave_out } },
	{ 1207,
	  "the column takes numbers only",
	  { cure_by_header, cure_by_null_word, cure_by_new_table,
	    cure_by_wider_type, cure_by_money_cast, cure_by_varchar, leave_out } },
	{ 1208,
	  "the column takes numbers only",
	  { cure_by_header, cure_by_null_word, cure_by_new_table,
	    cure_by_money_cast,
	    cure_by_varchar, leave_out } },
	{ 1209,
	  "the column takes numbers only",
	  { cure_by_header, cure_by_null_word, cure_by_new_table,
	    cure_by_wider_type, cure_by_money_cast, cure_by_varchar, leave_out } },
	{ 1210,
	  "BOOLEAN takes true, false, t, f, yes, no, y, n, 1 and 0",
	  { cure_by_header, cure_by_null_word, cure_by_new_table, cure_by_truth_words,
	    cure_by_varchar, leave_out } },
	{ 1211,
	  "the line is empty",
	  { cure_by_skipping_blanks, leave_out } },
	{ 1212,
	  "the file was deleted between COPY's listing and its reading",
	  { again } },
	{ 1213,
	  "the column is NOT NULL, and the field stands for NULL",
	  { cure_by_header, cure_by_keeping_text, cure_by_nullable,
	    leave_out } },
	{ 1214,
	  "the line has fewer fields than the table has columns",
	  { cure_by_shape, cure_by_backslashes, cure_by_plain_quotes,
	    cure_by_column_list, cure_by_filling, leave_out } },
	{ 1215,
	  "CHAR holds plain single-byte characters only",
	  { cure_by_varchar, leave_out } },
	{ 1216,
	  "the line cannot be read as one of its format",
	  { cure_by_shape, cure_by_backslashes, cure_by_plain_quotes,
	    leave_out } },
	{ 1217,
	  "EXPLICIT_IDS wants a number of the file in each IDENTITY column",
	  { cure_by_header, cure_by_new_ids, leave_out } },
	{ 1218,
	  "a NUL byte stands among others; NULL AS '\\0' takes a field of one "
	  "NUL only",
	  { leave_out } },
	{ 1219, "a \\u of JSON wants four hexadecimal digits", { leave_out } },
	{ 1220,
	  "bytes of the text are no UTF-8",
	  { cure_by_varchar, cure_by_encoding, cure_by_replacing,
	    leave_out } },
	{ 1221,
	  "the bytes are not in the encoding that the COPY names",
	  { cure_by_encoding, leave_out } },
	{ 1222,
	  "the number is too large for the column",
	  { cure_by_header, cure_by_new_table, cure_by_wider_type,
	    leave_out } },
	{ 1223,
	  "COPY cannot make a value of that type from this text",
	  { cure_by_cast, leave_out } },
	{ 1224,
	  "SUPER takes JSON only",
	  { cure_by_header, cure_by_json_cast, leave_out } },
	{ 8001,
	  "MANIFEST needs the whole path of the manifest file; it shows as "
	  "well when the role may not read it",
	  { NULL } },
	{ 9005,
	  "the end key of the file's range is wrong: run the COPY again",
	  { again } },
};

const char *cure_meaning(int code)
{
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (codes[i].code == code)
			return codes[i].meaning;
	return NULL;
}

void cure_find(struct cure *out, const struct cure_case *question)
{
	const char *meaning = cure_meaning(question->error->code);

	if (meaning != NULL)
		cure_say(out, "%s", meaning);
	cure_by_utf16(out, question);
	if (out->ways.count > 0)
		return;
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		if (codes[i].code != question->error->code)
			continue;
		for (size_t m = 0; m < COUNT_OF(codes[i].makers) &&
				   codes[i].makers[m] != NULL;
		     m++)
			codes[i].makers[m](out, question);
		return;
	}
	leave_out(out, question); /* 1200, or newer than the reference */
}
