/* Snapshot jobs of QuickSight: reports of a dashboard as files. */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/json.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_board.h"
#include "sandbox/quicksight/qs_link.h"
#include "sandbox/quicksight/qs_report.h"
#include "sandbox/quicksight/qs_visual.h"
#include "sandbox/quicksight/qs_work.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"

static const char kind[] = "job";

/* Of one call, and of the account at once [QS-API]. */
enum {
	PDF_MAX = 1,
	CSV_MAX = 5,
	JOBS_MAX = 12,
};

#define REFUSED "InvalidParameterValueException"

static const char groups_path[] = "SnapshotConfiguration.FileGroups";
static const char to_path[] =
	"SnapshotConfiguration.DestinationConfiguration.S3Destinations";

/* --- what is asked --- */

static bool check_visual(const struct json *sheet,
			 const struct json *selection, struct err *err)
{
	const struct json *ids = json_key(selection, "VisualIds");
	const char *id = json_text(json_item(ids, 0), NULL, "");
	const char *visual_kind;

	if (strcmp(json_text(selection, "SelectionScope", ""),
		   "SELECTED_VISUALS") != 0 ||
	    json_count(ids) != 1)
		return s3_call_refuse(err, REFUSED,
				      "A CSV file is of one visual: "
				      "SELECTED_VISUALS with one VisualId");
	return qs_visual_find(sheet, id, &visual_kind) != NULL ||
	       s3_call_refuse(err, REFUSED,
			      "The sheet has no visual %s", id);
}

static bool check_file(const struct json *definition, const struct json *file,
		       struct err *err)
{
	const struct json *selections = json_key(file, "SheetSelections");
	const struct json *selection = json_item(selections, 0);
	const char *sheet_id = json_text(selection, "SheetId", "");
	const struct json *sheet = qs_visual_sheet(definition, sheet_id);
	const char *format = json_text(file, "FormatType", "");

	if (strcmp(format, "EXCEL") == 0)
		return s3_call_refuse(
			err, REFUSED,
			"the sandbox writes CSV and PDF, not "
			"EXCEL: ask for CSV, one file for each visual");
	if (json_count(selections) != 1)
		return s3_call_refuse(err, REFUSED,
				      "A %s file is of one sheet", format);
	if (sheet == NULL)
		return s3_call_refuse(err, REFUSED,
				      "The dashboard has no sheet %s",
				      sheet_id);
	if (strcmp(format, "CSV") == 0)
		return check_visual(sheet, selection, err);
	return (strcmp(json_text(selection, "SelectionScope", ""),
		       "ALL_VISUALS") == 0 &&
		json_count(json_key(selection, "VisualIds")) == 0) ||
	       s3_call_refuse(err, REFUSED,
			      "A PDF file is of all visuals of its sheet");
}

/* CSV files, and PDF of paginated sheets, are of an add-on. */
static bool check_plan(const struct qs_call *call,
		       const struct json *definition, const struct json *file,
		       struct err *err)
{
	const struct json *sheet = qs_visual_sheet(
		definition, json_text(file, "SheetSelections.0.SheetId", ""));
	bool plain = strcmp(json_text(file, "FormatType", ""), "PDF") == 0 &&
		     strcmp(json_text(sheet, "ContentType", ""),
			    "PAGINATED") != 0;

	if (plain || !qs_setting_is(call->qs, "pixel-perfect", "off"))
		return true;
	return s3_call_refuse(err, "UnsupportedPricingPlanException",
			      "The account has not subscribed to Pixel-Perfect "
			      "Reports");
}

static bool check_files(const struct qs_call *call,
			const struct json *definition, struct err *err)
{
	const struct json *groups = json_at(call->in, groups_path);
	size_t pdf = 0;
	size_t csv = 0;

	for (size_t i = 0; i < json_count(groups); i++) {
		const struct json *files =
			json_key(json_item(groups, i), "Files");

		for (size_t j = 0; j < json_count(files); j++) {
			const struct json *file = json_item(files, j);

			if (!check_file(definition, file, err) ||
			    !check_plan(call, definition, file, err))
				return false;
			if (strcmp(json_text(file, "FormatType", ""),
				   "PDF") == 0)
				pdf++;
			else
				csv++;
		}
	}
	if (pdf + csv == 0)
		return s3_call_refuse(err, REFUSED, "No file is asked for");
	return (pdf <= PDF_MAX && csv <= CSV_MAX) ||
	       s3_call_refuse(err, REFUSED,
			      "A job makes %d PDF and %d CSV files at most",
			      PDF_MAX, CSV_MAX);
}

