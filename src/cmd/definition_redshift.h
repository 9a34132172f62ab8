/* cmd/definition_redshift.h - Redshift's side of cmd/definition.
 *
 * pg_proc_info and pg_get_viewdef are documented or used by AWS's own tools;
 * SHOW VIEW and SHOW PROCEDURE give less (no header, no functions).
 */
#ifndef CMD_DEFINITION_REDSHIFT_H
#define CMD_DEFINITION_REDSHIFT_H

#include <stdbool.h>

#include "base/err.h"

struct session;
struct str;

bool definition_redshift_function(struct session *session, const char *what,
				  struct str *out, struct err *err);
bool definition_redshift_view(struct session *session, const char *what,
			      struct str *out, struct err *err);

#endif
