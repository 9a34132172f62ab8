/* Dashboards of QuickSight and their versions. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_board.h"
#include "sandbox/quicksight/qs_work.h"
#include "sandbox/s3/s3_call.h"

static const char kind[] = "dashboard";
static const char version_kind[] = "dashboardVersion";
static const char id_member[] = "DashboardId";
static const char summary[] =
	"Arn DashboardId Name CreatedTime LastUpdatedTime"
	" PublishedVersionNumber LastPublishedTime";
static const char version_shown[] =
	"CreatedTime Errors VersionNumber Status Arn DataSetArns Description"
	" ThemeArn Sheets";
static const char version_summary[] =
	"Arn CreatedTime VersionNumber Status Description";

/* --- versions --- */

/* The parent of the versions, and of the work on them. */
static void add_parent(const char *region, const char *id, struct str *out)
{
	str_addf(out, "%s/%s", region, id);
}

static bool keep_version(struct qs_call *call, const struct json *dashboard,
			 int64_t number, struct err *err)
{
	const char *id = json_text(dashboard, id_member, "");
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(json_freep) struct json *version = json_new_object();
	struct qs_key key;

	add_parent(call->region, id, &parent);
	str_addf(&name, "%" PRId64, number);
	str_addf(&arn, "%s/version/%s", json_text(dashboard, "Arn", ""),
		 name.text);
	qs_board_put(call, "CREATION_IN_PROGRESS", version);
	json_put_text(version, "Arn", arn.text);
	json_put_text(version, "Region", call->region);
	json_put_text(version, id_member, id);
	json_put_number(version, "VersionNumber", number);
	json_put_number(version, "CreatedTime", clock_wall_ms());
	key = (struct qs_key){ version_kind, parent.text, name.text };
	if (!qs_store_put(call->qs->store, key, version, err))
		return false;
	key.kind = kind;
	if (!qs_work_add(call->qs, key, err))
		return false;
	qs_put_who(call, dashboard, id_member);
	json_put_text(call->out, "VersionArn", arn.text);
	json_put_text(call->out, "CreationStatus", "CREATION_IN_PROGRESS");
	call->status = 202;
	return true;
}

/* --- operations --- */

static bool create(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep) struct json *record = NULL;

	if (!qs_board_check(call, err))
		return false;
	record = qs_new_asset(call, key, id_member, err);
	if (record == NULL)
		return false;
	qs_pick(record, call->in, "LinkEntities LinkSharingConfiguration");
	json_put_number(record, "LastVersionNumber", 1);
	return qs_store_put(call->qs->store, key, record, err) &&
	       keep_version(call, record, 1, err);
}

static bool take_number(void *context, struct json *record, struct err *err)
{
	int64_t *out_number = context;

	(void)err;
	*out_number = json_number(record, "LastVersionNumber", 0) + 1;
	json_put_number(record, "LastVersionNumber", *out_number);
	json_put_number(record, "LastUpdatedTime", clock_wall_ms());
	return true;
}

static bool update(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);
	int64_t number;

	return record != NULL && qs_board_check(call, err) &&
	       qs_store_change(call->qs->store, key, take_number, &number,
			       err) &&
	       keep_version(call, record, number, err);
}

/* $LATEST and $PUBLISHED; others are not made here. */
static bool version_asked(const struct qs_call *call,
			  const struct json *record, int64_t *out_number,
			  struct err *err)
{
	const char *alias = json_text(call->in, "AliasName", NULL);

	*out_number = json_number(call->in, "VersionNumber", 0);
	if (alias == NULL || strcmp(alias, "$PUBLISHED") == 0)
		return true;
	*out_number = json_number(record, "LastVersionNumber", 1);
	return strcmp(alias, "$LATEST") == 0 ||
	       s3_call_refuse(err, "ResourceNotFoundException",
			      "Dashboard %s has no alias %s",
			      json_text(record, id_member, ""), alias);
}

static struct json *need_version(const struct qs_call *call,
				 const struct json *record, struct err *err)
{
	int64_t number;

	return version_asked(call, record, &number, err)
		       ? qs_board_version(call->qs, record, call->region,
					  number, err)
		       : NULL;
}

static bool describe(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);
	CLEANUP(json_freep) struct json *version = NULL;
	struct json *out;
	struct json *inner;

	if (record == NULL)
		return false;
	version = need_version(call, record, err);
	if (version == NULL)
		return false;
	out = json_new_object();
	inner = json_new_object();
	qs_pick(out, record,
		"DashboardId Arn CreatedTime LastPublishedTime"
		" LastUpdatedTime LinkEntities");
	json_put_text(out, "Name", json_text(version, "Name", ""));
	qs_pick(inner, version, version_shown);
	json_put_take(out, "Version", inner);
	json_put_take(call->out, "Dashboard", out);
	return true;
}

