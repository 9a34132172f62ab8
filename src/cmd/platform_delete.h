/* cmd/platform_delete.h - \platform delete: says what goes and what stays,
 * asks by name. */
#ifndef CMD_PLATFORM_DELETE_H
#define CMD_PLATFORM_DELETE_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

/* Arguments DIR, --yes with NAME, --with-data, --retain. */
bool platform_delete_run(struct session *session, const struct args *args,
			 struct err *err);

#endif
