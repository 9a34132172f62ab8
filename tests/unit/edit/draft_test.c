#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "edit/draft.h"
#include "edit/theme.h"

static bool further(void *context, char inside, size_t line, struct str *out)
{
	(void)context;
	(void)line;
	str_addf(out, "%c> ", inside);
	return false;
}

static struct draft *make(void)
{
	static const struct draft_options options = { .further = further };
	struct draft *draft = draft_new(&options);

	draft_begin(draft, "=> ", NULL, true);
	return draft;
}

static void lines_and_prompts_follow_the_text(void **state)
{
	struct draft *draft = make();
	const char *text = "select 'a\nb' as (\n1);\nselect";

	(void)state;
	draft_update(draft, text, strlen(text), 80);
	assert_int_equal(draft_lines(draft), 4);
	assert_int_equal(draft_rows(draft), 4);
	assert_text(draft_prompt(draft, 0), "=> ");
	assert_text(draft_prompt(draft, 1), "'> ");
	assert_text(draft_prompt(draft, 2), "(> ");
	assert_text(draft_prompt(draft, 3), "=> ");
	assert_int_equal(draft_line_of(draft, 9), 0);
	assert_int_equal(draft_line_of(draft, 10), 1);
	assert_int_equal(draft_line_start(draft, 2), 18);
	assert_int_equal(draft_line_len(draft, 2), 3);
	draft_free(draft);
}

/* All that a draft tells, of one that came to be by edits and a fresh one. */
static void assert_same(struct draft *a, struct draft *b, const char *text)
{
	assert_int_equal(draft_lines(a), draft_lines(b));
	assert_int_equal(draft_rows(a), draft_rows(b));
	for (size_t i = 0; i < draft_lines(a); i++) {
		size_t len = draft_line_len(a, i);

		assert_int_equal(draft_line_start(a, i),
				 draft_line_start(b, i));
		assert_int_equal(len, draft_line_len(b, i));
		assert_int_equal(draft_line_rows(a, i), draft_line_rows(b, i));
		assert_true(
			highlight_same(draft_state(a, i), draft_state(b, i)));
		assert_memory_equal(draft_styles(a, i), draft_styles(b, i),
				    len);
	}
	assert_true(highlight_same(draft_end_state(a), draft_end_state(b)));
	for (size_t at = 0; at < strlen(text); at++)
		assert_int_equal(draft_bracket(a, at), draft_bracket(b, at));
}

/* xorshift: the same edits every time. */
static unsigned next_random(unsigned *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void edits_come_to_what_reading_anew_comes_to(void **state)
{
	static const char *const pieces[] = {
		"select a",
		"'",
		"\n",
		"(",
		")",
		"$$",
		"/*",
		"*/",
		"\n\n",
		"\\d x",
		";",
		"-- c",
		"\"",
		"it",
		" ",
		"\xe6\x97\xa5",
		"a long word that takes more than a row of this screen",
	};
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct draft *edited = make();
	unsigned seed = 4711;

	(void)state;
	for (int step = 0; step < 2000; step++) {
		CLEANUP(str_done) struct str next = STR_EMPTY;
		struct draft *fresh = make();
		size_t from = next_random(&seed) % (text.len + 1);
		size_t drop = next_random(&seed) % 8;
		int columns = step % 97 == 0 ? 20 : 31;

		if (text.len > 400)
			drop = 200;
		if (drop > text.len - from)
			drop = text.len - from;
		str_add_slice(&next, text.text, from);
		if (next_random(&seed) % 4 != 0)
			str_add(&next,
				pieces[next_random(&seed) % COUNT_OF(pieces)]);
		str_add_slice(&next, text.text + from + drop,
			      text.len - from - drop);
		str_set_slice(&text, next.text, next.len);
		draft_update(edited, text.text, text.len, columns);
		draft_update(fresh, text.text, text.len, columns);
		assert_same(edited, fresh, text.text);
		draft_free(fresh);
	}
	draft_free(edited);
}

static void brackets_find_each_other(void **state)
{
	struct draft *draft = make();
	const char *text = "f(a[1], ')',\n(2)) )";

	(void)state;
	draft_update(draft, text, strlen(text), 80);
	assert_int_equal(draft_bracket(draft, 1), 16);
	assert_int_equal(draft_bracket(draft, 16), 1);
	assert_int_equal(draft_bracket(draft, 3), 5);
	assert_int_equal(draft_bracket(draft, 13), 15);
	/* In a literal, and one too many. */
	assert_int_equal(draft_bracket(draft, 9), SIZE_MAX);
	assert_int_equal(draft_bracket(draft, 18), SIZE_MAX);
	draft_free(draft);
}

static void the_quote_never_closed_is_marked(void **state)
{
	struct draft *draft = make();
	const char *text = "select 'a', $x$ b\nc 'd\ne";

	(void)state;
	draft_update(draft, text, strlen(text), 80);
	assert_int_equal(draft_styles(draft, 0)[7], THEME_STRING);
	assert_int_equal(draft_styles(draft, 0)[12], THEME_BAD);
	assert_int_equal(draft_styles(draft, 0)[14], THEME_BAD);
	assert_int_equal(draft_styles(draft, 0)[16], THEME_STRING);
	assert_int_equal(draft_styles(draft, 1)[2], THEME_STRING);
	draft_free(draft);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_and_prompts_follow_the_text),
		cmocka_unit_test(edits_come_to_what_reading_anew_comes_to),
		cmocka_unit_test(brackets_find_each_other),
		cmocka_unit_test(the_quote_never_closed_is_marked),
	};

	return RUN_TESTS(tests);
}
