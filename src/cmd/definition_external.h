/* cmd/definition_external.h - the statement that makes an external table
 * again: SHOW EXTERNAL TABLE, or from SVV_EXTERNAL_TABLES. */
#ifndef CMD_DEFINITION_EXTERNAL_H
#define CMD_DEFINITION_EXTERNAL_H

#include <stdbool.h>

#include "base/err.h"

struct describe_relation;
struct session;
struct str;

/* all: partitions too. *out_found false: there is no such external table. */
bool definition_external(struct session *session,
			 const struct describe_relation *relation, bool all,
			 bool *out_found, struct str *out, struct err *err);

#endif
