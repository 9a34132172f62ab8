/* edit/tab.h - the Tab key.
 *
 * Puts in what all candidates begin with. What is left to choose is shown by
 * edit/popup, or as a listing above a new prompt in the plain way. A listing
 * that is under way is waited for, while the person may go on typing.
 */
#ifndef EDIT_TAB_H
#define EDIT_TAB_H

struct editor;

/* A command of Readline. */
int tab_key(int count, int key);

/* Something may have come, or time has passed: asks again. */
void tab_retry(struct editor *editor);

/* How long the wait may last at most; -1: for ever. */
int tab_wait_ms(const struct editor *editor);

#endif
