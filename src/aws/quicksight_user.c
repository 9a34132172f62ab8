#include "aws/quicksight_user.h"

#include <string.h>

#include "aws/quicksight.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "data/rows_mem.h"

/* The sets that QuickSight's console gives to owners and viewers. */
static const char *const owns_data_source[] = {
	"quicksight:DescribeDataSource",
	"quicksight:DescribeDataSourcePermissions",
	"quicksight:PassDataSource",
	"quicksight:UpdateDataSource",
	"quicksight:DeleteDataSource",
	"quicksight:UpdateDataSourcePermissions",
	NULL
};

static const char *const owns_data_set[] = {
	"quicksight:DescribeDataSet",
	"quicksight:DescribeDataSetPermissions",
	"quicksight:PassDataSet",
	"quicksight:DescribeIngestion",
	"quicksight:ListIngestions",
	"quicksight:UpdateDataSet",
	"quicksight:DeleteDataSet",
	"quicksight:CreateIngestion",
	"quicksight:CancelIngestion",
	"quicksight:UpdateDataSetPermissions",
	NULL
};

static const char *const owns_analysis[] = {
	"quicksight:RestoreAnalysis",
	"quicksight:UpdateAnalysisPermissions",
	"quicksight:DeleteAnalysis",
	"quicksight:DescribeAnalysisPermissions",
	"quicksight:QueryAnalysis",
	"quicksight:DescribeAnalysis",
	"quicksight:UpdateAnalysis",
	NULL
};

static const char *const owns_dashboard[] = {
	"quicksight:DescribeDashboard",
	"quicksight:ListDashboardVersions",
	"quicksight:UpdateDashboardPermissions",
	"quicksight:QueryDashboard",
	"quicksight:UpdateDashboard",
	"quicksight:DeleteDashboard",
	"quicksight:DescribeDashboardPermissions",
	"quicksight:UpdateDashboardPublishedVersion",
	NULL
};

static const char *const views_dashboard[] = {
	"quicksight:DescribeDashboard",
	"quicksight:ListDashboardVersions",
	"quicksight:QueryDashboard",
	NULL
};

static const char *const *const actions[] = {
	[QUICKSIGHT_OWNS_DATA_SOURCE] = owns_data_source,
	[QUICKSIGHT_OWNS_DATA_SET] = owns_data_set,
	[QUICKSIGHT_OWNS_ANALYSIS] = owns_analysis,
	[QUICKSIGHT_OWNS_DASHBOARD] = owns_dashboard,
	[QUICKSIGHT_VIEWS_DASHBOARD] = views_dashboard,
};

struct json *quicksight_permissions(enum quicksight_right right,
				    const char *arn)
{
	struct json *list = json_new_array();
	struct json *entry = json_new_object();
	struct json *names = json_new_array();

	for (const char *const *name = actions[right]; *name != NULL; name++)
		json_push_take(names, json_new_text(*name));
	json_put_text(entry, "Principal", arn);
	json_put_take(entry, "Actions", names);
	json_push_take(list, entry);
	return list;
}

/* --- who there is --- */

struct search {
	const char *name;	/* as QuickSight has it */
	const char *key;	/* "UserName", "GroupName" */
	struct str *arn;
	struct str *others;	/* a few, for the error */
	int count;
};

static bool look_at(void *context, const struct json *item)
{
	struct search *search = context;
	const char *name = json_text(item, search->key, "");

	if (strcmp(name, search->name) == 0) {
		str_set(search->arn, json_text(item, "Arn", ""));
		return false;
	}
	if (search->count++ < 8)
		str_addf(search->others, "%s%s",
			 search->others->len > 0 ? ", " : "", name);
	return true;
}

/* arn:aws:iam::1:user/path/alice: alice; arn:aws:sts::1:assumed-role/R/s: R/s:
 * the names under which QuickSight registers IAM's users and roles. */
static const char *name_of_caller(const char *arn)
{
	const char *role = strstr(arn, ":assumed-role/");

	if (role != NULL)
		return role + strlen(":assumed-role/");
	return strstr(arn, ":root") != NULL && str_ends(arn, ":root")
		       ? "root"
		       : quicksight_arn_id(arn);
}

static bool refuse(const struct quicksight *quicksight, const char *asked,
		   const char *name, const struct str *others, struct err *err)
{
	if (asked != NULL)
		err_set(err, ERR_MISSING,
			"QuickSight has no user or group \"%s\"", name);
	else
		err_set(err, ERR_MISSING,
			"QuickSight has no user for the AWS identity %s, and "
			"only a user of QuickSight can open what is made",
			quicksight->caller.text);
	if (others->len > 0)
		return err_hint(err, "%s: %s",
				asked ? "there are" : "name one by --user NAME",
				others->text);
	return err_hint(err, "an administrator of QuickSight adds users: its "
			     "console, Manage, Manage users");
}

