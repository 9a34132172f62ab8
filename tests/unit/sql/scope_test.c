#include "tests/unit/check.h"

#include "base/str.h"
#include "sql/scope.h"

/* Items as "alias=schema.name[columns]@depth", "*<t>" for all columns of t,
 * "a<t.b>" for one taken from there; the cursor is "|". */
static const struct {
	const char *text;
	const char *items;
} cases[] = {
	{ "select | from sales", "sales=sales@0 " },
	{ "select | from public.sales s", "s=public.sales@0 " },
	{ "select | from dev.public.sales as s", "s=dev.public.sales@0 " },
	{ "select | from a, b x join c on a.i = c.i left join s.d y"
	  " using (i) where 1=1",
	  "a=a@0 x=b@0 c=c@0 y=s.d@0 " },
	{ "select | from a join b on a.i = b.i, c", "a=a@0 b=b@0 c=c@0 " },
	{ "select | from (a join b on a.i = b.i) join c using (i)",
	  "a=a@0 b=b@0 c=c@0 " },
	{ "select | from \"My Table\" \"X y\"", "X y=My Table@0 " },
	{ "select | from \"a.b\".\"c\"\"d\" x", "x=a.b.c\"d@0 " },
	{ "select | from #temp t", "t=#temp@0 " },
	{ "select | from SALES", "sales=sales@0 " },
	{ "select | from date", "date=date@0 " },
	{ "select | from position p", "p=position@0 " },
	{ "select a into x from b where |", "b=b@0 " },
	/* Only the statement around the cursor. */
	{ "select 1 from a; select | from b; select 2 from c", "b=b@0 " },
	{ "insert into t (a) select | from u", "u=u@0 " },
	{ "create table t as select | from u", "u=u@0 " },
	{ "explain select | from u", "u=u@0 " },
	{ "insert into t (|", "t=t!@0 " },
	/* Only the part around the cursor. */
	{ "select 1 from a union select | from b union all select 2 from c",
	  "b=b@0 " },
	{ "select 1 from a union all select 2 from c where |", "c=c@0 " },
	{ "select | from a union select 2 from c", "a=a@0 " },
	/* Inner first, then outer, where it can be seen. */
	{ "select * from a where exists (select | from b where b.i = a.i)",
	  "b=b@0 a=a@1 " },
	{ "select (select max(|) from b) from a", "b=b@0 a=a@1 " },
	{ "select * from a where x in (select y from b where z in"
	  " (select | from c))",
	  "c=c@0 b=b@1 a=a@2 " },
	{ "select * from (select | from b) x", "b=b@0 " },
	{ "select * from a, (select | from b) x", "b=b@0 " },
	{ "select * from a join (select | from b) x on true", "b=b@0 " },
	{ "select * from a where i in (select i from (select | from b) x)",
	  "b=b@0 " },
	/* What a subquery gives. */
	{ "select x.| from (select a, b.c, count(*) n, sum(d) from t b) x",
	  "x=[a<t.a>,c<t.c>,n,sum]@0 " },
	{ "select | from (select * from t) x", "x=[*<t>]@0 " },
	{ "select | from (select u.* from t, s.u) x", "x=[*<s.u>]@0 " },
	{ "select | from (select * exclude (a, b) from t) x",
	  "x=[*<t>-a-b]@0 " },
	{ "select | from (select case when a then b end from t) x",
	  "x=[case]@0 " },
	{ "select | from (select a::int, cast(b as int) as b, c + 1, d d2,"
	  " sum(e) over (order by f), 'x' g, not h from t) x",
	  "x=[a,b,d2<t.d>,sum,g]@0 " },
	{ "select | from (select a, q.b from t, (select b from u) q) x",
	  "x=[a<t.a>,b<u.b>]@0 " },
	{ "select | from (select distinct a, b from t) x",
	  "x=[a<t.a>,b<t.b>]@0 " },
	{ "select | from (select top 10 a from t) x", "x=[a<t.a>]@0 " },
	{ "select | from (select a b, c from t union select 1, 2) x(p)",
	  "x=[p<t.a>,c<t.c>]@0 " },
	{ "select | from (values (1, 2)) v(a, b)", "v=[a,b]@0 " },
	{ "select | from t x(a, b)", "x=t[a,b]@0 " },
	/* CTEs. */
	{ "with c as (select a, b as d from t) select | from c",
	  "c=c[a<t.a>,d<t.b>]@0 " },
	{ "with c(p, q) as (select a, b from t) select | from c y",
	  "y=c[p<t.a>,q<t.b>]@0 " },
	{ "with c(p, q) as (select * from t) select | from c", "c=c[p,q]@0 " },
	{ "with c as (select a from t), d as (select * from c)"
	  " select | from d",
	  "d=d[a<t.a>]@0 " },
	{ "with recursive c(n) as (select 1 union all select n + 1 from c"
	  " where |) select * from c",
	  "c=c[n]@0 " },
	{ "with c as (select a from t), d as (select | from c) select 1",
	  "c=c[a<t.a>]@0 " },
	{ "with c as (select a from t), d as (select | from e),"
	  " e as (select 1 x) select 1 from z",
	  "e=e@0 " },
	{ "insert into t with c as (select a from u) select | from c",
	  "c=c[a<u.a>]@0 " },
	{ "select * from a where x in (with c as (select y from b) select |"
	  " from c)",
	  "c=c[y<b.y>]@0 a=a@1 " },
	/* Statements that change. */
	{ "update t set a = | from u", "t=t!@0 u=u@0 " },
	{ "update t x set a = | from u", "x=t!@0 u=u@0 " },
	{ "delete from t using u where |", "t=t@0 u=u@0 " },
	{ "merge into t using u on |", "t=t!@0 u=u@0 " },
	{ "merge into t using (select a from u) s on t.a = s.a when matched"
	  " then update set b = |",
	  "t=t!@0 s=[a<u.a>]@0 " },
	/* Lists of SUPER. */
	{ "select | from c, c.orders o", "c=c@0 o=c.orders@0 " },
	{ "select | from c x, x.a.b as y at i, d", "x=c@0 y=x.a.b@0 d=d@0 " },
	{ "select | from generate_series(1, 2) g", "g=generate_series@0 " },
	{ "select | from t pivot (sum(a) for b in (1, 2)) as p", "p=t@0 " },
	/* Unfinished. */
	{ "select | from", "" },
	{ "select | from a where (", "a=a@0 " },
	{ "select * from a join (select |", "" },
	{ "select sum(| from sales s", "s=sales@0 " },
	{ "select coalesce(a, nullif(| from sales s where x = f(1)",
	  "s=sales@0 " },
	{ "select extract(year from |) from sales s", "s=sales@0 " },
	{ "select * from (select sum(| from sales s) x", "s=sales@0 " },
	{ "select * from a where x in (1, | group by y", "a=a@0 " },
	{ "select s.| from sales s", "s=sales@0 " },
	{ "select * from public.| where x = 1", "" },
	{ "select * from sales s, public.| where x = 1", "s=sales@0 " },
	{ "select * from sales s join ev|", "s=sales@0 " },
	{ "select * from sales s join | where a = 1", "s=sales@0 " },
	{ "select count(*) from a where b = ')(' and | -- (", "a=a@0 " },
	{ "", "" },
};

