#include "sandbox/copy/rscopy_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "aws/s3_uri.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "sandbox/copy/rscopy_access.h"
#include "sandbox/copy/rscopy_job.h"
#include "sandbox/s3/s3_listing.h"
#include "sandbox/s3/s3_store.h"

enum {
	PAGE_MAX = 1000,
	WHOLE_MAX_BYTES = 16 * 1024 * 1024, /* of what is read as a whole */
};

static void add_file(struct rscopy_files *out, const struct s3_uri *uri,
		     const struct s3_store_object *object)
{
	struct rscopy_file file = {
		.bucket = mem_copy_text(uri->bucket.text),
		.key = mem_copy_text(object->key),
		.bytes = object->bytes,
		.modified_ms = object->modified_ms,
	};

	snprintf(file.etag, sizeof(file.etag), "%s", object->etag);
	vec_push(out, file);
}

void rscopy_files_done(struct rscopy_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		mem_free(files->items[i].bucket);
		mem_free(files->items[i].key);
	}
	vec_done(files);
}

/* --- prefix --- */

static bool is_folder_mark(const struct s3_store_object *object)
{
	return object->bytes == 0 && str_ends(object->key, "/");
}

static bool find_prefix(struct rscopy_job *job, const struct s3_uri *uri,
			struct rscopy_files *out, struct err *err)
{
	CLEANUP(str_done) struct str after = STR_EMPTY;
	bool more = true;

	while (more) {
		struct s3_listing_query query = {
			.bucket = uri->bucket.text,
			.prefix = uri->key.text,
			.after = after.text,
			.max = PAGE_MAX,
		};
		struct s3_listing page = { 0 };
		bool done =
			s3_listing_page(job->call->store, &query, &page, err);

		for (size_t i = 0; i < page.count; i++)
			if (!is_folder_mark(&page.items[i]))
				add_file(out, uri, &page.items[i]);
		more = page.truncated;
		if (more)
			str_set(&after, page.items[page.count - 1].key);
		s3_listing_done(&page);
		if (!done)
			return false;
	}
	return true;
}

/* Listing is one right, reading another. */
static bool may_read(struct rscopy_job *job, const struct rscopy_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		if (!rscopy_access_read(job, files->items[i].bucket,
					files->items[i].key))
			return false;
	return true;
}

static bool use_prefix(struct rscopy_job *job, const struct s3_uri *uri,
		       struct rscopy_files *out)
{
	CLEANUP(str_done) struct str context = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_addf(&context, "Listing bucket=%s prefix=%s", uri->bucket.text,
		 uri->key.text);
	if (!rscopy_access_check(job, "s3:ListBucket", uri->bucket.text, "",
				 context.text))
		return false;
	if (!find_prefix(job, uri, out, &err))
		return rscopy_fail_s3(job, context.text, &err);
	if (out->count > 0)
		return may_read(job, out);
	return rscopy_fail_engine(job, RSCOPY_CODE_S3, "",
				  "The specified S3 prefix '%s' does not"
				  " exist",
				  uri->key.text);
}

/* --- manifest --- */

static bool read_all(int fd, struct str *out, struct err *err)
{
	char block[16384];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, errno, "read");
		if (out->len + (size_t)n > WHOLE_MAX_BYTES)
			return err_set(err, ERR_DATA,
				       "the file is larger than 16 MB");
		str_add_slice(out, block, (size_t)n);
	}
	return true;
}

bool rscopy_files_read(struct rscopy_job *job, const struct s3_uri *uri,
		       struct str *out)
{
	CLEANUP(str_done) struct str context = STR_EMPTY;
	struct err err = ERR_EMPTY;
	bool done;
	int fd;

	str_addf(&context, "S3 key being read : s3://%s/%s", uri->bucket.text,
		 uri->key.text);
	if (!rscopy_access_read(job, uri->bucket.text, uri->key.text))
		return false;
	fd = s3_store_get(job->call->store, uri->bucket.text, uri->key.text,
			  NULL, &err);
	if (fd < 0)
		return rscopy_fail_s3(job, context.text, &err);
	done = read_all(fd, out, &err);
	close(fd);
	return done || rscopy_fail_engine(job, RSCOPY_CODE_S3, context.text,
					  "%s", err.message);
}

