/* The operations on buckets: s3_bucket_ops. */
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/isotime.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/identity.h"
#include "sandbox/s3_body.h"
#include "sandbox/s3_call.h"
#include "sandbox/s3_http.h"
#include "sandbox/s3_listing.h"
#include "sandbox/s3_store.h"

#define S3_NAMESPACE "http://s3.amazonaws.com/doc/2006-03-01/"

enum { PAGE_MAX = 1000 };

static struct str *begin_xml(struct s3_call *call, const char *root)
{
	struct str *out = &call->reply.body;

	s3_reply_header(&call->reply, "Content-Type", "application/xml");
	xml_declare(out);
	str_addf(out, "<%s xmlns=\"" S3_NAMESPACE "\">", root);
	return out;
}

static void put_time(struct str *out, const char *name, int64_t at_ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	isotime_add_ms(&text, at_ms);
	xml_put(out, name, text.text);
}

static void put_owner(struct str *out)
{
	xml_open(out, "Owner");
	xml_put(out, "ID", IDENTITY_ACCOUNT);
	xml_put(out, "DisplayName", "sandbox");
	xml_close(out, "Owner");
}

static bool list_buckets(struct s3_call *call, struct err *err)
{
	struct s3_store_buckets buckets = { 0 };
	struct str *out;
	bool done;

	done = s3_store_buckets(call->options->store, &buckets, err);
	if (done) {
		out = begin_xml(call, "ListAllMyBucketsResult");
		put_owner(out);
		xml_open(out, "Buckets");
		for (size_t i = 0; i < buckets.count; i++) {
			xml_open(out, "Bucket");
			xml_put(out, "Name", buckets.items[i].name);
			put_time(out, "CreationDate",
				 buckets.items[i].created_ms);
			xml_put(out, "BucketRegion",
				buckets.items[i].region[0] != '\0'
					? buckets.items[i].region
					: IDENTITY_REGION);
			xml_close(out, "Bucket");
		}
		xml_close(out, "Buckets");
		xml_close(out, "ListAllMyBucketsResult");
	}
	s3_store_buckets_done(&buckets);
	return done;
}

/* --- make, drop, look --- */

static bool is_ipv4(const char *name)
{
	int dots = 0;

	for (; *name != '\0'; name++) {
		if (*name == '.')
			dots++;
		else if (!isdigit((unsigned char)*name))
			return false;
	}
	return dots == 3;
}

/* S3 user guide, bucketnamingrules. */
static bool is_bucket_name(const char *name)
{
	static const char *const prefixes[] = { "xn--", "sthree-",
						"amzn-s3-demo-" };
	static const char *const suffixes[] = { "-s3alias", "--ol-s3", ".mrap",
						"--x-s3", "--table-s3" };
	size_t len = strlen(name);

	if (len < 3 || len > 63 || strstr(name, "..") != NULL ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") != len ||
	    !isalnum((unsigned char)name[0]) ||
	    !isalnum((unsigned char)name[len - 1]) || is_ipv4(name))
		return false;
	for (size_t i = 0; i < COUNT_OF(prefixes); i++)
		if (str_starts(name, prefixes[i]))
			return false;
	for (size_t i = 0; i < COUNT_OF(suffixes); i++)
		if (str_ends(name, suffixes[i]))
			return false;
	return true;
}

/* Does it look like eu-west-1? */
static bool is_region(const char *text)
{
	size_t parts = 0;
	const char *at = text;

	for (; islower((unsigned char)*at); parts++) {
		at += strspn(at, "abcdefghijklmnopqrstuvwxyz");
		if (*at++ != '-')
			return false;
	}
	return parts >= 2 && isdigit((unsigned char)at[0]) && at[1] == '\0';
}

/* Appends the region that the request asks for. us-east-1 is the region of
 * this endpoint, which S3 wants without a body; it makes buckets of any
 * other too. They are served here like the rest: only COPY and UNLOAD mind. */
static bool read_location(struct s3_call *call, struct str *out,
			  struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = NULL;
	const struct xml *root;
	const char *region;

	if (call->text.len == 0)
		return true;
	reader = xml_reader_new(0);
	if (!xml_reader_feed(reader, call->text.text, call->text.len, NULL) ||
	    (root = xml_reader_end(reader, NULL)) == NULL)
		return s3_call_refuse(err, "MalformedXML",
				      "The XML you provided was not"
				      " well-formed");
	region = xml_text(root, "LocationConstraint", NULL);
	if (region == NULL)
		return true;
	if (strcmp(region, IDENTITY_REGION) == 0 || !is_region(region))
		return s3_call_refuse(err, "InvalidLocationConstraint",
				      "The specified location-constraint is"
				      " not valid");
	str_add(out, region);
	return true;
}

