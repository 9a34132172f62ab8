#include "tests/unit/check.h"

#include "base/str.h"
#include "edit/highlight.h"
#include "edit/theme.h"

/* One letter a byte: k keyword, f function, n name, s string, d digits,
 * c comment, o operator, v variable, m command, a argument, b bad, . plain */
static const struct {
	const char *line, *styles;
	char inside; /* behind it */
} lines[] = {
	{ "select a from t;", "kkkkkk...kkkk...", '=' },
	{ "select sum(a), 'x'", "kkkkkk.fff.....sss", '-' },
	{ "select \"A\", 1.5 -- c", "kkkkkk.nnn..ddd.cccc", '-' },
	{ "select a.type, type", "kkkkkk.............", '-' },
	{ "select date from t", "kkkkkk......kkkk..", '-' },
	{ "select :v, :'v', $1", "kkkkkk.vv..vvvv..vv", '-' },
	{ "copy t from 's3://x' csv", "kkkk...kkkk.ssssssss.kkk", '-' },
	{ "create table t (type int)",
	  "kkkkkk.kkkkk............"
	  ".",
	  '-' },
	{ "select (1", "kkkkkk..d", '(' },
	{ "select 'x", "kkkkkk.ss", '\'' },
	{ "select \"x", "kkkkkk.nn", '"' },
	{ "select $$x", "kkkkkk.sss", '$' },
	{ "/* x", "cccc", '*' },
	{ "\\d sales", "mm.aaaaa", '=' },
	{ "\\echo 'a b' :x \"n\"", "mmmmm.sssss.vv.nnn", '=' },
	{ "\\echo x \\\\ select 1", "mmmmm.a.mm.kkkkkk.d", '-' },
	{ "select 1 \\g out", "kkkkkk.d.mm.aaa", '-' },
	{ "select 1\\; select 2", "kkkkkk.dmm.kkkkkk.d", '-' },
	{ "select a::int + 1", "kkkkkk..oo....o.d", '-' },
	{ "", "", '=' },
};

static char letter(unsigned char style)
{
	switch ((enum theme_style)style) {
	case THEME_KEYWORD:
		return 'k';
	case THEME_FUNCTION:
		return 'f';
	case THEME_NAME:
		return 'n';
	case THEME_STRING:
		return 's';
	case THEME_NUMBER:
		return 'd';
	case THEME_COMMENT:
		return 'c';
	case THEME_OPERATOR:
		return 'o';
	case THEME_VARIABLE:
		return 'v';
	case THEME_COMMAND:
		return 'm';
	case THEME_ARGUMENT:
		return 'a';
	case THEME_BAD:
		return 'b';
	default:
		return '.';
	}
}

static void each_byte_has_its_style(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct highlight_state at = { 0 };
		unsigned char styles[64] = { 0 };
		struct highlight_line line = { .styles = styles };
		char seen[64] = "";
		size_t len = strlen(lines[i].line);

		highlight_read(&at, lines[i].line, len, true, &line);
		for (size_t k = 0; k < len; k++)
			/* Blanks between arguments are as good as plain. */
			seen[k] = lines[i].line[k] == ' ' &&
						  lines[i].styles[k] == '.'
					  ? '.'
					  : letter(styles[k]);
		assert_text(seen, lines[i].styles);
		assert_int_equal(highlight_inside(&at), lines[i].inside);
	}
}

static void a_quote_goes_on_in_the_next_line(void **state)
{
	struct highlight_state at = { 0 };
	unsigned char styles[64] = { 0 };
	struct highlight_line line = { .styles = styles };

	(void)state;
	highlight_read(&at, "select 'a", 9, true, &line);
	assert_int_equal(line.open_at, 7);
	assert_int_equal(line.open_len, 1);
	highlight_read(&at, "b' from", 7, true, &line);
	assert_int_equal(line.open_at, SIZE_MAX);
	assert_int_equal(styles[0], THEME_STRING);
	assert_int_equal(styles[1], THEME_STRING);
	assert_int_equal(styles[3], THEME_KEYWORD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_byte_has_its_style),
		cmocka_unit_test(a_quote_goes_on_in_the_next_line),
	};

	return RUN_TESTS(tests);
}
