/* load/copy_typed.h - values of a line that the server would refuse.
 *
 * Names of tables and columns, places, roles, patterns, FIXEDWIDTH: what can
 * be told from the text alone is told before anything is asked. Only for what
 * is typed in the shell; the server's own rules are in load/copy_rules.
 */
#ifndef LOAD_COPY_TYPED_H
#define LOAD_COPY_TYPED_H

#include <stdbool.h>

#include "base/err.h"

struct copy_args;
struct str;

/* All rules, of a line that was parsed. */
bool copy_typed_check(const struct copy_args *args, struct err *err);

/* Brings a role as people type it into the server's form: "A, B" to "A,B",
 * Default to default, session to SESSION. ERR_USAGE: neither these nor
 * ARNs. */
bool copy_typed_role(struct str *role, struct err *err);

/* t, s.t, db.s.t, #t, "My T" as SQL text; ERR_USAGE: none of these. */
bool copy_typed_table(const char *table, struct err *err);

#endif
