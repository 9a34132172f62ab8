#include "sandbox/s3/s3_versions.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/lite.h"
#include "sandbox/s3/s3_inner.h"

void s3_versions_name(enum s3_versioning versioning, char out[40])
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	unsigned char random[24];

	if (versioning == S3_VERSIONING_ON) {
		hash_random(random, sizeof(random));
		encode_base64url(&text, random, sizeof(random));
	} else {
		str_add(&text, "null");
	}
	snprintf(out, 40, "%s", text.text);
}

/* A statement about ?1 bucket, ?2 key and ?3 text; -1: failed, else the
 * number of rows it changed. */
static int64_t change(struct s3_store *store, const char *sql,
		      const struct s3_store_which *which, struct err *err)
{
	struct lite_query *query = lite_query(store->lite, sql, err);

	if (query == NULL)
		return -1;
	lite_bind_text(query, 1, which->bucket);
	lite_bind_text(query, 2, which->key);
	lite_bind_text(query, 3, which->version);
	return lite_do(query, err) ? lite_changes(store->lite) : -1;
}

/* The body and kind of a row; LITE_DONE: there is none. */
static enum lite_step look(struct s3_store *store, const char *sql,
			   const struct s3_store_which *which,
			   int64_t *out_body, bool *out_marker,
			   struct err *err)
{
	struct lite_query *query = lite_query(store->lite, sql, err);
	enum lite_step step;

	if (query == NULL)
		return LITE_FAILED;
	lite_bind_text(query, 1, which->bucket);
	lite_bind_text(query, 2, which->key);
	lite_bind_text(query, 3, which->version);
	step = lite_step(query, err);
	if (step == LITE_ROW) {
		*out_body = lite_is_null(query, 0) ? S3_INNER_NO_BODY
						   : lite_number(query, 0);
		*out_marker = lite_number(query, 1) != 0;
	}
	lite_reset(query);
	return step;
}

static const char look_current[] =
	"select body, 0 from objects where bucket = ?1 and key = ?2"
	" and version = ?3";
static const char look_older[] =
	"select body, marker from versions where bucket = ?1 and key = ?2"
	" and version = ?3";
static const char drop_current[] =
	"delete from objects where bucket = ?1 and key = ?2"
	" and version = ?3";
static const char drop_older[] =
	"delete from versions where bucket = ?1 and key = ?2"
	" and version = ?3";
static const char keep_current[] =
	"insert into versions select bucket, key, seq, version, 0, body,"
	" bytes, modified_ms, etag, headers from objects"
	" where bucket = ?1 and key = ?2 and ?3 is not null";
static const char drop_any[] =
	"delete from objects where bucket = ?1 and key = ?2"
	" and ?3 is not null";

bool s3_versions_displace(struct s3_store *store, const char *bucket,
			  const char *key, enum s3_versioning versioning,
			  int64_t *out_old, struct err *err)
{
	const struct s3_store_which null = { .bucket = bucket,
					     .key = key,
					     .version = "null" };
	bool marker;

	if (versioning == S3_VERSIONING_SUSPENDED) {
		static const char *const places[][2] = {
			{ look_current, drop_current },
			{ look_older, drop_older },
		};

		for (size_t i = 0; i < COUNT_OF(places); i++) {
			enum lite_step step = look(store, places[i][0], &null,
						   out_old, &marker, err);

			if (step == LITE_FAILED ||
			    (step == LITE_ROW &&
			     change(store, places[i][1], &null, err) < 0))
				return false;
		}
	}
	return change(store, keep_current, &null, err) >= 0 &&
	       change(store, drop_any, &null, err) >= 0;
}

static void read_row(struct lite_query *query, const char *key,
		     struct s3_store_object *out, int64_t *out_body)
{
	out->key = mem_copy_text(key);
	out->bytes = lite_number(query, 0);
	out->modified_ms = lite_number(query, 1);
	snprintf(out->etag, sizeof(out->etag), "%s", lite_text(query, 2));
	out->headers = mem_copy_text(lite_text(query, 3));
	*out_body = lite_is_null(query, 4) ? S3_INNER_NO_BODY
					   : lite_number(query, 4);
	snprintf(out->version, sizeof(out->version), "%s",
		 lite_text(query, 5));
	out->is_marker = lite_number(query, 6) != 0;
}

bool s3_versions_find(struct s3_store *store,
		      const struct s3_store_which *which,
		      struct s3_store_object *out, int64_t *out_body,
		      struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite,
		"select bytes, modified_ms, etag, headers, body, version,"
		" marker from versions where bucket = ?1 and key = ?2"
		" and (?3 is null or version = ?3) order by seq desc limit 1",
		err);
	enum lite_step step;

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, which->bucket);
	lite_bind_text(query, 2, which->key);
	lite_bind_text(query, 3, which->version);
	step = lite_step(query, err);
	if (step == LITE_ROW)
		read_row(query, which->key, out, out_body);
	lite_reset(query);
	return step == LITE_ROW;
}

bool s3_versions_add_marker(struct s3_store *store, const char *bucket,
			    const char *key, const char *version,
			    struct err *err)
{
	struct lite_query *query =
		lite_query(store->lite,
			   "insert into versions values (?1, ?2, ?3, ?4, 1,"
			   " null, 0, ?5, '', '')",
			   err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, bucket);
	lite_bind_text(query, 2, key);
	lite_bind_number(query, 3, store->next_body++);
	lite_bind_text(query, 4, version);
	lite_bind_number(query, 5, clock_wall_ms());
	return lite_do(query, err);
}

/* Nothing shows under the key: the newest version does, if it is none that
 * deletes. */
static bool promote(struct s3_store *store, const struct s3_store_which *which,
		    struct err *err)
{
	static const char move[] =
		"insert into objects select bucket, key, body, bytes,"
		" modified_ms, etag, headers, version, seq from versions"
		" where bucket = ?1 and key = ?2 and version = ?3";
	struct s3_store_object newest = S3_STORE_OBJECT_EMPTY;
	struct s3_store_which latest = *which;
	struct err why = ERR_EMPTY;
	int64_t body;
	bool done;

	latest.version = NULL;
	if (!s3_versions_find(store, &latest, &newest, &body, &why))
		return why.kind == ERR_NONE ||
		       err_set(err, why.kind, "%s", why.message);
	latest.version = newest.version;
	done = newest.is_marker || (change(store, move, &latest, err) >= 0 &&
				    change(store, drop_older, &latest, err) >= 0);
	s3_store_object_done(&newest);
	return done;
}

bool s3_versions_remove(struct s3_store *store,
			const struct s3_store_which *which,
			struct s3_store_removed *out, int64_t *out_old,
			struct err *err)
{
	enum lite_step step = look(store, look_current, which, out_old,
				   &out->is_marker, err);
	bool current = step == LITE_ROW;
	int64_t body;
	bool shows;

	snprintf(out->version, sizeof(out->version), "%s", which->version);
	if (step == LITE_DONE)
		step = look(store, look_older, which, out_old, &out->is_marker,
			    err);
	if (step != LITE_ROW)
		return step == LITE_DONE;
	if (change(store, current ? drop_current : drop_older, which, err) < 0)
		return false;
	step = look(store,
		    "select body, 0 from objects where bucket = ?1"
		    " and key = ?2 and ?3 is not null",
		    which, &body, &shows, err);
	return step == LITE_ROW ||
	       (step == LITE_DONE && promote(store, which, err));
}
