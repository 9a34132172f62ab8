#include "load/copy_list.h"

#include <string.h>

#include "aws/s3_object.h"
#include "aws/s3_uri.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/units.h"
#include "base/vec.h"
#include "data/json.h"
#include "load/copy_args.h"
#include "load/copy_state.h"
#include "load/copyfrom.h"
#include "load/stage_place.h"

struct entry {
	char *uri;
	int64_t size;
};

/* What the source owns. */
struct own {
	struct {
		VEC(struct entry);
	} entries;	   /* ordered as named, then by key; each once */
	struct map *names; /* their URIs */
	bool plain;	   /* from is a prefix that means just these */
	struct str base;   /* of stage_place_find */
	struct stage_place place;
	bool unsure; /* the manifest may still arrive */
};

static struct own *own_of(struct copyfrom *copy)
{
	static const struct stage_place empty = STAGE_PLACE_EMPTY;
	struct own *own = copy->source.own;

	if (own == NULL) {
		own = mem_alloc(sizeof(*own));
		own->names = map_new(NULL);
		own->base = (struct str)STR_EMPTY;
		own->place = empty;
		copy->source.own = own;
	}
	return own;
}

static void done(struct copyfrom *copy)
{
	struct own *own = copy->source.own;

	if (own == NULL)
		return;
	for (size_t i = 0; i < own->entries.count; i++)
		mem_free(own->entries.items[i].uri);
	vec_done(&own->entries);
	map_free(own->names);
	stage_place_done(&own->place);
	str_done(&own->base);
	mem_free(own);
	copy->source.own = NULL;
}

/* Also of a bucket's name that cannot be: it is told when S3 is asked. */
static bool has_glob(const char *uri)
{
	const char *slash = str_starts(uri, "s3://")
				    ? strchr(uri + strlen("s3://"), '/')
				    : NULL;

	return slash != NULL && s3_uri_has_glob(slash + 1);
}

static bool takes(const struct copy_args *args)
{
	return args->place == COPY_PLACE_URI &&
	       (args->more.count > 0 || has_glob(args->uri.text)) &&
	       !copy_options_has(&args->options, COPY_MANIFEST) &&
	       !copy_options_has(&args->options, COPY_SSH);
}

/* --- listing --- */

struct search {
	struct copyfrom *copy;
	const char *key; /* a pattern or a prefix */
	bool glob;
	bool exact;    /* an object has the key as it is */
	bool only;     /* take that one only */
	size_t listed; /* objects with bytes that begin so */
	size_t taken;
};

static void take(struct search *search, const char *key, int64_t size)
{
	struct copyfrom *copy = search->copy;
	struct own *own = own_of(copy);
	CLEANUP(str_done) struct str uri = STR_EMPTY;

	search->taken++;
	str_addf(&uri, "%s%s", copy->source.bucket.text, key);
	if (map_has(own->names, uri.text))
		return;
	map_put(own->names, uri.text, own);
	vec_push(&own->entries,
		 ((struct entry){ mem_copy_text(uri.text), size }));
	copy->source.prefix = key; /* nothing strays: the key is its own */
	copy_source_count(copy, key, size);
	copy->source.prefix = "";
}

static bool visit(void *visitor, const char *key, int64_t size)
{
	struct search *search = visitor;

	if (size == 0)
		return true;
	search->listed++;
	if (strcmp(key, search->key) == 0)
		search->exact = true;
	if (search->only ? strcmp(key, search->key) == 0
			 : !search->glob ||
				   s3_uri_glob_match(search->key, key))
		take(search, key, size);
	return true;
}

/* Is there an object whose key is just that, also with a * in it? It is the
 * first of those that begin so. */
static bool see_first(void *visitor, const char *key, int64_t size)
{
	struct search *search = visitor;

	search->exact = size > 0 && strcmp(key, search->key) == 0;
	return false;
}

static bool list_one(struct copyfrom *copy, const char *uri,
		     struct search *search, struct err *err)
{
	const struct load_world *world = copy->world;
	CLEANUP(s3_uri_done) struct s3_uri at = S3_URI_EMPTY;
	CLEANUP(str_done) struct str start = STR_EMPTY;

	if (!s3_uri_parse_bucket(&at, uri, err))
		return false;
	str_clear(&copy->source.bucket);
	str_addf(&copy->source.bucket, "s3://%s/", at.bucket.text);
	search->key = at.key.text;
	if (!world->list(world->context, uri, see_first, search, err))
		return false;
	search->only = search->exact;
	search->glob = !search->exact && s3_uri_has_glob(at.key.text);
	str_add(&start, copy->source.bucket.text);
	str_add_slice(&start, at.key.text,
		      search->glob ? s3_uri_glob_prefix(at.key.text)
				   : at.key.len);
	if (!world->list(world->context, start.text, visit, search, err))
		return false;
	if (search->taken > 0)
		return true;
	err_set(err, ERR_MISSING, "no object with bytes %s %s",
		search->glob ? "matches" : "begins with", uri);
	return err_hint(err, "look with \\s3ls %s", start.text);
}

static bool count_all(void *visitor, const char *key, int64_t size)
{
	size_t *count = visitor;

	(void)key;
	*count += size > 0;
	return *count < 2;
}

/* Does no other key begin with that of the only entry? */
static bool is_alone(struct copyfrom *copy, const char *uri)
{
	const struct load_world *world = copy->world;
	struct err ignored = ERR_EMPTY;
	size_t count = 0;

	return world->list(world->context, uri, count_all, &count, &ignored) &&
	       count == 1;
}

