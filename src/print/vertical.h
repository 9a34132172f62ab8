/* print/vertical.h - one record under the other, streaming.
 *
 * "*** 1. row ***", then a line a column with the names aligned at the right:
 * the record view known from other shells. Unlike expanded it needs no widths
 * of values, so any number of rows goes out as it comes.
 */
#ifndef PRINT_VERTICAL_H
#define PRINT_VERTICAL_H

#include <stdbool.h>

struct sheet;

bool vertical_print(struct sheet *sheet);

#endif
