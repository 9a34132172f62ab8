/* complete/selected.h - what the select list of a query gives to its other
 * clauses, and lists of columns written out: for *, s.* and INSERT.
 */
#ifndef COMPLETE_SELECTED_H
#define COMPLETE_SELECTED_H

struct source_ask;

/* GROUP BY |, ORDER BY |: expressions and aliases; elsewhere aliases. */
void selected_offer(struct source_ask *ask);

/* The columns a star stands for. */
void selected_offer_star(struct source_ask *ask);

/* INSERT INTO t (|: all columns that are not there yet. */
void selected_offer_list(struct source_ask *ask);

#endif
