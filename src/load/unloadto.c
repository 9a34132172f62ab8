#include "load/unloadto.h"

#include <stdlib.h>
#include <string.h>

#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/units.h"
#include "load/check.h"
#include "load/copy_args.h"
#include "load/copy_sql.h"
#include "load/copy_steps.h"
#include "load/copyfrom.h"
#include "load/unload_download.h"
#include "load/unload_state.h"
#include "load/unload_target.h"
#include "load/warehouse.h"
#include "sql/mask.h"

static void unload_done(struct unload *unload)
{
	unload_query_done(&unload->query);
	str_done(&unload->uri);
	str_done(&unload->tail);
	mem_wipe(unload->sql.text, unload->sql.cap > 0 ? unload->sql.len : 0);
	str_done(&unload->sql);
}

/* --- the statement --- */

void unload_propose(struct unload *unload, const char *words)
{
	CLEANUP(str_done) struct str tail = STR_EMPTY;

	str_add(&tail, words);
	if (tail.len > 0 && unload->tail.len > 0)
		str_add_char(&tail, ' ');
	str_add(&tail, unload->tail.text);
	str_set_slice(&unload->tail, tail.text, tail.len);
}

static void build(struct unload *unload, struct secret keys[3])
{
	const struct copy_args *args = unload->args;
	const struct load_world *world = unload->world;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct err ignored = ERR_EMPTY;
	struct unload_plan plan = {
		.query = unload->query.text.text,
		.uri = unload->uri.text,
		.given = unload->tail.text,
		.auth = args->auth.text,
		.escapes = world->escapes,
	};

	plan.login.role = args->role.len > 0 ? args->role.text : world->role;
	if (args->keys) {
		plan.login.key_id = &keys[0];
		plan.login.key = &keys[1];
		plan.login.token = &keys[2];
	}
	if (!copy_options_has(&args->options, COPY_REGION))
		warehouse_foreign_region(world, unload->uri.text, &region,
					 &ignored);
	plan.region = region.len > 0 ? region.text : NULL;
	unload_sql_build(&unload->sql, &plan);
}

bool unload_build(struct unload *unload, struct err *err)
{
	struct secret keys[3] = { SECRET_EMPTY, SECRET_EMPTY, SECRET_EMPTY };
	const struct load_world *world = unload->world;
	bool good = true;

	if (unload->args->keys)
		good = world->keys(world->context, &keys[0], &keys[1], &keys[2],
				   err);
	if (good)
		build(unload, keys);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		secret_done(&keys[i]);
	return good;
}

/* --- asking and sending --- */

/* PARALLEL OFF, ours or theirs. */
static bool is_serial(const struct unload *unload)
{
	const struct copy_given *given =
		copy_options_get(&unload->args->options, COPY_PARALLEL);

	if (given != NULL)
		return given->text != NULL &&
		       (strcmp(given->text, "OFF") == 0 ||
			strcmp(given->text, "FALSE") == 0);
	return strstr(unload->tail.text, "parallel off") != NULL;
}

static void tell_query(const struct unload *unload)
{
	const struct load_world *world = unload->world;

	if (unload->query.wrapped)
		world->info(world->context,
			    "UNLOAD takes no LIMIT: the query went into a "
			    "derived table");
	if (unload->query.ordered && !is_serial(unload))
		world->warn(world->context,
			    "ORDER BY holds within each file only: parallel "
			    "off makes one file after the other");
}

bool unload_ask(struct unload *unload, bool *out_yes, struct err *err)
{
	const struct load_world *world = unload->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!unload->args->no_check &&
	    !check_access(world, unload->sql.text, "", err))
		return false;
	tell_query(unload);
	if (unload->args->keys) {
		str_set(&text, "(the statement holds keys and is not shown)");
	} else {
		mask_secrets(&text, unload->sql.text, unload->sql.len);
		str_add_char(&text, ';');
	}
	world->info(world->context, text.text);
	*out_yes = true;
	return unload->args->yes ||
	       world->confirm(world->context, "Run it?", out_yes, err);
}

