/* sandbox/stacks/cfn_template.h - a CloudFormation template, read and checked.
 *
 * YAML with the short forms of functions (!Ref) or JSON. Refusals are ERR_AWS,
 * mostly ValidationError, in AWS's words. What is checked here is what AWS
 * says before a stack exists: the sections, the types, every reference, the
 * circles. What a resource's properties may be is in sandbox/stacks/cfn_schema.
 * [CloudFormation User Guide: Template anatomy; Intrinsic functions]
 */
#ifndef SANDBOX_STACKS_CFN_TEMPLATE_H
#define SANDBOX_STACKS_CFN_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct cfn_schema;
struct json;
struct str;

enum {
	CFN_BODY_BYTES_MAX = 51200,
	CFN_URL_BYTES_MAX = 1000000, /* of a template in S3 */
	CFN_VALUE_BYTES_MAX = 4096,  /* of a parameter */
};

/* ValidationError; false. */
bool cfn_refuse(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The template as a JSON value, functions in their long form (Fn::Sub);
 * NULL: refused. from_url: the larger limit is meant. */
struct json *cfn_template_read(const char *text, size_t len, bool from_url,
			       struct err *err);

/* All that can be said without values. */
bool cfn_template_check(const struct cfn_schema *schema,
			const struct json *template, struct err *err);

/* Which capabilities it needs: appends "CAPABILITY_IAM" or
 * "CAPABILITY_NAMED_IAM"; out_reason: why, in words. */
void cfn_template_capability(const struct json *template, struct str *out,
			     struct str *out_reason);

/* --- parts --- */

/* Of "Resources", "Parameters", ...; NULL: not there. */
const struct json *cfn_template_part(const struct json *template,
				     const char *section, const char *name);

/* "AWS::Region" and the like. */
bool cfn_template_is_pseudo(const char *name);

#endif
