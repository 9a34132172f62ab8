/* base/fold.h - long lines broken at blanks, for screens.
 *
 * What follows on a broken line stands below the line's text: behind a label
 * of its first words ("HINT:  ", "  -x, --expanded   "), else where the line
 * began. A word longer than the screen is left to the terminal.
 */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

struct str;

/* Appends text, each line of at most columns. columns < 20: as it is. */
void fold_add(struct str *out, const char *text, int columns);

/* The same for messages: what is no prose (an excerpt and the caret below it,
 * JSON, commands and SQL to paste) stays as it is. */
void fold_add_prose(struct str *out, const char *text, int columns);

#endif
