#include "tests/unit/check.h"

#include "edit/theme.h"

static const struct {
	const char *reply;
	enum theme_ground ground;
} replies[] = {
	{ "rgb:ffff/ffff/ffff", THEME_LIGHT },
	{ "rgb:0000/0000/0000", THEME_DARK },
	{ "rgb:ff/fa/e0", THEME_LIGHT },
	{ "rgba:1111/2222/3333/ffff", THEME_DARK },
	{ "rgb:f/f/f", THEME_LIGHT },
	/* Green is brighter than blue. */
	{ "rgb:0000/ffff/0000", THEME_LIGHT },
	{ "rgb:0000/0000/ffff", THEME_DARK },
	{ "rgb:ffff/ffff", THEME_NONE },
	{ "rgb:", THEME_NONE },
	{ "rgb:gg/gg/gg", THEME_NONE },
	{ "?", THEME_NONE },
	{ "", THEME_NONE },
};

static void a_reply_is_dark_or_light(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(replies); i++)
		assert_int_equal(theme_from_reply(replies[i].reply,
						  strlen(replies[i].reply)),
				 replies[i].ground);
}

static const struct {
	const char *value;
	enum theme_ground ground;
} variables[] = {
	{ "15;0", THEME_DARK },
	{ "0;15", THEME_LIGHT },
	{ "0;7", THEME_LIGHT },
	{ "12;8", THEME_DARK },
	{ "0;default;15", THEME_LIGHT },
	{ "0;default", THEME_NONE },
	{ "15", THEME_NONE },
	{ "", THEME_NONE },
	{ "0;", THEME_NONE },
	{ "0;99", THEME_NONE },
	{ NULL, THEME_NONE },
};

static void colorfgbg_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(variables); i++)
		assert_int_equal(theme_from_colorfgbg(variables[i].value),
				 variables[i].ground);
}

static void without_colours_a_choice_is_still_seen(void **state)
{
	(void)state;
	for (int style = 0; style < THEME_STYLES; style++)
		assert_null(strstr(theme_sgr(THEME_NONE, true, style), "3"));
	assert_text(theme_sgr(THEME_NONE, false, THEME_CHOSEN), "7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_is_dark_or_light),
		cmocka_unit_test(colorfgbg_is_read),
		cmocka_unit_test(without_colours_a_choice_is_still_seen),
	};

	return RUN_TESTS(tests);
}
