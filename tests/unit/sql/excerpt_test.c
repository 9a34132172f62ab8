#include "../check.h"

#include <ctype.h>
#include <string.h>

#include "sql/excerpt.h"

/* Two elements are kept, and tokens of four bytes; | is the cursor. */
static const struct excerpt_limits tight = { 0, 4, 2 };

static const struct {
	const char *text, *excerpt;
} cases[] = {
	{ "|", "|" },
	{ "select a|", "select a|" },
	{ "select a, b, c, d, e, f| from t", "select a, b, c, f| from t" },
	{ "select a, b, c, d|, e, f, g from t", "select a, b, c, d|, g from t" },
	{ "select a, b, c, d,| e, f", "select a, b, c,| e, f" },
	/* The rows of a VALUES, and inside of one. */
	{ "insert into t values (1), (2), (3), (4), (|",
	  "insert into t values (1), (2), (3), (|" },
	{ "insert into t values (1, 2, 3, 4, 5), (6), (7, 8, 9, 10|",
	  "insert into t values (1, 2, 5), (6), (7, 8, 10|" },
	/* Clauses stay, and what follows them counts anew. */
	{ "select a, b, c, d, e from t, u, v, w, x where |",
	  "select a, b, c, e from t, u, v, x where |" },
	{ "select 1 from t where a or b or c or d or |",
	  "select 1 from t where a or b or c or |" },
	{ "select (select a, b from t), c, d, e, f, g|",
	  "select (select a, b from t), c, d, g|" },
	/* UNION. */
	{ "select 1 union select 2 union all select 3 union select 4 union "
	  "select |",
	  "select 1 union select 2 union select |" },
	/* CASE is a whole. */
	{ "select a, b, case when x then 1 when y then 2 when z then 3 when "
	  "w then 4 end, c, d|",
	  "select a, b, case when x then 1 when w then 4 end, d|" },
	/* Statements before and behind. */
	{ "select 1; select 2; select |; select 3", " select |" },
	{ "select 1;|", "|" },
	{ "select 1|; select 2", "select 1|" },
	/* Long literals and comments, unless the cursor is in them. */
	{ "select 'long one', /* long one */ 'a' |",
	  "select '', \n 'a' |" },
	{ "select 'it''s; (', a|", "select '', a|" },
	{ "select 'long |one'", "select 'long |one'" },
	{ "select 'long one|", "select 'long one|" },
	{ "select $$ a; b $$, $x$ y|", "select $$$$, $x$ y|" },
	{ "select e'\\'; ', \"a;,bcd\" |", "select '', \"a;,bcd\" |" },
	{ "select a -- x, y; z\n, b|", "select a \n\n, b|" },
	/* What is being typed is no word yet. */
	{ "select a, b, c, d, or|", "select a, b, c, or|" },
	{ "select a, b, c, d an|d e", "select a, b, c, d an|d e" },
	/* Unbalanced. */
	{ ") ) select a), b, (c|", ") ) select a), b, (c|" },
	{ "select end, a|", "select end, a|" },
};

static void what_tells_nothing_is_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;
		CLEANUP(str_done) struct str shown = STR_EMPTY;
		size_t cursor = strcspn(cases[i].text, "|");
		struct excerpt excerpt;

		str_add_slice(&text, cases[i].text, cursor);
		str_add(&text, cases[i].text + cursor + 1);
		excerpt_make(&excerpt, text.text, text.len, cursor, &tight);
		assert_true(excerpt.cursor <= excerpt.len);
		str_add_slice(&shown, excerpt.text, excerpt.cursor);
		str_add_char(&shown, '|');
		str_add_slice(&shown, excerpt.text + excerpt.cursor,
			      excerpt.len - excerpt.cursor);
		assert_text(shown.text, cases[i].excerpt);
		excerpt_done(&excerpt);
	}
}

/* The same word ends at both. */
static bool is_near(const char *a, size_t a_len, const char *b, size_t b_len)
{
	for (; a_len > 0 && isalnum((unsigned char)a[a_len - 1]);
	     a_len--, b_len--)
		if (b_len == 0 || a[a_len - 1] != b[b_len - 1])
			return false;
	return true;
}

static void any_text_is_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = cases[i].text;
		size_t len = strlen(text);

		for (size_t cursor = 0; cursor <= len; cursor++) {
			struct excerpt excerpt;

			excerpt_make(&excerpt, text, len, cursor, &tight);
			assert_true(excerpt.cursor <= excerpt.len);
			assert_int_equal(strlen(excerpt.text), excerpt.len);
			assert_true(is_near(text, cursor, excerpt.text,
					    excerpt.cursor));
			excerpt_done(&excerpt);
		}
	}
}

static void a_short_text_is_itself_and_a_deep_one_too(void **state)
{
	static const struct excerpt_limits usual = EXCERPT_LIMITS;
	CLEANUP(str_done) struct str deep = STR_EMPTY;
	struct excerpt excerpt;

	(void)state;
	excerpt_make(&excerpt, "select 1; select", 16, 10, &usual);
	assert_text(excerpt.text, "select 1; select");
	assert_int_equal(excerpt.cursor, 10);
	excerpt_done(&excerpt);
	str_add_repeat(&deep, '(', 100000);
	excerpt_make(&excerpt, deep.text, deep.len, deep.len, &usual);
	assert_ptr_equal(excerpt.text, deep.text);
	assert_int_equal(excerpt.cursor, deep.len);
	excerpt_done(&excerpt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_tells_nothing_is_left_out),
		cmocka_unit_test(any_text_is_cut_anywhere),
		cmocka_unit_test(a_short_text_is_itself_and_a_deep_one_too),
	};

	return RUN_TESTS(tests);
}
