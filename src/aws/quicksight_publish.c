#include "aws/quicksight_publish.h"

#include <stdlib.h>
#include <string.h>

#include "aws/quicksight.h"
#include "aws/quicksight_cause.h"
#include "aws/quicksight_job.h"
#include "aws/quicksight_user.h"
#include "base/mem.h"
#include "data/hash.h"
#include "data/json.h"

enum {
	DATA_SET_NAME = 128,	/* characters; model: ResourceName */
	DIGEST_DIGITS = 16,
	ID_DIGITS = 8,		/* of quicksight_add_id */
};

/* What the description of our versions begins with. */
static const char mark[] = "redsh ";

void quicksight_dashboard_id(const struct quicksight *quicksight,
			     const char *name, struct str *out)
{
	str_add(out, QUICKSIGHT_OURS);
	quicksight_add_id(quicksight, name, name, out);
}

static bool is_digest(const char *text)
{
	return strlen(text) == ID_DIGITS &&
	       strspn(text, "0123456789abcdef") == ID_DIGITS;
}

bool quicksight_is_own_id(const char *id)
{
	const char *dash = strrchr(id, '-');

	return str_starts(id, QUICKSIGHT_OURS) && dash != NULL &&
	       is_digest(dash + 1);
}

/* --- data sets --- */

static const struct {
	const char *type;
	const char *sub_type;
} types[] = {
	[QUICKSIGHT_STRING] = { "STRING", NULL },
	[QUICKSIGHT_INTEGER] = { "INTEGER", NULL },
	[QUICKSIGHT_FIXED] = { "DECIMAL", "FIXED" },
	[QUICKSIGHT_FLOAT] = { "DECIMAL", "FLOAT" },
	[QUICKSIGHT_DATETIME] = { "DATETIME", NULL },
	[QUICKSIGHT_BIT] = { "BIT", NULL },
};

static struct json *columns_of(const struct quicksight_columns *columns)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < columns->count; i++) {
		const struct quicksight_column *column = &columns->items[i];
		struct json *json = json_new_object();

		json_put_text(json, "Name", column->name);
		json_put_text(json, "Type", types[column->type].type);
		if (types[column->type].sub_type != NULL)
			json_put_text(json, "SubType",
				      types[column->type].sub_type);
		json_push_take(list, json);
	}
	return list;
}

/* "Sales: By region", cut at a character. */
static void add_data_set_name(const struct quicksight_publish *publish,
			      size_t at, struct str *out)
{
	const char *title = publish->sheets->items[at].title;

	str_add(out, publish->name);
	if (strcmp(title, publish->name) != 0)
		str_addf(out, ": %s", title);
	quicksight_cut(out, DATA_SET_NAME);
}

struct json *quicksight_data_set(const struct quicksight_publish *publish,
				 size_t at, const char *id)
{
	const struct quicksight_sheet *sheet = &publish->sheets->items[at];
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct json *sql = json_new_object();
	struct json *table = json_new_object();
	struct json *map = json_new_object();
	struct json *json = json_new_object();

	add_data_set_name(publish, at, &name);
	json_put_text(sql, "DataSourceArn", publish->source->arn.text);
	json_put_text(sql, "Name", name.text);
	json_put_text(sql, "SqlQuery", sheet->sql);
	json_put_take(sql, "Columns", columns_of(&sheet->columns));
	json_put_take(table, "CustomSql", sql);
	json_put_take(map, "query", table);
	json_put_text(json, "DataSetId", id);
	json_put_text(json, "Name", name.text);
	json_put_take(json, "PhysicalTableMap", map);
	json_put_text(json, "ImportMode",
		      publish->spice ? "SPICE" : "DIRECT_QUERY");
	return json;
}

/* DASHBOARD-xxxxxxxx of what the data set is; two sheets with the same query
 * have one each. */
static void add_data_set_id(const struct quicksight *quicksight,
			    const struct quicksight_publish *publish, size_t at,
			    const char *dashboard, struct str *out)
{
	CLEANUP(json_freep)
	struct json *body = quicksight_data_set(publish, at, "");
	CLEANUP(str_done) struct str key = STR_EMPTY;

	json_add(&key, body);
	str_addf(&key, "/%s/%zu", dashboard, at);
	str_addf(out, "%s-", dashboard);
	quicksight_add_id(quicksight, "", key.text, out);
}

