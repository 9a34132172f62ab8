#include "transfer/get_source.h"

#include <string.h>

#include "aws/s3_list.h"
#include "aws/s3_object.h"
#include "base/path.h"
#include "base/vec.h"
#include "transfer/name_filter.h"

struct get_source {
	struct aws *aws;
	struct get_source_options options;
	struct str target;
	struct {
		VEC(struct s3_uri);
	} uris;
	size_t at;            /* next of uris */
	struct s3_uri *uri;   /* the one at hand */
	bool globs;           /* it is a pattern */
	size_t base;          /* bytes of its keys before their names */
	struct s3_list *list; /* of it, or NULL */
	int64_t found;        /* by the list */
};

struct get_source *get_source_new(struct aws *aws,
				  const struct get_source_options *options)
{
	struct get_source *source = mem_alloc(sizeof(*source));

	source->aws = aws;
	source->options = *options;
	source->target = (struct str)STR_EMPTY;
	str_set(&source->target, options->target);
	return source;
}

void get_source_free(struct get_source *source)
{
	if (source == NULL)
		return;
	s3_list_free(source->list);
	for (size_t i = 0; i < source->uris.count; i++)
		s3_uri_done(&source->uris.items[i]);
	vec_done(&source->uris);
	str_done(&source->target);
	mem_free(source);
}

bool get_source_add(struct get_source *source, const char *text,
		    struct err *err)
{
	struct s3_uri uri = S3_URI_EMPTY;

	uri.options = source->options.request;
	if (!s3_uri_parse_bucket(&uri, text, err)) {
		s3_uri_done(&uri);
		return false;
	}
	vec_push(&source->uris, uri);
	if (!source->options.recursive && !s3_uri_has_glob(uri.key.text) &&
	    s3_uri_is_folder(&uri)) {
		err_set(err, ERR_USAGE, "%s is not one object", text);
		return err_hint(err, "-r fetches all that is in it");
	}
	if (!source->options.into && source->uris.count > 1) {
		err_set(err, ERR_USAGE, "several objects and one file, %s",
			source->target.text);
		return err_hint(err, "name a folder, or end its name with a "
				     "slash to make it");
	}
	return true;
}

bool get_source_is_safe(const char *name)
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

/* Bytes up to and with the last '/' among the first len. */
static size_t folder_len(const char *key, size_t len)
{
	while (len > 0 && key[len - 1] != '/')
		len--;
	return len;
}

/* dir: dir itself and dir/...; dir/ and "": all below. */
static bool is_below(const char *start, const char *key)
{
	size_t len = strlen(start);

	if (strncmp(start, key, len) != 0)
		return false;
	return len == 0 || start[len - 1] == '/' || key[len] == '\0' ||
	       key[len] == '/';
}

/* Does the pattern name the key or, with recursive, a folder above it? */
static bool is_named(const char *pattern, const char *key, bool recursive)
{
	if (s3_uri_glob_match(pattern, key))
		return true;
	for (const char *at = key; recursive && *at != '\0'; at++) {
		CLEANUP(mem_freep) char *folder = NULL;

		if (*at != '/')
			continue;
		folder = mem_copy_slice(key, (size_t)(at - key));
		if (s3_uri_glob_match(pattern, folder))
			return true;
	}
	return false;
}

/* --- one by one --- */

static enum batch_step fill(struct get_source *source, const char *key,
			    struct batch_item *item, struct err *err)
{
	const char *name = key + source->base;
	size_t len = strlen(name);
	CLEANUP(mem_freep) char *file = NULL;

