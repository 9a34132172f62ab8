#include "load/staging.h"

#include <ctype.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/clock.h"
#include "base/path.h"
#include "data/json.h"
#include "data/pack_blocks.h"
#include "load/copy_parse.h"
#include "load/sniff.h"
#include "load/stage_cut.h"
#include "load/stage_pack.h"
#include "transfer/batch.h"
#include "transfer/progress.h"

enum {
	MIB = 1024 * 1024,
	SMALLEST = 1,		/* MiB of a piece, compressed */
	LARGEST = 64,
	WITHOUT_SLICES = 96,
	ON_DISK = 6,		/* pieces that wait to be sent */
	SUSPECT_RATIO = 4,	/* where nothing could be looked at */
	GZIP_LEVEL = 4,		/* twice as fast as 6, a tenth larger */
};

void staging_done(struct staging *staging)
{
	stage_files_done(&staging->files);
	stage_place_done(&staging->place);
	stage_map_done(&staging->map);
	stage_sents_done(&staging->sents);
	str_done(&staging->manifest);
}

/* --- which way --- */

static const struct {
	enum copy_option_id id;
	enum pack_kind kind;
} packs[] = {
	{ COPY_GZIP, PACK_GZIP },
	{ COPY_ZSTD, PACK_ZSTD },
	{ COPY_BZIP2, PACK_BZIP2 },
	{ COPY_LZOP, PACK_LZOP },
};

static enum pack_kind wanted_pack(const struct copy_options *options)
{
	for (size_t i = 0; i < COUNT_OF(packs); i++)
		if (copy_options_has(options, packs[i].id))
			return packs[i].kind;
	return PACK_NONE;
}

bool staging_is_whole(const struct copy_options *options)
{
	const struct copy_given *json = copy_options_get(options, COPY_JSON);

	if (copy_options_has(options, COPY_PARQUET) ||
	    copy_options_has(options, COPY_ORC) ||
	    copy_options_has(options, COPY_AVRO) ||
	    copy_options_has(options, COPY_SHAPEFILE))
		return true;
	return json != NULL && json->text != NULL &&
	       strcmp(json->text, "noshred") == 0;
}

/* What has an inner structure of its own. */
static bool is_whole(const struct copy_options *options,
		     const struct sniff *sniff)
{
	if (staging_is_whole(options))
		return true;
	return sniff->kind == SNIFF_PARQUET || sniff->kind == SNIFF_ORC ||
	       sniff->kind == SNIFF_AVRO || sniff->kind == SNIFF_JSON_ARRAY;
}

/* COPY has one compression for all. */
static bool check_packs(const struct staging *staging, enum pack_kind wanted,
			struct err *err)
{
	for (size_t i = 0; i < staging->files.count; i++) {
		const struct stage_file *file = &staging->files.items[i];

		if (file->pack == PACK_NONE || file->pack == wanted)
			continue;
		err_set(err, ERR_USAGE, "%s is compressed by %s, not by %s",
			file->path, pack_name(file->pack), pack_name(wanted));
		return err_hint(err, "COPY takes one compression for all "
				     "files: load them apart");
	}
	return true;
}

