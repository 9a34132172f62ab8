/* The operations on buckets: s3_bucket_ops. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/xml.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_host.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/s3/s3_xml.h"

enum { BUCKETS_PAGE_MAX = 10000 };

static const char *region_of(const struct s3_store_bucket *bucket)
{
	return bucket->region[0] != '\0' ? bucket->region : IDENTITY_REGION;
}

/* --- all of them --- */

struct choice {
	const char *prefix;
	const char *region;
	struct str after; /* name of the last one told; "": none */
	int64_t max;
};

static bool read_choice(struct s3_call *call, struct choice *out,
			struct err *err)
{
	const struct s3_request *request = &call->request;
	const char *token = s3_request_param(request, "continuation-token");
	const char *max = s3_request_param(request, "max-buckets");

	out->prefix = s3_request_param(request, "prefix");
	out->region = s3_request_param(request, "bucket-region");
	out->max = BUCKETS_PAGE_MAX;
	if (max != NULL) {
		if (!s3_request_number(request, "max-buckets", 0,
				       INT64_MAX, &out->max, err))
			return false;
		if (out->max < 1 || out->max > BUCKETS_PAGE_MAX)
			return s3_call_refuse(err, "InvalidArgument",
					      "max-buckets must be between 1"
					      " and 10000");
	}
	if (out->region != NULL && !s3_host_is_region(out->region))
		return s3_call_refuse(err, "InvalidArgument",
				      "Argument value %s is not a valid AWS"
				      " Region",
				      out->region);
	return token == NULL ||
	       encode_unbase64(&out->after, token, strlen(token)) ||
	       s3_call_refuse(err, "InvalidArgument",
			      "The continuation token provided is incorrect");
}

static bool is_chosen(const struct s3_store_bucket *bucket,
		      const struct choice *choice)
{
	return (choice->prefix == NULL ||
		str_starts(bucket->name, choice->prefix)) &&
	       (choice->region == NULL ||
		strcmp(choice->region, region_of(bucket)) == 0) &&
	       strcmp(bucket->name, choice->after.text) > 0;
}

static void put_bucket(struct str *out, const struct s3_store_bucket *bucket)
{
	xml_open(out, "Bucket");
	xml_put(out, "Name", bucket->name);
	s3_xml_time(out, "CreationDate", bucket->created_ms);
	xml_put(out, "BucketRegion", region_of(bucket));
	xml_close(out, "Bucket");
}

static void write_buckets(struct s3_call *call,
			  const struct s3_store_buckets *buckets,
			  const struct choice *choice)
{
	struct str *out = s3_xml_begin(call, "ListAllMyBucketsResult");
	const struct s3_store_bucket *last = NULL;
	CLEANUP(str_done) struct str token = STR_EMPTY;
	int64_t left = choice->max;

	s3_xml_owner(out, "Owner");
	xml_open(out, "Buckets");
	for (size_t i = 0; i < buckets->count; i++) {
		const struct s3_store_bucket *bucket = &buckets->items[i];

		if (!is_chosen(bucket, choice))
			continue;
		if (left-- == 0) {
			encode_base64(&token, last->name, strlen(last->name));
			break;
		}
		put_bucket(out, bucket);
		last = bucket;
	}
	xml_close(out, "Buckets");
	if (token.len > 0)
		xml_put(out, "ContinuationToken", token.text);
	if (choice->prefix != NULL)
		xml_put(out, "Prefix", choice->prefix);
	xml_close(out, "ListAllMyBucketsResult");
}

