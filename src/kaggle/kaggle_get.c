#include "kaggle/kaggle_get.h"

#include <string.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/sink.h"
#include "base/str.h"
#include "base/units.h"
#include "data/hash.h"
#include "data/pack_zip.h"
#include "kaggle/kaggle_client.h"
#include "kaggle/kaggle_name.h"
#include "kaggle/kaggle_place.h"
#include "kaggle/kaggle_source.h"
#include "transfer/journal.h"
#include "transfer/progress.h"

enum {
	PROGRESS_US = 100000,
	NAMES_MAX = 12 * 1024 * 1024, /* as of a directory */
};

/* One get under way. */
struct run {
	struct kaggle_get *get;
	struct kaggle_source *source;
	struct kaggle_archive *archive;
	struct kaggle_place *place;
	struct journal record; /* of the files that are done */
	struct progress progress;
	int64_t shown_us;
	int64_t next_id;
	struct str subject; /* of the file at hand, for people */
	struct map *names;  /* met so far */
	size_t names_bytes;
};

static void show(struct run *run)
{
	int64_t now = clock_monotonic_us();

	if (now - run->shown_us < PROGRESS_US || run->archive == NULL)
		return;
	run->shown_us = now;
	progress_set(&run->progress, run->progress.done, now);
	run->progress.files_done = run->get->files + run->get->before;
	run->get->watch.progress(run->get->watch.context, &run->progress,
				 run->progress.files_total == 1
					 ? run->subject.text
					 : "");
}

/* While S3 is waited for. */
static void tick_s3(void *context)
{
	show(context);
}

/* While Kaggle is waited for. */
static void tick_kaggle(void *context)
{
	struct run *run = context;

	if (run->place->kind->look != NULL)
		run->place->kind->look(run->place);
	show(run);
}

/* --- the record --- */

static void add_place(const struct kaggle_get *get, struct str *out)
{
	if (get->folder != NULL)
		str_add(out, get->folder);
	else
		s3_uri_add(&get->to, out);
}

/* The same choice of the same archive. */
static void add_mark(const struct run *run, struct str *out)
{
	const struct kaggle_choice *choice = &run->get->choice;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, kaggle_source_mark(run->source));
	for (size_t i = 0; i < choice->count; i++)
		str_addf(&text, "\n%s", choice->names[i]);
	hash_add_hex(HASH_SHA256, text.text, text.len, out);
}

static bool open_record(struct run *run, struct err *err)
{
	struct kaggle_get *get = run->get;
	CLEANUP(str_done) struct str from = STR_EMPTY;
	CLEANUP(str_done) struct str to = STR_EMPTY;
	CLEANUP(str_done) struct str mark = STR_EMPTY;
	struct journal_name name = { .way = JOURNAL_DOWNLOAD, .endpoint = "" };

	str_add(&from, "kaggle:");
	kaggle_name_add(get->name, &from);
	add_place(get, &to);
	name.path = from.text;
	name.uri = to.text;
	if (!journal_open(&run->record, &name, err))
		return false;
	add_mark(run, &mark);
	if (run->record.count > 0 &&
	    strcmp(run->record.made.text, mark.text) == 0)
		return true;
	str_set(&run->record.made, mark.text);
	/* Without a record it works as well, only not again from here. */
	journal_start(&run->record, NULL);
	return true;
}

static const char *find_done(const struct run *run, int64_t id)
{
	for (size_t i = 0; i < run->record.count; i++)
		if (run->record.items[i].number == id)
			return run->record.items[i].etag;
	return NULL;
}

static void file_done(void *context, int64_t id, const char *tag)
{
	struct run *run = context;

	run->get->files++;
	if (run->record.fd >= 0 && tag[0] != '\0')
		journal_add(&run->record, id, tag, "");
}

/* --- one file --- */

static void count_failure(struct run *run, const char *name,
			  const struct err *failed)
{
	struct kaggle_get *get = run->get;
	struct err err = *failed;

	err_wrap(&err, "%.300s", name);
	if (get->failed++ == 0)
		get->first = err;
	get->watch.failed(get->watch.context, &err);
}

static bool write_on(void *context, const char *bytes, size_t len,
		     struct err *err)
{
	struct run *run = context;

	if (!cancel_check(err) ||
	    !run->place->kind->write(run->place, bytes, len, err))
		return false;
	run->progress.done += (int64_t)len;
	run->get->bytes += (int64_t)len;
	show(run);
	return true;
}

