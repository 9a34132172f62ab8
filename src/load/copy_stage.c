#include "load/copy_stage.h"

#include <string.h>
#include <unistd.h>

#include "aws/s3_uri.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "load/copy_args.h"
#include "load/copy_state.h"
#include "load/copyfrom.h"
#include "load/staging.h"
#include "load/warehouse.h"

/* What the source owns. */
struct own {
	struct staging staging;
	struct str base; /* of stage_place_find */
};

static struct own *own_of(struct copyfrom *copy)
{
	static const struct staging empty = STAGING_EMPTY;
	struct own *own = copy->source.own;

	if (own == NULL) {
		own = mem_alloc(sizeof(*own));
		own->staging = empty;
		own->base = (struct str)STR_EMPTY;
		copy->source.own = own;
	}
	return own;
}

static void done(struct copyfrom *copy)
{
	struct own *own = copy->source.own;

	if (own == NULL)
		return;
	staging_done(&own->staging);
	str_done(&own->base);
	mem_free(own);
	copy->source.own = NULL;
}

/* --- finding --- */

static bool takes_files(const struct copy_args *args)
{
	return args->place == COPY_PLACE_FILE;
}

static bool takes_pipe(const struct copy_args *args)
{
	return args->place == COPY_PLACE_STDIN;
}

static bool find_place(struct copyfrom *copy, struct err *err)
{
	return stage_place_find(copy->args->stage.text, copy->world->staging,
				&own_of(copy)->base, err);
}

static void take_files(struct copyfrom *copy)
{
	const struct stage_files *files = &own_of(copy)->staging.files;

	copy->source.objects = (int64_t)files->count;
	copy->source.bytes = files->bytes;
	copy->source.packed = 0;
	for (size_t i = 0; i < files->count; i++)
		copy->source.packed += files->items[i].pack != PACK_NONE;
	str_set(&copy->source.sample, files->items[0].path);
}

static bool add_file(struct stage_files *files, const char *name,
		     struct err *err)
{
	if (!s3_uri_is(name))
		return stage_files_add(files, name, err);
	err_set(err, ERR_USAGE, "%s is in S3, %s is here: they do not go "
				"together",
		name, files->items[0].path);
	return err_hint(err, "load them one after the other");
}

static bool find_files(struct copyfrom *copy, struct err *err)
{
	struct stage_files *files = &own_of(copy)->staging.files;

	if (!add_file(files, copy->args->uri.text, err))
		return false;
	for (size_t i = 0; i < copy->args->more.count; i++)
		if (!add_file(files, copy->args->more.items[i], err))
			return false;
	if (!find_place(copy, err))
		return false;
	take_files(copy);
	return true;
}

static bool find_pipe(struct copyfrom *copy, struct err *err)
{
	const struct load_world *world = copy->world;

	if (world->data < 0) {
		err_set(err, ERR_USAGE, "\\copyfrom %s -: standard input holds "
					"the commands, not the data",
			copy->args->table.text);
		return err_hint(err, "redsh -f COMMANDS < DATA, or redsh -c "
				     "'\\copyfrom %.100s -' < DATA",
				copy->args->table.text);
	}
	if (isatty(world->data)) {
		err_set(err, ERR_USAGE, "\\copyfrom %s -: standard input is "
					"the terminal",
			copy->args->table.text);
		return err_hint(err, "name a file, or give the data by "
				     "redsh -c '\\copyfrom %.100s -' < DATA",
				copy->args->table.text);
	}
	if (!find_place(copy, err) ||
	    !stage_files_add_pipe(&own_of(copy)->staging.files, world->data,
				  world->data_name, err))
		return false;
	take_files(copy);
	return true;
}

static bool read_files(struct copyfrom *copy, struct str *out, struct err *err)
{
	struct stage_files *files = &own_of(copy)->staging.files;
	bool whole;

	if (!stage_files_sample(files, SNIFF_SAMPLE_BYTES, out, &whole, err))
		return false;
	if (out->len == 0)
		return err_set(err, ERR_DATA, "%s: nothing is in it",
			       files->items[0].path);
	return true;
}

/* --- placing --- */

static bool has_pack_word(const struct copy_options *options)
{
	return copy_options_has(options, COPY_GZIP) ||
	       copy_options_has(options, COPY_ZSTD) ||
	       copy_options_has(options, COPY_BZIP2) ||
	       copy_options_has(options, COPY_LZOP);
}