/* Who may list users need not be one who may list groups: that there is no such
 * user is told first. */
static bool refuse_groups(const struct search *search, struct err *failed,
			  struct err *err)
{
	if (err == NULL)
		return false;
	*err = *failed;
	if (failed->kind == ERR_CANCELLED)
		return false;
	err_set(err, failed->kind,
		"QuickSight has no user \"%s\", and its groups cannot be "
		"looked at: %s",
		search->name, failed->message);
	err_set_code(err, failed->code);
	if (search->others->len > 0)
		return err_hint(err, "there are the users %s; a group can be "
				     "named by its ARN", search->others->text);
	return err_hint(err, "%s", failed->hint);
}

bool quicksight_find_user(struct quicksight *quicksight, const char *name,
			  bool groups, struct str *out_arn, struct err *err)
{
	CLEANUP(str_done) struct str others = STR_EMPTY;
	CLEANUP(str_done) struct str found = STR_EMPTY;
	struct search search = {
		.name = name ? name : name_of_caller(quicksight->caller.text),
		.key = "UserName",
		.arn = &found,
		.others = &others,
	};
	struct quicksight_pages pages = {
		.operation = OPERATION_QUICKSIGHT_LIST_USERS,
		.path = "namespaces/default/users",
		.member = "UserList",
		.about_users = true,
		.visit = look_at,
		.context = &search,
	};
	struct err failed = ERR_EMPTY;

	if (name != NULL && str_starts(name, "arn:")) {
		str_add(out_arn, name);
		return true;
	}
	if (!quicksight_list(quicksight, &pages, err))
		return false;
	if (found.len == 0 && groups) {
		pages.operation = OPERATION_QUICKSIGHT_LIST_GROUPS;
		pages.path = "namespaces/default/groups";
		pages.member = "GroupList";
		search.key = "GroupName";
		if (!quicksight_list(quicksight, &pages, &failed))
			return refuse_groups(&search, &failed, err);
	}
	str_add(out_arn, found.text);
	return found.len > 0 ||
	       refuse(quicksight, name, search.name, &others, err);
}

/* --- who may look at a dashboard --- */

static bool allows(const struct json *entry, const char *action)
{
	const struct json *list = json_key(entry, "Actions");

	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), NULL, ""), action) ==
		    0)
			return true;
	return false;
}

/* arn:...:user/default/alice: "user", "alice" */
static void add_principal(struct rows_mem *mem, const char *arn)
{
	const char *kind = strrchr(arn, ':');
	const char *name;

	kind = kind != NULL ? kind + 1 : arn;
	name = strchr(kind, '/');
	name = name != NULL ? strchr(name + 1, '/') : NULL;
	rows_mem_add(mem, name != NULL ? name + 1 : arn);
	rows_mem_add_slice(mem, kind, strcspn(kind, "/"));
}

struct rows *quicksight_dashboard_users(struct quicksight *quicksight,
					const char *id, size_t *out_count,
					struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	const struct json *list;
	struct rows_mem *mem;

	str_addf(&path, "dashboards/%s", id);
	if (!quicksight_get(quicksight,
			    OPERATION_QUICKSIGHT_DESCRIBE_DASHBOARD_PERMISSIONS,
			    path.text, "permissions", &reply, err))
		return NULL;
	mem = rows_mem_new(NULL);
	rows_mem_column(mem, "Name", ROWS_TEXT);
	rows_mem_column(mem, "Kind", ROWS_TEXT);
	rows_mem_column(mem, "May", ROWS_TEXT);
	list = json_key(reply, "Permissions");
	*out_count = json_count(list);
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *entry = json_item(list, i);

		add_principal(mem, json_text(entry, "Principal", ""));
		rows_mem_add(mem,
			     allows(entry, "quicksight:UpdateDashboard")
				     ? "look and change"
				     : "look");
	}
	return rows_mem_rows(mem);
}

bool quicksight_grant(struct quicksight *quicksight,
		      const struct quicksight_grant *grant, struct err *err)
{
	CLEANUP(json_freep) struct json *body = json_new_object();
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct quicksight_ask ask = {
		.operation =
			OPERATION_QUICKSIGHT_UPDATE_DASHBOARD_PERMISSIONS,
		.body = body,
	};
	/* Who is taken off may have been an owner. */
	bool all = grant->owner || grant->revoke;

	str_addf(&path, "dashboards/%s/permissions", grant->dashboard);
	ask.path = path.text;
	json_put_take(body,
		      grant->revoke ? "RevokePermissions" : "GrantPermissions",
		      quicksight_permissions(all ? QUICKSIGHT_OWNS_DASHBOARD
						 : QUICKSIGHT_VIEWS_DASHBOARD,
					     grant->arn));
	return quicksight_call(quicksight, &ask, NULL, err);
}