static bool is_over(const struct json *record)
{
	const char *status = json_text(record, "JobStatus", "");

	return strcmp(status, "COMPLETED") == 0 ||
	       strcmp(status, "FAILED") == 0;
}

static void add_parent(const struct qs_call *call, struct str *out)
{
	str_addf(out, "%s/%s", call->region,
		 json_text(call->in, "DashboardId", ""));
}

static bool has_room(const struct qs_call *call, struct err *err)
{
	struct qs_key all = { .kind = kind, .parent = NULL };
	CLEANUP(json_freep)
	struct json *list = qs_store_list(call->qs->store, all, err);
	size_t open = 0;

	for (size_t i = 0; i < json_count(list); i++)
		if (!is_over(json_item(list, i)))
			open++;
	return list != NULL &&
	       (open < JOBS_MAX ||
		s3_call_refuse(err, "LimitExceededException",
			       "%d snapshot jobs are running already",
			       JOBS_MAX));
}

static bool check_users(const struct json *in, struct err *err)
{
	const struct json *users = json_key(in, "UserConfiguration");

	return users == NULL ||
	       json_count(json_key(users, "AnonymousUsers")) == 1 ||
	       s3_call_refuse(err, REFUSED,
			      "AnonymousUsers must have exactly one entry");
}

/* --- operations --- */

static struct json *new_job(const struct qs_call *call,
			    const struct json *board, struct qs_key key)
{
	struct json *job = json_new_object();
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;

	str_addf(&arn, "%s/snapshot-job/%s", json_text(board, "Arn", ""),
		 key.id);
	hash_add_hex(HASH_SHA256, arn.text, arn.len, &folder);
	json_put_text(job, "Arn", arn.text);
	json_put_text(job, "Folder", folder.text);
	json_put_text(job, "Region", call->region);
	json_put_text(job, "JobStatus", "QUEUED");
	qs_pick(job, call->in,
		"AwsAccountId DashboardId SnapshotJobId UserConfiguration"
		" SnapshotConfiguration");
	json_put_number(job, "VersionNumber",
			json_number(board, "PublishedVersionNumber", 0));
	json_put_number(job, "CreatedTime", clock_wall_ms());
	json_put_number(job, "LastUpdatedTime", clock_wall_ms());
	return job;
}

static bool start(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *board =
		qs_need(call, "dashboard", "DashboardId", err);
	CLEANUP(json_freep) struct json *version = NULL;
	CLEANUP(json_freep) struct json *job = NULL;
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	struct qs_key key = { .kind = kind };

	if (board == NULL)
		return false;
	if (json_number(board, "PublishedVersionNumber", 0) == 0)
		return s3_call_refuse(err, "ResourceNotFoundException",
				      "Dashboard %s has no published version",
				      json_text(board, "DashboardId", ""));
	version = qs_board_version(call->qs, board, call->region, 0, err);
	add_parent(call, &parent);
	key.parent = parent.text;
	key.id = json_text(call->in, "SnapshotJobId", "");
	if (version == NULL || !check_users(call->in, err) ||
	    !check_files(call, json_key(version, "Definition"), err) ||
	    !qs_need_new(call, key, err) || !has_room(call, err))
		return false;
	job = new_job(call, board, key);
	if (!qs_store_put(call->qs->store, key, job, err) ||
	    !qs_work_add(call->qs, key, err))
		return false;
	qs_pick(call->out, job, "Arn SnapshotJobId");
	return true;
}

static struct json *need_job(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *board =
		qs_need(call, "dashboard", "DashboardId", err);
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	struct qs_key key = { .kind = kind };
	struct json *job;

	if (board == NULL)
		return NULL;
	add_parent(call, &parent);
	key.parent = parent.text;
	key.id = json_text(call->in, "SnapshotJobId", "");
	job = qs_store_get(call->qs->store, key, NULL);
	if (job == NULL)
		s3_call_refuse(err, "ResourceNotFoundException",
			       "Snapshot job %s does not exist", key.id);
	return job;
}

/* Keys of tags, without their values. */
static struct json *redacted(const struct json *users)
{
	const struct json *list = json_key(users, "AnonymousUsers");
	struct json *out = json_new_object();
	struct json *shown = json_new_array();

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *tags =
			json_key(json_item(list, i), "RowLevelPermissionTags");
		struct json *one = json_new_object();
		struct json *keys = json_new_array();

