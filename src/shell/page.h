/* shell/page.h - text on standard output, by the pager when it is long. */
#ifndef SHELL_PAGE_H
#define SHELL_PAGE_H

#include <stdbool.h>

#include "base/err.h"

struct output;
struct session;

bool page_text(struct session *session, const char *text, struct err *err);

/* The same for text to read: long lines are broken between words. */
bool page_prose(struct session *session, const char *text, struct err *err);

/* A pager above the current output when one is wanted there, else NULL. */
struct output *page_open(struct session *session);

#endif
