/* sandbox/services/api_open.h - identity services whose requests are not
 * signed.
 *
 * IAM Identity Center (OIDC and its portal), AssumeRoleWithWebIdentity, the
 * metadata service of EC2 and credentials of containers, on the paths they
 * have at AWS. A request that is signed is never for them.
 */
#ifndef SANDBOX_SERVICES_API_OPEN_H
#define SANDBOX_SERVICES_API_OPEN_H

#include <stdbool.h>

#include "base/err.h"

struct s3_call;

/* The request is without a signature, and its path is one of ours. */
bool api_open_is_for(const struct s3_call *call);

/* With its body in call->text; leaves a reply, also of refusal. */
void api_open_run(struct s3_call *call);

#endif