static const char *unstageable(const struct copy_options *options)
{
	static const struct {
		enum copy_option_id id;
		const char *name;
	} rows[] = {
		{ COPY_MANIFEST, "MANIFEST" },
		{ COPY_SSH, "SSH" },
		{ COPY_ENCRYPTED, "ENCRYPTED" },
		{ COPY_MASTER_SYMMETRIC_KEY, "MASTER_SYMMETRIC_KEY" },
		{ COPY_JOB, "JOB" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (copy_options_has(options, rows[i].id))
			return rows[i].name;
	return NULL;
}

static bool has_packed(const struct stage_files *files, enum pack_kind *out)
{
	for (size_t i = 0; i < files->count; i++) {
		*out = files->items[i].pack;
		if (*out != PACK_NONE)
			return true;
	}
	return false;
}

static bool choose_whole(struct staging *staging, enum pack_kind wanted,
			 struct err *err)
{
	enum pack_kind found = PACK_NONE;

	staging->cuts = false;
	if (staging->files.pipe >= 0) {
		err_set(err, ERR_USAGE,
			"%s: Parquet, ORC, Avro and JSON 'noshred' cannot be "
			"taken from a pipe",
			staging->files.items[0].path);
		return err_hint(err, "save it to a file and name that");
	}
	has_packed(&staging->files, &found);
	staging->pack = wanted != PACK_NONE ? wanted : found;
	return check_packs(staging, staging->pack, err);
}

bool staging_check(const struct copy_options *options, struct err *err)
{
	const char *bad = unstageable(options);

	if (bad == NULL)
		return true;
	err_set(err, ERR_USAGE, "%s does not go with local files", bad);
	return err_hint(err, "put them to S3 with \\s3put and load them from "
			     "there");
}

bool staging_choose(struct staging *staging,
		    const struct copy_options *options,
		    const struct sniff *sniff, struct err *err)
{
	enum pack_kind wanted = wanted_pack(options);
	enum pack_kind found = PACK_NONE;

	if (!staging_check(options, err))
		return false;
	if (staging->files.bytes == 0 && staging->files.pipe < 0)
		return err_set(err, ERR_DATA, "%s: nothing is in it",
			       staging->files.items[0].path);
	if (is_whole(options, sniff))
		return choose_whole(staging, wanted, err);
	has_packed(&staging->files, &found);
	staging->pack = wanted != PACK_NONE ? wanted : found;
	if (staging->pack == PACK_NONE)
		staging->pack = PACK_GZIP;
	staging->cuts = staging->files.pipe >= 0;
	for (size_t i = 0; i < staging->files.count; i++)
		staging->cuts |= staging->files.items[i].pack == PACK_NONE;
	if (staging->pack == PACK_LZOP && staging->cuts)
		return err_set(err, ERR_USAGE,
			       "lzop can be read here, not written") ||
		       err_hint(err, "leave LZOP out: the pieces are gzip "
				     "then");
	return check_packs(staging, staging->pack, err);
}

void staging_name(struct staging *staging, const char *base, bool print)
{
	if (print)
		str_addf(&staging->place.note.folder, "%sredsh-stage/ID/",
			 base);
	else
		stage_place_name(&staging->place, base);
	stage_place_add(&staging->place, "files.manifest", &staging->manifest);
}

/* --- files that go as they are --- */

static bool goes_whole(const struct staging *staging, size_t at)
{
	const struct stage_file *file = &staging->files.items[at];

	return staging->files.pipe < 0 && file->size > 0 &&
	       (!staging->cuts || file->pack != PACK_NONE);
}

/* "0007-orders.parquet" */
static void add_name(const struct stage_file *file, int64_t number,
		     struct str *out)
{
	const char *base = path_base(file->path);

	str_addf(out, "%04" PRId64 "-", number);
	for (size_t i = 0; base[i] != '\0' && i < 100; i++)
		str_add_char(out, isalnum((unsigned char)base[i]) ||
						  strchr("._-", base[i]) != NULL
					  ? base[i]
					  : '_');
}

struct whole {
	struct staging *staging;
	const struct staging_how *how;
	size_t at;
	int64_t number;
};

static enum batch_step next_whole(void *context, struct batch_item *item,
				  struct err *err)
{
	struct whole *whole = context;
	struct staging *staging = whole->staging;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str uri = STR_EMPTY;
	const struct stage_file *file;
	int fd;

	while (whole->at < staging->files.count &&
	       !goes_whole(staging, whole->at))
		whole->at++;
	if (whole->at == staging->files.count)
		return BATCH_END;
	file = &staging->files.items[whole->at++];
	fd = stage_files_open(file, err);
	if (fd < 0)
		return BATCH_BROKEN;
	close(fd);
	add_name(file, ++whole->number, &name);
	stage_place_add(&staging->place, name.text, &uri);
	item->size = file->size;
	str_set(&item->path, file->path);
	return s3_uri_parse_object(&item->uri, uri.text, err) &&
			       stage_place_note_file(&staging->place,
						     file->path, uri.text, err)
		       ? BATCH_NEXT
		       : BATCH_BROKEN;
}

static void tell_whole(void *context, const struct progress *progress,
		       const char *subject)
{
	const struct whole *whole = context;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)subject;
	str_add(&text, "sending  ");
	progress_add_text(progress, &text);
	whole->how->progress(whole->how->context, text.text);
}

static void list_whole(struct staging *staging)
{
	int64_t number = 0;

	for (size_t i = 0; i < staging->files.count; i++) {
		const struct stage_file *file = &staging->files.items[i];
		struct stage_stretch all = { .piece_line = 1, .line = 1 };
		struct stage_sent sent = { .bytes = file->size };
		CLEANUP(str_done) struct str name = STR_EMPTY;

		if (!goes_whole(staging, i))
			continue;
		all.piece = ++number;
		all.file = stage_map_add_file(&staging->map, file->path);
		stage_map_add(&staging->map, &all);
		add_name(file, number, &name);
		sent.name = str_take(&name);
		vec_push(&staging->sents, sent);
	}
}

static bool send_whole(struct staging *staging, const struct staging_how *how,
		       struct err *err)
{
	struct whole whole = { .staging = staging, .how = how };
	struct batch_source source = { next_whole, &whole };
	struct batch_options options = {
		.watch = { .progress = tell_whole, .context = &whole },
	};
	struct batch_result result;

	if (!batch_run(how->aws, &options, &source, &result, err)) {
		/* Some may have got through before the rest was given up. */
		staging->unsure |= err == NULL || err->kind == ERR_CANCELLED ||
				   err->kind == ERR_NETWORK;
		/* Nothing is gone on with: it is taken away. */
		return err_hint(err, "%s", "");
	}
	list_whole(staging);
	return true;
}

/* --- pieces --- */

static int64_t header_lines(const struct copy_options *options)
{
	const struct copy_given *given =
		copy_options_get(options, COPY_IGNOREHEADER);

	return given != NULL ? given->number : 0;
}

/* Plain bytes for each compressed one, by the beginning. */
static double measure_ratio(const struct staging *staging,
			    const struct sniff *sniff)
{
	CLEANUP(block_packer_freep) struct block_packer *packer = NULL;
	CLEANUP(str_done) struct str packed = STR_EMPTY;
	struct pack_blocks_sum sum;

	if (sniff->text.len < 1024 || !pack_blocks_load(staging->pack, NULL))
		return SUSPECT_RATIO;
	packer = block_packer_new(staging->pack, 0);
	pack_block(packer, sniff->text.text, sniff->text.len, true, &packed,
		   &sum);
	return (double)sniff->text.len / (double)(packed.len + 1);
}

static int64_t count_pieces(int64_t bytes, double ratio, int64_t slices)
{
	double packed_mib = (double)bytes / ratio / MIB;
	int64_t rounds;

	if (slices <= 0)
		return (int64_t)(packed_mib / WITHOUT_SLICES) + 1;
	if (packed_mib < (double)slices * SMALLEST)
		return (int64_t)(packed_mib / SMALLEST) + 1;
	rounds = (int64_t)(packed_mib / (double)(slices * LARGEST)) + 1;
	return slices * rounds;
}

static int64_t bytes_to_cut(const struct staging *staging)
{
	int64_t bytes = 0;

	if (staging->files.pipe >= 0)
		return staging->files.items[0].pack == PACK_NONE
			       ? staging->files.bytes
			       : -1;
	for (size_t i = 0; i < staging->files.count; i++)
		if (staging->files.items[i].pack == PACK_NONE)
			bytes += staging->files.items[i].size;
	return bytes;
}

static void plan(const struct staging *staging, const struct staging_how *how,
		 struct stage_cut_plan *out)
{
	double ratio = measure_ratio(staging, how->sniff);
	int64_t each;

	*out = (struct stage_cut_plan){
		.header_lines = header_lines(how->options),
		.lenient = copy_options_has(how->options, COPY_MAXERROR) ||
			   copy_options_has(how->options,
					    COPY_IGNOREALLERRORS),
		.only_nulls = how->only_nulls,
		.bytes = bytes_to_cut(staging),
		.before = (int64_t)staging->sents.count,
		.piece_bytes = (int64_t)(ratio * LARGEST * MIB),
		.only_plain = staging->files.pipe < 0,
	};
	if (staging->files.pipe >= 0)
		out->unpack = staging->files.items[0].pack;
	stage_scan_init(&out->scan, how->options, how->sniff);
	if (out->bytes >= 0)
		out->pieces = count_pieces(out->bytes, ratio, how->slices);
	each = out->pieces > 0 ? out->bytes / out->pieces : out->piece_bytes;
	out->block_bytes = each / 8 > MIB	  ? MIB
			   : each / 8 < MIB / 16 ? MIB / 16
						  : each / 8 & ~INT64_C(1);
}

struct cutting {
	struct staging *staging;
	const struct staging_how *how;
	struct stage_cut_plan plan;
	struct stage_pack *pack;
	struct progress progress;
};

static void *cut(void *context)
{
	struct cutting *cutting = context;

	stage_cut_run(&cutting->plan, &cutting->staging->files, cutting->pack,
		      &cutting->staging->map);
	return NULL;
}

static void tell(void *context, int64_t sent)
{
	struct cutting *cutting = context;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)sent;
	progress_set(&cutting->progress, stage_pack_done(cutting->pack),
		     clock_monotonic_us());
	str_add(&text, "staging  ");
	progress_add_text(&cutting->progress, &text);
	cutting->how->progress(cutting->how->context, text.text);
}

