#include "load/copy_steps.h"

#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "load/copy_args.h"
#include "load/copy_sql.h"
#include "load/copy_state.h"
#include "load/copyfrom.h"
#include "load/ddl.h"
#include "sql/mask.h"

void copy_steps_done(struct copy_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++) {
		mem_wipe(steps->items[i].sql, strlen(steps->items[i].sql));
		mem_free(steps->items[i].sql);
	}
	vec_done(steps);
}

bool copy_steps_in_block(const struct copyfrom *copy)
{
	return copy->world->ask != NULL &&
	       copy->world->in_block(copy->world->context);
}

/* --- the COPY --- */

static void find_region(struct copyfrom *copy, struct str *out)
{
	const struct load_world *world = copy->world;
	const struct copy_option *region =
		copy_option_by_id(COPY_VERB_COPY, COPY_REGION);
	const struct copy_options *given = &copy->args->options;
	struct err ignored = ERR_EMPTY;

	/* Parquet and ORC refuse the word even for the same region */
	for (size_t i = 0; i < given->given.count; i++) {
		const struct copy_option *option = given->given.items[i].option;

		if (option == region || copy_option_excludes(option, region))
			return;
	}
	if (copy->looked && (copy->sniff.kind == SNIFF_PARQUET ||
			     copy->sniff.kind == SNIFF_ORC))
		return;
	warehouse_foreign_region(world, copy->source.from.text, out, &ignored);
}

static void build(struct copyfrom *copy, const char *table,
		  struct secret keys[3], struct str *out)
{
	const struct copy_args *args = copy->args;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct copy_plan plan = {
		.table = table,
		.columns = args->columns.len > 0 ? args->columns.text
			   : copy->list.len > 0	 ? copy->list.text
						 : NULL,
		.uri = copy->source.from.text,
		.added = copy->source.added.text,
		.given = args->tail.text,
		.auth = args->auth.text,
		.escapes = copy->world->escapes,
	};

	plan.login.role =
		args->role.len > 0 ? args->role.text : copy->world->role;
	if (args->keys) {
		plan.login.key_id = &keys[0];
		plan.login.key = &keys[1];
		plan.login.token = &keys[2];
	}
	find_region(copy, &region);
	plan.region = region.len > 0 ? region.text : NULL;
	str_clear(&copy->proposed);
	if (copy->looked)
		copy_sql_propose(&copy->proposed, &copy->sniff, &copy->infer,
				 &args->options);
	plan.proposed = copy->proposed.text;
	copy_sql_build(out, &plan);
}

/* *out is into the new table of --swap, copy->check_sql into the old one. */
static bool build_with_keys(struct copyfrom *copy, struct str *out,
			    struct err *err)
{
	struct secret keys[3] = { SECRET_EMPTY, SECRET_EMPTY, SECRET_EMPTY };
	const struct load_world *world = copy->world;
	bool good = true;

	if (copy->args->keys)
		good = world->keys(world->context, &keys[0], &keys[1], &keys[2],
				   err);
	if (good) {
		build(copy, copy->args->table.text, keys, &copy->check_sql);
		build(copy,
		      copy->swap.table.len > 0 ? copy->swap.table.text
					       : copy->args->table.text,
		      keys, out);
	}
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		secret_done(&keys[i]);
	return good;
}

/* --- the plan --- */

static void add_step(struct copyfrom *copy, enum copy_step_kind kind,
		     struct str *sql)
{
	struct copy_step step = { kind, str_take(sql) };

	vec_push(&copy->steps, step);
}

static void add_fixed(struct copyfrom *copy, enum copy_step_kind kind,
		      const char *sql)
{
	struct copy_step step = { kind, mem_copy_text(sql) };

	vec_push(&copy->steps, step);
}

/* --- what comes before and after the COPY --- */

static void add_swap(struct copyfrom *copy)
{
	static void (*const adders[])(const struct copyfrom *, struct str *) = {
		copy_swap_add_rename_old,
		copy_swap_add_rename_new,
		copy_swap_add_drop,
	};

	for (size_t i = 0; i < copy->swap.after.count; i++)
		add_fixed(copy, COPY_STEP_AFTER, copy->swap.after.items[i]);
	for (size_t i = 0; i < COUNT_OF(adders); i++) {
		CLEANUP(str_done) struct str sql = STR_EMPTY;

		adders[i](copy, &sql);
		add_step(copy, COPY_STEP_AFTER, &sql);
	}
}

