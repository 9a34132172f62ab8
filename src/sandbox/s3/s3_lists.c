/* The listings of a bucket: s3_list_ops. */
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/xml.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_keep.h"
#include "sandbox/s3/s3_listing.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/s3/s3_sums.h"
#include "sandbox/s3/s3_xml.h"

/* What all listings have in common; texts are borrowed. */
struct view {
	struct s3_listing_query query;
	bool url_encoded;
	bool with_owner;
	bool with_restored;
	struct s3_listing page;
};

static bool read_view(const struct s3_call *call, struct view *view,
		      struct err *err)
{
	const struct s3_request *request = &call->request;
	int64_t max;

	if (!s3_xml_encoding(call, &view->url_encoded, err) ||
	    !s3_request_number(request, "max-keys", S3_XML_PAGE_MAX,
			       S3_XML_PAGE_MAX, &max, err))
		return false;
	view->with_restored =
		s3_request_header(request, "x-amz-optional-object-attributes") !=
		NULL;
	view->query.bucket = request->bucket;
	view->query.prefix = s3_request_param(request, "prefix");
	view->query.delimiter = s3_request_param(request, "delimiter");
	view->query.max = (size_t)max;
	return true;
}

static void put_class(struct str *out, const char *headers)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	s3_keep_class(headers, &name);
	xml_put(out, "StorageClass", name.text);
}

/* Which checksum there is, not the value. */
static void put_sum_kind(struct str *out, const char *headers)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;
	const char *name;
	bool composite;

	if (!s3_sums_find(headers, &name, &value, &composite))
		return;
	str_clear(&value);
	for (; *name != '\0'; name++)
		str_add_char(&value, (char)toupper((unsigned char)*name));
	xml_put(out, "ChecksumAlgorithm", value.text);
	xml_put(out, "ChecksumType", composite ? "COMPOSITE" : "FULL_OBJECT");
}

static void put_restored(struct str *out, const char *headers)
{
	if (strstr(headers, "x-amz-restore:") == NULL)
		return;
	xml_open(out, "RestoreStatus");
	xml_put(out, "IsRestoreInProgress", "false");
	xml_close(out, "RestoreStatus");
}

static void put_facts(struct str *out, const struct s3_store_object *object)
{
	s3_xml_time(out, "LastModified", object->modified_ms);
	s3_xml_etag(out, object->etag);
	put_sum_kind(out, object->headers);
	xml_put_number(out, "Size", object->bytes);
	put_class(out, object->headers);
}

static void put_object(struct str *out, const struct view *view,
		       const struct s3_store_object *object)
{
	xml_open(out, "Contents");
	s3_xml_name(out, "Key", object->key, view->url_encoded);
	put_facts(out, object);
	if (view->with_owner)
		s3_xml_owner(out, "Owner");
	if (view->with_restored)
		put_restored(out, object->headers);
	xml_close(out, "Contents");
}

static void put_prefixes(struct str *out, const struct view *view)
{
	for (size_t i = 0; i < view->page.count; i++) {
		if (!view->page.items[i].is_prefix)
			continue;
		xml_open(out, "CommonPrefixes");
		s3_xml_name(out, "Prefix", view->page.items[i].key,
			    view->url_encoded);
		xml_close(out, "CommonPrefixes");
	}
}

static void put_items(struct str *out, const struct view *view)
{
	for (size_t i = 0; i < view->page.count; i++)
		if (!view->page.items[i].is_prefix)
			put_object(out, view, &view->page.items[i]);
	put_prefixes(out, view);
}

static void put_query(struct str *out, const struct view *view)
{
	xml_put(out, "Name", view->query.bucket);
	s3_xml_name(out, "Prefix", view->query.prefix == NULL ? "" : view->query.prefix,
		    view->url_encoded);
	if (view->query.delimiter != NULL)
		s3_xml_name(out, "Delimiter", view->query.delimiter,
		    view->url_encoded);
	xml_put_number(out, "MaxKeys", (int64_t)view->query.max);
	if (view->url_encoded)
		xml_put(out, "EncodingType", "url");
	xml_put_bool(out, "IsTruncated", view->page.truncated);
}

/* A token is "k" or "p" (a common prefix) and the key, in base64. */
static bool read_token(const char *token, struct str *out, bool *out_prefix,
		       struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	if (!encode_unbase64(&text, token, strlen(token)) || text.len < 2 ||
	    strlen(text.text) != text.len ||
	    (text.text[0] != 'k' && text.text[0] != 'p'))
		return s3_call_refuse(err, "InvalidArgument",
				      "The continuation token provided is"
				      " incorrect");
	*out_prefix = text.text[0] == 'p';
	str_set(out, text.text + 1);
	return true;
}

static void put_token(struct str *out, const struct s3_store_object *last)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	CLEANUP(str_done) struct str token = STR_EMPTY;

	str_addf(&text, "%c%s", last->is_prefix ? 'p' : 'k', last->key);
	encode_base64(&token, text.text, text.len);
	xml_put(out, "NextContinuationToken", token.text);
}

static void write_v2(struct s3_call *call, const struct view *view)
{
	const char *token =
		s3_request_param(&call->request, "continuation-token");
	const char *start = s3_request_param(&call->request, "start-after");
	struct str *out = s3_xml_begin(call, "ListBucketResult");

	put_query(out, view);
	xml_put_number(out, "KeyCount", (int64_t)view->page.count);
	if (token != NULL)
		xml_put(out, "ContinuationToken", token);
	if (start != NULL)
		s3_xml_name(out, "StartAfter", start,
		    view->url_encoded);
	if (view->page.truncated)
		put_token(out, &view->page.items[view->page.count - 1]);
	put_items(out, view);
	xml_close(out, "ListBucketResult");
}