/* *out_bad: only this file cannot be had. */
static bool bring(struct run *run, const struct kaggle_place_file *file,
		  bool *out_bad, struct err *err)
{
	const struct kaggle_place_kind *kind = run->place->kind;
	struct sink sink = { write_on, run };
	int64_t before = run->progress.done;

	*out_bad = false;
	if (!kind->begin(run->place, file, err)) {
		*out_bad = err->kind == ERR_DATA || err->kind == ERR_USAGE;
		if (*out_bad)
			kind->drop(run->place, NULL);
		return false;
	}
	if (kaggle_archive_unpack(run->archive, &sink, out_bad, err))
		return kind->end(run->place, err);
	if (*out_bad) {
		run->get->bytes -= run->progress.done - before;
		/* The whole counts as passed: the others end at 100%. */
		if (file->size >= 0)
			run->progress.done = before + file->size;
		kind->drop(run->place, err);
	}
	return false;
}

static bool find_there(struct run *run, const char *name, int64_t id,
		       bool *out_there, struct err *err)
{
	struct kaggle_get *get = run->get;
	const char *tag = find_done(run, id);
	const struct kaggle_place_kind *kind = run->place->kind;

	*out_there = false;
	/* Where that cannot be learnt it comes again. */
	if (tag != NULL)
		kind->has(run->place, name, tag, out_there, NULL);
	if (*out_there) {
		get->before++;
		return true;
	}
	if (!get->keep_existing)
		return true;
	if (!kind->has(run->place, name, NULL, out_there, err))
		return err_wrap(err, "is %s there already?", run->subject.text);
	get->left += *out_there;
	return true;
}

/* Below a folder "a//b" and "./a/b" are the same file as "a/b"; at S3 they are
 * three. */
static void add_same(const struct run *run, const char *name, struct str *out)
{
	while (run->get->folder != NULL && *name != '\0') {
		size_t len = strcspn(name, "/");

		if (len > 0 && !(len == 1 && name[0] == '.')) {
			str_add_char(out, '/');
			str_add_slice(out, name, len);
		}
		name += len + (name[len] == '/');
	}
	str_add(out, name);
}

/* Two of one name would overwrite each other. */
static bool check_twice(struct run *run, const char *name, struct err *err)
{
	CLEANUP(str_done) struct str same = STR_EMPTY;

	add_same(run, name, &same);
	if (map_has(run->names, same.text))
		return err_set(err, ERR_DATA,
			       "the archive has another file of this name");
	run->names_bytes += same.len;
	map_put(run->names, same.text, run);
	return true;
}

static void describe(struct run *run, const struct pack_zip_member *member)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text, "would get %s", run->subject.text);
	if (member->size >= 0) {
		str_add(&text, " (");
		units_add_bytes(&text, member->size);
		str_add_char(&text, ')');
	}
	run->get->watch.note(run->get->watch.context, text.text);
	run->get->files++;
	if (member->size >= 0)
		run->get->bytes += member->size;
}

static void tell_there(const struct run *run,
		       const struct pack_zip_member *member)
{
	const struct kaggle_get *get = run->get;

	if (get->watch.there != NULL)
		get->watch.there(get->watch.context, member->name,
				 member->size);
}

/* False: the whole has to end. */
static bool bring_one(struct run *run, const struct pack_zip_member *member,
		      struct err *err)
{
	CLEANUP(str_done) struct str mark = STR_EMPTY;
	struct kaggle_place_file file = {
		.name = member->name,
		.size = member->size,
		.id = run->next_id++,
	};
	struct err failed = ERR_EMPTY;
	bool bad = true, there;

	str_clear(&run->subject);
	if (!kaggle_archive_check(member, &failed) ||
	    !check_twice(run, member->name, &failed) ||
	    !run->place->kind->name(run->place, member->name, &run->subject,
				    &failed)) {
		count_failure(run, member->name, &failed);
		return true;
	}
	if (run->get->dry_run) {
		describe(run, member);
		return true;
	}
	if (!find_there(run, member->name, file.id, &there, err))
		return false;
	if (there) {
		run->progress.done += member->size > 0 ? member->size : 0;
		tell_there(run, member);
		return true;
	}
	str_addf(&mark, "%s %08x", kaggle_source_mark(run->source),
		 member->crc);
	file.mark = mark.text;
	if (bring(run, &file, &bad, &failed)) {
		tell_there(run, member);
		return true;
	}
	if (bad) {
		count_failure(run, member->name, &failed);
		return true;
	}
	if (err != NULL)
		*err = failed;
	return false;
}

