#include "cmd/cmd_quicksight.h"

#include <string.h>

#include "base/mem.h"
#include "cmd/dashboard.h"
#include "data/isotime.h"
#include "data/json.h"
#include "data/rows_mem.h"
#include "shell/session.h"

/* ---- listings ---- */

enum cell {
	CELL_TEXT,
	CELL_TIME, /* seconds since 1970, a fraction among them */
	CELL_PLACE, /* of a data source */
};

struct heading {
	const char *title; /* NULL ends */
	const char *path;
	enum cell cell;
};

struct listing {
	const char *verb;
	const char *title;
	enum operation_id operation;
	const char *path, *member;
	struct heading headings[6];
	bool about_users;
};

static const struct listing listings[] = {
	{ "datasources",
	  "QuickSight data sources",
	  OPERATION_QUICKSIGHT_LIST_DATA_SOURCES,
	  "data-sources",
	  "DataSources",
	  { { "Name", "Name", CELL_TEXT },
	    { "Type", "Type", CELL_TEXT },
	    { "Warehouse", "DataSourceParameters.RedshiftParameters",
	      CELL_PLACE },
	    { "Status", "Status", CELL_TEXT },
	    { "Id", "DataSourceId", CELL_TEXT } } },
	{ "datasets",
	  "QuickSight data sets",
	  OPERATION_QUICKSIGHT_LIST_DATA_SETS,
	  "data-sets",
	  "DataSetSummaries",
	  { { "Name", "Name", CELL_TEXT },
	    { "Mode", "ImportMode", CELL_TEXT },
	    { "Changed", "LastUpdatedTime", CELL_TIME },
	    { "Id", "DataSetId", CELL_TEXT } } },
	{ "dashboards",
	  "QuickSight dashboards",
	  OPERATION_QUICKSIGHT_LIST_DASHBOARDS,
	  "dashboards",
	  "DashboardSummaryList",
	  { { "Name", "Name", CELL_TEXT },
	    { "Version", "PublishedVersionNumber", CELL_TEXT },
	    { "Published", "LastPublishedTime", CELL_TIME },
	    { "Id", "DashboardId", CELL_TEXT } } },
	{ "users",
	  "QuickSight users",
	  OPERATION_QUICKSIGHT_LIST_USERS,
	  "namespaces/default/users",
	  "UserList",
	  { { "User", "UserName", CELL_TEXT },
	    { "Role", "Role", CELL_TEXT },
	    { "E-mail", "Email", CELL_TEXT },
	    { "Login", "IdentityType", CELL_TEXT } },
	  .about_users = true },
	{ "groups",
	  "QuickSight groups",
	  OPERATION_QUICKSIGHT_LIST_GROUPS,
	  "namespaces/default/groups",
	  "GroupList",
	  { { "Group", "GroupName", CELL_TEXT },
	    { "Description", "Description", CELL_TEXT } },
	  .about_users = true },
};

static void add_place(struct rows_mem *mem, const struct json *at)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *cluster = json_text(at, "ClusterId", "");

	if (*cluster)
		str_add(&text, cluster);
	else if (json_text(at, "Host", NULL))
		str_addf(&text, "%s:%d", json_text(at, "Host", ""),
			 (int)json_number(at, "Port", 0));
	if (json_text(at, "Database", NULL))
		str_addf(&text, " %s", json_text(at, "Database", ""));
	rows_mem_add(mem, text.text);
}

static void add_cell(struct rows_mem *mem, const struct json *item,
		     const struct heading *heading)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct json *at = json_at(item, heading->path);

	if (heading->cell == CELL_PLACE) {
		add_place(mem, at);
		return;
	}
	if (heading->cell == CELL_TIME && at)
		isotime_add_local(&text, json_time_ms(at, NULL));
	else if (json_shape(at) == JSON_SHAPE_NUMBER)
		str_add_number(&text, json_number(at, NULL, 0));
	else
		str_add(&text, json_text(at, NULL, ""));
	rows_mem_add(mem, text.text);
}

struct filling {
	struct session *session;
	struct rows_mem *mem;
	const struct listing *listing;
};

static bool add_row(void *context, const struct json *item)
{
	struct filling *filling = context;

	if (filling->listing->operation == OPERATION_QUICKSIGHT_LIST_DASHBOARDS)
		session_note_dashboard(filling->session,
				       json_text(item, "Name", ""));
	for (const struct heading *at = filling->listing->headings; at->title;
	     at++)
		add_cell(filling->mem, item, at);
	return true;
}

static bool list_things(struct session *session, const struct listing *listing,
			struct err *err)
{
	CLEANUP(quicksight_done)
	struct quicksight quicksight = QUICKSIGHT_EMPTY;
	CLEANUP(rows_mem_freep)
	struct rows_mem *mem = rows_mem_new(listing->title);
	struct filling filling = { session, mem, listing };
	struct quicksight_pages pages = {
		.operation = listing->operation,
		.path = listing->path,
		.member = listing->member,
		.about_users = listing->about_users,
		.visit = add_row,
		.context = &filling,
	};
	struct rows *rows;

	for (const struct heading *at = listing->headings; at->title; at++)
		rows_mem_column(mem, at->title, ROWS_TEXT);
	if (!dashboard_open(session, &quicksight, err) ||
	    !quicksight_list(&quicksight, &pages, err))
		return false;
	rows = rows_mem_rows(mem);
	mem = NULL;
	return session_print_rows(session, rows, NULL, err);
}