static bool read_manifest(struct rscopy_job *job, const struct s3_uri *uri,
			  struct str *out)
{
	CLEANUP(str_done) struct str context = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_addf(&context, "S3 key being read : s3://%s/%s", uri->bucket.text,
		 uri->key.text);
	if (!rscopy_access_read(job, uri->bucket.text, uri->key.text))
		return false;
	if (uri->key.len == 0 ||
	    (!s3_store_head(job->call->store, uri->bucket.text, uri->key.text,
			    NULL, &err) &&
	     strcmp(err.code, "NoSuchKey") == 0))
		return rscopy_fail_engine(job, RSCOPY_CODE_S3, "",
					  "COPY with MANIFEST parameter"
					  " requires full path of an S3"
					  " object.");
	return rscopy_files_read(job, uri, out);
}

static bool bad_manifest(struct rscopy_job *job, const char *source)
{
	CLEANUP(str_done) struct str context = STR_EMPTY;

	str_addf(&context, "Manifest file location = %s", source);
	return rscopy_fail_engine(job, RSCOPY_CODE_S3, context.text,
				  "Manifest file is not in correct json"
				  " format");
}

/* One entry: a missing file is an error only when it is mandatory; a length
 * that is told must be true. */
static bool add_entry(struct rscopy_job *job, const struct json *entry,
		      struct rscopy_files *out)
{
	const char *url = json_text(entry, "url", NULL);
	int64_t length = json_number(entry, "meta.content_length", -1);
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	CLEANUP(s3_store_object_done)
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	CLEANUP(str_done) struct str context = STR_EMPTY;
	struct err err = ERR_EMPTY;

	str_addf(&context, "S3 key being read : %s", url == NULL ? "" : url);
	if (url == NULL || !s3_uri_parse_object(&uri, url, &err))
		return rscopy_fail_engine(job, RSCOPY_CODE_S3, context.text,
					  "Invalid url in manifest file");
	if (!rscopy_access_read(job, uri.bucket.text, uri.key.text))
		return false;
	if (!s3_store_head(job->call->store, uri.bucket.text, uri.key.text,
			   &object, &err)) {
		if (strcmp(err.code, "NoSuchKey") == 0 &&
		    !json_bool(entry, "mandatory", false))
			return true;
		return rscopy_fail_s3(job, context.text, &err);
	}
	if (length >= 0 && length != object.bytes)
		return rscopy_fail_engine(job, RSCOPY_CODE_S3, context.text,
					  "The content length in the manifest"
					  " file does not match the length of"
					  " the object");
	add_file(out, &uri, &object);
	return true;
}

static bool use_manifest(struct rscopy_job *job, const char *source,
			 const struct s3_uri *uri, struct rscopy_files *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(json_freep) struct json *json = NULL;
	const struct json *entries;

	if (!read_manifest(job, uri, &text))
		return false;
	json = json_parse(text.text, text.len, NULL);
	entries = json_key(json, "entries");
	if (json_shape(entries) != JSON_SHAPE_ARRAY)
		return bad_manifest(job, source);
	for (size_t i = 0; i < json_count(entries); i++)
		if (!add_entry(job, json_item(entries, i), out))
			return false;
	return out->count > 0 ||
	       rscopy_fail_engine(job, RSCOPY_CODE_S3, "",
				  "None of the files of the manifest %s"
				  " exists",
				  source);
}

bool rscopy_files_find(struct rscopy_job *job, const char *source,
		       bool is_manifest, struct rscopy_files *out)
{
	CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;
	struct err err = ERR_EMPTY;

	if (!s3_uri_parse_bucket(&uri, source, &err))
		return rscopy_fail_err(job, &err);
	return is_manifest ? use_manifest(job, source, &uri, out)
			   : use_prefix(job, &uri, out);
}
