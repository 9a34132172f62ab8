#include "sandbox/s3_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "base/utf8.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/lite.h"
#include "sandbox/s3_inner.h"

static const char *const migrations[] = {
	"create table buckets (name text primary key, created_ms integer)"
	" without rowid;"
	"create table objects (bucket text, key text, body integer,"
	" bytes integer, modified_ms integer, etag text, headers text,"
	" primary key (bucket, key)) without rowid;"
	"create table uploads (id text primary key, bucket text, key text,"
	" headers text, started_ms integer) without rowid;"
	"create table parts (upload text, number integer, body integer,"
	" bytes integer, modified_ms integer, etag text,"
	" primary key (upload, number)) without rowid;"
	"create index object_bodies on objects (body);"
	"create index part_bodies on parts (body);",
	"alter table buckets add column region text not null default ''",
	NULL
};

bool s3_inner_refuse(struct err *err, const char *code, const char *fmt, ...)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&text, fmt, args);
	va_end(args);
	err_set(err, ERR_AWS, "%s", text.text);
	return err_set_code(err, code);
}

static void body_path(const struct s3_store *store, int64_t body,
		      struct str *out)
{
	str_addf(out, "%s/%016" PRIx64, store->bodies, (uint64_t)body);
}

int s3_inner_open_body(const struct s3_store *store, int64_t body, int flags,
		       struct err *err)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	int fd;

	body_path(store, body, &path);
	fd = open(path.text, flags | O_CLOEXEC, 0600);
	if (fd < 0)
		err_set_errno(err, errno, "cannot open %s", path.text);
	return fd;
}

void s3_inner_drop_body(const struct s3_store *store, int64_t body)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (body == S3_INNER_NO_BODY)
		return;
	body_path(store, body, &path);
	unlink(path.text);
}

/* Body files without a row are what a crash left: writes that never ended.
 * Sets next_body past every number seen. */
static bool sweep_bodies(struct s3_store *store, struct err *err)
{
	struct dirent *entry;
	DIR *dir = opendir(store->bodies);

	if (dir == NULL)
		return err_set_errno(err, errno, "cannot read %s",
				     store->bodies);
	while ((entry = readdir(dir)) != NULL) {
		struct lite_query *query;
		char *end;
		int64_t body = (int64_t)strtoull(entry->d_name, &end, 16);

		if (*end != '\0' || end == entry->d_name)
			continue;
		if (body >= store->next_body)
			store->next_body = body + 1;
		query = lite_query(store->lite,
				   "select 1 from objects where body = ?1"
				   " union all"
				   " select 1 from parts where body = ?1",
				   err);
		if (query == NULL)
			break;
		lite_bind_number(query, 1, body);
		if (lite_step(query, NULL) == LITE_DONE)
			s3_inner_drop_body(store, body);
		lite_reset(query);
	}
	closedir(dir);
	return true;
}

struct s3_store *s3_store_open(const char *dir, struct err *err)
{
	CLEANUP(str_done) struct str index = STR_EMPTY;
	CLEANUP(str_done) struct str bodies = STR_EMPTY;
	CLEANUP(s3_store_closep) struct s3_store *store = NULL;
	struct s3_store *done;

	path_join(dir, "s3/index.db", &index);
	path_join(dir, "s3/bodies", &bodies);
	if (!file_make_dirs(bodies.text, 0700, err))
		return NULL;
	store = mem_alloc(sizeof(*store));
	pthread_mutex_init(&store->lock, NULL);
	store->next_body = 1;
	store->bodies = str_take(&bodies);
	store->lite = lite_open(index.text, migrations, err);
	if (store->lite == NULL || !sweep_bodies(store, err))
		return NULL;
	done = store;
	store = NULL;
	return done;
}

void s3_store_close(struct s3_store *store)
{
	if (store == NULL)
		return;
	lite_close(store->lite);
	pthread_mutex_destroy(&store->lock);
	mem_free(store->bodies);
	mem_free(store);
}

/* --- buckets --- */

bool s3_inner_need_bucket(struct s3_store *store, const char *bucket,
			  struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite, "select 1 from buckets where name = ?1", err);
	enum lite_step step;

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, bucket);
	step = lite_step(query, err);
	lite_reset(query);
	if (step == LITE_FAILED)
		return false;
	return step == LITE_ROW ||
	       s3_inner_refuse(err, "NoSuchBucket",
			       "The specified bucket does not exist");
}

