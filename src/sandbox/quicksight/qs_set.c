#include "sandbox/quicksight/qs_set.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_ingestion.h"
#include "sandbox/quicksight/qs_table.h"
#include "sandbox/s3/s3_call.h"

static const char kind[] = "dataset";
static const char id_member[] = "DataSetId";
static const char shown[] =
	"Arn DataSetId Name CreatedTime LastUpdatedTime PhysicalTableMap"
	" LogicalTableMap OutputColumns ImportMode"
	" ConsumedSpiceCapacityInBytes ColumnGroups FieldFolders"
	" ColumnLevelPermissionRules DataSetUsageConfiguration"
	" DatasetParameters PerformanceConfiguration UseAs";
static const char summary[] =
	"Arn DataSetId Name CreatedTime LastUpdatedTime ImportMode UseAs";
static const char given[] =
	"Name PhysicalTableMap ImportMode ColumnGroups FieldFolders"
	" ColumnLevelPermissionRules DataSetUsageConfiguration"
	" DatasetParameters PerformanceConfiguration UseAs";

struct json *qs_set_find(const struct qs *qs, const char *arn)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct qs_key key = { .kind = kind };

	if (!qs_read_arn(arn, kind, &region, &id))
		return NULL;
	key.parent = region.text;
	key.id = id.text;
	return qs_store_get(qs->store, key, NULL);
}

const char *qs_set_column(const struct json *record, const char *name)
{
	const struct json *columns = json_key(record, "Columns");

	for (size_t i = 0; i < json_count(columns); i++) {
		const struct json *column = json_item(columns, i);

		if (strcmp(json_text(column, "Name", ""), name) == 0)
			return json_text(column, "Type", "");
	}
	return NULL;
}

void qs_set_query(const struct json *record, struct str *out_sql,
		  struct str *out_source)
{
	qs_table_query(qs_table_of(json_key(record, "PhysicalTableMap")),
		       out_sql, out_source);
}

/* --- operations --- */

static bool is_spice(const struct json *record)
{
	return strcmp(json_text(record, "ImportMode", ""), "SPICE") == 0;
}

/* Columns that groups, folders and rules name are those of the table. */
static bool check_names(const struct json *record, const struct json *names,
			struct err *err)
{
	for (size_t i = 0; i < json_count(names); i++) {
		const char *name = json_text(json_item(names, i), NULL, "");

		if (qs_set_column(record, name) == NULL)
			return s3_call_refuse(err,
					      "InvalidParameterValueException",
					      "The data set has no column %s",
					      name);
	}
	return true;
}

static bool check_extras(const struct json *record, struct err *err)
{
	const struct json *groups = json_key(record, "ColumnGroups");
	const struct json *rules =
		json_key(record, "ColumnLevelPermissionRules");
	const struct json *folder;
	const char *name;
	size_t at = 0;

	for (size_t i = 0; i < json_count(groups); i++)
		if (!check_names(record,
				 json_at(json_item(groups, i),
					 "GeoSpatialColumnGroup.Columns"),
				 err))
			return false;
	for (size_t i = 0; i < json_count(rules); i++)
		if (!check_names(record,
				 json_key(json_item(rules, i), "ColumnNames"),
				 err))
			return false;
	while (json_next(json_key(record, "FieldFolders"), &at, &name, &folder))
		if (!check_names(record, json_key(folder, "columns"), err))
			return false;
	return true;
}

static bool put_given(const struct qs_call *call, struct json *record,
		      struct err *err)
{
	qs_pick(record, call->in, given);
	return qs_table_check(call, call->in, record, err) &&
	       check_extras(record, err);
}

static bool answer(struct qs_call *call, const struct json *record,
		   const char *request_type, struct err *err)
{
	qs_put_who(call, record, id_member);
	call->status = 201;
	return !is_spice(record) ||
	       qs_ingestion_begin(call, json_text(record, id_member, ""),
				  request_type, err);
}

static bool create(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep) struct json *record = NULL;

	if (key.id[0] == '\0')
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "DataSetId must not be empty");
	record = qs_new_asset(call, key, id_member, err);
	return record != NULL && put_given(call, record, err) &&
	       qs_store_put(call->qs->store, key, record, err) &&
	       answer(call, record, "INITIAL_INGESTION", err);
}

static bool replace(void *context, struct json *record, struct err *err)
{
	const struct json *made = context;

	(void)err;
	qs_pick(record, made, given);
	qs_pick(record, made, "Columns OutputColumns");
	json_put_number(record, "LastUpdatedTime", clock_wall_ms());
	return true;
}

static bool update(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);
	CLEANUP(json_freep) struct json *made = json_new_object();

	if (record == NULL || !put_given(call, made, err) ||
	    !qs_store_change(call->qs->store, key, replace, made, err))
		return false;
	qs_pick(made, record, "Arn DataSetId");
	return answer(call, made, "EDIT", err);
}

static bool describe(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);
	struct json *out;

	if (record == NULL)
		return false;
	out = json_new_object();
	qs_pick(out, record, shown);
	if (!is_spice(record))
		json_put_number(out, "ConsumedSpiceCapacityInBytes", 0);
	json_put_take(call->out, "DataSet", out);
	return true;
}

static bool delete(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);

	if (record == NULL || !qs_store_drop(call->qs->store, key, err) ||
	    !qs_ingestion_drop_all(call, key.id, err))
		return false;
	qs_put_who(call, record, id_member);
	return true;
}

const struct qs_op qs_set_ops[] = {
	{ "CreateDataSet", create, kind, id_member },
	{ "DescribeDataSet", describe, kind, id_member },
	{ "UpdateDataSet", update, kind, id_member },
	{ "DeleteDataSet", delete, kind, id_member },
	{ "ListDataSets", qs_list, kind, NULL, "DataSetSummaries", summary },
	{ "SearchDataSets", qs_list, kind, NULL, "DataSetSummaries", summary },
	{ "DescribeDataSetPermissions", qs_describe_permissions, kind,
	  id_member },
	{ "UpdateDataSetPermissions", qs_update_permissions, kind, id_member },
	{ 0 },
};
