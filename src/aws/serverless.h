/* aws/serverless.h - workgroups of Redshift Serverless and their logins. */
#ifndef AWS_SERVERLESS_H
#define AWS_SERVERLESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct aws;
struct call;
struct redshift_login;

struct serverless_workgroup {
	char *name;
	char *status;		/* "AVAILABLE", "CREATING", "MODIFYING" */
	char *address;		/* host; "" while creating */
	int port;
	char *space;		/* its namespace */
	char *arn;
	int capacity;		/* base capacity in RPU; 0: not told */
	char *vpc;		/* "vpc-0123"; "" when not told */
	bool is_public;		/* has an address of the internet */
};

struct serverless_workgroups {
	struct serverless_workgroup *items;	/* [count] */
	size_t count;
	size_t cap;
};

void serverless_done(struct serverless_workgroups *workgroups);

/* GetWorkgroup: *out gets one item. region NULL: the one in force. An unknown
 * name is ERR_MISSING. */
bool serverless_get(struct aws *aws, const char *region, const char *name,
		    struct serverless_workgroups *out, struct err *err);

/* The database of a namespace (GetNamespace). Appends. */
bool serverless_database(struct aws *aws, const char *region, const char *space,
			 struct str *out, struct err *err);

/* ARN of the managed admin password of a namespace (GetNamespace), "" when
 * there is none. Appends. */
bool serverless_secret(struct aws *aws, const char *region, const char *space,
		       struct str *out, struct err *err);

/* Roles of a namespace, for who sends GetNamespace himself. */
struct serverless_roles {
	struct str roles;	/* ARNs, blank separated */
	struct str default_role; /* ARN or "" */
};

struct call *serverless_space_call(const char *region, const char *space);
bool serverless_space_read(const struct call *call,
			   struct serverless_roles *out, struct err *err);

/* ListWorkgroups for who sends the calls himself: the next page's call, token
 * "" for the first; and what a finished one answers. *token "": the last. */
struct call *serverless_list_call(const char *region, const char *token);
bool serverless_list_read(const struct call *call,
			  struct serverless_workgroups *out, struct str *token,
			  struct err *err);

struct serverless_login_options {
	const char *region;		/* NULL: the one in force */
	const char *workgroup;		/* NULL: domain */
	const char *domain;
	const char *database;		/* NULL: any */
	int duration_s;			/* 900 to 3600; 0: 900 */
	int stop_fd;			/* readable: give up. -1: Ctrl-C does */
};

/* GetCredentials: the user is who the AWS identity is. Replaces *out. */
bool serverless_get_login(struct aws *aws,
			  const struct serverless_login_options *options,
			  struct redshift_login *out, struct err *err);

#endif
