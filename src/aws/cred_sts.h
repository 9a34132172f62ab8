/* aws/cred_sts.h - roles assumed at STS, for the credential chain. */
#ifndef AWS_CRED_STS_H
#define AWS_CRED_STS_H

#include <stdbool.h>

#include "base/err.h"

struct cred;
struct cred_ask;
struct str;

/* Sends the form (Action=AssumeRole..., without Version), signed by by or,
 * when that is NULL, unsigned. Fills *out with the keys of the answer. */
bool cred_sts_assume(const struct cred_ask *ask, const struct cred *by,
		     const char *action, struct str *form, struct cred *out,
		     struct err *err);

/* Adds RoleSessionName (named, else "redsh-USER") to the form. */
bool cred_sts_add_session(struct str *form, const char *named,
			  struct err *err);

#endif
