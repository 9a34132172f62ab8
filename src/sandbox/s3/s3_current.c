/* The objects of the store: s3_store_get and what follows in its header. */
#include "sandbox/s3/s3_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/utf8.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/lite.h"
#include "sandbox/s3/s3_inner.h"
#include "sandbox/s3/s3_versions.h"

/* --- reading --- */

bool s3_inner_no_such_key(struct err *err)
{
	return s3_inner_refuse(err, "NoSuchKey",
			       "The specified key does not exist.");
}

/* What the key shows now; false without an err: nothing. */
static bool find_current(struct s3_store *store,
			 const struct s3_store_which *which,
			 struct s3_store_object *out, int64_t *out_body,
			 struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite,
		"select bytes, modified_ms, etag, headers, body, version"
		" from objects where bucket = ?1 and key = ?2",
		err);
	enum lite_step step;
	bool found;

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, which->bucket);
	lite_bind_text(query, 2, which->key);
	step = lite_step(query, err);
	found = step == LITE_ROW &&
		(which->version == NULL ||
		 strcmp(which->version, lite_text(query, 5)) == 0);
	if (found) {
		out->key = mem_copy_text(which->key);
		out->bytes = lite_number(query, 0);
		out->modified_ms = lite_number(query, 1);
		snprintf(out->etag, sizeof(out->etag), "%s",
			 lite_text(query, 2));
		out->headers = mem_copy_text(lite_text(query, 3));
		*out_body = lite_number(query, 4);
		snprintf(out->version, sizeof(out->version), "%s",
			 lite_text(query, 5));
	}
	lite_reset(query);
	return found;
}

static bool refuse_marker(const struct s3_store_which *which, struct err *err)
{
	if (which->version == NULL)
		return s3_inner_no_such_key(err);
	return s3_inner_refuse(err, "MethodNotAllowed",
			       "The specified method is not allowed against"
			       " this resource.");
}

static bool find(struct s3_store *store, const struct s3_store_which *which,
		 struct s3_store_object *out, int64_t *out_body,
		 struct err *err)
{
	struct err why = ERR_EMPTY;
	enum s3_versioning versioning;

	if (!s3_inner_versioning(store, which->bucket, &versioning, err))
		return false;
	if (find_current(store, which, out, out_body, &why))
		return true;
	if (why.kind == ERR_NONE && versioning != S3_VERSIONING_OFF &&
	    s3_versions_find(store, which, out, out_body, &why))
		return !out->is_marker || refuse_marker(which, err);
	if (why.kind != ERR_NONE) {
		if (err != NULL)
			*err = why;
		return false;
	}
	return which->version == NULL
		       ? s3_inner_no_such_key(err)
		       : s3_inner_refuse(err, "NoSuchVersion",
					 "The specified version does not"
					 " exist.");
}

bool s3_store_find(struct s3_store *store, const struct s3_store_which *which,
		   struct s3_store_object *out, int *out_fd, struct err *err)
{
	int64_t body = S3_INNER_NO_BODY;
	bool found;

	/* Opened under the lock: replacing unlinks the old body. */
	pthread_mutex_lock(&store->lock);
	found = find(store, which, out, &body, err);
	if (found && out_fd != NULL) {
		*out_fd = s3_inner_open_body(store, body, O_RDONLY, err);
		found = *out_fd >= 0;
	}
	pthread_mutex_unlock(&store->lock);
	return found;
}

int s3_store_get(struct s3_store *store, const char *bucket, const char *key,
		 struct s3_store_object *out, struct err *err)
{
	const struct s3_store_which which = { .bucket = bucket, .key = key };
	struct s3_store_object unseen = S3_STORE_OBJECT_EMPTY;
	int fd = -1;

	s3_store_find(store, &which, out != NULL ? out : &unseen, &fd, err);
	s3_store_object_done(&unseen);
	return fd;
}

