#include "cmd/s3_move.h"

#include <glob.h>
#include <string.h>

#include "aws/listing.h"
#include "aws/s3_object.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/units.h"
#include "base/vec.h"
#include "cmd/s3_match.h"
#include "shell/command.h"
#include "shell/session.h"
#include "transfer/download.h"
#include "transfer/progress.h"
#include "transfer/upload.h"

enum { DELETE_BATCH = 1000 }; /* S3: keys a request */

/* One command's transfers: what has come so far, for the last line. */
struct work {
	struct session *session;
	struct aws *aws;
	const char *verb;   /* "put" */
	struct str subject; /* of the transfer under way */
	int64_t files;
	int64_t bytes;
	int64_t start_us;
	struct progress_watch watch;
};

static void show_progress(void *context, const struct progress *progress)
{
	struct work *work = context;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_addf(&text, "%s %s  ", work->verb, work->subject.text);
	progress_add_text(progress, &text);
	session_progress(work->session, text.text);
}

static bool work_begin(struct work *work, struct session *session,
		       const char *verb, struct err *err)
{
	*work = (struct work){
		.session = session,
		.aws = session_aws(session, err),
		.verb = verb,
		.subject = STR_EMPTY,
		.start_us = clock_monotonic_us(),
	};
	work->watch.run = show_progress;
	work->watch.context = work;
	return work->aws != NULL;
}

static void work_done(struct work *work)
{
	session_progress(work->session, "");
	str_done(&work->subject);
}

static void work_report(struct work *work)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	session_progress(work->session, "");
	str_addf(&text, "%s: ", work->verb);
	if (work->files == 1)
		str_add(&text, work->subject.text);
	else {
		units_add_count(&text, work->files);
		str_add(&text, " objects");
	}
	if (work->bytes >= 0) {
		str_add(&text, ", ");
		units_add_bytes(&text, work->bytes);
	}
	str_add(&text, ", ");
	units_add_duration(&text, clock_monotonic_us() - work->start_us);
	session_info(work->session, "%s", text.text);
}

void s3_move_forget(struct aws *aws, const char *bucket, const char *key)
{
	struct listing *listing = worker_listing(aws);
	CLEANUP(str_done) struct str level = STR_EMPTY;
	size_t len = strlen(key);

	if (listing == NULL)
		return;
	while (len > 0 && key[len - 1] != '/')
		len--;
	str_addf(&level, "%s/", bucket);
	str_add_slice(&level, key, len);
	listing_forget(listing, level.text);
}

/* --- \s3put --- */

static bool put_one(struct work *work, const char *path,
		    const struct s3_uri *to, int64_t part_bytes,
		    struct err *err)
{
	struct upload_options options = {
		.part_bytes = part_bytes,
		.watch = &work->watch,
	};
	struct upload_result result = { 0 };

	str_clear(&work->subject);
	s3_uri_add_shown(to, &work->subject);
	if (!upload_file(work->aws, path, to, &options, &result, err))
		return false;
	if (result.resumed_parts > 0)
		session_info(work->session,
			     "put: went on after %lld of %lld "
			     "parts",
			     (long long)result.resumed_parts,
			     (long long)result.parts);
	work->files++;
	work->bytes += result.bytes;
	s3_move_forget(work->aws, to->bucket.text, to->key.text);
	return true;
}

/* A name that exists is meant as it is, else it may be a glob. */
static bool put_path(struct work *work, const char *path,
		     const struct s3_uri *target, bool into, int64_t part_bytes,
		     struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri to = S3_URI_EMPTY;

	if (file_is_dir(path)) {
		err_set(err, ERR_USAGE, "%s is a folder", path);
		return err_hint(err, "name its files: %s/*", path);
	}
	s3_uri_copy(&to, target);
	if (into)
		str_add(&to.key, path_base(path));
	return put_one(work, path, &to, part_bytes, err);
}

