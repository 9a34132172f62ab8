#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "load/copy_parse.h"
#include "load/cure_facts.h"
#include "load/cure_make.h"
#include "load/cure_table.h"
#include "load/ddl.h"
#include "load/load_error.h"
#include "load/money.h"
#include "sql/quote.h"

enum { VARCHAR_MOST = 65535, DECIMAL_MOST = 38 };

/* r_ALTER_TABLE, DROP COLUMN */
#define OLD_GOES                                                               \
	"; the old column goes (a sort or distribution key cannot, nor what "  \
	"a view reads)"

static bool has_column(const struct cure_case *question)
{
	return question->column >= 0 && !question->table->absent &&
	       (size_t)question->column < question->table->file.count;
}

static void add_column_name(const struct cure_case *question, struct str *out)
{
	quote_name(out, question->table->names[question->column]);
}

/* --- a table that \copyfrom --create did not make --- */

/* Its types were those of the first records; these are of all. */
void cure_by_new_table(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	bool size = question->error->code == 1204 ||
		    question->error->code == 1222;
	CLEANUP(str_done) struct str ddl = STR_EMPTY;
	struct cure_way *way;

	/* a few wrong values are wrong values */
	if (!question->table->absent || !facts->retyped ||
	    out->ways.count > 0 || (!size && facts->bad * 100 < facts->values))
		return;
	way = cure_add(out, "a table whose types fit all %lld lines%s",
		       (long long)facts->records,
		       facts->whole ? "" : " looked at");
	ddl_add_create(&ddl, question->table->name, &facts->infer);
	cure_text(&way->before, "%s", ddl.text);
}

/* --- the column itself --- */

/* The longest of a field's values where its VARCHAR is too short for it; else
 * 0. COPY tells of one column at a time, the file of all. */
static size_t short_of(const struct cure_case *question, size_t field)
{
	const struct cure_facts *facts = question->facts;
	struct copy_type type = copy_type_read(
		cure_table_type(question->table, (int)field), "");
	size_t longest =
		facts->longest_of == NULL ? 0 : facts->longest_of[field];

	return type.kind == COPY_KIND_VARCHAR && longest <= VARCHAR_MOST &&
			       longest > (size_t)type.size &&
			       !cure_given(question, COPY_TRUNCATECOLUMNS)
		       ? longest
		       : 0;
}

static void lengthen(struct cure_way *way, const struct cure_case *question)
{
	CLEANUP(str_done) struct str table = STR_EMPTY;

	cure_add_table(question, &table);
	for (size_t i = 0; i < question->table->file.count; i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		size_t bytes = short_of(question, i);

		if (bytes == 0)
			continue;
		way->no_block = true;
		quote_name(&name, question->table->names[i]);
		cure_text(&way->before,
			  "alter table %s alter column %s type varchar(%zu)",
			  table.text, name.text, bytes);
	}
}

/* VARCHAR is the only type whose column can be altered (r_ALTER_TABLE). */
void cure_by_longer_column(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str what = STR_EMPTY;

	if (facts->type.kind != COPY_KIND_VARCHAR || !has_column(question) ||
	    facts->longest <= (size_t)facts->type.size)
		return;
	cure_say(out, "the text is longer than the %d bytes of the column: "
		      "bytes count, not characters",
		 facts->type.size);
	if (facts->longest > VARCHAR_MOST)
		return;
	str_addf(&what, "a longer column: the longest of %lld values%s has "
			"%zu bytes",
		 (long long)facts->values,
		 facts->whole ? "" : " looked at", facts->longest);
	lengthen(cure_add(out, "%s", what.text), question);
}

/* A column of the new type takes over the values and the name. It is the
 * last of the table then, so COPY gets a list. */
