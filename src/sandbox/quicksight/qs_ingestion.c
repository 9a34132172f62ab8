#include "sandbox/quicksight/qs_ingestion.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/json.h"
#include "data/rows.h"
#include "db/conn.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_set.h"
#include "sandbox/quicksight/qs_warehouse.h"
#include "sandbox/quicksight/qs_work.h"
#include "sandbox/s3/s3_call.h"

static const char kind[] = "ingestion";
static const char shown[] =
	"Arn IngestionId IngestionStatus ErrorInfo RowInfo QueueInfo"
	" CreatedTime IngestionTimeInSeconds IngestionSizeInBytes"
	" RequestSource RequestType";

/* Its parent is region/data set. */
static void add_parent(const char *region, const char *set_id, struct str *out)
{
	str_addf(out, "%s/%s", region, set_id);
}

static bool keep(struct qs_call *call, const char *set_id, const char *id,
		 const char *request_type, struct err *err)
{
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(json_freep) struct json *record = json_new_object();
	struct qs_key key = { .kind = kind, .id = id };

	add_parent(call->region, set_id, &parent);
	key.parent = parent.text;
	if (qs_store_has(call->qs->store, key))
		return s3_call_refuse(err, "ResourceExistsException",
				      "Ingestion %s already exists", id);
	qs_add_arn(call->region, "dataset", set_id, &arn);
	str_addf(&arn, "/ingestion/%s", id);
	json_put_text(record, "Arn", arn.text);
	json_put_text(record, "IngestionId", id);
	json_put_text(record, "DataSetId", set_id);
	json_put_text(record, "Region", call->region);
	json_put_text(record, "IngestionStatus", "INITIALIZED");
	json_put_text(record, "RequestSource", "MANUAL");
	json_put_text(record, "RequestType", request_type);
	json_put_number(record, "CreatedTime", clock_wall_ms());
	if (!qs_store_put(call->qs->store, key, record, err) ||
	    !qs_work_add(call->qs, key, err))
		return false;
	json_put_text(call->out, "IngestionId", id);
	json_put_text(call->out, "IngestionArn", arn.text);
	return true;
}

bool qs_ingestion_begin(struct qs_call *call, const char *set_id,
			const char *request_type, struct err *err)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;
	unsigned char random[16];

	hash_random(random, sizeof(random));
	encode_hex(&id, random, sizeof(random));
	return keep(call, set_id, id.text, request_type, err);
}

bool qs_ingestion_drop_all(const struct qs_call *call, const char *set_id,
			   struct err *err)
{
	CLEANUP(str_done) struct str parent = STR_EMPTY;

	add_parent(call->region, set_id, &parent);
	return qs_store_drop_all(call->qs->store, kind, parent.text, err);
}

/* --- operations --- */

static bool create(struct qs_call *call, struct err *err)
{
	const char *set_id = json_text(call->in, "DataSetId", "");
	const char *type =
		json_text(call->in, "IngestionType", "FULL_REFRESH");
	CLEANUP(json_freep)
	struct json *set = qs_need(call, "dataset", "DataSetId", err);

	if (set == NULL)
		return false;
	if (strcmp(json_text(set, "ImportMode", ""), "SPICE") != 0)
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "DataSet %s is not in SPICE: only such "
				      "can be refreshed",
				      set_id);
	if (strcmp(type, "INCREMENTAL_REFRESH") == 0)
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "DataSet %s has no window of incremental "
				      "refresh",
				      set_id);
	if (!keep(call, set_id, json_text(call->in, "IngestionId", ""), type,
		  err))
		return false;
	json_put_text(call->out, "Arn",
		      json_text(call->out, "IngestionArn", ""));
	json_put_null(call->out, "IngestionArn");
	json_put_text(call->out, "IngestionStatus", "INITIALIZED");
	call->status = 201;
	return true;
}

