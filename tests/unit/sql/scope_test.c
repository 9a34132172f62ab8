#include "tests/unit/check.h"

#include "base/str.h"
#include "sql/scope.h"

/* Items as "alias=schema.name[columns]@depth"; the cursor is "|". */
static const struct {
	const char *text;
	const char *items;
} cases[] = {
	{ "select | from sales", "sales=sales@0 " },
	{ "select | from public.sales s", "s=public.sales@0 " },
	{ "select | from dev.public.sales as s", "s=public.sales@0 " },
	{ "select | from a, b x join c on a.i = c.i left join s.d y"
	  " using (i) where 1=1",
	  "a=a@0 x=b@0 c=c@0 y=s.d@0 " },
	{ "select | from \"My Table\" \"X y\"", "X y=My Table@0 " },
	{ "select | from SALES", "sales=sales@0 " },
	/* Only the statement around the cursor. */
	{ "select 1 from a; select | from b; select 2 from c", "b=b@0 " },
	/* Only the part around the cursor. */
	{ "select 1 from a union select | from b union all select 2 from c",
	  "b=b@0 " },
	/* Inner first, then outer. */
	{ "select * from a where exists (select | from b where b.i = a.i)",
	  "b=b@0 a=a@1 " },
	{ "select * from (select | from b) x", "b=b@0 x=@1[] " },
	/* What a subquery gives. */
	{ "select x.| from (select a, b.c, count(*) n, sum(d) from t b) x",
	  "x=@0[a,c,n,sum] " },
	{ "select | from (select * from t) x", "x=@0[*,<t>] " },
	{ "select | from (select u.* from t, s.u) x", "x=@0[*,<s.u>] " },
	{ "select | from (select case when a then b end from t) x", "x=@0[] " },
	{ "with c as (select a, b as d from t) select | from c",
	  "c=c@0[a,d] " },
	{ "with c(p, q) as (select a, b from t) select | from c y",
	  "y=c@0[p,q] " },
	{ "with c as (select a from t), d as (select * from c)"
	  " select | from d",
	  "d=d@0[a] " },
	{ "update t set a = | from u", "t=t@0 u=u@0 " },
	{ "delete from t using u where |", "t=t@0 u=u@0 " },
	{ "insert into t select | from u", "t=t@0 u=u@0 " },
	{ "merge into t using u on |", "t=t@0 u=u@0 " },
	{ "select | from generate_series(1, 2) g", "g=generate_series@0 " },
	/* Unfinished. */
	{ "select | from", "" },
	{ "select | from a where (", "a=a@0 " },
	{ "select * from a join (select |", "a=a@1 =@1[] " },
	{ "", "" },
};

static void add_list(const char *const *list, bool sources, bool *first,
		     struct str *out)
{
	for (; list != NULL && *list != NULL; list++) {
		str_addf(out, "%s%s%s%s", *first ? "" : ",", sources ? "<" : "",
			 *list, sources ? ">" : "");
		*first = false;
	}
}

static void add_item(const struct scope_item *item, struct str *out)
{
	bool first = true;

	str_addf(out, "%s=%s%s%s@%d", item->alias, item->schema,
		 *item->schema != '\0' ? "." : "", item->name, item->depth);
	if (item->columns != NULL) {
		str_add_char(out, '[');
		add_list(item->columns, false, &first, out);
		add_list(item->sources, true, &first, out);
		str_add_char(out, ']');
	}
	str_add_char(out, ' ');
}

static void tables_around_the_cursor_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str sql = STR_EMPTY;
		CLEANUP(str_done) struct str out = STR_EMPTY;
		CLEANUP(scope_freep) struct scope *scope = NULL;
		size_t cursor = strcspn(cases[i].text, "|");

		str_add_slice(&sql, cases[i].text, cursor);
		if (cases[i].text[cursor] != '\0')
			str_add(&sql, cases[i].text + cursor + 1);
		scope = scope_new(sql.text, sql.len, cursor);
		for (size_t k = 0; k < scope_count(scope); k++)
			add_item(scope_item(scope, k), &out);
		assert_text(out.text, cases[i].items);
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

static void ctes_are_offered_by_name(void **state)
{
	static const char sql[] =
		"with a as (select 1), b as (select 2) select * from ";
	CLEANUP(scope_freep)
	struct scope *scope = scope_new(sql, strlen(sql), strlen(sql));
	const char *const *names = scope_ctes(scope);

	(void)state;
	assert_text(names[0], "a");
	assert_text(names[1], "b");
	assert_null(names[2]);
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

			assert_non_null(scope_ctes(scope));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_around_the_cursor_are_found),
		cmocka_unit_test(aliases_are_found_without_case),
		cmocka_unit_test(ctes_are_offered_by_name),
		cmocka_unit_test(any_cut_of_any_text_is_safe),
		cmocka_unit_test(deep_nesting_ends),
	};

	return RUN_TESTS(tests);
}
