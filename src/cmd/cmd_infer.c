#include "cmd/cmd_infer.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "base/cancel.h"
#include "base/path.h"
#include "base/sink.h"
#include "base/units.h"
#include "cmd/load_world.h"
#include "data/rows.h"
#include "load/ddl.h"
#include "load/inspect.h"
#include "load/inspect_create.h"
#include "load/inspect_source.h"
#include "load/inspect_tell.h"
#include "load/stage_place.h"
#include "shell/session.h"
#include "sql/quote.h"

static const struct arg infer_args[] = {
	{ "FILE|URI", ARG_PATH_OR_URI, ARG_REQUIRED, "what to look at" },
	{ "--table", ARG_SQL_NAME, ARG_OPTIONAL,
	  "name of the table; else made of the file's" },
	{ "--sample", ARG_NUMBER, ARG_OPTIONAL, "stop after so many records" },
	{ "--all", ARG_FLAG, ARG_OPTIONAL,
	  "read all of a large object, not samples" },
	{ "--json", ARG_FLAG, ARG_OPTIONAL, "all that was found, as JSON" },
	ARG_END
};

static bool tick(void *context, int64_t done, int64_t total, struct err *err)
{
	struct session *session = context;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!cancel_check(err))
		return false;
	str_add(&text, "looking  ");
	units_add_bytes(&text, done);
	str_add(&text, " of ");
	units_add_bytes(&text, total);
	session_progress(session, text.text);
	return true;
}

static struct inspect_opened *open_source(struct session *session,
					  const char *what, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	struct aws *aws;

	if (s3_uri_is(what)) {
		aws = session_aws(session, err);
		return aws != NULL ? inspect_open_object(aws, what, err) : NULL;
	}
	path_expand(what, &path);
	return inspect_open_file(path.text, err);
}

/* orders-2024.csv.gz: orders_2024 */
static void table_name(const char *what, struct str *out)
{
	CLEANUP(str_done) struct str base = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const char *dot;

	str_set(&base, path_base(what));
	dot = strchr(base.text, '.');
	if (dot != NULL && dot > base.text)
		str_cut(&base, (size_t)(dot - base.text));
	ddl_add_name(&name, base.text, 1);
	quote_name(out, name.text);
}

static void show_found(struct session *session,
		       const struct inspection *found)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	sniff_describe(&found->sniff, &text);
	if (found->infer.columns.count > 0) {
		if (sniff_is_text(&found->sniff))
			str_add(&text, found->infer.header ? ", header"
							   : ", no header");
		str_add(&text, ", ");
		units_add_count(&text, found->records);
		str_add(&text, found->records == 1 ? " row" : " rows");
		if (!found->whole)
			str_add(&text, " looked at");
	}
	session_info(session, "%s", text.text);
	for (size_t i = 0; i < found->warnings.count; i++)
		session_warn(session, "%s", found->warnings.items[i]);
}

/* --- what COPY is told of a file of this machine --- */

struct staged {
	struct str uri;
	struct str next; /* what to type */
};

#define STAGED_EMPTY                                                           \
	{                                                                      \
		.uri = STR_EMPTY, .next = STR_EMPTY                            \
	}

static void staged_done(struct staged *staged)
{
	str_done(&staged->uri);
	str_done(&staged->next);
}

static void add_command(const char *table, const char *file, struct str *out)
{
	str_addf(out, "\\copyfrom --create %s ", table);
	if (strpbrk(file, " \t'\"") != NULL)
		quote_literal(out, file, false);
	else
		str_add(out, file);
}

/* COPY reads from S3: the statement is of the place where \copyfrom would put
 * the file. */
static void stage(const struct session *session, const char *file,
		  const struct inspection *found,
		  struct inspect_target *target, struct staged *out)
{
	CLEANUP(str_done) struct str base = STR_EMPTY;
	struct err why = ERR_EMPTY;
	bool cuts = sniff_is_text(&found->sniff) ||
		    found->sniff.kind == SNIFF_JSON;

	add_command(target->table, file, &out->next);
	if (stage_place_find(NULL, load_world_staging(session), &base, &why)) {
		str_addf(&out->uri, "%sredsh-stage/ID/files.manifest",
			 base.text);
		str_add(&out->next, " loads it by way of that place");
		target->added = cuts && found->sniff.pack == PACK_NONE
					? "manifest gzip"
					: "manifest";
	} else {
		str_addf(&out->uri, "s3://BUCKET/FOLDER/%s", path_base(file));
		str_addf(&out->next,
			 " loads it once a place in S3 is named: %s",
			 why.hint);
	}
	target->uri = out->uri.text;
}

/* The profile, then statements that can be pasted. */
static bool show(struct session *session, const char *what,
		 const struct inspection *found,
		 const struct inspect_target *target, const char *next,
		 struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str copy = STR_EMPTY;
	CLEANUP(str_done) struct str reason = STR_EMPTY;

	show_found(session, found);
	if (found->infer.columns.count > 0 &&
	    !session_print_rows(session, inspect_rows(found), "", err))
		return false;
	inspect_create_add(found, target->table, &sql, &reason);
	if (sql.len > 0)
		str_add(&sql, ";\n");
	inspect_add_copy(found, target, &copy);
	if (copy.len > 0)
		str_addf(&sql, "\n%s;\n", copy.text);
	if (!sink_text(session_out(session), sql.text, err))
		return false;
	if (reason.len > 0)
		session_info(session, "%s", reason.text);
	if (copy.len > 0 && next[0] != '\0')
		session_info(session, "%s", next);
	return inspect_check(found, what, err);
}

static bool infer_run_command(struct session *session, const struct args *args,
			      struct err *err)
{
	const char *what = args_text(args, "FILE|URI");
	const char *role = load_world_role(session);
	CLEANUP(inspection_done) struct inspection found = INSPECTION_EMPTY;
	CLEANUP(str_done) struct str table = STR_EMPTY;
	CLEANUP(str_done) struct str json = STR_EMPTY;
	CLEANUP(staged_done) struct staged staged = STAGED_EMPTY;
	CLEANUP(inspect_closep)
	struct inspect_opened *opened = open_source(session, what, err);
	struct inspect_source source = { .tick = tick,
					 .tick_context = session };
	struct inspect_options options = {
		.all = args_flag(args, "--all"),
		.sample = args_number(args, "--sample", 0),
	};
	struct inspect_target target = { .uri = what, .role = role };
	bool good;

	if (opened == NULL)
		return false;
	if (args_text(args, "--table") != NULL)
		str_set(&table, args_text(args, "--table"));
	else
		table_name(what, &table);
	target.table = table.text;
	inspect_source_of(opened, &source);
	good = inspect_run(&found, &source, &options, err);
	session_progress(session, "");
	if (!good)
		return false;
	inspect_warn(&found);
	if (!s3_uri_is(what))
		stage(session, what, &found, &target, &staged);
	if (!args_flag(args, "--json"))
		return show(session, what, &found, &target, staged.next.text,
			    err);
	inspect_add_json(&found, &target, &json);
	return sink_text(session_out(session), json.text, err);
}

const struct command cmd_infer_table[] = {
	{
		.name = "infer",
		.group = GROUP_LOAD,
		.synopsis = "\\infer [--table NAME] [--sample N | --all] "
			    "[--json] FILE|URI",
		.brief = "look at a file: format, columns, types, CREATE TABLE "
			 "and COPY",
		.args = infer_args,
		.run = infer_run_command,
	},
	COMMAND_END
};
