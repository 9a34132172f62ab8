#include "../check.h"

#include "base/str.h"
#include "sql/lexer.h"

/* One letter a kind, for short tables. */
static const char letters[] = {
	[TOKEN_END] = '.',        [TOKEN_BLANK] = '_',
	[TOKEN_COMMENT] = 'c',    [TOKEN_WORD] = 'w',
	[TOKEN_TEMP] = 't',       [TOKEN_NAME] = 'n',
	[TOKEN_LITERAL] = 'l',    [TOKEN_DOLLAR] = 'd',
	[TOKEN_NUMBER] = '1',     [TOKEN_PARAM] = 'p',
	[TOKEN_VARIABLE] = 'v',   [TOKEN_CAST] = 'k',
	[TOKEN_OPERATOR] = 'o',   [TOKEN_PUNCT] = 'm',
	[TOKEN_BACKSLASH] = '\\', [TOKEN_BAD] = '!',
};

static const struct {
	const char *text;
	unsigned options;
	const char *kinds;
	enum lexer_inside then;
} cases[] = {
	{ "select 1", 0, "w_1", LEXER_NOTHING },
	{ "a.\"b\"\"c\"", 0, "wmn", LEXER_NOTHING },
	{ "'it''s' x", 0, "l_w", LEXER_NOTHING },
	{ "'a\\' y'", 0, "l_wl", LEXER_LITERAL },
	{ "'a\\' y'", LEXER_ESCAPES, "l", LEXER_NOTHING },
	{ "e'a\\'b' E'\\\\'", 0, "l_l", LEXER_NOTHING },
	{ "x'1f' b'01' n'a' u&'d' u&\"d\"", 0, "l_l_l_l_n", LEXER_NOTHING },
	{ "$$a;b$$ $t$ $$ $t$", 0, "d_d", LEXER_NOTHING },
	{ "$t$ $$ ", 0, "d", LEXER_DOLLAR },
	{ "a$$b $1$ $x", 0, "w_p!_!w", LEXER_NOTHING },
	{ "/* a /* b */ c */ d", 0, "c_w", LEXER_NOTHING },
	{ "/* a /* b */ c", 0, "c", LEXER_COMMENT },
	{ "a--b\nc -- d", 0, "wc_w_c", LEXER_NOTHING },
	{ "a+--b", 0, "woc", LEXER_NOTHING },
	{ "a/**/b*/*x*/c", 0, "wcwocw", LEXER_NOTHING },
	{ "a=-1 a<=-1 @-1", 0, "woo1_woo1_o1", LEXER_NOTHING },
	{ "1e'\\' 2.5E'a' $1b'' 3u&'\\'", 0, "1l_1l_pl_1ol", LEXER_NOTHING },
	{ "1.5e-3 .5 1e 1..2", 0, "1_1_1w_1m1", LEXER_NOTHING },
	{ "5e1$$ 2.fun 5e+1$$;", 0, "1dm", LEXER_NOTHING },
	{ "5e1$$ 2.fun 5e+1x $1x$$ 1e--;", LEXER_JUNK, "1_1_1_p_1om",
	  LEXER_NOTHING },
	{ "a::int :b ::c", LEXER_VARIABLES, "wkw_v_kw", LEXER_NOTHING },
	{ ":'b' :\"c\" :{?d} :'e", LEXER_VARIABLES, "v_v_v_ol", LEXER_LITERAL },
	{ ":b", 0, "ow", LEXER_NOTHING },
	{ "from #t, a#b (#u", 0, "w_tm_wow_mt", LEXER_NOTHING },
	{ "select 1 \\g", 0, "w_1_\\w", LEXER_NOTHING },
	{ "a:=1;", LEXER_VARIABLES, "wo1m", LEXER_NOTHING },
	{ "\xff\xc3 caf\xc3\xa9", 0, "w_w", LEXER_NOTHING },
	{ "\x01\x02", 0, "!!", LEXER_NOTHING },
	{ "a\v \f", 0, "w!_", LEXER_NOTHING },
	{ "\"open", 0, "n", LEXER_NAME },
	{ "'ends in \\", LEXER_ESCAPES, "l", LEXER_LITERAL },
	{ "", 0, "", LEXER_NOTHING },
};

