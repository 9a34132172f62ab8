/* shell/iam.h - logins with temporary credentials from AWS. */
#ifndef SHELL_IAM_H
#define SHELL_IAM_H

#include <stdbool.h>

#include "base/err.h"

struct dsn;
struct session;

/* Fills host, port and database of --cluster where they are not given, then
 * user and password from GetClusterCredentials. */
bool iam_fill(struct session *session, struct dsn *dsn, struct err *err);

/* The same for a login that was made so before: "IAM:alice" becomes "alice"
 * again and gets a new password. */
bool iam_renew(struct session *session, struct dsn *dsn, struct err *err);

/* "my-cluster" of my-cluster.abc123.eu-west-1.redshift.amazonaws.com: the
 * length of the first label, 0 when host is no such name. */
unsigned iam_cluster_len(const char *host);

#endif
