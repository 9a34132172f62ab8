/* \quicksight delete */
#include "cmd/dashboard.h"

#include <string.h>

#include "aws/quicksight_publish.h"
#include "aws/quicksight_source.h"
#include "base/mem.h"
#include "base/vec.h"
#include "data/json.h"
#include "shell/command.h"
#include "shell/session.h"

struct names {
	VEC(char *);
};

static void names_done(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		mem_free(names->items[i]);
	vec_done(names);
}

struct plan { /* what is there of the dashboard */
	struct str id, name;
	bool has_dashboard, has_analysis;
	double analysis_made;   /* s since 1970 */
	struct names data_sets; /* ids; ours only */
	struct names sources;   /* ARNs of theirs; likewise */
};

static void plan_done(struct plan *plan)
{
	str_done(&plan->id);
	str_done(&plan->name);
	names_done(&plan->data_sets);
	names_done(&plan->sources);
}

/* ---- what is there ---- */

static void note_data_set(void *context, const char *id)
{
	vec_push((struct names *)context, mem_copy_text(id));
}

/* The ARN of the source that a data set reads; appends. */
static void add_source_of(const struct json *data_set, struct str *out)
{
	static const char *const paths[] = { "CustomSql.DataSourceArn",
					     "RelationalTable.DataSourceArn" };
	const struct json *map = json_key(data_set, "PhysicalTableMap");
	const struct json *table;
	const char *key;
	size_t at = 0;

	while (json_next(map, &at, &key, &table))
		for (size_t i = 0; i < COUNT_OF(paths); i++)
			if (out->len == 0)
				str_add(out, json_text(table, paths[i], ""));
}

static void note_source(struct plan *plan, const char *arn)
{
	for (size_t i = 0; i < plan->sources.count; i++)
		if (strcmp(plan->sources.items[i], arn) == 0)
			return;
	vec_push(&plan->sources, mem_copy_text(arn));
}

/* Only what publish made is to go: others' stay, also one that may not be
 * looked at. */
static bool take_source(struct quicksight *quicksight, const char *arn,
			struct plan *plan, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	struct err failed = ERR_EMPTY;

	if (quicksight_get(quicksight,
			   OPERATION_QUICKSIGHT_DESCRIBE_DATA_SOURCE,
			   "data-sources", quicksight_arn_id(arn), &reply,
			   &failed)) {
		if (quicksight_source_is_ours(quicksight,
					      json_key(reply, "DataSource")))
			note_source(plan, arn);
		return true;
	}
	if (failed.kind != ERR_CANCELLED)
		return true;
	*err = failed;
	return false;
}

static bool find_source(struct quicksight *quicksight, const char *data_set,
			struct plan *plan, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	struct err failed = ERR_EMPTY;

	if (!quicksight_get(quicksight, OPERATION_QUICKSIGHT_DESCRIBE_DATA_SET,
			    "data-sets", data_set, &reply, &failed)) {
		if (failed.kind == ERR_MISSING)
			return true;
		*err = failed;
		return false;
	}
	add_source_of(json_key(reply, "DataSet"), &arn);
	return arn.len == 0 || take_source(quicksight, arn.text, plan, err);
}

struct hunt {
	const struct quicksight *quicksight;
	struct plan *plan;
};

/* One that publish made before the analysis: younger ones may be another
 * publish's, whose data sets are still to come. */
static bool look_at_source(void *context, const struct json *item)
{
	const struct hunt *hunt = context;

	if (quicksight_source_is_ours(hunt->quicksight, item) &&
	    json_double(item, "CreatedTime", 0) <= hunt->plan->analysis_made)
		note_source(hunt->plan, json_text(item, "Arn", ""));
	return true;
}

/* An analysis whose dashboard and data sets are gone: a delete was cut off
 * behind them, and nothing tells which source they read. Those that nothing
 * reads go. */
static bool find_sources(struct quicksight *quicksight, struct plan *plan,
			 struct err *err)
{
	struct hunt hunt = { quicksight, plan };
	struct quicksight_pages pages = {
		.operation = OPERATION_QUICKSIGHT_LIST_DATA_SOURCES,
		.path = "data-sources",
		.member = "DataSources",
		.visit = look_at_source,
		.context = &hunt,
	};

