#include "load/copyfrom.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "base/cancel.h"
#include "load/check.h"
#include "load/check_near.h"
#include "load/check_table.h"
#include "load/copy_args.h"
#include "load/copy_each.h"
#include "load/copy_map.h"
#include "load/copy_report.h"
#include "load/copy_state.h"
#include "load/copy_talk.h"
#include "load/ddl.h"
#include "load/inspect.h"
#include "load/inspect_source.h"

static void copyfrom_done(struct copyfrom *copy)
{
	copy_source_done(copy);
	sniff_done(&copy->sniff);
	infer_done(&copy->infer);
	str_done(&copy->list);
	str_done(&copy->proposed);
	copy_swap_done(&copy->swap);
	mem_wipe(copy->check_sql.text,
		 copy->check_sql.cap > 0 ? copy->check_sql.len : 0);
	str_done(&copy->check_sql);
	copy_steps_done(&copy->steps);
	warehouse_columns_done(&copy->columns);
}

/* --- looking --- */

static bool go_on(void *context, int64_t done, int64_t total, struct err *err)
{
	(void)context, (void)done, (void)total;
	return cancel_check(err);
}

/* Parquet tells its columns at the end of the file, and of a table to be made
 * each line of a local file has a say in the types. Not being able to look is
 * no reason to give up. */
static bool look_further(struct copyfrom *copy, struct err *err)
{
	const struct load_world *world = copy->world;
	const char *name = copy->source.sample.text;
	bool local = !s3_uri_is(name);
	CLEANUP(inspection_done) struct inspection seen = INSPECTION_EMPTY;
	CLEANUP(inspect_closep) struct inspect_opened *opened = NULL;
	struct inspect_source source = { .name = name };
	struct inspect_options options = { .all = false };
	struct infer none = INFER_EMPTY;
	struct err why = ERR_EMPTY;
	struct aws *aws = NULL;

	if (!local && world->aws != NULL)
		aws = world->aws(world->context, &why);
	if (local)
		opened = inspect_open_file(name, &why);
	else if (aws != NULL)
		opened = inspect_open_object(aws, name, &why);
	if (opened != NULL) {
		inspect_source_of(opened, &source);
		source.tick = go_on;
		source.remote = true; /* of a large file samples do */
		if (inspect_run(&seen, &source, &options, &why)) {
			infer_done(&copy->infer);
			copy->infer = seen.infer;
			seen.infer = none;
			return true;
		}
	}
	if (why.kind == ERR_CANCELLED) {
		*err = why;
		return false;
	}
	if (why.kind != ERR_NONE)
		world->warn(world->context, why.message);
	return true;
}

static bool wants_more(const struct copyfrom *copy, bool whole)
{
	const struct sniff *sniff = &copy->sniff;

	/* A pipe has no end to look at first; what was fetched lies in S3. */
	if (copy->args->place == COPY_PLACE_STDIN &&
	    !s3_uri_is(copy->source.sample.text))
		return false;
	if (sniff->kind == SNIFF_PARQUET)
		return true;
	return copy->args->create && copy->args->place == COPY_PLACE_FILE &&
	       (sniff->kind == SNIFF_DELIMITED || sniff->kind == SNIFF_JSON) &&
	       copy->infer.columns.count > 0 &&
	       (!whole || sniff->records.count >= SNIFF_MAX_RECORDS);
}

static bool look(struct copyfrom *copy, struct err *err)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	bool whole;

	if (!copy_source_find(copy, err) || !copy_source_read(copy, &bytes, err))
		return false;
	whole = bytes.len < SNIFF_SAMPLE_BYTES;
	if (!sniff_run(&copy->sniff, bytes.text, bytes.len, whole, err))
		return err_wrap(err, "%s", copy->source.sample.text);
	copy->looked = true;
	infer_run(&copy->infer, &copy->sniff);
	if (wants_more(copy, whole) && !look_further(copy, err))
		return false;
	ddl_name_columns(&copy->infer);
	return true;
}

