/* Data sources of QuickSight: what to connect to, and as whom. */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "db/conn.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_source.h"
#include "sandbox/quicksight/qs_warehouse.h"
#include "sandbox/quicksight/qs_work.h"
#include "sandbox/s3/s3_call.h"

static const char kind[] = "datasource";
static const char id_member[] = "DataSourceId";
static const char shown[] =
	"Arn DataSourceId Name Type Status CreatedTime LastUpdatedTime"
	" DataSourceParameters AlternateDataSourceParameters"
	" VpcConnectionProperties SslProperties ErrorInfo SecretArn"
	" CredentialStatus LastCredentialVerifiedAt";
static const char summary[] =
	"Arn DataSourceId Name Type CreatedTime LastUpdatedTime";

#define REDSHIFT "DataSourceParameters.RedshiftParameters"

/* --- what is given --- */

static bool refuse(struct err *err, const char *message)
{
	return s3_call_refuse(err, "InvalidParameterValueException", "%s",
			      message);
}

static bool check_parameters(const struct json *in, struct err *err)
{
	const struct json *all = json_key(in, "DataSourceParameters");
	const struct json *redshift = json_at(in, REDSHIFT);
	bool host = json_key(redshift, "Host") != NULL;
	bool port = json_key(redshift, "Port") != NULL;
	bool cluster = json_key(redshift, "ClusterId") != NULL;

	if (redshift == NULL || json_count(all) != 1)
		return refuse(err, "DataSourceParameters of a REDSHIFT data "
				   "source must have RedshiftParameters, and "
				   "nothing else");
	if (host != port)
		return refuse(err, "RedshiftParameters: Host and Port must be "
				   "given together");
	if (host == cluster)
		return refuse(err, "RedshiftParameters: either Host and Port "
				   "or ClusterId must be given");
	return true;
}

static bool check_credentials(const struct json *in, struct err *err)
{
	const struct json *all = json_key(in, "Credentials");
	bool role = json_at(in, REDSHIFT ".IAMParameters") != NULL;

	if (json_count(all) > 1)
		return refuse(err, "Credentials: only one kind of them may be "
				   "given");
	if (role == (json_count(all) == 1))
		return refuse(err, "Either Credentials or IAMParameters must "
				   "be given");
	if (json_count(all) == 1 && json_key(all, "CredentialPair") == NULL &&
	    json_key(all, "SecretArn") == NULL &&
	    json_key(all, "CopySourceArn") == NULL)
		return refuse(err, "Credentials of a REDSHIFT data source must "
				   "be CredentialPair, SecretArn or "
				   "CopySourceArn");
	return true;
}

static bool check_vpc(const struct qs *qs, const struct json *in,
		      struct err *err)
{
	const char *arn = json_text(
		in, "VpcConnectionProperties.VpcConnectionArn", NULL);
	CLEANUP(str_done) struct str region = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct qs_key key = { .kind = "vpcConnection" };

	if (arn == NULL)
		return true;
	if (qs_read_arn(arn, key.kind, &region, &id)) {
		key.parent = region.text;
		key.id = id.text;
		if (qs_store_has(qs->store, key))
			return true;
	}
	return s3_call_refuse(err, "ResourceNotFoundException",
			      "VPCConnection %s does not exist", arn);
}

static bool check(const struct qs *qs, const struct json *in, struct err *err)
{
	return check_parameters(in, err) && check_credentials(in, err) &&
	       check_vpc(qs, in, err);
}

/* Credentials of another data source are copied when it is made. */
static bool put_credentials(const struct qs *qs, const struct json *in,
			    struct json *record, struct err *err)
{
	const char *source = json_text(in, "Credentials.CopySourceArn", NULL);
	const char *secret = json_text(in, "Credentials.SecretArn", NULL);
	CLEANUP(json_freep) struct json *from = NULL;

	if (source != NULL) {
		from = qs_warehouse_source(qs, source, err);
		if (from == NULL)
			return false;
		in = from;
		secret = json_text(in, "Credentials.SecretArn", NULL);
	}
	json_put_null(record, "SecretArn");
	if (secret != NULL)
		json_put_text(record, "SecretArn", secret);
	json_put_null(record, "Credentials");
	qs_pick(record, in, "Credentials");
	return true;
}

