/* Who may do what with QuickSight's assets: sandbox/quicksight/qs_asset. */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/account/identity.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_group.h"
#include "sandbox/s3/s3_call.h"

/* The sets that may be granted, as the console gives them: a viewer's and an
 * owner's, who has the viewer's too. */
static const struct {
	const char *kind;
	const char *viewer; /* NULL: there are none */
	const char *owner;
} sets[] = {
	{ "datasource",
	  "DescribeDataSource DescribeDataSourcePermissions PassDataSource",
	  "UpdateDataSource DeleteDataSource UpdateDataSourcePermissions" },
	{ "dataset",
	  "DescribeDataSet DescribeDataSetPermissions PassDataSet"
	  " DescribeIngestion ListIngestions",
	  "UpdateDataSet DeleteDataSet CreateIngestion CancelIngestion"
	  " UpdateDataSetPermissions" },
	{ "analysis", NULL,
	  "RestoreAnalysis UpdateAnalysisPermissions DeleteAnalysis"
	  " DescribeAnalysisPermissions QueryAnalysis DescribeAnalysis"
	  " UpdateAnalysis" },
	{ "dashboard",
	  "DescribeDashboard ListDashboardVersions QueryDashboard",
	  "UpdateDashboardPermissions UpdateDashboard DeleteDashboard"
	  " DescribeDashboardPermissions UpdateDashboardPublishedVersion" },
};

static const char prefix[] = "quicksight:";

static size_t count_words(const char *list)
{
	size_t count = 0;

	while (list != NULL && *list != '\0') {
		size_t n = strcspn(list, " ");

		count++;
		list += n + strspn(list + n, " ");
	}
	return count;
}

static bool in_list(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (list != NULL && *list != '\0') {
		size_t n = strcspn(list, " ");

		if (n == len && strncmp(list, word, n) == 0)
			return true;
		list += n + strspn(list + n, " ");
	}
	return false;
}

static size_t set_of(const char *kind)
{
	size_t i = 0;

	while (i < COUNT_OF(sets) && strcmp(sets[i].kind, kind) != 0)
		i++;
	return i;
}

static bool refuse_actions(const struct json *entry, const char *action,
			   struct err *err)
{
	return s3_call_refuse(err, "InvalidParameterValueException",
			      "The actions of %s are no set that can be granted"
			      "%s%s",
			      json_text(entry, "Principal", ""),
			      action == NULL ? "" : ": ",
			      action == NULL ? "" : action);
}

static bool check_actions(size_t set, const struct json *entry,
			  struct err *err)
{
	const struct json *actions = json_key(entry, "Actions");
	size_t viewer = 0;
	size_t owner = 0;

	for (size_t i = 0; i < json_count(actions); i++) {
		const char *action = json_text(json_item(actions, i), NULL, "");
		const char *name = action + strlen(prefix);

		if (!str_starts(action, prefix))
			return refuse_actions(entry, action, err);
		if (in_list(sets[set].viewer, name))
			viewer++;
		else if (in_list(sets[set].owner, name))
			owner++;
		else
			return refuse_actions(entry, action, err);
	}
	return (viewer == count_words(sets[set].viewer) &&
		(owner == count_words(sets[set].owner) || owner == 0)) ||
	       refuse_actions(entry, NULL, err);
}

/* A user or group NAMESPACE/NAME of the home region, or a namespace. */
static bool check_principal(const struct qs *qs, const char *kind,
			    const char *principal, struct err *err)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str home = STR_EMPTY;
	struct qs_key key = { .kind = "user" };
	char *slash;

	qs_add_home(qs, &home);
	if (qs_read_arn(principal, "user", &region, &id) &&
	    strcmp(region.text, home.text) == 0) {
		slash = strchr(id.text, '/');
		if (slash != NULL) {
			*slash = '\0';
			key.parent = id.text;
			key.id = slash + 1;
			if (qs_store_has(qs->store, key))
				return true;
		}
	} else if (qs_group_has(qs, principal)) {
		return true;
	} else if (strcmp(kind, "dashboard") == 0 &&
		   qs_read_arn(principal, "namespace", &region, &id) &&
		   strcmp(id.text, "default") == 0) {
		return true;
	}
	return s3_call_refuse(err, "InvalidParameterValueException",
			      "The principal %s does not exist", principal);
}