static void new_column(struct cure_way *way, const struct cure_case *question,
		       const char *type)
{
	CLEANUP(str_done) struct str table = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str fresh = STR_EMPTY;
	CLEANUP(str_done) struct str list = STR_EMPTY;

	lengthen(way, question);
	cure_add_table(question, &table);
	add_column_name(question, &name);
	str_addf(&list, "%s_new", question->table->names[question->column]);
	quote_name(&fresh, list.text);
	cure_text(&way->before, "alter table %s add column %s %s", table.text,
		  fresh.text, type);
	cure_text(&way->before, "update %s set %s = %s", table.text,
		  fresh.text, name.text);
	cure_text(&way->before, "alter table %s drop column %s", table.text,
		  name.text);
	cure_text(&way->before, "alter table %s rename column %s to %s",
		  table.text, fresh.text, name.text);
	str_set(&list, "(");
	cure_table_add_list(question->table, -1, &list);
	str_add_char(&list, ')');
	way->columns = str_take(&list);
}

/* The narrowest type that takes all values; false: none does. */
static bool wider_type(const struct cure_facts *facts, struct str *out)
{
	const struct facts *kinds = &facts->kinds;
	int scale = facts->type.scale > kinds->scale ? facts->type.scale
						     : kinds->scale;
	bool whole = facts->type.kind == COPY_KIND_INTEGER &&
		     !kinds->not_whole;

	if (kinds->values == 0 || kinds->not_float)
		return false;
	if (facts->type.kind == COPY_KIND_DECIMAL)
		scale = facts->type.scale; /* COPY cuts what is behind it */
	if (whole && kinds->largest <= INT32_MAX)
		str_add(out, "integer");
	else if (whole)
		str_add(out, "bigint");
	else if (facts->type.kind != COPY_KIND_FLOAT && !kinds->not_decimal &&
		 kinds->int_digits + scale <= DECIMAL_MOST)
		str_addf(out, "decimal(%d,%d)", kinds->int_digits + scale,
			 scale);
	else
		str_add(out, "double precision");
	return true;
}

void cure_by_wider_type(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str type = STR_EMPTY;
	struct cure_way *way;

	if (!has_column(question) || !facts->reached)
		return;
	switch (facts->type.kind) {
	case COPY_KIND_INTEGER:
	case COPY_KIND_DECIMAL:
		if (!wider_type(facts, &type))
			return;
		break;
	case COPY_KIND_FLOAT:
		/* whether eight bytes are enough nobody has tried */
		if (facts->type.size == 8 || facts->kinds.not_float)
			return;
		str_add(&type, "double precision");
		break;
	case COPY_KIND_CHAR:
		if (facts->longest > 4096)
			return;
		str_addf(&type, "char(%zu)", facts->longest);
		break;
	case COPY_KIND_VARBYTE:
		str_addf(&type, "varbyte(%zu)", (facts->longest + 1) / 2);
		break;
	case COPY_KIND_BOOLEAN:
	case COPY_KIND_VARCHAR:
	case COPY_KIND_DATE:
	case COPY_KIND_TIME:
	case COPY_KIND_TIMESTAMP:
	case COPY_KIND_SUPER:
	case COPY_KIND_OTHER:
		return;
	}
	way = cure_add(out, "another type: %s takes all %lld values%s" OLD_GOES,
		       type.text, (long long)facts->values,
		       facts->whole ? "" : " looked at");
	new_column(way, question, type.text);
}

void cure_by_varchar(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	size_t bytes = facts->longest > (size_t)facts->type.size
			       ? facts->longest
			       : (size_t)facts->type.size;
	char type[32];

	if (!has_column(question) || bytes == 0 || bytes > VARCHAR_MOST)
		return;
	snprintf(type, sizeof(type), "varchar(%zu)", bytes);
	if (facts->type.kind == COPY_KIND_CHAR) {
		if (!facts->wide)
			return;
		cure_say(out, "CHAR holds plain single-byte characters only");
		new_column(cure_add(out, "another type: VARCHAR takes all "
					 "characters" OLD_GOES),
			   question, type);
		return;
	}
	/* a few wrong values are wrong values; many are no numbers */
	if (facts->type.kind == COPY_KIND_VARCHAR ||
	    facts->bad * 2 <= facts->values || facts->values < 2 ||
	    out->ways.count > 0)
		return;
	new_column(cure_add(out, "another type: %lld of %lld values are text"
				 OLD_GOES,
			    (long long)facts->bad, (long long)facts->values),
		   question, type);
}

