/* aws/redshift.h - clusters and database passwords of the Redshift API. */
#ifndef AWS_REDSHIFT_H
#define AWS_REDSHIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct aws;
struct call;

struct redshift_cluster {
	char *identifier;
	char *status;		/* "available", "paused", "resuming" */
	char *address;		/* host; "" while creating or paused */
	int port;
	char *database;
	char *master_user;
	char *default_role;	/* DefaultIamRoleArn or "" */
	char *roles;		/* ARNs of attached roles, blank separated */
	char *nodes;		/* "4 x ra3.4xlarge" or "" */
	char *vpc;		/* "vpc-0123" or "" */
	char *secret;		/* ARN of the managed admin password or "" */
	bool is_public;		/* has an address of the internet */
};

struct redshift_clusters {
	struct redshift_cluster *items;		/* [count] */
	size_t count;
	size_t cap;
};

void redshift_clusters_done(struct redshift_clusters *clusters);

/* DescribeClusters; identifier NULL: all (every page). region NULL: the one in
 * force. An unknown identifier is ERR_MISSING. */
bool redshift_describe(struct aws *aws, const char *region,
		       const char *identifier, struct redshift_clusters *out,
		       struct err *err);

/* For who sends the calls himself: the next page's call, marker "" for the
 * first; and what a finished one answers. *marker "": that was the last. */
struct call *redshift_describe_call(const char *region, const char *identifier,
				    const char *marker);
bool redshift_describe_read(const struct call *call,
			    struct redshift_clusters *out, struct str *marker,
			    struct err *err);

/* ModifyClusterIamRoles: the role, which is attached, becomes IAM_ROLE default.
 * CloudFormation has no property for it. */
bool redshift_set_default_role(struct aws *aws, const char *region,
			       const char *cluster, const char *role,
			       struct err *err);

/* The cluster behind a domain of one's own (DescribeCustomDomainAssociations).
 * Appends. ERR_MISSING: there is none. */
bool redshift_of_domain(struct aws *aws, const char *region, const char *domain,
			struct str *out_cluster, struct err *err);

struct redshift_login_options {
	const char *region;		/* NULL: the one in force */
	const char *cluster;		/* NULL: domain */
	const char *domain;
	const char *user;		/* NULL: who the AWS identity is
					 * (GetClusterCredentialsWithIAM) */
	const char *database;		/* NULL: any */
	const char *groups;		/* parted by commas; NULL: none */
	bool auto_create;
	int duration_s;			/* 900 to 3600; 0: 900 */
	int stop_fd;			/* readable: give up. -1: Ctrl-C does */
};

struct redshift_login {
	struct str user;	/* "IAM:alice": send exactly this */
	struct secret password;
	int64_t expires_ms;
};

#define REDSHIFT_LOGIN_EMPTY                                                   \
	{                                                                      \
		STR_EMPTY, SECRET_EMPTY, 0                                     \
	}

void redshift_login_done(struct redshift_login *login);

/* GetClusterCredentials or GetClusterCredentialsWithIAM. Replaces *out. */
bool redshift_get_login(struct aws *aws,
			const struct redshift_login_options *options,
			struct redshift_login *out, struct err *err);

#endif
