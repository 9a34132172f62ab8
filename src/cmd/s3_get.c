#include "cmd/s3_get.h"

#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "cmd/s3_match.h"
#include "cmd/s3_work.h"
#include "shell/command.h"
#include "transfer/download.h"

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

static bool get_item(struct s3_work *work, const struct s3_match *match,
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

static bool get_all(struct s3_work *work, const struct args *args, size_t count,
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

bool s3_get_run(struct session *session, const struct args *args,
		struct err *err)
{
	CLEANUP(s3_work_done)
	struct s3_work work = { .session = session, .subject = STR_EMPTY };
	struct get_target target = { .path = STR_EMPTY,
				     .keep = args_flag(args, "-n") };
	size_t count = args_count(args, "URI... [TARGET]");
	bool ok;

	if (count == 0) {
		err_set(err, ERR_USAGE, "\\s3get: name an object");
		return err_hint(err, "\\s3get s3://bucket/key [FILE]");
	}
	ok = find_target(args, &count, &target, err) &&
	     s3_work_begin(&work, session, "get", err) &&
	     get_all(&work, args, count, &target, err);
	if (ok)
		s3_work_report(&work);
	str_done(&target.path);
	return ok;
}
