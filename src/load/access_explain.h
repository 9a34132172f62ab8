/* load/access_explain.h - refusals of S3, IAM and KMS that COPY and UNLOAD
 * pass on, in plain words: who lacks which right on what, and what to ask for.
 */
#ifndef LOAD_ACCESS_EXPLAIN_H
#define LOAD_ACCESS_EXPLAIN_H

#include <stdbool.h>

struct access_server;
struct aws;
struct str;

struct access_failure {
	const char *sql;	/* what was sent */
	const char *message;	/* of the server */
	const char *detail;	/* "": none */
	const struct access_server *server;
};

/* To be called after a statement that failed. aws gives the person's own S3
 * and IAM, by which the cause is looked for; called only for messages of that
 * kind, may give NULL. Appends lines to show below the error; false: the
 * message is of another kind. */
bool access_explain(struct str *out, const struct access_failure *failure,
		    struct aws *(*aws)(void *context), void *context);

#endif