static bool put_argument(struct work *work, const char *argument,
			 const struct s3_uri *target, bool into,
			 int64_t part_bytes, struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	glob_t found = { 0 };
	bool ok = true;

	path_expand(argument, &path);
	if (file_exists(path.text) || glob(path.text, 0, NULL, &found) != 0) {
		globfree(&found);
		return put_path(work, path.text, target, into, part_bytes, err);
	}
	if (found.gl_pathc > 1 && !into)
		ok = err_set(err, ERR_USAGE,
			     "%s names %zu files, the target "
			     "one object",
			     argument, found.gl_pathc) ||
		     err_hint(err, "end the target with a slash");
	for (size_t i = 0; ok && i < found.gl_pathc; i++)
		ok = put_path(work, found.gl_pathv[i], target, into, part_bytes,
			      err);
	globfree(&found);
	return ok;
}

static bool is_folder(const struct s3_uri *uri)
{
	return uri->key.len == 0 || uri->key.text[uri->key.len - 1] == '/';
}

bool s3_move_put(struct session *session, const struct args *args,
		 struct err *err)
{
	CLEANUP(work_done)
	struct work work = { .session = session, .subject = STR_EMPTY };
	CLEANUP(s3_uri_done) struct s3_uri target = S3_URI_EMPTY;
	size_t count = args_count(args, "FILE... URI");
	int64_t part_bytes = args_number(args, "--part-size", 0);
	bool into;

	if (count < 2) {
		err_set(err, ERR_USAGE,
			"\\s3put: a file and a target are "
			"needed");
		return err_hint(err, "\\s3put FILE s3://bucket/key");
	}
	if (!s3_uri_parse_bucket(
		    &target, args_item(args, "FILE... URI", count - 1), err) ||
	    !work_begin(&work, session, "put", err))
		return false;
	into = is_folder(&target);
	if (count > 2 && !into) {
		err_set(err, ERR_USAGE, "\\s3put: several files and one key");
		return err_hint(err, "end the target with a slash");
	}
	for (size_t i = 0; i + 1 < count; i++)
		if (!put_argument(&work, args_item(args, "FILE... URI", i),
				  &target, into, part_bytes, err))
			return false;
	work_report(&work);
	return true;
}

/* --- \s3get --- */

/* Keys come from others: no part of one may lead out of the folder. */
static bool is_safe(const char *name)
{
	for (;;) {
		size_t len = strcspn(name, "/");

		if (len == 0 || str_slice_equal(name, len, ".") ||
		    str_slice_equal(name, len, ".."))
			return false;
		if (name[len] == '\0')
			return true;
		name += len + 1;
	}
}

struct get_target {
	struct str path;
	bool into; /* a folder */
	bool keep; /* -n */
};

static bool get_item(struct work *work, const struct s3_match *match,
		     const struct s3_match_item *item,
		     const struct get_target *target, struct err *err)
{
	struct download_options options = { .keep_existing = target->keep,
					    .watch = &work->watch };
	CLEANUP(s3_uri_done) struct s3_uri from = S3_URI_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	const char *name = item->key + item->base;
	int64_t bytes = 0;

	s3_uri_copy(&from, &match->uri);
	str_set(&from.key, item->key);
	str_clear(&work->subject);
	s3_uri_add_shown(&from, &work->subject);
	/* the marker of a folder */
	if (match->many && str_ends(item->key, "/"))
		return true;
	if (!target->into) {
		str_set(&path, target->path.text);
	} else if (!is_safe(name)) {
		err_set(err, ERR_USAGE, "%s: the key cannot be a file name",
			work->subject.text);
		return err_hint(err, "get it alone and name the file: \\s3get "
				     "URI FILE");
	} else {
		path_join(target->path.text, name, &path);
		path_dir(path.text, &folder);
		if (!file_make_dirs(folder.text, 0777, err))
			return false;
	}
	if (!download_file(work->aws, &from, path.text, &options, &bytes, err))
		return false;
	work->files++;
	work->bytes += bytes;
	return true;
}

