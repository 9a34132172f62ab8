/* sandbox/services/api_login.h - temporary passwords that the API gives out.
 *
 * By GetClusterCredentials, GetClusterCredentialsWithIAM and, on serverless,
 * GetCredentials.
 */
#ifndef SANDBOX_SERVICES_API_LOGIN_H
#define SANDBOX_SERVICES_API_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct s3_call;
struct s3_http_grant;
struct str;

enum { /* seconds a password lasts */
       API_LOGIN_SHORTEST = 900,
       API_LOGIN_LONGEST = 3600,
};

/* Databases, users and groups: 1 to 64 letters, digits and _+.@-, first a
 * letter; 63 are what the private PostgreSQL can hold. No reserved word. */
bool api_login_is_name(const char *text);

/* The database user that the caller is: "IAM:sandbox", "IAMR:ROLE" with the
 * temporary keys of a role. Appends. */
void api_login_add_caller(const struct s3_call *call, struct str *out);

/* Makes a password for grant->user, lets the gateway know, and sets
 * grant->expires_ms. Appends the password, which the caller wipes;
 * grant->password is NULL afterwards. */
bool api_login_give(struct s3_call *call, struct s3_http_grant *grant,
		    int64_t duration_s, struct str *out_password,
		    struct err *err);

#endif
