/* cmd/describe_facts.h - the lines below the columns of \d NAME on Redshift.
 *
 * A row of a table here each: heading, kinds of relation, the query. What one
 * may not read is named in a line of its own, as an empty answer of a system
 * view proves nothing.
 */
#ifndef CMD_DESCRIBE_FACTS_H
#define CMD_DESCRIBE_FACTS_H

#include <stdbool.h>

#include "base/err.h"

struct describe_columns;
struct describe_relation;
struct session;
struct str;

bool describe_facts(struct session *session,
		    const struct describe_relation *relation,
		    const struct describe_columns *columns, bool verbose,
		    struct str *footer, struct err *err);

#endif