void cure_by_nullable(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;

	if (!has_column(question) || out->ways.count > 0 ||
	    facts->nulls * 2 <= facts->records)
		return;
	new_column(cure_add(out, "a column that takes NULL: %lld of %lld lines "
				 "have no value" OLD_GOES,
			    (long long)facts->nulls,
			    (long long)facts->records),
		   question, cure_table_type(question->table,
					     question->column));
}

/* --- a table in between --- */

/* Columns as they are, the one at fault as text; false: it cannot be, since
 * values of the file cannot be inserted into IDENTITY columns. */
static bool add_text_table(const struct cure_case *question, struct str *out)
{
	const struct cure_facts *facts = question->facts;
	const struct cure_table *table = question->table;
	size_t bytes = facts->whole && facts->longest > 0 ? facts->longest
							  : VARCHAR_MOST;

	for (size_t i = 0; i < table->file.count; i++) {
		const struct cure_column *column =
			cure_table_column(table, (int)i);
		bool at_fault = (int)i == question->column;

		if (column->identity && !at_fault)
			return false;
		str_add(out, i > 0 ? ", " : "");
		quote_name(out, column->name);
		if (at_fault)
			str_addf(out, " varchar(%zu)", bytes);
		else if (short_of(question, i) > 0)
			str_addf(out, " varchar(%zu)", short_of(question, i));
		else
			str_addf(out, " %s", column->type);
	}
	return true;
}

/* Through a temporary table, in which the column is text. expression: SQL
 * that makes its value; NULL: the column stays out. */
static void by_text_table(struct cure *out, const struct cure_case *question,
			  const char *expression, const char *what)
{
	const struct cure_table *table = question->table;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str between = STR_EMPTY;
	CLEANUP(str_done) struct str columns = STR_EMPTY;
	CLEANUP(str_done) struct str list = STR_EMPTY;
	struct cure_way *way;

	if (!has_column(question) || !add_text_table(question, &columns))
		return;
	way = cure_add(out, "%s", what);
	cure_add_table(question, &name);
	str_addf(&list, "%s_load", table->name);
	quote_name(&between, list.text);
	lengthen(way, question);
	cure_text(&way->before, "create temp table %s (%s)", between.text,
		  columns.text);
	way->table = mem_copy_text(between.text);
	way->columns = mem_copy_text("");
	str_clear(&columns);
	str_clear(&list);
	for (size_t i = 0; i < table->file.count; i++) {
		bool at_fault = (int)i == question->column;

		if (at_fault && expression == NULL)
			continue;
		str_add(&columns, columns.len > 0 ? ", " : "");
		str_add(&list, list.len > 0 ? ", " : "");
		quote_name(&columns, table->names[i]);
		if (at_fault)
			str_add(&list, expression);
		else
			quote_name(&list, table->names[i]);
	}
	cure_text(&way->after, "insert into %s (%s) select %s from %s",
		  name.text, columns.text, list.text, between.text);
	cure_text(&way->after, "drop table %s", between.text);
}

void cure_by_money_cast(struct cure *out, const struct cure_case *question)
{
	const struct facts *kinds = &question->facts->kinds;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	CLEANUP(str_done) struct str cast = STR_EMPTY;
	CLEANUP(str_done) struct str what = STR_EMPTY;

	if (!question->facts->reached || kinds->values == 0 ||
	    kinds->not_money || kinds->money == 0 ||
	    !has_column(question))
		return;
	str_add(&value, "nullif(");
	add_column_name(question, &value);
	str_add(&value, ", '')");
	money_add_cast(&cast, value.text, kinds->money);
	money_add_marks(&what, kinds->money);
	cure_say(out, "the numbers are written for people, with %s",
		 what.text);
	by_text_table(out, question, cast.text,
		      "through a table that takes text, then made numbers");
}