/* A prefix says the same: the only object that begins so, or PREFIX* of which
 * all match. */
static void see_plain(struct copyfrom *copy, const struct search *search)
{
	struct own *own = own_of(copy);
	const char *uri = copy->args->uri.text;

	if (own->entries.count == 1 &&
	    is_alone(copy, own->entries.items[0].uri)) {
		own->plain = true;
		str_set(&copy->source.from, own->entries.items[0].uri);
	} else if (search->glob && search->listed == search->taken) {
		own->plain = true;
		str_set_slice(&copy->source.from, uri, s3_uri_glob_prefix(uri));
	}
}

static bool find(struct copyfrom *copy, struct err *err)
{
	const struct copy_args *args = copy->args;
	size_t count = 1 + args->more.count;

	copy->source.prefix = "";
	for (size_t i = 0; i < count; i++) {
		struct search search = { .copy = copy };

		if (!list_one(copy,
			      i == 0 ? args->uri.text : args->more.items[i - 1],
			      &search, err))
			return false;
		if (count == 1)
			see_plain(copy, &search);
	}
	return true;
}

/* --- placing --- */

static bool find_place(struct copyfrom *copy, struct err *err)
{
	struct own *own = own_of(copy);
	const char *given = copy->args->stage.text;
	const char *staging = copy->world->staging;
	struct err why = ERR_EMPTY;

	if (stage_place_find(given, staging, &own->base, &why))
		return true;
	if (given[0] != '\0' || (staging != NULL && staging[0] != '\0')) {
		*err = why;
		return false;
	}
	err_set(err, ERR_USAGE,
		"COPY takes a list of objects as a manifest, which needs a "
		"place in S3, and none is named");
	return err_hint(err, "%s", why.hint);
}

/* --print needs no S3: what the pattern matches is then found later. */
static bool print_unseen(struct copyfrom *copy, struct err *err)
{
	if (!copy->args->print ||
	    (err->kind != ERR_AUTH && err->kind != ERR_NETWORK))
		return false;
	copy->world->warn(copy->world->context, err->message);
	err_clear(err);
	return true;
}

static bool place(struct copyfrom *copy, struct err *err)
{
	struct own *own = own_of(copy);
	const struct copy_args *args = copy->args;

	/* --no-sniff has listed nothing yet. */
	if (own->entries.count == 0 && !find(copy, err) &&
	    !print_unseen(copy, err))
		return false;
	if (own->plain)
		return true;
	if (copy_options_has(&args->options, COPY_JOB)) {
		err_set(err, ERR_USAGE, "a job watches one prefix, not a list "
					"of objects");
		return err_hint(err, "name the folder: s3://bucket/folder/");
	}
	if (!find_place(copy, err))
		return false;
	if (args->print)
		str_addf(&own->place.note.folder, "%sredsh-stage/ID/",
			 own->base.text);
	else
		stage_place_name(&own->place, own->base.text);
	stage_place_add(&own->place, "files.manifest", &copy->source.from);
	str_set(&copy->source.added, "manifest");
	if (args->print)
		copy->world->warn(copy->world->context,
				  "the manifest is written when the load runs, "
				  "and removed behind it");
	return true;
}

/* --- the manifest --- */

/* meta.content_length: COPY of Parquet and ORC wants it. */
static void add_entry(const struct entry *entry, struct json *entries)
{
	struct json *row = json_new_object();
	struct json *meta = json_new_object();

	json_put_text(row, "url", entry->uri);
	json_put_bool(row, "mandatory", true);
	json_put_number(meta, "content_length", entry->size);
	json_put_take(row, "meta", meta);
	json_push_take(entries, row);
}

static bool send(struct own *own, struct aws *aws, const char *to,
		 struct err *err)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(json_freep) struct json *json = json_new_object();
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct json *entries = json_new_array();

	for (size_t i = 0; i < own->entries.count; i++)
		add_entry(&own->entries.items[i], entries);
	json_put_take(json, "entries", entries);
	json_add_pretty(&text, json);
	if (!s3_uri_parse_object(&uri, to, err))
		return false;
	if (s3_object_put(aws, &uri, text.text, text.len, err))
		return true;
	own->unsure = err->kind == ERR_CANCELLED || err->kind == ERR_NETWORK;
	return err_wrap(err, "the manifest");
}

static bool put(struct copyfrom *copy, struct err *err)
{
	struct own *own = own_of(copy);
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str what = STR_EMPTY;
	struct stage_about about = { .table = copy->args->table.text };
	struct aws *aws;

	if (own->plain)
		return true;
	aws = world->aws(world->context, err);
	if (aws == NULL)
		return false;
	str_addf(&what, "the list of %zu objects", own->entries.count);
	about.what = what.text;
	return stage_place_open(&own->place, aws, &about, err) &&
	       send(own, aws, copy->source.from.text, err);
}

static void clean(struct copyfrom *copy)
{
	struct own *own = own_of(copy);
	struct err err = ERR_EMPTY;
	struct aws *aws;

	if (!copy_source_may_clear(copy, &own->place,
				   "whether the server still reads the "
				   "manifest",
				   &aws, &err))
		return;
	if (aws == NULL ||
	    !(own->unsure ? stage_place_empty(&own->place, aws, &err)
			  : stage_place_clear(&own->place, aws, false, &err)))
		copy_source_tell_left(copy, &err);
}

const struct copy_source_kind copy_list_objects = {
	.name = "a glob or several URIs",
	.takes = takes,
	.find = find,
	.place = place,
	.put = put,
	.clean = clean,
	.done = done,
};
