#include "load/copyfrom.h"

#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/units.h"
#include "data/json.h"
#include "load/copy_args.h"
#include "load/copy_sql.h"
#include "load/copy_talk.h"
#include "load/ddl.h"

static void copyfrom_done(struct copyfrom *copy)
{
	str_done(&copy->found.sample);
	str_done(&copy->found.stray);
	str_done(&copy->found.bucket);
	sniff_done(&copy->sniff);
	infer_done(&copy->infer);
	str_done(&copy->proposed);
	mem_wipe(copy->sql.text, copy->sql.cap > 0 ? copy->sql.len : 0);
	str_done(&copy->sql);
	str_done(&copy->create_sql);
	str_done(&copy->empty_sql);
	warehouse_columns_done(&copy->columns);
}

/* --- looking --- */

static bool has_pack_suffix(const char *key)
{
	return str_ends(key, ".gz") || str_ends(key, ".bz2") ||
	       str_ends(key, ".zst") || str_ends(key, ".lzo");
}

/* The first object with bytes is the sample. */
static bool visit_object(void *visitor, const char *key, int64_t size)
{
	struct copy_found *found = visitor;
	size_t prefix_len = strlen(found->prefix);
	char next = key[prefix_len < strlen(key) ? prefix_len : strlen(key)];

	if (size == 0)
		return true;
	found->objects++;
	found->bytes += size;
	found->packed += has_pack_suffix(key);
	if (found->sample.len == 0) {
		str_add(&found->sample, found->bucket.text);
		str_add(&found->sample, key);
	}
	/* a/b also matches a/b2: seldom wanted when a/b is an object or a
	 * folder */
	if (prefix_len > 0 && found->prefix[prefix_len - 1] != '/' &&
	    next != '\0' && next != '/' && found->stray.len == 0)
		str_add(&found->stray, key);
	return true;
}

static bool find_objects(struct copyfrom *copy, struct err *err)
{
	const char *uri = copy->args->uri.text;
	const char *slash = strchr(uri + strlen("s3://"), '/');
	struct copy_found *found = &copy->found;

	if (slash == NULL)
		str_addf(&found->bucket, "%s/", uri);
	else
		str_set_slice(&found->bucket, uri, (size_t)(slash + 1 - uri));
	found->prefix = slash == NULL ? "" : slash + 1;
	if (!copy->world->list(copy->world->context, uri, visit_object, found,
			       err))
		return false;
	if (found->objects > 0)
		return true;
	err_set(err, ERR_MISSING, "no object with bytes begins with %s", uri);
	return err_hint(err, "look with \\s3ls %s", found->bucket.text);
}

/* A manifest lists the data: its first entry is the sample. */
static bool follow_manifest(struct copyfrom *copy, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct load_world *world = copy->world;
	const char *url;
	size_t count;

	if (!world->read_range(world->context, copy->args->uri.text, 0,
			       SNIFF_SAMPLE_BYTES, &text, err))
		return false;
	CLEANUP(json_freep)
	struct json *json = json_parse(text.text, text.len, err);
	if (json == NULL)
		return err_wrap(err, "%s is no manifest", copy->args->uri.text);
	url = json_text(json, "entries.0.url", NULL);
	if (url == NULL)
		return err_set(err, ERR_DATA, "the manifest %s lists no files",
			       copy->args->uri.text);
	count = json_count(json_at(json, "entries"));
	copy->found.objects = (int64_t)count;
	copy->found.bytes = -1;
	str_set(&copy->found.sample, url);
	return true;
}

static bool look(struct copyfrom *copy, struct err *err)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;
	const struct load_world *world = copy->world;
	bool manifest = copy_options_has(&copy->args->options, COPY_MANIFEST);
	bool whole;

	if (manifest ? !follow_manifest(copy, err) : !find_objects(copy, err))
		return false;
	if (!world->read_range(world->context, copy->found.sample.text, 0,
			       SNIFF_SAMPLE_BYTES, &bytes, err))
		return false;
	whole = bytes.len < SNIFF_SAMPLE_BYTES;
	if (!sniff_run(&copy->sniff, bytes.text, bytes.len, whole, err))
		return err_wrap(err, "%s", copy->found.sample.text);
	copy->looked = true;
	infer_run(&copy->infer, &copy->sniff);
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

	if (copy->args->no_sniff || !str_starts(copy->args->uri.text, "s3://"))
		return true;
	if (look(copy, err)) {
		/* who names a format insists on it */
		return knows ||
		       sniff_check(&copy->sniff, copy->found.sample.text, err);
	}
	if (err->kind == ERR_CANCELLED)
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

/* --- the statement --- */

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
	warehouse_foreign_region(world, copy->args->uri.text, out, &ignored);
}

