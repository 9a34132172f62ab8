#include "shell/warehouses.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "aws/fleet.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/rows_mem.h"
#include "db/dsn.h"
#include "print/screen.h"
#include "shell/cmdline.h"
#include "shell/iam_plan.h"
#include "shell/session_state.h"

enum { LOOK_MS = 2000 }; /* between two questions about a status */

/* ---- regions ---- */

struct regions {
	VEC(char *);
};

static void regions_done(struct regions *regions)
{
	for (size_t i = 0; i < regions->count; i++)
		mem_free(regions->items[i]);
	vec_done(regions);
}

static bool read_regions(const struct aws *aws, const char *text,
			 struct regions *out, struct err *err)
{
	const char *region;

	if (!text && !*worker_region(aws)) {
		err_set(err, ERR_USAGE, "no AWS region is set");
		return err_hint(err, "name one or several, or say all: "
				     "redsh --warehouses=eu-west-1,us-east-1");
	}
	if (!text)
		vec_push(out, mem_copy_text(worker_region(aws)));
	if (text && strcmp(text, "all") == 0)
		for (size_t i = 0; (region = fleet_region(i)); i++)
			vec_push(out, mem_copy_text(region));
	else
		for (; text && *text; text += strspn(text, ", ")) {
			size_t len = strcspn(text, ", ");

			vec_push(out, mem_copy_slice(text, len));
			text += len;
		}
	return true;
}

static bool find(struct session *session, const char *text,
		 struct fleet *out, struct err *err)
{
	CLEANUP(regions_done) struct regions regions = { 0 };
	struct aws *aws = session_aws_ready(session, err);
	bool ok;

	if (!aws || !read_regions(aws, text, &regions, err))
		return false;
	session_progress(session, "Looking for warehouses ...");
	ok = fleet_list(aws, (const char *const *)regions.items,
			    regions.count, out, err);
	session_progress(session, "");
	return ok;
}

/* ---- listed ---- */

static void add_row(struct rows_mem *mem, const struct fleet_item *item)
{
	rows_mem_add(mem, item->name);
	rows_mem_add(mem, item->serverless ? "workgroup" : "cluster");
	rows_mem_add(mem, item->region);
	rows_mem_add(mem, item->status);
	rows_mem_add(mem, item->database);
	rows_mem_add(mem, item->size);
	rows_mem_add(mem, item->address);
	if (*item->address)
		rows_mem_add_number(mem, item->port);
	else
		rows_mem_add(mem, NULL);
}

bool warehouses_show(struct session *session, const char *regions,
		     struct err *err)
{
	static const char *const titles[] = { "Name",	"Kind",	    "Region",
					      "Status", "Database", "Size",
					      "Host" };
	CLEANUP(fleet_done) struct fleet found = { 0 };
	struct rows_mem *mem;

	if (!find(session, regions, &found, err))
		return false;
	mem = rows_mem_new("Warehouses");
	for (size_t i = 0; i < COUNT_OF(titles); i++)
		rows_mem_column(mem, titles[i], ROWS_TEXT);
	rows_mem_column(mem, "Port", ROWS_INTEGER);
	for (size_t i = 0; i < found.count; i++)
		add_row(mem, &found.items[i]);
	for (size_t i = 0; i < found.faults.count; i++)
		session_warn(session, "%s", found.faults.items[i]);
	return session_print_rows(session, rows_mem_rows(mem), NULL, err);
}

/* ---- chosen ---- */

/* Or there is work to be done at once. */
static bool is_named(const struct session *session)
{
	static const enum option_id options[] = {
		OPTION_HOST,	OPTION_PORT,	  OPTION_SANDBOX,
		OPTION_CLUSTER, OPTION_WORKGROUP, OPTION_OFFLINE,
		OPTION_SECRET,	OPTION_COMMAND,	  OPTION_FILE,
		OPTION_LIST,
	};
	static const char *const variables[] = { "PGHOST", "PGHOSTADDR",
						 "PGSERVICE", "PGDATABASE",
						 "PGPORT" };

	for (size_t i = 0; i < COUNT_OF(options); i++)
		if (cmdline_has(session->cmdline, options[i]))
			return true;
	for (size_t i = 0; i < COUNT_OF(variables); i++)
		if (getenv(variables[i]) && *getenv(variables[i]))
			return true;
	return session->cmdline->dbname != NULL;
}

bool warehouses_wanted(struct session *session)
{
	struct aws *aws;

	if (session->as_psql || session->notty || is_named(session))
		return false;
	aws = session_aws(session, NULL);
	return aws && *worker_region(aws) && worker_need_cred(aws, NULL);
}

