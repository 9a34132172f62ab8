/* load/copy_rules.h - what excludes and needs what in COPY and UNLOAD.
 *
 * Between parameters by the columns of load/copy_option, then what hangs on a
 * value, on the authorization and on the place. Errors name both sides;
 * err.code is 0A000 for what does not go together. Pure.
 */
#ifndef LOAD_COPY_RULES_H
#define LOAD_COPY_RULES_H

#include <stdbool.h>

struct copy_options;
struct err;

bool copy_rules_check(const struct copy_options *options, struct err *err);

/* What the place COPY reads from excludes and needs: s3://, emr://,
 * dynamodb://. */
bool copy_rules_check_source(const struct copy_options *options,
			     const char *source, struct err *err);

#endif
