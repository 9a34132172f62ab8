/* \quicksight refresh, permissions, open and report */
#include "cmd/dashboard.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "aws/quicksight_job.h"
#include "aws/quicksight_report.h"
#include "aws/quicksight_user.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/units.h"
#include "base/vec.h"
#include "data/json.h"
#include "shell/command.h"
#include "shell/session.h"
#include "shell/session_state.h"

/* ---- refresh ---- */

/* *out_spice: false: its rows are asked for each time. */
static bool refresh_one(struct session *session, struct quicksight *quicksight,
			const char *id, bool *out_spice, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(str_done) struct str rows = STR_EMPTY;
	struct quicksight_ingestion ingestion = { .data_set = id };

	if (!quicksight_get(quicksight, OPERATION_QUICKSIGHT_DESCRIBE_DATA_SET,
			    "data-sets", id, &reply, err))
		return false;
	*out_spice = strcmp(json_text(reply, "DataSet.ImportMode", ""),
			    "SPICE") == 0;
	if (!*out_spice)
		return true;
	ingestion.name = json_text(reply, "DataSet.Name", id);
	if (!quicksight_refresh(quicksight, &ingestion, err))
		return false;
	session_progress(session, "");
	units_add_count(&rows, ingestion.rows);
	session_info(session, "%s: %s row%s.", ingestion.name, rows.text,
		     ingestion.rows == 1 ? "" : "s");
	if (ingestion.dropped > 0)
		dashboard_warn_dropped(session, ingestion.dropped);
	return true;
}

bool dashboard_refresh(struct session *session, const struct args *args,
		       struct err *err)
{
	CLEANUP(quicksight_done)
	struct quicksight quicksight = QUICKSIGHT_EMPTY;
	CLEANUP(dashboard_done) struct dashboard dashboard = DASHBOARD_EMPTY;
	CLEANUP(json_freep) struct json *reply = NULL;
	const struct json *arns;
	size_t filled = 0;

	if (!dashboard_named(session, args, &quicksight, &dashboard, err) ||
	    !quicksight_get(&quicksight,
			    OPERATION_QUICKSIGHT_DESCRIBE_DASHBOARD,
			    "dashboards", dashboard.id.text, &reply, err))
		return false;
	arns = json_at(reply, "Dashboard.Version.DataSetArns");
	for (size_t i = 0; i < json_count(arns); i++) {
		const char *arn = json_text(json_item(arns, i), NULL, "");
		bool spice = false;

		if (!refresh_one(session, &quicksight, quicksight_arn_id(arn),
				 &spice, err)) {
			session_progress(session, "");
			if (err->kind == ERR_CANCELLED)
				err_hint(err, "QuickSight goes on by itself");
			return false;
		}
		filled += spice;
	}
	if (filled == 0)
		session_info(session, "\"%s\" asks the warehouse each time: "
			     "there is nothing to refresh.",
			     dashboard.name.text);
	return true;
}

/* ---- permissions ---- */

struct arns {
	VEC(char *);
};

static void arns_done(struct arns *arns)
{
	for (size_t i = 0; i < arns->count; i++)
		mem_free(arns->items[i]);
	vec_done(arns);
}

/* All first: one that is not there is to change nothing. */
static bool find_all(struct quicksight *quicksight, const struct args *args,
		     struct arns *out, struct err *err)
{
	for (size_t i = 2; i < args_count(args, "WORDS"); i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str arn = STR_EMPTY;

		dashboard_word(args, i, &name);
		if (!quicksight_find_user(quicksight, name.text, true, &arn,
					  err))
			return false;
		vec_push(out, str_take(&arn));
	}
	return true;
}

static bool check_words(const struct args *args, struct err *err)
{
	static const char line[] = "\\quicksight permissions NAME grant "
				   "USER|GROUP..., or revoke USER|GROUP...";
	const char *verb = args_item(args, "WORDS", 1);
	bool revoke = strcmp(verb, "revoke") == 0;

	if (!revoke && strcmp(verb, "grant") != 0) {
		err_set(err, ERR_USAGE,
			"\\quicksight permissions: \"%s\" is "
			"neither grant nor revoke",
			verb);
		return err_hint(err, "%s", line);
	}
	if (args_count(args, "WORDS") > 2)
		return true;
	err_set(err, ERR_USAGE, "\\quicksight permissions: who is to %s?",
		revoke ? "lose them" : "get them");
	return err_hint(err, "%s; \\quicksight users and groups list them",
			line);
}

