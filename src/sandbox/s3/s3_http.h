/* sandbox/s3/s3_http.h - the AWS endpoints on loopback over HTTP.
 *
 * One port serves S3 (path style), STS, Redshift and Redshift Serverless: the
 * service is the one named in the request's credential scope. Every
 * request needs a right SigV4 signature, but those of
 * sandbox/services/api_open; what no table names is refused with AWS's error
 * shape. Threads of its own (one a connection); start and stop from any
 * thread.
 */
#ifndef SANDBOX_S3_S3_HTTP_H
#define SANDBOX_S3_S3_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct cfn;
struct faults;
struct identity;
struct pgparams;
struct qs;
struct s3_http;
struct s3_store;
struct sessions;

/* A temporary password made by GetClusterCredentials and its kin. The
 * gateway's login must accept user with password until expires_ms; a user that
 * does not exist is created when auto_create is set, else the call is refused.
 * user comes with its "IAM:" or "IAMA:" prefix, as clients will send it. */
struct s3_http_grant {
	const char *user;
	const char *password;
	const char *database; /* NULL: any */
	const char *groups;   /* parted by commas, NULL: none */
	int64_t expires_ms;   /* wall clock */
	bool auto_create;
};

/* A database and its first user, who may do all: of a warehouse that a stack
 * makes. To remove: what is NULL stays. */
struct s3_http_database {
	const char *name;
	const char *user;
	const char *password;
};

struct s3_http_options {
	int port;                        /* 127.0.0.1; 0: any free one */
	struct s3_store *store;          /* borrowed until stop */
	const struct identity *identity; /* borrowed until stop */
	const struct pgparams *params;   /* borrowed; NULL: not told */
	const char *dir;                 /* borrowed; NULL: no denied.tsv
					  * and no faults */
	int login_life_s;                /* of passwords; 0: as asked */
	struct sessions *sessions;       /* s3_http_start makes them */
	struct faults *faults;           /* that too, when dir is given */
	struct qs *quicksight;           /* the same */
	/* Called from HTTP threads; NULL: GetClusterCredentials is refused. */
	bool (*grant)(void *context, const struct s3_http_grant *grant,
		      struct err *err);
	/* NULL: nothing is made. What is there already is left, but for the
	 * user's password. */
	bool (*make_database)(void *context,
			      const struct s3_http_database *database,
			      struct err *err);
	bool (*drop_database)(void *context,
			      const struct s3_http_database *database,
			      struct err *err);
	void *grant_context; /* of these three */
	int stack_step_ms;   /* see cfn; 0: as usual */
	struct cfn *stacks;  /* s3_http_start makes it, when dir is given */
};

struct s3_http *s3_http_start(const struct s3_http_options *options,
			      struct err *err);
int s3_http_port(const struct s3_http *http);
void s3_http_stop(struct s3_http *http); /* NULL is fine */
CLEANUP_FREE(struct s3_http, s3_http_stop, s3_http_stopp)

#endif
