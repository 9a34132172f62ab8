/* aws/sts.h - who am I. */
#ifndef AWS_STS_H
#define AWS_STS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct aws;

struct sts_identity {
	struct str account;	/* 123456789012 */
	struct str arn;
	struct str user_id;
};

#define STS_IDENTITY_EMPTY                                                     \
	{                                                                      \
		STR_EMPTY, STR_EMPTY, STR_EMPTY                                \
	}

void sts_identity_done(struct sts_identity *identity);

/* GetCallerIdentity: needs no permission, so it tests credentials. */
bool sts_get_identity(struct aws *aws, struct sts_identity *out,
		      struct err *err);

#endif