static struct json *need(struct qs_call *call, struct str *parent,
			 struct qs_key *out_key, struct err *err)
{
	CLEANUP(json_freep)
	struct json *set = qs_need(call, "dataset", "DataSetId", err);
	struct json *record;

	if (set == NULL)
		return NULL;
	add_parent(call->region, json_text(call->in, "DataSetId", ""), parent);
	*out_key = (struct qs_key){ kind, parent->text,
				    json_text(call->in, "IngestionId", "") };
	record = qs_store_get(call->qs->store, *out_key, NULL);
	if (record == NULL)
		s3_call_refuse(err, "ResourceNotFoundException",
			       "Ingestion %s does not exist", out_key->id);
	return record;
}

static bool describe(struct qs_call *call, struct err *err)
{
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	struct qs_key key;
	CLEANUP(json_freep)
	struct json *record = need(call, &parent, &key, err);

	if (record == NULL)
		return false;
	qs_put_picked(call, "Ingestion", record, shown);
	return true;
}

static bool list(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep)
	struct json *set = qs_need(call, "dataset", "DataSetId", err);
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	CLEANUP(json_freep) struct json *list = NULL;
	CLEANUP(json_freep) struct json *newest = json_new_array();
	struct qs_key key = { .kind = kind };

	if (set == NULL)
		return false;
	add_parent(call->region, json_text(call->in, "DataSetId", ""), &parent);
	key.parent = parent.text;
	list = qs_store_list(call->qs->store, key, err);
	if (list == NULL)
		return false;
	for (size_t i = json_count(list); i > 0; i--)
		json_push_take(newest, json_clone(json_item(list, i - 1)));
	return qs_put_page(call, newest, "Ingestions", shown, err);
}

static bool is_over(const struct json *record)
{
	static const char *const ends[] = { "COMPLETED", "FAILED",
					    "CANCELLED" };

	for (size_t i = 0; i < COUNT_OF(ends); i++)
		if (strcmp(json_text(record, "IngestionStatus", ""),
			   ends[i]) == 0)
			return true;
	return false;
}

static bool put_cancelled(void *context, struct json *record, struct err *err)
{
	(void)context;
	if (is_over(record))
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "The ingestion is over");
	json_put_text(record, "IngestionStatus", "CANCELLED");
	return true;
}

static bool cancel(struct qs_call *call, struct err *err)
{
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	struct qs_key key;
	CLEANUP(json_freep)
	struct json *record = need(call, &parent, &key, err);

	if (record == NULL ||
	    !qs_store_change(call->qs->store, key, put_cancelled, NULL, err))
		return false;
	qs_pick(call->out, record, "Arn IngestionId");
	return true;
}

const struct qs_op qs_ingestion_ops[] = {
	{ "CreateIngestion", create, "dataset", "DataSetId" },
	{ "DescribeIngestion", describe, "dataset", "DataSetId" },
	{ "ListIngestions", list, "dataset", "DataSetId" },
	{ "CancelIngestion", cancel, "dataset", "DataSetId" },
	{ 0 },
};

/* --- later --- */

struct outcome {
	int64_t rows;
	int64_t bytes;
	int64_t began_ms;
	const char *failed; /* type of ErrorInfo; NULL: it did not */
	const char *message;
};

static bool put_running(void *context, struct json *record, struct err *err)
{
	(void)context;
	if (is_over(record))
		return err_set(err, ERR_CANCELLED, "cancelled");
	json_put_text(record, "IngestionStatus", "RUNNING");
	return true;
}

