#include "cmd/s3_walk.h"

#include <string.h>

#include "aws/s3_list.h"
#include "aws/s3_uri.h"

struct s3_walk {
	struct aws *aws;
	const struct s3_uri *uri;
	struct s3_walk_options options;
	bool is_glob;
	bool has_exact; /* an object has the very key */
	bool gave_exact;
	size_t base;
	struct s3_list *list;       /* NULL: there is none (any more) */
	struct s3_list_entry entry; /* the exact one */
	struct str exact[2];        /* its etag and class */
};

/* Bytes up to and with the last '/' among the first len. */
static size_t folder_len(const char *key, size_t len)
{
	while (len > 0 && key[len - 1] != '/')
		len--;
	return len;
}

bool s3_walk_found_none(const struct s3_uri *uri, struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	s3_uri_add_shown(uri, &shown);
	err_set(err, ERR_MISSING, "nothing matches %s", shown.text);
	return err_hint(err, "\\s3ls s3://%s/ shows what is there",
			uri->bucket.text);
}

static struct s3_list *list_below(const struct s3_walk *walk,
				  const char *prefix, int page)
{
	struct s3_list_options options = {
		.bucket = walk->uri->bucket.text,
		.prefix = prefix,
		.versions = walk->options.versions,
		.page = page,
		.request = walk->uri->options,
	};

	return s3_list_new(walk->aws, &options);
}

/* Of all keys that begin with a key that key itself comes first. */
static bool find_exact(struct s3_walk *walk, struct err *err)
{
	const char *key = walk->uri->key.text;
	CLEANUP(s3_list_freep) struct s3_list *list = NULL;
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	list = list_below(walk, key, 1);
	entry = s3_list_next(list, &failed);
	if (failed.kind != ERR_NONE) {
		if (err != NULL)
			*err = failed;
		return false;
	}
	walk->has_exact = entry != NULL && strcmp(entry->key, key) == 0;
	if (!walk->has_exact)
		return true;
	walk->entry = *entry;
	str_set(&walk->exact[0], entry->etag);
	str_set(&walk->exact[1], entry->storage_class);
	walk->entry.key = key;
	walk->entry.etag = walk->exact[0].text;
	walk->entry.storage_class = walk->exact[1].text;
	walk->entry.version = "";
	return true;
}

static bool refuse_folder(const struct s3_uri *uri, struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;

	s3_uri_add_shown(uri, &shown);
	err_set(err, ERR_USAGE, "%s is not one object", shown.text);
	return err_hint(err,
			"name an object, use a glob like s3://%s/*, or -r "
			"where the command takes it",
			uri->bucket.text);
}

static bool start_one(struct s3_walk *walk, struct err *err)
{
	const struct s3_uri *uri = walk->uri;

	if (uri->key.len == 0 || str_ends(uri->key.text, "/"))
		return refuse_folder(uri, err);
	walk->has_exact = true;
	walk->entry = (struct s3_list_entry){
		.key = uri->key.text,
		.size = -1,
		.etag = "",
		.storage_class = "",
		.version = "",
	};
	walk->base = folder_len(uri->key.text, uri->key.len);
	return true;
}

/* Versions of one key are a listing too, in which its longer kin come
 * behind. */
static bool start_many(struct s3_walk *walk, struct err *err)
{
	const struct s3_uri *uri = walk->uri;
	CLEANUP(str_done) struct str prefix = STR_EMPTY;
	size_t fixed = walk->is_glob ? s3_uri_glob_prefix(uri->key.text)
				     : uri->key.len;

	walk->base = folder_len(uri->key.text, fixed);
	if (walk->options.versions) {
		str_add_slice(&prefix, uri->key.text, fixed);
		walk->list = list_below(walk, prefix.text, 0);
		return true;
	}
	if (uri->key.len > 0 && !str_ends(uri->key.text, "/") &&
	    !find_exact(walk, err))
		return false;
	if (walk->is_glob && walk->has_exact) {
		walk->base = folder_len(uri->key.text, uri->key.len);
		return true;
	}
	str_add_slice(&prefix, uri->key.text, fixed);
	if (!walk->is_glob && fixed > 0 && !str_ends(prefix.text, "/"))
		str_add_char(&prefix, '/');
	walk->list = list_below(walk, prefix.text, 0);
	return true;
}

struct s3_walk *s3_walk_new(struct aws *aws, const struct s3_uri *uri,
			    const struct s3_walk_options *options,
			    struct err *err)
{
	CLEANUP(s3_walk_freep) struct s3_walk *walk = mem_alloc(sizeof(*walk));
	struct s3_walk *done = walk;

	walk->aws = aws;
	walk->uri = uri;
	walk->options = *options;
	walk->is_glob = s3_uri_has_glob(uri->key.text);
	walk->exact[0] = walk->exact[1] = (struct str)STR_EMPTY;
	if (walk->options.versions && !walk->is_glob && !options->recursive &&
	    (uri->key.len == 0 || str_ends(uri->key.text, "/"))) {
		refuse_folder(uri, err);
		return NULL;
	}
	if (!s3_walk_is_many(walk) ? !start_one(walk, err)
				   : !start_many(walk, err))
		return NULL;
	walk = NULL;
	return done;
}

void s3_walk_free(struct s3_walk *walk)
{
	if (walk == NULL)
		return;
	s3_list_free(walk->list);
	str_done(&walk->exact[0]);
	str_done(&walk->exact[1]);
	mem_free(walk);
}

bool s3_walk_is_many(const struct s3_walk *walk)
{
	return walk->is_glob || walk->options.recursive ||
	       walk->options.versions;
}

size_t s3_walk_base(const struct s3_walk *walk)
{
	return walk->base;
}

/* Does the pattern name the key or, with recursive, a folder above it? */
static bool is_named(const struct s3_walk *walk, const char *key)
{
	const char *pattern = walk->uri->key.text;

	if (s3_uri_glob_match(pattern, key))
		return true;
	for (const char *at = key; walk->options.recursive && *at != '\0';
	     at++) {
		CLEANUP(mem_freep) char *folder = NULL;

		if (*at != '/')
			continue;
		folder = mem_copy_slice(key, (size_t)(at - key));
		if (s3_uri_glob_match(pattern, folder))
			return true;
	}
	return false;
}

/* dir: dir itself and with recursive dir/...; dir/ and "": all below. */
static bool is_below(const struct s3_walk *walk, const char *key)
{
	const struct str *start = &walk->uri->key;

	if (!str_starts(key, start->text))
		return false;
	if (key[start->len] == '\0')
		return true;
	return walk->options.recursive &&
	       (start->len == 0 || str_ends(start->text, "/") ||
		key[start->len] == '/');
}

bool s3_walk_names(const struct s3_walk *walk, const char *key)
{
	return walk->is_glob ? is_named(walk, key) : is_below(walk, key);
}

const struct s3_list_entry *s3_walk_next(struct s3_walk *walk, struct err *err)
{
	const struct s3_list_entry *entry;

	err_clear(err);
	if (walk->has_exact && !walk->gave_exact) {
		walk->gave_exact = true;
		return &walk->entry;
	}
	if (walk->list == NULL)
		return NULL;
	while ((entry = s3_list_next(walk->list, err)) != NULL)
		if (s3_walk_names(walk, entry->key))
			return entry;
	return NULL;
}
