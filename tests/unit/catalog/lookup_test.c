#include "tests/unit/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/store.h"
#include "data/lite.h"

struct place {
	char folder[64];
	struct str path;
	struct lookup *lookup;
};

static const char content[] =
	"insert into schemas values ('public', 2), ('sales', 1),"
	" ('attic', 0), ('pg_catalog', 0);"
	"insert into relations values ('public', 'orders', 0),"
	" ('sales', 'orders', 0), ('attic', 'old_orders', 0),"
	" ('public', 'order_view', 1), ('public', 'My Table', 0),"
	" ('public', 'o_%x', 0);"
	"insert into columns values"
	" ('public', 'orders', 1, 'id', 'integer'),"
	" ('sales', 'orders', 2, 'amount', 'numeric(8,2)'),"
	" ('sales', 'orders', 1, 'when', 'date');"
	"insert into functions values ('public', 'f_tax', 'numeric');"
	"insert into databases values ('dev'), ('prod');"
	"insert into users values ('ann'), ('bob');";

static int make_place(void **state)
{
	struct place *place = mem_alloc(sizeof(*place));
	const struct str empty = STR_EMPTY;
	struct lite *lite;

	memcpy(place->folder, "/tmp/redsh-lookup-XXXXXX", 25);
	place->path = empty;
	if (mkdtemp(place->folder) == NULL)
		return -1;
	str_addf(&place->path, "%s/below/cache.db", place->folder);
	lite = store_open(place->path.text, NULL);
	if (lite == NULL || !lite_run(lite, content, NULL))
		return -1;
	lite_close(lite);
	place->lookup = lookup_open(place->path.text, NULL);
	*state = place;
	return place->lookup != NULL ? 0 : -1;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	lookup_close(place->lookup);
	file_remove_tree(place->folder, NULL);
	str_done(&place->path);
	mem_free(place);
	return 0;
}

/* "schema.name:detail " for each. */
static void collect(void *context, const struct lookup_name *name)
{
	str_addf(context, "%s.%s:%s%s ", name->schema, name->name, name->detail,
		 name->on_path ? "+" : "");
}

static void relations_come_by_prefix_and_search_path(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	assert_int_equal(
		lookup_relations(place->lookup, NULL, "ORD", 10, collect, &out),
		3);
	assert_text(out.text,
		    "public.order_view:+ sales.orders:+ public.orders:+ ");
	str_clear(&out);
	lookup_relations(place->lookup, "attic", "", 10, collect, &out);
	assert_text(out.text, "attic.old_orders: ");
	str_clear(&out);
	assert_int_equal(
		lookup_relations(place->lookup, NULL, "o", 2, collect, &out),
		2);
}

static void percent_and_underscore_are_plain_characters(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	lookup_relations(place->lookup, "public", "o_", 10, collect, &out);
	assert_text(out.text, "public.o_%x: ");
	str_clear(&out);
	lookup_relations(place->lookup, "public", "%", 10, collect, &out);
	assert_text(out.text, "");
	lookup_relations(place->lookup, "x' or 1=1 --", "", 10, collect, &out);
	assert_text(out.text, "");
}

static void columns_come_in_table_order(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	/* sales stands before public on the path. */
	lookup_columns(place->lookup, NULL, "ORDERS", collect, &out);
	assert_text(out.text, "sales.when:date sales.amount:numeric(8,2) ");
	str_clear(&out);
	lookup_columns(place->lookup, "public", "orders", collect, &out);
	assert_text(out.text, "public.id:integer ");
	assert_int_equal(
		lookup_columns(place->lookup, NULL, "nothing", collect, &out),
		0);
}

static void other_names_come_by_prefix(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	lookup_schemas(place->lookup, "p", 10, collect, &out);
	lookup_functions(place->lookup, NULL, "f_", 10, collect, &out);
	lookup_databases(place->lookup, "pr", 10, collect, &out);
	lookup_users(place->lookup, "", 1, collect, &out);
	assert_text(out.text, ".pg_catalog: .public: public.f_tax:numeric "
			      ".prod: .ann: ");
}

static void a_damaged_file_is_built_anew(void **state)
{
	struct place *place = *state;
	struct lookup *lookup;

	lookup_close(place->lookup);
	place->lookup = NULL;
	assert_true(file_write(place->path.text, "no database at all", 18, 0600,
			       NULL));
	lookup = lookup_open(place->path.text, NULL);
	assert_non_null(lookup);
	assert_int_equal(lookup_harvested_ms(lookup), 0);
	lookup_close(lookup);
}

static void no_cache_has_no_names(void **state)
{
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	assert_int_equal(lookup_relations(NULL, NULL, "", 10, collect, &out),
			 0);
	assert_int_equal(lookup_columns(NULL, NULL, "t", collect, &out), 0);
	assert_int_equal(lookup_harvested_ms(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define PLACED(test)                                                           \
	cmocka_unit_test_setup_teardown(test, make_place, remove_place)
		PLACED(relations_come_by_prefix_and_search_path),
		PLACED(percent_and_underscore_are_plain_characters),
		PLACED(columns_come_in_table_order),
		PLACED(other_names_come_by_prefix),
		PLACED(a_damaged_file_is_built_anew),
		cmocka_unit_test(no_cache_has_no_names),
	};

	return RUN_TESTS(tests);
}
