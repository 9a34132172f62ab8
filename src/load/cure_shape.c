#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "load/copy_parse.h"
#include "load/copy_sql.h"
#include "load/cure_facts.h"
#include "load/cure_make.h"
#include "load/cure_table.h"
#include "load/ddl.h"
#include "load/load_error.h"
#include "sql/quote.h"

/* --- the header --- */

static long header_lines(const struct cure_case *question)
{
	const struct copy_given *given = copy_options_get(
		&question->statement->options, COPY_IGNOREHEADER);

	return given == NULL ? 0 : given->number;
}

static bool is_name(const char *text)
{
	unsigned char c = (unsigned char)text[0];

	return c == '_' || c >= 0x80 || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Of a file of a few lines much may look like a header: names begin with a
 * letter. */
static bool has_header(const struct cure_facts *facts)
{
	if (!facts->infer.header || facts->sniff.records.count == 0)
		return false;
	for (size_t i = 0; i < facts->infer.columns.count; i++) {
		const char *name = facts->infer.columns.items[i].name;

		if (name == NULL || !is_name(name))
			return false;
	}
	return true;
}

/* The first record is made of names of the table's columns: that holds also
 * where bad values further on hide the types. */
static bool names_columns(const struct cure_case *question)
{
	const struct sniff *sniff = &question->facts->sniff;

	if (sniff->records.count == 0 || question->table->file.count == 0)
		return false;
	for (size_t i = 0; i < sniff->records.items[0].fields.count; i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;

		ddl_add_name(&name, sniff->records.items[0].fields.items[i],
			     i + 1);
		if (cure_table_field(question->table, name.text) < 0)
			return false;
	}
	return true;
}

void cure_by_header(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	long given = header_lines(question);
	size_t lines = facts->sniff.skip + 1;
	struct cure_way *way;

	if (question->error->line != given + 1 ||
	    (!has_header(facts) && !names_columns(question)) ||
	    lines != (size_t)given + 1 ||
	    !cure_allowed(question, COPY_IGNOREHEADER))
		return;
	cure_say(out, "the line holds the names of the columns");
	way = cure_add(out, "the header is passed over");
	cure_set(way, COPY_IGNOREHEADER, "ignoreheader %zu", lines);
}

/* --- delimiter, quotes, format --- */

static const enum copy_option_id shape_options[] = {
	COPY_CSV,   COPY_DELIMITER,    COPY_QUOTE,      COPY_ESCAPE,
	COPY_JSON,  COPY_REMOVEQUOTES, COPY_FIXEDWIDTH,
};

static bool is_shape(enum copy_option_id id)
{
	for (size_t i = 0; i < COUNT_OF(shape_options); i++)
		if (shape_options[i] == id)
			return true;
	return false;
}

/* What \copyfrom would propose if the statement said nothing of the shape. */
static void propose(struct str *out, const struct cure_case *question)
{
	const struct copy_options *given = &question->statement->options;
	struct copy_options rest = COPY_OPTIONS_EMPTY;

	for (size_t i = 0; i < given->given.count; i++)
		if (!is_shape(given->given.items[i].option->id))
			vec_push(&rest.given, given->given.items[i]);
	copy_sql_propose(out, &question->facts->sniff,
			 &question->facts->infer, &rest);
	vec_done(&rest.given); /* its texts are the statement's */
}

static char delimiter_of(const struct cure_case *question)
{
	const struct copy_given *given = copy_options_get(
		&question->statement->options, COPY_DELIMITER);

	if (given != NULL && given->len > 0)
		return given->text[0];
	return cure_given(question, COPY_CSV) ? ',' : '|';
}

static bool differs(const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	const struct sniff *sniff = &facts->sniff;
	size_t columns = question->table->file.count;

	if (sniff->kind == SNIFF_JSON)
		return !cure_given(question, COPY_JSON);
	if (sniff->kind != SNIFF_DELIMITED || sniff->delimiter == '\0' ||
	    cure_given(question, COPY_FIXEDWIDTH))
		return false;
	if (cure_given(question, COPY_JSON))
		return true;
	if (columns > 0 && sniff->fields != columns && facts->most > 1)
		return false;
	if (sniff->delimiter != delimiter_of(question))
		return true;
	if (sniff->escape)
		return !cure_given(question, COPY_ESCAPE);
	return sniff->quote != '\0' && !cure_given(question, COPY_CSV) &&
	       !cure_given(question, COPY_REMOVEQUOTES) && sniff_is_csv(sniff);
}

/* Those of the proposal that are about the shape, or were not given. */
static void take_proposal(struct cure_way *way, const char *text,
			  const struct cure_case *question)
{
	CLEANUP(copy_options_done)
	struct copy_options proposed = COPY_OPTIONS_EMPTY;
	struct err ignored = ERR_EMPTY;

	for (size_t i = 0; i < COUNT_OF(shape_options); i++)
		cure_drop(way, shape_options[i]);
	if (!copy_options_parse(&proposed, COPY_VERB_COPY, text, strlen(text),
				&ignored))
		return;
	for (size_t i = 0; i < proposed.given.count; i++) {
		const struct copy_given *given = &proposed.given.items[i];
		size_t end = i + 1 < proposed.given.count
				     ? proposed.given.items[i + 1].at
				     : strlen(text);

		if (given->option->group == COPY_GROUP_CONVERSION ||
		    (!is_shape(given->option->id) &&
		     cure_given(question, given->option->id)))
			continue;
		while (end > given->at && text[end - 1] == ' ')
			end--;
		cure_set(way, given->option->id, "%.*s",
			 (int)(end - given->at), text + given->at);
	}
}

void cure_by_shape(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str is = STR_EMPTY;

	if (!facts->looked || !differs(question))
		return;
	propose(&text, question);
	if (text.len == 0)
		return;
	sniff_describe(&facts->sniff, &is);
	if (!cure_given(question, COPY_CSV) &&
	    !cure_given(question, COPY_DELIMITER) &&
	    !cure_given(question, COPY_JSON))
		cure_say(out, "COPY parts fields at | unless it is told "
			      "otherwise; this file has others");
	take_proposal(cure_add(out, "the file is %s", is.text), text.text,
		      question);
}

static void set_delimiter(struct cure_way *way, char delimiter)
{
	if (delimiter == '\t')
		cure_set(way, COPY_DELIMITER, "delimiter '\\t'");
	else if (delimiter >= ' ')
		cure_set(way, COPY_DELIMITER, "delimiter '%c'", delimiter);
	else
		cure_set(way, COPY_DELIMITER, "delimiter '\\%03o'",
			 (unsigned)delimiter);
}

void cure_by_plain_quotes(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	char delimiter = delimiter_of(question);
	bool csv = cure_given(question, COPY_CSV);
	struct cure_way *way;

	if (strstr(question->error->reason, "uote") != NULL)
		cure_say(out, "a quote opens or closes where it should not");
	if ((!csv && !cure_given(question, COPY_REMOVEQUOTES)) ||
	    facts->wrapped > 0 || facts->stray == 0 ||
	    facts->stray_typed > 0 || facts->plain_odd > 0)
		return;
	way = cure_add(out, "no field stands in quotes: they are kept as "
			    "letters, and each line has its fields");
	cure_drop(way, csv ? COPY_CSV : COPY_REMOVEQUOTES);
	if (csv)
		set_delimiter(way, delimiter);
}

/* CSV doubles a quote in a field. */
void cure_by_backslashes(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	struct cure_way *way;

	if (!cure_given(question, COPY_CSV) ||
	    cure_given(question, COPY_QUOTE) || facts->slashed == 0 ||
	    facts->slash_odd > 0)
		return;
	cure_say(out, "a quote in a field stands behind a backslash; CSV has "
		      "it doubled");
	way = cure_add(out, "all %lld lines have their fields then",
		       (long long)facts->plain_lines);
	cure_drop(way, COPY_CSV);
	set_delimiter(way, delimiter_of(question));
	cure_set(way, COPY_REMOVEQUOTES, "removequotes");
	cure_set(way, COPY_ESCAPE, "escape");
}

/* ESCAPE: a backslash takes the delimiter behind it as it is. */
void cure_by_escape(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;

	if (out->ways.count > 0 || facts->slashed_parts == 0 ||
	    facts->slash_odd > 0 || facts->wrapped > 0 || facts->stray > 0 ||
	    cure_given(question, COPY_ESCAPE) ||
	    !cure_allowed(question, COPY_ESCAPE))
		return;
	cure_say(out, "a delimiter in a field stands behind a backslash, which "
		      "COPY heeds only when it is told");
	cure_set(cure_add(out, "all %lld lines have their fields then; the "
			       "backslashes go",
			  (long long)facts->plain_lines),
		 COPY_ESCAPE, "escape");
}

/* --- too few fields, too many --- */

static bool all_have(const struct cure_facts *facts, size_t fields)
{
	return facts->looked && facts->broken == 0 && fields > 0 &&
	       facts->least == fields && facts->most == fields;
}

/* Columns in the order of the header, when it names nothing else. */
static bool add_header_list(const struct cure_case *question, struct str *out)
{
	const struct cure_facts *facts = question->facts;

	if (!has_header(facts) || header_lines(question) == 0)
		return false;
	for (size_t i = 0; i < facts->infer.columns.count; i++) {
		const char *name = facts->infer.columns.items[i].column;

		if (cure_table_field(question->table, name) < 0)
			return false;
		str_add(out, i > 0 ? ", " : "");
		quote_name(out, name);
	}
	return true;
}

static void add_first_columns(const struct cure_case *question, size_t count,
			      struct str *out)
{
	for (size_t i = 0; i < count; i++) {
		str_add(out, i > 0 ? ", " : "");
		quote_name(out, question->table->names[i]);
	}
}

void cure_by_column_list(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	const struct cure_table *table = question->table;
	CLEANUP(str_done) struct str list = STR_EMPTY;
	CLEANUP(str_done) struct str what = STR_EMPTY;
	struct cure_way *way;

	if (out->ways.count > 0 || table->absent ||
	    !all_have(facts, facts->most) || facts->most >= table->file.count || facts->blank > 0 ||
	    facts->records < 2 ||
	    cure_given(question, COPY_FIXEDWIDTH)) /* it names the columns */
		return;
	if (!add_header_list(question, &list)) {
		str_clear(&list);
		add_first_columns(question, facts->most, &list);
	}
	str_add(&what, "the file has ");
	cure_add_count(&what, (int64_t)facts->most, "column");
	str_addf(&what, ", the table %zu: the rest gets its default",
		 table->file.count);
	way = cure_add(out, "%s", what.text);
	str_clear(&what);
	str_addf(&what, "(%s)", list.text);
	way->columns = str_take(&what);
}

/* FILLRECORD makes NULL of what is missing; an empty text of VARCHAR. */
static bool may_be_missing(const struct cure_case *question)
{
	const struct cure_table *table = question->table;
	bool null = cure_given(question, COPY_EMPTYASNULL);

	for (size_t i = question->facts->least; i < table->file.count; i++) {
		const struct cure_column *column =
			cure_table_column(table, (int)i);
		struct copy_type type = copy_type_read(column->type, "");

		if (column->identity ||
		    (column->not_null &&
		     (null || type.kind != COPY_KIND_VARCHAR)))
			return false;
	}
	return true;
}

void cure_by_filling(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str what = STR_EMPTY;
	struct cure_way *way;

	/* beside a list of columns it is another way, beside others none */
	if ((out->ways.count > 0 && out->ways.items[0].columns == NULL) ||
	    !facts->looked || facts->few == 0 || facts->many > 0 ||
	    facts->broken > 0 || !cure_allowed(question, COPY_FILLRECORD) ||
	    !may_be_missing(question))
		return;
	cure_add_count(&what, facts->few, "line");
	str_addf(&what, " of %lld %s filled: NULL, or an empty VARCHAR, where "
			"fields are missing",
		 (long long)facts->records, facts->few == 1 ? "is" : "are");
	way = cure_add(out, "%s", what.text);
	cure_set(way, COPY_FILLRECORD, "fillrecord");
	if (facts->blank > 0)
		cure_set(way, COPY_IGNOREBLANKLINES, "ignoreblanklines");
}

/* Appends name and type of a field that has no column yet. */
static void add_new_column(const struct cure_case *question, size_t field,
			   struct str *out_name, struct str *out_type)
{
	const struct infer *infer = &question->facts->infer;
	const struct infer_column *column =
		field < infer->columns.count ? &infer->columns.items[field]
					     : NULL;

	if (has_header(question->facts) && column != NULL &&
	    cure_table_field(question->table, column->column) < 0)
		quote_name(out_name, column->column);
	else
		str_addf(out_name, "column_%zu", field + 1);
	if (column == NULL)
		str_add(out_type, "varchar(256)");
	else
		infer_add_type(column, out_type);
	for (char *at = out_type->text; *at != '\0'; at++)
		*at |= *at >= 'A' && *at <= 'Z' ? 32 : 0;
}

static void add_columns(struct cure_way *way, const struct cure_case *question,
			size_t count)
{
	CLEANUP(str_done) struct str table = STR_EMPTY;
	CLEANUP(str_done) struct str list = STR_EMPTY;

	cure_add_table(question, &table);
	str_add_char(&list, '(');
	cure_table_add_list(question->table, -1, &list);
	for (size_t i = question->table->file.count; i < count; i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str type = STR_EMPTY;

		add_new_column(question, i, &name, &type);
		cure_text(&way->before, "alter table %s add column %s %s",
			  table.text, name.text, type.text);
		str_addf(&list, ", %s", name.text);
	}
	str_add_char(&list, ')');
	if (question->statement->columns.count > 0)
		way->columns = str_take(&list);
}

void cure_by_new_columns(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	size_t columns = question->table->file.count;

	if (question->table->absent || !all_have(facts, facts->most) ||
	    facts->most <= columns ||
	    columns == 0 || facts->records < 2 ||
	    facts->sniff.fields != facts->most)
		return;
	add_columns(cure_add(out, "more columns: each line has %zu fields, the "
				  "table %zu columns",
			     facts->most, columns),
		    question, facts->most);
}

void cure_by_skipping_blanks(struct cure *out,
			     const struct cure_case *question)
{
	CLEANUP(str_done) struct str what = STR_EMPTY;

	if (!cure_allowed(question, COPY_IGNOREBLANKLINES))
		return;
	if (question->facts->blank > 0) {
		cure_add_count(&what, question->facts->blank, "empty line");
		str_add(&what, question->facts->blank == 1 ? " is" : " are");
		str_add(&what, " passed over");
	} else {
		str_add(&what, "empty lines are passed over");
	}
	cure_set(cure_add(out, "%s", what.text), COPY_IGNOREBLANKLINES,
		 "ignoreblanklines");
}