static void every_byte_is_in_one_token_of_the_right_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str kinds = STR_EMPTY;
		size_t at = 0;
		struct lexer lexer;
		struct token token;

		lexer_init(&lexer, cases[i].text, strlen(cases[i].text),
			   cases[i].options, NULL);
		while ((token = lexer_next(&lexer)).kind != TOKEN_END) {
			assert_int_equal(token.at, at);
			assert_true(token.len > 0);
			at += token.len;
			str_add_char(&kinds, letters[token.kind]);
		}
		assert_int_equal(at, strlen(cases[i].text));
		assert_string_equal(kinds.text, cases[i].kinds);
		assert_int_equal(lexer.state.inside, cases[i].then);
	}
}

static void nul_bytes_are_bad_tokens_or_content(void **state)
{
	static const char text[] = "a\0b '\0'";
	struct lexer lexer;

	(void)state;
	lexer_init(&lexer, text, sizeof(text) - 1, 0, NULL);
	assert_int_equal(lexer_next(&lexer).kind, TOKEN_WORD);
	assert_int_equal(lexer_next(&lexer).kind, TOKEN_BAD);
	assert_int_equal(lexer_next(&lexer).kind, TOKEN_WORD);
	assert_int_equal(lexer_next_solid(&lexer).kind, TOKEN_LITERAL);
	assert_int_equal(lexer_next(&lexer).kind, TOKEN_END);
	assert_int_equal(lexer_next(&lexer).kind, TOKEN_END);
}

/* Whatever is open goes on in the next line. */
static const struct {
	const char *first;
	const char *second;
	enum token_kind kind;
	size_t len; /* of the first token of the second */
} lines[] = {
	{ "select 'a", "b' c", TOKEN_LITERAL, 2 },
	{ "select e'a", "b\\'c' d", TOKEN_LITERAL, 5 },
	{ "select \"a", "--b\"", TOKEN_NAME, 4 },
	{ "select $x$ $$", "a $x b $x$ c", TOKEN_DOLLAR, 10 },
	{ "/* /* */", "*/ x", TOKEN_COMMENT, 2 },
	{ "select 1", "--x", TOKEN_COMMENT, 3 },
};

static void a_text_goes_on_in_the_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct lexer lexer;
		struct lexer next;
		struct token token;

		lexer_init(&lexer, lines[i].first, strlen(lines[i].first), 0,
			   NULL);
		while (lexer_next(&lexer).kind != TOKEN_END)
			;
		lexer_init(&next, lines[i].second, strlen(lines[i].second), 0,
			   &lexer.state);
		token = lexer_next(&next);
		assert_int_equal(token.kind, lines[i].kind);
		assert_int_equal(token.len, lines[i].len);
		assert_false(token.open);
	}
}

static void literals_say_whether_backslashes_escape(void **state)
{
	struct lexer lexer;

	(void)state;
	lexer_init(&lexer, "'a' x'1'", 8, LEXER_ESCAPES, NULL);
	assert_true(lexer_next(&lexer).escapes);
	assert_false(lexer_next_solid(&lexer).escapes);
	lexer_init(&lexer, "'a' e'1'", 8, 0, NULL);
	assert_false(lexer_next(&lexer).escapes);
	assert_true(lexer_next_solid(&lexer).escapes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_in_one_token_of_the_right_kind),
		cmocka_unit_test(nul_bytes_are_bad_tokens_or_content),
		cmocka_unit_test(a_text_goes_on_in_the_next),
		cmocka_unit_test(literals_say_whether_backslashes_escape),
	};

	return RUN_TESTS(tests);
}
