#include "sandbox/s3/s3_multi.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/lite.h"
#include "sandbox/s3/s3_inner.h"

/* A part as the index knows it. */
struct part {
	struct s3_multi_part seen;
	int64_t body;
};

struct parts {
	VEC(struct part); /* ascending number */
};

char *s3_multi_create(struct s3_store *store, const char *bucket,
		      const char *key, const char *headers, struct err *err)
{
	CLEANUP(str_done) struct str id = STR_EMPTY;
	struct lite_query *query = NULL;
	unsigned char random[48];
	bool done;

	hash_random(random, sizeof(random));
	encode_base64url(&id, random, sizeof(random));
	pthread_mutex_lock(&store->lock);
	done = s3_inner_need_bucket(store, bucket, err);
	if (done)
		query = lite_query(store->lite,
				   "insert into uploads"
				   " values (?1, ?2, ?3, ?4, ?5)",
				   err);
	if (query != NULL) {
		lite_bind_text(query, 1, id.text);
		lite_bind_text(query, 2, bucket);
		lite_bind_text(query, 3, key);
		lite_bind_text(query, 4, headers == NULL ? "" : headers);
		lite_bind_number(query, 5, clock_wall_ms());
		done = lite_do(query, err);
	}
	pthread_mutex_unlock(&store->lock);
	return done && query != NULL ? str_take(&id) : NULL;
}

/* out_headers may be NULL. */
static bool need_upload(struct s3_store *store, const struct s3_multi *upload,
			struct str *out_headers, struct err *err)
{
	struct lite_query *query;
	enum lite_step step;

	if (!s3_inner_need_bucket(store, upload->bucket, err))
		return false;
	query = lite_query(store->lite,
			   "select headers from uploads where id = ?1"
			   " and bucket = ?2 and key = ?3",
			   err);
	if (query == NULL)
		return false;
	lite_bind_text(query, 1, upload->upload_id);
	lite_bind_text(query, 2, upload->bucket);
	lite_bind_text(query, 3, upload->key);
	step = lite_step(query, err);
	if (step == LITE_ROW && out_headers != NULL)
		str_set(out_headers, lite_text(query, 0));
	lite_reset(query);
	if (step == LITE_FAILED)
		return false;
	return step == LITE_ROW ||
	       s3_inner_refuse(err, "NoSuchUpload",
			       "The specified upload does not exist. The"
			       " upload ID may be invalid, or the upload may"
			       " have been aborted or completed.");
}

bool s3_multi_headers(struct s3_store *store, const struct s3_multi *upload,
		      struct str *out, struct err *err)
{
	bool found;

	pthread_mutex_lock(&store->lock);
	found = need_upload(store, upload, out, err);
	pthread_mutex_unlock(&store->lock);
	return found;
}

bool s3_multi_check(struct s3_store *store, const struct s3_multi *upload,
		    struct err *err)
{
	return s3_multi_headers(store, upload, NULL, err);
}

/* --- parts --- */

static bool find_parts(struct s3_store *store, const char *upload_id,
		       struct parts *out, struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite,
		"select number, bytes, modified_ms, etag, body, checksums"
		" from parts where upload = ?1 order by number",
		err);
	enum lite_step step;

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, upload_id);
	while ((step = lite_step(query, err)) == LITE_ROW) {
		struct part part = {
			.seen = {
				.number = (int)lite_number(query, 0),
				.bytes = lite_number(query, 1),
				.modified_ms = lite_number(query, 2),
			},
			.body = lite_number(query, 4),
		};

		snprintf(part.seen.etag, sizeof(part.seen.etag), "%s",
			 lite_text(query, 3));
		snprintf(part.seen.checksum, sizeof(part.seen.checksum), "%s",
			 lite_text(query, 5));
		vec_push(out, part);
	}
	return step == LITE_DONE;
}

static const struct part *find_part(const struct parts *parts, int number)
{
	for (size_t i = 0; i < parts->count; i++)
		if (parts->items[i].seen.number == number)
			return &parts->items[i];
	return NULL;
}

