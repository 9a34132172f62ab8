#include "load/copy_each.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "base/vec.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "load/copy_args.h"
#include "load/copyfrom.h"
#include "load/ddl.h"
#include "load/warehouse.h"
#include "sql/quote.h"

struct folder {
	char *name;  /* "orders" */
	char *table; /* SQL text */
	int64_t objects;
	int64_t bytes;
	bool loaded;
	int64_t rows;
};

struct each {
	const struct copy_args *args;
	const struct load_world *world;
	struct str root; /* "s3://b/data/" */
	size_t skip;	 /* of its bytes that are the key's */
	struct {
		VEC(struct folder);
	} folders;	 /* in the order of their names */
	int64_t loose;	 /* objects that lie in no folder */
	bool ended;	 /* nothing after a failure was tried */
};

static void each_done(struct each *each)
{
	for (size_t i = 0; i < each->folders.count; i++) {
		mem_free(each->folders.items[i].name);
		mem_free(each->folders.items[i].table);
	}
	vec_done(&each->folders);
	str_done(&each->root);
}

/* --- what is there --- */

static char *table_of(const struct each *each, const char *name)
{
	CLEANUP(str_done) struct str clean = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	ddl_add_name(&clean, name, 1);
	if (each->args->table.len > 0)
		str_addf(&sql, "%s.", each->args->table.text);
	quote_name(&sql, clean.text);
	return str_take(&sql);
}

/* Keys come in order: a folder's objects stand together. */
static bool visit(void *visitor, const char *key, int64_t size)
{
	struct each *each = visitor;
	const char *name = key + each->skip;
	size_t len = strcspn(name, "/");
	struct folder *last =
		each->folders.count > 0
			? &each->folders.items[each->folders.count - 1]
			: NULL;

	if (size == 0)
		return true;
	if (name[len] == '\0' || len == 0 || *name == '_' || *name == '.') {
		each->loose++;
		return true;
	}
	if (last == NULL || !str_slice_equal(name, len, last->name)) {
		struct folder folder = { .name = mem_copy_slice(name, len) };

		folder.table = table_of(each, folder.name);
		vec_push(&each->folders, folder);
		last = &each->folders.items[each->folders.count - 1];
	}
	last->objects++;
	last->bytes += size;
	return true;
}

static bool find(struct each *each, struct err *err)
{
	const struct load_world *world = each->world;
	const char *slash;

	str_set(&each->root, each->args->uri.text);
	if (!str_ends(each->root.text, "/"))
		str_add_char(&each->root, '/');
	slash = strchr(each->root.text + strlen("s3://"), '/');
	each->skip = strlen(slash + 1);
	if (!world->list(world->context, each->root.text, visit, each, err))
		return false;
	if (each->folders.count > 0)
		return true;
	err_set(err, ERR_MISSING, "there are no folders with objects below %s",
		each->root.text);
	return err_hint(err, "--each loads %sTABLE/...; look with \\s3ls %s",
			each->root.text, each->root.text);
}

/* --- what cannot be --- */

static bool check_line(const struct copy_args *args, struct err *err)
{
	if (args->place != COPY_PLACE_URI ||
	    !str_starts(args->uri.text, "s3://") || args->more.count > 0 ||
	    copy_options_has(&args->options, COPY_MANIFEST) ||
	    copy_options_has(&args->options, COPY_SSH)) {
		err_set(err, ERR_USAGE, "--each takes one folder of S3");
		return err_hint(err, "\\copyfrom --each [SCHEMA] "
				     "s3://bucket/folder/");
	}
	if (strchr(args->table.text, '.') == NULL)
		return true;
	err_set(err, ERR_USAGE, "--each: %s is no schema", args->table.text);
	return err_hint(err, "the tables are named by the folders");
}

/* Two folders of one table's name, and tables that are not there, are told
 * before anything is loaded. */
static bool check_tables(const struct each *each, struct err *err)
{
	const struct load_world *world = each->world;
	CLEANUP(str_done) struct str missing = STR_EMPTY;

	for (size_t i = 0; i < each->folders.count; i++) {
		const struct folder *folder = &each->folders.items[i];
		struct warehouse_columns columns = { 0 };
		bool good = true;

		for (size_t j = 0; j < i; j++)
			if (strcmp(each->folders.items[j].table,
				   folder->table) == 0)
				return err_set(err, ERR_USAGE,
					       "the folders %s and %s both "
					       "name the table %s",
					       each->folders.items[j].name,
					       folder->name, folder->table);
		if (world->ask == NULL || each->args->print ||
		    each->args->create)
			continue;
		good = warehouse_find_columns(world, folder->table, &columns,
					      err);
		if (good && columns.count == 0)
			str_addf(&missing, "%s%s", missing.len > 0 ? ", " : "",
				 folder->table);
		warehouse_columns_done(&columns);
		if (!good)
			return false;
	}
	if (missing.len == 0)
		return true;
	err_set(err, ERR_MISSING, "no table for: %s", missing.text);
	return err_hint(err, "add --create to make them from the types found; "
			     "nothing was loaded");
}

/* --- telling --- */

static void show(const struct each *each)
{
	const struct load_world *world = each->world;
	struct rows_mem *mem = rows_mem_new(NULL);

	rows_mem_column(mem, "folder", ROWS_TEXT);
	rows_mem_column(mem, "table", ROWS_TEXT);
	rows_mem_column(mem, "files", ROWS_INTEGER);
	rows_mem_column(mem, "size", ROWS_TEXT);
	for (size_t i = 0; i < each->folders.count; i++) {
		const struct folder *folder = &each->folders.items[i];
		CLEANUP(str_done) struct str size = STR_EMPTY;

		rows_mem_addf(mem, "%s%s/", each->root.text, folder->name);
		rows_mem_add(mem, folder->table);
		rows_mem_add_number(mem, folder->objects);
		units_add_bytes(&size, folder->bytes);
		rows_mem_add(mem, size.text);
	}
	world->preview(world->context, rows_mem_rows(mem));
}