/* --- booleans --- */

static const char *const truths = "t true y yes 1 ja j oui o si s sim wahr w on x "
				  "ok vrai verdadero";
static const char *const lies = "f false n no 0 nein non nao falsch off faux "
				"falso";

static bool in_words(const char *words, const char *text)
{
	size_t len = strlen(text);

	while (*words != '\0') {
		size_t word = strcspn(words, " ");

		if (word == len && strncasecmp(words, text, len) == 0)
			return true;
		words += word + (words[word] == ' ');
	}
	return false;
}

static void add_words(struct str *out, const char *words)
{
	bool first = true;

	while (*words != '\0') {
		size_t len = strcspn(words, " ");

		str_addf(out, "%s'%.*s'", first ? "" : ", ", (int)len, words);
		words += len + (words[len] == ' ');
		first = false;
	}
}

void cure_by_truth_words(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str cast = STR_EMPTY;

	if (facts->odd_rest > 0 || facts->odd.count == 0 ||
	    !has_column(question))
		return;
	for (size_t i = 0; i < facts->odd.count; i++) {
		const char *text = facts->odd.items[i].text;

		if (!in_words(truths, text) && !in_words(lies, text))
			return;
	}
	add_column_name(question, &name);
	str_addf(&cast, "case when lower(%s) in (", name.text);
	add_words(&cast, truths);
	str_addf(&cast, ") then true when lower(%s) in (", name.text);
	add_words(&cast, lies);
	/* what is none of these words, in another file, is no NULL */
	str_addf(&cast, ") then false else "
			"cast(cast(nullif(%s, '') as integer) as boolean) end",
		 name.text);
	by_text_table(out, question, cast.text,
		      "through a table that takes text, then made booleans");
}

/* --- types that COPY cannot read --- */

void cure_by_cast(struct cure *out, const struct cure_case *question)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str cast = STR_EMPTY;
	const char *type;

	if (!has_column(question))
		return;
	type = cure_table_type(question->table, question->column);
	add_column_name(question, &name);
	if (strstr(type, "sketch") != NULL)
		return; /* made by functions only */
	if (str_starts(type, "geometry"))
		str_addf(&cast,
			 "case when %s like '%%(%%' then st_geomfromtext(%s) "
			 "else st_geomfromewkb(%s) end",
			 name.text, name.text, name.text);
	else
		str_addf(&cast, "cast(%s as %s)", name.text, type);
	by_text_table(out, question, cast.text,
		      "through a table that takes text, then cast");
}

void cure_by_json_cast(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str cast = STR_EMPTY;
	CLEANUP(str_done) struct str what = STR_EMPTY;

	if (!has_column(question) || facts->bad * 2 <= facts->values)
		return;
	add_column_name(question, &name);
	str_addf(&cast, "case when can_json_parse(%s) then json_parse(%s) "
		 "else cast(%s as super) end",
		 name.text, name.text, name.text);
	str_add(&what, "through a table that takes text: ");
	cure_add_count(&what, facts->bad, "value");
	str_addf(&what, " of %lld that %s no JSON become%s text in SUPER",
		 (long long)facts->values, facts->bad == 1 ? "is" : "are",
		 facts->bad == 1 ? "s" : "");
	by_text_table(out, question, cast.text, what.text);
}

void cure_by_new_ids(struct cure *out, const struct cure_case *question)
{
	const struct cure_facts *facts = question->facts;

	/* a few wrong ones are wrong */
	if (!has_column(question) || !cure_given(question, COPY_EXPLICIT_IDS) ||
	    (facts->nulls + facts->bad) * 2 <= facts->records ||
	    !cure_table_column(question->table, question->column)->identity)
		return;
	by_text_table(out, question, NULL,
		      "through a table that takes text: the numbers are made "
		      "anew, the file's are lost");
	if (out->ways.count > 0 && out->ways.items[out->ways.count - 1].table)
		cure_drop(&out->ways.items[out->ways.count - 1],
			  COPY_EXPLICIT_IDS);
}
