/* Analyses of QuickSight. */
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

static const char kind[] = "analysis";
static const char id_member[] = "AnalysisId";
static const char shown[] =
	"AnalysisId Arn Name Status Errors DataSetArns ThemeArn CreatedTime"
	" LastUpdatedTime Sheets";
static const char summary[] =
	"Arn AnalysisId Name Status CreatedTime LastUpdatedTime";

enum { RECOVERY_DAYS = 30 };

static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

static bool is_deleted(const struct json *record)
{
	return strcmp(json_text(record, "Status", ""), "DELETED") == 0;
}

static bool create(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep) struct json *record = NULL;

	if (!qs_board_check(call, err))
		return false;
	record = qs_new_asset(call, key, id_member, err);
	if (record == NULL)
		return false;
	qs_board_put(call, "CREATION_IN_PROGRESS", record);
	json_put_number(record, "Revision", 1);
	if (!qs_store_put(call->qs->store, key, record, err) ||
	    !qs_work_add(call->qs, key, err))
		return false;
	qs_put_who(call, record, id_member);
	json_put_text(call->out, "CreationStatus", "CREATION_IN_PROGRESS");
	call->status = 202;
	return true;
}

/* One that is deleted and can be restored cannot be changed. */
static struct json *need_live(const struct qs_call *call, struct err *err)
{
	struct json *record = qs_need(call, kind, id_member, err);

	if (record == NULL || !is_deleted(record))
		return record;
	s3_call_refuse(err, "ConflictException", "Analysis %s is deleted",
		       json_text(record, id_member, ""));
	json_free(record);
	return NULL;
}

static bool change(void *context, struct json *record, struct err *err)
{
	const struct qs_call *call = context;

	(void)err;
	qs_board_put(call, "UPDATE_IN_PROGRESS", record);
	json_put_number(record, "LastUpdatedTime", clock_wall_ms());
	json_put_number(record, "Revision",
			json_number(record, "Revision", 0) + 1);
	return true;
}

static bool update(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep) struct json *record = need_live(call, err);

	if (record == NULL || !qs_board_check(call, err) ||
	    !qs_store_change(call->qs->store, key, change, call, err) ||
	    !qs_work_add(call->qs, key, err))
		return false;
	qs_put_who(call, record, id_member);
	json_put_text(call->out, "UpdateStatus", "UPDATE_IN_PROGRESS");
	return true;
}

static bool describe_definition(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);

	if (record == NULL)
		return false;
	qs_pick(call->out, record,
		"AnalysisId Errors Name ThemeArn Definition");
	json_put_text(call->out, "ResourceStatus",
		      json_text(record, "Status", ""));
	return true;
}

static bool put_deleted(void *context, struct json *record, struct err *err)
{
	const int64_t *at_ms = context;

	(void)err;
	json_put_text(record, "StatusBefore", json_text(record, "Status", ""));
	json_put_text(record, "Status", "DELETED");
	json_put_number(record, "DeletionTime", *at_ms);
	return true;
}

static bool delete(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	bool force = json_bool(call->in, "ForceDeleteWithoutRecovery", false);
	int64_t days = json_number(call->in, "RecoveryWindowInDays", 0);
	int64_t at_ms = clock_wall_ms();
	CLEANUP(json_freep) struct json *record = NULL;

	if (force && days > 0)
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "RecoveryWindowInDays and "
				      "ForceDeleteWithoutRecovery cannot be "
				      "given together");
	record = need_live(call, err);
	if (record == NULL)
		return false;
	if (!force)
		at_ms += (days > 0 ? days : RECOVERY_DAYS) * day_ms;
	if (force ? !qs_store_drop(call->qs->store, key, err)
		  : !qs_store_change(call->qs->store, key, put_deleted, &at_ms,
				     err))
		return false;
	qs_put_who(call, record, id_member);
	json_put_double(call->out, "DeletionTime", (double)at_ms / 1000);
	return true;
}

static bool put_restored(void *context, struct json *record, struct err *err)
{
	(void)context;
	if (!is_deleted(record))
		return s3_call_refuse(err, "ConflictException",
				      "The analysis is not deleted");
	json_put_text(record, "Status",
		      json_text(record, "StatusBefore", ""));
	json_put_null(record, "DeletionTime");
	return true;
}

static bool restore(struct qs_call *call, struct err *err)
{
	struct qs_key key = qs_key_of(call, kind, id_member);
	CLEANUP(json_freep)
	struct json *record = qs_need(call, kind, id_member, err);

	if (record == NULL ||
	    !qs_store_change(call->qs->store, key, put_restored, NULL, err))
		return false;
	qs_put_who(call, record, id_member);
	return true;
}

const struct qs_op qs_analysis_ops[] = {
	{ "CreateAnalysis", create, kind, id_member },
	{ "DescribeAnalysis", qs_describe, kind, id_member, "Analysis", shown },
	{ "DescribeAnalysisDefinition", describe_definition, kind, id_member },
	{ "UpdateAnalysis", update, kind, id_member },
	{ "DeleteAnalysis", delete, kind, id_member },
	{ "RestoreAnalysis", restore, kind, id_member },
	{ "ListAnalyses", qs_list, kind, NULL, "AnalysisSummaryList", summary },
	{ "SearchAnalyses", qs_list, kind, NULL, "AnalysisSummaryList",
	  summary },
	{ "DescribeAnalysisPermissions", qs_describe_permissions, kind,
	  id_member },
	{ "UpdateAnalysisPermissions", qs_update_permissions, kind, id_member },
	{ 0 },
};

/* --- later --- */

/* What was changed while it was judged is judged by the work after this. */
static bool put_judged(void *context, struct json *record, struct err *err)
{
	const struct json *judged = context;

	if (json_number(record, "Revision", 0) !=
		    json_number(judged, "Revision", 0) ||
	    is_deleted(record))
		return err_set(err, ERR_CANCELLED, "changed meanwhile");
	qs_pick(record, judged, "Status Errors");
	return true;
}

void qs_analysis_work(struct qs *qs, struct qs_key key)
{
	CLEANUP(json_freep)
	struct json *record = qs_store_get(qs->store, key, NULL);

	if (record == NULL)
		return;
	qs_board_judge(qs, record);
	qs_store_change(qs->store, key, put_judged, record, NULL);
}