		for (size_t j = 0; j < json_count(tags); j++)
			json_push_take(keys,
				       json_new_text(json_text(
					       json_item(tags, j), "Key", "")));
		json_put_take(one, "RowLevelPermissionTagKeys", keys);
		json_push_take(shown, one);
	}
	json_put_take(out, "AnonymousUsers", shown);
	return out;
}

static bool describe(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *job = need_job(call, err);

	if (job == NULL)
		return false;
	qs_pick(call->out, job,
		"AwsAccountId DashboardId SnapshotJobId SnapshotConfiguration"
		" Arn JobStatus CreatedTime LastUpdatedTime");
	if (json_key(job, "UserConfiguration") != NULL)
		json_put_take(call->out, "UserConfiguration",
			      redacted(json_key(job, "UserConfiguration")));
	return true;
}

/* --- results --- */

/* "2-1.csv": group and file. */
static void add_name(size_t group, size_t file, const struct json *asked,
		     struct str *out)
{
	str_addf(out, "%zu-%zu.%s", group + 1, file + 1,
		 strcmp(json_text(asked, "FormatType", ""), "PDF") == 0
			 ? "pdf"
			 : "csv");
}

static void add_key(const struct json *job, const struct json *to,
		    const char *name, struct str *out)
{
	str_addf(out, "%s/%s/%s",
		 json_text(to, "BucketConfiguration.BucketPrefix", ""),
		 json_text(job, "SnapshotJobId", ""), name);
}

static struct json *result_of(const struct qs_call *call,
			      const struct json *job, const struct json *to,
			      const char *name)
{
	struct json *out = json_new_object();
	CLEANUP(str_done) struct str link = STR_EMPTY;

	if (to == NULL) {
		qs_link_add(call, json_text(job, "Folder", ""), name, &link);
	} else {
		str_addf(&link, "s3://%s/",
			 json_text(to, "BucketConfiguration.BucketName", ""));
		add_key(job, to, name, &link);
		json_put_take(out, "S3DestinationConfiguration",
			      json_clone(to));
	}
	json_put_text(out, "S3Uri", link.text);
	return out;
}

static struct json *group_result(const struct qs_call *call,
				 const struct json *job, size_t at)
{
	const struct json *group = json_item(json_at(job, groups_path), at);
	const struct json *files = json_key(group, "Files");
	const struct json *to = json_item(json_at(job, to_path), 0);
	struct json *out = json_new_object();
	struct json *results = json_new_array();

	for (size_t i = 0; i < json_count(files); i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;

		add_name(at, i, json_item(files, i), &name);
		json_push_take(results, result_of(call, job, to, name.text));
	}
	json_put_take(out, "Files", json_clone(files));
	json_put_take(out, "S3Results", results);
	return out;
}

static void put_result(const struct qs_call *call, const struct json *job)
{
	const struct json *groups = json_at(job, groups_path);
	bool anonymous = json_key(job, "UserConfiguration") != NULL;
	struct json *out = json_new_object();
	struct json *users = json_new_array();
	struct json *user = json_new_object();
	struct json *list = json_new_array();

	for (size_t i = 0; i < json_count(groups); i++)
		json_push_take(list, group_result(call, job, i));
	json_put_take(user, "FileGroups", list);
	json_push_take(users, user);
	json_put_take(out, anonymous ? "AnonymousUsers" : "RegisteredUsers",
		      users);
	json_put_take(call->out, "Result", out);
}

static bool describe_result(struct qs_call *call, struct err *err)
{
	CLEANUP(json_freep) struct json *job = need_job(call, err);

	if (job == NULL)
		return false;
	if (!is_over(job))
		return s3_call_refuse(err, "PreconditionNotMetException",
				      "The snapshot job is %s: it has no result "
				      "yet",
				      json_text(job, "JobStatus", ""));
	qs_pick(call->out, job,
		"Arn JobStatus CreatedTime LastUpdatedTime ErrorInfo");
	if (strcmp(json_text(job, "JobStatus", ""), "COMPLETED") == 0)
		put_result(call, job);
	return true;
}

const struct qs_op qs_job_ops[] = {
	{ "StartDashboardSnapshotJob", start, "dashboard", "DashboardId" },
	{ "DescribeDashboardSnapshotJob", describe, "dashboard",
	  "DashboardId" },
	{ "DescribeDashboardSnapshotJobResult", describe_result, "dashboard",
	  "DashboardId" },
	{ 0 },
};

