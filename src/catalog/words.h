/* catalog/words.h - the table of words: how names are found by a later word.
 */
#ifndef CATALOG_WORDS_H
#define CATALOG_WORDS_H

#include <stdbool.h>

#include "base/err.h"

struct lite;

/* Adds the words of all names of relations, columns and functions that have
 * none yet; or only of those names that catalog/stage holds. In the caller's
 * transaction. */
bool words_fill(struct lite *lite, struct err *err);
bool words_fill_staged(struct lite *lite, struct err *err);

/* Removes those of names that are gone. */
bool words_prune(struct lite *lite, struct err *err);

#endif
