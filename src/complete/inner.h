/* complete/inner.h - the query in the literal of UNLOAD ('...') or UNLOAD
 * ($$...$$): a question of its own.
 */
#ifndef COMPLETE_INNER_H
#define COMPLETE_INNER_H

#include <stddef.h>

struct source_ask;

/* offset: where ask's sql begins in the text that the list's range counts in.
 * Quotes in the candidates are doubled as the literal wants it. */
void inner_complete(struct source_ask *ask, size_t offset);

#endif
