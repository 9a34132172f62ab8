#include "aws/quicksight_report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/cred.h"
#include "aws/exchange.h"
#include "aws/quicksight.h"
#include "aws/quicksight_cause.h"
#include "aws/s3_object.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/sink.h"
#include "data/json.h"
#include "net/http.h"

enum {
	DOWNLOAD_MS = 600000,
	DOWNLOAD_TRIES = 3,
};

static const int64_t most_bytes = (int64_t)4 << 30;

struct choice {	/* of a sheet, and of the table on it */
	struct str sheet;
	struct str visual;
};

static void choice_done(struct choice *choice)
{
	str_done(&choice->sheet);
	str_done(&choice->visual);
}

/* --- which sheet, which table --- */

static bool refuse_sheet(const struct json *sheets, const char *sheet,
			 struct err *err)
{
	CLEANUP(str_done) struct str names = STR_EMPTY;

	for (size_t i = 0; i < json_count(sheets); i++)
		str_addf(&names, "%s%s", i > 0 ? ", " : "",
			 json_text(json_item(sheets, i), "Name", ""));
	err_set(err, ERR_MISSING, "the dashboard has no sheet \"%s\"", sheet);
	return err_hint(err, "it has: %s", names.text);
}

static bool choose_sheet(struct quicksight *quicksight,
			 const struct quicksight_report *report,
			 struct choice *out, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	const struct json *sheets;

	if (!quicksight_get(quicksight,
			    OPERATION_QUICKSIGHT_DESCRIBE_DASHBOARD,
			    "dashboards", report->dashboard, &reply, err))
		return false;
	sheets = json_at(reply, "Dashboard.Version.Sheets");
	for (size_t i = 0; i < json_count(sheets); i++) {
		const char *id = json_text(json_item(sheets, i), "SheetId", "");
		const char *name = json_text(json_item(sheets, i), "Name", "");

		if (report->sheet != NULL && strcmp(report->sheet, id) != 0 &&
		    !str_equal_nocase(report->sheet, name))
			continue;
		str_set(&out->sheet, id);
		return true;
	}
	if (report->sheet != NULL)
		return refuse_sheet(sheets, report->sheet, err);
	return err_set(err, ERR_DATA, "%s: the dashboard has no sheet",
		       report->name);
}

/* A sheet of ours has one; of others the first is taken. */
static bool take_table(const struct json *sheet, struct str *out)
{
	static const char *const kinds[] = { "TableVisual",
					     "PivotTableVisual" };
	const struct json *visuals = json_key(sheet, "Visuals");

	for (size_t kind = 0; kind < COUNT_OF(kinds); kind++)
		for (size_t i = 0; i < json_count(visuals); i++) {
			const struct json *visual =
				json_key(json_item(visuals, i), kinds[kind]);

			if (visual == NULL)
				continue;
			str_set(out, json_text(visual, "VisualId", ""));
			return true;
		}
	return false;
}

static bool choose_table(struct quicksight *quicksight,
			 const struct quicksight_report *report,
			 struct choice *out, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	const struct json *sheets;

	str_addf(&path, "dashboards/%s", report->dashboard);
	if (!quicksight_get(
		    quicksight,
		    OPERATION_QUICKSIGHT_DESCRIBE_DASHBOARD_DEFINITION,
		    path.text, "definition", &reply, err))
		return false;
	sheets = json_at(reply, "Definition.Sheets");
	for (size_t i = 0; i < json_count(sheets); i++)
		if (strcmp(json_text(json_item(sheets, i), "SheetId", ""),
			   out->sheet.text) == 0 &&
		    take_table(json_item(sheets, i), &out->visual))
			return true;
	err_set(err, ERR_MISSING, "%s: the sheet has no table, and only tables "
		"become CSV", report->name);
	return err_hint(err, "--sheet NAME chooses another, --pdf FILE takes "
			     "all of a sheet");
}

/* --- the job --- */

static struct json *list_of(struct json *item)
{
	struct json *list = json_new_array();

	json_push_take(list, item);
	return list;
}

static struct json *wrap(const char *name, struct json *inner)
{
	struct json *json = json_new_object();

	json_put_take(json, name, inner);
	return json;
}

static struct json *job_of(const struct quicksight_report *report,
			   const struct choice *choice, const char *id)
{
	struct json *selection = json_new_object();
	struct json *file = json_new_object();
	struct json *job = json_new_object();

	json_put_text(selection, "SheetId", choice->sheet.text);
	json_put_text(selection, "SelectionScope",
		      report->csv ? "SELECTED_VISUALS" : "ALL_VISUALS");
	if (report->csv)
		json_put_take(selection, "VisualIds",
			      list_of(json_new_text(choice->visual.text)));
	json_put_take(file, "SheetSelections", list_of(selection));
	json_put_text(file, "FormatType", report->csv ? "CSV" : "PDF");
	json_put_text(job, "SnapshotJobId", id);
	json_put_take(job, "UserConfiguration",
		      wrap("AnonymousUsers", list_of(json_new_object())));
	json_put_take(job, "SnapshotConfiguration",
		      wrap("FileGroups",
			   list_of(wrap("Files", list_of(file)))));
	return job;
}

static bool start(struct quicksight *quicksight,
		  const struct quicksight_report *report,
		  const struct choice *choice, const char *id,
		  struct err *err)
{
	CLEANUP(json_freep) struct json *body = job_of(report, choice, id);
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct quicksight_ask ask = {
		.operation = OPERATION_QUICKSIGHT_START_SNAPSHOT,
		.body = body,
	};