static bool describe_definition(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);
	CLEANUP(json_freep) struct json *version = NULL;

	if (record == NULL)
		return false;
	version = need_version(call, record, err);
	if (version == NULL)
		return false;
	qs_pick(call->out, version,
		"DashboardId Errors Name ThemeArn Definition"
		" DashboardPublishOptions");
	json_put_text(call->out, "ResourceStatus",
		      json_text(version, "Status", ""));
	return true;
}

static bool put_published(void *context, struct json *record, struct err *err)
{
	const struct json *version = context;

	(void)err;
	json_put_number(record, "PublishedVersionNumber",
			json_number(version, "VersionNumber", 0));
	json_put_text(record, "Name", json_text(version, "Name", ""));
	json_put_number(record, "LastPublishedTime", clock_wall_ms());
	return true;
}

static bool publish(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);
	CLEANUP(json_freep) struct json *version = NULL;
	const char *status;

	if (record == NULL)
		return false;
	version = qs_board_version(call->qs, record, call->region,
				   json_number(call->in, "VersionNumber", 0),
				   err);
	if (version == NULL)
		return false;
	status = json_text(version, "Status", "");
	if (str_ends(status, "_IN_PROGRESS"))
		return s3_call_refuse(err, "ConflictException",
				      "The version is still being made");
	if (!str_ends(status, "_SUCCESSFUL"))
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "A version whose status is %s cannot be "
				      "published",
				      status);
	if (!qs_store_change(call->qs->store, key, put_published, version, err))
		return false;
	json_put_text(call->out, "DashboardArn", json_text(record, "Arn", ""));
	qs_pick(call->out, record, id_member);
	return true;
}

static bool delete(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	int64_t number = json_number(call->in, "VersionNumber", 0);
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);
	CLEANUP(json_freep) struct json *version = NULL;
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (record == NULL)
		return false;
	add_parent(call->region, key.id, &parent);
	str_addf(&name, "%" PRId64, number);
	qs_put_who(call, record, id_member);
	if (number == 0)
		return qs_store_drop(call->qs->store, key, err) &&
		       qs_store_drop_all(call->qs->store, version_kind,
					 parent.text, err) &&
		       qs_store_drop_all(call->qs->store, "job", parent.text,
					 err);
	version = qs_board_version(call->qs, record, call->region, number, err);
	if (version == NULL)
		return false;
	if (number == json_number(record, "PublishedVersionNumber", 0))
		return s3_call_refuse(err, "ConflictException",
				      "The published version cannot be "
				      "deleted");
	key = (struct qs_key){ version_kind, parent.text, name.text };
	return qs_store_drop(call->qs->store, key, err);
}

static bool list_versions(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	CLEANUP(json_freep) struct json *list = NULL;
	struct qs_key key = { .kind = version_kind };

	if (record == NULL)
		return false;
	add_parent(call->region, json_text(record, id_member, ""), &parent);
	key.parent = parent.text;
	list = qs_store_list(call->qs->store, key, err);
	return list != NULL && qs_put_page(call, list,
					   "DashboardVersionSummaryList",
					   version_summary, err);
}

const struct qs_op qs_dashboard_ops[] = {
	{ "CreateDashboard", create, kind, id_member },
	{ "DescribeDashboard", describe, kind, id_member },
	{ "DescribeDashboardDefinition", describe_definition, kind, id_member },
	{ "UpdateDashboard", update, kind, id_member },
	{ "UpdateDashboardPublishedVersion", publish, kind, id_member },
	{ "DeleteDashboard", delete, kind, id_member },
	{ "ListDashboards", qs_list, kind, NULL, "DashboardSummaryList",
	  summary },
	{ "SearchDashboards", qs_list, kind, NULL, "DashboardSummaryList",
	  summary },
	{ "ListDashboardVersions", list_versions, kind, id_member },
	{ "DescribeDashboardPermissions", qs_describe_permissions, kind,
	  id_member },
	{ "UpdateDashboardPermissions", qs_update_permissions, kind,
	  id_member },
	{ 0 },
};

/* --- later --- */

/* key: region/dashboard and the version. The first good version is published
 * by itself. */
void qs_dashboard_work(struct qs *qs, struct qs_key key)
{
	struct qs_key version_key = { version_kind, key.parent, key.id };
	CLEANUP(json_freep)
	struct json *version = qs_store_get(qs->store, version_key, NULL);
	struct qs_key dashboard_key = {
		kind,
		json_text(version, "Region", ""),
		json_text(version, id_member, ""),
	};

	if (version == NULL)
		return;
	qs_board_judge(qs, version);
	qs_store_put(qs->store, version_key, version, NULL);
	if (json_number(version, "VersionNumber", 0) == 1 &&
	    str_ends(json_text(version, "Status", ""), "_SUCCESSFUL"))
		qs_store_change(qs->store, dashboard_key, put_published,
				version, NULL);
}
