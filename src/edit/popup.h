/* edit/popup.h - the list of candidates below the text.
 *
 * Tab and the arrows move, Enter takes, Escape leaves; any other key leaves
 * and is typed. Candidates may come later: the list is asked again.
 */
#ifndef EDIT_POPUP_H
#define EDIT_POPUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

struct complete_list;
struct popup;

struct popup *popup_new(void);
void popup_free(struct popup *popup); /* NULL is fine */

/* Opens it; takes the list's content. shift: bytes before Readline's line in
 * the text that the list is about. */
void popup_open(struct popup *popup, struct complete_list *list, size_t shift);
bool popup_is_open(const struct popup *popup);

/* Whether more candidates may come, and those that came: the chosen one
 * stays. */
bool popup_is_waiting(const struct popup *popup);
void popup_update(struct popup *popup, struct complete_list *list);

#endif