/* A format the person gave makes looking a convenience. */
static bool knows_format(const struct copy_options *options)
{
	for (size_t i = 0; i < options->given.count; i++) {
		const struct copy_option *option =
			options->given.items[i].option;

		if (option->group == COPY_GROUP_FORMAT ||
		    option->id == COPY_DELIMITER)
			return true;
	}
	return false;
}

static bool look_if_wanted(struct copyfrom *copy, struct err *err)
{
	bool knows = knows_format(&copy->args->options);

	if (copy->args->no_sniff || !copy_source_can_look(copy))
		return true;
	if (look(copy, err)) {
		/* who names a format insists on it */
		return knows ||
		       sniff_check(&copy->sniff, copy->source.sample.text, err);
	}
	/* What is on this machine has to be read anyway. */
	if (err->kind == ERR_CANCELLED || copy->args->place != COPY_PLACE_URI)
		return false;
	if (knows && (copy->args->print || err->kind != ERR_MISSING)) {
		if (!copy->args->print)
			copy->world->warn(copy->world->context, err->message);
		err_clear(err);
		return true;
	}
	if (copy->args->print && !copy->args->create &&
	    (err->kind == ERR_AUTH || err->kind == ERR_NETWORK)) {
		copy->world->warn(copy->world->context, err->message);
		copy->world->warn(copy->world->context,
				  "the data could not be looked at: say its "
				  "format, or COPY takes it for lines with "
				  "bars");
		err_clear(err);
		return true;
	}
	if (err->hint[0] == '\0')
		return err_hint(err, "say the format yourself and add "
				     "--no-sniff to load without looking");
	return false;
}

/* --- the table --- */

/* Finds the table's columns; where there is none and none shall be made, it
 * is better said now than by the server. */
static bool find_table(struct copyfrom *copy, struct err *err)
{
	const struct copy_args *args = copy->args;

	if (copy->world->ask == NULL || args->print)
		return true;
	if (!warehouse_find_columns(copy->world, args->table.text,
				    &copy->columns, err))
		return false;
	if (copy->columns.count > 0 || args->create)
		return true;
	err_set(err, ERR_MISSING, "there is no table %s", args->table.text);
	err_hint(err, "add --create to make it from the types found in the "
		      "file");
	check_near(copy->world, args->table.text, err);
	return false;
}

static bool check_create(const struct copyfrom *copy, struct err *err)
{
	const struct copy_args *args = copy->args;

	if (!args->create || copy->columns.count > 0)
		return true;
	if (args->dry_run && !args->print)
		return err_set(err, ERR_MISSING,
			       "there is no table %s to try the load with",
			       args->table.text) ||
		       err_hint(err, "without --dry-run it is made");
	if (copy->infer.columns.count > 0)
		return true;
	err_set(err, ERR_USAGE, "no column types to create %s from",
		args->table.text);
	return err_hint(err, "--create needs delimited text that can be "
			     "looked into; write CREATE TABLE");
}

/* --- checks --- */

/* r_COPY-JOB: no default role, and not inside a block. */
static bool check_job(const struct copyfrom *copy, struct err *err)
{
	const struct copy_args *args = copy->args;
	const char *role = args->role.len > 0 ? args->role.text
					      : copy->world->role;

	if (!copy_options_has(&args->options, COPY_JOB))
		return true;
	if (args->options.auth.kind == COPY_AUTH_NONE &&
	    (role == NULL || !str_starts(role, "arn:"))) {
		err_set(err, ERR_USAGE, "JOB needs the ARN of a role: IAM_ROLE "
					"default does not go with it");
		return err_hint(err, "add --role "
				     "arn:aws:iam::ACCOUNT:role/NAME");
	}
	if (!copy_steps_in_block(copy))
		return true;
	err_set(err, ERR_USAGE, "COPY ... JOB CREATE cannot run inside a "
				"transaction block");
	return err_hint(err, "COMMIT or ROLLBACK first");
}

