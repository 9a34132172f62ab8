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

struct redshift_cluster {
	char *identifier;
	char *status;		/* "available" */
	char *address;		/* host; "" while creating or paused */
	int port;
	char *database;
	char *master_user;
	char *default_role;	/* DefaultIamRoleArn or "" */
	char *roles;		/* ARNs of attached roles, blank separated */
};

struct redshift_clusters {
	struct redshift_cluster *items;		/* [count] */
	size_t count;
	size_t cap;
};

void redshift_clusters_done(struct redshift_clusters *clusters);

/* DescribeClusters; identifier NULL: all (every page). An unknown one is
 * ERR_MISSING. */
bool redshift_describe(struct aws *aws, const char *identifier,
		       struct redshift_clusters *out, struct err *err);

struct redshift_login_options {
	const char *cluster;
	const char *user;
	const char *database;		/* NULL: any */
	bool auto_create;
	int duration_s;			/* 900 to 3600; 0: 900 */
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

/* GetClusterCredentials. Replaces *out. */
bool redshift_get_login(struct aws *aws,
			const struct redshift_login_options *options,
			struct redshift_login *out, struct err *err);

#endif
