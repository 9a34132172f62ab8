#include "chart/palette.h"

#include "base/mem.h"

struct shade {
	int dark, light; /* of 256 */
	int basic;       /* SGR of 16 */
	const char *dark_hex, *light_hex;
};

/* Blue, orange, green, purple, vermilion, sky, yellow, grey. */
static const struct shade shades[PALETTE_SERIES] = {
	{ 39, 25, 34, "#56a8e0", "#0072b2" },
	{ 214, 172, 33, "#e69f00", "#c47f00" },
	{ 36, 29, 32, "#12b886", "#00805f" },
	{ 175, 132, 35, "#d998bd", "#a8577f" },
	{ 202, 166, 31, "#f0743a", "#c14e00" },
	{ 153, 67, 36, "#a6d5f2", "#4a8db7" },
	{ 227, 100, 93, "#f0e442", "#8a7d00" },
	{ 248, 241, 37, "#b0b0b0", "#606060" },
};

/* From dim to bright on dark, from pale to deep on light. */
static const int dark_levels[PALETTE_LEVELS] = { 236, 17, 18,  25,
						 32,  74, 153, 195 };
static const int light_levels[PALETTE_LEVELS] = { 255, 195, 153, 110,
						  74,  32,  25,  17 };

enum palette_ink palette_series(size_t which)
{
	return (enum palette_ink)(PALETTE_FIRST + which % PALETTE_SERIES);
}

static void add_one(struct str *out, const char *text)
{
	if (out->len > 0)
		str_add_char(out, ';');
	str_add(out, text);
}

static void add_colour(struct str *out, const struct palette_look *look,
		       enum palette_ink ink, bool behind)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool light = look->ground == THEME_LIGHT;

	if (ink >= PALETTE_LEVEL) {
		int level = ink - PALETTE_LEVEL;

		if (look->rich)
			str_addf(&text, "%d;5;%d", behind ? 48 : 38,
				 light ? light_levels[level]
				       : dark_levels[level]);
		else
			return;
	} else {
		const struct shade *shade = &shades[ink - PALETTE_FIRST];

		if (look->rich)
			str_addf(&text, "%d;5;%d", behind ? 48 : 38,
				 light ? shade->light : shade->dark);
		else
			str_addf(&text, "%d", shade->basic + (behind ? 10 : 0));
	}
	add_one(out, text.text);
}

void palette_add(struct str *out, const struct palette_look *look,
		 enum palette_ink ink, enum palette_ink ground)
{
	if (look->ground == THEME_NONE)
		return;
	if (ink == PALETTE_TITLE)
		add_one(out, "1");
	else if (ink == PALETTE_DIM)
		add_one(out, theme_sgr(look->ground, look->rich, THEME_DIM));
	else if (ink == PALETTE_BLACK)
		add_one(out, look->rich ? "38;5;16" : "30");
	else if (ink == PALETTE_WHITE)
		add_one(out, look->rich ? "38;5;231" : "97");
	else if (ink >= PALETTE_FIRST)
		add_colour(out, look, ink, false);
	if (ground >= PALETTE_FIRST)
		add_colour(out, look, ground, true);
}

const char *palette_hex(size_t which, bool dark)
{
	const struct shade *shade = &shades[which % PALETTE_SERIES];

	return dark ? shade->dark_hex : shade->light_hex;
}
