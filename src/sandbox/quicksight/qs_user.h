/* sandbox/quicksight/qs_user.h - users of QuickSight. */
#ifndef SANDBOX_QUICKSIGHT_QS_USER_H
#define SANDBOX_QUICKSIGHT_QS_USER_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct qs;

/* Makes the account's own user when there is none yet. */
bool qs_user_begin(struct qs *qs, struct err *err);

/* NULL: no such user. */
struct json *qs_user_find(const struct qs *qs, const char *arn);

#endif