static bool list_buckets(struct s3_call *call, struct err *err)
{
	struct s3_store_buckets buckets = { 0 };
	struct choice choice = { .after = STR_EMPTY };
	bool done = read_choice(call, &choice, err) &&
		    s3_store_buckets(call->options->store, &buckets, err);

	if (done)
		write_buckets(call, &buckets, &choice);
	s3_store_buckets_done(&buckets);
	str_done(&choice.after);
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

static bool illegal(struct err *err, const char *region)
{
	return s3_call_refuse(err, "IllegalLocationConstraintException",
			      "The %s location constraint is incompatible for"
			      " the region specific endpoint this request was"
			      " sent to.",
			      region);
}

/* Appends the region that the request asks for, nothing for our own.
 * us-east-1 wants no body and makes buckets of any region; the endpoints of
 * others, which are those that sign for another, make only their own. */
static bool read_location(struct s3_call *call, struct str *out,
			  struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const char *here = call->auth.claim.region.text;
	bool at_home = strcmp(here, IDENTITY_REGION) == 0;
	const struct xml *root;
	const char *region;

	if (call->text.len == 0)
		return at_home || illegal(err, "unspecified");
	root = s3_xml_read(call, reader, "CreateBucketConfiguration", err);
	if (root == NULL)
		return false;
	region = xml_text(root, "LocationConstraint", NULL);
	if (region == NULL || region[0] == '\0')
		return at_home || illegal(err, "unspecified");
	if (strcmp(region, "EU") == 0)
		region = "eu-west-1";
	if (!s3_host_is_region(region) ||
	    (at_home && strcmp(region, IDENTITY_REGION) == 0))
		return s3_call_refuse(err, "InvalidLocationConstraint",
				      "The specified location-constraint is"
				      " not valid");
	if (!at_home && strcmp(region, here) != 0)
		return illegal(err, region);
	str_add(out, region);
	return true;
}

static bool create_bucket(struct s3_call *call, struct err *err)
{
	const char *bucket = call->request.bucket;
	CLEANUP(str_done) struct str region = STR_EMPTY;

	if (!is_bucket_name(bucket))
		return s3_call_refuse(err, "InvalidBucketName",
				      "The specified bucket is not valid.");
	if (!read_location(call, &region, err))
		return false;
	/* In us-east-1 making one's own bucket again is no error. */
	if (call->bucket.name != NULL && call->bucket.region[0] == '\0' &&
	    region.len == 0) {
		s3_reply_headerf(&call->reply, "Location", "/%s", bucket);
		return true;
	}
	if (!s3_store_make_bucket(call->options->store, bucket, region.text,
				  err))
		return false;
	if (region.len == 0)
		s3_reply_headerf(&call->reply, "Location", "/%s", bucket);
	else
		s3_reply_headerf(&call->reply, "Location",
				 "http://%s.s3.amazonaws.com/", bucket);
	return true;
}

static bool delete_bucket(struct s3_call *call, struct err *err)
{
	call->reply.status = 204;
	return s3_store_drop_bucket(call->options->store, call->request.bucket,
				    err);
}

static bool need_bucket(const struct s3_call *call, struct err *err)
{
	return call->bucket.name != NULL ||
	       s3_call_refuse(err, "NoSuchBucket",
			      "The specified bucket does not exist");
}

static bool head_bucket(struct s3_call *call, struct err *err)
{
	if (!need_bucket(call, err))
		return false;
	s3_reply_header(&call->reply, "x-amz-bucket-region",
			region_of(&call->bucket));
	s3_reply_header(&call->reply, "x-amz-access-point-alias", "false");
	s3_reply_header(&call->reply, "Content-Type", "application/xml");
	return true;
}

static bool get_location(struct s3_call *call, struct err *err)
{
	struct str *out;

	if (!need_bucket(call, err))
		return false;
	out = s3_xml_begin(call, "LocationConstraint");
	str_add(out, call->bucket.region);
	xml_close(out, "LocationConstraint");
	return true;
}

const struct s3_op s3_bucket_ops[] = {
	{ "ListBuckets", "GET", S3_ON_SERVICE, NULL, NULL, S3_TAKES_NOTHING,
	  "max-buckets continuation-token prefix bucket-region", list_buckets,
	  NULL },
	{ "GetBucketLocation", "GET", S3_ON_BUCKET, "location", NULL,
	  S3_TAKES_NOTHING, "", get_location, NULL },
	{ "CreateBucket", "PUT", S3_ON_BUCKET, NULL, NULL, S3_TAKES_TEXT, "",
	  create_bucket, NULL },
	{ "HeadBucket", "HEAD", S3_ON_BUCKET, NULL, NULL, S3_TAKES_NOTHING, "",
	  head_bucket, NULL },
	{ "DeleteBucket", "DELETE", S3_ON_BUCKET, NULL, NULL, S3_TAKES_NOTHING,
	  "", delete_bucket, NULL },
	{ 0 },
};
