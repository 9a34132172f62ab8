#include "load/copy_map.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "load/copy_args.h"
#include "load/copy_state.h"
#include "load/copyfrom.h"
#include "load/ddl.h"
#include "sql/quote.h"

struct pair {
	char *header;
	char *column; /* NULL: none found */
};

struct pairs { VEC(struct pair); };

static void pairs_done(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		mem_free(pairs->items[i].header);
		mem_free(pairs->items[i].column);
	}
	vec_done(pairs);
}

bool copy_map_wanted(const struct copyfrom *copy)
{
	return copy->args->by_name || copy->args->map.len > 0;
}

/* --- names --- */

static void fold(const char *name, struct str *out)
{
	for (; *name != '\0'; name++)
		if (strchr(" _-\t", *name) == NULL)
			str_add_char(out, (char)tolower((unsigned char)*name));
}

static bool is_same(const char *a, const char *b)
{
	CLEANUP(str_done) struct str left = STR_EMPTY;
	CLEANUP(str_done) struct str right = STR_EMPTY;

	fold(a, &left);
	fold(b, &right);
	return strcmp(left.text, right.text) == 0;
}

/* --- the map as typed: Header A=col_a,"Amount, EUR"=amount --- */

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

static void read_side(const char **at, const char *ends, struct str *out)
{
	const char *text = skip_blanks(*at);

	if (*text == '"') {
		for (text++; *text != '\0'; text++) {
			if (*text == '"' && *++text != '"')
				break;
			str_add_char(out, *text);
		}
		text += strcspn(text, ends);
	} else {
		size_t len = strcspn(text, ends);

		str_add_slice(out, text, len);
		str_trim_end(out);
		text += len;
	}
	*at = text;
}

static bool read_map(const char *text, struct pairs *out, struct err *err)
{
	while (*skip_blanks(text) != '\0') {
		CLEANUP(str_done) struct str header = STR_EMPTY;
		CLEANUP(str_done) struct str column = STR_EMPTY;

		read_side(&text, "=", &header);
		if (*text == '=') {
			text++;
			read_side(&text, ",", &column);
		}
		if (header.len == 0 || column.len == 0) {
			err_set(err, ERR_USAGE,
				"--map takes pairs of header and column");
			return err_hint(err, "--map 'Order ID=order_id,"
					     "\"Amount, EUR\"=amount'");
		}
		vec_push(out, ((struct pair){ mem_copy_text(header.text),
					      mem_copy_text(column.text) }));
		text += *text == ',';
	}
	return true;
}

/* --- what goes where --- */

/* The table's own spelling of a name; NULL: it has no such column. */
static const char *find_column(const struct copyfrom *copy, const char *name)
{
	for (size_t i = 0; i < copy->columns.count; i++)
		if (strcmp(copy->columns.items[i], name) == 0)
			return copy->columns.items[i];
	for (size_t i = 0; i < copy->columns.count; i++)
		if (is_same(copy->columns.items[i], name))
			return copy->columns.items[i];
	return NULL;
}

/* Without a server: the name the column would get. */
static char *column_for(const struct copyfrom *copy, const char *name,
			size_t number)
{
	CLEANUP(str_done) struct str clean = STR_EMPTY;

	if (copy->columns.count > 0) {
		const char *found = find_column(copy, name);

		return found != NULL ? mem_copy_text(found) : NULL;
	}
	ddl_add_name(&clean, name, number);
	return mem_copy_text(clean.text);
}

static const char *mapped(const struct pairs *map, const char *header)
{
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->items[i].header, header) == 0)
			return map->items[i].column;
	for (size_t i = 0; i < map->count; i++)
		if (is_same(map->items[i].header, header))
			return map->items[i].column;
	return NULL;
}

static void match(const struct copyfrom *copy, const struct pairs *map,
		  struct pairs *out)
{
	for (size_t i = 0; i < copy->infer.columns.count; i++) {
		const char *header = copy->infer.columns.items[i].name;
		const char *other;

		if (header == NULL)
			header = "";
		other = mapped(map, header);
		vec_push(out, ((struct pair){
				      mem_copy_text(header),
				      column_for(copy,
						 other != NULL ? other : header,
						 i + 1) }));
	}
}

/* What was typed must be there on either side. */
static bool check_map(const struct copyfrom *copy, const struct pairs *map,
		      const struct pairs *found, struct err *err)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct pair *pair = &map->items[i];
		bool known = false;

		for (size_t j = 0; j < found->count; j++)
			known |= is_same(found->items[j].header, pair->header);
		if (!known)
			return err_set(err, ERR_USAGE,
				       "--map: the header has no \"%s\"",
				       pair->header);
		if (copy->columns.count > 0 &&
		    find_column(copy, pair->column) == NULL)
			return err_set(err, ERR_USAGE,
				       "--map: %s has no column %s",
				       copy->args->table.text, pair->column);
	}
	return true;
}