static void tell_loose(const struct each *each)
{
	const struct load_world *world = each->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (each->loose == 0)
		return;
	units_add_count(&text, each->loose);
	str_addf(&text, " object%s of no table's folder: left out",
		 each->loose == 1 ? " is" : "s are");
	world->warn(world->context, text.text);
}

static void add_names(const struct each *each, bool loaded, struct str *out)
{
	bool first = true;

	for (size_t i = 0; i < each->folders.count; i++) {
		if (each->folders.items[i].loaded != loaded)
			continue;
		str_addf(out, "%s%s", first ? "" : ", ",
			 each->folders.items[i].table);
		first = false;
	}
}

static bool report(const struct each *each, struct err *err)
{
	const struct load_world *world = each->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str left = STR_EMPTY;
	int64_t rows = 0;
	size_t loaded = 0;

	for (size_t i = 0; i < each->folders.count; i++) {
		loaded += each->folders.items[i].loaded;
		rows += each->folders.items[i].rows;
	}
	str_addf(&text, "%zu of %zu tables loaded, ", loaded,
		 each->folders.count);
	units_add_count(&text, rows);
	str_add(&text, rows == 1 ? " row" : " rows");
	if (loaded > 0) {
		str_add(&text, ": ");
		add_names(each, true, &text);
	}
	world->info(world->context, text.text);
	world->set_row_count(world->context, rows);
	if (loaded == each->folders.count)
		return true;
	add_names(each, false, &left);
	err_set(err, ERR_USAGE, "not loaded: %s", left.text);
	if (world->ask != NULL && world->in_block(world->context))
		return err_hint(err, "the transaction block is aborted: "
				     "ROLLBACK takes back all of them");
	if (each->ended)
		return false;
	return err_hint(err, "those that were loaded stay; load the others "
			     "one by one: \\copyfrom TABLE %sFOLDER/",
			each->root.text);
}

/* --- loading --- */

static void tell_failure(const struct each *each, const struct folder *folder,
			 const struct err *why)
{
	const struct load_world *world = each->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (why->message[0] == '\0')
		return; /* the server's error was shown */
	str_addf(&text, "%s: %s", folder->table, why->message);
	if (why->hint[0] != '\0')
		str_addf(&text, " (%s)", why->hint);
	world->warn(world->context, text.text);
}

static bool load_one(const struct each *each, struct folder *folder,
		     struct err *err)
{
	struct copy_args one = *each->args; /* borrows all but these */
	CLEANUP(str_done) struct str table = STR_EMPTY;
	CLEANUP(str_done) struct str uri = STR_EMPTY;

	str_set(&table, folder->table);
	str_addf(&uri, "%s%s/", each->root.text, folder->name);
	one.table = table;
	one.uri = uri;
	one.each = false;
	one.yes = true; /* it was asked for all */
	folder->rows = 0;
	folder->loaded = copyfrom_load(&one, each->world, &folder->rows, err);
	return folder->loaded;
}

/* What makes a further try pointless. */
static bool is_end(const struct each *each, const struct err *why)
{
	const struct load_world *world = each->world;

	return why->kind == ERR_CANCELLED || strcmp(why->code, "57014") == 0 ||
	       !copyfrom_is_answer(why) ||
	       (world->ask != NULL && world->in_block(world->context));
}

static bool load_all(struct each *each, struct err *err)
{
	const struct load_world *world = each->world;

	for (size_t i = 0; i < each->folders.count; i++) {
		struct folder *folder = &each->folders.items[i];
		struct err why = ERR_EMPTY;
		CLEANUP(str_done) struct str text = STR_EMPTY;

		str_addf(&text, "%s (%zu of %zu)", folder->table, i + 1,
			 each->folders.count);
		world->info(world->context, text.text);
		if (load_one(each, folder, &why))
			continue;
		tell_failure(each, folder, &why);
		if (is_end(each, &why)) {
			each->ended = true;
			break;
		}
	}
	return report(each, err);
}

static bool print_all(struct each *each, struct err *err)
{
	for (size_t i = 0; i < each->folders.count; i++)
		if (!load_one(each, &each->folders.items[i], err))
			return err_wrap(err, "%s",
					each->folders.items[i].table);
	return true;
}

bool copy_each_run(const struct copy_args *args,
		   const struct load_world *world, struct err *err)
{
	CLEANUP(each_done)
	struct each each = { .args = args, .world = world, .root = STR_EMPTY };
	CLEANUP(str_done) struct str question = STR_EMPTY;
	bool yes = true;

	if (!check_line(args, err) || !find(&each, err) ||
	    !check_tables(&each, err))
		return false;
	tell_loose(&each);
	if (args->print)
		return print_all(&each, err);
	if (world->ask == NULL)
		return err_set(err, ERR_USAGE,
			       "\\copyfrom needs a connection") ||
		       err_hint(err, "connect with \\c, or add --print to see "
				     "the statements");
	show(&each);
	str_addf(&question, "Load %s %zu table%s, each by itself?",
		 each.folders.count == 1 ? "this" : "these",
		 each.folders.count, each.folders.count == 1 ? "" : "s");
	if (!args->yes &&
	    !world->confirm(world->context, question.text, &yes, err))
		return false;
	return yes ? load_all(&each, err) : true;
}