static bool make_bucket(struct s3_store *store, const char *bucket,
			const char *region, struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite,
		"insert or ignore into buckets (name, created_ms, region)"
		" values (?1, ?2, ?3)",
		err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, bucket);
	lite_bind_number(query, 2, clock_wall_ms());
	lite_bind_text(query, 3, region);
	if (!lite_do(query, err))
		return false;
	return lite_changes(store->lite) == 1 ||
	       s3_inner_refuse(err, "BucketAlreadyOwnedByYou",
			       "Your previous request to create the named"
			       " bucket succeeded and you already own it.");
}

bool s3_store_make_bucket(struct s3_store *store, const char *bucket,
			  const char *region, struct err *err)
{
	bool done;

	pthread_mutex_lock(&store->lock);
	done = make_bucket(store, bucket, region, err);
	pthread_mutex_unlock(&store->lock);
	return done;
}

static bool read_region(struct s3_store *store, const char *bucket,
			struct str *out, struct err *err)
{
	struct lite_query *query;
	enum lite_step step;

	if (!s3_inner_need_bucket(store, bucket, err))
		return false;
	query = lite_query(store->lite,
			   "select region from buckets where name = ?1", err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, bucket);
	step = lite_step(query, err);
	if (step == LITE_ROW)
		str_add(out, lite_text(query, 0));
	lite_reset(query);
	return step == LITE_ROW;
}

bool s3_store_region(struct s3_store *store, const char *bucket,
		     struct str *out, struct err *err)
{
	bool done;

	pthread_mutex_lock(&store->lock);
	done = read_region(store, bucket, out, err);
	pthread_mutex_unlock(&store->lock);
	return done;
}

/* S3 lets a bucket go with unfinished uploads in it; they go with it. */
static const char *const drop_uploads[] = {
	"delete from parts where upload in"
	" (select id from uploads where bucket = ?1)",
	"delete from uploads where bucket = ?1",
	"delete from buckets where name = ?1",
};

static bool drop_bucket(struct s3_store *store, const char *bucket,
			struct err *err)
{
	struct lite_query *query;
	enum lite_step step;

	if (!s3_inner_need_bucket(store, bucket, err))
		return false;
	query = lite_query(store->lite,
			   "select 1 from objects where bucket = ?1 limit 1",
			   err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, bucket);
	step = lite_step(query, err);
	lite_reset(query);
	if (step == LITE_FAILED)
		return false;
	if (step == LITE_ROW)
		return s3_inner_refuse(err, "BucketNotEmpty",
				       "The bucket you tried to delete is not"
				       " empty");
	for (size_t i = 0; i < COUNT_OF(drop_uploads); i++) {
		query = lite_query(store->lite, drop_uploads[i], err);
		if (query == NULL)
			return false;
		lite_bind_text(query, 1, bucket);
		if (!lite_do(query, err))
			return false;
	}
	return true;
}

bool s3_store_drop_bucket(struct s3_store *store, const char *bucket,
			  struct err *err)
{
	bool done;

	pthread_mutex_lock(&store->lock);
	done = drop_bucket(store, bucket, err);
	pthread_mutex_unlock(&store->lock);
	return done;
}

bool s3_store_has_bucket(struct s3_store *store, const char *bucket,
			 struct err *err)
{
	bool has;

	pthread_mutex_lock(&store->lock);
	has = s3_inner_need_bucket(store, bucket, err);
	pthread_mutex_unlock(&store->lock);
	return has;
}

bool s3_store_buckets(struct s3_store *store, struct s3_store_buckets *out,
		      struct err *err)
{
	struct lite_query *query;
	enum lite_step step = LITE_FAILED;

	pthread_mutex_lock(&store->lock);
	query = lite_query(store->lite,
			   "select name, created_ms, region from buckets"
			   " order by 1",
			   err);
	while (query != NULL && (step = lite_step(query, err)) == LITE_ROW) {
		struct s3_store_bucket bucket = {
			.name = mem_copy_text(lite_text(query, 0)),
			.created_ms = lite_number(query, 1),
			.region = mem_copy_text(lite_text(query, 2)),
		};

		vec_push(out, bucket);
	}
	pthread_mutex_unlock(&store->lock);
	return step == LITE_DONE;
}

void s3_store_buckets_done(struct s3_store_buckets *buckets)
{
	for (size_t i = 0; i < buckets->count; i++) {
		mem_free(buckets->items[i].name);
		mem_free(buckets->items[i].region);
	}
	vec_done(buckets);
}

/* --- reading --- */

static bool no_such_key(struct err *err)
{
	return s3_inner_refuse(err, "NoSuchKey",
			       "The specified key does not exist.");
}

