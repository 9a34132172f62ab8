/* shell/crosstab.h - \crosstabview: a result turned into a grid. */
#ifndef SHELL_CROSSTAB_H
#define SHELL_CROSSTAB_H

#include <stdbool.h>

#include "base/err.h"

struct rows;
struct session;

enum { CROSSTAB_WORDS = 4 };

/* Draws rows with one column's values down the side and another's across the
 * top. words: the columns that \crosstabview named (vertical header,
 * horizontal header, cells, order of the horizontal header), NULL: not
 * given. */
bool crosstab_draw(struct session *session, struct rows *rows,
		   char *const words[CROSSTAB_WORDS], struct err *err);

#endif
