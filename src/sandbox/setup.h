/* sandbox/setup.h - makes a fresh PostgreSQL a Redshift, or an older one
 * current: the first user, the database dev, and the scripts of
 * share/sandbox/ (functions, views) in every database.
 *
 * DIR/setup.stamp tells which scripts have run, by their content, so that a
 * newer redsh runs its own again.
 */
#ifndef SANDBOX_SETUP_H
#define SANDBOX_SETUP_H

#include <stdbool.h>

#include "base/err.h"

struct place;
struct secret;

/* share: the folder that holds catalog.sql and its kin. */
bool setup_run(const struct place *place, const char *socket_path,
	       const char *share, const struct secret *password,
	       struct err *err);

/* Makes a database user without a lasting password, unless there is one. */
bool setup_user(const char *socket_path, const char *user, struct err *err);

#endif