/* Fills out (when not NULL) and *out_body (when not NULL). */
static bool find_object(struct s3_store *store, const char *bucket,
			const char *key, struct s3_store_object *out,
			int64_t *out_body, struct err *err)
{
	struct lite_query *query;
	enum lite_step step;

	if (!s3_inner_need_bucket(store, bucket, err))
		return false;
	query = lite_query(store->lite,
			   "select bytes, modified_ms, etag, headers, body"
			   " from objects where bucket = ?1 and key = ?2",
			   err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, bucket);
	lite_bind_text(query, 2, key);
	step = lite_step(query, err);
	if (step == LITE_ROW && out != NULL) {
		out->key = mem_copy_text(key);
		out->bytes = lite_number(query, 0);
		out->modified_ms = lite_number(query, 1);
		snprintf(out->etag, sizeof(out->etag), "%s",
			 lite_text(query, 2));
		out->headers = mem_copy_text(lite_text(query, 3));
	}
	if (step == LITE_ROW && out_body != NULL)
		*out_body = lite_number(query, 4);
	lite_reset(query);
	if (step == LITE_FAILED)
		return false;
	return step == LITE_ROW || no_such_key(err);
}

int s3_store_get(struct s3_store *store, const char *bucket, const char *key,
		 struct s3_store_object *out, struct err *err)
{
	int64_t body;
	int fd = -1;

	/* Opened under the lock: replacing unlinks the old body. */
	pthread_mutex_lock(&store->lock);
	if (find_object(store, bucket, key, out, &body, err))
		fd = s3_inner_open_body(store, body, O_RDONLY, err);
	pthread_mutex_unlock(&store->lock);
	return fd;
}

bool s3_store_head(struct s3_store *store, const char *bucket, const char *key,
		   struct s3_store_object *out, struct err *err)
{
	bool found;

	pthread_mutex_lock(&store->lock);
	found = find_object(store, bucket, key, out, NULL, err);
	pthread_mutex_unlock(&store->lock);
	return found;
}

void s3_store_object_done(struct s3_store_object *object)
{
	mem_free(object->key);
	mem_free(object->headers);
	object->key = NULL;
	object->headers = NULL;
}

/* --- writing --- */

struct s3_store_writer *s3_store_begin(struct s3_store *store, struct err *err)
{
	struct s3_store_writer *writer = mem_alloc(sizeof(*writer));

	writer->store = store;
	pthread_mutex_lock(&store->lock);
	writer->body = store->next_body++;
	pthread_mutex_unlock(&store->lock);
	writer->fd = s3_inner_open_body(store, writer->body,
					O_RDWR | O_CREAT | O_EXCL, err);
	if (writer->fd < 0) {
		mem_free(writer);
		return NULL;
	}
	writer->md5 = hash_new(HASH_MD5);
	return writer;
}

