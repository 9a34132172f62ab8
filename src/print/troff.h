/* print/troff.h - troff's ms macros with tbl, streaming. */
#ifndef PRINT_TROFF_H
#define PRINT_TROFF_H

#include <stdbool.h>

struct sheet;

bool troff_print(struct sheet *sheet);

#endif
