/* cmd/load_world.h - the session as \copyfrom and \copyto see it.
 *
 * Fills struct load_world with callbacks on the session, and reads the lines
 * of both commands, switches before and behind the first argument alike.
 */
#ifndef CMD_LOAD_WORLD_H
#define CMD_LOAD_WORLD_H

#include <stdbool.h>

#include "base/err.h"
#include "load/copy_args.h"
#include "load/copyfrom.h"

struct args;
struct session;

/* Borrows the session, and its variable COPY_ROLE until it is set again. */
struct load_world load_world_make(struct session *session);

/* Where local files wait for COPY, as the saved connection or the variable
 * STAGING says it; NULL: neither does. Borrowed until either changes. */
const char *load_world_staging(const struct session *session);

/* The role of COPY and UNLOAD: of the saved connection, else the variable
 * COPY_ROLE; NULL: neither says it. Borrowed likewise. */
const char *load_world_role(const struct session *session);

/* args as the command's row read them, with WHAT for the rest of the line;
 * *out is COPY_ARGS_EMPTY. */
bool load_world_args(struct session *session, const struct args *args,
		     enum copy_verb verb, struct copy_args *out,
		     struct err *err);

#endif