static bool put_given(const struct qs *qs, const struct json *in,
		      struct json *record, struct err *err)
{
	json_put_null(record, "VpcConnectionProperties");
	json_put_null(record, "SslProperties");
	qs_pick(record, in,
		"Name DataSourceParameters VpcConnectionProperties"
		" SslProperties");
	json_put_number(record, "Revision",
			json_number(record, "Revision", 0) + 1);
	return put_credentials(qs, in, record, err);
}

/* --- operations --- */

bool qs_source_create(struct qs *qs, const char *region, const struct json *in,
		      struct json *out, struct err *err)
{
	struct qs_call call = {
		.qs = qs, .region = region, .in = in, .out = out,
	};
	struct qs_key key = qs_key_of(&call, kind, id_member);
	const char *type = json_text(in, "Type", "");
	CLEANUP(json_freep) struct json *record = NULL;

	if (key.id[0] == '\0')
		return refuse(err, "DataSourceId must not be empty");
	if (strcmp(type, "REDSHIFT") != 0)
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "the sandbox has data sources of the type "
				      "REDSHIFT only, not %s",
				      type);
	if (!check(qs, in, err))
		return false;
	record = qs_new_asset(&call, key, id_member, err);
	if (record == NULL || !put_given(qs, in, record, err))
		return false;
	json_put_text(record, "Type", type);
	json_put_text(record, "Status", "CREATION_IN_PROGRESS");
	if (!qs_store_put(qs->store, key, record, err) ||
	    !qs_work_add(qs, key, err))
		return false;
	qs_put_who(&call, record, id_member);
	json_put_text(out, "CreationStatus", "CREATION_IN_PROGRESS");
	return true;
}

static bool create(struct qs_call *call, struct err *err)
{
	call->status = 202;
	return qs_source_create(call->qs, call->region, call->in, call->out,
				err);
}

struct update {
	const struct qs *qs;
	const struct json *in;
};

static bool change(void *context, struct json *record, struct err *err)
{
	const struct update *update = context;

	json_put_number(record, "LastUpdatedTime", clock_wall_ms());
	json_put_text(record, "Status", "UPDATE_IN_PROGRESS");
	json_put_null(record, "ErrorInfo");
	return put_given(update->qs, update->in, record, err);
}

/* What an update does not say stays. */
static void keep_old(const struct json *record, struct json *in)
{
	if (json_key(in, "DataSourceParameters") == NULL)
		qs_pick(in, record, "DataSourceParameters");
	if (json_key(in, "Credentials") == NULL &&
	    json_at(in, REDSHIFT ".IAMParameters") == NULL)
		qs_pick(in, record, "Credentials");
}

/* The store's lock is held while change runs, so the copy is made before. */
static bool resolve_copy(const struct qs *qs, struct json *in,
			 struct err *err)
{
	const char *arn = json_text(in, "Credentials.CopySourceArn", NULL);
	CLEANUP(json_freep) struct json *source = NULL;

	if (arn == NULL)
		return true;
	source = qs_warehouse_source(qs, arn, err);
	if (source == NULL)
		return false;
	json_put_null(in, "Credentials");
	qs_pick(in, source, "Credentials");
	return true;
}

bool qs_source_update(struct qs *qs, const char *region, const struct json *in,
		      struct json *out, struct err *err)
{
	struct qs_call call = {
		.qs = qs, .region = region, .in = in, .out = out,
	};
	struct qs_key key = qs_key_of(&call, kind, id_member);
	CLEANUP(json_freep)
	struct json *record = qs_need(&call, kind, id_member, err);
	CLEANUP(json_freep) struct json *whole = json_clone(in);
	struct update update = { qs, whole };

	if (record == NULL)
		return false;
	keep_old(record, whole);
	if (!check(qs, whole, err) || !resolve_copy(qs, whole, err) ||
	    !qs_store_change(qs->store, key, change, &update, err) ||
	    !qs_work_add(qs, key, err))
		return false;
	qs_put_who(&call, record, id_member);
	json_put_text(out, "UpdateStatus", "UPDATE_IN_PROGRESS");
	return true;
}

