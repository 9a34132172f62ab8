/* shell/iam.h - logins with temporary credentials from AWS.
 *
 * A dsn that wants one holds no password: iam_login makes a copy of it with
 * user and password, which last a quarter of an hour and are kept until they
 * are about to end. So every further connection, the catalog's as well, has a
 * login that is good, and nobody is asked for anything.
 */
#ifndef SHELL_IAM_H
#define SHELL_IAM_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

struct aws;
struct dsn;
struct iam;
struct session;

struct iam *iam_new(void);
void iam_free(struct iam *iam); /* NULL is fine */

/* iam=true, or a cluster or workgroup is named and iam is not false. */
bool iam_wanted(const struct dsn *dsn);

/* Fills host, port and database of dsn where they are not given, from what
 * AWS says of the cluster or workgroup. UI thread. */
bool iam_complete(struct session *session, struct dsn *dsn, struct err *err);

/* After a login that nobody answered: true when the warehouse was resuming or
 * being made and is there now. Where it is paused err says so, else err stays
 * as it is. UI thread. */
bool iam_wait(struct session *session, const struct dsn *dsn, struct err *err);

struct iam_want {
	bool fresh;  /* not the one that is kept: it was refused */
	int stop_fd; /* readable: give up; -1: Ctrl-C does */
};

/* Sets user and password of full, which is a copy of dsn. *out_kept: they
 * were there from before. Any thread; the UI thread has called iam_use
 * before. */
bool iam_login(struct iam *iam, const struct dsn *dsn,
	       const struct iam_want *want, struct dsn *full, bool *out_kept,
	       struct err *err);

/* Whom to ask from now on. UI thread. */
bool iam_use(struct session *session, const struct dsn *dsn, struct err *err);

/* The session's AWS side is about to be another one. UI thread. */
void iam_forget(struct session *session);

/* That of a dsn with a profile or endpoint of its own; NULL: there is none.
 * Borrowed. */
struct aws *iam_own_aws(const struct iam *iam);

/* The AWS side of a dsn: the session's, or one with the dsn's own profile or
 * endpoint. UI thread. */
struct aws *iam_aws(struct session *session, const struct dsn *dsn,
		    struct err *err);

#endif
