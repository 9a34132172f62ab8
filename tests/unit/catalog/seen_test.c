#include "tests/unit/check.h"

#include "base/str.h"
#include "catalog/lookup.h"
#include "catalog/lookup_inner.h"
#include "catalog/seen.h"
#include "data/lite.h"

static const char content[] =
	"insert into databases (name, search_path, harvested_ms)"
	" values ('dev', 'public', 5);"
	"insert into schemas (id, database, name) values (1, 'dev', 'public'),"
	" (2, 'dev', 'attic');"
	"insert into relations (id, schema_id, name, kind)"
	" values (1, 1, 'base', 0), (2, 2, 'base', 0);"
	"insert into columns (relation_id, position, name, type)"
	" values (1, 1, 'id', 'integer'), (1, 2, 'label', 'text'),"
	" (2, 1, 'old', 'date');";

struct world {
	struct lookup *lookup;
	struct seen *seen;
};

static int make(void **state)
{
	struct world *world = mem_alloc(sizeof(*world));

	world->lookup = lookup_open(":memory:", NULL);
	world->seen = seen_new();
	lookup_set_seen(world->lookup, world->seen);
	lookup_set_database(world->lookup, "dev");
	*state = world;
	return lite_run(world->lookup->lite, content, NULL) ? 0 : -1;
}

static int destroy(void **state)
{
	struct world *world = *state;

	lookup_close(world->lookup);
	seen_free(world->seen);
	mem_free(world);
	return 0;
}

static void collect(void *context, const struct lookup_name *name)
{
	str_addf(context, "%s:%s ", name->name, name->detail);
}

static const struct {
	const char *sql; /* statements between semicolons and blanks */
	const char *schema;
	const char *relation;
	const char *columns;
} cases[] = {
	{ "create temp table t (a int, b varchar(3))", "", "t",
	  "a:int b:varchar(3) " },
	{ "create table #t as select 1 as one", "", "#t", "one: " },
	{ "create table #copied as select id as copy_id, label from base", "",
	  "#copied", "copy_id:integer label:text " },
	{ "create table c as select * from attic.base", NULL, "c",
	  "old:date " },
	{ "create table c as select b.*, 1 as n from base b", "public", "c",
	  "id:integer label:text n: " },
	{ "create temp table base (x int)", NULL, "base", "x:int " },
	{ "create temp table base (x int)", "public", "base",
	  "id:integer label:text " },
	{ "create table l (like base)", "", "l", "id:integer label:text " },
	{ "select id into temp made from base", "", "made", "id:integer " },
	{ "alter table base add more date", "public", "base",
	  "id:integer label:text more:date " },
	{ "alter table base drop column id", "public", "base", "label:text " },
	{ "alter table base rename column id to num", "public", "base",
	  "num:integer label:text " },
	{ "alter table base alter column label type varchar(9)", "public",
	  "base", "id:integer label:varchar(9) " },
	{ "alter table base rename to other", "", "other",
	  "id:integer label:text " },
	{ "alter table base rename to other", "public", "base", "" },
	{ "drop table base", "public", "base", "" },
	{ "drop table base", "attic", "base", "old:date " },
	{ "drop table attic.base", "attic", "base", "" },
	{ "create table if not exists base (z int)", "public", "base",
	  "id:integer label:text " },
	{ "create view v (x) as select id from base", "", "v", "x: " },
};

static void statements_change_what_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		void *own = NULL;
		struct world *world;

		make(&own);
		world = own;
		seen_statement(world->seen, world->lookup, cases[i].sql,
			       strlen(cases[i].sql), false);
		lookup_columns(world->lookup, cases[i].schema,
			       cases[i].relation, collect, &out);
		assert_text(out.text, cases[i].columns);
		destroy(&own);
	}
}

static void see(struct world *world, const char *sql)
{
	seen_statement(world->seen, world->lookup, sql, strlen(sql), true);
}

static const char *relations(struct world *world, struct str *out)
{
	str_clear(out);
	lookup_relations(world->lookup, NULL, "", 100, collect, out);
	return out->text;
}

static void a_rollback_takes_everything_back(void **state)
{
	struct world *world = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	see(world, "create temp table kept (a int)");
	seen_commit(world->seen);
	see(world, "create table fresh (a int)");
	see(world, "drop table base");
	see(world, "alter table kept rename to moved");
	assert_text(relations(world, &out), "fresh: moved: base: ");
	seen_rollback(world->seen);
	assert_text(relations(world, &out), "kept: base: base: ");
	/* Nothing is open: nothing to take back. */
	seen_rollback(world->seen);
	assert_text(relations(world, &out), "kept: base: base: ");
}

static void what_is_committed_is_the_cache_s_after_it_was_read(void **state)
{
	struct world *world = *state;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	see(world, "create table fresh (a int)");
	see(world, "create temp table kept (a int)");
	seen_settle(world->seen);
	assert_text(relations(world, &out), "fresh: kept: base: base: ");
	seen_commit(world->seen);
	seen_settle(world->seen);
	assert_text(relations(world, &out), "kept: base: base: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define PLACED(test) cmocka_unit_test_setup_teardown(test, make, destroy)
		cmocka_unit_test(statements_change_what_is_known),
		PLACED(a_rollback_takes_everything_back),
		PLACED(what_is_committed_is_the_cache_s_after_it_was_read),
	};

	return RUN_TESTS(tests);
}