	for (size_t i = 0; i < plan->data_sets.count; i++)
		if (!find_source(quicksight, plan->data_sets.items[i], plan,
				 err))
			return false;
	return plan->data_sets.count > 0 || plan->has_dashboard ||
	       !plan->has_analysis || quicksight_list(quicksight, &pages, err);
}

static bool find_analysis(struct quicksight *quicksight, struct plan *plan,
			  struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	struct err failed = ERR_EMPTY;

	plan->has_analysis = quicksight_get(
		quicksight, OPERATION_QUICKSIGHT_DESCRIBE_ANALYSIS, "analyses",
		plan->id.text, &reply, &failed);
	plan->analysis_made = json_double(reply, "Analysis.CreatedTime", 0);
	if (plan->has_analysis || failed.kind == ERR_MISSING)
		return true;
	*err = failed;
	return false;
}

/* Also what a delete that was cut off has left of it. */
static bool make_plan(struct quicksight *quicksight, const char *name,
		      struct plan *plan, struct err *err)
{
	CLEANUP(dashboard_done) struct dashboard found = DASHBOARD_EMPTY;
	struct err missing = ERR_EMPTY;

	plan->has_dashboard = dashboard_find(quicksight, name, &found,
					     &missing);
	if (!plan->has_dashboard && missing.kind != ERR_MISSING) {
		*err = missing;
		return false;
	}
	str_set(&plan->name, plan->has_dashboard ? found.name.text : name);
	if (plan->has_dashboard)
		str_set(&plan->id, found.id.text);
	else
		quicksight_dashboard_id(quicksight, name, &plan->id);
	if (!quicksight_is_own_id(plan->id.text))
		return true;
	if (!find_analysis(quicksight, plan, err) ||
	    !quicksight_each_data_set(quicksight, plan->id.text, note_data_set,
				      &plan->data_sets, err) ||
	    !find_sources(quicksight, plan, err))
		return false;
	if (plan->has_dashboard || plan->has_analysis ||
	    plan->data_sets.count > 0)
		return true;
	*err = missing;
	return false;
}

/* ---- is the data source in use? ---- */

static bool note_item(void *context, const struct json *item)
{
	note_data_set(context, json_text(item, "DataSetId", ""));
	return true;
}

/* A data set that cannot be looked at may read it; one of files does not, and
 * QuickSight says of those that their type is not supported. */
static bool reads(struct quicksight *quicksight, const char *data_set,
		  const char *source, bool *out, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	struct err failed = ERR_EMPTY;

	if (quicksight_get(quicksight, OPERATION_QUICKSIGHT_DESCRIBE_DATA_SET,
			   "data-sets", data_set, &reply, &failed)) {
		add_source_of(json_key(reply, "DataSet"), &arn);
		*out = strcmp(arn.text, source) == 0;
		return true;
	}
	*out = failed.kind != ERR_MISSING &&
	       strcmp(failed.code, "InvalidParameterValueException") != 0;
	if (failed.kind != ERR_CANCELLED)
		return true;
	*err = failed;
	return false;
}

static bool is_used(struct quicksight *quicksight, const char *source,
		    bool *out, struct err *err)
{
	CLEANUP(names_done) struct names all = { 0 };
	struct quicksight_pages pages = {
		.operation = OPERATION_QUICKSIGHT_LIST_DATA_SETS,
		.path = "data-sets",
		.member = "DataSetSummaries",
		.visit = note_item,
		.context = &all,
	};

	*out = false;
	if (!quicksight_list(quicksight, &pages, err))
		return false;
	for (size_t i = 0; i < all.count && !*out; i++) {
		CLEANUP(str_done) struct str told = STR_EMPTY;

		str_addf(&told, "who else reads the data source: %zu of %zu",
			 i + 1, all.count);
		quicksight->progress(quicksight->context, told.text);
		if (!reads(quicksight, all.items[i], source, out, err))
			return false;
	}
	return true;
}

/* ---- away ---- */

/* What is gone already is as good. */
static bool drop(struct quicksight *quicksight, enum operation_id operation,
		 const char *path, const char *id, struct err *err)
{
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	bool forced = operation == OPERATION_QUICKSIGHT_DELETE_ANALYSIS;
	struct quicksight_ask ask = {
		.operation = operation,
		.query_name = forced ? "force-delete-without-recovery" : NULL,
		.query_value = "true",
	};
	struct err failed = ERR_EMPTY;

	str_addf(&whole, "%s/%s", path, id);
	ask.path = whole.text;
	if (quicksight_call(quicksight, &ask, NULL, &failed) ||
	    failed.kind == ERR_MISSING)
		return true;
	*err = failed;
	return false;
}