bool s3_store_head(struct s3_store *store, const char *bucket, const char *key,
		   struct s3_store_object *out, struct err *err)
{
	const struct s3_store_which which = { .bucket = bucket, .key = key };
	struct s3_store_object unseen = S3_STORE_OBJECT_EMPTY;
	bool found = s3_store_find(store, &which, out != NULL ? out : &unseen,
				   NULL, err);

	s3_store_object_done(&unseen);
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

void s3_store_skip_md5(struct s3_store_writer *writer)
{
	hash_free(writer->md5);
	writer->md5 = NULL;
}

bool s3_store_add(struct s3_store_writer *writer, const char *bytes, size_t len,
		  struct err *err)
{
	if (writer->md5 != NULL)
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
bool s3_inner_check(const struct s3_store_put *put, const char *etag,
		    struct err *err)
{
	if (put->if_none_match && etag != NULL)
		return s3_inner_refuse(err, "PreconditionFailed",
				       "At least one of the pre-conditions"
				       " you specified did not hold");
	if (put->if_match == NULL)
		return true;
	if (etag == NULL)
		return s3_inner_no_such_key(err);
	return strcmp(put->if_match, "*") == 0 ||
	       strcmp(put->if_match, etag) == 0 ||
	       s3_inner_refuse(err, "PreconditionFailed",
			       "At least one of the pre-conditions you"
			       " specified did not hold");
}

/* The etag and body under a key now; etag "" and no body: none. */
static bool look_old(struct s3_store *store, const char *bucket,
		     const char *key, char etag[48], int64_t *out_body,
		     struct err *err)
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
	lite_bind_text(query, 1, bucket);
	lite_bind_text(query, 2, key);
	step = lite_step(query, err);
	if (step == LITE_ROW) {
		snprintf(etag, 48, "%s", lite_text(query, 0));
		*out_body = lite_number(query, 1);
	}
	lite_reset(query);
	return step != LITE_FAILED;
}

static bool insert(struct s3_store *store, const struct s3_inner_new *new,
		   struct err *err)
{
	struct lite_query *query =
		lite_query(store->lite,
			   "insert or replace into objects values"
			   " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
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
	lite_bind_text(query, 8, new->version);
	lite_bind_number(query, 9, store->next_body++);
	return lite_do(query, err);
}

bool s3_inner_replace(struct s3_store *store, struct s3_inner_new *new,
		      int64_t *out_old, struct err *err)
{
	const struct s3_store_put *put = new->put;
	enum s3_versioning versioning;
	char etag[48];

	if (!check_key(put->key, err) ||
	    !s3_inner_versioning(store, put->bucket, &versioning, err) ||
	    !look_old(store, put->bucket, put->key, etag, out_old, err) ||
	    !s3_inner_check(put, etag[0] == '\0' ? NULL : etag, err))
		return false;
	s3_versions_name(versioning, new->version);
	if (versioning != S3_VERSIONING_OFF) {
		*out_old = S3_INNER_NO_BODY;
		if (!s3_versions_displace(store, put->bucket, put->key,
					  versioning, out_old, err))
			return false;
	}
	return insert(store, new, err);
}

/* --- transactions --- */

static bool in_transaction(struct s3_store *store, bool done, struct err *err)
{
	if (done && lite_commit(store->lite, err))
		return true;
	lite_rollback(store->lite);
	return false;
}

static void give(const struct s3_inner_new *new, struct s3_store_object *out)
{
	if (out == NULL)
		return;
	out->bytes = new->bytes;
	out->modified_ms = new->modified_ms;
	snprintf(out->etag, sizeof(out->etag), "%s", new->etag);
	snprintf(out->version, sizeof(out->version), "%s", new->version);
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

	if (put->etag != NULL || writer->md5 == NULL) {
		str_add(&etag, put->etag != NULL ? put->etag : "");
	} else {
		hash_finish(writer->md5, digest);
		encode_hex(&etag, digest, hash_size(HASH_MD5));
	}
	struct s3_inner_new new = {
		.put = put,
		.body = writer->body,
		.bytes = writer->bytes,
		.modified_ms = clock_wall_ms(),
		.etag = etag.text,
		.headers = put->headers == NULL ? "" : put->headers,
	};
	pthread_mutex_lock(&store->lock);
	done = lite_begin(store->lite, err);
	if (done)
		done = in_transaction(store,
				      s3_inner_replace(store, &new, &old, err),
				      err);
	pthread_mutex_unlock(&store->lock);
	if (!done)
		return false;
	s3_inner_drop_body(store, old);
	writer->body = S3_INNER_NO_BODY;
	give(&new, out);
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

/* --- removing --- */

static bool drop_current(struct s3_store *store,
			 const struct s3_store_which *which, struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite,
		"delete from objects where bucket = ?1 and key = ?2", err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, which->bucket);
	lite_bind_text(query, 2, which->key);
	return lite_do(query, err);
}

static bool check_match(struct s3_store *store,
			const struct s3_store_which *which, int64_t *out_body,
			struct err *err)
{
	const struct s3_store_put put = { .if_match = which->if_match };
	char etag[48];

