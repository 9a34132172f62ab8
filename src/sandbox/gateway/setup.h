/* sandbox/gateway/setup.h - makes a fresh PostgreSQL a Redshift, or an older
 * one current: the first user, the database dev, and the scripts of
 * share/sandbox/ (functions, views) in every database.
 *
 * DIR/setup.stamp tells which scripts have run, by their content, so that a
 * newer redsh runs its own again.
 */
#ifndef SANDBOX_GATEWAY_SETUP_H
#define SANDBOX_GATEWAY_SETUP_H

#include <stdbool.h>

#include "base/err.h"

struct place;
struct secret;

/* share: the folder that holds catalog.sql and its kin. */
bool setup_run(const struct place *place, const char *socket_path,
	       const char *share, const struct secret *password,
	       struct err *err);

/* Makes the database and its first user, who may do all; a user who is there
 * gets the password. */
bool setup_warehouse(const char *socket_path, const char *database,
		     const char *user, const char *password, struct err *err);

/* Removes them, and ends who is connected; NULL: that stays, as does what
 * the sandbox began with. */
bool setup_drop_warehouse(const char *socket_path, const char *database,
			  const char *user, struct err *err);

/* Makes a database user without a lasting password, unless there is one. */
bool setup_user(const char *socket_path, const char *user, struct err *err);

#endif
