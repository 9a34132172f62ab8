/* sandbox/api_secrets.h - values of secrets, for those who hold an ARN. */
#ifndef SANDBOX_API_SECRETS_H
#define SANDBOX_API_SECRETS_H

#include <stdbool.h>

#include "base/err.h"

struct s3_http_options;
struct str;

/* id: a name or an ARN. Appends what SecretString is, which the caller wipes.
 * ResourceNotFoundException. */
bool api_secrets_read(const struct s3_http_options *options, const char *id,
		      struct str *out, struct err *err);

#endif
