/* catalog/words.h - the table of words: how names are found by a later word.
 */
#ifndef CATALOG_WORDS_H
#define CATALOG_WORDS_H

#include <stdbool.h>

#include "base/err.h"

struct lite;

/* Adds the words of all names in relations, columns and functions that have
 * none yet, and removes those of names that are gone. In the caller's
 * transaction. */
bool words_fill(struct lite *lite, struct err *err);

#endif
