/* complete/meta.h - candidates on the line of a meta-command.
 */
#ifndef COMPLETE_META_H
#define COMPLETE_META_H

#include <stddef.h>

#include "complete/complete.h"

/* The offset behind the backslash of the command whose line the cursor is
 * on, or SIZE_MAX: it stands in SQL. */
size_t meta_start(const char *text, size_t cursor);

/* Candidates for the command at text[start..cursor). */
void meta_complete(const struct complete_source *source, const char *text,
		   size_t start, size_t cursor, struct complete_list *list);

#endif