static bool drop_source(struct session *session, struct quicksight *quicksight,
			const char *arn, struct err *err)
{
	struct err failed = ERR_EMPTY;
	bool used = true;

	if (!is_used(quicksight, arn, &used, err))
		return false;
	session_progress(session, "");
	if (used) {
		session_info(session, "Its data source is kept: other data "
				      "sets read it.");
		return true;
	}
	if (drop(quicksight, OPERATION_QUICKSIGHT_DELETE_DATA_SOURCE,
		 "data-sources", quicksight_arn_id(arn), &failed)) {
		session_info(session, "Its data source, which nothing else "
				      "used, is deleted too.");
		return true;
	}
	if (strcmp(failed.code, "AccessDeniedException") != 0) {
		*err = failed;
		return false;
	}
	session_warn(session,
		     "its data source %s is left, and the next "
		     "publish uses it again: %s",
		     quicksight_arn_id(arn), failed.message);
	return true;
}

/* The dashboard first: nobody is to look at one whose data are gone. The
 * analysis last: its id is that of the name, so that the next delete knows that
 * this one was cut off. */
static bool drop_all(struct session *session, struct quicksight *quicksight,
		     const struct plan *plan, struct err *err)
{
	if (plan->has_dashboard &&
	    !drop(quicksight, OPERATION_QUICKSIGHT_DELETE_DASHBOARD,
		  "dashboards", plan->id.text, err))
		return false;
	for (size_t i = 0; i < plan->data_sets.count; i++)
		if (!drop(quicksight, OPERATION_QUICKSIGHT_DELETE_DATA_SET,
			  "data-sets", plan->data_sets.items[i], err))
			return false;
	for (size_t i = 0; i < plan->sources.count; i++)
		if (!drop_source(session, quicksight, plan->sources.items[i],
				 err))
			return false;
	return !plan->has_analysis ||
	       drop(quicksight, OPERATION_QUICKSIGHT_DELETE_ANALYSIS,
		    "analyses", plan->id.text, err);
}

static void add_parts(const struct plan *plan, struct str *out)
{
	const char *between = plan->has_dashboard ? ", " : ": ";

	str_addf(out, "%s \"%s\"",
		 plan->has_dashboard ? "dashboard" : "what is left of",
		 plan->name.text);
	if (plan->has_analysis) {
		str_addf(out, "%sits analysis", between);
		between = ", ";
	}
	if (plan->data_sets.count > 0)
		str_addf(out, "%s%zu data set%s", between,
			 plan->data_sets.count,
			 plan->data_sets.count == 1 ? "" : "s");
}

static bool ask(struct session *session, const struct plan *plan,
		const char *parts, bool *out_yes, struct err *err)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;

	str_addf(&question, "Delete %s%s?", parts,
		 plan->sources.count > 0
			 ? ", and the data source if nothing else reads it"
			 : "");
	return session_confirm(session, question.text, "--yes", out_yes, err);
}

bool dashboard_delete(struct session *session, const struct args *args,
		      struct err *err)
{
	CLEANUP(quicksight_done)
	struct quicksight quicksight = QUICKSIGHT_EMPTY;
	CLEANUP(plan_done)
	struct plan plan = { .id = STR_EMPTY, .name = STR_EMPTY };
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str parts = STR_EMPTY;
	bool yes = args_flag(args, "--yes");

	dashboard_word(args, 0, &name);
	if (!dashboard_open(session, &quicksight, err) ||
	    !make_plan(&quicksight, name.text, &plan, err))
		return false;
	add_parts(&plan, &parts);
	if (!yes && !ask(session, &plan, parts.text, &yes, err))
		return false;
	if (!yes) {
		session_info(session, "Nothing was deleted.");
		return true;
	}
	if (!drop_all(session, &quicksight, &plan, err)) {
		session_progress(session, "");
		if (err->kind == ERR_CANCELLED || err->hint[0] == '\0')
			err_hint(err, "the same command deletes the rest");
		return false;
	}
	session_info(session, "Deleted: %s.", parts.text);
	return true;
}