/* Names are AWS's: no order for the terminal, and no second line. */
static void add_line(const struct fleet_item *item, size_t number,
		     struct str *out)
{
	CLEANUP(str_done) struct str line = STR_EMPTY;

	str_addf(&line, "%3zu  %-24s %-10s %-15s %-11s %s", number, item->name,
		 item->serverless ? "workgroup" : "cluster", item->region,
		 item->status, item->size);
	screen_add_line(out, line.text, line.len);
	str_add_char(out, '\n');
}

static void tell(struct session *session, const struct fleet *found)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (size_t i = 0; i < found->count; i++)
		add_line(&found->items[i], i + 1, &text);
	session_put(session, text.text);
}

static const struct fleet_item *ask(struct session *session,
				   const struct fleet *found)
{
	for (;;) {
		CLEANUP(str_done) struct str question = STR_EMPTY;
		CLEANUP(str_done) struct str answer = STR_EMPTY;
		char *end;
		unsigned long number;

		str_addf(&question, "Which one? [1-%zu, Enter: none] ",
			 found->count);
		session_put(session, question.text);
		if (!session_read_answer(session, &answer))
			return NULL;
		str_trim_end(&answer);
		if (answer.len == 0)
			return NULL;
		number = strtoul(answer.text, &end, 10);
		if (*end == '\0' && number >= 1 && number <= found->count)
			return &found->items[number - 1];
		for (size_t i = 0; i < found->count; i++)
			if (strcmp(found->items[i].name, answer.text) == 0)
				return &found->items[i];
	}
}

bool warehouses_choose(struct session *session, struct dsn *dsn,
		       struct str *out_name)
{
	CLEANUP(fleet_done) struct fleet found = { 0 };
	const struct fleet_item *chosen;
	struct err err = ERR_EMPTY;

	if (!find(session, NULL, &found, &err)) {
		say_err(&session->say, &err);
		return false;
	}
	for (size_t i = 0; i < found.faults.count; i++)
		session_warn(session, "%s", found.faults.items[i]);
	if (found.count == 0)
		return false;
	tell(session, &found);
	chosen = ask(session, &found);
	if (!chosen)
		return false;
	dsn_set(dsn,
		chosen->serverless ? "serverless_work_group"
				   : "cluster_identifier",
		chosen->name);
	dsn_set(dsn, "region", chosen->region);
	session_put(session, "Save it as @NAME? [a name, Enter: no] ");
	if (session_read_answer(session, out_name))
		str_trim_end(out_name);
	return true;
}

/* ---- waited for ---- */

static bool is_coming(const char *status)
{
	static const char *const words[] = { "resuming",  "creating",
					     "modifying", "rebooting",
					     "renaming",  "resizing",
					     "restoring", "updating" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_starts(status, words[i]))
			return true;
	return false;
}

static bool is_ready(const char *status)
{
	return str_starts(status, "available");
}

static bool refuse(const struct iam_plan *plan, const char *status,
		   struct err *err)
{
	const char *kind = plan->serverless ? "workgroup" : "cluster";

	err_set(err, ERR_USAGE, "%s %s is %s", kind, plan->name.text, status);
	if (strcmp(status, "paused") == 0)
		return err_hint(err,
				"resuming it costs money, so that you must say "
				"it: aws redshift resume-cluster "
				"--cluster-identifier %s%s%s",
				plan->name.text,
				plan->region.len ? " --region " : "",
				plan->region.text);
	return err_hint(err, "try again when it is available; redsh "
			     "--warehouses shows that");
}

bool warehouses_wait(struct session *session, struct aws *aws,
		     const struct iam_plan *plan, const char *first,
		     struct err *err)
{
	CLEANUP(str_done) struct str status = STR_EMPTY;
	const char *region = plan->region.len ? plan->region.text : NULL;
	bool ok = true;

	str_set(&status, first);
	while (ok && !is_ready(status.text)) {
		CLEANUP(str_done) struct str line = STR_EMPTY;

		if (!is_coming(status.text) || !session_is_interactive(session))
			return refuse(plan, status.text, err);
		str_addf(&line, "%s is %s; waiting (Ctrl-C gives up) ...",
			 plan->name.text, status.text);
		session_progress(session, line.text);
		cancel_poll(-1, POLLIN, LOOK_MS);
		str_clear(&status);
		ok = cancel_check(err) &&
		     fleet_status(aws, region, plan->serverless,
				      plan->name.text, &status, err);
	}
	session_progress(session, "");
	return ok;
}