/* --- all of them --- */

static bool check_target(const struct run *run, struct err *err)
{
	const struct kaggle_get *get = run->get;

	if (get->single)
		return kaggle_archive_check_single(run->archive, get->name,
						   err);
	if (get->folder != NULL || s3_uri_is_folder(&get->to) ||
	    kaggle_archive_files(run->archive) == 1)
		return true;
	err_set(err, ERR_USAGE, "s3://%s/%.300s is no folder, and %s",
		get->to.bucket.text, get->to.key.text,
		kaggle_archive_files(run->archive) < 0
			? "how many files there are is known at the end only: "
			  "the server knows no ranges"
			: "there are several files");
	return err_hint(err, "write s3://%s/%.200s/", get->to.bucket.text,
			get->to.key.text);
}

static bool bring_all(struct run *run, struct err *err)
{
	for (;;) {
		const struct pack_zip_member *member;

		if (!cancel_check(err) ||
		    !kaggle_archive_next(run->archive, &member, err))
			return false;
		if (member == NULL)
			return run->place->kind->wait(run->place, err);
		if (run->names_bytes > NAMES_MAX)
			return err_set(err, ERR_DATA, "the archive has too "
						      "many files");
		if (!bring_one(run, member, err))
			return false;
		if (run->get->single)
			return run->place->kind->wait(run->place, err);
	}
}

static bool open_all(struct run *run, struct kaggle_client *client,
		     struct err *err)
{
	struct kaggle_get *get = run->get;

	run->source = kaggle_source_open(client, get->name, err);
	if (run->source == NULL)
		return false;
	run->archive = kaggle_archive_open(run->source, &get->choice, err);
	if (run->archive == NULL || !check_target(run, err))
		return false;
	if (!kaggle_source_has_ranges(run->source))
		kaggle_client_note(client, "the server knows no ranges: the "
					   "archive is read from its start");
	progress_start(&run->progress, kaggle_archive_bytes(run->archive),
		       clock_monotonic_us());
	run->progress.files_total = kaggle_archive_files(run->archive) > 0
					    ? kaggle_archive_files(run->archive)
					    : 0;
	run->place = get->folder != NULL ? kaggle_place_folder(get, err)
					 : kaggle_place_s3(get, err);
	if (run->place == NULL)
		return false;
	run->place->done = file_done;
	run->place->tick = tick_s3;
	run->place->context = run;
	kaggle_client_set_tick(client, tick_kaggle, run);
	return get->dry_run || get->single || open_record(run, err);
}

static void done(struct run *run)
{
	kaggle_place_free(run->place);
	kaggle_archive_close(run->archive);
	kaggle_source_close(run->source);
	journal_done(&run->record);
	map_free(run->names);
	str_done(&run->subject);
}

/* What came so far is whole: only the rest is to come. */
static void tell_resume(const struct run *run, struct err *err)
{
	const struct kaggle_get *get = run->get;

	if (err == NULL || get->single ||
	    (get->files + get->before == 0 &&
	     (err->hint[0] != '\0' || run->place == NULL)))
		return;
	if (get->files + get->before == 0)
		err_hint(err, get->folder != NULL
				      ? "no file is whole yet: the same "
					"command begins anew"
				      : "no file is whole yet: the same "
					"command begins anew, without sending "
					"again what S3 has");
	else
		err_hint(err,
			 "%lld file%s there whole; the same command goes on "
			 "with the others",
			 (long long)(get->files + get->before),
			 get->files + get->before == 1 ? " is" : "s are");
}

bool kaggle_get_run(struct kaggle_get *get, struct kaggle_client *client,
		    struct err *err)
{
	CLEANUP(done) struct run run = {
		.get = get,
		.record = JOURNAL_EMPTY,
		.subject = STR_EMPTY,
		.names = map_new(NULL),
	};

	bool good = open_all(&run, client, err) && bring_all(&run, err);

	kaggle_client_set_tick(client, NULL, NULL);
	if (!good) {
		tell_resume(&run, err);
		return false;
	}
	if (get->failed == 0 && run.record.fd >= 0)
		journal_remove(&run.record);
	if (get->failed == 0)
		return true;
	if (err != NULL)
		*err = get->first;
	return false;
}
