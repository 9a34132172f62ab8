/* cmd/platform_deploy.h - \platform plan, create and update.
 *
 * All three make a change set and show it as rows. plan takes it away again;
 * create and update ask, do it, and follow the work to its end. What is under
 * way already is followed instead.
 */
#ifndef CMD_PLATFORM_DEPLOY_H
#define CMD_PLATFORM_DEPLOY_H

#include <stdbool.h>

#include "base/err.h"

struct args;
struct session;

bool platform_deploy_plan(struct session *session, const struct args *args,
			  struct err *err);

/* Argument --yes: where nobody can be asked it is needed. */
bool platform_deploy_create(struct session *session, const struct args *args,
			    struct err *err);

/* And --skip: resources that the way back is to leave alone. */
bool platform_deploy_update(struct session *session, const struct args *args,
			    struct err *err);

#endif
