/* sandbox/stacks/cfn_mask.h - what NoEcho parameters hold, kept out of what is
 * told.
 *
 * [CloudFormation User Guide: Parameters, NoEcho: masked with asterisks
 * wherever the stack or its events are described, outputs and metadata apart]
 */
#ifndef SANDBOX_STACKS_CFN_MASK_H
#define SANDBOX_STACKS_CFN_MASK_H

struct json;

/* Pushes the texts that the NoEcho parameters of template stand for. values:
 * of cfn_params_resolve. Both may be NULL. */
void cfn_mask_collect(const struct json *template, const struct json *values,
		      struct json *secrets);

/* A copy of value, the caller's, with **** for each of the secrets within its
 * texts, and for texts that hold one as Base64. NULL of NULL. */
struct json *cfn_mask_value(const struct json *value,
			    const struct json *secrets);

#endif
