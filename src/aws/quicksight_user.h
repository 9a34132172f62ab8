/* aws/quicksight_user.h - QuickSight's users and groups, and what they may do
 * with a thing.
 *
 * Nobody sees what was made by the API unless a permission names him.
 */
#ifndef AWS_QUICKSIGHT_USER_H
#define AWS_QUICKSIGHT_USER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct json;
struct quicksight;
struct rows;
struct str;

enum quicksight_right {
	QUICKSIGHT_OWNS_DATA_SOURCE,
	QUICKSIGHT_OWNS_DATA_SET,
	QUICKSIGHT_OWNS_ANALYSIS,
	QUICKSIGHT_OWNS_DASHBOARD,
	QUICKSIGHT_VIEWS_DASHBOARD,
};

/* The ARN of a user: name is an ARN already, the name of a user or (groups) of
 * a group; NULL: the user that the AWS identity is. Appends. ERR_MISSING says
 * which there are. */
bool quicksight_find_user(struct quicksight *quicksight, const char *name,
			  bool groups, struct str *out_arn, struct err *err);

/* [{"Principal": arn, "Actions": [...]}], yours to json_free or put. */
struct json *quicksight_permissions(enum quicksight_right right,
				    const char *arn);

/* Who may do what with a dashboard, and how many that are. NULL: err. */
struct rows *quicksight_dashboard_users(struct quicksight *quicksight,
					const char *id, size_t *out_count,
					struct err *err);

/* Gives or takes the right to look at a dashboard; owner: to change it. */
struct quicksight_grant {
	const char *dashboard;	/* id */
	const char *arn;
	bool revoke;
	bool owner;
};

bool quicksight_grant(struct quicksight *quicksight,
		      const struct quicksight_grant *grant, struct err *err);

#endif
