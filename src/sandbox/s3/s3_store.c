#include "sandbox/s3/s3_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "data/lite.h"
#include "sandbox/s3/s3_inner.h"

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
	"alter table buckets add column versioning text not null default '';"
	"alter table buckets add column payer text not null default '';"
	"alter table buckets add column policy text not null default '';"
	"alter table buckets add column encryption text not null default '';"
	"alter table objects add column version text not null default 'null';"
	"alter table objects add column seq integer not null default 0;"
	"create table versions (bucket text, key text, seq integer,"
	" version text, marker integer, body integer, bytes integer,"
	" modified_ms integer, etag text, headers text,"
	" primary key (bucket, key, seq desc)) without rowid;"
	"create index version_bodies on versions (body);"
	"alter table parts add column checksums text not null default '';"
	"create table completed (id text primary key, bucket text, key text,"
	" etag text, version text, headers text) without rowid;",
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
				   " select 1 from versions where body = ?1"
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

/* Delete markers have a place in the order, but no body. */
static bool look_at_versions(struct s3_store *store, struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite, "select coalesce(max(seq), 0) from versions", err);

	if (query == NULL || lite_step(query, err) != LITE_ROW)
		return false;
	if (lite_number(query, 0) >= store->next_body)
		store->next_body = lite_number(query, 0) + 1;
	lite_reset(query);
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
	if (store->lite == NULL || !sweep_bodies(store, err) ||
	    !look_at_versions(store, err))
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

static bool no_such_bucket(struct err *err)
{
	return s3_inner_refuse(err, "NoSuchBucket",
			       "The specified bucket does not exist");
}

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
	return step == LITE_ROW || no_such_bucket(err);
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

static enum s3_versioning versioning_of(const char *text)
{
	if (strcmp(text, "Enabled") == 0)
		return S3_VERSIONING_ON;
	return text[0] != '\0' ? S3_VERSIONING_SUSPENDED : S3_VERSIONING_OFF;
}

bool s3_inner_versioning(struct s3_store *store, const char *bucket,
			 enum s3_versioning *out, struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite, "select versioning from buckets where name = ?1",
		err);
	enum lite_step step;

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, bucket);
	step = lite_step(query, err);
	if (step == LITE_ROW)
		*out = versioning_of(lite_text(query, 0));
	lite_reset(query);
	if (step == LITE_FAILED)
		return false;
	return step == LITE_ROW || no_such_bucket(err);
}

static bool read_bucket(struct s3_store *store, const char *bucket,
			struct s3_store_bucket *out, struct err *err)
{
	struct lite_query *query =
		lite_query(store->lite,
			   "select created_ms, region, versioning, payer,"
			   " policy, encryption from buckets where name = ?1",
			   err);
	enum lite_step step;

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, bucket);
	step = lite_step(query, err);
	if (step == LITE_ROW) {
		out->name = mem_copy_text(bucket);
		out->created_ms = lite_number(query, 0);
		out->region = mem_copy_text(lite_text(query, 1));
		out->versioning = versioning_of(lite_text(query, 2));
		out->requester_pays = lite_len(query, 3) > 0;
		out->policy = mem_copy_text(lite_text(query, 4));
		out->encryption = mem_copy_text(lite_text(query, 5));
	}
	lite_reset(query);
	if (step == LITE_FAILED)
		return false;
	return step == LITE_ROW || no_such_bucket(err);
}

bool s3_store_bucket(struct s3_store *store, const char *bucket,
		     struct s3_store_bucket *out, struct err *err)
{
	bool done;

	pthread_mutex_lock(&store->lock);
	done = read_bucket(store, bucket, out, err);
	pthread_mutex_unlock(&store->lock);
	return done;
}

void s3_store_bucket_done(struct s3_store_bucket *bucket)
{
	mem_free(bucket->name);
	mem_free(bucket->region);
	mem_free(bucket->policy);
	mem_free(bucket->encryption);
}

bool s3_store_region(struct s3_store *store, const char *bucket,
		     struct str *out, struct err *err)
{
	struct s3_store_bucket found = { 0 };
	bool done = s3_store_bucket(store, bucket, &found, err);

	if (done)
		str_add(out, found.region);
	s3_store_bucket_done(&found);
	return done;
}

static bool set_column(struct s3_store *store, const char *bucket,
		       const char *sql, const char *value, struct err *err)
{
	struct lite_query *query;

	if (!s3_inner_need_bucket(store, bucket, err))
		return false;
	query = lite_query(store->lite, sql, err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, bucket);
	lite_bind_text(query, 2, value);
	return lite_do(query, err);
}

bool s3_store_set(struct s3_store *store, const char *bucket,
		  enum s3_store_setting setting, const char *value,
		  struct err *err)
{
	static const char *const sql[] = {
		[S3_STORE_VERSIONING] =
			"update buckets set versioning = ?2 where name = ?1",
		[S3_STORE_PAYER] =
			"update buckets set payer = ?2 where name = ?1",
		[S3_STORE_POLICY] =
			"update buckets set policy = ?2 where name = ?1",
		[S3_STORE_ENCRYPTION] =
			"update buckets set encryption = ?2 where name = ?1",
	};
	bool done;

	pthread_mutex_lock(&store->lock);
	done = set_column(store, bucket, sql[setting], value, err);
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
			   "select 1 from objects where bucket = ?1"
			   " union all select 1 from versions"
			   " where bucket = ?1 limit 1",
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
	for (size_t i = 0; i < buckets->count; i++)
		s3_store_bucket_done(&buckets->items[i]);
	vec_done(buckets);
}