static void build(struct copyfrom *copy, struct secret keys[3])
{
	const struct copy_args *args = copy->args;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct copy_plan plan = {
		.table = args->table.text,
		.columns = args->columns.len > 0 ? args->columns.text : NULL,
		.uri = args->uri.text,
		.given = args->tail.text,
		.given_auth = args->options.auth.kind != COPY_AUTH_NONE,
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
	if (copy->looked)
		copy_sql_propose(&copy->proposed, &copy->sniff, &copy->infer,
				 &args->options);
	plan.proposed = copy->proposed.text;
	copy_sql_build(&copy->sql, &plan);
}

static bool build_with_keys(struct copyfrom *copy, struct err *err)
{
	struct secret keys[3] = { SECRET_EMPTY, SECRET_EMPTY, SECRET_EMPTY };
	const struct load_world *world = copy->world;
	bool good = true;

	if (copy->args->keys)
		good = world->keys(world->context, &keys[0], &keys[1], &keys[2],
				   err);
	if (good)
		build(copy, keys);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		secret_done(&keys[i]);
	return good;
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
	return err_hint(err, "add --create to make it from the types found "
			     "in the file");
}

static bool plan_create(struct copyfrom *copy, struct err *err)
{
	const struct copy_args *args = copy->args;

	if (!find_table(copy, err))
		return false;
	if (!args->create || copy->columns.count > 0)
		return true;
	if (args->dry_run && !args->print)
		return err_set(err, ERR_MISSING,
			       "there is no table %s to try the load with",
			       args->table.text) ||
		       err_hint(err, "without --dry-run it is made");
	if (copy->infer.columns.count == 0) {
		err_set(err, ERR_USAGE, "no column types to create %s from",
			args->table.text);
		return err_hint(err, "--create needs delimited text that can "
				     "be looked into; write CREATE TABLE");
	}
	ddl_add_create(&copy->create_sql, args->table.text, &copy->infer);
	return true;
}

/* --- talking --- */

/* Statements as they will be sent, keys left out. */
static void show(const struct copyfrom *copy, const char *sql)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (copy->args->keys) {
		world->info(world->context,
			    "(the statement holds keys and is not shown)");
		return;
	}
	str_addf(&text, "%s;", sql);
	world->info(world->context, text.text);
}

/* --- the statements --- */

enum { MAX_STEPS = 5 };

struct step {
	const char *sql;
	bool own; /* BEGIN and COMMIT of ours */
};

/* What is to be run, in order. Of several the last one but COMMIT is COPY.
 * --create and --replace are one transaction, which in the person's own
 * block is theirs. */
static size_t plan_steps(const struct copyfrom *copy, bool in_block,
			 struct step out[MAX_STEPS])
{
	const struct copy_args *args = copy->args;
	bool replaces = args->replace && !args->dry_run;
	bool own = (copy->create_sql.len > 0 || replaces) && !in_block;
	size_t count = 0;

	if (own)
		out[count++] = (struct step){ "begin", true };
	if (copy->create_sql.len > 0)
		out[count++] = (struct step){ copy->create_sql.text, false };
	else if (replaces || (args->truncate && !args->dry_run))
		out[count++] = (struct step){ copy->empty_sql.text, false };
	out[count++] = (struct step){ copy->sql.text, false };
	if (own)
		out[count++] = (struct step){ "commit", true };
	return count;
}

static bool is_in_block(const struct copyfrom *copy)
{
	return copy->world->ask != NULL &&
	       copy->world->in_block(copy->world->context);
}

static bool print_only(const struct copyfrom *copy, struct err *err)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct step steps[MAX_STEPS];
	size_t count = plan_steps(copy, is_in_block(copy), steps);

	for (size_t i = 0; i < count; i++)
		str_addf(&text, "%s;\n", steps[i].sql);
	return world->print(world->context, text.text, err);
}

/* --- loading --- */

/* Rows that MAXERROR or IGNOREALLERRORS let pass; 0 where that cannot be
 * asked without risk. */
static int64_t count_rejected(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	const struct copy_options *given = &copy->args->options;

	if ((!copy_options_has(given, COPY_MAXERROR) &&
	     !copy_options_has(given, COPY_IGNOREALLERRORS)) ||
	    world->in_block(world->context))
		return 0;
	if (strstr(world->host, ".redshift-serverless.") != NULL)
		return warehouse_number(
			world,
			"select count(*) from sys_load_error_detail "
			"where query_id = pg_last_copy_id()",
			0);
	return warehouse_number(world,
				"select count(*) from stl_load_errors "
				"where query = pg_last_copy_id()",
				0);
}