static bool create_bucket(struct s3_call *call, struct err *err)
{
	const char *bucket = call->request.bucket;
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct err why = ERR_EMPTY;

	if (!is_bucket_name(bucket))
		return s3_call_refuse(err, "InvalidBucketName",
				      "The specified bucket is not valid.");
	if (!read_location(call, &region, err))
		return false;
	/* In us-east-1 making one's own bucket again is no error. */
	if (!s3_store_make_bucket(call->options->store, bucket, region.text,
				  &why) &&
	    strcmp(why.code, "BucketAlreadyOwnedByYou") != 0) {
		*err = why;
		return false;
	}
	s3_reply_headerf(&call->reply, "Location", "/%s", bucket);
	return true;
}

static bool delete_bucket(struct s3_call *call, struct err *err)
{
	call->reply.status = 204;
	return s3_store_drop_bucket(call->options->store, call->request.bucket,
				    err);
}

static bool head_bucket(struct s3_call *call, struct err *err)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	bool found = s3_store_region(call->options->store, call->request.bucket,
				     &region, err);

	s3_reply_header(&call->reply, "x-amz-bucket-region",
			region.len > 0 ? region.text : IDENTITY_REGION);
	s3_reply_header(&call->reply, "Content-Type", "application/xml");
	return found;
}

static bool get_location(struct s3_call *call, struct err *err)
{
	CLEANUP(str_done) struct str region = STR_EMPTY;
	struct str *out;

	if (!s3_store_region(call->options->store, call->request.bucket,
			     &region, err))
		return false;
	out = begin_xml(call, "LocationConstraint");
	str_add(out, region.text);
	xml_close(out, "LocationConstraint");
	return true;
}

/* --- listings --- */

/* What both listings have in common; texts are borrowed. */
struct view {
	struct s3_listing_query query;
	bool url_encoded;
	bool with_owner;
	struct s3_listing page;
};

/* encoding-type=url: by the rule of signatures, but '/' stays, as S3 has
 * it. Without it XML escapes suffice; controls cannot be told then. */
static void put_name(struct str *out, const struct view *view,
		     const char *element, const char *text)
{
	CLEANUP(str_done) struct str escaped = STR_EMPTY;

	if (!view->url_encoded) {
		xml_put(out, element, text);
		return;
	}
	url_escape(&escaped, text, strlen(text), URL_KEEP_SLASH);
	xml_put(out, element, escaped.text);
}

static bool read_view(const struct s3_call *call, struct view *view,
		      struct err *err)
{
	const struct s3_request *request = &call->request;
	const char *encoding = s3_request_param(request, "encoding-type");
	int64_t max;

	if (encoding != NULL && encoding[0] != '\0' &&
	    strcmp(encoding, "url") != 0)
		return s3_call_refuse(err, "InvalidArgument",
				      "Invalid Encoding Method specified in"
				      " Request");
	if (!s3_request_number(request, "max-keys", PAGE_MAX, PAGE_MAX, &max,
			       err))
		return false;
	view->url_encoded = encoding != NULL && encoding[0] != '\0';
	view->query.bucket = request->bucket;
	view->query.prefix = s3_request_param(request, "prefix");
	view->query.delimiter = s3_request_param(request, "delimiter");
	view->query.max = (size_t)max;
	return true;
}

static void put_object(struct str *out, const struct view *view,
		       const struct s3_store_object *object)
{
	CLEANUP(str_done) struct str etag = STR_EMPTY;

	str_addf(&etag, "\"%s\"", object->etag);
	xml_open(out, "Contents");
	put_name(out, view, "Key", object->key);
	put_time(out, "LastModified", object->modified_ms);
	xml_put(out, "ETag", etag.text);
	xml_put_number(out, "Size", object->bytes);
	if (view->with_owner)
		put_owner(out);
	xml_put(out, "StorageClass", "STANDARD");
	xml_close(out, "Contents");
}

static void put_items(struct str *out, const struct view *view)
{
	for (size_t i = 0; i < view->page.count; i++)
		if (!view->page.items[i].is_prefix)
			put_object(out, view, &view->page.items[i]);
	for (size_t i = 0; i < view->page.count; i++) {
		if (!view->page.items[i].is_prefix)
			continue;
		xml_open(out, "CommonPrefixes");
		put_name(out, view, "Prefix", view->page.items[i].key);
		xml_close(out, "CommonPrefixes");
	}
}