static bool change_all(struct quicksight *quicksight,
		       const struct dashboard *dashboard,
		       const struct args *args, struct err *err)
{
	CLEANUP(arns_done) struct arns arns = { 0 };
	struct quicksight_grant grant = {
		.dashboard = dashboard->id.text,
		.revoke = strcmp(args_item(args, "WORDS", 1), "revoke") == 0,
		.owner = args_flag(args, "--owner"),
	};

	if (!find_all(quicksight, args, &arns, err))
		return false;
	for (size_t i = 0; i < arns.count; i++) {
		grant.arn = arns.items[i];
		if (!quicksight_grant(quicksight, &grant, err))
			return false;
	}
	return true;
}

bool dashboard_permissions(struct session *session, const struct args *args,
			   struct err *err)
{
	CLEANUP(quicksight_done)
	struct quicksight quicksight = QUICKSIGHT_EMPTY;
	CLEANUP(dashboard_done) struct dashboard dashboard = DASHBOARD_EMPTY;
	bool changes = args_count(args, "WORDS") > 1;
	size_t count = 0;
	struct rows *rows;

	if ((changes && !check_words(args, err)) ||
	    !dashboard_named(session, args, &quicksight, &dashboard, err) ||
	    (changes && !change_all(&quicksight, &dashboard, args, err)))
		return false;
	rows = quicksight_dashboard_users(&quicksight, dashboard.id.text,
					  &count, err);
	if (!rows || !session_print_rows(session, rows, NULL, err))
		return false;
	if (count == 0)
		session_info(session,
			     "Nobody can open it: \\quicksight "
			     "permissions NAME grant USER lets somebody.");
	return true;
}

/* ---- open ---- */

static void add_console(const struct quicksight *quicksight, const char *id,
			struct str *out)
{
	bool china = strcmp(quicksight->partition, "aws-cn") == 0;

	str_addf(out, "https://%s.quicksight.%s/sn/dashboards/%s",
		 quicksight->region,
		 china ? "amazonaws.cn" : "aws.amazon.com", id);
}

static bool embed(struct quicksight *quicksight, const char *id,
		  const char *user, struct str *out, struct err *err)
{
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(json_freep) struct json *body = json_new_object();
	struct json *dashboard = json_new_object();
	struct json *experience = json_new_object();
	struct quicksight_ask ask = {
		.operation = OPERATION_QUICKSIGHT_EMBED_URL,
		.path = "embed-url/registered-user",
		.body = body,
	};

	if (!quicksight_find_user(quicksight, user, false, &arn, err)) {
		json_free(dashboard);
		json_free(experience);
		return false;
	}
	json_put_text(dashboard, "InitialDashboardId", id);
	json_put_take(experience, "Dashboard", dashboard);
	json_put_text(body, "UserArn", arn.text);
	json_put_take(body, "ExperienceConfiguration", experience);
	if (!quicksight_call(quicksight, &ask, &reply, err))
		return false;
	str_add(out, json_text(reply, "EmbedUrl", ""));
	return true;
}

/* The console's address only: the other is a key, and would be seen among the
 * processes. */
static bool browse(const char *url, struct err *err)
{
	static const char *const names[] = { "xdg-open", "open", "wslview" };
	CLEANUP(str_done) struct str program = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	CLEANUP(str_done) struct str said = STR_EMPTY;
	struct proc_talk talk = { .timeout_ms = 10000,
				  .max_bytes = 65536,
				  .ctrl_c = true,
				  .out = &out,
				  .said = &said };
	int status = 0;

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		str_clear(&program);
		if (path_program(names[i], &program, NULL)) {
			const char *const argv[] = { program.text, url, NULL };

			return proc_talk(argv, &talk, &status, err) &&
			       (status == 0 ||
				err_set(err, ERR_SYSTEM,
					"%s could not open a browser",
					names[i]));
		}
	}
	err_set(err, ERR_MISSING, "there is no xdg-open here to open a "
				  "browser with");
	return err_hint(err, "open the address above in a browser");
}