/* With --no-sniff nothing was read; what is compressed is to be unpacked. */
static bool look_at_pipe(const struct copyfrom *copy,
			 struct stage_files *files, struct err *err)
{
	CLEANUP(str_done) struct str sample = STR_EMPTY;
	bool whole;

	return !copy->args->no_sniff || copy->args->print || files->pipe < 0 ||
	       stage_files_sample(files, SNIFF_SAMPLE_BYTES, &sample, &whole,
				  err);
}

static bool place(struct copyfrom *copy, struct err *err)
{
	struct own *own = own_of(copy);
	struct staging *staging = &own->staging;
	const struct copy_options *options = &copy->args->options;

	/* --no-sniff has found nothing yet. */
	if (staging->files.count == 0 && !copy->source.kind->find(copy, err))
		return false;
	if (!look_at_pipe(copy, &staging->files, err))
		return false;
	if (!staging_choose(staging, options, &copy->sniff, err)) {
		if (copy->world->data_cure != NULL && err != NULL &&
		    staging->files.pipe >= 0)
			err_hint(err, "%s", copy->world->data_cure);
		return false;
	}
	staging_name(staging, own->base.text, copy->args->print);
	str_set(&copy->source.from, staging->manifest.text);
	str_set(&copy->source.added, "manifest");
	/* What is said here is not to be proposed for the file as it was. */
	if (staging->pack != PACK_NONE && !has_pack_word(options))
		str_addf(&copy->source.added, " %s", pack_name(staging->pack));
	copy->sniff.pack = PACK_NONE;
	return true;
}

/* --- sending --- */

/* Where that can be asked without risk. */
static int64_t count_slices(const struct copyfrom *copy)
{
	const struct load_world *world = copy->world;

	if (world->ask == NULL || world->in_block(world->context) ||
	    strstr(world->host, ".redshift-serverless.") != NULL)
		return 0;
	return warehouse_number(world, "select count(*) from stv_slices", 0);
}

static void tell_sent(const struct copyfrom *copy,
		      const struct staging *staging, int64_t us)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, "staged ");
	units_add_count(&text, (int64_t)staging->sents.count);
	str_add(&text, staging->sents.count == 1 ? " object, " : " objects, ");
	units_add_bytes(&text, staging_bytes(staging));
	str_addf(&text, ", in %s, ", staging->place.note.folder.text);
	units_add_duration(&text, us);
	copy->world->info(copy->world->context, text.text);
}

static bool put(struct copyfrom *copy, struct err *err)
{
	CLEANUP(copy_statement_done)
	struct copy_statement statement = COPY_STATEMENT_EMPTY;
	struct staging *staging = &own_of(copy)->staging;
	const struct load_world *world = copy->world;
	const char *sql = copy_steps_load_sql(copy);
	int64_t start = clock_monotonic_us();
	struct staging_how how = {
		.table = copy->args->table.text,
		.options = &statement.options,
		.sniff = &copy->sniff,
		.only_nulls = world->only_nulls,
		.progress = world->progress,
		.context = world->context,
	};
	bool good;

	if (!copy_parse(&statement, sql, strlen(sql), err))
		return false;
	how.aws = world->aws(world->context, err);
	if (how.aws == NULL)
		return false;
	how.slices = count_slices(copy);
	good = staging_send(staging, &how, err);
	world->progress(world->context, "");
	if (good && staging->files.pipe >= 0 && world->data_end != NULL)
		good = world->data_end(world->data_context, err);
	if (good)
		tell_sent(copy, staging, clock_monotonic_us() - start);
	return good;
}

static void clean(struct copyfrom *copy)
{
	struct staging *staging = &own_of(copy)->staging;
	struct err err = ERR_EMPTY;
	struct aws *aws;

	if (copy_source_may_clear(copy, &staging->place,
				  "whether the server loads what was staged",
				  &aws, &err) &&
	    (aws == NULL ||
	     !staging_remove(staging, aws, copy->answer == COPY_REFUSED, &err)))
		copy_source_tell_left(copy, &err);
}

const struct copy_source_kind copy_stage_files = {
	.name = "local files",
	.takes = takes_files,
	.find = find_files,
	.read = read_files,
	.place = place,
	.put = put,
	.clean = clean,
	.done = done,
};

const struct copy_source_kind copy_stage_pipe = {
	.name = "standard input",
	.takes = takes_pipe,
	.find = find_pipe,
	.read = read_files,
	.place = place,
	.put = put,
	.clean = clean,
	.done = done,
};