static bool update(struct qs_call *call, struct err *err)
{
	call->status = 202;
	return qs_source_update(call->qs, call->region, call->in, call->out,
				err);
}

bool qs_source_delete(struct qs *qs, const char *region, const char *id,
		      struct err *err)
{
	struct qs_key key = { kind, region, id };

	if (!qs_store_has(qs->store, key))
		return s3_call_refuse(err, "ResourceNotFoundException",
				      "DataSource %s does not exist", id);
	return qs_store_drop(qs->store, key, err);
}

static bool delete(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);

	if (record == NULL || !qs_store_drop(call->qs->store, key, err))
		return false;
	qs_put_who(call, record, id_member);
	return true;
}

const struct qs_op qs_source_ops[] = {
	{ "CreateDataSource", create, kind, id_member },
	{ "DescribeDataSource", qs_describe, kind, id_member, "DataSource",
	  shown },
	{ "UpdateDataSource", update, kind, id_member },
	{ "DeleteDataSource", delete, kind, id_member },
	{ "ListDataSources", qs_list, kind, NULL, "DataSources", shown },
	{ "SearchDataSources", qs_list, kind, NULL, "DataSourceSummaries",
	  summary },
	{ "DescribeDataSourcePermissions", qs_describe_permissions, kind,
	  id_member },
	{ "UpdateDataSourcePermissions", qs_update_permissions, kind,
	  id_member },
	{ 0 },
};

/* --- later --- */

struct result {
	int64_t revision; /* that was tried */
	const struct err *failed; /* NULL: it works */
};

static bool put_result(void *context, struct json *record, struct err *err)
{
	const struct result *result = context;
	bool creating = strcmp(json_text(record, "Status", ""),
			       "CREATION_IN_PROGRESS") == 0;
	CLEANUP(str_done) struct str status = STR_EMPTY;
	struct json *info;

	if (json_number(record, "Revision", 0) != result->revision ||
	    !str_ends(json_text(record, "Status", ""), "_IN_PROGRESS"))
		return err_set(err, ERR_CANCELLED, "changed meanwhile");
	str_addf(&status, "%s_%s", creating ? "CREATION" : "UPDATE",
		 result->failed == NULL ? "SUCCESSFUL" : "FAILED");
	json_put_text(record, "Status", status.text);
	json_put_null(record, "ErrorInfo");
	if (result->failed == NULL)
		return true;
	info = json_new_object();
	json_put_text(info, "Type", result->failed->code);
	json_put_text(info, "Message", result->failed->message);
	json_put_take(record, "ErrorInfo", info);
	return true;
}

void qs_source_work(struct qs *qs, struct qs_key key)
{
	CLEANUP(json_freep)
	struct json *record = qs_store_get(qs->store, key, NULL);
	CLEANUP(db_closep) struct db *db = NULL;
	struct err err = ERR_EMPTY;
	struct result result = { .failed = NULL };

	if (record == NULL ||
	    !str_ends(json_text(record, "Status", ""), "_IN_PROGRESS"))
		return;
	db = qs_warehouse_open(qs, record, &err);
	if (db == NULL && qs_is_stopping(qs))
		return;
	if (db == NULL)
		result.failed = &err;
	result.revision = json_number(record, "Revision", 0);
	qs_store_change(qs->store, key, put_result, &result, NULL);
}

bool qs_source_settle(struct qs *qs, const char *region, const char *id,
		      struct err *err)
{
	struct qs_key key = { kind, region, id };
	CLEANUP(json_freep) struct json *record = NULL;

	qs_source_work(qs, key);
	record = qs_store_get(qs->store, key, err);
	if (record == NULL)
		return false;
	return str_ends(json_text(record, "Status", ""), "_SUCCESSFUL") ||
	       s3_call_refuse(err, json_text(record, "ErrorInfo.Type", ""),
			      "%s",
			      json_text(record, "ErrorInfo.Message", ""));
}
