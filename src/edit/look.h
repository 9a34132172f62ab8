/* edit/look.h - the terminal's colours: whether it has some, and on which
 * ground.
 *
 * COLORFGBG is believed; else the terminal is asked (OSC 11), whose answer
 * comes as a key of its own. Until it comes, the ground is dark.
 */
#ifndef EDIT_LOOK_H
#define EDIT_LOOK_H

#include <stdbool.h>

struct editor;

/* By the environment. */
void look_start(struct editor *editor);

/* Whether the terminal takes the orders of ECMA-48 that edit/paint sends, as
 * nearly all do that are still in use. After rl_initialize. */
bool look_can_draw(void);

/* Asks the terminal, once, when nobody has said so far. */
void look_ask(struct editor *editor);

/* The painter uses what is known now. */
void look_apply(struct editor *editor);

#endif
