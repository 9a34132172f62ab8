/* print/latex.h - LaTeX tabular and longtable, streaming. */
#ifndef PRINT_LATEX_H
#define PRINT_LATEX_H

#include <stdbool.h>

struct sheet;

bool latex_print(struct sheet *sheet);
bool latex_print_longtable(struct sheet *sheet);

#endif
