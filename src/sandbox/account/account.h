/* sandbox/account/account.h - the account's roles and keys as they are now.
 *
 * What identity read from roles.tsv, with what calls of the API have changed
 * since: attachment to the warehouse, the default role, trust policies, inline
 * policies, states of KMS keys. The changes are files of DIR/account, one a
 * role or key, read at each question, so that the AWS endpoints and the
 * gateway's COPY go by the same and a restart forgets nothing.
 */
#ifndef SANDBOX_ACCOUNT_ACCOUNT_H
#define SANDBOX_ACCOUNT_ACCOUNT_H

#include <stdbool.h>

#include "base/err.h"
#include "sandbox/account/identity.h"

struct str;

/* --- roles --- */

bool account_is_attached(const struct identity *identity,
			 const struct identity_role *role);
bool account_attach(const struct identity *identity,
		    const struct identity_role *role, bool attached,
		    struct err *err);

/* NULL: there is none. */
const struct identity_role *account_default(const struct identity *identity);
/* NULL: none. */
bool account_set_default(const struct identity *identity,
			 const struct identity_role *role, struct err *err);

/* Appends the trust policy as JSON. */
void account_add_trust(const struct identity *identity,
		       const struct identity_role *role, struct str *out);
/* Does it let the service ("redshift.amazonaws.com"), or the role with that
 * ARN, assume the role? */
bool account_trusts(const struct identity *identity,
		    const struct identity_role *role, const char *principal);
/* The service of the warehouse that may be named by a trust policy: either of
 * Redshift's two will do. The role is asked for on behalf of a database user,
 * who is in sts:ExternalId. */
bool account_trusts_warehouse(const struct identity *identity,
			      const struct identity_role *role,
			      const char *user);
/* MalformedPolicyDocument. */
bool account_set_trust(const struct identity *identity,
		       const struct identity_role *role, const char *policy,
		       struct err *err);

enum account_decision {
	ACCOUNT_NOT_ALLOWED, /* nothing allows it */
	ACCOUNT_ALLOWED,
	ACCOUNT_DENIED, /* a statement denies it */
};

/* action: "s3:GetObject"; resource: an ARN. */
enum account_decision account_decide(const struct identity *identity,
				     const struct identity_role *role,
				     const char *action, const char *resource);
/* The same with the policy of a bucket (JSON, "" none): what it denies is
 * denied, what it allows the role needs no other leave. */
enum account_decision account_decide_in(const struct identity *identity,
					const struct identity_role *role,
					const char *bucket_policy,
					const char *action,
					const char *resource);

/* MalformedPolicyDocument. name: of the inline policy. */
bool account_put_policy(const struct identity *identity,
			const struct identity_role *role, const char *name,
			const char *policy, struct err *err);
bool account_drop_policy(const struct identity *identity,
			 const struct identity_role *role, const char *name,
			 struct err *err);

/* All changes of it are forgotten: it is no more. */
bool account_forget(const struct identity *identity,
		    const struct identity_role *role, struct err *err);

/* --- keys of KMS --- */

struct account_key {
	const char *alias;
	const char *id;
	bool aws_managed;
	const char *state; /* at first: "Enabled", "Disabled" */
};

#define ACCOUNT_KEY_ARN                                                        \
	"arn:aws:kms:" IDENTITY_REGION ":" IDENTITY_ACCOUNT ":key/"

/* By id, its ARN, "alias/NAME", or the ARN of that; NULL: there is none. */
const struct account_key *account_key(const char *name);

/* "Enabled", "Disabled" or "PendingDeletion". */
const char *account_key_state(const struct identity *identity,
			      const struct account_key *key);
bool account_set_key_state(const struct identity *identity,
			   const struct account_key *key, const char *state,
			   struct err *err);

/* May the role do kms:Decrypt or kms:GenerateDataKey with it? Everybody of
 * the account may use AWS's own keys through S3. */
enum account_decision account_decide_key(const struct identity *identity,
					 const struct identity_role *role,
					 const char *action,
					 const struct account_key *key);

#endif
