/* shell/production.h - statements that a warehouse in production would regret.
 *
 * On a connection with production = true, what drops, truncates, or deletes
 * and updates without WHERE is asked about at a terminal: the person types the
 * name of what it is about. Scripts need --yes, or the variable
 * ALLOW_DESTRUCTIVE. What was prepared (PREPARE, \parse) is judged when it is
 * to run.
 */
#ifndef SHELL_PRODUCTION_H
#define SHELL_PRODUCTION_H

#include <stdbool.h>

struct session;

bool production_is_on(const struct session *session);

/* false: sql is not to be sent, which has been said. */
bool production_allows(struct session *session, const char *sql);

#endif
