/* edit/picker_view.h - the list of Ctrl-R on the screen: rows and keys.
 *
 * The first row is what is looked for, the rows below are what fits, the last
 * names the keys. Enter or Tab puts the chosen statement in place of the
 * text, Escape leaves the text as it was.
 */
#ifndef EDIT_PICKER_VIEW_H
#define EDIT_PICKER_VIEW_H

#include <stdbool.h>

#include "base/mem.h"

struct cells;
struct history;
struct modal;
struct picker_view;

/* take gets the text that was chosen. */
struct picker_view *picker_view_new(void (*take)(const char *text));
void picker_view_free(struct picker_view *view); /* NULL is fine */
CLEANUP_FREE(struct picker_view, picker_view_free, picker_view_freep)

/* Ready to be opened by modal_open, looking for typed. */
struct modal *picker_view_begin(struct picker_view *view,
				struct history *history, const char *typed);

#endif
