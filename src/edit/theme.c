#include "edit/theme.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* basic: the 16 colours of the terminal's palette; rich: of 256. */
struct look {
	const char *basic, *rich;
};

static const struct look dark[THEME_STYLES] = {
	[THEME_PLAIN] = { "", "" },
	[THEME_KEYWORD] = { "1;34", "1;38;5;75" },
	[THEME_FUNCTION] = { "36", "38;5;80" },
	[THEME_NAME] = { "33", "38;5;180" },
	[THEME_STRING] = { "32", "38;5;114" },
	[THEME_NUMBER] = { "35", "38;5;176" },
	[THEME_COMMENT] = { "2;37", "3;38;5;245" },
	[THEME_OPERATOR] = { "", "38;5;252" },
	[THEME_VARIABLE] = { "1;33", "38;5;221" },
	[THEME_COMMAND] = { "1;36", "1;38;5;86" },
	[THEME_ARGUMENT] = { "", "" },
	[THEME_BAD] = { "31", "38;5;203" },
	[THEME_BRACKET] = { "1;4", "1;4;38;5;231" },
	[THEME_REGION] = { "7", "48;5;238" },
	[THEME_HINT] = { "2;37", "38;5;242" },
	[THEME_PROMPT] = { "", "" },
	[THEME_ITEM] = { "", "48;5;236" },
	[THEME_DETAIL] = { "2", "38;5;247;48;5;236" },
	[THEME_DIM] = { "2", "38;5;243" },
	[THEME_MATCH] = { "1;4", "1;38;5;221;48;5;236" },
	[THEME_CHOSEN] = { "7", "1;38;5;231;48;5;25" },
	[THEME_CHOSEN_DIM] = { "7", "38;5;252;48;5;25" },
	[THEME_NOTE] = { "2", "38;5;243" },
	[THEME_FAILED] = { "31", "38;5;203" },
};

/* Of the 16 colours cyan and yellow cannot be read on white. */
static const struct look light[THEME_STYLES] = {
	[THEME_PLAIN] = { "", "" },
	[THEME_KEYWORD] = { "1;34", "1;38;5;25" },
	[THEME_FUNCTION] = { "34", "38;5;30" },
	[THEME_NAME] = { "35", "38;5;94" },
	[THEME_STRING] = { "32", "38;5;28" },
	[THEME_NUMBER] = { "35", "38;5;90" },
	[THEME_COMMENT] = { "2", "3;38;5;243" },
	[THEME_OPERATOR] = { "", "38;5;238" },
	[THEME_VARIABLE] = { "1;35", "38;5;130" },
	[THEME_COMMAND] = { "1;34", "1;38;5;24" },
	[THEME_ARGUMENT] = { "", "" },
	[THEME_BAD] = { "31", "38;5;160" },
	[THEME_BRACKET] = { "1;4", "1;4;38;5;16" },
	[THEME_REGION] = { "7", "48;5;252" },
	[THEME_HINT] = { "2", "38;5;247" },
	[THEME_PROMPT] = { "", "" },
	[THEME_ITEM] = { "", "48;5;254" },
	[THEME_DETAIL] = { "2", "38;5;241;48;5;254" },
	[THEME_DIM] = { "2", "38;5;246" },
	[THEME_MATCH] = { "1;4", "1;38;5;130;48;5;254" },
	[THEME_CHOSEN] = { "7", "1;38;5;231;48;5;25" },
	[THEME_CHOSEN_DIM] = { "7", "38;5;254;48;5;25" },
	[THEME_NOTE] = { "2", "38;5;246" },
	[THEME_FAILED] = { "31", "38;5;160" },
};

/* Without colour a choice must still be seen. */
static const char *without_colour(enum theme_style style)
{
	switch (style) {
	case THEME_CHOSEN:
	case THEME_CHOSEN_DIM:
	case THEME_REGION:
		return "7";
	default:
		return "";
	}
}

const char *theme_sgr(enum theme_ground ground, bool rich,
		      enum theme_style style)
{
	const struct look *looks = ground == THEME_LIGHT ? light : dark;

	if (style >= THEME_STYLES)
		return "";
	if (ground == THEME_NONE)
		return without_colour(style);
	return rich ? looks[style].rich : looks[style].basic;
}

enum theme_ground theme_from_colorfgbg(const char *value)
{
	const char *last = value != NULL ? strrchr(value, ';') : NULL;
	char *end;
	long ground;

	if (last == NULL || last[1] == '\0')
		return THEME_NONE;
	ground = strtol(last + 1, &end, 10);
	if (*end != '\0' || ground < 0 || ground > 15)
		return THEME_NONE;
	return ground == 7 || ground > 8 ? THEME_LIGHT : THEME_DARK;
}

/* One of 1 to 4 hex digits, as a share of 1000; -1: none. */
static int read_share(const char **at, const char *end)
{
	int value = 0, top = 0;

	for (int digits = 0; *at < end && digits < 4; (*at)++, digits++) {
		char c = **at;
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			break;
		value = value * 16 + digit;
		top = top * 16 + 15;
	}
	return top > 0 ? value * 1000 / top : -1;
}

enum theme_ground theme_from_reply(const char *reply, size_t len)
{
	/* Of brightness, as the eye weighs them (ITU-R BT.601). */
	static const int weights[] = { 299, 587, 114 };
	const char *end = reply + len;
	int brightness = 0;

	if (len > 5 && memcmp(reply, "rgba:", 5) == 0)
		reply += 5;
	else if (len > 4 && memcmp(reply, "rgb:", 4) == 0)
		reply += 4;
	else
		return THEME_NONE;
	for (size_t i = 0; i < COUNT_OF(weights); i++) {
		int share = read_share(&reply, end);

		if (share < 0 || (i < 2 && (reply >= end || *reply++ != '/')))
			return THEME_NONE;
		brightness += share * weights[i] / 1000;
	}
	return brightness > 500 ? THEME_LIGHT : THEME_DARK;
}
