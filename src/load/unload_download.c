#include "load/unload_download.h"

#include <string.h>

#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/units.h"
#include "load/copy_args.h"
#include "load/copyfrom.h"
#include "load/objects.h"
#include "load/stage_place.h"
#include "load/unload_join.h"
#include "load/unload_local.h"
#include "load/unload_parts.h"
#include "load/unload_state.h"
#include "transfer/batch.h"
#include "transfer/get_source.h"
#include "transfer/progress.h"

enum {
	MANIFEST_MAX_BYTES = 64 * 1024 * 1024,
	FRAME_US = 100 * 1000, /* ten lines of progress a second */
};

struct download {
	struct unload *unload;
	struct aws *aws;
	struct unload_local local;
	struct stage_place place;
	struct unload_parts parts;
	struct progress progress;
	int64_t drawn_us;
	int64_t bytes; /* of what was made here */
	size_t next;   /* of parts, for the batch */
};

static void download_done(struct download *download)
{
	unload_local_done(&download->local);
	stage_place_done(&download->place);
	unload_parts_done(&download->parts);
}

/* --- progress --- */

static void draw(struct download *download, const struct progress *progress)
{
	const struct load_world *world = download->unload->world;
	CLEANUP(str_done) struct str line = STR_EMPTY;

	str_add(&line, "download  ");
	progress_add_text(progress, &line);
	world->progress(world->context, line.text);
}

static void show_bytes(void *context, int64_t bytes)
{
	struct download *download = context;
	int64_t now_us = clock_monotonic_us();

	progress_set(&download->progress, bytes, now_us);
	if (now_us - download->drawn_us < FRAME_US)
		return;
	download->drawn_us = now_us;
	draw(download, &download->progress);
}

static void show_batch(void *context, const struct progress *progress,
		       const char *subject)
{
	(void)subject;
	draw(context, progress);
}

/* --- the files --- */

static bool read_manifest(struct download *download, struct err *err)
{
	CLEANUP(str_done) struct str uri = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	stage_place_add(&download->place, "manifest", &uri);
	if (!objects_read(download->aws, uri.text, 0, MANIFEST_MAX_BYTES, &text,
			  err))
		return err_wrap(err, "reading what UNLOAD has made");
	if (!unload_parts_read(&download->parts, text.text, text.len,
			       download->place.note.folder.text, err))
		return false;
	unload_parts_sort(&download->parts);
	return true;
}

static bool read_object(void *context, const char *uri, struct sink *sink,
			struct err *err)
{
	const struct download *download = context;
	CLEANUP(s3_uri_done) struct s3_uri at = S3_URI_EMPTY;

	return s3_uri_parse_object(&at, uri, err) &&
	       s3_object_read(download->aws, &at, sink, err);
}

static bool join(struct download *download, struct err *err)
{
	const struct unload_local *local = &download->local;
	struct unload_join_from from = { read_object, show_bytes, download };
	struct unload_join how = {
		.parts = &download->parts,
		.from = &from,
		.path = local->path.text,
		.packed = local->packed,
		.pack = local->pack,
		.header = local->header,
		.quotes = local->quotes,
		.escape = local->escape,
	};

	progress_start(&download->progress,
		       unload_parts_bytes(&download->parts),
		       clock_monotonic_us());
	return unload_join_run(&how, &download->bytes, err);
}

/* The names behind the folder's are the warehouse's, and no path out of it. */
static enum batch_step next_file(void *context, struct batch_item *item,
				 struct err *err)
{
	struct download *download = context;
	size_t folder_len = download->place.note.folder.len;
	const struct unload_part *part;
	const char *name;

	if (download->next == download->parts.count)
		return BATCH_END;
	part = &download->parts.items[download->next++];
	name = part->uri + folder_len;
	if (!get_source_is_safe(name)) {
		err_set(err, ERR_DATA, "%.300s cannot be the name of a file",
			name);
		return BATCH_BROKEN;
	}
	if (!s3_uri_parse_object(&item->uri, part->uri, err))
		return BATCH_BROKEN;
	item->kind = BATCH_GET;
	item->makes_folders = true;
	item->size = part->bytes;
	path_join(download->local.path.text, name, &item->path);
	return BATCH_NEXT;
}

