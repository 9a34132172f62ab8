/* print/insert.h - rows as INSERT statements, streaming.
 *
 * One statement for each ROWS_A_STATEMENT rows: Redshift takes 16 MB at most
 * in one, and is slow with one row each. The table is what \pset insert_table
 * says. Numbers and booleans are written bare, all else as a literal in which
 * quotes and backslashes are doubled: Redshift takes backslashes for escapes
 * (servers with standard_conforming_strings get E'').
 */
#ifndef PRINT_INSERT_H
#define PRINT_INSERT_H

#include <stdbool.h>

struct sheet;

bool insert_print(struct sheet *sheet);

#endif
