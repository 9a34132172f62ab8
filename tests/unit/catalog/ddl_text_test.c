#include "tests/unit/check.h"

#include "base/str.h"
#include "catalog/ddl_text.h"
#include "catalog/question.h"
#include "catalog/touched.h"

/* verb+object+action flags; names; columns; new name; like; query */
static void tell(const struct ddl *ddl, struct str *out)
{
	str_addf(out, "%d%d%d%s%s%s", (int)ddl->verb, (int)ddl->object,
		 (int)ddl->action, ddl->temporary ? "t" : "",
		 ddl->external ? "x" : "", ddl->cascade ? "c" : "");
	for (size_t i = 0; i < ddl->names.count; i++)
		str_addf(out, " %s.%s", ddl->names.items[i].schema,
			 ddl->names.items[i].name);
	for (size_t i = 0; i < ddl->columns.count; i++)
		str_addf(out, " (%s:%s)", ddl->columns.items[i].name,
			 ddl->columns.items[i].type);
	if (ddl->new_name != NULL)
		str_addf(out, " to %s", ddl->new_name);
	if (ddl->like.name != NULL)
		str_addf(out, " like %s", ddl->like.name);
	if (ddl->query != NULL)
		str_addf(out, " as %.*s", (int)ddl->query_len, ddl->query);
}

static const struct {
	const char *sql;
	const char *told;
} cases[] = {
	{ "select 1", "000" },
	{ "create table t (a int, b varchar( 10 ) not null encode lzo,"
	  " primary key (a), c numeric(8, 2) default 1)",
	  "100 .t (a:int) (b:varchar( 10 )) (c:numeric(8, 2))" },
	{ "create temp table S.\"My T\" (like x.y including defaults)",
	  "100t s.my t like y" },
	{ "create table #t as select 1 a", "100t .#t as select 1 a" },
	{ "create table if not exists a.b.c (d double  precision)",
	  "100 b.c (d:double precision)" },
	{ "select a into temp t from x", "100t .t as select a into temp t "
					 "from x" },
	{ "create external table s.e (a int) partitioned by (p date)",
	  "100x s.e (a:int)" },
	{ "create or replace view v (x, y) as select 1, 2",
	  "110 .v (x:) (y:) as select 1, 2" },
	{ "create materialized view m backup no as (select 1)",
	  "120 .m as (select 1)" },
	{ "create schema if not exists s", "130 .s" },
	{ "create procedure p(a int) as $$ begin drop table x; end $$"
	  " language plpgsql",
	  "140 .p" },
	{ "drop table if exists a, s.b cascade;", "300c .a s.b" },
	{ "drop function f(int, varchar(3)), g()", "340 .f .g" },
	{ "alter table s.t add column c int default 3", "201 s.t (c:int)" },
	{ "alter table t add primary key (a)", "207 .t" },
	{ "alter table t drop column c cascade", "202c .t (c:cascade)" },
	{ "alter table t rename column a to B", "203 .t (a:) to b" },
	{ "alter table t rename to u", "205 .t to u" },
	{ "alter table t alter column c type varchar(20)",
	  "204 .t (c:varchar(20))" },
	{ "alter table t set schema s", "206 .t to s" },
	{ "alter table t alter sortkey (a)", "207 .t (sortkey:)" },
	{ "comment on column s.t.c is 'x'", "400 .t" },
	{ "comment on table s.t is null", "400 s.t" },
	{ "create table", "100" },
	{ "create table t (", "100 .t" },
	{ "drop table \"", "300 ." },
	{ "alter table t rename", "207 .t" },
};

static void a_statement_tells_what_it_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(ddl_freep)
		struct ddl *ddl = ddl_read(cases[i].sql, strlen(cases[i].sql));
		CLEANUP(str_done) struct str told = STR_EMPTY;

		tell(ddl, &told);
		assert_text(told.text, cases[i].told);
	}
}

static void add(struct touched *touched, const char *sql)
{
	touched_add(touched, sql, strlen(sql));
}

static void only_what_is_named_is_touched(void **state)
{
	CLEANUP(touched_done) struct touched touched = TOUCHED_EMPTY;

	(void)state;
	add(&touched, "select 1");
	add(&touched, "create temp table t (a int)");
	add(&touched, "create table #t (a int)");
	assert_true(touched_is_empty(&touched));
	add(&touched, "create table \"T\" (a int)");
	add(&touched, "alter table t rename to u");
	assert_int_equal(touched.count, 3);
	assert_text(touched.items[0], "t");
	assert_text(touched.items[1], "T");
	assert_text(touched.items[2], "u");
	assert_false(touched.all_relations);
	assert_int_equal(touched.parts & PART_USERS, 0);
	add(&touched, "create user x password 'y'");
	assert_int_not_equal(touched.parts & PART_USERS, 0);
	add(&touched, "drop view v cascade");
	assert_true(touched.all_relations);
	assert_false(touched.all);
}

static void many_names_are_everything(void **state)
{
	CLEANUP(touched_done) struct touched touched = TOUCHED_EMPTY;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		CLEANUP(str_done) struct str sql = STR_EMPTY;

		str_addf(&sql, "drop table t%d", i);
		add(&touched, sql.text);
	}
	assert_true(touched.all);
	assert_true(touched.count < 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_tells_what_it_does),
		cmocka_unit_test(only_what_is_named_is_touched),
		cmocka_unit_test(many_names_are_everything),
	};

	return RUN_TESTS(tests);
}