/* Appends the id of the ingestion that it begins with, if it tells one. */
static bool create_data_set(struct quicksight *quicksight,
			    const struct quicksight_publish *publish, size_t at,
			    const char *id, struct str *out_ingestion,
			    struct err *err)
{
	CLEANUP(json_freep)
	struct json *body = quicksight_data_set(publish, at, id);
	CLEANUP(json_freep) struct json *reply = NULL;
	struct quicksight_ask ask = {
		.operation = OPERATION_QUICKSIGHT_CREATE_DATA_SET,
		.path = "data-sets",
		.body = body,
	};

	json_put_take(body, "Permissions",
		      quicksight_permissions(QUICKSIGHT_OWNS_DATA_SET,
					     publish->owner));
	if (!quicksight_call(quicksight, &ask, &reply, err))
		return err_wrap(err, "data set of \"%s\"",
				publish->sheets->items[at].title);
	str_add(out_ingestion, json_text(reply, "IngestionId", ""));
	return true;
}

/* first: the ingestion that the data set began with; "": see what there is. */
static bool fill(struct quicksight *quicksight,
		 struct quicksight_ingestion *ingestion, const char *first,
		 struct quicksight_result *out, struct err *err)
{
	ingestion->id = first;
	if (first[0] != '\0'
		    ? !quicksight_follow_ingestion(quicksight, ingestion, err)
		    : !quicksight_fill(quicksight, ingestion, err))
		return false;
	out->rows += ingestion->rows;
	out->dropped += ingestion->dropped;
	if (ingestion->began_ms > 0 &&
	    (out->read_ms == 0 || ingestion->began_ms < out->read_ms))
		out->read_ms = ingestion->began_ms;
	return true;
}

static bool make_data_set(struct quicksight *quicksight,
			  const struct quicksight_publish *publish, size_t at,
			  struct quicksight_result *out, struct err *err)
{
	struct quicksight_sheet *sheet = &publish->sheets->items[at];
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(str_done) struct str arn = STR_EMPTY;
	CLEANUP(str_done) struct str told = STR_EMPTY;
	CLEANUP(str_done) struct str first = STR_EMPTY;
	struct quicksight_ingestion ingestion = { .name = sheet->title };
	struct err missing = ERR_EMPTY;
	bool is_new;

	add_data_set_id(quicksight, publish, at, out->id.text, &id);
	str_addf(&told, "data set of \"%s\"", sheet->title);
	if (quicksight->progress != NULL)
		quicksight->progress(quicksight->context, told.text);
	is_new = !quicksight_get(quicksight,
				 OPERATION_QUICKSIGHT_DESCRIBE_DATA_SET,
				 "data-sets", id.text, NULL, &missing);
	if (is_new && missing.kind != ERR_MISSING) {
		*err = missing;
		return false;
	}
	if (is_new &&
	    !create_data_set(quicksight, publish, at, id.text, &first, err))
		return false;
	ingestion.data_set = id.text;
	if (publish->spice &&
	    !fill(quicksight, &ingestion, first.text, out, err)) {
		/* No empty one stays; else it is still being filled. */
		if (is_new && ingestion.failed)
			quicksight_get(quicksight,
				       OPERATION_QUICKSIGHT_DELETE_DATA_SET,
				       "data-sets", id.text, NULL, NULL);
		return false;
	}
	quicksight_add_arn(quicksight, "dataset", id.text, &arn);
	mem_free(sheet->data_set_arn);
	sheet->data_set_arn = str_take(&arn);
	return true;
}

/* --- analysis and dashboard --- */

struct piece {	/* of the two things that hold the definition */
	struct quicksight *quicksight;
	const struct quicksight_publish *publish;
	struct json *body;		/* of create and update */
	const char *id;
	bool is_dashboard;
};

