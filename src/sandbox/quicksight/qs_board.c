#include "sandbox/quicksight/qs_board.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/quicksight/qs.h"
#include "sandbox/quicksight/qs_asset.h"
#include "sandbox/quicksight/qs_check.h"
#include "sandbox/s3/s3_call.h"

/* The themes that every account has. */
static bool check_theme(const char *arn, struct err *err)
{
	static const char *const names[] = { "CLASSIC", "MIDNIGHT", "SEASIDE",
					     "RAINIER" };
	static const char head[] = "arn:aws:quicksight::aws:theme/";

	if (arn == NULL)
		return true;
	for (size_t i = 0; i < COUNT_OF(names) && str_starts(arn, head); i++)
		if (strcmp(arn + strlen(head), names[i]) == 0)
			return true;
	return s3_call_refuse(err, "ResourceNotFoundException",
			      "Theme %s does not exist", arn);
}

bool qs_board_check(const struct qs_call *call, struct err *err)
{
	bool definition = json_key(call->in, "Definition") != NULL;
	bool source = json_key(call->in, "SourceEntity") != NULL;

	if (definition == source)
		return s3_call_refuse(err, "InvalidParameterValueException",
				      "Either Definition or SourceEntity must "
				      "be given");
	if (source)
		return s3_call_refuse(err, "ResourceNotFoundException",
				      "Template %s does not exist: the sandbox "
				      "has no templates",
				      json_text(call->in,
						"SourceEntity.SourceTemplate"
						".Arn",
						""));
	return check_theme(json_text(call->in, "ThemeArn", NULL), err) &&
	       qs_check_inside(call->qs, json_key(call->in, "Definition"), err);
}

void qs_board_put(const struct qs_call *call, const char *status,
		  struct json *record)
{
	const struct json *definition = json_key(call->in, "Definition");

	json_put_text(record, "Status", status);
	json_put_take(record, "Errors", json_new_array());
	json_put_null(record, "ThemeArn");
	json_put_null(record, "Parameters");
	qs_pick(record, call->in,
		"Name Definition Parameters ThemeArn DashboardPublishOptions");
	if (json_key(call->in, "VersionDescription") != NULL)
		json_put_text(record, "Description",
			      json_text(call->in, "VersionDescription", ""));
	json_put_bool(record, "Lenient",
		      strcmp(json_text(call->in, "ValidationStrategy.Mode", ""),
			     "LENIENT") == 0);
	json_put_take(record, "DataSetArns", qs_check_sets(definition));
	json_put_take(record, "Sheets", qs_check_sheets(definition));
}

void qs_board_judge(const struct qs *qs, struct json *record)
{
	struct json *errors = qs_check_data(qs, json_key(record, "Definition"),
					    json_key(record, "Parameters"));
	bool good = json_count(errors) == 0 ||
		    json_bool(record, "Lenient", false);
	bool updating = strcmp(json_text(record, "Status", ""),
			       "UPDATE_IN_PROGRESS") == 0;
	CLEANUP(str_done) struct str status = STR_EMPTY;

	json_put_take(record, "Errors", errors);
	str_addf(&status, "%s_%s", updating ? "UPDATE" : "CREATION",
		 good ? "SUCCESSFUL" : "FAILED");
	json_put_text(record, "Status", status.text);
}

struct json *qs_board_version(const struct qs *qs, const struct json *dashboard,
			      const char *region, int64_t number,
			      struct err *err)
{
	const char *id = json_text(dashboard, "DashboardId", "");
	CLEANUP(str_done) struct str parent = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct qs_key key = { .kind = "dashboardVersion" };
	struct json *version;

	if (number == 0)
		number = json_number(dashboard, "PublishedVersionNumber", 0);
	if (number == 0)
		number = json_number(dashboard, "LastVersionNumber", 1);
	str_addf(&parent, "%s/%s", region, id);
	str_addf(&name, "%" PRId64, number);
	key.parent = parent.text;
	key.id = name.text;
	version = qs_store_get(qs->store, key, NULL);
	if (version == NULL)
		s3_call_refuse(err, "ResourceNotFoundException",
			       "Dashboard %s has no version %" PRId64, id,
			       number);
	return version;
}
