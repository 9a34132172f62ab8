/* sandbox/identity.h - who the sandbox is for AWS clients: account, keys, roles.
 *
 * Account, region and cluster name are fixed; the access key pair is made
 * once per sandbox folder and kept in DIR/identity.ini (0600). The roles that
 * exist come from share/sandbox/roles.tsv: name, attached (yes: the cluster
 * may assume it), default (yes: IAM_ROLE default).
 */
#ifndef SANDBOX_IDENTITY_H
#define SANDBOX_IDENTITY_H

#include <stdbool.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/vec.h"

#define IDENTITY_ACCOUNT "123456789012"
#define IDENTITY_REGION  "us-east-1"
#define IDENTITY_CLUSTER "redsh-sandbox"

struct identity_role {
	char *arn;
	bool attached;
	bool is_default;
};

struct identity {
	char access_key_id[24]; /* AKIA and 16 characters */
	struct secret secret_key;
	struct {
		VEC(struct identity_role);
	} roles;
	/* for DescribeClusters; the caller sets them, they may stay empty */
	char database[64];
	char master_user[64];
	char host[64];
	int port;
};

#define IDENTITY_EMPTY                                                         \
	{                                                                      \
		.secret_key = SECRET_EMPTY                                     \
	}

/* Reads DIR/identity.ini, makes it when there is none. */
bool identity_load(struct identity *identity, const char *dir, struct err *err);
void identity_done(struct identity *identity);

/* Borrowed; NULL: no such role. */
const struct identity_role *identity_role(const struct identity *identity,
					  const char *arn);
const struct identity_role *identity_default_role(
	const struct identity *identity);

#endif
