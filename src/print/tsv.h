/* print/tsv.h - tab separated values, streaming.
 *
 * One line a row whatever the values hold: tab, line feed, carriage return
 * and backslash are written \t \n \r \\, as COPY's text format has them.
 */
#ifndef PRINT_TSV_H
#define PRINT_TSV_H

#include <stdbool.h>

struct sheet;

bool tsv_print(struct sheet *sheet);

#endif
