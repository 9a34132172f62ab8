/* sandbox/account/identity.h - who the sandbox is for AWS clients: account,
 * keys, roles.
 *
 * Account, region and cluster name are fixed; the access key pair is made
 * once per sandbox folder and kept in DIR/identity.ini (0600), as is the key
 * of its identity provider in DIR/token.key. The roles that
 * exist come from DIR/roles.tsv, when there is one, and share/sandbox/
 * roles.tsv, whose head explains the columns: name, attached, default, trusts,
 * policy. What calls of the API have changed of them is in
 * sandbox/account/account.
 */
#ifndef SANDBOX_ACCOUNT_IDENTITY_H
#define SANDBOX_ACCOUNT_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/vec.h"

#define IDENTITY_ACCOUNT   "123456789012"
#define IDENTITY_REGION    "us-east-1"
#define IDENTITY_CLUSTER   "redsh-sandbox"
#define IDENTITY_WORKGROUP "redsh-sandbox" /* of a serverless one */
#define IDENTITY_NAMESPACE "redsh-sandbox"
#define IDENTITY_USER      "sandbox" /* the IAM user whose key it is */

enum identity_action { /* on S3 and keys of KMS; a bit set */
		       IDENTITY_LIST = 1,
		       IDENTITY_GET = 2,
		       IDENTITY_PUT = 4,
		       IDENTITY_DELETE = 8,
		       IDENTITY_DECRYPT = 16,
		       IDENTITY_GENERATE = 32, /* data keys, to write */
};

/* One statement of a policy; all of them allow. */
struct identity_grant {
	unsigned actions; /* enum identity_action */
	char *buckets;    /* a name or a pattern with *; of the actions of
			   * KMS: aliases of keys */
};

struct identity_role {
	char *arn;
	bool attached;   /* to the warehouse */
	bool is_default; /* IAM_ROLE default */
	char *trusts;    /* who may assume it, comma separated: names of
			  * roles, and of services (redshift.amazonaws.com);
			  * where no service stands: Redshift's two */
	VEC(struct identity_grant);
};

struct identity_made; /* roles made while it runs; see identity.c */

struct identity {
	char access_key_id[24]; /* AKIA and 16 characters */
	struct secret secret_key;
	struct secret token_key; /* signs tokens; see token */
	struct {
		VEC(struct identity_role);
	} roles;
	struct identity_made *made;
	int64_t created_ms; /* when the key was made */
	char *dir;	    /* the sandbox's folder; see "account" */
	/* what it is for the API; the caller sets them, they may stay empty */
	bool serverless;
	int base_capacity; /* of a serverless one, in RPU */
	char database[64];
	char master_user[64];
	char host[64];
	int port;
};

#define IDENTITY_EMPTY                                                         \
	{                                                                      \
		.secret_key = SECRET_EMPTY, .token_key = SECRET_EMPTY          \
	}

/* Reads DIR/identity.ini, makes it when there is none. */
bool identity_load(struct identity *identity, const char *dir, struct err *err);
void identity_done(struct identity *identity);

/* Roles made and removed while it runs, from any thread: kept in
 * DIR/account/made. A role that was removed stays readable for who holds it.
 * Its policies are those of sandbox/account/account. */
bool identity_make_role(const struct identity *identity, const char *arn,
			struct err *err);
bool identity_drop_role(const struct identity *identity, const char *arn,
			struct err *err);

/* All roles: from 0 on, NULL ends. */
const struct identity_role *identity_role_at(const struct identity *identity,
					     size_t at);

/* Borrowed; NULL: no such role. */
const struct identity_role *identity_role(const struct identity *identity,
					  const char *arn);
const struct identity_role *identity_default_role(
	const struct identity *identity);

/* May the second role be assumed by the first? */
bool identity_role_trusts(const struct identity_role *role,
			  const struct identity_role *by);

/* The same of a service, "redshift.amazonaws.com". */
bool identity_role_trusts_service(const struct identity_role *role,
				  const char *service);

/* Does the policy of roles.tsv allow the action on that bucket or key? What
 * was changed since is in sandbox/account/account. */
bool identity_role_may(const struct identity_role *role,
		       enum identity_action action, const char *bucket);

#endif
