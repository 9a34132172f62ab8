/* aws/secretsmanager.h - database logins that AWS Secrets Manager keeps. */
#ifndef AWS_SECRETSMANAGER_H
#define AWS_SECRETSMANAGER_H

#include <stdbool.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

struct aws;

/* The JSON of a secret; what it does not say is "" or 0. */
struct secretsmanager_login {
	struct str user;
	struct secret password;
	struct str host;
	int port;
	struct str database;
	struct str cluster;
};

#define SECRETSMANAGER_LOGIN_EMPTY                                             \
	{                                                                      \
		.user = STR_EMPTY, .password = SECRET_EMPTY,                   \
		.host = STR_EMPTY, .database = STR_EMPTY, .cluster = STR_EMPTY \
	}

void secretsmanager_login_done(struct secretsmanager_login *login);

/* GetSecretValue of a name or an ARN, whose region is asked. region NULL: the
 * one in force. stop_fd readable: give up; -1: Ctrl-C does. Replaces *out.
 * ERR_DATA: it is not the JSON of a login. */
bool secretsmanager_get_login(struct aws *aws, const char *region,
			      const char *id, int stop_fd,
			      struct secretsmanager_login *out,
			      struct err *err);

/* The ARN of a secret by its name, which GetSecretValue tells; the secret
 * itself is not looked at. Appends. */
bool secretsmanager_find_arn(struct aws *aws, const char *region,
			     const char *name, struct str *out,
			     struct err *err);

#endif
