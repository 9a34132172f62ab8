#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "load/copy_parse.h"
#include "load/cure_facts.h"
#include "load/cure_make.h"
#include "load/cure_table.h"
#include "load/load_error.h"
#include "sql/quote.h"

/* --- NULL --- */

/* Beside load/facts' words: what people write for nothing. */
static bool means_nothing(const char *text)
{
	static const char *const words[] = {
		"-",    "--",	   "---",	 "?",	       ".",
		"#N/A", "#NA",	   "#REF!",	 "#DIV/0!",    "n/a",
		"na",	"none",	   "nil",	 "(null)",     "null",
		"nan",	"unknown", "0000-00-00", "undefined",  "missing",
		"0000-00-00 00:00:00",
	};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_equal_nocase(text, words[i]))
			return true;
	return false;
}

void cure_by_null_word(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str literal = STR_EMPTY;
	CLEANUP(str_done) struct str what = STR_EMPTY;

	/* one word stands for NULL: \N would be text then */
	if (facts->odd.count != 1 || facts->odd_rest > 0 ||
	    facts->null_texts > 0 ||
	    !means_nothing(facts->odd.items[0].text) ||
	    cure_given(question, COPY_NULL) ||
	    !cure_allowed(question, COPY_NULL) || !cure_nullable(question))
		return;
	quote_literal(&literal, facts->odd.items[0].text, question->escapes);
	cure_add_count(&what, facts->bad, "value");
	str_addf(&what, " %s %s become%s NULL, as in all columns; all others "
			"fit",
		 facts->bad == 1 ? "that is" : "that are", literal.text,
		 facts->bad == 1 ? "s" : "");
	cure_set(cure_add(out, "%s", what.text), COPY_NULL, "null as %s",
		 literal.text);
}

/* What makes NULL of a text that could be kept. */
void cure_by_keeping_text(struct cure *out, const struct cure_case *question)
{
	const struct copy_given *null_as = copy_options_get(
		&question->statement->options, COPY_NULL);
	enum copy_kind kind = question->facts->type.kind;
	struct cure_way *way;

	if (kind != COPY_KIND_CHAR && kind != COPY_KIND_VARCHAR)
		return;
	if (null_as != NULL && question->facts->null_texts > 0) {
		way = cure_add(out, "the text stays as it is, in all columns");
		cure_drop(way, COPY_NULL);
	} else if (cure_given(question, COPY_EMPTYASNULL) ||
		   cure_given(question, COPY_BLANKSASNULL)) {
		way = cure_add(out, "empty texts stay empty, in all columns");
		if (cure_given(question, COPY_EMPTYASNULL))
			cure_drop(way, COPY_EMPTYASNULL);
		if (cure_given(question, COPY_BLANKSASNULL))
			cure_drop(way, COPY_BLANKSASNULL);
	}
}

/* --- dates --- */

static void add_format(struct cure_way *way, const struct cure_case *question,
		       const char *pattern)
{
	bool date = question->facts->type.kind == COPY_KIND_DATE;

	if (pattern == NULL)
		cure_drop(way, date ? COPY_DATEFORMAT : COPY_TIMEFORMAT);
	else if (date)
		cure_set(way, COPY_DATEFORMAT, "dateformat '%s'", pattern);
	else
		cure_set(way, COPY_TIMEFORMAT, "timeformat '%s'", pattern);
}

/* All values in one pattern. */
static bool one_pattern(struct cure *out, const struct cure_case *question,
			bool given)
{
	const struct cure_facts *facts = question->facts;
	bool date = facts->type.kind == COPY_KIND_DATE;
	CLEANUP(str_done) struct str what = STR_EMPTY;
	struct date_answer answer;
	const char *pattern = answer.pattern;

	if (!date_guess_answer(&facts->when, &answer))
		return false;
	if (date && answer.time)
		pattern = "auto";
	else if (answer.standard)
		pattern = NULL;
	if (pattern == NULL && !given)
		return true;
	if (facts->dates == 1)
		str_add(&what, "it reads the value");
	else
		str_addf(&what, "it reads all %lld values",
			 (long long)facts->dates);
	if (!facts->whole)
		str_add(&what, " looked at");
	if (answer.ambiguous)
		str_add(&what, "; day and month could be the other way round");
	cure_say(out, "the %s are written %s", date ? "dates" : "times",
		 pattern == NULL || strcmp(pattern, "auto") == 0
			 ? "in a standard form"
			 : pattern);
	add_format(cure_add(out, "%s", what.text), question, pattern);
	return true;
}

/* Numbers of seconds or milliseconds since 1970, and nothing else. */
static bool one_epoch(struct cure *out, const struct cure_case *question)
{
	static const char *const patterns[] = { "epochsecs", "epochmillisecs" };
	const struct cure_facts *facts = question->facts;

	if (facts->type.kind != COPY_KIND_TIMESTAMP)
		return false;
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		CLEANUP(str_done) struct str what = STR_EMPTY;

		if (facts->epochs[i] < facts->dates)
			continue;
		str_add(&what, "it reads ");
		cure_add_count(&what, facts->dates, "value");
		str_add(&what, facts->whole ? "" : " looked at");
		cure_say(out, "the times are %sseconds since 1970",
			 i == 0 ? "" : "milli");
		add_format(cure_add(out, "%s", what.text), question,
			   patterns[i]);
		return true;
	}
	return false;
}

