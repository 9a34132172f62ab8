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
	struct names data_sets; /* ids; ours only */
	struct str source;      /* ARN of theirs, where it is ours; or "" */
};

static void plan_done(struct plan *plan)
{
	str_done(&plan->id);
	str_done(&plan->name);
	names_done(&plan->data_sets);
	str_done(&plan->source);
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
			str_set(&plan->source, arn);
		return true;
	}
	if (failed.kind != ERR_CANCELLED)
		return true;
	*err = failed;
	return false;
}

static bool find_source(struct quicksight *quicksight, struct plan *plan,
			struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	struct err failed = ERR_EMPTY;

	if (plan->data_sets.count == 0)
		return true;
	if (!quicksight_get(quicksight, OPERATION_QUICKSIGHT_DESCRIBE_DATA_SET,
			    "data-sets", plan->data_sets.items[0], &reply,
			    &failed)) {
		if (failed.kind == ERR_MISSING)
			return true;
		*err = failed;
		return false;
	}
	add_source_of(json_key(reply, "DataSet"), &arn);
	return arn.len == 0 || take_source(quicksight, arn.text, plan, err);
}

static bool is_there(struct quicksight *quicksight, enum operation_id operation,
		     const char *path, const char *id, bool *out,
		     struct err *err)
{
	struct err failed = ERR_EMPTY;

	*out = quicksight_get(quicksight, operation, path, id, NULL, &failed);
	if (*out || failed.kind == ERR_MISSING)
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
	if (!is_there(quicksight, OPERATION_QUICKSIGHT_DESCRIBE_ANALYSIS,
		      "analyses", plan->id.text, &plan->has_analysis, err) ||
	    !quicksight_each_data_set(quicksight, plan->id.text, note_data_set,
				      &plan->data_sets, err) ||
	    !find_source(quicksight, plan, err))
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
	for (size_t i = 0; i < all.count && !*out; i++)
		if (!reads(quicksight, all.items[i], source, out, err))
			return false;
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

/* The dashboard first: nobody is to look at one whose data are gone. */
static bool drop_all(struct quicksight *quicksight, const struct plan *plan,
		     struct err *err)
{
	if (plan->has_dashboard &&
	    !drop(quicksight, OPERATION_QUICKSIGHT_DELETE_DASHBOARD,
		  "dashboards", plan->id.text, err))
		return false;
	if (plan->has_analysis &&
	    !drop(quicksight, OPERATION_QUICKSIGHT_DELETE_ANALYSIS, "analyses",
		  plan->id.text, err))
		return false;
	for (size_t i = 0; i < plan->data_sets.count; i++)
		if (!drop(quicksight, OPERATION_QUICKSIGHT_DELETE_DATA_SET,
			  "data-sets", plan->data_sets.items[i], err))
			return false;
	return true;
}

static bool drop_source(struct session *session, struct quicksight *quicksight,
			const struct plan *plan, struct err *err)
{
	bool used = true;

	if (plan->source.len == 0)
		return true;
	if (!is_used(quicksight, plan->source.text, &used, err))
		return false;
	if (used)
		return true;
	if (!drop(quicksight, OPERATION_QUICKSIGHT_DELETE_DATA_SOURCE,
		  "data-sources", quicksight_arn_id(plan->source.text), err))
		return false;
	session_info(session, "Its data source, which nothing else used, is "
			      "deleted too.");
	return true;
}

static void add_parts(const struct plan *plan, struct str *out)
{
	const char *between = "";

	if (plan->has_dashboard) {
		str_addf(out, "dashboard \"%s\"", plan->name.text);
		between = ", ";
	}
	if (plan->has_analysis) {
		str_addf(out, "%sits analysis", between);
		between = ", ";
	}
	if (plan->data_sets.count > 0)
		str_addf(out, "%s%zu data set%s", between,
			 plan->data_sets.count,
			 plan->data_sets.count == 1 ? "" : "s");
}

bool dashboard_delete(struct session *session, const struct args *args,
		      struct err *err)
{
	CLEANUP(quicksight_done)
	struct quicksight quicksight = QUICKSIGHT_EMPTY;
	CLEANUP(plan_done) struct plan plan = { .id = STR_EMPTY,
						.name = STR_EMPTY,
						.source = STR_EMPTY };
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str parts = STR_EMPTY;
	CLEANUP(str_done) struct str question = STR_EMPTY;
	bool yes = args_flag(args, "--yes");

	dashboard_word(args, 0, &name);
	if (!dashboard_open(session, &quicksight, err) ||
	    !make_plan(&quicksight, name.text, &plan, err))
		return false;
	add_parts(&plan, &parts);
	str_addf(&question, "Delete %s?", parts.text);
	if (!yes &&
	    !session_confirm(session, question.text, "--yes", &yes, err))
		return false;
	if (!yes) {
		session_info(session, "Nothing was deleted.");
		return true;
	}
	if (!drop_all(&quicksight, &plan, err)) {
		if (err->kind == ERR_CANCELLED)
			err_hint(err, "the same command deletes the rest");
		return false;
	}
	session_info(session, "Deleted: %s.", parts.text);
	if (drop_source(session, &quicksight, &plan, err))
		return true;
	return err->hint[0] != '\0'
		       ? false
		       : err_hint(err, "the data source %s is left: the next "
				       "publish uses it again",
				  quicksight_arn_id(plan.source.text));
}