static bool send_cut(struct cutting *cutting, struct err *err)
{
	struct staging *staging = cutting->staging;
	struct stage_send_options options = {
		.aws = cutting->how->aws,
		.place = &staging->place,
		.before = cutting->plan.before,
		.suffix = pack_suffix(staging->pack),
		.progress = tell,
		.context = cutting,
	};
	struct stage_sents sents = { .count = 0 };
	pthread_t thread;
	int failed = pthread_create(&thread, NULL, cut, cutting);
	bool good;

	if (failed != 0)
		return err_set_errno(err, failed, "cannot start a thread");
	good = stage_send_run(&options, cutting->pack, &sents,
			      &staging->unsure, err);
	pthread_join(thread, NULL);
	for (size_t i = 0; i < sents.count; i++)
		vec_push(&staging->sents, sents.items[i]);
	vec_done(&sents);
	return good;
}

static bool send_pieces(struct staging *staging, const struct staging_how *how,
			struct err *err)
{
	struct stage_pack_options options = {
		.kind = staging->pack,
		.level = staging->pack == PACK_GZIP ? GZIP_LEVEL : 0,
		.threads = how->threads,
		.pieces = ON_DISK,
	};
	struct cutting cutting = { .staging = staging, .how = how };
	bool good;

	plan(staging, how, &cutting.plan);
	cutting.pack = stage_pack_new(&options, err);
	if (cutting.pack == NULL)
		return false;
	progress_start(&cutting.progress, cutting.plan.bytes,
		       clock_monotonic_us());
	good = send_cut(&cutting, err);
	stage_pack_free(cutting.pack);
	return good;
}

