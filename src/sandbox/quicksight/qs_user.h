/* sandbox/quicksight/qs_user.h - users of QuickSight. */
#ifndef SANDBOX_QUICKSIGHT_QS_USER_H
#define SANDBOX_QUICKSIGHT_QS_USER_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct qs;
struct qs_call;
struct str;

/* Makes the account's own user when there is none yet. */
bool qs_user_begin(struct qs *qs, struct err *err);

#define QS_NAMESPACE "default"

/* The ARN of a user or a group (kind) in that namespace. Appends. */
void qs_user_add_arn(const struct qs *qs, const char *kind, const char *name,
		     struct str *out);

/* The call's Namespace, and the user it names. ResourceNotFoundException. */
bool qs_user_check_namespace(const struct qs_call *call, struct err *err);
struct json *qs_user_need(const struct qs_call *call, struct err *err);

/* NULL: no such user. */
struct json *qs_user_find(const struct qs *qs, const char *arn);

#endif