/* ---- the verbs ---- */

static const struct verb {
	const char *name;
	size_t least, most; /* words behind it */
	bool needs_db;
	bool (*run)(struct session *session, const struct args *args,
		    struct err *err);
} verbs[] = {
	{ "publish", 1, SIZE_MAX, true, dashboard_publish },
	{ "refresh", 1, 1, false, dashboard_refresh },
	{ "permissions", 1, SIZE_MAX, false, dashboard_permissions },
	{ "open", 1, 1, false, dashboard_show },
	{ "report", 1, 1, false, dashboard_report },
	{ "delete", 1, 1, false, dashboard_delete },
};

#define VERBS_HINT                                                             \
	"say publish, dashboards, datasets, datasources, users, groups, "      \
	"refresh, permissions, open, report or delete; \\? quicksight tells "  \
	"what they do"

static bool run_verb(struct session *session, const struct verb *verb,
		     const struct args *args, struct err *err)
{
	size_t count = args_count(args, "WORDS");

	if (count < verb->least) {
		err_set(err, ERR_USAGE,
			"\\quicksight %s needs the dashboard's "
			"name",
			verb->name);
		return err_hint(err, "%s",
				verb->needs_db ? DASHBOARD_PUBLISH_LINE
					       : "\\quicksight dashboards "
						 "lists them");
	}
	if (count > verb->most)
		return err_set(err, ERR_USAGE,
			       "\\quicksight %s: \"%s\" is one word too many",
			       verb->name,
			       args_item(args, "WORDS", verb->most));
	if (verb->needs_db && !session_db(session)) {
		err_set(err, ERR_USAGE, "\\quicksight %s: not connected",
			verb->name);
		return err_hint(err, "\\c connects to the warehouse");
	}
	return verb->run(session, args, err);
}

static bool quicksight_run(struct session *session, const struct args *args,
			   struct err *err)
{
	const char *name = args_text(args, "VERB");

	if (!name) {
		err_set(err, ERR_USAGE, "\\quicksight: what is to be done?");
		return err_hint(err, VERBS_HINT);
	}
	for (size_t i = 0; i < COUNT_OF(listings); i++)
		if (strcmp(listings[i].verb, name) == 0)
			return list_things(session, &listings[i], err);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return run_verb(session, &verbs[i], args, err);
	err_set(err, ERR_USAGE, "\\quicksight does not know \"%s\"", name);
	return err_hint(err, VERBS_HINT);
}

static const struct arg quicksight_args[] = {
	{ "VERB", ARG_NAME, ARG_OPTIONAL, "what to do", WANT_CHOICE,
	  "publish|dashboards|datasets|datasources|users|groups|refresh|"
	  "permissions|open|report|delete" },
	{ "WORDS", ARG_CHART, ARG_REPEATED,
	  "NAME [TABLE | FILE.sql | (QUERY)] [as KIND]", WANT_DASHBOARD,
	  "kpi|bar|hbar|line|area|pie|pivot|heat|scatter|hist|table" },
	{ "--spice", ARG_FLAG, ARG_OPTIONAL,
	  "copy the rows into QuickSight's memory" },
	{ "--user", ARG_NAME, ARG_OPTIONAL,
	  "QuickSight user who gets what is made; default: you" },
	{ "--source", ARG_NAME, ARG_OPTIONAL,
	  "data source to use: its id or ARN" },
	{ "--secret", ARG_NAME, ARG_OPTIONAL,
	  "secret with QuickSight's login: ARN or name" },
	{ "--role", ARG_NAME, ARG_OPTIONAL,
	  "ARN of a role that QuickSight logs in by", WANT_ROLE },
	{ "--vpc", ARG_NAME, ARG_OPTIONAL,
	  "ARN of QuickSight's VPC connection" },
	{ "--owner", ARG_FLAG, ARG_OPTIONAL,
	  "of permissions: may change it as well" },
	{ "--browser", ARG_FLAG, ARG_OPTIONAL, "of open: in a browser" },
	{ "--pdf", ARG_LOCAL_PATH, ARG_OPTIONAL, "of report: a sheet as PDF" },
	{ "--csv", ARG_LOCAL_PATH, ARG_OPTIONAL,
	  "of report: a sheet's table as CSV" },
	{ "--sheet", ARG_NAME, ARG_OPTIONAL,
	  "of report: which sheet; default: the first" },
	{ "--yes", ARG_FLAG, ARG_OPTIONAL, "of delete: do not ask" },
	{ "--print", ARG_FLAG, ARG_OPTIONAL,
	  "show what would be sent, and send nothing" },
	ARG_END
};

const struct command cmd_quicksight_table[] = {
	{
		.name = "quicksight",
		.aliases = "qs",
		.group = GROUP_AWS,
		.needs = NEEDS_DB_TO_PUBLISH,
		.synopsis = "\\quicksight VERB [NAME] [TABLE|(QUERY)] "
			    "[as KIND] [OPTIONS]",
		.brief = "publish queries as QuickSight dashboards",
		.args = quicksight_args,
		.run = quicksight_run,
	},
	COMMAND_END
};