static bool send_piece(const struct piece *piece, enum operation_id operation,
		       struct json **out_reply, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct quicksight_ask ask = { .operation = operation,
				      .body = piece->body };

	str_addf(&path, "%s/%s",
		 piece->is_dashboard ? "dashboards" : "analyses", piece->id);
	ask.path = path.text;
	return quicksight_call(piece->quicksight, &ask, out_reply, err);
}

/* Of one version of a dashboard, "": the published one. */
static bool describe(const struct piece *piece, const char *version,
		     struct json **out_reply, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct quicksight_ask ask = {
		.operation = piece->is_dashboard
				     ? OPERATION_QUICKSIGHT_DESCRIBE_DASHBOARD
				     : OPERATION_QUICKSIGHT_DESCRIBE_ANALYSIS,
		.query_name = version[0] != '\0' ? "version-number" : NULL,
		.query_value = version,
	};

	str_addf(&path, "%s/%s",
		 piece->is_dashboard ? "dashboards" : "analyses", piece->id);
	ask.path = path.text;
	return quicksight_call(piece->quicksight, &ask, out_reply, err);
}

/* The first error is told, with how many there are. */
static bool refused(const struct piece *piece, const struct json *state,
		    struct err *err)
{
	const struct json *errors = json_key(state, "Errors");
	const struct json *first = json_item(errors, 0);
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, json_text(first, "Message", ""));
	if (json_count(errors) > 1)
		str_addf(&text, " (and %zu more)", json_count(errors) - 1);
	return quicksight_cause_thing(piece->quicksight, QUICKSIGHT_DEFINITION,
				      piece->publish->name,
				      json_text(first, "Type", ""), text.text,
				      err);
}

static bool wait_for(const struct piece *piece, const char *version,
		     struct err *err)
{
	CLEANUP(str_done) struct str told = STR_EMPTY;
	int ms = QUICKSIGHT_FIRST_WAIT_MS;

	str_addf(&told, "%s %s: QuickSight builds it",
		 piece->is_dashboard ? "dashboard" : "analysis",
		 piece->publish->name);
	for (;;) {
		CLEANUP(json_freep) struct json *reply = NULL;
		const struct json *state;
		const char *status;

		if (!describe(piece, version, &reply, err))
			return false;
		state = json_at(reply, piece->is_dashboard ? "Dashboard.Version"
							   : "Analysis");
		status = json_text(state, "Status", "");
		if (str_ends(status, "_FAILED"))
			return refused(piece, state, err);
		if (!str_ends(status, "_IN_PROGRESS"))
			return true;
		if (!quicksight_wait(piece->quicksight, &ms, told.text, err))
			return false;
	}
}

static struct json *option(const char *name, const char *value)
{
	struct json *json = json_new_object();

	json_put_text(json, name, value);
	return json;
}

static struct json *publish_options(void)
{
	struct json *json = json_new_object();

	json_put_take(json, "AdHocFilteringOption",
		      option("AvailabilityStatus", "DISABLED"));
	json_put_take(json, "ExportToCSVOption",
		      option("AvailabilityStatus", "ENABLED"));
	json_put_take(json, "SheetControlsOption",
		      option("VisibilityState", "EXPANDED"));
	return json;
}

static struct json *body_of(const struct quicksight_publish *publish,
			    const char *description)
{
	struct json *body = json_new_object();

	json_put_text(body, "Name", publish->name);
	json_put_take(body, "Definition",
		      quicksight_definition(publish->sheets));
	if (description != NULL) {
		json_put_text(body, "VersionDescription", description);
		json_put_take(body, "DashboardPublishOptions",
			      publish_options());
	}
	return body;
}

static void add_digest(const struct quicksight_publish *publish,
		       struct str *out)
{
	CLEANUP(json_freep) struct json *body = body_of(publish, NULL);
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str digest = STR_EMPTY;

	json_add(&text, body);
	hash_add_hex(HASH_SHA256, text.text, text.len, &digest);
	str_add(out, mark);
	str_add_slice(out, digest.text, DIGEST_DIGITS);
}

static bool publish_version(const struct piece *piece, const char *version,
			    struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct quicksight_ask ask = {
		.operation = OPERATION_QUICKSIGHT_PUBLISH_DASHBOARD,
	};

	str_addf(&path, "dashboards/%s/versions/%s", piece->id, version);
	ask.path = path.text;
	return quicksight_call(piece->quicksight, &ask, NULL, err);
}

