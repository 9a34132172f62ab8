/* print/html.h - an HTML table, streaming. */
#ifndef PRINT_HTML_H
#define PRINT_HTML_H

#include <stdbool.h>

struct sheet;

bool html_print(struct sheet *sheet);

#endif