/* --- later --- */

static bool put_object(const struct qs *qs, const struct json *job,
		       const struct json *to, const char *name,
		       const struct str *bytes, struct err *err)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(s3_store_writer_freep) struct s3_store_writer *writer =
		s3_store_begin(qs->options->store, err);
	struct s3_store_put put = {
		.bucket = json_text(to, "BucketConfiguration.BucketName", ""),
	};

	add_key(job, to, name, &key);
	put.key = key.text;
	return writer != NULL &&
	       s3_store_has_bucket(qs->options->store, put.bucket, err) &&
	       s3_store_add(writer, bytes->text, bytes->len, err) &&
	       s3_store_put(writer, &put, NULL, err);
}

static bool keep_file(const struct qs *qs, const struct json *job,
		      const char *name, const struct str *bytes,
		      struct err *err)
{
	const struct json *to = json_item(json_at(job, to_path), 0);
	const char *folder = json_text(job, "Folder", "");
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str dir = STR_EMPTY;

	if (to != NULL)
		return put_object(qs, job, to, name, bytes, err);
	qs_link_path(qs, folder, NULL, &dir);
	qs_link_path(qs, folder, name, &path);
	return file_make_dirs(dir.text, 0700, err) &&
	       file_write(path.text, bytes->text, bytes->len, 0600, err);
}

static bool make_file(const struct qs *qs, const struct json *job,
		      const struct json *version, const struct json *file,
		      const char *name, struct err *err)
{
	const char *sheet = json_text(file, "SheetSelections.0.SheetId", "");
	bool pdf = strcmp(json_text(file, "FormatType", ""), "PDF") == 0;
	CLEANUP(str_done) struct str bytes = STR_EMPTY;

	return (pdf ? qs_report_pdf(qs, version, sheet, &bytes, err)
		    : qs_report_csv(
			      qs, version, sheet,
			      json_text(file, "SheetSelections.0.VisualIds.0",
					""),
			      &bytes, err)) &&
	       keep_file(qs, job, name, &bytes, err);
}

static bool make_files(const struct qs *qs, const struct json *job,
		       const struct json *version, struct err *err)
{
	const struct json *groups = json_at(job, groups_path);

	for (size_t i = 0; i < json_count(groups); i++) {
		const struct json *files =
			json_key(json_item(groups, i), "Files");

		for (size_t j = 0; j < json_count(files); j++) {
			CLEANUP(str_done) struct str name = STR_EMPTY;

			add_name(i, j, json_item(files, j), &name);
			if (!make_file(qs, job, version, json_item(files, j),
				       name.text, err))
				return false;
		}
	}
	return true;
}

static bool put_running(void *context, struct json *record, struct err *err)
{
	(void)context;
	(void)err;
	json_put_text(record, "JobStatus", "RUNNING");
	return true;
}

static bool put_over(void *context, struct json *record, struct err *err)
{
	const struct err *failed = context;
	struct json *info;

	(void)err;
	json_put_text(record, "JobStatus",
		      failed == NULL ? "COMPLETED" : "FAILED");
	json_put_number(record, "LastUpdatedTime", clock_wall_ms());
	if (failed == NULL)
		return true;
	info = json_new_object();
	json_put_text(info, "ErrorType",
		      failed->code[0] != '\0' ? failed->code : "FAILURE");
	json_put_text(info, "ErrorMessage", failed->message);
	json_put_take(record, "ErrorInfo", info);
	return true;
}

/* The version that was published when the job was asked for. */
void qs_job_work(struct qs *qs, struct qs_key key)
{
	CLEANUP(json_freep)
	struct json *job = qs_store_get(qs->store, key, NULL);
	CLEANUP(json_freep) struct json *version = NULL;
	struct err err = ERR_EMPTY;
	bool done;

	if (job == NULL || is_over(job) ||
	    !qs_store_change(qs->store, key, put_running, NULL, NULL))
		return;
	version = qs_board_version(qs, job, json_text(job, "Region", ""),
				   json_number(job, "VersionNumber", 1), &err);
	done = version != NULL && make_files(qs, job, version, &err);
	if (!done && qs_is_stopping(qs))
		return;
	qs_store_change(qs->store, key, put_over, done ? NULL : &err, NULL);
}
