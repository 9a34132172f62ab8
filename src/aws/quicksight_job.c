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

static void take_rows(struct quicksight_ingestion *ingestion,
		      const struct json *state)
{
	ingestion->rows = json_number(state, "RowInfo.RowsIngested", 0);
	ingestion->dropped = json_number(state, "RowInfo.RowsDropped", 0);
}

static bool refused(const struct quicksight *quicksight,
		    const struct quicksight_ingestion *ingestion,
		    const struct json *state, struct err *err)
{
	return quicksight_cause_thing(
		quicksight, QUICKSIGHT_INGESTION, ingestion->name,
		json_text(state, "ErrorInfo.Type", "INGESTION_CANCELED"),
		json_text(state, "ErrorInfo.Message", ""), err);
}

static bool give_up(const struct quicksight *quicksight,
		    struct quicksight_ingestion *ingestion,
		    const struct json *state, struct err *err)
{
	ingestion->failed = true;
	return refused(quicksight, ingestion, state, err);
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
		take_rows(ingestion, state);
		if (strcmp(status, "COMPLETED") == 0)
			return true;
		if (strcmp(status, "FAILED") == 0 ||
		    strcmp(status, "CANCELLED") == 0)
			return give_up(quicksight, ingestion, state, err);
		tell_rows(ingestion, status, &told);
		if (!quicksight_wait(quicksight, &ms, told.text, err))
			return false;
	}
}

/* --- the newest one --- */

/* The order of a list is not promised. */
static bool look_at(void *context, const struct json *item)
{
	struct json **newest = context;

	if (*newest != NULL && json_double(item, "CreatedTime", 0) <=
				       json_double(*newest, "CreatedTime", 0))
		return true;
	json_free(*newest);
	*newest = json_clone(item);
	return true;
}

enum state {
	NEVER,
	RUNS,
	COMPLETE,
	FAILED,
	CANCELLED,
	UNKNOWN, /* not for the caller to see */
};

static enum state state_of(const struct json *newest)
{
	static const struct {
		const char *status;
		enum state state;
	} states[] = {
		{ "COMPLETED", COMPLETE },
		{ "FAILED", FAILED },
		{ "CANCELLED", CANCELLED },
	};
	const char *status = json_text(newest, "IngestionStatus", "");

	for (size_t i = 0; i < COUNT_OF(states); i++)
		if (strcmp(status, states[i].status) == 0)
			return states[i].state;
	return newest != NULL ? RUNS : NEVER;
}

/* *newest: yours, NULL: there is none. */
static bool find_newest(struct quicksight *quicksight,
			const struct quicksight_ingestion *ingestion,
			struct json **newest, enum state *out, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct quicksight_pages pages = {
		.operation = OPERATION_QUICKSIGHT_LIST_INGESTIONS,
		.member = "Ingestions",
		.visit = look_at,
		.context = newest,
	};
	struct err failed = ERR_EMPTY;

	str_addf(&path, "data-sets/%s/ingestions", ingestion->data_set);
	pages.path = path.text;
	if (quicksight_list(quicksight, &pages, &failed)) {
		*out = state_of(*newest);
		return true;
	}
	if (strcmp(failed.code, "AccessDeniedException") != 0) {
		*err = failed;
		return false;
	}
	*out = UNKNOWN;
	quicksight_tell(quicksight,
			"Whether SPICE is filled (%s) cannot be "
			"looked at: %s.",
			ingestion->name, failed.message);
	return true;
}

static void tell_again(const struct quicksight *quicksight,
		       const struct quicksight_ingestion *ingestion,
		       enum state state, const struct json *newest)
{
	struct err why = ERR_EMPTY;

	if (state == FAILED) {
		refused(quicksight, ingestion, newest, &why);
		quicksight_tell(quicksight,
				"The last filling of SPICE failed "
				"(%s): it is filled again.",
				why.message);
	} else if (state == CANCELLED) {
		quicksight_tell(quicksight,
				"The last filling of SPICE was "
				"cancelled (%s): it is filled again.",
				ingestion->name);
	}
}

/* --- filling --- */

/* AWS: 32 refreshes by hand in 24 hours, of a data set. */
static bool refuse_more(struct err *err)
{
	if (strcmp(err->code, "LimitExceededException") == 0)
		err_hint(err, "QuickSight fills a data set anew by hand 32 "
			      "times in 24 hours: wait, or let a schedule of "
			      "its console do it");
	return false;
}

static bool begin(struct quicksight *quicksight,
		  struct quicksight_ingestion *ingestion, struct err *err)
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
	ok = quicksight_call(quicksight, &ask, NULL, err) || refuse_more(err);
	ok = ok && quicksight_follow_ingestion(quicksight, ingestion, err);
	ingestion->id = NULL;
	return ok;
}

bool quicksight_refresh(struct quicksight *quicksight,
			struct quicksight_ingestion *ingestion, struct err *err)
{
	CLEANUP(json_freep) struct json *newest = NULL;
	enum state state = NEVER;

	if (!find_newest(quicksight, ingestion, &newest, &state, err))
		return false;
	if (state == RUNS)
		quicksight_tell(quicksight,
				"SPICE is being filled already "
				"(%s): this filling comes after that one.",
				ingestion->name);
	tell_again(quicksight, ingestion, state, newest);
	return begin(quicksight, ingestion, err);
}

bool quicksight_fill(struct quicksight *quicksight,
		     struct quicksight_ingestion *ingestion, struct err *err)
{
	CLEANUP(json_freep) struct json *newest = NULL;
	enum state state = NEVER;
	bool ok;

	if (!find_newest(quicksight, ingestion, &newest, &state, err))
		return false;
	switch (state) {
	case UNKNOWN:
		return true;
	case COMPLETE:
		take_rows(ingestion, newest);
		ingestion->began_ms = json_time_ms(newest, "CreatedTime");
		return true;
	case RUNS:
		ingestion->id = json_text(newest, "IngestionId", "");
		ok = quicksight_follow_ingestion(quicksight, ingestion, err);
		ingestion->id = NULL;
		return ok;
	case NEVER:
	case FAILED:
	case CANCELLED:
		break;
	}
	tell_again(quicksight, ingestion, state, newest);
	return begin(quicksight, ingestion, err);
}
