/* complete/argument_sql.h - arguments of meta-commands that read as SQL: the
 * tails of \copyfrom and \copyto, topics of \h, columns of the query before.
 */
#ifndef COMPLETE_ARGUMENT_SQL_H
#define COMPLETE_ARGUMENT_SQL_H

#include <stdbool.h>

struct argument;

void argument_sql_statement(const struct argument *argument);
void argument_sql_topic(const struct argument *argument);
void argument_sql_column(const struct argument *argument);

/* The query in parentheses on the line of \chart; false: the cursor is not
 * behind one. */
bool argument_sql_in_query(const struct argument *argument);

/* The line of \copy. */
void argument_sql_copy(const struct argument *argument);

#endif
