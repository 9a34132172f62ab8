/* load/check.h - what \copyfrom and \copyto look at before the server is
 * asked: role, trust, rights, region, keys.
 *
 * What the person may not ask is told in one line and concluded from by
 * nobody; --no-check leaves all of it to the server.
 */
#ifndef LOAD_CHECK_H
#define LOAD_CHECK_H

#include <stdbool.h>

#include "base/err.h"

struct load_world;

/* sql: the COPY or UNLOAD as it is sent; sample: see load/access_statement.
 * Tells what it finds. false: the server would refuse the statement, or
 * Ctrl-C. */
bool check_access(const struct load_world *world, const char *sql,
		  const char *sample, struct err *err);

#endif
