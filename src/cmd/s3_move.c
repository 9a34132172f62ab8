#include "cmd/s3_move.h"

#include "aws/s3_object.h"
#include "base/cancel.h"
#include "base/units.h"
#include "cmd/s3_match.h"
#include "cmd/s3_work.h"
#include "shell/command.h"
#include "shell/session.h"

enum { DELETE_BATCH = 1000 }; /* S3: keys a request */

/* --- \s3cp --- */

static bool copy_item(struct s3_work *work, const struct s3_match *match,
		      const struct s3_match_item *item,
		      const struct s3_uri *target, struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri from = S3_URI_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri to = S3_URI_EMPTY;

	s3_uri_copy(&from, &match->uri);
	str_set(&from.key, item->key);
	s3_uri_copy(&to, target);
	if (s3_uri_is_folder(target))
		str_add(&to.key, item->key + item->base);
	str_clear(&work->subject);
	s3_uri_add_shown(&to, &work->subject);
	session_progress(work->session, work->subject.text);
	if (!cancel_check(err) || !s3_object_copy(work->aws, &from, &to, err))
		return false;
	work->files++;
	s3_work_forget(work->aws, to.bucket.text, to.key.text);
	return true;
}

bool s3_move_cp(struct session *session, const struct args *args,
		struct err *err)
{
	CLEANUP(s3_work_done)
	struct s3_work work = { .session = session, .subject = STR_EMPTY };
	CLEANUP(s3_match_done) struct s3_match match = S3_MATCH_EMPTY;
	CLEANUP(s3_uri_done) struct s3_uri target = S3_URI_EMPTY;

	if (!s3_uri_parse_bucket(&target, args_text(args, "TO"), err) ||
	    !s3_work_begin(&work, session, "copy", err) ||
	    !s3_match_find(work.aws, args_text(args, "FROM"),
			   args_flag(args, "-r"), &match, err))
		return false;
	if (match.count > 1 && !s3_uri_is_folder(&target)) {
		err_set(err, ERR_USAGE, "\\s3cp: several objects and one key");
		return err_hint(err, "end the target with a slash");
	}
	for (size_t i = 0; i < match.count; i++)
		if (!copy_item(&work, &match, &match.items[i], &target, err))
			return false;
	work.bytes = -1;
	s3_work_report(&work);
	return true;
}

/* --- \s3rm --- */

static bool remove_many(struct s3_work *work, const struct s3_match *match,
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
static bool remove_one(struct s3_work *work, const struct s3_uri *uri,
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

static bool may_remove(struct s3_work *work, const struct s3_match *match,
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

static bool remove_argument(struct s3_work *work, const char *argument,
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
	s3_work_forget(work->aws, match.uri.bucket.text, match.items[0].key);
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
	CLEANUP(s3_work_done)
	struct s3_work work = { .session = session, .subject = STR_EMPTY };
	size_t count = args_count(args, "URI");

	if (count == 0)
		return err_set(err, ERR_USAGE, "\\s3rm: name an object");
	if (!s3_work_begin(&work, session, "removed", err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!remove_argument(&work, args_item(args, "URI", i), args,
				     err))
			return false;
	work.bytes = -1;
	if (work.files > 0)
		s3_work_report(&work);
	return true;
}
