/* load/access_policy.h - policies to ask for, as JSON ready to paste, and
 * where they are put. Pure.
 */
#ifndef LOAD_ACCESS_POLICY_H
#define LOAD_ACCESS_POLICY_H

#include <stdbool.h>
#include <stddef.h>

struct str;

struct access_grant {
	const char *action;	/* "s3:GetObject" */
	const char *resource;	/* ARN */
};

/* Appends a policy that allows them, with where to add it to the role. */
void access_policy_add_grants(const char *role_arn,
			      const struct access_grant *grants, size_t count,
			      struct str *out);

/* Appends a trust policy for the principals, NULL terminated: services, or
 * the ARN of a role; with where to put it. */
void access_policy_add_trust(const char *role_arn,
			     const char *const *principals, struct str *out);

/* Appends how a role is attached to a cluster, or to a workgroup's namespace.
 * name "": not known. attached: ARNs that are, blank separated, for the API
 * of namespaces, which takes the whole list. */
struct access_place {
	bool serverless;
	const char *name;	/* of the cluster */
	const char *space;	/* namespace */
	const char *attached;
};

void access_policy_add_attach(const char *role_arn,
			      const struct access_place *place,
			      struct str *out);

#endif
