/* sandbox/stacks/cfn_eval.h - intrinsic functions worked out.
 *
 * The template has passed cfn_template_check. Refusals are ValidationError in
 * AWS's words. [CloudFormation User Guide: Intrinsic function reference]
 */
#ifndef SANDBOX_STACKS_CFN_EVAL_H
#define SANDBOX_STACKS_CFN_EVAL_H

#include <stdbool.h>

#include "base/err.h"

struct json;

struct cfn_scope {
	const struct json *template;
	const struct json *params; /* of cfn_params_resolve */
	const char *stack_name;
	const char *stack_id;
	/* What Ref (attribute NULL) or Fn::GetAtt of a resource gives, the
	 * caller's; NULL: it has none now, err says why. */
	struct json *(*resource)(void *context, const char *name,
				 const char *attribute, struct err *err);
	void *context;
};

/* *out: the value, the caller's; NULL: AWS::NoValue. */
bool cfn_eval(const struct cfn_scope *scope, const struct json *value,
	      struct json **out, struct err *err);

/* A condition's operations, {"Fn::Equals": ...}. */
bool cfn_eval_boolean(const struct cfn_scope *scope, const struct json *value,
		      bool *out, struct err *err);

/* Conditions of that name; true where name is NULL. */
bool cfn_eval_condition(const struct cfn_scope *scope, const char *name,
			bool *out, struct err *err);

#endif
