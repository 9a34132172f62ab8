/* print/asciidoc.h - an AsciiDoc table, streaming. */
#ifndef PRINT_ASCIIDOC_H
#define PRINT_ASCIIDOC_H

#include <stdbool.h>

struct sheet;

bool asciidoc_print(struct sheet *sheet);

#endif