/* The last argument is the target unless it names an object. */
static bool find_target(const struct args *args, size_t *count,
			struct get_target *target, struct err *err)
{
	const char *last = args_item(args, "URI... [TARGET]", *count - 1);

	target->into = true;
	if (s3_uri_is(last)) {
		str_set(&target->path, ".");
		return true;
	}
	--*count;
	if (*count == 0) {
		err_set(err, ERR_USAGE, "\\s3get: name an object first");
		return err_hint(err, "\\s3get s3://bucket/key [FILE]");
	}
	path_expand(last, &target->path);
	target->into = args_flag(args, "-r") ||
		       file_is_dir(target->path.text) ||
		       str_ends(target->path.text, "/");
	return true;
}

static bool get_all(struct work *work, const struct args *args, size_t count,
		    const struct get_target *target, struct err *err)
{
	bool recursive = args_flag(args, "-r");

	for (size_t i = 0; i < count; i++) {
		CLEANUP(s3_match_done) struct s3_match match = S3_MATCH_EMPTY;

		if (!s3_match_find(work->aws,
				   args_item(args, "URI... [TARGET]", i),
				   recursive, &match, err))
			return false;
		if (!target->into && (count > 1 || match.count > 1)) {
			err_set(err, ERR_USAGE,
				"\\s3get: several objects "
				"and one file, %s",
				target->path.text);
			return err_hint(err, "name a folder, or end its name "
					     "with a slash to make it");
		}
		for (size_t k = 0; k < match.count; k++)
			if (!get_item(work, &match, &match.items[k], target,
				      err))
				return false;
	}
	return true;
}

bool s3_move_get(struct session *session, const struct args *args,
		 struct err *err)
{
	CLEANUP(work_done)
	struct work work = { .session = session, .subject = STR_EMPTY };
	struct get_target target = { .path = STR_EMPTY,
				     .keep = args_flag(args, "-n") };
	size_t count = args_count(args, "URI... [TARGET]");
	bool ok;

	if (count == 0) {
		err_set(err, ERR_USAGE, "\\s3get: name an object");
		return err_hint(err, "\\s3get s3://bucket/key [FILE]");
	}
	ok = find_target(args, &count, &target, err) &&
	     work_begin(&work, session, "get", err) &&
	     get_all(&work, args, count, &target, err);
	if (ok)
		work_report(&work);
	str_done(&target.path);
	return ok;
}

/* --- \s3cp --- */

static bool copy_item(struct work *work, const struct s3_match *match,
		      const struct s3_match_item *item,
		      const struct s3_uri *target, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri from = S3_URI_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri to = S3_URI_EMPTY;

	s3_uri_copy(&from, &match->uri);
	str_set(&from.key, item->key);
	s3_uri_copy(&to, target);
	if (is_folder(target))
		str_add(&to.key, item->key + item->base);
	str_clear(&work->subject);
	s3_uri_add_shown(&to, &work->subject);
	session_progress(work->session, work->subject.text);
	if (!cancel_check(err) || !s3_object_copy(work->aws, &from, &to, err))
		return false;
	work->files++;
	s3_move_forget(work->aws, to.bucket.text, to.key.text);
	return true;
}

bool s3_move_cp(struct session *session, const struct args *args,
		struct err *err)
{
	CLEANUP(work_done)
	struct work work = { .session = session, .subject = STR_EMPTY };
	CLEANUP(s3_match_done) struct s3_match match = S3_MATCH_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri target = S3_URI_EMPTY;

