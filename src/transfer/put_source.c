#include "transfer/put_source.h"

#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/vec.h"
#include "transfer/name_filter.h"
#include "transfer/walk.h"

struct put_source {
	struct s3_uri target;
	struct put_source_options options;
	struct {
		VEC(char *);
	} names;
	size_t at; /* next of names */
	bool piped;
	struct walk *walk; /* of the folder at hand, or NULL */
	struct str folder; /* its name, ends in '/' */
	struct str prefix; /* of the keys of what is in it */
	int64_t left_out;
};

struct put_source *put_source_new(const struct s3_uri *target,
				  const struct put_source_options *options)
{
	struct put_source *source = mem_alloc(sizeof(*source));

	source->target = (struct s3_uri)S3_URI_EMPTY;
	source->folder = (struct str)STR_EMPTY;
	source->prefix = (struct str)STR_EMPTY;
	source->options = *options;
	s3_uri_copy(&source->target, target);
	return source;
}

void put_source_free(struct put_source *source)
{
	if (source == NULL)
		return;
	for (size_t i = 0; i < source->names.count; i++)
		mem_free(source->names.items[i]);
	vec_done(&source->names);
	walk_free(source->walk);
	s3_uri_done(&source->target);
	str_done(&source->folder);
	str_done(&source->prefix);
	mem_free(source);
}

static bool add_pipe(struct put_source *source, struct err *err)
{
	if (s3_uri_is_folder(&source->target)) {
		err_set(err, ERR_USAGE,
			"standard input has no name: the target must have");
		return err_hint(err, "\\s3put - s3://bucket/key");
	}
	if (source->names.count > 0)
		return err_set(err, ERR_USAGE,
			       "standard input goes to a key of its own");
	source->piped = true;
	return true;
}

static bool add_name(struct put_source *source, const char *name,
		     struct err *err)
{
	if (!source->options.recursive && file_is_dir(name)) {
		err_set(err, ERR_USAGE, "%s is a folder", name);
		return err_hint(err, "-r sends all that is in it");
	}
	if (source->piped ||
	    (source->names.count > 0 && !s3_uri_is_folder(&source->target))) {
		err_set(err, ERR_USAGE, "several files and one key");
		return err_hint(err, "end the target with a slash");
	}
	vec_push(&source->names, mem_copy_text(name));
	return true;
}

bool put_source_add(struct put_source *source, const char *name,
		    struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	glob_t found = { 0 };
	bool ok = true;

	if (strcmp(name, "-") == 0)
		return add_pipe(source, err);
	path_expand(name, &path);
	/* A name that exists is meant as it is. */
	if (file_exists(path.text) || glob(path.text, 0, NULL, &found) != 0) {
		globfree(&found);
		if (!file_exists(path.text))
			return err_set(err, ERR_MISSING,
				       "%s: No such file or directory", name);
		return add_name(source, path.text, err);
	}
	for (size_t i = 0; ok && i < found.gl_pathc; i++)
		ok = add_name(source, found.gl_pathv[i], err);
	globfree(&found);
	return ok;
}

int64_t put_source_left_out(const struct put_source *source)
{
	return source->left_out;
}

/* --- one by one --- */

static bool takes(const struct put_source *source, const char *name)
{
	return source->options.filter == NULL ||
	       name_filter_takes(source->options.filter, name);
}

/* "a/b/" -> contents, "a/b" -> the folder b and its contents. */
static bool has_own_name(const char *name)
{
	const char *base = path_base(name);

	return base[0] != '\0' && strcmp(base, ".") != 0 &&
	       strcmp(base, "..") != 0;
}

static bool enter(struct put_source *source, const char *name, struct err *err)
{
	struct walk_options options = {
		.leave_links = source->options.leave_links,
	};

	source->walk = walk_new(name, &options, err);
	if (source->walk == NULL)
		return false;
	str_set(&source->folder, name);
	if (!str_ends(name, "/"))
		str_add_char(&source->folder, '/');
	str_set(&source->prefix, source->target.key.text);
	if (!s3_uri_is_folder(&source->target))
		str_add_char(&source->prefix, '/');
	else if (has_own_name(name))
		str_addf(&source->prefix, "%s/", path_base(name));
	return true;
}

static void fill(const struct put_source *source, const char *key,
		 struct batch_item *item)
{
	item->kind = BATCH_PUT;
	s3_uri_copy(&item->uri, &source->target);
	str_set(&item->uri.key, key);
}

static bool check_key(const struct batch_item *item, struct err *err)
{
	if (item->uri.key.len <= S3_URI_KEY_MAX)
		return true;
	return err_set(err, ERR_USAGE,
		       "%s: the key would have %zu bytes, S3 takes %d",
		       item->path.text, item->uri.key.len, S3_URI_KEY_MAX);
}

static enum batch_step next_of_walk(struct put_source *source,
				    struct batch_item *item, struct err *err)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	struct walk_entry entry = { .name = "" };

	for (;;) {
		switch (walk_next(source->walk, &entry, err)) {
		case WALK_FAILED:
			if (takes(source, entry.name))
				return BATCH_FAILED;
			continue;
		case WALK_LEFT_OUT:
			source->left_out += takes(source, entry.name);
			continue;
		case WALK_END:
			walk_free(source->walk);
			source->walk = NULL;
			return BATCH_END;
		case WALK_FILE:
			break;
		}
		if (takes(source, entry.name))
			break;
	}
	str_addf(&key, "%s%s", source->prefix.text, entry.name);
	fill(source, key.text, item);
	str_addf(&item->path, "%s%s", source->folder.text, entry.name);
	item->size = entry.size;
	return check_key(item, err) ? BATCH_NEXT : BATCH_FAILED;
}

static enum batch_step next_name(struct put_source *source, const char *name,
				 struct batch_item *item, struct err *err)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	str_set(&key, source->target.key.text);
	if (s3_uri_is_folder(&source->target))
		str_add(&key, path_base(name));
	fill(source, key.text, item);
	str_set(&item->path, name);
	item->size = file_size(name);
	return check_key(item, err) ? BATCH_NEXT : BATCH_FAILED;
}

enum batch_step put_source_next(void *context, struct batch_item *item,
				struct err *err)
{
	struct put_source *source = context;

	if (source->piped) {
		source->piped = false;
		fill(source, source->target.key.text, item);
		item->fd = STDIN_FILENO;
		return BATCH_NEXT;
	}
	for (;;) {
		enum batch_step step;
		const char *name;

		if (source->walk != NULL) {
			step = next_of_walk(source, item, err);
			if (step != BATCH_END)
				return step;
		}
		if (source->at == source->names.count)
			return BATCH_END;
		name = source->names.items[source->at++];
		if (!file_is_dir(name)) {
			if (!takes(source, path_base(name)))
				continue;
			return next_name(source, name, item, err);
		}
		if (!enter(source, name, err))
			return BATCH_FAILED;
	}
}
