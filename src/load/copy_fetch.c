#include "load/copy_fetch.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/units.h"
#include "load/copy_args.h"
#include "load/copy_state.h"
#include "load/copyfrom.h"
#include "load/stage_place.h"
#include "load/staging.h"

/* What the source owns. */
struct own {
	struct str base; /* of stage_place_find */
	struct stage_place place;
	struct str uri; /* of the object */
	bool there;
};

static struct own *own_of(struct copyfrom *copy)
{
	static const struct stage_place empty = STAGE_PLACE_EMPTY;
	struct own *own = copy->source.own;

	if (own == NULL) {
		own = mem_alloc(sizeof(*own));
		own->base = (struct str)STR_EMPTY;
		own->uri = (struct str)STR_EMPTY;
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
	stage_place_done(&own->place);
	str_done(&own->base);
	str_done(&own->uri);
	mem_free(own);
	copy->source.own = NULL;
}

/* --- names --- */

static const struct {
	const char *end;
	enum sniff_kind kind;
} ends[] = {
	{ ".parquet", SNIFF_PARQUET },
	{ ".parq", SNIFF_PARQUET },
	{ ".orc", SNIFF_ORC },
	{ ".avro", SNIFF_AVRO },
};

/* SNIFF_EMPTY: of none of them. */
static enum sniff_kind kind_of(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		size_t len = strlen(name), end = strlen(ends[i].end);

		if (len > end &&
		    str_slice_equal_nocase(name + len - end, end, ends[i].end))
			return ends[i].kind;
	}
	return SNIFF_EMPTY;
}

bool copy_fetch_is_whole(const char *name, const struct copy_options *options)
{
	return kind_of(name) != SNIFF_EMPTY || staging_is_whole(options);
}

/* The last name of the file, by which people know it again. */
static void name_object(struct own *own, const char *from)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	for (const char *c = path_base(from); *c != '\0' && name.len < 100; c++)
		str_add_char(&name, isalnum((unsigned char)*c) ||
						    strchr("._-", *c) != NULL
					    ? *c
					    : '_');
	str_clear(&own->uri);
	stage_place_add(&own->place, name.text, &own->uri);
}

/* --- bringing --- */

static void tell_there(const struct copyfrom *copy, const struct own *own,
		       int64_t us)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, "staged 1 object, ");
	units_add_bytes(&text, copy->source.bytes);
	str_addf(&text, ", in %s, ", own->place.note.folder.text);
	units_add_duration(&text, us);
	copy->world->info(copy->world->context, text.text);
}

static bool bring(struct copyfrom *copy, struct err *err)
{
	const struct load_world *world = copy->world;
	struct own *own = own_of(copy);
	struct stage_about about = { .base = own->base.text,
				     .table = copy->args->table.text,
				     .what = path_base(world->data_name) };
	int64_t start = clock_monotonic_us();
	struct aws *aws = world->aws(world->context, err);
	bool good;

	copy->source.dirty = true;
	if (aws == NULL || !stage_place_open(&own->place, aws, &about, err))
		return false;
	good = world->fetch(world->data_context, own->uri.text,
			    &copy->source.bytes, err);
	world->progress(world->context, "");
	if (!good)
		return false;
	own->there = true;
	copy->source.objects = 1;
	str_set(&copy->source.sample, own->uri.text);
	tell_there(copy, own, clock_monotonic_us() - start);
	return true;
}

/* Where it will lie; nothing is written yet. */
static bool name_place(struct copyfrom *copy, struct err *err)
{
	struct own *own = own_of(copy);

	if (own->uri.len > 0)
		return true;
	if (!staging_check(&copy->args->options, err) ||
	    !stage_place_find(copy->args->stage.text, copy->world->staging,
			      &own->base, err))
		return false;
	if (copy->args->print)
		str_addf(&own->place.note.folder, "%sredsh-stage/ID/",
			 own->base.text);
	else
		stage_place_name(&own->place, own->base.text);
	name_object(own, copy->world->data_name);
	return true;
}

static bool find(struct copyfrom *copy, struct err *err)
{
	return name_place(copy, err) && bring(copy, err);
}

static bool place(struct copyfrom *copy, struct err *err)
{
	if (!name_place(copy, err))
		return false;
	str_set(&copy->source.from, own_of(copy)->uri.text);
	return true;
}

static bool place_unseen(struct copyfrom *copy, struct err *err)
{
	copy->sniff.kind = kind_of(copy->world->data_name);
	copy->looked = copy->sniff.kind != SNIFF_EMPTY;
	copy->source.objects = 1;
	copy->source.bytes = -1;
	return place(copy, err);
}

static bool put(struct copyfrom *copy, struct err *err)
{
	return own_of(copy)->there || bring(copy, err);
}

/* --- taking away --- */

static void clean(struct copyfrom *copy)
{
	struct stage_place *place = &own_of(copy)->place;
	struct err err = ERR_EMPTY;
	struct aws *aws;

	if (copy_source_may_clear(copy, place,
				  "whether the server loads what was staged",
				  &aws, &err) &&
	    (aws == NULL || !stage_place_clear(place, aws, false, &err)))
		copy_source_tell_left(copy, &err);
}

static const struct copy_source_kind looked_at = {
	.name = "a file that goes whole",
	.find = find,
	.place = place,
	.put = put,
	.clean = clean,
	.done = done,
};

static const struct copy_source_kind unseen = {
	.name = "a file that goes whole",
	.place = place_unseen,
	.put = put,
	.clean = clean,
	.done = done,
};

const struct copy_source_kind *copy_fetch_kind(const struct copy_args *args)
{
	return args->print || args->no_sniff ? &unseen : &looked_at;
}
