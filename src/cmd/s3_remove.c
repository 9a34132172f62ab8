#include "cmd/s3_remove.h"

#include <string.h>

#include "aws/listing.h"
#include "aws/s3_delete.h"
#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "aws/worker.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/units.h"
#include "base/vec.h"
#include "cmd/s3_args.h"
#include "cmd/s3_walk.h"
#include "cmd/s3_where.h"
#include "shell/command.h"
#include "shell/session.h"

enum {
	TOLD_MAX = 20,       /* failures; all are counted */
	TICK_OBJECTS = 1000, /* between two lines of progress */
};

struct removing {
	struct session *session;
	struct aws *aws;
	struct s3_options request;
	struct s3_walk_options which;
	bool yes;
	bool dry_run;
	struct {
		VEC(struct s3_uri);
	} uris;
	const struct s3_uri *uri; /* the one at hand */
	int64_t counted;          /* before the question */
	int64_t bytes;
	int64_t removed;
	int64_t failed;
	int64_t start_us;
};

static void removing_done(struct removing *removing)
{
	for (size_t i = 0; i < removing->uris.count; i++)
		s3_uri_done(&removing->uris.items[i]);
	vec_done(&removing->uris);
	s3_options_done(&removing->request);
}

static bool begin(struct removing *removing, struct session *session,
		  const struct args *args, struct err *err)
{
	*removing = (struct removing){
		.session = session,
		.yes = args_flag(args, "--yes"),
		.dry_run = args_flag(args, "--dry-run"),
		.start_us = clock_monotonic_us(),
	};
	return s3_args_options(args, &removing->request, err);
}

/* Kept where it lies: walks borrow it. */
static bool add_uri(struct removing *removing, const char *name,
		    struct err *err)
{
	struct s3_uri uri = S3_URI_EMPTY;

	if (!s3_where_parse(removing->session, name, &uri, err)) {
		s3_uri_done(&uri);
		return false;
	}
	uri.options = &removing->request;
	vec_push(&removing->uris, uri);
	return true;
}

/* --- walking over all that is named --- */

static bool walk_one(struct removing *removing, struct s3_walk *walk,
		     bool (*visit)(struct removing *removing,
				   const struct s3_list_entry *entry,
				   void *context, struct err *err),
		     void *context, struct err *err)
{
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;
	int64_t count = 0;

	while ((entry = s3_walk_next(walk, &failed)) != NULL) {
		count++;
		if (!cancel_check(err) || !visit(removing, entry, context, err))
			return false;
	}
	if (failed.kind == ERR_NONE)
		return count > 0 || s3_walk_found_none(removing->uri, err);
	if (err != NULL)
		*err = failed;
	return false;
}

static bool visit_one(struct removing *removing, const struct s3_uri *uri,
		      bool (*visit)(struct removing *removing,
				    const struct s3_list_entry *entry,
				    void *context, struct err *err),
		      void *context, struct err *err)
{
	CLEANUP(s3_walk_freep)
	struct s3_walk *walk =
		s3_walk_new(removing->aws, uri, &removing->which, err);

	removing->uri = uri;
	return walk != NULL && walk_one(removing, walk, visit, context, err);
}

/* --- the question --- */

static bool is_one(const struct removing *removing, const struct s3_uri *uri)
{
	return !removing->which.recursive && !removing->which.versions &&
	       !s3_uri_has_glob(uri->key.text);
}

static bool count(struct removing *removing, const struct s3_list_entry *entry,
		  void *context, struct err *err)
{
	(void)context;
	(void)err;
	removing->counted++;
	removing->bytes += entry->size > 0 ? entry->size : 0;
	return true;
}

static void add_counted(const struct removing *removing, struct str *out)
{
	units_add_count(out, removing->counted);
	str_addf(out, " %s%s", removing->which.versions ? "version" : "object",
		 removing->counted == 1 ? "" : "s");
	if (removing->bytes == 0)
		return;
	str_add(out, " (");
	units_add_bytes(out, removing->bytes);
	str_add_char(out, ')');
}

static bool ask(struct removing *removing, bool *out_go, struct err *err)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;
	const struct s3_uri *first = &removing->uris.items[0];
	size_t more = removing->uris.count - 1;

	str_add(&question, "Remove ");
	/* Nothing is counted where nobody can be asked. */
	if (removing->counted > 0 && (more > 0 || !is_one(removing, first))) {
		add_counted(removing, &question);
		str_add(&question, " at ");
	}
	s3_uri_add_shown(first, &question);
	if (more > 0)
		str_addf(&question, " and %zu more", more);
	str_add_char(&question, '?');
	return session_confirm(removing->session, question.text, "--yes",
			       out_go, err);
}