static bool list_v2(struct s3_call *call, struct err *err)
{
	const struct s3_request *request = &call->request;
	const char *token = s3_request_param(request, "continuation-token");
	const char *type = s3_request_param(request, "list-type");
	const char *owner = s3_request_param(request, "fetch-owner");
	CLEANUP(str_done) struct str after = STR_EMPTY;
	struct view view = { .with_owner = owner != NULL &&
					   strcmp(owner, "true") == 0 };
	bool done;

	if (strcmp(type, "2") != 0)
		return s3_call_refuse(err, "InvalidArgument",
				      "Invalid List Type specified in"
				      " Request");
	if (!read_view(call, &view, err))
		return false;
	view.query.after = s3_request_param(request, "start-after");
	if (token != NULL) {
		if (!read_token(token, &after, &view.query.after_prefix, err))
			return false;
		view.query.after = after.text;
	}
	done = s3_listing_page(call->options->store, &view.query, &view.page,
			       err);
	if (done)
		write_v2(call, &view);
	s3_listing_done(&view.page);
	return done;
}

/* Version 1 goes on after a key or a common prefix, named by marker. */
static bool list_v1(struct s3_call *call, struct err *err)
{
	const char *marker = s3_request_param(&call->request, "marker");
	struct view view = { .with_owner = true };
	const char *delimiter;
	struct str *out;
	bool done;

	if (!read_view(call, &view, err))
		return false;
	delimiter = view.query.delimiter;
	view.query.after = marker;
	view.query.after_prefix = marker != NULL && delimiter != NULL &&
				  delimiter[0] != '\0' &&
				  str_ends(marker, delimiter);
	done = s3_listing_page(call->options->store, &view.query, &view.page,
			       err);
	if (done) {
		out = s3_xml_begin(call, "ListBucketResult");
		put_query(out, &view);
		s3_xml_name(out, "Marker", marker == NULL ? "" : marker,
			    view.url_encoded);
		if (view.page.truncated && delimiter != NULL)
			s3_xml_name(out, "NextMarker",
				    view.page.items[view.page.count - 1].key,
				    view.url_encoded);
		put_items(out, &view);
		xml_close(out, "ListBucketResult");
	}
	s3_listing_done(&view.page);
	return done;
}

/* --- versions --- */

static void put_version(struct str *out, const struct view *view,
			const struct s3_store_object *object)
{
	const char *element = object->is_marker ? "DeleteMarker" : "Version";

	xml_open(out, element);
	s3_xml_name(out, "Key", object->key, view->url_encoded);
	xml_put(out, "VersionId", object->version);
	xml_put_bool(out, "IsLatest", object->is_latest);
	if (object->is_marker)
		s3_xml_time(out, "LastModified", object->modified_ms);
	else
		put_facts(out, object);
	s3_xml_owner(out, "Owner");
	xml_close(out, element);
}

static void write_versions(struct s3_call *call, const struct view *view)
{
	const struct s3_listing *page = &view->page;
	const char *version = view->query.after_version;
	struct str *out = s3_xml_begin(call, "ListVersionsResult");

	put_query(out, view);
	s3_xml_name(out, "KeyMarker",
		    view->query.after != NULL ? view->query.after : "",
		    view->url_encoded);
	xml_put(out, "VersionIdMarker", version != NULL ? version : "");
	if (page->truncated) {
		const struct s3_store_object *last =
			&page->items[page->count - 1];

		s3_xml_name(out, "NextKeyMarker", last->key,
			    view->url_encoded);
		if (!last->is_prefix)
			xml_put(out, "NextVersionIdMarker", last->version);
	}
	for (size_t i = 0; i < page->count; i++)
		if (!page->items[i].is_prefix)
			put_version(out, view, &page->items[i]);
	put_prefixes(out, view);
	xml_close(out, "ListVersionsResult");
}

static bool list_versions(struct s3_call *call, struct err *err)
{
	const struct s3_request *request = &call->request;
	struct view view = { .with_owner = true };
	const char *delimiter;
	const char *after;
	bool done;

	if (!read_view(call, &view, err))
		return false;
	delimiter = view.query.delimiter;
	after = s3_request_param(request, "key-marker");
	view.query.after = after != NULL && after[0] != '\0' ? after : NULL;
	view.query.after_version = s3_request_param(request,
						    "version-id-marker");
	if (view.query.after_version != NULL &&
	    view.query.after_version[0] == '\0')
		view.query.after_version = NULL;
	if (view.query.after_version != NULL && view.query.after == NULL)
		return s3_call_refuse(err, "InvalidArgument",
				      "A version-id marker cannot be specified"
				      " without a key marker.");
	view.query.after_prefix = after != NULL && delimiter != NULL &&
				  delimiter[0] != '\0' &&
				  str_ends(after, delimiter);
	done = s3_listing_versions(call->options->store, &view.query,
				   &view.page, err);
	if (done)
		write_versions(call, &view);
	s3_listing_done(&view.page);
	return done;
}

const struct s3_op s3_list_ops[] = {
	{ "ListObjectVersions", "GET", S3_ON_BUCKET, "versions", NULL,
	  S3_TAKES_NOTHING,
	  "prefix delimiter max-keys key-marker version-id-marker"
	  " encoding-type",
	  list_versions, NULL },
	{ "ListObjectsV2", "GET", S3_ON_BUCKET, "list-type", NULL,
	  S3_TAKES_NOTHING,
	  "prefix delimiter max-keys continuation-token start-after"
	  " encoding-type fetch-owner",
	  list_v2, NULL },
	{ "ListObjects", "GET", S3_ON_BUCKET, NULL, NULL, S3_TAKES_NOTHING,
	  "prefix delimiter max-keys marker encoding-type", list_v1, NULL },
	{ 0 },
};