	item->kind = BATCH_GET;
	s3_uri_copy(&item->uri, source->uri);
	str_set(&item->uri.key, key);
	if (!source->options.into) {
		str_set(&item->path, source->target.text);
		return BATCH_NEXT;
	}
	/* the marker of a folder */
	file = mem_copy_slice(name,
			      len > 0 && name[len - 1] == '/' ? len - 1 : len);
	if (!get_source_is_safe(file)) {
		CLEANUP(str_done) struct str shown = STR_EMPTY;

		s3_uri_add_shown(&item->uri, &shown);
		err_set(err, ERR_USAGE, "%s: the key cannot be a file name",
			shown.text);
		err_hint(err, "get it alone and name the file: \\s3get URI "
			      "FILE");
		return BATCH_FAILED;
	}
	path_join(source->target.text, name, &item->path);
	item->makes_folders = true;
	return BATCH_NEXT;
}

static bool takes(const struct get_source *source, const char *key)
{
	const char *start = source->uri->key.text;
	const struct name_filter *filter = source->options.filter;

	if (!(source->globs ? is_named(start, key, source->options.recursive)
			    : is_below(start, key)))
		return false;
	return filter == NULL || name_filter_takes(filter, key + source->base);
}

/* A marker of the very folder that is fetched makes nothing. */
static bool is_start(const struct get_source *source, const char *key)
{
	return key[source->base] == '\0';
}

static enum batch_step next_of_list(struct get_source *source,
				    struct batch_item *item, struct err *err)
{
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	while ((entry = s3_list_next(source->list, &failed)) != NULL) {
		if (!takes(source, entry->key))
			continue;
		source->found++;
		if (is_start(source, entry->key))
			continue;
		if (!source->options.into && source->found > 1) {
			err_set(err, ERR_USAGE,
				"several objects and one file, %s",
				source->target.text);
			err_hint(err, "name a folder, or end its name with a "
				      "slash to make it");
			return BATCH_BROKEN;
		}
		item->size = entry->size;
		str_set(&item->etag, entry->etag);
		return fill(source, entry->key, item, err);
	}
	s3_list_free(source->list);
	source->list = NULL;
	if (failed.kind != ERR_NONE && err != NULL)
		*err = failed;
	return failed.kind == ERR_NONE ? BATCH_END : BATCH_BROKEN;
}

/* An object whose key is spelled exactly as the pattern is meant, if there is
 * one. */
static bool is_object(struct get_source *source)
{
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;

	return s3_object_head(source->aws, source->uri, &head, NULL);
}

static enum batch_step next_uri(struct get_source *source,
				struct batch_item *item, struct err *err)
{
	const struct s3_uri *uri = &source->uris.items[source->at];
	bool globs = s3_uri_has_glob(uri->key.text);
	size_t fixed;

	source->uri = &source->uris.items[source->at++];
	source->globs = globs && !is_object(source);
	fixed = source->globs ? s3_uri_glob_prefix(uri->key.text)
			      : uri->key.len;
	source->base = folder_len(uri->key.text, fixed);
	if (!source->globs && (globs || !source->options.recursive))
		return fill(source, uri->key.text, item, err);
	CLEANUP(mem_freep) char *prefix = mem_copy_slice(uri->key.text, fixed);
	struct s3_list_options options = {
		.bucket = uri->bucket.text,
		.prefix = prefix,
		.request = source->options.request,
	};

	source->list = s3_list_new(source->aws, &options);
	source->found = 0;
	return BATCH_END;
}

static enum batch_step nothing_there(const struct get_source *source,
				     struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	s3_uri_add_shown(source->uri, &shown);
	err_set(err, ERR_MISSING, "nothing matches %s", shown.text);
	err_hint(err, "\\s3ls s3://%s/ shows what is there",
		 source->uri->bucket.text);
	return BATCH_FAILED;
}

enum batch_step get_source_next(void *context, struct batch_item *item,
				struct err *err)
{
	struct get_source *source = context;

	for (;;) {
		enum batch_step step;

		if (source->list != NULL) {
			step = next_of_list(source, item, err);
			if (step != BATCH_END)
				return step;
			if (source->found == 0)
				return nothing_there(source, err);
		}
		if (source->at == source->uris.count)
			return BATCH_END;
		step = next_uri(source, item, err);
		if (step != BATCH_END)
			return step;
	}
}
