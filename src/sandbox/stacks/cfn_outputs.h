/* sandbox/stacks/cfn_outputs.h - the Outputs of a template, worked out. */
#ifndef SANDBOX_STACKS_CFN_OUTPUTS_H
#define SANDBOX_STACKS_CFN_OUTPUTS_H

#include "base/err.h"

struct cfn_scope;
struct json;

/* An array of {OutputKey, OutputValue, Description, ExportName}; NULL and
 * err. */
struct json *cfn_outputs_eval(const struct cfn_scope *scope, struct err *err);

#endif
