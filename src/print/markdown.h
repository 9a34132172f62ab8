/* print/markdown.h - a table of GitHub's Markdown, streaming. */
#ifndef PRINT_MARKDOWN_H
#define PRINT_MARKDOWN_H

#include <stdbool.h>

struct sheet;

bool markdown_print(struct sheet *sheet);

#endif
