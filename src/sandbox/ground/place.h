/* sandbox/ground/place.h - the folder of a sandbox: names, lock, record,
 * password.
 *
 *	DIR/lock	held by flock while the sandbox runs; holds its pid
 *	DIR/state	ports and pid of the last start
 *	DIR/password	of the first database user (0600)
 *	DIR/sandbox.log	what the daemon and PostgreSQL say
 *	DIR/pg/		data of the private PostgreSQL
 *
 * The lock belongs to the open file, so a crash frees it.
 */
#ifndef SANDBOX_GROUND_PLACE_H
#define SANDBOX_GROUND_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

#define PLACE_USER     "awsuser"
#define PLACE_DATABASE "dev"

struct place {
	struct str dir; /* absolute */
	int lock_fd;    /* -1: not locked by us */
};

#define PLACE_EMPTY                                                            \
	{                                                                      \
		.dir = STR_EMPTY, .lock_fd = -1                                \
	}

/* What a start leaves for env, status and the next start; 0: unknown. */
struct place_state {
	pid_t pid;
	int port;      /* gateway */
	int http_port; /* AWS endpoints */
};

/* dir NULL: the default one. Nothing is created. */
void place_init(struct place *place, const char *dir);
void place_done(struct place *place);

/* Makes the folder (0700). */
bool place_make(const struct place *place, struct err *err);

/* Takes the lock and writes our pid; ERR_USAGE when another sandbox holds
 * it. Children do not inherit it. */
bool place_lock(struct place *place, struct err *err);

/* Pid of the running sandbox; 0: none runs. */
pid_t place_holder(const struct place *place);

bool place_save(const struct place *place, const struct place_state *state,
		struct err *err);

/* ERR_MISSING: never started. */
bool place_load(const struct place *place, struct place_state *out,
		struct err *err);

/* Reads DIR/password; make: makes one when there is none. */
bool place_password(const struct place *place, bool make, struct secret *out,
		    struct err *err);

/* DIR/name */
void place_path(const struct place *place, const char *name, struct str *out);

#endif