bool copy_steps_plan(struct copyfrom *copy, struct err *err)
{
	const struct copy_args *args = copy->args;
	bool creates = args->create && copy->columns.count == 0;
	bool swaps = copy->swap.table.len > 0;
	bool replaces = args->replace && !args->dry_run;
	bool own = (creates || replaces || swaps) && !copy_steps_in_block(copy);
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (own)
		add_fixed(copy, COPY_STEP_BEGIN, "begin");
	if (creates)
		ddl_add_create(&sql, args->table.text, &copy->infer);
	else if (swaps)
		copy_swap_add_create(copy, &sql);
	else if (replaces || (args->truncate && !args->dry_run))
		str_addf(&sql, "%s %s",
			 args->truncate ? "truncate" : "delete from",
			 args->table.text);
	if (sql.len > 0)
		add_step(copy, COPY_STEP_TABLE, &sql);
	if (!build_with_keys(copy, &sql, err))
		return false;
	add_step(copy, COPY_STEP_LOAD, &sql);
	if (swaps)
		add_swap(copy);
	if (own)
		add_fixed(copy, COPY_STEP_COMMIT, "commit");
	return true;
}

const char *copy_steps_load_sql(const struct copyfrom *copy)
{
	for (size_t i = 0; i < copy->steps.count; i++) {
		if (copy->steps.items[i].kind == COPY_STEP_LOAD)
			return copy->steps.items[i].sql;
	}
	return "";
}

void copy_steps_add_text(const struct copyfrom *copy, struct str *out)
{
	for (size_t i = 0; i < copy->steps.count; i++)
		str_addf(out, "%s;\n", copy->steps.items[i].sql);
}

static void add_shown(const struct copyfrom *copy,
		      const struct copy_step *step, struct str *out)
{
	if (copy->args->keys && step->kind == COPY_STEP_LOAD) {
		str_add(out, "(the statement holds keys and is not shown)");
		return;
	}
	mask_secrets(out, step->sql, strlen(step->sql));
	str_add_char(out, ';');
}

void copy_steps_show(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;

	for (size_t i = 0; i < copy->steps.count; i++) {
		const struct copy_step *step = &copy->steps.items[i];
		CLEANUP(str_done) struct str text = STR_EMPTY;

		add_shown(copy, step, &text);
		world->info(world->context, text.text);
	}
	if (copy->args->truncate && !copy->args->dry_run)
		world->warn(world->context,
			    "TRUNCATE commits: if the load fails, what was in "
			    "the table is gone; --replace keeps it");
}

/* --- running --- */

bool copy_steps_is_final(const struct err *err)
{
	return err->code[0] != '\0' && !str_starts(err->code, "08") &&
	       !str_starts(err->code, "57P0");
}

/* The transaction that we began ends with it; what the error was stays. */
static void roll_back(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	struct err ignored = ERR_EMPTY;

	if (world->run(world->context, "rollback", &ignored))
		world->warn(world->context, "nothing was changed");
}

static bool run_step(const struct copyfrom *copy, const struct copy_step *step,
		     struct err *err)
{
	const struct load_world *world = copy->world;
	bool good;

	if (step->kind != COPY_STEP_LOAD)
		return world->run(world->context, step->sql, err);
	world->progress(world->context, "loading ...");
	good = world->run(world->context, step->sql, err);
	world->progress(world->context, "");
	return good;
}

bool copy_steps_run(struct copyfrom *copy, struct err *err)
{
	const struct copy_steps *steps = &copy->steps;
	int64_t start = clock_monotonic_us();

	copy->answer = COPY_UNKNOWN;
	for (size_t i = 0; i < steps->count; i++) {
		if (run_step(copy, &steps->items[i], err))
			continue;
		copy->answer =
			copy_steps_is_final(err) ? COPY_REFUSED : COPY_UNKNOWN;
		if (i > 0 && copy->answer == COPY_REFUSED &&
		    steps->items[0].kind == COPY_STEP_BEGIN)
			roll_back(copy);
		return false;
	}
	copy->answer = COPY_LOADED;
	copy->run_us = clock_monotonic_us() - start;
	return true;
}
