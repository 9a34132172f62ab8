#include "tests/unit/check.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/store.h"
#include "catalog/words.h"
#include "data/lite.h"

struct place {
	char folder[64];
	struct str path;
	struct lookup *lookup;
};

static const char content[] =
	"insert into databases (name, search_path, harvested_ms)"
	" values ('dev', '\"$user\", sales, public', 5), ('prod', '', 0);"
	"insert into meta values ('user', 'ann');"
	"insert into schemas (id, database, name, kind) values"
	" (1, 'dev', 'public', 'local'), (2, 'dev', 'sales', 'local'),"
	" (3, 'dev', 'attic', 'local'), (4, 'dev', 'pg_catalog', 'local'),"
	" (5, 'dev', 'Sales', 'local'), (6, 'prod', 'public', 'local');"
	"insert into relations (id, schema_id, name, kind) values"
	" (1, 1, 'orders', 0), (2, 2, 'orders', 0), (3, 3, 'old_orders', 0),"
	" (4, 1, 'order_view', 1), (5, 1, 'My Table', 0), (6, 1, 'o_%x', 0),"
	" (7, 6, 'orders_of_prod', 0), (8, 1, 'my table', 0),"
	" (9, 2, 'OrderItems', 0), (10, 1, 'customer', 0);"
	"insert into columns (relation_id, position, name, type, marks) values"
	" (1, 1, 'id', 'integer', 5), (1, 2, 'customer_id', 'integer', 8),"
	" (2, 2, 'amount', 'numeric(8,2)', 0), (2, 1, 'when', 'date', 2),"
	" (5, 1, 'upper', 'integer', 0), (8, 1, 'lower', 'integer', 0),"
	" (10, 1, 'id', 'integer', 4);"
	"insert into keys values"
	" (1, 'f', 'orders_fk', 1, 'customer_id', 'public', 'customer', 'id');"
	"insert into functions (schema_id, name, arguments, kind) values"
	" (1, 'f_tax', 'numeric', 5), (1, 'f_tax', 'integer', 5),"
	" (3, 'p_load', '', 6);"
	"insert into names (what, database, name, detail) values"
	" (5, '', 'ann', ''), (5, '', 'bob', ''), (6, '', 'analysts', ''),"
	" (8, 'dev', 'search_path', 'public'), (8, 'prod', 'other', '');";

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
	if (lite == NULL || !lite_run(lite, content, NULL) ||
	    !words_fill(lite, NULL))
		return -1;
	lite_close(lite);
	place->lookup = lookup_open(place->path.text, NULL);
	*state = place;
	if (place->lookup != NULL)
		lookup_set_database(place->lookup, "dev");
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

static size_t ask(struct place *place, enum lookup_what what,
		  const char *schema, const char *typed, unsigned how,
		  struct str *out)
{
	struct lookup_ask question = {
		.what = what,
		.schema = schema,
		.typed = typed,
		.how = how,
		.limit = 20,
	};

	str_clear(out);
	return lookup_names(place->lookup, &question, collect, out);
}

static void relations_come_by_prefix_and_search_path(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	assert_int_equal(
		lookup_relations(place->lookup, NULL, "ORD", 10, collect, &out),
		4);
	assert_text(out.text, "sales.OrderItems:+ sales.orders:+ "
			      "public.order_view:+ public.orders:+ ");
	str_clear(&out);
	lookup_relations(place->lookup, "attic", "", 10, collect, &out);
	assert_text(out.text, "attic.old_orders: ");
	str_clear(&out);
	assert_int_equal(
		lookup_relations(place->lookup, NULL, "o", 2, collect, &out),
		2);
}

static void the_path_of_the_session_counts(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	lookup_set_path(place->lookup, "\"attic\" , public");
	lookup_relations(place->lookup, NULL, "o", 10, collect, &out);
	assert_text(out.text,
		    "attic.old_orders:+ public.o_%x:+ public.order_view:+ "
		    "public.orders:+ sales.OrderItems: sales.orders: ");
	str_clear(&out);
	lookup_set_path(place->lookup, NULL);
	lookup_columns(place->lookup, NULL, "orders", collect, &out);
	assert_true(str_starts(out.text, "sales.when"));
}

static void other_databases_are_asked_by_name(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	struct lookup_ask question = {
		.what = LOOKUP_RELATIONS,
		.database = "prod",
		.typed = "",
		.how = LOOKUP_PREFIX,
		.limit = 10,
	};

	lookup_names(place->lookup, &question, collect, &out);
	assert_text(out.text, "public.orders_of_prod: ");
	ask(place, LOOKUP_SETTINGS, NULL, "", LOOKUP_PREFIX, &out);
	assert_text(out.text, ".search_path:public ");
}

static void percent_and_underscore_are_plain_characters(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	lookup_relations(place->lookup, "public", "o_", 10, collect, &out);
	assert_text(out.text, "public.o_%x:+ ");
	str_clear(&out);
	lookup_relations(place->lookup, "public", "%", 10, collect, &out);
	assert_text(out.text, "");
	lookup_relations(place->lookup, "x' or 1=1 --", "", 10, collect, &out);
	assert_text(out.text, "");
}