static void report(const struct copyfrom *copy, int64_t us)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int64_t rows =
		warehouse_number(world, "select pg_last_copy_count()", -1);
	int64_t rejected = count_rejected(copy);

	if (rows >= 0) {
		units_add_count(&text, rows);
		str_add(&text, rows == 1 ? " row" : " rows");
	}
	if (copy->found.objects > 0) {
		str_add(&text, text.len > 0 ? " from " : "");
		units_add_count(&text, copy->found.objects);
		str_add(&text, copy->found.objects == 1 ? " file" : " files");
		if (copy->found.bytes >= 0) {
			str_add(&text, ", ");
			units_add_bytes(&text, copy->found.bytes);
		}
	}
	str_add(&text, text.len > 0 ? ", " : "");
	units_add_duration(&text, us);
	world->info(world->context, text.text);
	if (rejected <= 0)
		return;
	str_clear(&text);
	units_add_count(&text, rejected);
	str_addf(&text, " line%s did not load; \\loaderrors shows %s",
		 rejected == 1 ? "" : "s", rejected == 1 ? "it" : "them");
	world->warn(world->context, text.text);
}

/* The transaction that we began ends with it; what the error was stays. */
static void roll_back(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	struct err ignored = ERR_EMPTY;

	if (world->run(world->context, "rollback", &ignored))
		world->warn(world->context, "nothing was changed");
}

static bool run_statements(const struct copyfrom *copy, struct err *err)
{
	const struct load_world *world = copy->world;
	struct step steps[MAX_STEPS];
	size_t count = plan_steps(copy, is_in_block(copy), steps);

	for (size_t i = 0; i < count; i++) {
		if (world->run(world->context, steps[i].sql, err))
			continue;
		if (i > 0 && steps[0].own)
			roll_back(copy);
		return false;
	}
	return true;
}

static bool load(struct copyfrom *copy, struct err *err)
{
	const struct load_world *world = copy->world;
	int64_t start;
	bool good;

	world->progress(world->context, "loading ...");
	start = clock_monotonic_us();
	good = run_statements(copy, err);
	world->progress(world->context, "");
	if (good)
		report(copy, clock_monotonic_us() - start);
	return good;
}

static void show_steps(const struct copyfrom *copy)
{
	struct step steps[MAX_STEPS];
	size_t count = plan_steps(copy, is_in_block(copy), steps);

	for (size_t i = 0; i < count; i++)
		show(copy, steps[i].sql);
	if (copy->args->truncate && !copy->args->dry_run)
		copy->world->warn(copy->world->context,
				  "TRUNCATE commits: if the load fails, what "
				  "was in the table is gone; --replace keeps "
				  "it");
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
	show_steps(copy);
	if (!copy->args->yes &&
	    !world->confirm(world->context, "Run it?", &yes, err))
		return false;
	return yes ? load(copy, err) : true;
}

static bool check_truncate(const struct copyfrom *copy, struct err *err)
{
	if (!copy->args->truncate || !is_in_block(copy))
		return true;
	err_set(err, ERR_USAGE, "--truncate inside a transaction block: "
				"TRUNCATE would commit it");
	return err_hint(err, "COMMIT or ROLLBACK first, or use --replace");
}

static bool run_all(struct copyfrom *copy, struct err *err)
{
	if (copy->args->keys && copy->args->options.auth.kind != COPY_AUTH_NONE)
		return err_set(err, ERR_USAGE,
			       "--keys and the authorization in the "
			       "parameters exclude each other");
	if (copy->args->keys && copy->args->print)
		return err_set(err, ERR_USAGE,
			       "--print would show the keys that --keys puts "
			       "in the statement");
	if (!check_truncate(copy, err) || !look_if_wanted(copy, err) ||
	    !plan_create(copy, err) || !build_with_keys(copy, err))
		return false;
	str_addf(&copy->empty_sql, "%s %s",
		 copy->args->truncate ? "truncate" : "delete from",
		 copy->args->table.text);
	if (copy->args->print)
		return print_only(copy, err);
	return ask_and_load(copy, err);
}

bool copyfrom_run(const struct copy_args *args, const struct load_world *world,
		  struct err *err)
{
	CLEANUP(copyfrom_done)
	struct copyfrom copy = {
		.args = args,
		.world = world,
		.found = { .sample = STR_EMPTY,
			   .stray = STR_EMPTY,
			   .bucket = STR_EMPTY },
		.sniff = SNIFF_START,
		.infer = INFER_EMPTY,
		.proposed = STR_EMPTY,
		.sql = STR_EMPTY,
		.create_sql = STR_EMPTY,
		.empty_sql = STR_EMPTY,
	};

	return run_all(&copy, err);
}
