/* complete/rank.h - order a list of candidates: nearest kinds first, then by
 * name; equal texts once; no more than COMPLETE_MAX.
 */
#ifndef COMPLETE_RANK_H
#define COMPLETE_RANK_H

#include "complete/complete.h"

/* Where a kind stands among the others: columns before functions before
 * keywords. */
int rank_of_kind(enum complete_kind kind);

void rank_sort(struct complete_list *list);

#endif
