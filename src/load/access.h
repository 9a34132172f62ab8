/* load/access.h - what AWS says of who may read or write for a COPY or UNLOAD.
 *
 * One round of small questions, side by side and within a few seconds in all:
 * the warehouse and its roles, the roles' trust, what the last of them may do
 * (SimulatePrincipalPolicy), the key of KMS. What the person may not ask, or
 * what is not answered in time, stays unknown: nothing is concluded from it.
 * load/access_rule judges what was found.
 */
#ifndef LOAD_ACCESS_H
#define LOAD_ACCESS_H

#include <stdbool.h>

#include "aws/iam.h"
#include "aws/kms.h"
#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

struct aws;
struct json;

struct access_ask {
	bool writes;		/* UNLOAD */
	bool deletes;		/* with CLEANPATH */
	bool manifest;		/* the URI is that of a manifest */
	const char *bucket;
	const char *prefix;	/* key part of the URI */
	const char *sample;	/* URI of an object that will be read; "": not
				 * known */
	const char *roles;	/* "arn[,arn...]" or "default"; "": no role acts,
				 * but keys or the session */
	const char *key;	/* of KMS_KEY_ID; "" */
	bool bucket_key;	/* ENCRYPTED AUTO: the bucket's own */
	const char *region;	/* of REGION; "": the warehouse's */
	const char *host;	/* of the server */
	int port;
	bool only_here;		/* a format that must lie in the same region */
};

enum access_known { ACCESS_UNKNOWN, ACCESS_YES, ACCESS_NO };

struct access_role {
	char *arn;
	enum access_known exists;
	struct json *trust;	/* NULL: not known */
};

/* What the statement needs; of the last role of a chain. */
enum access_right {
	ACCESS_LIST,		/* s3:ListBucket */
	ACCESS_GET,
	ACCESS_PUT,
	ACCESS_DELETE,
	ACCESS_DECRYPT,
	ACCESS_GENERATE,	/* kms:GenerateDataKey */
	ACCESS_RIGHTS,
};

struct access_facts {
	const struct access_ask *ask;
	char *account;		/* of the person; NULL: not known */
	/* the warehouse; name NULL: not known */
	bool serverless;
	char *name;		/* cluster, or workgroup */
	char *space;		/* namespace of a workgroup */
	char *region;		/* of the warehouse; NULL: not known */
	bool knows_roles;
	struct str attached;	/* ARNs, blank separated */
	struct str default_role;
	struct {
		VEC(struct access_role);
	} roles;		/* the chain; "default" resolved */
	bool may[ACCESS_RIGHTS];	/* asked about */
	enum iam_decision decision[ACCESS_RIGHTS];
	/* what a policy of the bucket or key itself says of it; UNKNOWN where
	 * it was not asked or may not be seen */
	enum access_known by_resource[ACCESS_RIGHTS];
	bool denied_there[ACCESS_RIGHTS];	/* by a policy of the bucket */
	char *bucket_region;	/* NULL: not known */
	struct kms_key key;	/* state "": not known */
	bool key_missing;
	struct str key_name;	/* as an object or KMS_KEY_ID names it; "" */
	struct str locked_object; /* the object, for messages; "": KMS_KEY_ID */
	struct str unasked;	/* permissions the person lacks, parted by
				 * ", " */
	bool late;		/* there was no time for all of them */
};

void access_facts_init(struct access_facts *facts);
void access_facts_done(struct access_facts *facts);

/* Borrows ask. false: Ctrl-C. */
bool access_find(struct access_facts *facts, struct aws *aws,
		 const struct access_ask *ask, struct err *err);

/* "s3:GetObject" */
const char *access_right_action(enum access_right right);

/* Appends the ARN that the right is about: bucket, objects, key. */
void access_add_resource(const struct access_facts *facts,
			 enum access_right right, struct str *out);

/* The same, as it is asked about: of objects one that will be read, where it
 * is known. */
void access_add_probe(const struct access_facts *facts,
		      enum access_right right, struct str *out);

/* That is one the statement needs. Else it is the start of names that policies
 * may tell apart further on, or a key, which grants may open too: what is
 * refused there may yet be allowed. */
bool access_is_exact(const struct access_facts *facts,
		     enum access_right right);

#endif