bool unload_send(struct unload *unload, struct err *err)
{
	const struct load_world *world = unload->world;
	int64_t start = clock_monotonic_us();

	if (!world->run(world->context, unload->sql.text, err)) {
		unload->final = copy_steps_is_final(err);
		return false;
	}
	unload->final = true;
	unload->run_us = clock_monotonic_us() - start;
	unload->rows =
		warehouse_number(world, "select pg_last_unload_count()", -1);
	if (unload->rows >= 0)
		world->set_row_count(world->context, unload->rows);
	return true;
}

void unload_add_rows(const struct unload *unload, struct str *out)
{
	if (unload->rows < 0)
		return;
	units_add_count(out, unload->rows);
	str_add(out, unload->rows == 1 ? " row, " : " rows, ");
}

/* --- links --- */

static bool check_links(const struct unload *unload, int *out_hours,
			struct err *err)
{
	const char *text = unload->args->links.text;
	char *end;
	long hours = strtol(text, &end, 10);

	*out_hours = (int)hours;
	if (unload->args->links.len == 0)
		return true;
	if (*end != '\0' || hours < 1 || hours > S3_PRESIGN_MAX_S / 3600)
		return err_set(err, ERR_USAGE,
			       "\\copyto: --links takes hours from 1 to %d, "
			       "not %.40s",
			       S3_PRESIGN_MAX_S / 3600, text);
	return true;
}

struct linker {
	const struct unload *unload;
	struct aws *aws;
	const char *bucket; /* of the URI; len bytes */
	int bucket_len;
	int hours;
	int64_t files;
	int64_t ends_ms; /* of credentials that end before; 0 */
	struct err *err;
	bool failed;
};

static bool print_link(void *visitor, const char *key, int64_t size)
{
	struct linker *linker = visitor;
	const struct load_world *world = linker->unload->world;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct s3_presign how = { .expires_s = linker->hours * 3600 };

	(void)size;
	str_set_slice(&uri.bucket, linker->bucket, (size_t)linker->bucket_len);
	str_set(&uri.key, key);
	linker->failed =
		!s3_object_presign(linker->aws, &uri, &how, &text,
				   &linker->ends_ms, linker->err) ||
		!(str_add_char(&text, '\n'),
		  world->print(world->context, text.text, linker->err));
	linker->files++;
	return !linker->failed;
}

static bool print_links(const struct unload *unload, int hours,
			struct err *err)
{
	const struct load_world *world = unload->world;
	const char *bucket = unload->uri.text + strlen("s3://");
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct linker linker = {
		.unload = unload,
		.bucket = bucket,
		.bucket_len = (int)strcspn(bucket, "/"),
		.hours = hours,
		.err = err,
	};

	linker.aws = world->aws(world->context, err);
	if (linker.aws == NULL ||
	    !world->list(world->context, unload->uri.text, print_link, &linker,
			 err) ||
	    linker.failed)
		return false;
	str_addf(&text, "whoever has a link may read the file for %d hour%s",
		 hours, hours == 1 ? "" : "s");
	if (linker.ends_ms > 0 &&
	    linker.ends_ms < clock_wall_ms() + (int64_t)hours * 3600000)
		str_add(&text, ", but not longer than your temporary "
			       "credentials last");
	world->info(world->context, text.text);
	return true;
}

/* --- to S3 --- */

/* What lies there is counted where it is all ours; else the server is asked,
 * which may not fail in the person's block. */
