/* print/json_out.h - rows as JSON objects, streaming. */
#ifndef PRINT_JSON_OUT_H
#define PRINT_JSON_OUT_H

#include <stdbool.h>

struct sheet;

bool json_out_print(struct sheet *sheet);	/* one array */
bool json_out_print_lines(struct sheet *sheet);	/* one object a line */

#endif
