/* cmd/platform_keep.h - the saved connection of a platform: @NAME.
 *
 * Made from the outputs of the stack: host, login by IAM, the bucket as staging
 * place and the role of COPY. No password is read.
 */
#ifndef CMD_PLATFORM_KEEP_H
#define CMD_PLATFORM_KEEP_H

#include <stdbool.h>

#include "base/err.h"

struct cloudformation_stack;
struct platform_place;

/* Saves it under the stack's name, in place of one that came from the same
 * stack (its words that are not the platform's stay); one of that name that did
 * not, or that is of the stack of another region or account, is left alone, and
 * told. */
bool platform_keep(struct platform_place *place,
		   const struct cloudformation_stack *stack, struct err *err);

/* Takes it away again. stack NULL: it is gone already, so that its account is
 * not known; then the AWS profile must be that of the connection. */
void platform_keep_forget(struct platform_place *place,
			  const struct cloudformation_stack *stack);

#endif