static bool set_part(struct s3_store *store, const char *upload_id,
		     const struct part *part, struct err *err)
{
	struct lite_query *query =
		lite_query(store->lite,
			   "insert or replace into parts"
			   " values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			   err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 7, part->seen.checksum);
	lite_bind_text(query, 1, upload_id);
	lite_bind_number(query, 2, part->seen.number);
	lite_bind_number(query, 3, part->body);
	lite_bind_number(query, 4, part->seen.bytes);
	lite_bind_number(query, 5, part->seen.modified_ms);
	lite_bind_text(query, 6, part->seen.etag);
	return lite_do(query, err);
}

/* The body of a part that will be replaced, if there is one. */
static bool find_body(struct s3_store *store, const char *upload_id,
		      int number, int64_t *out_body, struct err *err)
{
	struct lite_query *query = lite_query(
		store->lite,
		"select body from parts where upload = ?1 and number = ?2",
		err);
	enum lite_step step;

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, upload_id);
	lite_bind_number(query, 2, number);
	step = lite_step(query, err);
	if (step == LITE_ROW)
		*out_body = lite_number(query, 0);
	lite_reset(query);
	return step != LITE_FAILED;
}

/* MD5, or anything where the ETag is not that. */
static void set_etag(struct s3_store_writer *writer, struct s3_multi_part *part)
{
	CLEANUP(str_done) struct str etag = STR_EMPTY;
	unsigned char digest[HASH_MAX];

	if (writer->md5 != NULL)
		hash_finish(writer->md5, digest);
	else
		hash_random(digest, hash_size(HASH_MD5));
	encode_hex(&etag, digest, hash_size(HASH_MD5));
	snprintf(part->etag, sizeof(part->etag), "%s", etag.text);
}

bool s3_multi_put(struct s3_store_writer *writer, const struct s3_multi *upload,
		  int number, struct s3_multi_part *out, struct err *err)
{
	struct s3_store *store = writer->store;
	int64_t old = S3_INNER_NO_BODY;
	struct part part = { .seen = *out, .body = writer->body };
	bool done;

	part.seen.number = number;
	part.seen.bytes = writer->bytes;
	part.seen.modified_ms = clock_wall_ms();
	set_etag(writer, &part.seen);
	pthread_mutex_lock(&store->lock);
	done = need_upload(store, upload, NULL, err) &&
	       find_body(store, upload->upload_id, number, &old, err) &&
	       set_part(store, upload->upload_id, &part, err);
	pthread_mutex_unlock(&store->lock);
	if (!done)
		return false;
	s3_inner_drop_body(store, old);
	writer->body = S3_INNER_NO_BODY;
	*out = part.seen;
	return true;
}

bool s3_multi_parts(struct s3_store *store, const struct s3_multi *upload,
		    struct s3_multi_parts *out, struct err *err)
{
	struct parts parts = { 0 };
	bool done;

	pthread_mutex_lock(&store->lock);
	done = need_upload(store, upload, NULL, err) &&
	       find_parts(store, upload->upload_id, &parts, err);
	pthread_mutex_unlock(&store->lock);
	for (size_t i = 0; done && i < parts.count; i++)
		vec_push(out, parts.items[i].seen);
	vec_done(&parts);
	return done;
}

void s3_multi_parts_done(struct s3_multi_parts *parts)
{
	vec_done(parts);
}

/* --- uploads of a bucket --- */

bool s3_multi_uploads(struct s3_store *store, const char *bucket,
		      const char *prefix, struct s3_multi_uploads *out,
		      struct err *err)
{
	struct lite_query *query = NULL;
	enum lite_step step = LITE_FAILED;

	pthread_mutex_lock(&store->lock);
	if (s3_inner_need_bucket(store, bucket, err))
		query = lite_query(store->lite,
				   "select key, id, started_ms from uploads"
				   " where bucket = ?1 and"
				   " substr(key, 1, length(?2)) = ?2"
				   " order by key, started_ms, id",
				   err);
	if (query != NULL) {
		lite_bind_text(query, 1, bucket);
		lite_bind_text(query, 2, prefix == NULL ? "" : prefix);
		while ((step = lite_step(query, err)) == LITE_ROW) {
			struct s3_multi_upload upload = {
				.key = mem_copy_text(lite_text(query, 0)),
				.upload_id = mem_copy_text(lite_text(query, 1)),
				.started_ms = lite_number(query, 2),
			};

			vec_push(out, upload);
		}
	}
	pthread_mutex_unlock(&store->lock);
	return step == LITE_DONE;
}

void s3_multi_uploads_done(struct s3_multi_uploads *uploads)
{
	for (size_t i = 0; i < uploads->count; i++) {
		mem_free(uploads->items[i].key);
		mem_free(uploads->items[i].upload_id);
	}
	vec_done(uploads);
}

