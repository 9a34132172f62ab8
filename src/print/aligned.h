/* print/aligned.h - columns side by side: formats aligned and wrapped. */
#ifndef PRINT_ALIGNED_H
#define PRINT_ALIGNED_H

#include <stdbool.h>

struct sheet;

/* Also draws expanded records when that is set, or when the table is too wide
 * with expanded auto. */
bool aligned_print(struct sheet *sheet);
bool aligned_print_wrapped(struct sheet *sheet);

#endif
