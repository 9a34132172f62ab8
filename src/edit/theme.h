/* edit/theme.h - what stands on the screen, by meaning, and its colours.
 *
 * Pure. Colours are those of the terminal's own palette where they can be
 * read on both grounds, so that a person's own scheme stays; a terminal of
 * 256 colours gets finer greys.
 */
#ifndef EDIT_THEME_H
#define EDIT_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum theme_style { /* one byte each in a cell */
		   THEME_PLAIN,
		   THEME_KEYWORD,
		   THEME_FUNCTION,
		   THEME_NAME, /* "quoted" */
		   THEME_STRING,
		   THEME_NUMBER,
		   THEME_COMMENT,
		   THEME_OPERATOR,
		   THEME_VARIABLE, /* :name, $1 */
		   THEME_COMMAND,  /* \d */
		   THEME_ARGUMENT, /* of a command */
		   THEME_BAD,      /* a quote never closed, a stray byte */
		   THEME_BRACKET,  /* the pair at the cursor */
		   THEME_REGION,   /* marked text */
		   THEME_HINT,     /* the grey suggestion */
		   THEME_PROMPT,   /* of further lines */
		   /* Lists below the text. */
		   THEME_ITEM,
		   THEME_DETAIL, /* beside it */
		   THEME_DIM,
		   THEME_MATCH,      /* what was searched for, in an item */
		   THEME_CHOSEN,     /* the item the cursor is on */
		   THEME_CHOSEN_DIM, /* and what stands beside it */
		   THEME_NOTE,       /* a line about the list */
		   THEME_FAILED,     /* an item that went wrong */
		   THEME_STYLES,
};

enum theme_ground {
	THEME_NONE, /* no colour; the chosen item is inverse */
	THEME_DARK,
	THEME_LIGHT,
};

/* The parameters between CSI and m, after a reset; "": nothing. rich: the
 * terminal has 256 colours. */
const char *theme_sgr(enum theme_ground ground, bool rich,
		      enum theme_style style);

/* "15;0" of COLORFGBG; THEME_NONE: it does not tell. */
enum theme_ground theme_from_colorfgbg(const char *value);

/* A terminal's answer to OSC 11, between "11;" and its end:
 * "rgb:ffff/ffff/dddd". THEME_NONE: not understood. */
enum theme_ground theme_from_reply(const char *reply, size_t len);

#endif
