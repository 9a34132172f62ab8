/* edit/guard.h - what Readline prints by itself, kept off our frame.
 *
 * A stream for rl_outstream. Orders to the terminal (CSI, BEL, carriage
 * return) pass; before text the frame is left: it goes below.
 */
#ifndef EDIT_GUARD_H
#define EDIT_GUARD_H

#include <stdio.h>

struct guard_calls {
	void (*text)(void *context);            /* text is about to come */
	void (*carriage_return)(void *context); /* has been sent */
	void *context;
};

/* calls is borrowed until fclose. Flush it before each frame. */
FILE *guard_open(int fd, const struct guard_calls *calls);

#endif
