/* sandbox/services/api_secrets.h - secrets, for those who hold an ARN or make
 * one.
 *
 * Files of DIR/secrets as CreateSecret makes them; dir is the sandbox's folder.
 */
#ifndef SANDBOX_SERVICES_API_SECRETS_H
#define SANDBOX_SERVICES_API_SECRETS_H

#include <stdbool.h>

#include "base/err.h"

struct s3_http_options;
struct str;

/* id: a name or an ARN. Appends what SecretString is, which the caller wipes.
 * ResourceNotFoundException. */
bool api_secrets_read(const struct s3_http_options *options, const char *id,
		      struct str *out, struct err *err);

bool api_secrets_has(const char *dir, const char *name);

/* Makes it, or gives it that value; appends its ARN. */
bool api_secrets_keep(const char *dir, const char *name, const char *value,
		      struct str *out_arn, struct err *err);

/* Appends the value; id: name or ARN. ERR_MISSING. */
bool api_secrets_value(const char *dir, const char *id, struct str *out,
		       struct err *err);

/* id: name or ARN. It may be gone already. */
bool api_secrets_forget(const char *dir, const char *id, struct err *err);

#endif
