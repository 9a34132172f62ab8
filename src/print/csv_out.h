/* print/csv_out.h - comma separated values as psql quotes them, streaming. */
#ifndef PRINT_CSV_OUT_H
#define PRINT_CSV_OUT_H

#include <stdbool.h>

struct sheet;

bool csv_out_print(struct sheet *sheet);

#endif
