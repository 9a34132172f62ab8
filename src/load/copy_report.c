#include "load/copy_report.h"

#include <string.h>

#include "base/units.h"
#include "load/copy_args.h"
#include "load/copy_state.h"
#include "load/copyfrom.h"

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

static int64_t add_rows(const struct copyfrom *copy, struct str *out)
{
	const struct load_world *world = copy->world;
	int64_t rows =
		warehouse_number(world, "select pg_last_copy_count()", -1);

	if (rows < 0)
		return rows;
	units_add_count(out, rows);
	str_add(out, rows == 1 ? " row" : " rows");
	world->set_row_count(world->context, rows);
	return rows;
}

static void add_files(const struct copyfrom *copy, struct str *out)
{
	const struct copy_source *source = &copy->source;

	if (source->objects <= 0)
		return;
	str_add(out, out->len > 0 ? " from " : "");
	units_add_count(out, source->objects);
	str_add(out, source->objects == 1 ? " file" : " files");
	if (source->bytes >= 0) {
		str_add(out, ", ");
		units_add_bytes(out, source->bytes);
	}
}

/* It loads nothing itself: only files that come after it. */
static void report_job(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text, "files that come under %s are loaded from now on; what "
			"is there already is not",
		 copy->source.from.text);
	world->info(world->context, text.text);
}

/* NOLOAD: the server has read all and kept nothing. */
static void report_check(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, "the server has read all");
	add_files(copy, &text);
	str_add(&text, ", ");
	units_add_duration(&text, copy->run_us);
	str_add(&text, ", and loaded nothing");
	world->info(world->context, text.text);
}

int64_t copy_report(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	int64_t rejected;
	int64_t rows;

	if (copy_options_has(&copy->args->options, COPY_JOB)) {
		report_job(copy);
		return 0;
	}
	if (copy_options_has(&copy->args->options, COPY_NOLOAD)) {
		report_check(copy);
		return 0;
	}
	rejected = count_rejected(copy);
	rows = add_rows(copy, &text);
	add_files(copy, &text);
	str_add(&text, text.len > 0 ? ", " : "");
	units_add_duration(&text, copy->run_us);
	world->info(world->context, text.text);
	if (rejected <= 0)
		return rows;
	str_clear(&text);
	units_add_count(&text, rejected);
	str_addf(&text, " line%s did not load; \\loaderrors shows %s",
		 rejected == 1 ? "" : "s", rejected == 1 ? "it" : "them");
	world->warn(world->context, text.text);
	return rows;
}
