/* shell/draw.h - rows to the current output: pager, log, held bytes. */
#ifndef SHELL_DRAW_H
#define SHELL_DRAW_H

#include <stdbool.h>

#include "base/err.h"

struct rows;
struct session;

/* Draws rows as \pset says; the caller frees them. footer as in
 * session_print_rows. When the rows fail nothing of them is written as far
 * as it is still held. */
/* As draw_rows for rows that are the last result already. */
bool draw_again(struct session *session, struct rows *rows, struct err *err);

bool draw_rows(struct session *session, struct rows *rows, const char *footer,
	       struct err *err);

#endif