	if (!s3_uri_parse_bucket(&target, args_text(args, "TO"), err) ||
	    !work_begin(&work, session, "copy", err) ||
	    !s3_match_find(work.aws, args_text(args, "FROM"),
			   args_flag(args, "-r"), &match, err))
		return false;
	if (match.count > 1 && !is_folder(&target)) {
		err_set(err, ERR_USAGE, "\\s3cp: several objects and one key");
		return err_hint(err, "end the target with a slash");
	}
	for (size_t i = 0; i < match.count; i++)
		if (!copy_item(&work, &match, &match.items[i], &target, err))
			return false;
	work.bytes = -1;
	work_report(&work);
	return true;
}

/* --- \s3rm --- */

static bool remove_many(struct work *work, const struct s3_match *match,
			struct err *err)
{
	CLEANUP(mem_freep)
	const char **keys = mem_alloc_array(DELETE_BATCH, sizeof(*keys));

	for (size_t at = 0; at < match->count; at += DELETE_BATCH) {
		size_t count = match->count - at;

		if (count > DELETE_BATCH)
			count = DELETE_BATCH;
		for (size_t i = 0; i < count; i++)
			keys[i] = match->items[at + i].key;
		if (!cancel_check(err) ||
		    !s3_object_delete_many(work->aws, match->uri.bucket.text,
					   keys, count, err))
			return false;
		work->files += (int64_t)count;
	}
	return true;
}

/* S3 calls it done when there was nothing; a person wants to know. Who may
 * not look may still remove. */
static bool remove_one(struct work *work, const struct s3_uri *uri,
		       struct err *err)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	struct err failed = ERR_EMPTY;

	if (!s3_object_head(work->aws, uri, &head, &failed) &&
	    (failed.kind == ERR_MISSING || failed.kind == ERR_CANCELLED)) {
		if (err != NULL)
			*err = failed;
		return false;
	}
	if (!s3_object_delete(work->aws, uri, err))
		return false;
	work->files++;
	return true;
}

static bool may_remove(struct work *work, const struct s3_match *match,
		       bool yes, bool *out_go, struct err *err)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;
	int64_t bytes = 0;

	*out_go = true;
	if (yes || match->count < 2 || !session_is_interactive(work->session))
		return true;
	for (size_t i = 0; i < match->count; i++)
		bytes += match->items[i].size;
	str_add(&question, "Remove ");
	units_add_count(&question, (int64_t)match->count);
	str_add(&question, " objects (");
	units_add_bytes(&question, bytes);
	str_add(&question, ") at ");
	str_add(&question, work->subject.text);
	str_add(&question, "?");
	return session_confirm(work->session, question.text, "--yes", out_go,
			       err);
}

static bool remove_argument(struct work *work, const char *argument,
			    const struct args *args, struct err *err)
{
	CLEANUP(s3_match_done) struct s3_match match = S3_MATCH_EMPTY;
	bool go;

	if (!s3_match_find(work->aws, argument, args_flag(args, "-r"), &match,
			   err))
		return false;
	str_clear(&work->subject);
	s3_uri_add_shown(&match.uri, &work->subject);
	if (!may_remove(work, &match, args_flag(args, "--yes"), &go, err))
		return false;
	if (!go)
		return true;
	s3_move_forget(work->aws, match.uri.bucket.text, match.items[0].key);
	if (match.count == 1) {
		str_set(&match.uri.key, match.items[0].key);
		str_clear(&work->subject);
		s3_uri_add_shown(&match.uri, &work->subject);
		return remove_one(work, &match.uri, err);
	}
	return remove_many(work, &match, err);
}

bool s3_move_rm(struct session *session, const struct args *args,
		struct err *err)
{
	CLEANUP(work_done)
	struct work work = { .session = session, .subject = STR_EMPTY };
	size_t count = args_count(args, "URI");

	if (count == 0)
		return err_set(err, ERR_USAGE, "\\s3rm: name an object");
	if (!work_begin(&work, session, "removed", err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!remove_argument(&work, args_item(args, "URI", i), args,
				     err))
			return false;
	work.bytes = -1;
	if (work.files > 0)
		work_report(&work);
	return true;
}