	return look_old(store, which->bucket, which->key, etag, out_body,
			err) &&
	       s3_inner_check(&put, etag[0] == '\0' ? NULL : etag, err);
}

/* The body to drop is set only where there is one. */
static bool remove_one(struct s3_store *store,
		       const struct s3_store_which *which,
		       struct s3_store_removed *out, int64_t *out_old,
		       struct err *err)
{
	enum s3_versioning versioning;
	int64_t body;

	if (!s3_inner_versioning(store, which->bucket, &versioning, err) ||
	    !check_match(store, which, &body, err))
		return false;
	if (which->version != NULL)
		return s3_versions_remove(store, which, out, out_old, err);
	if (versioning == S3_VERSIONING_OFF) {
		*out_old = body;
		return body == S3_INNER_NO_BODY ||
		       drop_current(store, which, err);
	}
	s3_versions_name(versioning, out->version);
	out->is_marker = true;
	return s3_versions_displace(store, which->bucket, which->key,
				    versioning, out_old, err) &&
	       s3_versions_add_marker(store, which->bucket, which->key,
				      out->version, err);
}

bool s3_store_remove(struct s3_store *store,
		     const struct s3_store_which *which,
		     struct s3_store_removed *out, struct err *err)
{
	int64_t old = S3_INNER_NO_BODY;
	bool done;

	pthread_mutex_lock(&store->lock);
	done = lite_begin(store->lite, err);
	if (done)
		done = in_transaction(store,
				      remove_one(store, which, out, &old, err),
				      err);
	pthread_mutex_unlock(&store->lock);
	if (done)
		s3_inner_drop_body(store, old);
	return done;
}

bool s3_store_delete(struct s3_store *store, const char *bucket,
		     const char *key, const char *if_match, struct err *err)
{
	const struct s3_store_which which = { .bucket = bucket,
					      .key = key,
					      .if_match = if_match };
	struct s3_store_removed removed = { .version = "" };

	return s3_store_remove(store, &which, &removed, err);
}

bool s3_store_set_headers(struct s3_store *store,
			  const struct s3_store_which *which,
			  const char *headers, struct err *err)
{
	static const char *const steps[] = {
		"update objects set headers = ?4 where bucket = ?1"
		" and key = ?2 and version = ?3",
		"update versions set headers = ?4 where bucket = ?1"
		" and key = ?2 and version = ?3",
	};
	bool done = true;

	pthread_mutex_lock(&store->lock);
	for (size_t i = 0; done && i < COUNT_OF(steps); i++) {
		struct lite_query *query =
			lite_query(store->lite, steps[i], err);

		done = query != NULL;
		if (!done)
			break;
		lite_bind_text(query, 1, which->bucket);
		lite_bind_text(query, 2, which->key);
		lite_bind_text(query, 3, which->version);
		lite_bind_text(query, 4, headers);
		done = lite_do(query, err);
	}
	pthread_mutex_unlock(&store->lock);
	return done;
}