/* What the line asks for that cannot be. */
static bool check_line(const struct copyfrom *copy, struct err *err)
{
	const struct copy_args *args = copy->args;

	if (args->keys && args->print)
		return err_set(err, ERR_USAGE,
			       "--print would show the keys that --keys puts "
			       "in the statement");
	if (args->truncate && copy_steps_in_block(copy)) {
		err_set(err, ERR_USAGE,
			"--truncate inside a transaction block: TRUNCATE "
			"would commit it");
		return err_hint(err, "COMMIT or ROLLBACK first, or use "
				     "--replace");
	}
	return check_job(copy, err);
}

/* What the server or AWS would refuse, said before it is asked: source,
 * table, format and place are known by now. */
static bool check(struct copyfrom *copy, struct err *err)
{
	return check_create(copy, err);
}

/* A table that is made new needs no other one. */
static bool swaps(const struct copyfrom *copy)
{
	return copy->args->swap && !copy->args->dry_run &&
	       !(copy->args->create && copy->columns.count == 0);
}

/* --- the work --- */

static bool print_only(const struct copyfrom *copy, struct err *err)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	copy_steps_add_text(copy, &text);
	return world->print(world->context, text.text, err);
}

static bool load(struct copyfrom *copy, struct err *err)
{
	if (!copy_source_put(copy, err) || !copy_steps_run(copy, err))
		return false;
	/* what was put is gone before the last sentence */
	copy_source_clean(copy);
	copy->rows = copy_report(copy);
	return true;
}

static bool ask_and_load(struct copyfrom *copy, struct err *err)
{
	const struct load_world *world = copy->world;
	bool yes = true;

	if (world->ask == NULL) {
		err_set(err, ERR_USAGE, "\\copyfrom needs a connection");
		return err_hint(err, "connect with \\c, or add --print to see "
				     "the statement");
	}
	if (copy->looked) {
		copy_talk_describe(copy);
		if (!copy->args->yes && copy->infer.columns.count > 0)
			world->preview(world->context,
				       copy_talk_columns(&copy->infer));
	}
	if (!copy->args->no_check &&
	    (!check_table(copy, err) ||
	     !check_access(world, copy->check_sql.text,
			   copy->source.sample.text, err)))
		return false;
	copy_steps_show(copy);
	if (!copy->args->yes &&
	    !world->confirm(world->context, "Run it?", &yes, err))
		return false;
	return yes ? load(copy, err) : true;
}

static bool run_all(struct copyfrom *copy, struct err *err)
{
	/* What is fetched whole to be looked at needs a table to go to. */
	bool first = copy->world->fetch != NULL;

	if (!copy_source_choose(copy, err) || !check_line(copy, err) ||
	    (first && !find_table(copy, err)) || !look_if_wanted(copy, err) ||
	    (!first && !find_table(copy, err)) ||
	    (copy_map_wanted(copy) && !copy_map_apply(copy, err)) ||
	    !copy_source_place(copy, err) || !check(copy, err) ||
	    (swaps(copy) && !copy_swap_read(copy, err)) ||
	    !copy_steps_plan(copy, err))
		return false;
	if (copy->args->print)
		return print_only(copy, err);
	return ask_and_load(copy, err);
}

bool copyfrom_load(const struct copy_args *args,
		   const struct load_world *world, int64_t *out_rows,
		   struct err *err)
{
	CLEANUP(copyfrom_done)
	struct copyfrom copy = {
		.args = args,
		.world = world,
		.source = COPY_SOURCE_EMPTY,
		.sniff = SNIFF_START,
		.infer = INFER_EMPTY,
		.list = STR_EMPTY,
		.proposed = STR_EMPTY,
		.swap = COPY_SWAP_EMPTY,
		.check_sql = STR_EMPTY,
	};
	bool good;

	good = run_all(&copy, err);
	copy_source_clean(&copy);
	if (out_rows != NULL)
		*out_rows = copy.rows;
	return good;
}

bool copyfrom_is_answer(const struct err *err)
{
	return err->kind != ERR_SERVER || copy_steps_is_final(err);
}

bool copyfrom_run(const struct copy_args *args, const struct load_world *world,
		  struct err *err)
{
	return args->each ? copy_each_run(args, world, err)
			  : copyfrom_load(args, world, NULL, err);
}