/* Who cannot be asked is refused before anything is listed. */
static bool may_go(struct removing *removing, bool *out_go, struct err *err)
{
	*out_go = true;
	if (removing->yes || removing->dry_run)
		return true;
	for (size_t i = 0; i < removing->uris.count; i++)
		if (session_is_interactive(removing->session) &&
		    !visit_one(removing, &removing->uris.items[i], count, NULL,
			       err))
			return false;
	return ask(removing, out_go, err);
}

/* --- removing --- */

static void forget(struct removing *removing, const struct s3_uri *uri)
{
	struct listing *listing = worker_listing(removing->aws);
	CLEANUP(str_done) struct str level = STR_EMPTY;
	size_t len = s3_uri_glob_prefix(uri->key.text);

	if (listing == NULL)
		return;
	while (len > 0 && uri->key.text[len - 1] != '/')
		len--;
	str_addf(&level, "%s/", uri->bucket.text);
	str_add_slice(&level, uri->key.text, len);
	listing_forget(listing, level.text);
}

static void say_failed(void *context, const char *key, const struct err *err)
{
	struct removing *removing = context;
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	if (++removing->failed > TOLD_MAX)
		return;
	s3_uri_copy(&uri, removing->uri);
	str_set(&uri.key, key);
	s3_uri_add_shown(&uri, &shown);
	session_progress(removing->session, "");
	session_warn(removing->session, "%s was not removed: %s (%s)",
		     shown.text, err->message, err->code);
}

static bool remove_entry(struct removing *removing,
			 const struct s3_list_entry *entry, void *context,
			 struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct s3_delete *removal = context;
	int64_t done = s3_delete_removed(removal);

	if (!s3_delete_add(removal, entry->key, entry->version, err))
		return false;
	if (s3_delete_removed(removal) == done)
		return true;
	str_add(&text, "removed: ");
	units_add_count(&text, removing->removed + s3_delete_removed(removal));
	session_progress(removing->session, text.text);
	return true;
}

static bool describe(struct removing *removing,
		     const struct s3_list_entry *entry, void *context,
		     struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	(void)context;
	(void)err;
	s3_uri_copy(&uri, removing->uri);
	str_set(&uri.key, entry->key);
	s3_uri_add_shown(&uri, &text);
	if (entry->version[0] != '\0')
		str_addf(&text, " version %s%s", entry->version,
			 entry->is_marker ? ", a delete marker" : "");
	session_info(removing->session, "would remove %s", text.text);
	return true;
}

/* S3 calls it done when there was nothing; a person wants to know. Who may
 * not look may still remove. */
static bool check_there(struct removing *removing, const struct s3_uri *uri,
			struct err *err)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	struct err failed = ERR_EMPTY;

	if (s3_object_head(removing->aws, uri, &head, &failed) ||
	    (failed.kind != ERR_MISSING && failed.kind != ERR_CANCELLED))
		return true;
	if (err != NULL)
		*err = failed;
	return false;
}

static bool remove_at(struct removing *removing, const struct s3_uri *uri,
		      struct err *err)
{
	struct s3_delete_options options = { uri, say_failed, removing };
	CLEANUP(s3_delete_freep) struct s3_delete *removal = NULL;
	bool ok;

	if (is_one(removing, uri) && !check_there(removing, uri, err))
		return false;
	if (removing->dry_run)
		return visit_one(removing, uri, describe, NULL, err);
	removal = s3_delete_new(removing->aws, &options, err);
	if (removal == NULL)
		return false;
	ok = visit_one(removing, uri, remove_entry, removal, err) &&
	     s3_delete_end(removal, err);
	removing->removed += s3_delete_removed(removal);
	forget(removing, uri);
	return ok;
}

static void report(struct removing *removing)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	session_progress(removing->session, "");
	if (removing->dry_run || removing->removed == 0)
		return;
	if (removing->uris.count == 1 &&
	    is_one(removing, &removing->uris.items[0]))
		s3_uri_add_shown(&removing->uris.items[0], &text);
	else
		str_addf(&text, "%lld %s%s", (long long)removing->removed,
			 removing->which.versions ? "version" : "object",
			 removing->removed == 1 ? "" : "s");
	str_add(&text, ", ");
	units_add_duration(&text, clock_monotonic_us() - removing->start_us);
	session_info(removing->session, "removed: %s", text.text);
}

static bool remove_all(struct removing *removing, struct err *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < removing->uris.count; i++)
		ok = remove_at(removing, &removing->uris.items[i], err);
	report(removing);
	if (!ok || removing->failed == 0)
		return ok;
	return err_set(err, ERR_AWS, "%lld of %lld were not removed",
		       (long long)removing->failed,
		       (long long)(removing->failed + removing->removed));
}