/* Ids and addresses come from QuickSight. */
static void print_address(struct session *session, const char *address)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	session_add_shown(session, address, &shown);
	session_printf(session, "%s\n", shown.text);
}

bool dashboard_show(struct session *session, const struct args *args,
		    struct err *err)
{
	CLEANUP(quicksight_done)
	struct quicksight quicksight = QUICKSIGHT_EMPTY;
	CLEANUP(dashboard_done) struct dashboard dashboard = DASHBOARD_EMPTY;
	CLEANUP(str_done) struct str console = STR_EMPTY;
	CLEANUP(str_done) struct str embedded = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	struct err failed = ERR_EMPTY;

	if (!dashboard_named(session, args, &quicksight, &dashboard, err))
		return false;
	add_console(&quicksight, dashboard.id.text, &console);
	print_address(session, console.text);
	if (args_flag(args, "--browser"))
		return browse(console.text, err);
	if (embed(&quicksight, dashboard.id.text,
		  dashboard_option(args, "--user", &user), &embedded,
		  &failed)) {
		print_address(session, embedded.text);
		session_info(session, "The first address asks for a login. The "
			     "second works without one: once, within 5 "
			     "minutes. Whoever has it sees the dashboard.");
		return true;
	}
	if (failed.kind == ERR_CANCELLED) {
		*err = failed;
		return false;
	}
	session_info(session, "An address without a login is not to be had: "
		     "%s", failed.message);
	return true;
}

/* ---- report ---- */

/* Beside its place first: the file is whole or not there. */
static bool fetch(struct quicksight *quicksight,
		  const struct quicksight_report *report, const char *name,
		  int64_t *out_bytes, struct err *err)
{
	CLEANUP(str_done) struct str part = STR_EMPTY;
	int fd = file_open_beside(name, 0666, &part, err);
	bool ok;

	if (fd < 0)
		return false;
	ok = quicksight_report(quicksight, report, fd, out_bytes, err);
	if (ok && fsync(fd) != 0)
		ok = err_set_errno(err, errno, "%s", name);
	close(fd);
	if (ok && rename(part.text, name) != 0)
		ok = err_set_errno(err, errno, "%s", name);
	if (!ok)
		unlink(part.text);
	return ok;
}

bool dashboard_report(struct session *session, const struct args *args,
		      struct err *err)
{
	const char *pdf = args_text(args, "--pdf");
	const char *csv = args_text(args, "--csv");
	CLEANUP(quicksight_done)
	struct quicksight quicksight = QUICKSIGHT_EMPTY;
	CLEANUP(dashboard_done) struct dashboard dashboard = DASHBOARD_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str size = STR_EMPTY;
	CLEANUP(str_done) struct str sheet = STR_EMPTY;
	struct quicksight_report report = {
		.sheet = dashboard_option(args, "--sheet", &sheet),
		.csv = csv != NULL,
	};
	int64_t bytes = 0;
	bool ok;

	if (!pdf == !csv) {
		err_set(err, ERR_USAGE,
			"\\quicksight report: to which file, as PDF or CSV?");
		return err_hint(err, "\\quicksight report NAME --pdf FILE, or "
				     "--csv FILE");
	}
	path_expand(pdf ? pdf : csv, &path);
	if (!dashboard_named(session, args, &quicksight, &dashboard, err))
		return false;
	report.dashboard = dashboard.id.text;
	report.name = dashboard.name.text;
	ok = fetch(&quicksight, &report, path.text, &bytes, err);
	session_progress(session, "");
	if (!ok)
		return false;
	units_add_bytes(&size, bytes);
	session_info(session, "%s written to %s: %s.", pdf ? "PDF" : "CSV",
		     path.text, size.text);
	return true;
}
