#include "transfer/sync.h"

#include <string.h>

#include "aws/s3_list.h"
#include "base/file.h"
#include "base/path.h"
#include "transfer/get_source.h"
#include "transfer/name_filter.h"
#include "transfer/walk.h"

/* One tree, read in the order of its names. */
struct side {
	bool is_s3;
	struct str folder; /* ends in '/' */
	struct s3_uri uri; /* likewise, or a bucket */
	struct walk *walk; /* NULL: S3, or an empty folder */
	struct s3_list *list;
	bool has; /* the entry at hand: */
	bool ended;
	bool any; /* there was one */
	struct str name;
	int64_t size;
	int64_t time_s;
	struct str etag;
};

struct sync {
	struct aws *aws;
	struct sync_options options;
	struct side from;
	struct side to;
	bool spares; /* something at from could not be read */
	int64_t same;
	int64_t spared;
};

static void side_done(struct side *side)
{
	str_done(&side->folder);
	s3_uri_done(&side->uri);
	walk_free(side->walk);
	s3_list_free(side->list);
	str_done(&side->name);
	str_done(&side->etag);
}

void sync_free(struct sync *sync)
{
	if (sync == NULL)
		return;
	side_done(&sync->from);
	side_done(&sync->to);
	mem_free(sync);
}

int64_t sync_same(const struct sync *sync)
{
	return sync->same;
}

int64_t sync_spared(const struct sync *sync)
{
	return sync->spared;
}

/* --- the begin --- */

static bool open_side(struct sync *sync, struct side *side, const char *text,
		      struct err *err)
{
	side->is_s3 = s3_uri_is(text);
	if (!side->is_s3) {
		path_expand(text, &side->folder);
		if (!str_ends(side->folder.text, "/"))
			str_add_char(&side->folder, '/');
		return true;
	}
	side->uri.options = sync->options.request;
	if (!s3_uri_parse_bucket(&side->uri, text, err))
		return false;
	if (!s3_uri_is_folder(&side->uri))
		str_add_char(&side->uri.key, '/');
	return true;
}

static bool start_list(struct sync *sync, struct side *side)
{
	struct s3_list_options options = {
		.bucket = side->uri.bucket.text,
		.prefix = side->uri.key.text,
		.request = sync->options.request,
	};

	side->list = s3_list_new(sync->aws, &options);
	return true;
}

static bool start_walk(struct sync *sync, struct side *side, struct err *err)
{
	struct walk_options options = {
		.leave_links = sync->options.leave_links,
	};

	side->walk = walk_new(side->folder.text, &options, err);
	return side->walk != NULL;
}

static bool start(struct sync *sync, struct err *err)
{
	struct side *to = &sync->to;

	if (sync->from.is_s3)
		start_list(sync, &sync->from);
	else if (!start_walk(sync, &sync->from, err))
		return false;
	if (to->is_s3)
		return start_list(sync, to);
	to->ended = !file_exists(to->folder.text);
	return to->ended || start_walk(sync, to, err);
}

/* What is written would be read as well. */
static bool overlaps(const struct sync *sync)
{
	const struct s3_uri *from = &sync->from.uri;
	const struct s3_uri *to = &sync->to.uri;

	return sync->from.is_s3 && sync->to.is_s3 &&
	       strcmp(from->bucket.text, to->bucket.text) == 0 &&
	       (str_starts(from->key.text, to->key.text) ||
		str_starts(to->key.text, from->key.text));
}

static bool check(const struct sync *sync, struct err *err)
{
	if (!sync->from.is_s3 && !sync->to.is_s3) {
		err_set(err, ERR_USAGE, "neither %s nor %s is at S3",
			sync->options.from, sync->options.to);
		return err_hint(err, "S3 names look like s3://bucket/folder/");
	}
	if (!overlaps(sync))
		return true;
	return err_set(err, ERR_USAGE, "one of %s and %s lies in the other",
		       sync->options.from, sync->options.to);
}

static void init_side(struct side *side)
{
	side->folder = (struct str)STR_EMPTY;
	side->uri = (struct s3_uri)S3_URI_EMPTY;
	side->name = (struct str)STR_EMPTY;
	side->etag = (struct str)STR_EMPTY;
}

struct sync *sync_new(struct aws *aws, const struct sync_options *options,
		      struct err *err)
{
	struct sync *sync = mem_alloc(sizeof(*sync));

	sync->aws = aws;
	sync->options = *options;
	init_side(&sync->from);
	init_side(&sync->to);
	if (open_side(sync, &sync->from, options->from, err) &&
	    open_side(sync, &sync->to, options->to, err) && check(sync, err) &&
	    start(sync, err))
		return sync;
	sync_free(sync);
	return NULL;
}

/* --- reading a side --- */

static bool takes(const struct sync *sync, const char *name)
{
	return sync->options.filter == NULL ||
	       name_filter_takes(sync->options.filter, name);
}

static bool read_walk(struct sync *sync, struct side *side, struct err *err)
{
	struct walk_entry entry = { .name = "" };

	for (;;) {
		switch (walk_next(side->walk, &entry, err)) {
		case WALK_FAILED:
			if (takes(sync, entry.name))
				return false;
			continue;
		case WALK_LEFT_OUT:
			continue;
		case WALK_END:
			side->ended = true;
			return true;
		case WALK_FILE:
			break;
		}
		if (takes(sync, entry.name))
			break;
	}
	side->has = true;
	str_set(&side->name, entry.name);
	side->size = entry.size;
	side->time_s = entry.mtime_ns / 1000000000;
	return true;
}

/* Markers of folders are nothing that a folder could lack. */
static bool takes_key(const struct sync *sync, const char *name)
{
	bool marker = name[0] == '\0' || str_ends(name, "/");

	return takes(sync, name) &&
	       (!marker ||
		(sync->from.is_s3 && sync->to.is_s3 && name[0] != '\0'));
}

