/* sandbox/quicksight/api_quicksight.h - QuickSight: requests, answers and
 * refusals.
 *
 * REST with JSON: the operation is in method and path. The body, the path and
 * the query are checked as one object against sandbox/quicksight/qs_shape
 * before it runs. Sources: the service's model for shapes and errors; what AWS
 * answers where the model leaves it open is in share/sandbox/README.
 */
#ifndef SANDBOX_QUICKSIGHT_API_QUICKSIGHT_H
#define SANDBOX_QUICKSIGHT_API_QUICKSIGHT_H

#include <stdbool.h>

#include "base/err.h"

struct s3_call;

/* The request is signed for it, by what its head says. */
bool api_quicksight_is_for(const struct s3_call *call);

/* Which operation; NULL: none of its. */
const char *api_quicksight_op(const struct s3_call *call);

/* Is there an operation of that name? */
bool api_quicksight_has_op(const char *name);

/* With the body in call->text and its signature checked. */
bool api_quicksight_run(struct s3_call *call, struct err *err);

/* Writes err as the service does. */
void api_quicksight_error(struct s3_call *call, const struct err *err);

#endif