static bool update_dashboard(const struct piece *piece, struct err *err)
{
	CLEANUP(json_freep) struct json *reply = NULL;
	CLEANUP(str_done) struct str version = STR_EMPTY;

	if (!send_piece(piece, OPERATION_QUICKSIGHT_UPDATE_DASHBOARD, &reply,
			err))
		return false;
	str_add(&version, quicksight_arn_id(json_text(reply, "VersionArn", "")));
	if (strspn(version.text, "0123456789") != version.len ||
	    version.len == 0)
		return err_set(err, ERR_DATA,
			       "UpdateDashboard: the reply names no version");
	return wait_for(piece, version.text, err) &&
	       publish_version(piece, version.text, err);
}

/* Is what is published what is to be? */
static bool is_current(const struct json *reply, const char *digest)
{
	return strcmp(json_text(reply, "Dashboard.Version.Description", ""),
		      digest) == 0 &&
	       str_ends(json_text(reply, "Dashboard.Version.Status", ""),
			"_SUCCESSFUL");
}

static bool put_dashboard(struct quicksight *quicksight,
			  const struct quicksight_publish *publish,
			  struct quicksight_result *out, struct err *err)
{
	CLEANUP(str_done) struct str digest = STR_EMPTY;
	CLEANUP(json_freep) struct json *there = NULL;
	CLEANUP(json_freep) struct json *body = NULL;
	struct piece piece = { quicksight, publish, NULL, out->id.text, true };
	struct err missing = ERR_EMPTY;

	add_digest(publish, &digest);
	body = body_of(publish, digest.text);
	piece.body = body;
	if (describe(&piece, "", &there, &missing)) {
		if (is_current(there, digest.text)) {
			out->done = QUICKSIGHT_UNCHANGED;
			return true;
		}
		out->done = QUICKSIGHT_UPDATED;
		return update_dashboard(&piece, err);
	}
	if (missing.kind != ERR_MISSING) {
		*err = missing;
		return false;
	}
	json_put_take(body, "Permissions",
		      quicksight_permissions(QUICKSIGHT_OWNS_DASHBOARD,
					     publish->owner));
	out->done = QUICKSIGHT_CREATED;
	return send_piece(&piece, OPERATION_QUICKSIGHT_CREATE_DASHBOARD, NULL,
			  err) &&
	       wait_for(&piece, "", err);
}

/* One that was deleted in the console waits there for a month, and its id with
 * it. */
static bool clear_deleted(const struct piece *piece, const struct json *there,
			  bool *is_there, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct quicksight_ask ask = {
		.operation = OPERATION_QUICKSIGHT_DELETE_ANALYSIS,
		.query_name = "force-delete-without-recovery",
		.query_value = "true",
	};

	if (strcmp(json_text(there, "Analysis.Status", ""), "DELETED") != 0)
		return true;
	*is_there = false;
	str_addf(&path, "analyses/%s", piece->id);
	ask.path = path.text;
	return quicksight_call(piece->quicksight, &ask, NULL, err);
}

/* Does the analysis read the data sets that are kept? One whose dashboard was
 * updated when Ctrl-C came reads old ones, which go. */
static bool reads_all(const struct json *analysis,
		      const struct quicksight_sheets *sheets)
{
	const struct json *arns = json_key(analysis, "DataSetArns");

	for (size_t i = 0; i < sheets->count; i++) {
		bool found = false;

		for (size_t j = 0; j < json_count(arns) && !found; j++)
			found = strcmp(json_text(json_item(arns, j), NULL, ""),
				       sheets->items[i].data_set_arn) == 0;
		if (!found)
			return false;
	}
	return true;
}

