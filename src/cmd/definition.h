/* cmd/definition.h - the statement that makes a function or a view again.
 *
 * Where the server has pg_get_functiondef it writes the text, as psql has it.
 * Redshift has none: there the statement is put together from pg_proc_info,
 * and a view's from pg_get_viewdef.
 */
#ifndef CMD_DEFINITION_H
#define CMD_DEFINITION_H

#include <stdbool.h>

#include "base/err.h"

struct session;
struct str;

/* what: a name, with a schema or without, and for functions with the types of
 * arguments or without: "s.f", "f(int, text)". Appends the text, which ends
 * in a line feed. */
bool definition_of_function(struct session *session, const char *what,
			    struct str *out, struct err *err);
bool definition_of_view(struct session *session, const char *what,
			struct str *out, struct err *err);

/* A line on which the body of a function begins. */
bool definition_begins_body(const char *line);

#endif