static bool count_files(const struct unload *unload, struct unload_there *there)
{
	static const char sys_sql[] =
		"from sys_unload_detail where query_id = pg_last_unload_id()";
	static const char stl_sql[] =
		"from stl_unload_log where query = pg_last_unload_id()";
	const struct load_world *world = unload->world;
	const char *from =
		strstr(world->host, ".redshift-serverless.") != NULL ? sys_sql
								     : stl_sql;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct err ignored = ERR_EMPTY;

	if (unload->alone)
		return world->list(world->context, unload->uri.text,
				   unload_target_count, there, &ignored);
	if (world->in_block(world->context))
		return false;
	str_addf(&sql, "select count(*) %s", from);
	there->objects = warehouse_number(world, sql.text, -1);
	str_clear(&sql);
	str_addf(&sql, "select sum(transfer_size) %s", from);
	there->bytes = warehouse_number(world, sql.text, -1);
	return there->objects >= 0 && there->bytes >= 0;
}

static void report(const struct unload *unload)
{
	const struct load_world *world = unload->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct unload_there there = { 0, 0 };

	unload_add_rows(unload, &text);
	if (count_files(unload, &there)) {
		units_add_count(&text, there.objects);
		str_add(&text, there.objects == 1 ? " file, " : " files, ");
		units_add_bytes(&text, there.bytes);
		str_add(&text, ", ");
	}
	units_add_duration(&text, unload->run_us);
	str_addf(&text, " to %s", unload->uri.text);
	world->info(world->context, text.text);
}

static bool to_s3(struct unload *unload, struct err *err)
{
	int hours = 0;
	bool go = true;

	if (!check_links(unload, &hours, err) ||
	    !unload_target_check(unload, &go, err))
		return false;
	if (!go)
		return true;
	if (hours > 0 && !unload->alone) {
		err_set(err, ERR_USAGE,
			"\\copyto: --links cannot tell the new files from "
			"those that lie there");
		return err_hint(err, "write to an empty folder, or add "
				     "cleanpath");
	}
	if (!unload_build(unload, err) || !unload_ask(unload, &go, err))
		return false;
	if (!go)
		return true;
	if (!unload_send(unload, err))
		return false;
	report(unload);
	return hours == 0 || print_links(unload, hours, err);
}

/* --- the whole --- */

static bool print_only(struct unload *unload, struct err *err)
{
	const struct load_world *world = unload->world;
	int hours;

	if (unload->args->keys)
		return err_set(err, ERR_USAGE,
			       "--print would show the keys that --keys puts "
			       "in the statement");
	if (!check_links(unload, &hours, err) || !unload_build(unload, err))
		return false;
	str_add(&unload->sql, ";\n");
	return world->print(world->context, unload->sql.text, err);
}

static bool run(struct unload *unload, struct err *err)
{
	const struct copy_args *args = unload->args;

	if (args->keys && args->options.auth.kind != COPY_AUTH_NONE)
		return err_set(err, ERR_USAGE,
			       "--keys and the authorization in the "
			       "parameters exclude each other");
	if (args->uri.len > 0 && strcspn(args->uri.text, "/") + 2 ==
					 strlen(args->uri.text))
		return err_set(err, ERR_USAGE, "\\copyto: %s names no bucket",
			       args->uri.text);
	if (!unload_query_make(&unload->query, args, err))
		return false;
	if (args->print && args->download.len == 0)
		return print_only(unload, err);
	if (unload->world->ask == NULL && !args->print) {
		err_set(err, ERR_USAGE, "\\copyto needs a connection");
		return err_hint(err, "connect with \\c, or add --print to see "
				     "the statement");
	}
	if (args->download.len > 0)
		return unload_download_run(unload, err);
	return to_s3(unload, err);
}

bool unloadto_run(const struct copy_args *args, const struct load_world *world,
		  struct err *err)
{
	CLEANUP(unload_done)
	struct unload unload = {
		.args = args,
		.world = world,
		.query = UNLOAD_QUERY_EMPTY,
		.uri = STR_EMPTY,
		.tail = STR_EMPTY,
		.sql = STR_EMPTY,
		.rows = -1,
	};

	str_set_slice(&unload.uri, args->uri.text, args->uri.len);
	str_set_slice(&unload.tail, args->tail.text, args->tail.len);
	return run(&unload, err);
}
