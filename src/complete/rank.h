/* complete/rank.h - order a list of candidates: names that begin as typed
 * before others, nearest kinds first, then the closest match, the most used,
 * then by name; equal texts once; no more than COMPLETE_MAX.
 */
#ifndef COMPLETE_RANK_H
#define COMPLETE_RANK_H

#include "complete/complete.h"

/* Where a kind stands among the others: columns before functions before
 * keywords. */
int rank_of_kind(enum complete_kind kind);

enum {
	RANK_STEP = 1000, /* of kinds, between which all else decides */
	RANK_WORD = 300,  /* only a later word begins as typed */
	RANK_FUZZY = 600, /* a slip, or letters between */
	RANK_USED = 250,  /* the most that use counts for */
};

/* Adds to the list, or keeps the COMPLETE_MAX nearest; takes the texts. */
void rank_push(struct complete_list *list, struct complete_item *item);

void rank_sort(struct complete_list *list);

#endif