/* --- complete and abort --- */

/* S3 looks at the order of the whole list before it looks at any part. */
static bool check_order(const struct s3_multi_parts *wanted, struct err *err)
{
	if (wanted->count == 0)
		return s3_inner_refuse(err, "MalformedXML",
				       "The XML you provided was not"
				       " well-formed or did not validate"
				       " against our published schema");
	for (size_t i = 1; i < wanted->count; i++)
		if (wanted->items[i].number <= wanted->items[i - 1].number)
			return s3_inner_refuse(
				err, "InvalidPartOrder",
				"The list of parts was not in ascending"
				" order. Parts must be ordered by part"
				" number.");
	return true;
}

static bool choose_parts(const struct parts *have,
			 const struct s3_multi_parts *wanted, struct parts *out,
			 struct err *err)
{
	if (!check_order(wanted, err))
		return false;
	for (size_t i = 0; i < wanted->count; i++) {
		const struct s3_multi_part *want = &wanted->items[i];
		const struct part *part = find_part(have, want->number);

		if (part == NULL || strcmp(part->seen.etag, want->etag) != 0 ||
		    (want->checksum[0] != '\0' &&
		     strcmp(part->seen.checksum, want->checksum) != 0))
			return s3_inner_refuse(
				err, "InvalidPart",
				"One or more of the specified parts could"
				" not be found.  The part may not have been"
				" uploaded, or the specified entity tag may"
				" not match the part's entity tag.");
		if (i + 1 < wanted->count &&
		    part->seen.bytes < S3_MULTI_PART_BYTES_MIN)
			return s3_inner_refuse(
				err, "EntityTooSmall",
				"Your proposed upload is smaller than the"
				" minimum allowed size");
		vec_push(out, *part);
	}
	return true;
}

static bool copy_body(int from, int to, int64_t bytes, struct err *err)
{
	while (bytes > 0) {
		ssize_t n =
			copy_file_range(from, NULL, to, NULL, (size_t)bytes, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set_errno(err, n < 0 ? errno : EIO,
					     "cannot join the parts");
		bytes -= n;
	}
	return true;
}

/* The joined body, and the etag S3 gives: MD5 of the parts' MD5s, "-N". */
static bool join_parts(struct s3_store_writer *writer,
		       const struct parts *parts, struct str *etag,
		       struct err *err)
{
	CLEANUP(str_done) struct str digests = STR_EMPTY;

	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->items[i];
		int from = s3_inner_open_body(writer->store, part->body,
					      O_RDONLY, err);
		bool copied;

		if (from < 0)
			return false;
		copied = copy_body(from, writer->fd, part->seen.bytes, err);
		close(from);
		if (!copied)
			return false;
		writer->bytes += part->seen.bytes;
		encode_unhex(&digests, part->seen.etag,
			     strlen(part->seen.etag));
	}
	hash_add_hex(HASH_MD5, digests.text, digests.len, etag);
	str_addf(etag, "-%zu", parts->count);
	return true;
}

static bool forget_upload(struct s3_store *store, const char *upload_id,
			  struct err *err)
{
	static const char *const steps[] = {
		"delete from parts where upload = ?1",
		"delete from uploads where id = ?1",
	};

	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		struct lite_query *query =
			lite_query(store->lite, steps[i], err);

		if (query == NULL)
			return false;
		lite_bind_text(query, 1, upload_id);
		if (!lite_do(query, err))
			return false;
	}
	return true;
}

static bool remember(struct s3_store *store, const struct s3_multi *upload,
		     const struct s3_inner_new *new, struct err *err)
{
	struct lite_query *query =
		lite_query(store->lite,
			   "insert or replace into completed values"
			   " (?1, ?2, ?3, ?4, ?5, ?6)",
			   err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, upload->upload_id);
	lite_bind_text(query, 2, upload->bucket);
	lite_bind_text(query, 3, upload->key);
	lite_bind_text(query, 4, new->etag);
	lite_bind_text(query, 5, new->version);
	lite_bind_text(query, 6, new->headers);
	return lite_do(query, err);
}

bool s3_multi_completed(struct s3_store *store, const struct s3_multi *upload,
			struct s3_store_object *out)
{
	struct lite_query *query;
	bool found = false;