static void add_columns(const struct scope_item *item, struct str *out)
{
	for (size_t i = 0; i < item->column_count; i++) {
		const struct scope_column *column = &item->columns[i];
		CLEANUP(str_done) struct str of = STR_EMPTY;

		str_addf(&of, "%s%s%s", column->table.schema,
			 *column->table.schema != '\0' ? "." : "",
			 column->table.name);
		if (i > 0)
			str_add_char(out, ',');
		if (*column->name == '\0')
			str_addf(out, "*<%s>", of.text);
		else if (*column->of != '\0')
			str_addf(out, "%s<%s.%s>", column->name, of.text,
				 column->of);
		else
			str_add(out, column->name);
		for (size_t j = 0;
		     column->except != NULL && column->except[j] != NULL; j++)
			str_addf(out, "-%s", column->except[j]);
	}
}

static void add_item(const struct scope_item *item, struct str *out)
{
	str_addf(out, "%s=", item->alias);
	if (*item->table.database != '\0')
		str_addf(out, "%s.", item->table.database);
	if (*item->table.schema != '\0')
		str_addf(out, "%s.", item->table.schema);
	str_add(out, item->table.name);
	if (item->target)
		str_add_char(out, '!');
	if (item->column_count > 0) {
		str_add_char(out, '[');
		add_columns(item, out);
		str_add_char(out, ']');
	}
	str_addf(out, "@%d ", item->depth);
}

static struct scope *scope_of(const char *text)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	size_t cursor = strcspn(text, "|");

	str_add_slice(&sql, text, cursor);
	if (text[cursor] != '\0')
		str_add(&sql, text + cursor + 1);
	return scope_new(sql.text, sql.len, cursor);
}

static void tables_around_the_cursor_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(scope_freep)
		struct scope *scope = scope_of(cases[i].text);

		for (size_t k = 0; k < scope_count(scope); k++)
			add_item(scope_item(scope, k), &out);
		if (strcmp(out.text, cases[i].items) != 0)
			fail_msg("%s\n gives %s\n not   %s", cases[i].text,
				 out.text, cases[i].items);
	}
}

static void aliases_are_found_without_case(void **state)
{
	static const char sql[] = "select  from sales S";
	CLEANUP(scope_freep)
	struct scope *scope = scope_new(sql, strlen(sql), 7);

	(void)state;
	assert_non_null(scope_find(scope, "s"));
	assert_null(scope_find(scope, "sales"));
}