static bool read_list(struct sync *sync, struct side *side, struct err *err)
{
	const struct s3_list_entry *entry;
	const char *name;

	do {
		entry = s3_list_next(side->list, err);
		if (entry == NULL) {
			side->ended = true;
			return err->kind == ERR_NONE;
		}
		side->any = true;
		name = entry->key + side->uri.key.len;
	} while (!takes_key(sync, name));
	if (side->name.len > 0 && strcmp(name, side->name.text) <= 0)
		return err_set(err, ERR_DATA,
			       "the listing of s3://%s is not sorted: nothing "
			       "can be compared",
			       side->uri.bucket.text);
	side->has = true;
	str_set(&side->name, name);
	side->size = entry->size;
	side->time_s = entry->modified_ms / 1000;
	str_set(&side->etag, entry->etag != NULL ? entry->etag : "");
	return true;
}

static bool read_side(struct sync *sync, struct side *side, struct err *err)
{
	if (side->has || side->ended)
		return true;
	return side->is_s3 ? read_list(sync, side, err)
			   : read_walk(sync, side, err);
}

/* --- what differs --- */

static bool differs(const struct sync *sync)
{
	const struct side *from = &sync->from;
	const struct side *to = &sync->to;

	if (from->size != to->size)
		return true;
	if (sync->options.size_only)
		return false;
	if (!to->is_s3)
		return from->time_s != to->time_s;
	return from->time_s > to->time_s;
}

static void set_uri(struct s3_uri *uri, const struct side *side,
		    const char *name)
{
	s3_uri_copy(uri, &side->uri);
	str_add(&uri->key, name);
}

static bool check_name(const struct sync *sync, const struct batch_item *item,
		       struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	if (sync->to.is_s3 && item->uri.key.len > S3_URI_KEY_MAX)
		return err_set(err, ERR_USAGE,
			       "%s: the key would have %zu bytes, S3 takes %d",
			       sync->from.name.text, item->uri.key.len,
			       S3_URI_KEY_MAX);
	if (sync->to.is_s3 || get_source_is_safe(sync->from.name.text))
		return true;
	s3_uri_add_shown(&item->uri, &shown);
	err_set(err, ERR_USAGE, "%s: the key cannot be a file name",
		shown.text);
	return err_hint(err, "get it alone and name the file: \\s3get URI "
			     "FILE");
}

static enum batch_step move(struct sync *sync, struct batch_item *item,
			    struct err *err)
{
	struct side *from = &sync->from;
	struct side *to = &sync->to;
	const char *name = from->name.text;

	from->has = false;
	item->size = from->size;
	item->makes_folders = true;
	if (!to->is_s3) {
		item->kind = BATCH_GET;
		set_uri(&item->uri, from, name);
		str_set(&item->etag, from->etag.text);
		str_addf(&item->path, "%s%s", to->folder.text, name);
	} else if (from->is_s3) {
		item->kind = BATCH_COPY;
		set_uri(&item->from, from, name);
		set_uri(&item->uri, to, name);
	} else {
		item->kind = BATCH_PUT;
		str_addf(&item->path, "%s%s", from->folder.text, name);
		set_uri(&item->uri, to, name);
	}
	return check_name(sync, item, err) ? BATCH_NEXT : BATCH_FAILED;
}

static enum batch_step remove_extra(const struct sync *sync,
				    struct batch_item *item)
{
	const struct side *to = &sync->to;

	item->size = to->size;
	item->kind = to->is_s3 ? BATCH_REMOVE : BATCH_UNLINK;
	if (to->is_s3)
		set_uri(&item->uri, to, to->name.text);
	else
		str_addf(&item->path, "%s%s", to->folder.text, to->name.text);
	return BATCH_NEXT;
}

/* Below 0: from comes first or alone. */
static int compare(const struct sync *sync)
{
	if (!sync->from.has)
		return 1;
	if (!sync->to.has)
		return -1;
	return strcmp(sync->from.name.text, sync->to.name.text);
}

/* A name typed wrong must not empty the other side. */
static bool check_source(const struct sync *sync, struct err *err)
{
	if (!sync->from.is_s3 || sync->from.any)
		return true;
	err_set(err, ERR_MISSING, "nothing is at %s", sync->options.from);
	return err_hint(err, "\\s3ls s3://%s/ shows what is there",
			sync->from.uri.bucket.text);
}

static enum batch_step read_both(struct sync *sync, struct err *err)
{
	if (!read_side(sync, &sync->from, err)) {
		sync->spares = true;
		return sync->from.is_s3 ? BATCH_BROKEN : BATCH_FAILED;
	}
	if (!read_side(sync, &sync->to, err))
		return sync->to.is_s3 ? BATCH_BROKEN : BATCH_FAILED;
	if (sync->from.ended && !check_source(sync, err))
		return BATCH_BROKEN;
	return BATCH_NEXT;
}

enum batch_step sync_next(void *context, struct batch_item *item,
			  struct err *err)
{
	struct sync *sync = context;

	for (;;) {
		enum batch_step step = read_both(sync, err);
		int order;

		if (step != BATCH_NEXT)
			return step;
		if (!sync->from.has && !sync->to.has)
			return BATCH_END;
		order = compare(sync);
		if (order < 0)
			return move(sync, item, err);
		sync->to.has = false;
		if (order == 0) {
			if (differs(sync))
				return move(sync, item, err);
			sync->from.has = false;
			sync->same++;
		} else if (sync->options.removes && sync->spares) {
			sync->spared++;
		} else if (sync->options.removes) {
			return remove_extra(sync, item);
		}
	}
}