	str_addf(&path, "dashboards/%s/snapshot-jobs", report->dashboard);
	ask.path = path.text;
	return quicksight_call(quicksight, &ask, NULL, err);
}

static bool follow(struct quicksight *quicksight,
		   const struct quicksight_report *report, const char *id,
		   struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str told = STR_EMPTY;
	int ms = QUICKSIGHT_FIRST_WAIT_MS;

	str_addf(&path, "dashboards/%s/snapshot-jobs", report->dashboard);
	for (;;) {
		CLEANUP(json_freep) struct json *reply = NULL;
		const char *status;

		if (!quicksight_get(quicksight,
				    OPERATION_QUICKSIGHT_DESCRIBE_SNAPSHOT,
				    path.text, id, &reply, err))
			return false;
		status = json_text(reply, "JobStatus", "");
		if (strcmp(status, "COMPLETED") == 0 ||
		    strcmp(status, "FAILED") == 0)
			return true;
		str_clear(&told);
		str_addf(&told, "report of %s: %s", report->name,
			 strcmp(status, "QUEUED") == 0
				 ? "waiting for its turn"
				 : "QuickSight makes it");
		if (!quicksight_wait(quicksight, &ms, told.text, err))
			return false;
	}
}

static const struct json *first_group(const struct json *reply)
{
	const struct json *group =
		json_at(reply, "Result.AnonymousUsers.0.FileGroups.0");

	return group != NULL
		       ? group
		       : json_at(reply, "Result.RegisteredUsers.0.FileGroups.0");
}

static bool find_link(struct quicksight *quicksight,
		      const struct quicksight_report *report, const char *id,
		      struct str *out, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	const struct json *error, *result;

	str_addf(&path, "dashboards/%s/snapshot-jobs/%s", report->dashboard,
		 id);
	if (!quicksight_get(quicksight, OPERATION_QUICKSIGHT_SNAPSHOT_RESULT,
			    path.text, "result", &reply, err))
		return false;
	result = json_at(first_group(reply), "S3Results.0");
	str_add(out, json_text(result, "S3Uri", ""));
	if (out->len > 0)
		return true;
	error = json_at(result, "ErrorInfo.0");
	if (error == NULL)
		error = json_key(reply, "ErrorInfo");
	return quicksight_cause_thing(quicksight, QUICKSIGHT_SNAPSHOT,
				      report->name,
				      json_text(error, "ErrorType", ""),
				      json_text(error, "ErrorMessage", ""),
				      err);
}

/* --- the file --- */

static bool copy_ca_file(struct call_core *core, void *context,
			 struct err *err)
{
	(void)err;
	if (core->ca_file != NULL)
		str_set(context, core->ca_file);
	return true;
}

/* The link is signed by itself, and is told to nobody. */
static bool download(struct quicksight *quicksight, const char *link, int fd,
		     int64_t *out_bytes, struct err *err)
{
	CLEANUP(http_freep) struct http *http = http_new("GET", link);
	CLEANUP(str_done) struct str ca_file = STR_EMPTY;
	struct cred_ask ask = { .profile = NULL };
	struct exchange how = { .timeout_ms = DOWNLOAD_MS,
				.attempts = DOWNLOAD_TRIES };
	struct err failed = ERR_EMPTY;

	if (!worker_run(quicksight->aws, copy_ca_file, &ca_file, err))
		return false;
	ask.ca_file = ca_file.len > 0 ? ca_file.text : NULL;
	http_set_reply_file(http, fd, 0, most_bytes);
	if (!exchange_run(&ask, &how, http, &failed)) {
		if (failed.kind == ERR_CANCELLED) {
			*err = failed;
			return false;
		}
		err_set(err, failed.kind, "the report is made, but could not "
			"be downloaded from QuickSight's link");
		return err_hint(err, "is there a proxy that Amazon S3 must be "
				     "reached through? Run the command again");
	}
	if (http->reply.status / 100 != 2) {
		err_set(err, ERR_AWS, "the report is made, but its link "
			"answers with HTTP status %d", http->reply.status);
		return err_hint(err, "the link is good for some minutes only: "
				     "run the command again");
	}
	*out_bytes = http->reply.file_bytes;
	if (ftruncate(fd, *out_bytes) != 0)
		return err_set_errno(err, errno, "writing the report");
	return true;
}

static bool fetch_object(struct quicksight *quicksight, const char *link,
			 int fd, int64_t *out_bytes, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct sink sink = sink_to_fd(&fd);

	if (!s3_uri_parse(&uri, link, err) ||
	    !s3_object_read(quicksight->aws, &uri, &sink, err))
		return false;
	*out_bytes = lseek(fd, 0, SEEK_END);
	return true;
}

bool quicksight_report(struct quicksight *quicksight,
		       const struct quicksight_report *report, int fd,
		       int64_t *out_bytes, struct err *err)
{
	CLEANUP(choice_done)
	struct choice choice = { .sheet = STR_EMPTY, .visual = STR_EMPTY };
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str link = STR_EMPTY;

	str_addf(&id, "redsh-%" PRId64, clock_wall_ms());
	if (!choose_sheet(quicksight, report, &choice, err) ||
	    (report->csv && !choose_table(quicksight, report, &choice, err)) ||
	    !start(quicksight, report, &choice, id.text, err) ||
	    !follow(quicksight, report, id.text, err) ||
	    !find_link(quicksight, report, id.text, &link, err))
		return false;
	if (str_starts(link.text, "s3://"))
		return fetch_object(quicksight, link.text, fd, out_bytes, err);
	return download(quicksight, link.text, fd, out_bytes, err);
}
