/* edit/menu.h - what Tab does with a list of candidates. Pure.
 */
#ifndef EDIT_MENU_H
#define EDIT_MENU_H

#include <stddef.h>

struct complete_list;
struct str;

/* The longest text that all candidates start with, cut at a whole character;
 * with one candidate also the character it wants after itself (next is what
 * stands behind the cursor: nothing is doubled). Where some begin with what is
 * typed, the others, found by words inside or by slips, do not count. Returns
 * how many counted. */
size_t menu_common(const struct complete_list *list, char next,
		   struct str *out);

/* The candidates' labels in columns of a screen of width_cols, at most
 * max_rows rows, the last of which then says how many are left out. Control
 * characters in names are shown as '?', so that none reaches the terminal. */
void menu_format(const struct complete_list *list, int width_cols, int max_rows,
		 struct str *out);

#endif