bool s3_store_add(struct s3_store_writer *writer, const char *bytes, size_t len,
		  struct err *err)
{
	hash_feed(writer->md5, bytes, len);
	writer->bytes += (int64_t)len;
	while (len > 0) {
		ssize_t n = write(writer->fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, errno, "cannot write to %s",
					     writer->store->bodies);
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

int64_t s3_store_written(const struct s3_store_writer *writer)
{
	return writer->bytes;
}

static bool check_key(const char *key, struct err *err)
{
	size_t len = strlen(key);

	if (len > S3_STORE_KEY_BYTES_MAX)
		return s3_inner_refuse(err, "KeyTooLongError",
				       "Your key is too long");
	if (len == 0 || !utf8_valid(key, len))
		return s3_inner_refuse(err, "InvalidURI",
				       "Couldn't parse the specified URI.");
	return true;
}

/* S3: If-Match on a missing key is NoSuchKey, on another etag 412. */
static bool check_conditions(const struct s3_store_put *put, const char *etag,
			     struct err *err)
{
	if (put->if_none_match && etag != NULL)
		return s3_inner_refuse(err, "PreconditionFailed",
				       "At least one of the pre-conditions"
				       " you specified did not hold");
	if (put->if_match == NULL)
		return true;
	if (etag == NULL)
		return no_such_key(err);
	return strcmp(put->if_match, etag) == 0 ||
	       s3_inner_refuse(err, "PreconditionFailed",
			       "At least one of the pre-conditions you"
			       " specified did not hold");
}

/* The etag and body under a key now; etag "" and no body: none. */
static bool look_old(struct s3_store *store, const struct s3_store_put *put,
		     char etag[48], int64_t *out_body, struct err *err)
{
	struct lite_query *query =
		lite_query(store->lite,
			   "select etag, body from objects where bucket = ?1"
			   " and key = ?2",
			   err);
	enum lite_step step;

	if (query == NULL)
		return false;
	etag[0] = '\0';
	*out_body = S3_INNER_NO_BODY;
	lite_bind_text(query, 1, put->bucket);
	lite_bind_text(query, 2, put->key);
	step = lite_step(query, err);
	if (step == LITE_ROW) {
		snprintf(etag, 48, "%s", lite_text(query, 0));
		*out_body = lite_number(query, 1);
	}
	lite_reset(query);
	return step != LITE_FAILED;
}

bool s3_inner_replace(struct s3_store *store, const struct s3_inner_new *new,
		      int64_t *out_old, struct err *err)
{
	struct lite_query *query;
	char etag[48];

	if (!check_key(new->put->key, err) ||
	    !s3_inner_need_bucket(store, new->put->bucket, err) ||
	    !look_old(store, new->put, etag, out_old, err) ||
	    !check_conditions(new->put, etag[0] == '\0' ? NULL : etag, err))
		return false;
	query = lite_query(store->lite,
			   "insert or replace into objects"
			   " values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			   err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, new->put->bucket);
	lite_bind_text(query, 2, new->put->key);
	lite_bind_number(query, 3, new->body);
	lite_bind_number(query, 4, new->bytes);
	lite_bind_number(query, 5, new->modified_ms);
	lite_bind_text(query, 6, new->etag);
	lite_bind_text(query, 7, new->headers);
	return lite_do(query, err);
}

bool s3_store_put(struct s3_store_writer *writer,
		  const struct s3_store_put *put, struct s3_store_object *out,
		  struct err *err)
{
	struct s3_store *store = writer->store;
	CLEANUP(str_done) struct str etag = STR_EMPTY;
	unsigned char digest[HASH_MAX];
	int64_t old = S3_INNER_NO_BODY;
	bool done;

	hash_finish(writer->md5, digest);
	encode_hex(&etag, digest, hash_size(HASH_MD5));
	struct s3_inner_new new = {
		.put = put,
		.body = writer->body,
		.bytes = writer->bytes,
		.modified_ms = clock_wall_ms(),
		.etag = etag.text,
		.headers = put->headers == NULL ? "" : put->headers,
	};
	pthread_mutex_lock(&store->lock);
	done = s3_inner_replace(store, &new, &old, err);
	pthread_mutex_unlock(&store->lock);
	if (!done)
		return false;
	s3_inner_drop_body(store, old);
	writer->body = S3_INNER_NO_BODY;
	if (out != NULL) {
		out->bytes = new.bytes;
		out->modified_ms = new.modified_ms;
		snprintf(out->etag, sizeof(out->etag), "%s", etag.text);
	}
	return true;
}

void s3_store_settle(struct s3_store_writer *writer)
{
	if (writer->fd >= 0)
		close(writer->fd);
	writer->fd = -1;
}

void s3_store_writer_free(struct s3_store_writer *writer)
{
	if (writer == NULL)
		return;
	s3_store_settle(writer);
	s3_inner_drop_body(writer->store, writer->body);
	hash_free(writer->md5);
	mem_free(writer);
}

static bool delete_object(struct s3_store *store,
			  const struct s3_store_put *which, int64_t *out_old,
			  struct err *err)
{
	struct lite_query *query;
	char etag[48];

	if (!s3_inner_need_bucket(store, which->bucket, err) ||
	    !look_old(store, which, etag, out_old, err))
		return false;
	if (*out_old == S3_INNER_NO_BODY && which->if_match == NULL)
		return true;
	if (!check_conditions(which, etag[0] == '\0' ? NULL : etag, err))
		return false;
	query = lite_query(store->lite,
			   "delete from objects where bucket = ?1"
			   " and key = ?2",
			   err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, which->bucket);
	lite_bind_text(query, 2, which->key);
	return lite_do(query, err);
}

bool s3_store_delete(struct s3_store *store, const char *bucket,
		     const char *key, const char *if_match, struct err *err)
{
	struct s3_store_put which = { .bucket = bucket,
				      .key = key,
				      .if_match = if_match };
	int64_t old = S3_INNER_NO_BODY;
	bool done;

	pthread_mutex_lock(&store->lock);
	done = delete_object(store, &which, &old, err);
	pthread_mutex_unlock(&store->lock);
	if (done)
		s3_inner_drop_body(store, old);
	return done;
}