static bool put_outcome(void *context, struct json *record, struct err *err)
{
	const struct outcome *outcome = context;
	struct json *info;

	if (is_over(record))
		return err_set(err, ERR_CANCELLED, "cancelled");
	json_put_number(record, "IngestionTimeInSeconds",
			(clock_wall_ms() - outcome->began_ms) / 1000);
	info = json_new_object();
	if (outcome->failed != NULL) {
		json_put_text(record, "IngestionStatus", "FAILED");
		json_put_text(info, "Type", outcome->failed);
		json_put_text(info, "Message", outcome->message);
		json_put_take(record, "ErrorInfo", info);
		return true;
	}
	json_put_text(record, "IngestionStatus", "COMPLETED");
	json_put_number(record, "IngestionSizeInBytes", outcome->bytes);
	json_put_number(info, "RowsIngested", outcome->rows);
	json_put_number(info, "RowsDropped", 0);
	json_put_number(info, "TotalRowsInDataset", outcome->rows);
	json_put_take(record, "RowInfo", info);
	return true;
}

static bool count_row(void *context, const struct rows *rows,
		      const struct rows_value *values, struct err *err)
{
	struct outcome *outcome = context;

	(void)err;
	outcome->rows++;
	for (size_t i = 0; i < rows->column_count; i++)
		outcome->bytes += (int64_t)values[i].len;
	return true;
}

/* SQLSTATEs, and the types of data sources' errors. */
static const char *type_of(const struct err *err)
{
	static const struct {
		const char *code;
		const char *type;
	} types[] = {
		{ "42P01", "SQL_TABLE_NOT_FOUND" },
		{ "42501", "PERMISSION_DENIED" },
		{ "42703", "SQL_SCHEMA_MISMATCH_ERROR" },
		{ "22003", "SQL_NUMERIC_OVERFLOW" },
		{ "57014", "QUERY_TIMEOUT" },
		{ "ACCESS_DENIED", "PASSWORD_AUTHENTICATION_FAILURE" },
		{ "UNKNOWN_HOST", "UNRESOLVABLE_HOST" },
		{ "TIMEOUT", "UNROUTABLE_HOST" },
		{ "GENERIC_SQL_FAILURE", "SQL_EXCEPTION" },
		{ "UNKNOWN", "CONNECTION_FAILURE" },
		{ "ResourceNotFoundException", "DATA_SOURCE_NOT_FOUND" },
	};

	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (strcmp(types[i].code, err->code) == 0)
			return types[i].type;
	return "SQL_EXCEPTION";
}

static bool ingest(const struct qs *qs, const struct json *set,
		   struct outcome *outcome, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(json_freep) struct json *source = NULL;
	CLEANUP(db_closep) struct db *db = NULL;

	qs_set_query(set, &sql, &arn);
	source = qs_warehouse_source(qs, arn.text, err);
	if (source == NULL)
		return false;
	db = qs_warehouse_open(qs, source, err);
	return db != NULL &&
	       qs_warehouse_run(db, sql.text, count_row, outcome, err);
}

static bool put_size(void *context, struct json *record, struct err *err)
{
	const struct outcome *outcome = context;

	(void)err;
	json_put_number(record, "ConsumedSpiceCapacityInBytes", outcome->bytes);
	return true;
}

void qs_ingestion_work(struct qs *qs, struct qs_key key)
{
	CLEANUP(json_freep)
	struct json *record = qs_store_get(qs->store, key, NULL);
	struct outcome outcome = { .began_ms = clock_wall_ms() };
	CLEANUP(json_freep) struct json *set = NULL;
	struct err err = ERR_EMPTY;
	struct qs_key set_key = {
		"dataset",
		json_text(record, "Region", ""),
		json_text(record, "DataSetId", ""),
	};

	if (record == NULL ||
	    !qs_store_change(qs->store, key, put_running, NULL, NULL))
		return;
	set = qs_store_get(qs->store, set_key, NULL);
	if (set == NULL) {
		outcome.failed = "DATA_SET_DELETED";
		outcome.message = "The data set was deleted";
	} else if (!ingest(qs, set, &outcome, &err)) {
		if (qs_is_stopping(qs))
			return;
		outcome.failed = type_of(&err);
		outcome.message = err.message;
	} else {
		qs_store_change(qs->store, set_key, put_size, &outcome, NULL);
	}
	qs_store_change(qs->store, key, put_outcome, &outcome, NULL);
}
