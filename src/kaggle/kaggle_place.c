#include "kaggle/kaggle_place.h"

#include <string.h>

#include "aws/s3_object.h"
#include "base/utf8.h"
#include "kaggle/kaggle_get.h"
#include "kaggle/kaggle_name.h"
#include "transfer/stream_put.h"

bool kaggle_place_check(const char *name, struct err *err)
{
	const char *at = name;

	if (name[0] == '/')
		return err_set(err, ERR_DATA, "its name is absolute");
	while (*at != '\0') {
		size_t len = strcspn(at, "/\\");

		if (len == 2 && at[0] == '.' && at[1] == '.')
			return err_set(err, ERR_DATA,
				       "its name leads out of the folder "
				       "(\"..\")");
		at += len + (at[len] != '\0');
	}
	return true;
}

struct s3_place {
	struct kaggle_place place;
	struct stream_put *put;
	struct s3_uri uri; /* of the file at hand */
	struct str from;
};

/* A place that names an object is that of the one file. */
static bool find_uri(struct s3_place *s3, const char *name, struct err *err)
{
	const struct s3_uri *to = &s3->place.get->to;

	s3_uri_copy(&s3->uri, to);
	if (s3_uri_is_folder(to))
		str_add(&s3->uri.key, name);
	if (!kaggle_place_check(name, err))
		return false;
	if (!utf8_valid(s3->uri.key.text, s3->uri.key.len))
		return err_set(err, ERR_DATA,
			       "its name is not UTF-8, which S3 wants of keys");
	return s3->uri.key.len <= S3_URI_KEY_MAX ||
	       err_set(err, ERR_DATA,
		       "its key has %zu bytes, S3 takes 1,024 at most",
		       s3->uri.key.len);
}

static bool name_s3(struct kaggle_place *place, const char *name,
		    struct str *out, struct err *err)
{
	struct s3_place *s3 = (struct s3_place *)place;

	if (!find_uri(s3, name, err))
		return false;
	s3_uri_add_shown(&s3->uri, out);
	return true;
}

static bool has_s3(struct kaggle_place *place, const char *name,
		   const char *tag, bool *out_there, struct err *err)
{
	struct s3_place *s3 = (struct s3_place *)place;
	CLEANUP(s3_head_done) struct s3_head head = S3_HEAD_EMPTY;
	struct err failed = ERR_EMPTY;

	*out_there = false;
	if (!find_uri(s3, name, err))
		return false;
	if (s3_object_head(place->get->aws, &s3->uri, &head, &failed)) {
		*out_there = tag == NULL || (tag[0] != '\0' &&
					     strcmp(tag, head.etag.text) == 0);
		return true;
	}
	if (failed.kind == ERR_MISSING)
		return true;
	/* What must not be overwritten may be there. */
	if (err != NULL)
		*err = failed;
	return false;
}

static bool begin_s3(struct kaggle_place *place,
		     const struct kaggle_place_file *file, struct err *err)
{
	struct s3_place *s3 = (struct s3_place *)place;
	struct stream_put_object object = {
		.uri = &s3->uri,
		.size = file->size,
		.id = file->id,
		.mark = file->mark,
		.once = place->get->single,
	};

	if (!find_uri(s3, file->name, err))
		return false;
	str_set(&s3->from, "kaggle:");
	kaggle_name_add(place->get->name, &s3->from);
	str_addf(&s3->from, "/%s", file->name);
	object.from = s3->from.text;
	return stream_put_begin(s3->put, &object, err);
}

static bool write_s3(struct kaggle_place *place, const char *bytes, size_t len,
		     struct err *err)
{
	return stream_put_write(((struct s3_place *)place)->put, bytes, len,
				err);
}

static bool end_s3(struct kaggle_place *place, struct err *err)
{
	return stream_put_end(((struct s3_place *)place)->put, err);
}

static void drop_s3(struct kaggle_place *place, struct err *err)
{
	stream_put_drop(((struct s3_place *)place)->put, err);
}

static void look_s3(struct kaggle_place *place)
{
	stream_put_look(((struct s3_place *)place)->put);
}

static bool wait_s3(struct kaggle_place *place, struct err *err)
{
	return stream_put_wait(((struct s3_place *)place)->put, err);
}

static void free_s3(struct kaggle_place *place)
{
	struct s3_place *s3 = (struct s3_place *)place;

	stream_put_free(s3->put);
	s3_uri_done(&s3->uri);
	str_done(&s3->from);
	mem_free(s3);
}

static const struct kaggle_place_kind s3_kind = {
	.name = name_s3,
	.has = has_s3,
	.begin = begin_s3,
	.write = write_s3,
	.end = end_s3,
	.drop = drop_s3,
	.look = look_s3,
	.wait = wait_s3,
	.free = free_s3,
};

static void put_tick(void *context)
{
	struct kaggle_place *place = context;

	place->tick(place->context);
}

static void put_done(void *context, int64_t id, const char *etag)
{
	struct kaggle_place *place = context;

	place->done(place->context, id, etag);
}

static void put_note(void *context, const char *text)
{
	struct kaggle_place *place = context;

	place->get->watch.note(place->get->watch.context, text);
}

struct kaggle_place *kaggle_place_s3(struct kaggle_get *get, struct err *err)
{
	struct s3_place *s3 = mem_alloc(sizeof(*s3));
	struct stream_put_watch watch = { put_tick, put_done, put_note, s3 };

	s3->place.kind = &s3_kind;
	s3->place.get = get;
	s3->uri = (struct s3_uri)S3_URI_EMPTY;
	s3->from = (struct str)STR_EMPTY;
	s3->put = stream_put_new(get->aws, &watch, err);
	if (s3->put != NULL)
		return &s3->place;
	free_s3(&s3->place);
	return NULL;
}
