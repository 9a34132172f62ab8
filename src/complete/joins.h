/* complete/joins.h - conditions for JOIN t ON |, guessed from foreign keys and
 * from names and types of columns.
 */
#ifndef COMPLETE_JOINS_H
#define COMPLETE_JOINS_H

struct source_ask;

void joins_offer(struct source_ask *ask);

#endif