bool qs_check_permissions(const struct qs *qs, const char *kind,
			  const struct json *list, struct err *err)
{
	size_t set = set_of(kind);

	for (size_t i = 0; set < COUNT_OF(sets) && i < json_count(list); i++) {
		const struct json *entry = json_item(list, i);

		if (!check_actions(set, entry, err) ||
		    !check_principal(qs, kind,
				     json_text(entry, "Principal", ""), err))
			return false;
	}
	return true;
}

bool qs_may(const struct json *record, const char *principal,
	    const char *action)
{
	const struct json *list = json_key(record, "Permissions");

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *entry = json_item(list, i);
		const struct json *actions = json_key(entry, "Actions");
		const char *who = json_text(entry, "Principal", "");

		if (strcmp(who, principal) != 0 &&
		    strstr(who, ":namespace/") == NULL)
			continue;
		if (action[0] == '\0')
			return true;
		for (size_t j = 0; j < json_count(actions); j++)
			if (strcmp(json_text(json_item(actions, j), NULL, ""),
				   action) == 0)
				return true;
	}
	return false;
}

/* --- operations --- */

static void put_answer(struct qs_call *call, const struct json *record,
		       const char *id_member)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	qs_pick(call->out, record, "Permissions");
	qs_pick(call->out, record, id_member);
	/* "DataSetArn", but "DashboardArn" and "AnalysisArn" too */
	str_add_slice(&name, id_member, strlen(id_member) - strlen("Id"));
	str_add(&name, "Arn");
	json_put_text(call->out, name.text, json_text(record, "Arn", ""));
}

bool qs_describe_permissions(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep)
	struct json *record = qs_need(call, call->op->kind, call->op->id, err);

	if (record == NULL)
		return false;
	put_answer(call, record, call->op->id);
	return true;
}

static bool names_principal(const struct json *list, const char *principal)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (strcmp(json_text(json_item(list, i), "Principal", ""),
			   principal) == 0)
			return true;
	return false;
}

/* An entry without the actions of the others; NULL: none is left. */
static struct json *without(const struct json *entry, const struct json *less)
{
	const struct json *actions = json_key(entry, "Actions");
	struct json *left = json_new_array();
	struct json *out;

	for (size_t i = 0; i < json_count(actions); i++) {
		const char *action = json_text(json_item(actions, i), NULL, "");
		bool gone = false;

		for (size_t j = 0; j < json_count(less) && !gone; j++) {
			CLEANUP(json_freep)
			struct json *one = json_new_object();
			struct json *list = json_new_array();

			json_push_take(list, json_clone(json_item(less, j)));
			json_put_take(one, "Permissions", list);
			gone = strcmp(json_text(json_item(less, j), "Principal",
						""),
				      json_text(entry, "Principal", "")) == 0 &&
			       qs_may(one, json_text(entry, "Principal", ""),
				      action);
		}
		if (!gone)
			json_push_take(left, json_new_text(action));
	}
	if (json_count(left) == 0) {
		json_free(left);
		return NULL;
	}
	out = json_new_object();
	json_put_text(out, "Principal", json_text(entry, "Principal", ""));
	json_put_take(out, "Actions", left);
	return out;
}

struct update {
	const struct json *grant;
	const struct json *revoke;
};

static bool change(void *context, struct json *record, struct err *err)
{
	const struct update *update = context;
	const struct json *old = json_key(record, "Permissions");
	struct json *list = json_new_array();

	(void)err;
	for (size_t i = 0; i < json_count(old); i++) {
		const struct json *entry = json_item(old, i);
		struct json *left = without(entry, update->revoke);

		if (left != NULL &&
		    names_principal(update->grant,
				    json_text(entry, "Principal", ""))) {
			json_free(left);
			left = NULL;
		}
		if (left != NULL)
			json_push_take(list, left);
	}
	for (size_t i = 0; i < json_count(update->grant); i++)
		json_push_take(list, json_clone(json_item(update->grant, i)));
	json_put_take(record, "Permissions", list);
	return true;
}

bool qs_update_permissions(struct qs_call *call, struct err *err)
{
	const char *kind = call->op->kind;
	const char *id_member = call->op->id;
	struct qs_key key = qs_key_of(call, kind, id_member);
	struct update update = { json_key(call->in, "GrantPermissions"),
				 json_key(call->in, "RevokePermissions") };
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);

	return record != NULL &&
	       qs_check_permissions(call->qs, kind, update.grant, err) &&
	       qs_store_change(call->qs->store, key, change, &update, err) &&
	       qs_describe_permissions(call, err);
}