/* --- the manifest --- */

/* meta.content_length: COPY of Parquet and ORC wants it. */
static void add_entry(const struct staging *staging,
		      const struct stage_sent *sent, bool with_length,
		      struct json *entries)
{
	CLEANUP(str_done) struct str uri = STR_EMPTY;
	struct json *entry = json_new_object();
	struct json *meta;

	stage_place_add(&staging->place, sent->name, &uri);
	json_put_text(entry, "url", uri.text);
	json_put_bool(entry, "mandatory", true);
	if (with_length) {
		meta = json_new_object();
		json_put_number(meta, "content_length", sent->bytes);
		json_put_take(entry, "meta", meta);
	}
	json_push_take(entries, entry);
}

static bool send_manifest(struct staging *staging,
			  const struct staging_how *how, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(json_freep) struct json *json = json_new_object();
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct json *entries = json_new_array();
	bool with_length = copy_options_has(how->options, COPY_PARQUET) ||
			   copy_options_has(how->options, COPY_ORC);

	for (size_t i = 0; i < staging->sents.count; i++)
		add_entry(staging, &staging->sents.items[i], with_length,
			  entries);
	json_put_take(json, "entries", entries);
	json_add_pretty(&text, json);
	if (!s3_uri_parse_object(&uri, staging->manifest.text, err))
		return false;
	staging->has_manifest = s3_object_put(how->aws, &uri, text.text,
					      text.len, err);
	if (staging->has_manifest)
		return true;
	staging->unsure |= err == NULL || err->kind == ERR_CANCELLED ||
			   err->kind == ERR_NETWORK;
	return false;
}

/* --- the whole --- */

bool staging_send(struct staging *staging, const struct staging_how *how,
		  struct err *err)
{
	CLEANUP(str_done) struct str what = STR_EMPTY;
	struct stage_about about = { .table = how->table };

	stage_files_describe(&staging->files, &what);
	about.what = what.text;
	return stage_place_open(&staging->place, how->aws, &about, err) &&
	       send_whole(staging, how, err) &&
	       (!staging->cuts || send_pieces(staging, how, err)) &&
	       stage_map_write(&staging->map, &staging->place.note, err) &&
	       send_manifest(staging, how, err);
}

/* S3 has taken nothing: it need not be asked, which may be refused, too. */
static bool has_sent(const struct staging *staging)
{
	if (staging->has_manifest || staging->sents.count > 0)
		return true;
	for (size_t i = 0; i < staging->files.count; i++)
		if (goes_whole(staging, i))
			return true;
	return false;
}

bool staging_remove(struct staging *staging, struct aws *aws, bool keep_map,
		    struct err *err)
{
	if (staging->place.note.fd < 0)
		return true;
	if (!staging->unsure && !has_sent(staging)) {
		stage_note_remove(&staging->place.note, keep_map);
		return true;
	}
	if (!staging->unsure)
		return stage_place_clear(&staging->place, aws, keep_map, err);
	if (!stage_place_empty(&staging->place, aws, err))
		return false;
	err_set(err, ERR_NETWORK,
		"an upload that was cut off may still arrive in %s",
		staging->place.note.folder.text);
	return err_hint(err, "\\staged --remove %s in a while",
			staging->place.note.id.text);
}

int64_t staging_bytes(const struct staging *staging)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < staging->sents.count; i++)
		bytes += staging->sents.items[i].bytes;
	return bytes;
}