static void names_come_by_later_words_and_slips(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	ask(place, LOOKUP_RELATIONS, NULL, "ord", LOOKUP_WORD, &out);
	assert_text(out.text, "attic.old_orders: ");
	ask(place, LOOKUP_RELATIONS, NULL, "items", LOOKUP_WORD, &out);
	assert_text(out.text, "sales.OrderItems:+ ");
	ask(place, LOOKUP_RELATIONS, NULL, "odlrd", LOOKUP_FUZZY, &out);
	assert_text(out.text, "");
	ask(place, LOOKUP_RELATIONS, NULL, "olord", LOOKUP_FUZZY, &out);
	assert_text(out.text, "attic.old_orders: ");
	ask(place, LOOKUP_RELATIONS, "public", "roders", LOOKUP_ANY_MATCH,
	    &out);
	assert_text(out.text, "public.orders:+ ");
	ask(place, LOOKUP_RELATIONS, NULL, "ordesr", LOOKUP_ANY_MATCH, &out);
	assert_non_null(strstr(out.text, "public.orders:+ sales.orders:+ "));
	/* No name twice, however it answers. */
	assert_int_equal(ask(place, LOOKUP_RELATIONS, NULL, "or",
			     LOOKUP_ANY_MATCH, &out),
			 5);
}

static void columns_are_found_without_their_table(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	ask(place, LOOKUP_COLUMNS, NULL, "id", LOOKUP_ANY_MATCH, &out);
	assert_text(out.text, "public.id:integer public.customer_id:integer ");
	ask(place, LOOKUP_COLUMNS, "sales", "", LOOKUP_PREFIX, &out);
	assert_text(out.text, "sales.amount:numeric(8,2) sales.when:date ");
	str_clear(&out);
	lookup_relations_with(place->lookup, "ID", 10, collect, &out);
	assert_text(out.text, "public.customer:+ public.orders:+ ");
}

static void columns_come_in_table_order(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	/* sales stands before public on the path. */
	lookup_columns(place->lookup, NULL, "ORDERS", collect, &out);
	assert_text(out.text, "sales.when:date+ sales.amount:numeric(8,2)+ ");
	str_clear(&out);
	lookup_columns(place->lookup, "public", "orders", collect, &out);
	assert_text(out.text,
		    "public.id:integer+ public.customer_id:integer+ ");
	assert_int_equal(
		lookup_columns(place->lookup, NULL, "nothing", collect, &out),
		0);
}

static void the_name_as_typed_comes_first(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	lookup_columns(place->lookup, NULL, "My Table", collect, &out);
	lookup_columns(place->lookup, "public", "my table", collect, &out);
	assert_text(out.text, "public.upper:integer+ public.lower:integer+ ");
}

static void collect_join(void *context, const struct lookup_join *join)
{
	str_addf(context, "%s=%s:%d ", join->left, join->right, join->part);
}

static void foreign_keys_join_in_both_directions(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	lookup_joins(place->lookup, "public", "orders", NULL, "customer",
		     collect_join, &out);
	lookup_joins(place->lookup, NULL, "customer", "public", "ORDERS",
		     collect_join, &out);
	assert_text(out.text, "customer_id=id:1 id=customer_id:1 ");
	str_clear(&out);
	assert_int_equal(lookup_joins(place->lookup, NULL, "orders", NULL,
				      "customer", collect_join, &out),
			 0);
	lookup_neighbours(place->lookup, NULL, "customer", 10, collect, &out);
	lookup_neighbours(place->lookup, "public", "orders", 10, collect, &out);
	assert_text(out.text, "public.orders:+ public.customer:+ ");
}

static void collect_used(void *context, const struct lookup_name *name)
{
	str_addf(context, "%s%s ", name->name, name->used > 0 ? "*" : "");
}

static void what_is_used_comes_first_and_is_kept(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	lookup_note_used(place->lookup, LOOKUP_RELATIONS, "public", "orders");
	lookup_note_used(place->lookup, LOOKUP_RELATIONS, "public", "orders");
	lookup_note_used(place->lookup, LOOKUP_RELATIONS, "attic",
			 "old_orders");
	lookup_note_used(place->lookup, LOOKUP_RELATIONS, "attic", "gone");
	lookup_relations(place->lookup, NULL, "o", 2, collect_used, &out);
	assert_text(out.text, "orders* old_orders* ");
	str_clear(&out);
	lookup_close(place->lookup);
	place->lookup = lookup_open(place->path.text, NULL);
	lookup_relations(place->lookup, NULL, "o", 3, collect_used, &out);
	assert_text(out.text, "orders* old_orders* OrderItems ");
	str_clear(&out);
	lookup_relations(place->lookup, NULL, "gone", 3, collect_used, &out);
	assert_text(out.text, "");
}

static void other_names_come_by_prefix(void **state)
{
	struct place *place = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	lookup_schemas(place->lookup, "p", 10, collect, &out);
	lookup_functions(place->lookup, NULL, "f_", 10, collect, &out);
	lookup_databases(place->lookup, "pr", 10, collect, &out);
	lookup_users(place->lookup, "", 1, collect, &out);
	assert_text(out.text, ".pg_catalog: .public: public.f_tax:integer+ "
			      "public.f_tax:numeric+ .prod: .ann: ");
	ask(place, LOOKUP_GROUPS, NULL, "anly", LOOKUP_FUZZY, &out);
	assert_text(out.text, ".analysts: ");
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
		PLACED(the_path_of_the_session_counts),
		PLACED(other_databases_are_asked_by_name),
		PLACED(names_come_by_later_words_and_slips),
		PLACED(columns_are_found_without_their_table),
		PLACED(the_name_as_typed_comes_first),
		PLACED(foreign_keys_join_in_both_directions),
		PLACED(what_is_used_comes_first_and_is_kept),
		PLACED(percent_and_underscore_are_plain_characters),
		PLACED(columns_come_in_table_order),
		PLACED(other_names_come_by_prefix),
		PLACED(a_damaged_file_is_built_anew),
		cmocka_unit_test(no_cache_has_no_names),
	};

	return RUN_TESTS(tests);
}
