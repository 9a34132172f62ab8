/* aws/dbhost.h - what the host name of a warehouse says about it. */
#ifndef AWS_DBHOST_H
#define AWS_DBHOST_H

#include <stdbool.h>

enum dbhost_kind {
	DBHOST_OTHER,		/* a domain of one's own, a tunnel, ... */
	DBHOST_CLUSTER,
	DBHOST_WORKGROUP,
};

struct dbhost {
	enum dbhost_kind kind;
	char name[128];		/* cluster or workgroup */
	char account[64];	/* of a workgroup: the account's id */
	char region[64];
	bool is_endpoint;	/* of a VPC endpoint: name is that one's */
};

/* NAME.ACCOUNT.REGION.redshift[-serverless].SUFFIX, in any case, with or
 * without a dot at its end. What is no such name is DBHOST_OTHER. */
void dbhost_parse(const char *host, struct dbhost *out);

#endif