void cure_by_date_format(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	bool date = facts->type.kind == COPY_KIND_DATE;
	const struct copy_given *given = copy_options_get(
		&question->statement->options,
		date ? COPY_DATEFORMAT : COPY_TIMEFORMAT);

	if ((!date && facts->type.kind != COPY_KIND_TIMESTAMP) ||
	    !facts->reached || facts->dates == 0 ||
	    one_epoch(out, question) ||
	    one_pattern(out, question, given != NULL))
		return;
	if (facts->plain_dates < facts->dates ||
	    (given != NULL && str_starts(given->text, "auto")))
		return;
	cure_say(out, "the values are written in several ways");
	add_format(cure_add(out, "it reads each of them"), question, "auto");
}

void cure_by_any_date(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str what = STR_EMPTY;

	if ((facts->type.kind != COPY_KIND_DATE &&
	     facts->type.kind != COPY_KIND_TIMESTAMP) ||
	    out->ways.count > 0 || !cure_nullable(question) ||
	    !cure_allowed(question, COPY_ACCEPTANYDATE))
		return;
	if (facts->bad > 0) {
		cure_add_count(&what, facts->bad, "value");
		str_addf(&what, " of %lld become%s NULL: ",
			 (long long)facts->values, facts->bad == 1 ? "s" : "");
		cure_add_odd(question, &what);
	} else {
		str_add(&what, "what is no date becomes NULL");
	}
	cure_set(cure_add(out, "%s", what.text), COPY_ACCEPTANYDATE,
		 "acceptanydate");
}

/* --- text --- */

void cure_by_truncating(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str what = STR_EMPTY;

	if (facts->type.kind != COPY_KIND_VARCHAR &&
	    facts->type.kind != COPY_KIND_CHAR)
		return;
	if (facts->bad > 0) {
		cure_add_count(&what, facts->bad, "value");
		str_addf(&what, " of %lld %s", (long long)facts->values,
			 facts->bad == 1 ? "is" : "are");
	} else {
		str_add(&what, "what is longer is");
	}
	str_addf(&what, " cut to %d bytes, as in all text columns",
		 facts->type.size);
	cure_set(cure_add(out, "%s", what.text), COPY_TRUNCATECOLUMNS,
		 "truncatecolumns");
}

static const char *encoding_of(const struct sniff *sniff)
{
	switch (sniff->charset) {
	case ENCODE_UTF16LE:
		return sniff->bom ? "utf16" : "utf16le";
	case ENCODE_UTF16BE:
		return sniff->bom ? "utf16" : "utf16be";
	case ENCODE_LATIN1:
	case ENCODE_WINDOWS_1252:
		return "iso88591";
	case ENCODE_UTF8:
		break;
	}
	return "utf8";
}

void cure_by_encoding(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	const struct copy_given *given = copy_options_get(
		&question->statement->options, COPY_ENCODING);
	const char *encoding = "iso88591";
	CLEANUP(str_done) struct str what = STR_EMPTY;

	if (!facts->looked || facts->type.kind == COPY_KIND_CHAR)
		return;
	/* in UTF-16 no text of UTF-8 was seen at all */
	if (given != NULL || facts->sniff.charset == ENCODE_UTF16LE ||
	    facts->sniff.charset == ENCODE_UTF16BE)
		encoding = encoding_of(&facts->sniff);
	else if (facts->bad_text == 0 || facts->utf8 || facts->controls)
		return;
	if (given != NULL && str_equal_nocase(given->text, encoding))
		return;
	if (given == NULL && strcmp(encoding, "iso88591") == 0) {
		cure_say(out, "the bytes are no UTF-8, but could be Latin-1");
		cure_add_count(&what, facts->bad_text, "field");
		str_add(&what, " with such bytes, none with characters of "
			       "UTF-8");
		str_add(&what, facts->whole ? ": nothing is lost"
					    : " in what was looked at");
	} else {
		str_add(&what, "so the file looks");
	}
	cure_set(cure_add(out, "%s", what.text), COPY_ENCODING, "encoding %s",
		 encoding);
}

void cure_by_utf16(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;

	if (!facts->looked || cure_given(question, COPY_ENCODING) ||
	    !cure_allowed(question, COPY_ENCODING) ||
	    (facts->sniff.charset != ENCODE_UTF16LE &&
	     facts->sniff.charset != ENCODE_UTF16BE))
		return;
	cure_say(out, "the file is UTF-16, and COPY takes it for UTF-8 unless "
		      "it is told");
	cure_set(cure_add(out, "so all of it is read"), COPY_ENCODING,
		 "encoding %s", encoding_of(&facts->sniff));
}

void cure_by_replacing(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str what = STR_EMPTY;

	/* VARCHAR columns only */
	if (facts->type.kind != COPY_KIND_VARCHAR ||
	    !cure_allowed(question, COPY_ACCEPTINVCHARS))
		return;
	if (!facts->utf8 && facts->sniff.charset == ENCODE_WINDOWS_1252)
		cure_say(out, "the bytes are no UTF-8; they look like "
			      "windows-1252, which COPY does not know: iconv "
			      "-f WINDOWS-1252 -t UTF-8 mends the file");
	str_add(&what, "each bad byte becomes a question mark");
	if (facts->bad_text > 0) {
		str_add(&what, ": in ");
		cure_add_count(&what, facts->bad_text, "field");
	}
	cure_set(cure_add(out, "%s", what.text), COPY_ACCEPTINVCHARS,
		 "acceptinvchars");
}