static bool fetch_files(struct download *download, struct err *err)
{
	struct batch_options options = {
		.watch = { .progress = show_batch, .context = download },
	};
	const struct batch_source source = { next_file, download };
	struct batch_result result;
	bool was_there = file_is_dir(download->local.path.text);

	/* Again: an UNLOAD takes its time, and what somebody has put there
	 * meanwhile is not ours to remove. */
	if (!unload_local_check_folder(&download->local, err) ||
	    !file_make_dirs(download->local.path.text, 0777, err))
		return false;
	if (batch_run(download->aws, &options, &source, &result, err)) {
		download->bytes = result.bytes;
		return true;
	}
	/* The folder was empty: half of the files help nobody. */
	file_remove_tree(download->local.path.text, NULL);
	if (was_there)
		file_make_dirs(download->local.path.text, 0777, NULL);
	if (err->kind == ERR_CANCELLED)
		err_set(err, ERR_CANCELLED, "cancelled");
	return false;
}

/* A single file of Parquet cannot hold what came as several. */
static bool fetch(struct download *download, struct err *err)
{
	const struct load_world *world = download->unload->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!read_manifest(download, err))
		return false;
	if (download->local.lone && download->parts.count > 1) {
		str_addf(&text,
			 "the result is %zu files of Parquet, which cannot be "
			 "joined: %s becomes a folder of them",
			 download->parts.count, download->local.path.text);
		world->warn(world->context, text.text);
		download->local.folder = true;
		if (file_exists(download->local.path.text))
			str_add(&download->local.path, ".files");
	}
	return download->local.folder ? fetch_files(download, err)
				      : join(download, err);
}

/* --- the whole --- */

static bool open_place(struct download *download, struct err *err)
{
	const struct copy_args *args = download->unload->args;
	const struct load_world *world = download->unload->world;
	CLEANUP(str_done) struct str base = STR_EMPTY;
	struct stage_about about = {
		.table = args->table.len > 0 ? args->table.text : "a query",
		.what = download->local.path.text,
	};

	if (!stage_place_find(args->uri.text, world->staging, &base, err)) {
		if (args->uri.len > 0)
			return false;
		err_set(err, ERR_USAGE,
			"Redshift writes to S3 only, and no place there is "
			"named for what comes here");
		return err_hint(
			err,
			"for once: \\copyto ... to s3://BUCKET/FOLDER/ "
			"--download FILE; for this session: \\set STAGING "
			"s3://BUCKET/FOLDER/; for good: staging = ... under "
			"the connection's [NAME] in connections.conf");
	}
	about.base = base.text;
	download->aws = world->aws(world->context, err);
	if (download->aws == NULL ||
	    !stage_place_open(&download->place, download->aws, &about, err))
		return false;
	str_set(&download->unload->uri, download->place.note.folder.text);
	return true;
}

/* Also of an UNLOAD that failed: what it has written may stay. */
static void clear_place(struct download *download, bool sent)
{
	const struct load_world *world = download->unload->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	world->progress(world->context, "");
	if (sent && !download->unload->final) {
		str_add(&text, "the server's answer never came, and it may "
			       "still be writing: ");
		stage_place_tell(&download->place, &text);
		world->warn(world->context, text.text);
		return;
	}
	if (stage_place_clear(&download->place, download->aws, false, &err))
		return;
	str_addf(&text, "%s%s%s", err.message, err.hint[0] != '\0' ? ": " : "",
		 err.hint);
	world->warn(world->context, text.text);
}

static void report(const struct download *download, int64_t us)
{
	const struct load_world *world = download->unload->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	unload_add_rows(download->unload, &text);
	if (download->local.folder) {
		units_add_count(&text, (int64_t)download->parts.count);
		str_add(&text, download->parts.count == 1 ? " file, "
							  : " files, ");
	}
	units_add_bytes(&text, download->bytes);
	str_addf(&text, " in %s, ", download->local.path.text);
	units_add_duration(&text, us);
	world->info(world->context, text.text);
}

static bool run(struct download *download, struct err *err)
{
	struct unload *unload = download->unload;
	int64_t start_us;
	bool yes = true;
	bool sent = false;
	bool good = unload_build(unload, err) &&
		    unload_ask(unload, &yes, err);

	start_us = clock_monotonic_us();
	if (good && yes) {
		sent = true;
		good = unload_send(unload, err) && fetch(download, err);
	}
	clear_place(download, sent);
	if (good && yes)
		report(download, clock_monotonic_us() - start_us);
	return good;
}

bool unload_download_run(struct unload *unload, struct err *err)
{
	CLEANUP(download_done)
	struct download download = {
		.unload = unload,
		.local = UNLOAD_LOCAL_EMPTY,
		.place = STAGE_PLACE_EMPTY,
	};

	if (!unload_local_plan(&download.local, unload->args,
			       unload->query.ordered, err))
		return false;
	unload_propose(unload, download.local.proposed.text);
	return open_place(&download, err) && run(&download, err);
}
