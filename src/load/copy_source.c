#include "load/copy_source.h"

#include <string.h>

#include "data/json.h"
#include "load/copy_args.h"
#include "load/copy_fetch.h"
#include "load/copy_list.h"
#include "load/copy_stage.h"
#include "load/copy_state.h"
#include "load/copyfrom.h"
#include "load/stage_place.h"

void copy_source_done(struct copyfrom *copy)
{
	struct copy_source *source = &copy->source;

	if (source->kind != NULL && source->kind->done != NULL)
		source->kind->done(copy);
	str_done(&source->sample);
	str_done(&source->stray);
	str_done(&source->bucket);
	str_done(&source->from);
	str_done(&source->added);
}

/* --- what kinds that stage share --- */

bool copy_source_may_clear(const struct copyfrom *copy,
			   const struct stage_place *place, const char *doubt,
			   struct aws **out_aws, struct err *err)
{
	const struct load_world *world = copy->world;
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (place->note.fd < 0)
		return false;
	if (copy->answer == COPY_UNKNOWN) {
		str_addf(&text, "%s is not known: ", doubt);
		stage_place_tell(place, &text);
		world->warn(world->context, text.text);
		return false;
	}
	*out_aws = world->aws(world->context, err);
	return true;
}

void copy_source_tell_left(const struct copyfrom *copy, const struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, err->message);
	if (err->hint[0] != '\0')
		str_addf(&text, " (%s)", err->hint);
	copy->world->warn(copy->world->context, text.text);
}

/* --- an object or prefix --- */

static bool takes_prefix(const struct copy_args *args)
{
	return str_starts(args->uri.text, "s3://");
}

static bool has_pack_suffix(const char *key)
{
	return str_ends(key, ".gz") || str_ends(key, ".bz2") ||
	       str_ends(key, ".zst") || str_ends(key, ".lzo");
}

/* The first object with bytes is the sample. */
bool copy_source_count(void *visitor, const char *key, int64_t size)
{
	struct copy_source *source = &((struct copyfrom *)visitor)->source;
	size_t prefix_len = strlen(source->prefix);
	char next = key[prefix_len < strlen(key) ? prefix_len : strlen(key)];

	if (size == 0)
		return true;
	source->objects++;
	source->bytes += size;
	source->packed += has_pack_suffix(key);
	if (source->sample.len == 0) {
		str_add(&source->sample, source->bucket.text);
		str_add(&source->sample, key);
	}
	/* a/b also matches a/b2: seldom wanted when a/b is an object or a
	 * folder */
	if (prefix_len > 0 && source->prefix[prefix_len - 1] != '/' &&
	    next != '\0' && next != '/' && source->stray.len == 0)
		str_add(&source->stray, key);
	return true;
}

static bool find_prefix(struct copyfrom *copy, struct err *err)
{
	const char *uri = copy->args->uri.text;
	const char *slash = strchr(uri + strlen("s3://"), '/');
	struct copy_source *source = &copy->source;

	if (slash == NULL)
		str_addf(&source->bucket, "%s/", uri);
	else
		str_set_slice(&source->bucket, uri, (size_t)(slash + 1 - uri));
	source->prefix = slash == NULL ? "" : slash + 1;
	if (!copy->world->list(copy->world->context, uri, copy_source_count,
			       copy, err))
		return false;
	if (source->objects > 0)
		return true;
	err_set(err, ERR_MISSING, "no object with bytes begins with %s", uri);
	return err_hint(err, "look with \\s3ls %s", source->bucket.text);
}

/* --- a manifest --- */

static bool takes_manifest(const struct copy_args *args)
{
	return args->place == COPY_PLACE_URI &&
	       copy_options_has(&args->options, COPY_MANIFEST);
}

/* A manifest lists the data: its first entry is the sample. */
static bool find_manifest(struct copyfrom *copy, struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const struct load_world *world = copy->world;
	const char *url;
	size_t count;

	if (!world->read_range(world->context, copy->args->uri.text, 0,
			       SNIFF_SAMPLE_BYTES, &text, err))
		return false;
	CLEANUP(json_freep)
	struct json *json = json_parse(text.text, text.len, err);
	if (json == NULL)
		return err_wrap(err, "%s is no manifest", copy->args->uri.text);
	url = json_text(json, "entries.0.url", NULL);
	if (url == NULL)
		return err_set(err, ERR_DATA, "the manifest %s lists no files",
			       copy->args->uri.text);
	count = json_count(json_at(json, "entries"));
	copy->source.objects = (int64_t)count;
	copy->source.bytes = -1;
	str_set(&copy->source.sample, url);
	return true;
}

/* --- what COPY reads by itself --- */

static bool takes_elsewhere(const struct copy_args *args)
{
	return copy_options_has(&args->options, COPY_SSH) ||
	       str_starts(args->uri.text, "emr://") ||
	       str_starts(args->uri.text, "dynamodb://");
}

/* --- the kinds --- */

/* The first that takes the line has it: the special ones stand before the
 * prefix. */
static const struct copy_source_kind kinds[] = {
	{ .name = "EMR, DynamoDB or SSH", .takes = takes_elsewhere },
	{ .name = "a manifest",
	  .takes = takes_manifest,
	  .find = find_manifest },
	{ .name = "an object or prefix",
	  .takes = takes_prefix,
	  .find = find_prefix },
};

/* Those with a file of their own; they come first. */
static const struct copy_source_kind *const own_kinds[] = {
	&copy_stage_files,
	&copy_stage_pipe,
	&copy_list_objects,
};

bool copy_source_choose(struct copyfrom *copy, struct err *err)
{
	if (copy->args->place == COPY_PLACE_STDIN &&
	    copy->world->fetch != NULL) {
		copy->source.kind = copy_fetch_kind(copy->args);
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(own_kinds); i++) {
		if (!own_kinds[i]->takes(copy->args))
			continue;
		copy->source.kind = own_kinds[i];
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (!kinds[i].takes(copy->args))
			continue;
		if (copy->args->more.count > 0)
			return err_set(err, ERR_USAGE,
				       "several places at once cannot be %s",
				       kinds[i].name);
		copy->source.kind = &kinds[i];
		return true;
	}
	return copy_args_no_place(copy->args, err);
}

bool copy_source_can_look(const struct copyfrom *copy)
{
	return copy->source.kind->find != NULL;
}

bool copy_source_find(struct copyfrom *copy, struct err *err)
{
	return copy->source.kind->find(copy, err);
}

bool copy_source_read(struct copyfrom *copy, struct str *out, struct err *err)
{
	const struct load_world *world = copy->world;

	if (copy->source.kind->read != NULL)
		return copy->source.kind->read(copy, out, err);
	return world->read_range(world->context, copy->source.sample.text, 0,
				 SNIFF_SAMPLE_BYTES, out, err);
}

bool copy_source_place(struct copyfrom *copy, struct err *err)
{
	copy->source.dirty = true;
	if (copy->source.kind->place != NULL)
		return copy->source.kind->place(copy, err);
	str_set(&copy->source.from, copy->args->uri.text);
	return true;
}

bool copy_source_put(struct copyfrom *copy, struct err *err)
{
	return copy->source.kind->put == NULL ||
	       copy->source.kind->put(copy, err);
}

void copy_source_clean(struct copyfrom *copy)
{
	if (copy->source.dirty && copy->source.kind->clean != NULL)
		copy->source.kind->clean(copy);
	copy->source.dirty = false;
}
