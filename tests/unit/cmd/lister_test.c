#include "tests/unit/check.h"

#include "base/str.h"
#include "cmd/lister.h"
#include "cmd/lister_access.h"
#include "cmd/lister_postgres.h"
#include "cmd/lister_redshift.h"

static size_t column_count(const struct lister *lister)
{
	size_t count = 0;

	while (lister->columns[count].heading != NULL)
		count++;
	return count;
}

static void check_sides(const struct lister *lister)
{
	const struct lister_side *side = lister->sides;

	for (; side != NULL && side->sql != NULL; side++) {
		assert_true(side->keys > 0);
		assert_true(side->values > 0);
		assert_true(side->column >= side->keys);
		assert_true(side->column + side->values <=
			    column_count(lister));
		assert_non_null(side->order);
		assert_non_null(strstr(side->sql, "\nwhere "));
		assert_true(side->needs == NULL || !side->adds);
	}
}

static void check_row(const struct lister *lister)
{
	const struct lister_source *source = lister->sources;

	assert_non_null(lister->title);
	assert_non_null(lister->order);
	assert_non_null(lister->where);
	assert_true(str_starts(lister->from, "from "));
	assert_non_null(lister->name_is[0].name);
	assert_true(column_count(lister) <= 16);
	assert_false(lister->columns[0].more);
	assert_non_null(lister->columns[0].sql);
	for (; source != NULL && source->cells != NULL; source++) {
		assert_true(str_starts(source->from, "from "));
		assert_non_null(source->where);
		for (size_t i = 0; i < column_count(lister); i++)
			assert_true((source->cells[i] == NULL) ==
				    (lister->columns[i].sql == NULL));
	}
	check_sides(lister);
}

static void every_listing_is_whole(void **state)
{
	const struct lister *tables[] = { lister_postgres, lister_redshift,
					  lister_access };

	(void)state;
	for (size_t t = 0; t < COUNT_OF(tables); t++)
		for (size_t i = 0; tables[t][i].name != NULL; i++)
			check_row(&tables[t][i]);
}

static void both_servers_have_the_same_listings(void **state)
{
	(void)state;
	for (size_t i = 0; lister_postgres[i].name != NULL; i++) {
		const char *name = lister_postgres[i].name;

		assert_true(lister_find(lister_redshift, name) != NULL ||
			    lister_find(lister_access, name) != NULL);
	}
	assert_null(lister_find(lister_postgres, "nothing"));
}

static void check_text(const char *sql)
{
	/* what Redshift's leader or its catalog has not */
	static const char *const lacking[] = {
		"::reg",          "pg_roles",        "pg_auth_members",
		"array(select",   "concat_ws",       "shobj_description",
		"pg_size_pretty", "pg_collation",    "lateral",
		"string_agg",     "pg_get_function", "format(",
		"pg_enum",        "pg_policy",       "pg_type_is_visible",
		"is distinct",
	};

	for (size_t i = 0; sql != NULL && i < COUNT_OF(lacking); i++)
		assert_null(strstr(sql, lacking[i]));
}

/* c_join_PG: leader and compute relations never stand in one query. */
static void check_from(const char *from)
{
	bool leader = strstr(from, " pg_") != NULL;
	bool view = strstr(from, " svv_") != NULL;

	assert_true(leader != view);
}

static void redshift_is_asked_for_what_it_has(void **state)
{
	const struct lister *tables[] = { lister_redshift, lister_access };

	(void)state;
	for (size_t t = 0; t < COUNT_OF(tables); t++)
		for (const struct lister *row = tables[t]; row->name; row++) {
			const struct lister_side *side = row->sides;
			const struct lister_source *source = row->sources;

			check_from(row->from);
			check_text(row->where);
			for (size_t i = 0; i < column_count(row); i++)
				check_text(row->columns[i].sql);
			for (; side != NULL && side->sql != NULL; side++) {
				check_text(side->sql);
				check_from(side->sql);
			}
			for (; source != NULL && source->cells; source++)
				check_from(source->from);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_listing_is_whole),
		cmocka_unit_test(both_servers_have_the_same_listings),
		cmocka_unit_test(redshift_is_asked_for_what_it_has),
	};

	return RUN_TESTS(tests);
}