bool s3_remove_rm(struct session *session, const struct args *args,
		  struct err *err)
{
	CLEANUP(removing_done) struct removing removing = { 0 };
	size_t names = args_count(args, "URI");
	bool go = true;

	if (names == 0)
		return err_set(err, ERR_USAGE, "\\s3rm: name an object");
	if (!begin(&removing, session, args, err))
		return false;
	removing.which.recursive = args_flag(args, "-r");
	removing.which.versions = args_flag(args, "--versions");
	for (size_t i = 0; i < names; i++)
		if (!add_uri(&removing, args_item(args, "URI", i), err))
			return false;
	removing.aws = session_aws(session, err);
	if (removing.aws == NULL || !may_go(&removing, &go, err))
		return false;
	return !go || remove_all(&removing, err);
}

/* --- \s3rb --- */

/* Not every server that speaks S3 knows versions. */
static bool count_inside(struct removing *removing, const struct s3_uri *uri,
			 struct err *err)
{
	struct err failed = ERR_EMPTY;

	removing->which.recursive = true;
	removing->which.versions = true;
	if (visit_one(removing, uri, count, NULL, &failed))
		return true;
	if (failed.kind == ERR_AWS) {
		removing->which.versions = false;
		removing->counted = removing->bytes = 0;
		err_clear(&failed);
		if (visit_one(removing, uri, count, NULL, &failed))
			return true;
	}
	/* Nothing is in it. */
	if (failed.kind == ERR_MISSING && failed.code[0] == '\0')
		return true;
	if (err != NULL)
		*err = failed;
	return false;
}

static bool ask_bucket(struct removing *removing, const struct s3_uri *uri,
		       bool *out_go, struct err *err)
{
	CLEANUP(str_done) struct str question = STR_EMPTY;

	*out_go = true;
	if (removing->yes || removing->dry_run)
		return true;
	str_addf(&question, "Remove the bucket s3://%s", uri->bucket.text);
	if (removing->counted > 0) {
		str_add(&question, " and the ");
		add_counted(removing, &question);
		str_add(&question, " in it");
	}
	str_add_char(&question, '?');
	return session_confirm(removing->session, question.text, "--yes",
			       out_go, err);
}

static bool remove_bucket(struct removing *removing, const struct s3_uri *uri,
			  struct err *err)
{
	struct listing *listing = worker_listing(removing->aws);

	if (removing->counted > 0 && !remove_all(removing, err))
		return false;
	if (removing->dry_run) {
		session_info(removing->session, "would remove s3://%s",
			     uri->bucket.text);
		return true;
	}
	if (!s3_bucket_delete(removing->aws, uri, err)) {
		if (err != NULL && strcmp(err->code, "BucketNotEmpty") == 0)
			err_hint(err,
				 "\\s3rb --force s3://%s removes what is "
				 "in it as well",
				 uri->bucket.text);
		return false;
	}
	if (listing != NULL)
		listing_forget(listing, "");
	session_info(removing->session, "removed: s3://%s", uri->bucket.text);
	return true;
}

bool s3_remove_rb(struct session *session, const struct args *args,
		  struct err *err)
{
	CLEANUP(removing_done) struct removing removing = { 0 };
	const struct s3_uri *uri;
	bool go = true;

	if (!begin(&removing, session, args, err) ||
	    !add_uri(&removing, args_text(args, "URI"), err))
		return false;
	uri = &removing.uris.items[0];
	if (uri->key.len > 0) {
		err_set(err, ERR_USAGE, "a bucket has no key");
		return err_hint(err, "s3://%s", uri->bucket.text);
	}
	removing.aws = session_aws(session, err);
	if (removing.aws == NULL ||
	    (args_flag(args, "--force") &&
	     !count_inside(&removing, uri, err)) ||
	    !ask_bucket(&removing, uri, &go, err))
		return false;
	return !go || remove_bucket(&removing, uri, err);
}

/* --- for \platform delete --with-data --- */

bool s3_remove_contents(struct session *session, const char *bucket,
			struct err *err)
{
	CLEANUP(removing_done)
	struct removing removing = { .session = session,
				     .yes = true,
				     .start_us = clock_monotonic_us() };
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct err failed = ERR_EMPTY;

	str_addf(&name, "s3://%s", bucket);
	if (!add_uri(&removing, name.text, err))
		return false;
	removing.aws = session_aws(session, err);
	if (removing.aws == NULL)
		return false;
	if (count_inside(&removing, &removing.uris.items[0], &failed))
		return removing.counted == 0 || remove_all(&removing, err);
	if (failed.kind == ERR_MISSING)
		return true;
	if (err != NULL)
		*err = failed;
	return false;
}
