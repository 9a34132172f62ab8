#include "chart/palette.h"

#include "base/mem.h"

struct shade {
	int dark, light;             /* of 256 */
	int basic_dark, basic_light; /* SGR of 16 */
	const char *dark_hex, *light_hex;
};

/* Blue, orange, green, purple, vermilion, sky, yellow, grey. Of 16 colours
 * blue is not to be read on black, yellow and white not on white. */
static const struct shade shades[PALETTE_SERIES] = {
	{ 39, 25, 94, 34, "#56a8e0", "#0072b2" },
	{ 214, 172, 33, 31, "#e69f00", "#c47f00" },
	{ 36, 29, 32, 36, "#12b886", "#00805f" },
	{ 175, 132, 95, 35, "#d998bd", "#a8577f" },
	{ 202, 166, 91, 30, "#f0743a", "#c14e00" },
	{ 153, 67, 96, 90, "#a6d5f2", "#4a8db7" },
	{ 227, 100, 93, 32, "#f0e442", "#8a7d00" },
	{ 248, 241, 37, 33, "#b0b0b0", "#606060" },
};

/* From dim to bright on dark, from pale to deep on light. */
static const int dark_levels[PALETTE_LEVELS] = { 236, 17, 18,  25,
						 32,  74, 153, 195 };
static const int light_levels[PALETTE_LEVELS] = { 255, 195, 153, 110,
						  74,  32,  25,  17 };

/* From far below 0 to far above. */
static const int dark_sides[PALETTE_SIDES] = { 215, 172, 94, 236, 24, 32, 117 };
static const int light_sides[PALETTE_SIDES] = {
	166, 215, 223, 255, 153, 74, 25
};

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

static int grid_colour(enum palette_ink ink, bool light)
{
	if (ink >= PALETTE_SIDE)
		return (light ? light_sides : dark_sides)[ink - PALETTE_SIDE];
	return (light ? light_levels : dark_levels)[ink - PALETTE_LEVEL];
}

bool palette_takes_black(const struct palette_look *look,
			 enum palette_ink ground)
{
	bool light = look->ground == THEME_LIGHT;
	int side = ground - PALETTE_SIDE;

	if (ground >= PALETTE_SIDE)
		return light ? side < PALETTE_SIDES - 1
			     : side < 2 || side >= PALETTE_SIDES - 2;
	return light ? ground - PALETTE_LEVEL < 4 : ground - PALETTE_LEVEL >= 5;
}

static void add_colour(struct str *out, const struct palette_look *look,
		       enum palette_ink ink, bool behind)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool light = look->ground == THEME_LIGHT;

	const struct shade *shade;

	if (ink >= PALETTE_LEVEL) {
		if (look->rich)
			str_addf(&text, "%d;5;%d", behind ? 48 : 38,
				 grid_colour(ink, light));
		else
			return;
	} else {
		shade = &shades[ink - PALETTE_FIRST];
		if (look->rich)
			str_addf(&text, "%d;5;%d", behind ? 48 : 38,
				 light ? shade->light : shade->dark);
		else
			str_addf(&text, "%d",
				 (light ? shade->basic_light
					: shade->basic_dark) +
					 (behind ? 10 : 0));
	}
	add_one(out, text.text);
}

/* Axes and their labels are read, not only seen: 6 to 1 and more. */
static const char *dim_sgr(const struct palette_look *look)
{
	if (!look->rich)
		return theme_sgr(look->ground, false, THEME_DIM);
	return look->ground == THEME_LIGHT ? "38;5;241" : "38;5;247";
}

void palette_add(struct str *out, const struct palette_look *look,
		 enum palette_ink ink, enum palette_ink ground)
{
	if (look->ground == THEME_NONE)
		return;
	if (ink == PALETTE_TITLE)
		add_one(out, "1");
	else if (ink == PALETTE_DIM)
		add_one(out, dim_sgr(look));
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
