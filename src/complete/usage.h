/* complete/usage.h - which names a statement uses, noted for their rank.
 */
#ifndef COMPLETE_USAGE_H
#define COMPLETE_USAGE_H

#include <stddef.h>

struct lookup;

/* Notes the relations of sql that the catalog's cache knows, and those of its
 * words that are columns of them. Cheap; a long text is left alone, it was not
 * typed. */
void usage_note(struct lookup *lookup, const char *sql, size_t len);

#endif
