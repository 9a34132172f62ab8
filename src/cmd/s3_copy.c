#include "cmd/s3_copy.h"

#include <string.h>

#include "aws/s3_uri.h"
#include "cmd/s3_args.h"
#include "cmd/s3_batch.h"
#include "cmd/s3_walk.h"
#include "cmd/s3_where.h"
#include "shell/command.h"
#include "shell/session.h"

static const char names_arg[] = "FROM... TO";

/* What the batch is fed with: the objects of each argument in turn. */
struct copies {
	struct session *session;
	const struct args *args;
	struct aws *aws;
	enum batch_kind kind;
	struct s3_options request;
	struct s3_walk_options which;
	struct s3_uri to;
	size_t count;         /* arguments */
	size_t at;            /* the one at hand */
	struct s3_uri from;   /* of it, as it was typed */
	struct s3_walk *walk; /* NULL: not begun */
	bool found;           /* something of it */
};

static void copies_done(struct copies *copies)
{
	s3_walk_free(copies->walk);
	s3_options_done(&copies->request);
	s3_uri_done(&copies->to);
	s3_uri_done(&copies->from);
}

static const char *command_of(const struct copies *copies)
{
	return copies->kind == BATCH_MOVE ? "\\s3mv" : "\\s3cp";
}

/* --- one object --- */

static bool is_same_bucket(const struct s3_uri *a, const struct s3_uri *b)
{
	return strcmp(a->bucket.text, b->bucket.text) == 0;
}

/* S3 takes a copy of an object onto itself when something changes by it. */
static bool check_target(const struct copies *copies,
			 const struct batch_item *item, struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	const struct s3_options *request = &copies->request;
	bool changes = copies->kind == BATCH_COPY &&
		       (s3_options_replace_metadata(request) ||
			s3_options_has(request, S3_OPTION_STORAGE_CLASS) ||
			s3_options_has(request, S3_OPTION_SSE));

	if (!is_same_bucket(&item->from, &item->uri))
		return true;
	s3_uri_add_shown(&item->uri, &shown);
	if (strcmp(item->from.key.text, item->uri.key.text) == 0)
		return changes ||
		       err_set(err, ERR_USAGE,
			       "%s would be put onto itself: nothing to do",
			       shown.text);
	if (!s3_walk_is_many(copies->walk) ||
	    !s3_walk_names(copies->walk, item->uri.key.text))
		return true;
	err_set(err, ERR_USAGE, "%s lies inside of what is to be %s",
		shown.text, copies->kind == BATCH_MOVE ? "moved" : "copied");
	return err_hint(err, "choose a target outside of it");
}

/* The marker of the folder itself has no name below it. */
static bool fill_item(struct copies *copies, const struct s3_list_entry *entry,
		      struct batch_item *item)
{
	const char *name = entry->key + s3_walk_base(copies->walk);

	item->kind = copies->kind;
	s3_uri_copy(&item->from, &copies->from);
	str_set(&item->from.key, entry->key);
	s3_uri_copy(&item->uri, &copies->to);
	if (s3_uri_is_folder(&copies->to))
		str_add(&item->uri.key, name);
	item->size = entry->size;
	str_set(&item->etag, entry->etag);
	return item->uri.key.len > 0;
}

/* --- all of them --- */

static bool begin_argument(struct copies *copies, struct err *err)
{
	const char *name = args_item(copies->args, names_arg, copies->at);

	if (!s3_where_parse(copies->session, name, &copies->from, err))
		return false;
	copies->from.options = &copies->request;
	copies->found = false;
	copies->walk =
		s3_walk_new(copies->aws, &copies->from, &copies->which, err);
	return copies->walk != NULL;
}

static void end_argument(struct copies *copies)
{
	s3_walk_free(copies->walk);
	copies->walk = NULL;
	copies->at++;
}

static enum batch_step next(void *context, struct batch_item *item,
			    struct err *err)
{
	struct copies *copies = context;
	const struct s3_list_entry *entry;
	bool found;

