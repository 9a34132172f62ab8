/* cmd/platform_init.h - \platform init: the files of a platform to own. */
#ifndef CMD_PLATFORM_INIT_H
#define CMD_PLATFORM_INIT_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

/* Arguments DIR, --serverless, --name, --cidr. */
bool platform_init_run(struct session *session, const struct args *args,
		       struct err *err);

#endif