/* For who wants to go on in the console. */
static bool put_analysis(struct quicksight *quicksight,
			 const struct quicksight_publish *publish,
			 const struct quicksight_result *made, struct err *err)
{
	CLEANUP(json_freep) struct json *body = body_of(publish, NULL);
	struct piece piece = { quicksight, publish, body, made->id.text,
			       false };
	CLEANUP(json_freep) struct json *there = NULL;
	struct err missing = ERR_EMPTY;
	bool is_there = describe(&piece, "", &there, &missing);

	if (!is_there && missing.kind != ERR_MISSING) {
		*err = missing;
		return false;
	}
	if (!clear_deleted(&piece, there, &is_there, err))
		return false;
	/* Else it was left out when its dashboard was made before. */
	if (is_there && made->done == QUICKSIGHT_UNCHANGED &&
	    reads_all(json_key(there, "Analysis"), publish->sheets))
		return true;
	if (!is_there)
		json_put_take(body, "Permissions",
			      quicksight_permissions(QUICKSIGHT_OWNS_ANALYSIS,
						     publish->owner));
	return send_piece(&piece,
			  is_there ? OPERATION_QUICKSIGHT_UPDATE_ANALYSIS
				   : OPERATION_QUICKSIGHT_CREATE_ANALYSIS,
			  NULL, err) &&
	       wait_for(&piece, "", err);
}

/* --- data sets that are no longer in use --- */

struct each {
	const char *prefix;
	void (*visit)(void *context, const char *id);
	void *context;
};

static bool look_at(void *context, const struct json *item)
{
	struct each *each = context;
	const char *id = json_text(item, "DataSetId", "");

	/* "a-b-" also begins what is another's: "a-b-c-12345678". */
	if (str_starts(id, each->prefix) &&
	    is_digest(id + strlen(each->prefix)))
		each->visit(each->context, id);
	return true;
}

bool quicksight_each_data_set(struct quicksight *quicksight,
			      const char *dashboard_id,
			      void (*visit)(void *context, const char *id),
			      void *context, struct err *err)
{
	CLEANUP(str_done) struct str prefix = STR_EMPTY;
	struct each each = { NULL, visit, context };
	struct quicksight_pages pages = {
		.operation = OPERATION_QUICKSIGHT_LIST_DATA_SETS,
		.path = "data-sets",
		.member = "DataSetSummaries",
		.visit = look_at,
		.context = &each,
	};

	str_addf(&prefix, "%s-", dashboard_id);
	each.prefix = prefix.text;
	return quicksight_list(quicksight, &pages, err);
}

struct leftovers {
	const struct quicksight_sheets *sheets;
	struct {
		VEC(char *);
	} ids;
};

static void note_leftover(void *context, const char *id)
{
	struct leftovers *left = context;

	for (size_t i = 0; i < left->sheets->count; i++)
		if (strcmp(quicksight_arn_id(
				   left->sheets->items[i].data_set_arn),
			   id) == 0)
			return;
	vec_push(&left->ids, mem_copy_text(id));
}

static bool drop_leftovers(struct quicksight *quicksight,
			   const struct quicksight_publish *publish,
			   const char *dashboard_id, struct err *err)
{
	struct leftovers left = { .sheets = publish->sheets };
	bool ok = quicksight_each_data_set(quicksight, dashboard_id,
					   note_leftover, &left, err);

	for (size_t i = 0; i < left.ids.count; i++) {
		struct err failed = ERR_EMPTY;

		if (ok &&
		    !quicksight_get(quicksight,
				    OPERATION_QUICKSIGHT_DELETE_DATA_SET,
				    "data-sets", left.ids.items[i], NULL,
				    &failed) &&
		    failed.kind != ERR_MISSING) {
			*err = failed;
			ok = false;
		}
		mem_free(left.ids.items[i]);
	}
	vec_done(&left.ids);
	return ok;
}

bool quicksight_publish(struct quicksight *quicksight,
			const struct quicksight_publish *publish,
			struct quicksight_result *out, struct err *err)
{
	quicksight_dashboard_id(quicksight, publish->name, &out->id);
	for (size_t i = 0; i < publish->sheets->count; i++)
		if (!make_data_set(quicksight, publish, i, out, err))
			return false;
	return put_dashboard(quicksight, publish, out, err) &&
	       put_analysis(quicksight, publish, out, err) &&
	       (out->done == QUICKSIGHT_CREATED ||
		drop_leftovers(quicksight, publish, out->id.text, err));
}