static bool check_twice(const struct pairs *pairs, struct err *err)
{
	for (size_t i = 0; i < pairs->count; i++) {
		for (size_t j = 0; j < i; j++) {
			const char *a = pairs->items[i].column;
			const char *b = pairs->items[j].column;

			if (a == NULL || b == NULL || strcmp(a, b) != 0)
				continue;
			err_set(err, ERR_USAGE,
				"\"%s\" and \"%s\" of the header both go to "
				"the column %s",
				pairs->items[j].header, pairs->items[i].header,
				a);
			return err_hint(err, "say which goes where: --map "
					     "'HEADER=column,...'");
		}
	}
	return true;
}

/* Fields that no column takes: COPY has no way to skip one. */
static bool check_left(const struct copyfrom *copy, const struct pairs *pairs,
		       struct err *err)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;

	for (size_t i = 0; i < pairs->count; i++) {
		if (pairs->items[i].column == NULL)
			str_addf(&names, "%s\"%s\"", names.len > 0 ? ", " : "",
				 pairs->items[i].header);
	}
	if (names.len == 0)
		return true;
	err_set(err, ERR_USAGE, "%s has no column for %.500s of the file, and "
		"COPY cannot skip a field of a line",
		copy->args->table.text, names.text);
	return err_hint(err, "name the column by --map 'HEADER=column', add "
			     "it to the table, or load all into a table of "
			     "its own (\\copyfrom --create TABLE_in %.100s) "
			     "and INSERT ... SELECT from there",
			copy->args->uri.text);
}

/* --- telling --- */

static bool is_filled(const struct pairs *pairs, const char *column)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->items[i].column != NULL &&
		    strcmp(pairs->items[i].column, column) == 0)
			return true;
	return false;
}

static void show(const struct copyfrom *copy, const struct pairs *pairs)
{
	const struct load_world *world = copy->world;
	struct rows_mem *mem = rows_mem_new(NULL);

	rows_mem_column(mem, "file", ROWS_TEXT);
	rows_mem_column(mem, "column", ROWS_TEXT);
	for (size_t i = 0; i < pairs->count; i++) {
		rows_mem_add(mem, pairs->items[i].header);
		rows_mem_add(mem, pairs->items[i].column);
	}
	for (size_t i = 0; i < copy->columns.count; i++) {
		if (is_filled(pairs, copy->columns.items[i]))
			continue;
		rows_mem_add(mem, NULL);
		rows_mem_add(mem, copy->columns.items[i]);
	}
	world->preview(world->context, rows_mem_rows(mem));
}

static void tell_empty(const struct copyfrom *copy, const struct pairs *pairs)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (size_t i = 0; i < copy->columns.count; i++) {
		const char *column = copy->columns.items[i];

		if (is_filled(pairs, column))
			continue;
		str_add(&text, text.len > 0 ? ", " : "not in the file, so "
						      "default or NULL: ");
		str_add(&text, column);
	}
	if (text.len > 0)
		world->info(world->context, text.text);
}

static void add_list(const struct pairs *pairs, struct str *out)
{
	for (size_t i = 0; i < pairs->count; i++) {
		str_add(out, i == 0 ? "(" : ", ");
		quote_name(out, pairs->items[i].column);
	}
	str_add_char(out, ')');
}

/* --- the whole --- */

/* Has the data names to go by? */
static bool check_header(const struct copyfrom *copy, struct err *err)
{
	if (copy->infer.members) {
		err_set(err, ERR_USAGE, "the members of JSON and Avro go by "
					"name without --by-name");
		return err_hint(err, "other names need a JSONPaths object: "
				     "json 's3://bucket/paths.json', which "
				     "holds {\"jsonpaths\": [\"$['Order "
				     "ID']\", ...]} in the order of a list of "
				     "columns");
	}
	if (copy->infer.columns.count > 0 &&
	    (copy->infer.header || copy->sniff.kind == SNIFF_PARQUET))
		return true;
	err_set(err, ERR_USAGE, "%s has no header to go by",
		copy->source.sample.text);
	return err_hint(err, "give the columns in the file's order: "
			     "\\copyfrom %.100s (a, b) ...",
			copy->args->table.text);
}

bool copy_map_apply(struct copyfrom *copy, struct err *err)
{
	CLEANUP(pairs_done) struct pairs map = { 0 };
	CLEANUP(pairs_done) struct pairs found = { 0 };

	if (!read_map(copy->args->map.text, &map, err))
		return false;
	/* the table is made from the header: nothing to match */
	if (copy->args->create && copy->columns.count == 0 && map.count == 0)
		return true;
	if (!copy->looked && copy->args->no_sniff && map.count > 0) {
		if (!check_twice(&map, err))
			return false;
		add_list(&map, &copy->list);
		return true;
	}
	if (!copy->looked) {
		err_set(err, ERR_USAGE, "the header could not be looked at");
		return err_hint(err, "give the columns in the file's order: "
				     "\\copyfrom %.100s (a, b) ...",
				copy->args->table.text);
	}
	if (!check_header(copy, err))
		return false;
	match(copy, &map, &found);
	show(copy, &found);
	if (!check_map(copy, &map, &found, err) || !check_twice(&found, err) ||
	    !check_left(copy, &found, err))
		return false;
	tell_empty(copy, &found);
	add_list(&found, &copy->list);
	return true;
}