	while (copies->at < copies->count) {
		if (copies->walk == NULL && !begin_argument(copies, err))
			return BATCH_BROKEN;
		entry = s3_walk_next(copies->walk, err);
		if (entry == NULL && err->kind != ERR_NONE)
			return BATCH_BROKEN;
		if (entry == NULL) {
			found = copies->found;
			if (!found)
				s3_walk_found_none(&copies->from, err);
			end_argument(copies);
			if (!found)
				return BATCH_FAILED;
			continue;
		}
		copies->found = true;
		if (!fill_item(copies, entry, item)) {
			batch_item_done(item);
			batch_item_init(item);
			continue;
		}
		return check_target(copies, item, err) ? BATCH_NEXT
						       : BATCH_BROKEN;
	}
	return BATCH_END;
}

/* --- before it begins --- */

static bool refuse_many(const struct copies *copies, struct err *err)
{
	err_set(err, ERR_USAGE, "%s: several objects and one key",
		command_of(copies));
	return err_hint(err, "end the target with a slash");
}

/* One key as the target of a glob or a folder that holds one object is
 * fine. */
static bool check_count(struct copies *copies, struct err *err)
{
	struct err failed = ERR_EMPTY;
	int found = 0;

	if (s3_uri_is_folder(&copies->to))
		return true;
	if (copies->count > 1)
		return refuse_many(copies, err);
	if (!begin_argument(copies, err))
		return false;
	while (s3_walk_is_many(copies->walk) && found < 2 &&
	       s3_walk_next(copies->walk, &failed) != NULL)
		found++;
	s3_walk_free(copies->walk);
	copies->walk = NULL;
	if (found > 1)
		return refuse_many(copies, err);
	if (failed.kind == ERR_NONE)
		return true;
	if (err != NULL)
		*err = failed;
	return false;
}

/* People who come from "aws s3 cp" name local files too. */
static bool check_local(const struct copies *copies, struct err *err)
{
	for (size_t i = 0; i <= copies->count; i++) {
		const char *name = args_item(copies->args, names_arg, i);

		if (s3_uri_is(name) || str_starts(name, "arn:") ||
		    s3_where_now(copies->session)[0] != '\0')
			continue;
		err_set(err, ERR_USAGE, "%s: \"%s\" is not in S3",
			command_of(copies), name);
		if (i < copies->count)
			return err_hint(err,
					"local files go up by \\s3put %s "
					"URI",
					name);
		return err_hint(err, "objects are fetched by \\s3get URI %s",
				name);
	}
	return true;
}

static bool prepare(struct copies *copies, const struct args *args,
		    struct err *err)
{
	size_t count = args_count(args, names_arg);

	if (count < 2) {
		err_set(err, ERR_USAGE, "%s: a source and a target are needed",
			command_of(copies));
		return err_hint(err, "%s s3://bucket/key s3://other/folder/",
				command_of(copies));
	}
	copies->args = args;
	copies->count = count - 1;
	copies->which.recursive = args_flag(args, "-r");
	if (!check_local(copies, err) ||
	    !s3_args_options(args, &copies->request, err) ||
	    !s3_where_parse(copies->session,
			    args_item(args, names_arg, count - 1), &copies->to,
			    err))
		return false;
	copies->to.options = &copies->request;
	return true;
}

static bool copy(struct session *session, const struct args *args,
		 enum batch_kind kind, const char *verb, struct err *err)
{
	CLEANUP(s3_batch_done) struct s3_batch batch = { .subject = STR_EMPTY };
	CLEANUP(copies_done)
	struct copies copies = {
		.session = session,
		.kind = kind,
		.to = S3_URI_EMPTY,
		.from = S3_URI_EMPTY,
	};

	if (!prepare(&copies, args, err) ||
	    !s3_batch_begin(&batch, session, args, verb, err))
		return false;
	copies.aws = batch.aws;
	return check_count(&copies, err) &&
	       s3_batch_run(&batch, &(struct batch_source){ next, &copies },
			    err);
}

bool s3_copy_cp(struct session *session, const struct args *args,
		struct err *err)
{
	return copy(session, args, BATCH_COPY, "copy", err);
}

bool s3_copy_mv(struct session *session, const struct args *args,
		struct err *err)
{
	return copy(session, args, BATCH_MOVE, "move", err);
}
