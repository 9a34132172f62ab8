#include "load/unloadto.h"

#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/units.h"
#include "load/check.h"
#include "load/copy_args.h"
#include "load/copy_sql.h"
#include "load/copyfrom.h"
#include "load/warehouse.h"
#include "sql/classify.h"

/* Objects that lie under the target. */
struct there {
	int64_t objects;
	int64_t bytes;
};

static bool count_object(void *visitor, const char *key, int64_t size)
{
	struct there *there = visitor;

	(void)key;
	there->objects++;
	there->bytes += size;
	return true;
}

/* UNLOAD takes a query: a table means all of it. */
static bool fill_query(const struct copy_args *args, struct str *out,
		       struct err *err)
{
	struct statement statement;

	if (args->table.len > 0) {
		str_addf(out, "select * from %s", args->table.text);
		return true;
	}
	str_set_slice(out, args->query.text, args->query.len);
	str_trim_end(out);
	while (out->len > 0 && out->text[out->len - 1] == ';') {
		str_cut(out, out->len - 1);
		str_trim_end(out);
	}
	statement = classify(out->text, out->len, true);
	if (statement.kind == STATEMENT_QUERY)
		return true;
	if (statement.kind == STATEMENT_EMPTY) {
		err_set(err, ERR_USAGE, "\\copyto: there is no query yet");
		return err_hint(err, "\\copyto (select ...) to "
				     "s3://bucket/prefix, or type a query "
				     "before it");
	}
	err_set(err, ERR_USAGE, "\\copyto unloads queries, not %s",
		statement.name[0] != '\0' ? statement.name : "this text");
	return err_hint(err, "\\copyto (select ...) to s3://bucket/prefix");
}

static void build(const struct copy_args *args, const struct load_world *world,
		  const char *query, struct secret keys[3], struct str *out)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct err ignored = ERR_EMPTY;
	struct unload_plan plan = {
		.query = query,
		.uri = args->uri.text,
		.given = args->tail.text,
		.given_auth = args->options.auth.kind != COPY_AUTH_NONE,
		.escapes = world->escapes,
	};

	plan.login.role = args->role.len > 0 ? args->role.text : world->role;
	if (args->keys) {
		plan.login.key_id = &keys[0];
		plan.login.key = &keys[1];
		plan.login.token = &keys[2];
	}
	if (!copy_options_has(&args->options, COPY_REGION))
		warehouse_foreign_region(world, args->uri.text, &region,
					 &ignored);
	plan.region = region.len > 0 ? region.text : NULL;
	unload_sql_build(out, &plan);
}

static bool build_with_keys(const struct copy_args *args,
			    const struct load_world *world, const char *query,
			    struct str *out, struct err *err)
{
	struct secret keys[3] = { SECRET_EMPTY, SECRET_EMPTY, SECRET_EMPTY };
	bool good = true;

	if (args->keys)
		good = world->keys(world->context, &keys[0], &keys[1], &keys[2],
				   err);
	if (good)
		build(args, world, query, keys, out);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		secret_done(&keys[i]);
	return good;
}

/* UNLOAD fails on what lies under the target unless told otherwise: better
 * said before the query has run. */
static bool check_target(const struct copy_args *args,
			 const struct load_world *world, struct err *err)
{
	struct there there = { 0, 0 };
	struct err why = ERR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!world->list(world->context, args->uri.text, count_object, &there,
			 &why)) {
		if (why.kind == ERR_MISSING || why.kind == ERR_CANCELLED) {
			*err = why;
			return false;
		}
		return true; /* the server's role may see more than we */
	}
	if (there.objects == 0)
		return true;
	units_add_count(&text, there.objects);
	str_addf(&text, " object%s (", there.objects == 1 ? "" : "s");
	units_add_bytes(&text, there.bytes);
	str_addf(&text, ") under %s", args->uri.text);
	if (copy_options_has(&args->options, COPY_ALLOWOVERWRITE) ||
	    copy_options_has(&args->options, COPY_CLEANPATH)) {
		world->warn(world->context, text.text);
		return true;
	}
	err_set(err, ERR_USAGE, "the target is not empty: %s", text.text);
	return err_hint(err, "add allowoverwrite or cleanpath, or choose "
			     "another prefix");
}

static void report(const struct copy_args *args, const struct load_world *world,
		   int64_t us)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct there there = { 0, 0 };
	struct err ignored = ERR_EMPTY;
	int64_t rows =
		warehouse_number(world, "select pg_last_unload_count()", -1);

	if (rows >= 0) {
		units_add_count(&text, rows);
		str_add(&text, rows == 1 ? " row, " : " rows, ");
	}
	if (world->list(world->context, args->uri.text, count_object, &there,
			&ignored)) {
		units_add_count(&text, there.objects);
		str_add(&text, there.objects == 1 ? " file, " : " files, ");
		units_add_bytes(&text, there.bytes);
		str_add(&text, ", ");
	}
	units_add_duration(&text, us);
	world->info(world->context, text.text);
}

static bool unload(const struct copy_args *args, const struct load_world *world,
		   const char *sql, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int64_t start;
	bool yes = true;

	if (world->ask == NULL) {
		err_set(err, ERR_USAGE, "\\copyto needs a connection");
		return err_hint(err, "connect with \\c, or add --print to see "
				     "the statement");
	}
	if (!check_target(args, world, err) ||
	    (!args->no_check && !check_access(world, sql, "", err)))
		return false;
	if (args->keys)
		str_set(&text, "(the statement holds keys and is not shown)");
	else
		str_addf(&text, "%s;", sql);
	world->info(world->context, text.text);
	if (!args->yes && !world->confirm(world->context, "Run it?", &yes, err))
		return false;
	if (!yes)
		return true;
	start = clock_monotonic_us();
	if (!world->run(world->context, sql, err))
		return false;
	report(args, world, clock_monotonic_us() - start);
	return true;
}

static void wipe(struct str *sql)
{
	mem_wipe(sql->text, sql->cap > 0 ? sql->len : 0);
	str_done(sql);
}

bool unloadto_run(const struct copy_args *args, const struct load_world *world,
		  struct err *err)
{
	CLEANUP(str_done) struct str query = STR_EMPTY;
	CLEANUP(wipe) struct str sql = STR_EMPTY;

	if (args->keys && args->print)
		return err_set(err, ERR_USAGE,
			       "--print would show the keys that --keys puts "
			       "in the statement");
	if (!fill_query(args, &query, err) ||
	    !build_with_keys(args, world, query.text, &sql, err))
		return false;
	if (!args->print)
		return unload(args, world, sql.text, err);
	str_add(&sql, ";\n");
	return world->print(world->context, sql.text, err);
}
