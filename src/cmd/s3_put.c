#include "cmd/s3_put.h"

#include <glob.h>

#include "aws/s3_uri.h"
#include "base/file.h"
#include "base/path.h"
#include "cmd/s3_work.h"
#include "shell/command.h"
#include "shell/session.h"
#include "transfer/upload.h"

static bool put_one(struct s3_work *work, const char *path,
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
	s3_work_forget(work->aws, to->bucket.text, to->key.text);
	return true;
}

/* A name that exists is meant as it is, else it may be a glob. */
static bool put_path(struct s3_work *work, const char *path,
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

static bool put_argument(struct s3_work *work, const char *argument,
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

bool s3_put_run(struct session *session, const struct args *args,
		struct err *err)
{
	CLEANUP(s3_work_done)
	struct s3_work work = { .session = session, .subject = STR_EMPTY };
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
	    !s3_work_begin(&work, session, "put", err))
		return false;
	into = s3_uri_is_folder(&target);
	if (count > 2 && !into) {
		err_set(err, ERR_USAGE, "\\s3put: several files and one key");
		return err_hint(err, "end the target with a slash");
	}
	for (size_t i = 0; i + 1 < count; i++)
		if (!put_argument(&work, args_item(args, "FILE... URI", i),
				  &target, into, part_bytes, err))
			return false;
	s3_work_report(&work);
	return true;
}
