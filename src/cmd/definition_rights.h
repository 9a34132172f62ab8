/* cmd/definition_rights.h - owner, comments and privileges of a table as
 * statements. */
#ifndef CMD_DEFINITION_RIGHTS_H
#define CMD_DEFINITION_RIGHTS_H

#include <stdbool.h>

#include "base/err.h"

struct describe_columns;
struct describe_relation;
struct session;
struct str;

bool definition_rights(struct session *session,
		       const struct describe_relation *relation,
		       const struct describe_columns *columns, struct str *out,
		       struct err *err);

#endif
