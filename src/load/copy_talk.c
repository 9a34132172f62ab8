#include "load/copy_talk.h"

#include <string.h>

#include "base/units.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "load/copy_args.h"
#include "load/copy_state.h"
#include "load/copyfrom.h"
#include "load/ddl.h"
#include "sql/quote.h"

static void warn_about_objects(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	const struct copy_source *found = &copy->source;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (found->objects > 1 && found->stray.len > 0) {
		str_addf(&text,
			 "the prefix also matches %s; end it with / "
			 "for a folder only",
			 found->stray.text);
		world->warn(world->context, text.text);
	}
	if (found->packed > 0 && found->packed < found->objects &&
	    found->bytes >= 0) {
		str_clear(&text);
		str_addf(&text,
			 "%lld of %lld objects look compressed by "
			 "their names; one COPY takes either kind, not "
			 "both",
			 (long long)found->packed, (long long)found->objects);
		world->warn(world->context, text.text);
	}
}

static void warn_about_data(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	const struct sniff *sniff = &copy->sniff;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (sniff->kind == SNIFF_DELIMITED && sniff->ragged > 0) {
		str_addf(&text,
			 "%zu record%s of the sample %s not %zu "
			 "columns, the first in line %ld",
			 sniff->ragged, sniff->ragged == 1 ? "" : "s",
			 sniff->ragged == 1 ? "has" : "have", sniff->fields,
			 sniff->ragged_line);
		world->warn(world->context, text.text);
	}
	for (size_t i = 0; i < copy->infer.columns.count; i++) {
		const struct infer_column *column =
			&copy->infer.columns.items[i];

		if (!column->ambiguous)
			continue;
		str_clear(&text);
		str_addf(&text,
			 "column %s: day and month could be swapped; "
			 "taken as %s",
			 column->name ? column->name : "without a name",
			 column->pattern);
		world->warn(world->context, text.text);
	}
}

static bool is_column(const struct warehouse_columns *columns, const char *name,
		      size_t *out_at)
{
	for (size_t i = 0; i < columns->count; i++) {
		if (strcmp(columns->items[i], name) == 0) {
			*out_at = i;
			return true;
		}
	}
	return false;
}

/* Appends "(b, a)" when every name of the header is a column of the table;
 * *out_same: at the same place too. */
static bool add_header_list(const struct copyfrom *copy, struct str *out,
			    bool *out_same)
{
	*out_same = true;
	for (size_t i = 0; i < copy->infer.columns.count; i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		const char *header = copy->infer.columns.items[i].name;
		size_t at;

		ddl_add_name(&name, header != NULL ? header : "", i + 1);
		if (!is_column(&copy->columns, name.text, &at))
			return false;
		*out_same &= at == i;
		str_add(out, i == 0 ? "(" : ", ");
		quote_name(out, name.text);
	}
	str_add_char(out, ')');
	return true;
}

/* COPY goes by position: a header in another order, or another number of
 * columns, is seen before it does harm. */
static void warn_about_columns(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str list = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t found = copy->infer.columns.count;
	bool same = true;

	if (found == 0 || copy->columns.count == 0 ||
	    copy->args->columns.len > 0 || copy->list.len > 0)
		return;
	if (copy->infer.header && add_header_list(copy, &list, &same) &&
	    (!same || found != copy->columns.count))
		str_addf(&text,
			 "the header names the table's columns in "
			 "another order or not all: give the list %s",
			 list.text);
	else if (found != copy->columns.count)
		str_addf(&text,
			 "the file has %zu column%s, %s has %zu: give "
			 "a column list%s",
			 found, found == 1 ? "" : "s", copy->args->table.text,
			 copy->columns.count,
			 found < copy->columns.count ? ", or FILLRECORD" : "");
	if (text.len > 0)
		world->warn(world->context, text.text);
}

/* Who asks for a new table may not know of the one that there is. */
static void tell_table(const struct copyfrom *copy)
{
	const struct copy_args *args = copy->args;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!args->create || copy->columns.count == 0 || args->replace ||
	    args->truncate || args->swap || args->dry_run)
		return;
	str_addf(&text,
		 "%s is there already: the rows are added to it (--replace "
		 "empties it first)",
		 args->table.text);
	copy->world->info(copy->world->context, text.text);
}

void copy_talk_describe(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	const struct copy_source *found = &copy->source;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	units_add_count(&text, found->objects);
	str_add(&text, copy->args->place == COPY_PLACE_URI ? " object"
							   : " file");
	if (found->objects != 1)
		str_add_char(&text, 's');
	if (found->bytes >= 0) {
		str_add(&text, ", ");
		units_add_bytes(&text, found->bytes);
	}
	str_add(&text, ": ");
	sniff_describe(&copy->sniff, &text);
	if (copy->infer.columns.count > 0 &&
	    copy->sniff.kind == SNIFF_DELIMITED)
		str_add(&text, copy->infer.header ? ", header" : ", no header");
	world->info(world->context, text.text);
	tell_table(copy);
	warn_about_objects(copy);
	warn_about_data(copy);
	warn_about_columns(copy);
}

struct rows *copy_talk_columns(const struct infer *infer)
{
	struct rows_mem *mem = rows_mem_new(NULL);

	rows_mem_column(mem, "column", ROWS_TEXT);
	rows_mem_column(mem, "type", ROWS_TEXT);
	rows_mem_column(mem, "sample", ROWS_TEXT);
	rows_mem_column(mem, "empty", ROWS_INTEGER);
	rows_mem_column(mem, "longest", ROWS_INTEGER);
	for (size_t i = 0; i < infer->columns.count; i++) {
		const struct infer_column *column = &infer->columns.items[i];
		CLEANUP(str_done) struct str text = STR_EMPTY;

		if (column->name != NULL)
			rows_mem_add(mem, column->name);
		else
			rows_mem_addf(mem, "column_%zu", i + 1);
		infer_add_type(column, &text);
		rows_mem_add(mem, text.text);
		rows_mem_add(mem, column->sample);
		rows_mem_add_number(mem, (int64_t)column->empty);
		rows_mem_add_number(mem, (int64_t)column->longest);
	}
	return rows_mem_rows(mem);
}