static void put_query(struct str *out, const struct view *view)
{
	xml_put(out, "Name", view->query.bucket);
	put_name(out, view, "Prefix",
		 view->query.prefix == NULL ? "" : view->query.prefix);
	if (view->query.delimiter != NULL)
		put_name(out, view, "Delimiter", view->query.delimiter);
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
	struct str *out = begin_xml(call, "ListBucketResult");

	put_query(out, view);
	xml_put_number(out, "KeyCount", (int64_t)view->page.count);
	if (token != NULL)
		xml_put(out, "ContinuationToken", token);
	if (start != NULL)
		put_name(out, view, "StartAfter", start);
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
		out = begin_xml(call, "ListBucketResult");
		put_query(out, &view);
		put_name(out, &view, "Marker", marker == NULL ? "" : marker);
		if (view.page.truncated && delimiter != NULL)
			put_name(out, &view, "NextMarker",
				 view.page.items[view.page.count - 1].key);
		put_items(out, &view);
		xml_close(out, "ListBucketResult");
	}
	s3_listing_done(&view.page);
	return done;
}

/* --- delete many --- */

static void delete_one(struct s3_call *call, const struct xml *object,
		       bool quiet, struct str *out)
{
	const char *key = xml_text(object, "Key", "");
	const char *etag = xml_text(object, "ETag", NULL);
	struct err why = ERR_EMPTY;

	if (xml_at(object, "VersionId") != NULL)
		s3_call_refuse(&why, "NotImplemented",
			       "versions are not implemented");
	else if (s3_store_delete(call->options->store, call->request.bucket,
				 key, etag, &why)) {
		if (quiet)
			return;
		xml_open(out, "Deleted");
		xml_put(out, "Key", key);
		xml_close(out, "Deleted");
		return;
	}
	xml_open(out, "Error");
	xml_put(out, "Key", key);
	xml_put(out, "Code", why.kind == ERR_AWS ? why.code : "InternalError");
	xml_put(out, "Message", why.message);
	xml_close(out, "Error");
}

/* <Delete> of 1 to 1,000 <Object>s, each with a <Key>. */
static bool is_delete(const struct xml *root)
{
	size_t count = 0;

	if (root == NULL || strcmp(root->name, "Delete") != 0)
		return false;
	for (const struct xml *object = xml_at(root, "Object"); object != NULL;
	     object = xml_next(object)) {
		if (xml_text(object, "Key", "")[0] == '\0')
			return false;
		count++;
	}
	return count > 0 && count <= PAGE_MAX;
}

static bool delete_objects(struct s3_call *call, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = NULL;
	const struct xml *object;
	struct str *out;

	if (!s3_body_has_digest(call->body))
		return s3_call_refuse(err, "InvalidRequest",
				      "Missing required header for this"
				      " request: Content-MD5 OR"
				      " x-amz-checksum-*");
	if (xml_reader_feed(reader, call->text.text, call->text.len, NULL))
		root = xml_reader_end(reader, NULL);
	if (!is_delete(root))
		return s3_call_refuse(err, "MalformedXML",
				      "The XML you provided was not"
				      " well-formed or did not validate"
				      " against our published schema");
	if (!s3_store_has_bucket(call->options->store, call->request.bucket,
				 err))
		return false;
	out = begin_xml(call, "DeleteResult");
	for (object = xml_at(root, "Object"); object; object = xml_next(object))
		delete_one(call, object, xml_bool(root, "Quiet", false), out);
	xml_close(out, "DeleteResult");
	return true;
}

const struct s3_op s3_bucket_ops[] = {
	{ "ListBuckets", "GET", S3_ON_SERVICE, NULL, NULL, S3_TAKES_NOTHING, "",
	  list_buckets },
	{ "GetBucketLocation", "GET", S3_ON_BUCKET, "location", NULL,
	  S3_TAKES_NOTHING, "", get_location },
	{ "ListObjectsV2", "GET", S3_ON_BUCKET, "list-type", NULL,
	  S3_TAKES_NOTHING,
	  "prefix delimiter max-keys continuation-token start-after"
	  " encoding-type fetch-owner",
	  list_v2 },
	{ "ListObjects", "GET", S3_ON_BUCKET, NULL, NULL, S3_TAKES_NOTHING,
	  "prefix delimiter max-keys marker encoding-type", list_v1 },
	{ "CreateBucket", "PUT", S3_ON_BUCKET, NULL, NULL, S3_TAKES_TEXT, "",
	  create_bucket },
	{ "HeadBucket", "HEAD", S3_ON_BUCKET, NULL, NULL, S3_TAKES_NOTHING, "",
	  head_bucket },
	{ "DeleteBucket", "DELETE", S3_ON_BUCKET, NULL, NULL, S3_TAKES_NOTHING,
	  "", delete_bucket },
	{ "DeleteObjects", "POST", S3_ON_BUCKET, "delete", NULL, S3_TAKES_TEXT,
	  "", delete_objects },
	{ 0 },
};
