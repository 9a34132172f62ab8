/* print/unaligned.h - fields joined by separators, streaming. */
#ifndef PRINT_UNALIGNED_H
#define PRINT_UNALIGNED_H

#include <stdbool.h>

struct sheet;

bool unaligned_print(struct sheet *sheet);

#endif
