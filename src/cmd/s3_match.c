#include "cmd/s3_match.h"

#include <string.h>

#include "aws/s3_list.h"
#include "base/vec.h"

static void clear(struct s3_match *match)
{
	for (size_t i = 0; i < match->count; i++)
		mem_free(match->items[i].key);
	vec_clear(match);
}

void s3_match_done(struct s3_match *match)
{
	clear(match);
	vec_done(match);
	s3_uri_done(&match->uri);
}

static void add(struct s3_match *match, const char *key, int64_t size,
		size_t base)
{
	struct s3_match_item item = { mem_copy_text(key), size, base };

	vec_push(match, item);
}

/* Bytes up to and with the last '/' among the first len. */
static size_t folder_len(const char *key, size_t len)
{
	while (len > 0 && key[len - 1] != '/')
		len--;
	return len;
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

/* dir: dir itself and dir/...; dir/ and "": all below. */
static bool is_below(const char *start, const char *key)
{
	size_t len = strlen(start);

	if (strncmp(start, key, len) != 0)
		return false;
	return len == 0 || start[len - 1] == '/' || key[len] == '\0' ||
	       key[len] == '/';
}

static bool find_all(struct aws *aws, bool glob, bool recursive,
		     struct s3_match *match, struct err *err)
{
	const char *start = match->uri.key.text;
	size_t fixed = glob ? s3_uri_glob_prefix(start) : match->uri.key.len;
	CLEANUP(mem_freep) char *prefix = mem_copy_slice(start, fixed);
	struct s3_list_options options = {
		.bucket = match->uri.bucket.text,
		.prefix = prefix,
	};
	CLEANUP(s3_list_freep)
	struct s3_list *list = s3_list_new(aws, &options);
	size_t base = folder_len(start, fixed);
	const struct s3_list_entry *entry;
	struct err failed = ERR_EMPTY;

	while ((entry = s3_list_next(list, &failed)) != NULL) {
		if (glob && strcmp(entry->key, start) == 0) {
			clear(match);
			match->many = false;
			add(match, entry->key, entry->size,
			    folder_len(start, strlen(start)));
			return true;
		}
		if (glob ? is_named(start, entry->key, recursive)
			 : is_below(start, entry->key))
			add(match, entry->key, entry->size, base);
	}
	if (failed.kind != ERR_NONE && err != NULL)
		*err = failed;
	return failed.kind == ERR_NONE;
}

bool s3_match_find(struct aws *aws, const char *text, bool recursive,
		   struct s3_match *match, struct err *err)
{
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	bool glob;

	clear(match);
	if (!s3_uri_parse_bucket(&match->uri, text, err))
		return false;
	glob = s3_uri_has_glob(match->uri.key.text);
	match->many = glob || recursive;
	s3_uri_add_shown(&match->uri, &shown);
	if (!match->many) {
		if (match->uri.key.len > 0 &&
		    match->uri.key.text[match->uri.key.len - 1] != '/') {
			add(match, match->uri.key.text, -1,
			    folder_len(match->uri.key.text,
				       match->uri.key.len));
			return true;
		}
		err_set(err, ERR_USAGE, "%s is not one object", shown.text);
		return err_hint(err,
				"name an object, use a glob like "
				"s3://%s/*, or -r where the command "
				"takes it",
				match->uri.bucket.text);
	}
	if (!find_all(aws, glob, recursive, match, err))
		return false;
	if (match->count > 0)
		return true;
	err_set(err, ERR_MISSING, "nothing matches %s", shown.text);
	return err_hint(err, "\\s3ls s3://%s/ shows what is there",
			match->uri.bucket.text);
}