/* "ctes; outputs; listed; merged; windows" */
static const struct {
	const char *text;
	const char *told;
} told[] = {
	{ "with a as (select 1), b as (select 2) select * from |",
	  "a b ;*;;;" },
	{ "with a as (select 1), b as (select * from |), c as (select 2)"
	  " select 3",
	  "a ;*;;;" },
	{ "with recursive a as (select * from |), b as (select 2) select 3",
	  "a ;*;;;" },
	{ "with a as (select 1) select * from b where x in (select * from |)",
	  "a ;*;;;" },
	{ "select a, t.b, c + 1 x, sum(d) y, e::date from t order by |",
	  ";a=a b=t.b x:c + 1 y:sum(d) e:e::date ;;;" },
	{ "select a q from t group by |", ";q=a ;;;" },
	{ "select 1 from t union select a from u order by |", ";a=a ;;;" },
	{ "insert into t (a, b, |, d) values (1)", ";;a b d ;;" },
	{ "insert into t (a, \"B\", c|) values (1)", ";;a B ;;" },
	{ "update t set a = 1, b = f(x, y), |", ";;a b ;;" },
	{ "select | from a join b using (i, j) join c using (k)",
	  ";;;i j k ;" },
	{ "select sum(x) over | from t window w as (order by x),"
	  " v as (w rows unbounded preceding)",
	  ";sum:sum(x) over ;;;w v " },
};

static void add_names(const char *const *names, struct str *out)
{
	for (; *names != NULL; names++)
		str_addf(out, "%s ", *names);
	str_add_char(out, ';');
}

static void the_rest_of_a_scope_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(told); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(str_done) struct str sql = STR_EMPTY;
		CLEANUP(scope_freep)
		struct scope *scope = scope_of(told[i].text);
		size_t cursor = strcspn(told[i].text, "|");

		str_add_slice(&sql, told[i].text, cursor);
		str_add(&sql, told[i].text + cursor + 1);
		for (size_t k = 0; k < scope_cte_count(scope); k++)
			str_addf(&out, "%s ", scope_cte(scope, k)->alias);
		str_add_char(&out, ';');
		for (size_t k = 0; k < scope_output_count(scope); k++) {
			const struct scope_output *output =
				scope_output(scope, k);

			if (output->star) {
				str_add_char(&out, '*');
				continue;
			}
			str_addf(&out, "%s%c%.*s ", output->name,
				 output->plain ? '=' : ':', (int)output->len,
				 sql.text + output->at);
		}
		str_add_char(&out, ';');
		add_names(scope_listed(scope), &out);
		add_names(scope_merged(scope), &out);
		add_names(scope_windows(scope), &out);
		str_cut(&out, out.len - 1);
		if (strcmp(out.text, told[i].told) != 0)
			fail_msg("%s\n gives %s\n not   %s", told[i].text,
				 out.text, told[i].told);
	}
}

static void any_cut_of_any_text_is_safe(void **state)
{
	static const char text[] =
		"with a(b,c) as (select 1,2 union (((select 'x''', $q$ ;\n)"
		" from s.\"T\" x)) ) select x.b, :'v', a.* from a, (b join c"
		" using (i)) where ((( ; ) ) from ( with as (";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++)
		for (size_t from = 0; from < len; from += 5) {
			CLEANUP(scope_freep)
			struct scope *scope = scope_new(text + from, len - from,
							(len - from) / 2);

			assert_non_null(scope_listed(scope));
		}
}

static void deep_nesting_ends(void **state)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct scope *scope;

	(void)state;
	for (int i = 0; i < 2000; i++)
		str_add(&sql, "select * from (");
	scope = scope_new(sql.text, sql.len, sql.len);
	assert_true(scope_count(scope) < 2000);
	scope_free(scope);
}

static void hostile_texts_cost_their_length(void **state)
{
	static const char *const pieces[] = {
		"(",
		"from (",
		"with a as (",
		"select * from a, a b, (",
		", a as (select * from a, a b, a c)",
		"union select ",
		") ",
		"a.",
		"select sum( from t ",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		CLEANUP(str_done) struct str sql = STR_EMPTY;
		CLEANUP(scope_freep) struct scope *scope = NULL;

		str_add(&sql, "with a as (select * from t)");
		while (sql.len < 200000)
			str_add(&sql, pieces[i]);
		scope = scope_new(sql.text, sql.len, sql.len / 2);
		assert_true(scope_count(scope) <= 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_around_the_cursor_are_found),
		cmocka_unit_test(aliases_are_found_without_case),
		cmocka_unit_test(the_rest_of_a_scope_is_told),
		cmocka_unit_test(any_cut_of_any_text_is_safe),
		cmocka_unit_test(deep_nesting_ends),
		cmocka_unit_test(hostile_texts_cost_their_length),
	};

	return RUN_TESTS(tests);
}
