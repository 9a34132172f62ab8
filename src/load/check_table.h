/* load/check_table.h - does the data fit the table, and may it go there?
 *
 * What the sample shows of the table's columns: a map of fields and columns,
 * columns that must have a value and get none, texts too long in bytes; the
 * right to insert; files that were loaded before. Outside of the person's
 * block only, but for the columns, which the catalog tells.
 */
#ifndef LOAD_CHECK_TABLE_H
#define LOAD_CHECK_TABLE_H

#include <stdbool.h>

#include "base/err.h"

struct copyfrom;

/* The table is there (copy->columns). Tells what it finds. false: the server
 * would refuse the COPY, or Ctrl-C. */
bool check_table(const struct copyfrom *copy, struct err *err);

#endif
