#include "aws/quicksight_job.h"

#include <inttypes.h>
#include <string.h>

#include "aws/quicksight.h"
#include "aws/quicksight_cause.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "data/json.h"

static void tell_rows(const struct quicksight_ingestion *ingestion,
		      const char *status, struct str *out)
{
	str_addf(out, "SPICE, %s: ", ingestion->name);
	if (strcmp(status, "RUNNING") == 0) {
		units_add_count(out, ingestion->rows);
		str_add(out, " rows");
	} else {
		str_add(out, "waiting");
	}
}

bool quicksight_follow_ingestion(struct quicksight *quicksight,
				 struct quicksight_ingestion *ingestion,
				 struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	int ms = QUICKSIGHT_FIRST_WAIT_MS;

	str_addf(&path, "data-sets/%s/ingestions", ingestion->data_set);
	for (;;) {
		CLEANUP(json_freep) struct json *reply = NULL;
		CLEANUP(str_done) struct str told = STR_EMPTY;
		const struct json *state;
		const char *status;

		if (!quicksight_get(quicksight,
				    OPERATION_QUICKSIGHT_DESCRIBE_INGESTION,
				    path.text, ingestion->id, &reply, err))
			return false;
		state = json_key(reply, "Ingestion");
		status = json_text(state, "IngestionStatus", "");
		ingestion->rows = json_number(state, "RowInfo.RowsIngested", 0);
		ingestion->dropped =
			json_number(state, "RowInfo.RowsDropped", 0);
		if (strcmp(status, "COMPLETED") == 0)
			return true;
		if (strcmp(status, "FAILED") == 0 ||
		    strcmp(status, "CANCELLED") == 0)
			return quicksight_cause_thing(
				quicksight, QUICKSIGHT_INGESTION,
				ingestion->name,
				json_text(state, "ErrorInfo.Type",
					  "INGESTION_CANCELED"),
				json_text(state, "ErrorInfo.Message", ""), err);
		tell_rows(ingestion, status, &told);
		if (!quicksight_wait(quicksight, &ms, told.text, err))
			return false;
	}
}

bool quicksight_refresh(struct quicksight *quicksight,
			struct quicksight_ingestion *ingestion,
			struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(json_freep) struct json *body = json_new_object();
	struct quicksight_ask ask = {
		.operation = OPERATION_QUICKSIGHT_CREATE_INGESTION,
		.body = body,
	};
	bool ok;

	str_addf(&id, "redsh-%" PRId64, clock_wall_ms());
	str_addf(&path, "data-sets/%s/ingestions/%s", ingestion->data_set,
		 id.text);
	ask.path = path.text;
	json_put_text(body, "IngestionType", "FULL_REFRESH");
	ingestion->id = id.text;
	ok = quicksight_call(quicksight, &ask, NULL, err) &&
	     quicksight_follow_ingestion(quicksight, ingestion, err);
	ingestion->id = NULL;
	return ok;
}
