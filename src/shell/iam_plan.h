/* shell/iam_plan.h - which call gets the login that a dsn wants. */
#ifndef SHELL_IAM_PLAN_H
#define SHELL_IAM_PLAN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct aws;
struct dsn;
struct redshift_login;

struct iam_plan {
	bool serverless;
	struct str name;     /* of cluster or workgroup; "": by domain */
	struct str domain;   /* "" unless nothing else names it */
	struct str region;   /* "": the one in force */
	struct str user;     /* of the database; "": who the identity is */
	struct str database; /* "": any */
	struct str groups;   /* parted by commas */
	struct str account;  /* "": not known */
	bool auto_create;
	int duration_s; /* 0: the shortest */
};

#define IAM_PLAN_EMPTY                                                         \
	{                                                                      \
		.name = STR_EMPTY, .domain = STR_EMPTY, .region = STR_EMPTY,   \
		.user = STR_EMPTY, .database = STR_EMPTY,                      \
		.groups = STR_EMPTY, .account = STR_EMPTY                      \
	}

void iam_plan_done(struct iam_plan *plan);

/* From the host's name and the options; those win. ERR_USAGE: it cannot be
 * told which cluster or workgroup is meant, or options do not fit. */
bool iam_plan_make(const struct dsn *dsn, struct iam_plan *plan,
		   struct err *err);

/* What tells one login from another. Appends. */
void iam_plan_add_key(const struct iam_plan *plan, struct str *out);

/* Asks AWS; a refusal by policy tells which permission on what is missing. */
bool iam_plan_fetch(const struct iam_plan *plan, struct aws *aws, int stop_fd,
		    struct redshift_login *out, struct err *err);

#endif
