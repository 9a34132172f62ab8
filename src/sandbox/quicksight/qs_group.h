/* sandbox/quicksight/qs_group.h - groups of QuickSight's users, and what is
 * shared with them.
 */
#ifndef SANDBOX_QUICKSIGHT_QS_GROUP_H
#define SANDBOX_QUICKSIGHT_QS_GROUP_H

#include <stdbool.h>

struct json;
struct qs;

/* Is it the ARN of a group that there is? */
bool qs_group_has(const struct qs *qs, const char *arn);

/* Has a group that the user (an ARN) is a member of that action on the asset?
 */
bool qs_group_may(const struct qs *qs, const struct json *record,
		  const char *user, const char *action);

#endif
