/* chart/palette.h - colours that eyes of every kind tell apart.
 *
 * Okabe and Ito's eight ("Color Universal Design", 2008), in the shades of 256
 * colours that can be read on a dark and on a light ground; terminals of 16
 * get their own palette in the same order. Grids go from dim to bright in one
 * hue, so they read without colour as well; those with values on both sides of
 * 0 from orange over grey to blue.
 */
#ifndef CHART_PALETTE_H
#define CHART_PALETTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "edit/theme.h"

enum { PALETTE_SERIES = 8, PALETTE_LEVELS = 8, PALETTE_SIDES = 7 };

enum palette_ink { /* one byte each in a cell */
		   PALETTE_PLAIN,
		   PALETTE_DIM, /* axes, labels */
		   PALETTE_TITLE,
		   PALETTE_BLACK, /* on bright grounds */
		   PALETTE_WHITE,
		   PALETTE_FIRST, /* series 0; PALETTE_SERIES of them */
		   PALETTE_LEVEL =
			   PALETTE_FIRST + PALETTE_SERIES, /* of a grid */
		   PALETTE_SIDE = PALETTE_LEVEL +
				  PALETTE_LEVELS, /* far below 0 to far above */
		   PALETTE_INKS = PALETTE_SIDE + PALETTE_SIDES,
};

struct palette_look {
	enum theme_ground ground; /* THEME_NONE: no colour */
	bool rich;                /* 256 colours */
};

enum palette_ink palette_series(size_t which);

/* Appends CSI parameters "38;5;32" for text in ink on ground; "": nothing. */
void palette_add(struct str *out, const struct palette_look *look,
		 enum palette_ink ink, enum palette_ink ground);

/* Is black, not white, what can be read on this colour of a grid? */
bool palette_takes_black(const struct palette_look *look,
			 enum palette_ink ground);

/* "#0072b2", for a page that is light or dark. */
const char *palette_hex(size_t which, bool dark);

#endif
