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
 * stack; one of that name that did not is left alone, and told. */
bool platform_keep(struct platform_place *place,
		   const struct cloudformation_stack *stack, struct err *err);

/* Takes it away again. */
void platform_keep_forget(struct platform_place *place);

#endif
