/* catalog/catalog: its facts and changes as rows. */
#include "catalog/catalog.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/units.h"
#include "catalog/store.h"
#include "data/isotime.h"
#include "data/lite.h"
#include "data/rows_mem.h"

static const struct {
	const char *fact;
	const char *sql; /* one number; ?1: the database */
} counts[] = {
#define OURS "database in ('', ?1)"
	{ "schemas", "select count(*) from schemas where " OURS },
	{ "relations", "select count(*) from relations r join schemas s"
		       " on s.id = r.schema_id where s." OURS },
	{ "columns", "select count(*) from columns where ?1 = ?1" },
	{ "functions", "select count(*) from functions where ?1 = ?1" },
	{ "relations of other databases",
	  "select count(*) from relations r join schemas s"
	  " on s.id = r.schema_id where not s." OURS },
	{ "names used", "select count(*) from used where ?1 = ?1" },
	{ "changes noted", "select count(*) from changes where " OURS },
};

static void add_fact(struct rows_mem *mem, const char *fact, const char *text)
{
	rows_mem_add(mem, fact);
	rows_mem_add(mem, text);
}

static void add_time(struct rows_mem *mem, const char *fact, int64_t ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (ms > 0)
		isotime_add_sql(&text, ms);
	add_fact(mem, fact, ms > 0 ? text.text : "never");
}

static void add_counts(struct rows_mem *mem, struct lite *lite,
		       const char *database)
{
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		struct lite_query *query =
			lite_query(lite, counts[i].sql, NULL);

		if (query == NULL)
			continue;
		lite_bind_text(query, 1, database);
		rows_mem_add(mem, counts[i].fact);
		if (lite_step(query, NULL) == LITE_ROW)
			rows_mem_add_number(mem, lite_number(query, 0));
		else
			rows_mem_add(mem, NULL);
		lite_reset(query);
	}
}

static void add_missing(struct rows_mem *mem, struct lite *lite,
			const char *database)
{
	struct lite_query *query =
		lite_query(lite,
			   "select what, why from missing where database = ?1"
			   " order by what",
			   NULL);

	if (query == NULL)
		return;
	lite_bind_text(query, 1, database);
	while (lite_step(query, NULL) == LITE_ROW) {
		rows_mem_addf(mem, "without %s", lite_text(query, 0));
		rows_mem_add(mem, lite_text(query, 1));
	}
}

static void database_of(struct catalog *catalog, struct lite *lite,
			struct str *out)
{
	str_set(out, catalog_database(catalog));
	if (out->len == 0)
		store_database(lite, out);
}

struct rows *catalog_describe(struct catalog *catalog, struct err *err)
{
	CLEANUP(lite_closep)
	struct lite *lite = store_open(catalog_path(catalog), err);
	CLEANUP(str_done) struct str database = STR_EMPTY;
	CLEANUP(str_done) struct str age = STR_EMPTY;
	struct refresh_last last;
	struct rows_mem *mem;
	int64_t read_ms;
	int64_t size;

	if (lite == NULL)
		return NULL;
	database_of(catalog, lite, &database);
	read_ms = store_harvested_ms(lite, database.text);
	size = file_size(catalog_path(catalog));
	mem = rows_mem_new("Cache of names");
	rows_mem_column(mem, "Fact", ROWS_TEXT);
	rows_mem_column(mem, "Value", ROWS_TEXT);
	add_fact(mem, "file", catalog_path(catalog));
	if (catalog_trouble(catalog) != NULL)
		add_fact(mem, "in place of the file", catalog_trouble(catalog));
	rows_mem_add(mem, "bytes");
	rows_mem_add_number(mem, size > 0 ? size : 0);
	add_fact(mem, "database", database.text);
	add_time(mem, "read", read_ms);
	units_add_duration(
		&age, read_ms > 0 ? (clock_wall_ms() - read_ms) * 1000 : 0);
	add_fact(mem, "age", read_ms > 0 ? age.text : NULL);
	add_fact(mem, "reading now",
		 catalog_is_reading(catalog) ? "yes" : "no");
	last = catalog_last(catalog);
	if (last.failed)
		add_fact(mem, "the last reading failed", last.why.message);
	add_counts(mem, lite, database.text);
	add_missing(mem, lite, database.text);
	return rows_mem_rows(mem);
}

/* Changes that this harvest, or a later one of some names, has seen. */
static const char changes_sql[] =
	"select c.change, c.what, c.schema, c.relation, c.name, c.before,"
	" c.after, c.seen_ms from changes c join databases d"
	" on d.name = c.database where c.database = ?1"
	" and c.seen_ms >= d.harvested_ms"
	" order by c.schema, c.relation, c.what = 'column', c.name, c.id";

struct rows *catalog_changes(struct catalog *catalog, struct err *err)
{
	static const char *const columns[] = { "Change", "Kind",   "Schema",
					       "Table",  "Column", "Was",
					       "Is" };
	CLEANUP(lite_closep)
	struct lite *lite = store_open(catalog_path(catalog), err);
	CLEANUP(str_done) struct str database = STR_EMPTY;
	struct lite_query *query;
	struct rows_mem *mem;

	if (lite == NULL)
		return NULL;
	database_of(catalog, lite, &database);
	query = lite_query(lite, changes_sql, err);
	if (query == NULL)
		return NULL;
	mem = rows_mem_new("What is new");
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		rows_mem_column(mem, columns[i], ROWS_TEXT);
	rows_mem_column(mem, "Seen", ROWS_TIME);
	lite_bind_text(query, 1, database.text);
	while (lite_step(query, NULL) == LITE_ROW) {
		CLEANUP(str_done) struct str seen = STR_EMPTY;

		for (int i = 0; i < (int)COUNT_OF(columns); i++)
			rows_mem_add(mem, lite_text(query, i));
		isotime_add_sql(&seen, lite_number(query, 7));
		rows_mem_add(mem, seen.text);
	}
	return rows_mem_rows(mem);
}

int64_t catalog_compared_ms(struct catalog *catalog)
{
	CLEANUP(lite_closep)
	struct lite *lite = store_open(catalog_path(catalog), NULL);
	CLEANUP(str_done) struct str database = STR_EMPTY;

	if (lite == NULL)
		return 0;
	database_of(catalog, lite, &database);
	return store_previous_ms(lite, database.text);
}