	pthread_mutex_lock(&store->lock);
	query = lite_query(store->lite,
			   "select etag, version, headers from completed"
			   " where id = ?1 and bucket = ?2 and key = ?3",
			   NULL);
	if (query != NULL) {
		lite_bind_text(query, 1, upload->upload_id);
		lite_bind_text(query, 2, upload->bucket);
		lite_bind_text(query, 3, upload->key);
		found = lite_step(query, NULL) == LITE_ROW;
		if (found) {
			snprintf(out->etag, sizeof(out->etag), "%s",
				 lite_text(query, 0));
			snprintf(out->version, sizeof(out->version), "%s",
				 lite_text(query, 1));
			out->headers = mem_copy_text(lite_text(query, 2));
		}
		lite_reset(query);
	}
	pthread_mutex_unlock(&store->lock);
	return found;
}

/* Under the lock: the object appears and the upload goes, or neither. */
static bool publish(struct s3_store *store, const struct s3_multi *upload,
		    struct s3_inner_new *new, int64_t *out_old, struct err *err)
{
	if (!lite_begin(store->lite, err))
		return false;
	if (need_upload(store, upload, NULL, err) &&
	    s3_inner_replace(store, new, out_old, err) &&
	    forget_upload(store, upload->upload_id, err) &&
	    remember(store, upload, new, err) &&
	    lite_commit(store->lite, err))
		return true;
	lite_rollback(store->lite);
	return false;
}

static void drop_parts(struct s3_store *store, const struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		s3_inner_drop_body(store, parts->items[i].body);
}

/* What complete gathers before it may publish. */
struct joined {
	struct parts have;
	struct parts chosen;
	struct str headers;
	struct str etag;
	struct s3_store_writer *writer;
};

static void joined_done(struct joined *joined)
{
	vec_done(&joined->have);
	vec_done(&joined->chosen);
	str_done(&joined->headers);
	str_done(&joined->etag);
	s3_store_writer_free(joined->writer);
}

static bool join(struct s3_store *store, const struct s3_multi *upload,
		 const struct s3_multi_parts *wanted, struct joined *out,
		 struct err *err)
{
	bool found;

	pthread_mutex_lock(&store->lock);
	found = need_upload(store, upload, &out->headers, err) &&
		find_parts(store, upload->upload_id, &out->have, err);
	pthread_mutex_unlock(&store->lock);
	if (!found || !choose_parts(&out->have, wanted, &out->chosen, err))
		return false;
	out->writer = s3_store_begin(store, err);
	return out->writer != NULL &&
	       join_parts(out->writer, &out->chosen, &out->etag, err);
}

bool s3_multi_complete(struct s3_store *store, const struct s3_multi *upload,
		       const struct s3_multi_parts *wanted,
		       const struct s3_store_put *put,
		       struct s3_store_object *out, struct err *err)
{
	CLEANUP(joined_done)
	struct joined joined = { .headers = STR_EMPTY, .etag = STR_EMPTY };
	struct s3_store_put target = *put;
	int64_t old = S3_INNER_NO_BODY;
	bool done;

	if (!join(store, upload, wanted, &joined, err))
		return false;
	target.bucket = upload->bucket;
	target.key = upload->key;
	struct s3_inner_new new = {
		.put = &target,
		.body = joined.writer->body,
		.bytes = joined.writer->bytes,
		.modified_ms = clock_wall_ms(),
		.etag = joined.etag.text,
		.headers = put->headers != NULL ? put->headers
						: joined.headers.text,
	};
	pthread_mutex_lock(&store->lock);
	done = publish(store, upload, &new, &old, err);
	pthread_mutex_unlock(&store->lock);
	if (!done)
		return false;
	joined.writer->body = S3_INNER_NO_BODY;
	s3_inner_drop_body(store, old);
	drop_parts(store, &joined.have);
	out->bytes = new.bytes;
	out->modified_ms = new.modified_ms;
	snprintf(out->etag, sizeof(out->etag), "%s", joined.etag.text);
	snprintf(out->version, sizeof(out->version), "%s", new.version);
	return true;
}

bool s3_multi_abort(struct s3_store *store, const struct s3_multi *upload,
		    struct err *err)
{
	struct parts parts = { 0 };
	bool done;

	pthread_mutex_lock(&store->lock);
	done = need_upload(store, upload, NULL, err) &&
	       find_parts(store, upload->upload_id, &parts, err) &&
	       forget_upload(store, upload->upload_id, err);
	pthread_mutex_unlock(&store->lock);
	if (done)
		drop_parts(store, &parts);
	vec_done(&parts);
	return done;
}
