/* sandbox/stacks/cfn_params.h - parameters of a template, and its Rules.
 *
 * [CloudFormation User Guide: Parameters; Rules]
 */
#ifndef SANDBOX_STACKS_CFN_PARAMS_H
#define SANDBOX_STACKS_CFN_PARAMS_H

#include <stdbool.h>

#include "base/err.h"

struct cfn_scope;
struct json;

/* What is declared. ValidationError. */
bool cfn_params_check(const struct json *template, struct err *err);

/* The values of all parameters, as text, in an object; NULL: refused. given:
 * an object of texts, or null where the value of previous is meant. previous:
 * what this gave for the stack before; NULL: there is none. */
struct json *cfn_params_resolve(const struct json *template,
				const struct json *given,
				const struct json *previous, struct err *err);

/* What Ref of a parameter gives: text or a list of texts; the caller's. Of SSM
 * types what the name stands for. values: of resolve. */
struct json *cfn_params_value(const struct json *template,
			      const struct json *values, const char *name);

/* What an SSM type's name stands for, the caller's; NULL: another type. */
char *cfn_params_ssm(const struct json *template, const struct json *values,
		     const char *name);

bool cfn_params_is_secret(const struct json *template, const char *name);

/* Do the Rules hold? ValidationError. */
bool cfn_params_rules(const struct cfn_scope *scope, struct err *err);

#endif
