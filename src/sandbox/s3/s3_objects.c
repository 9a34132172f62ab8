/* The operations on objects: s3_object_ops. */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/encode.h"
#include "data/hash.h"
#include "data/isotime.h"
#include "data/xml.h"
#include "sandbox/s3/checksum.h"
#include "sandbox/s3/s3_body.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_copy.h"
#include "sandbox/s3/s3_encrypt.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_keep.h"
#include "sandbox/s3/s3_range.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/s3/s3_sums.h"
#include "sandbox/s3/s3_xml.h"

#define COPY_BYTES_MAX (INT64_C(5) << 30)

/* --- get and head --- */

static void put_version(struct s3_call *call, const char *version)
{
	if (call->bucket.versioning != S3_VERSIONING_OFF)
		s3_reply_header(&call->reply, "x-amz-version-id", version);
}

static void put_facts(struct s3_call *call,
		      const struct s3_store_object *object, bool ranged)
{
	const char *mode =
		s3_request_header(&call->request, "x-amz-checksum-mode");
	CLEANUP(str_done) struct str time = STR_EMPTY;
	struct s3_reply *reply = &call->reply;

	isotime_add_http(&time, object->modified_ms);
	s3_reply_header(reply, "Last-Modified", time.text);
	s3_reply_headerf(reply, "ETag", "\"%s\"", object->etag);
	s3_reply_header(reply, "Accept-Ranges", "bytes");
	if (strstr(object->headers, "x-amz-server-side-encryption:") == NULL)
		s3_reply_header(reply, "x-amz-server-side-encryption",
				"AES256");
	put_version(call, object->version);
	s3_keep_reply(&call->request, object,
		      !ranged && mode != NULL &&
			      str_equal_nocase(mode, "ENABLED"),
		      reply);
}

static bool answer_range(struct s3_call *call,
			 const struct s3_store_object *object, struct err *err)
{
	struct s3_range range;
	struct s3_reply *reply = &call->reply;

	if (!s3_range_read(call, object, &range, err))
		return false;
	put_facts(call, object, range.partial);
	reply->offset = range.first;
	reply->length = range.last - range.first + 1;
	if (range.parts > 0)
		s3_reply_headerf(reply, "x-amz-mp-parts-count", "%d",
				 range.parts);
	if (range.partial) {
		reply->status = 206;
		s3_reply_headerf(reply, "Content-Range", "bytes %lld-%lld/%lld",
				 (long long)range.first, (long long)range.last,
				 (long long)object->bytes);
	}
	return true;
}

/* What is archived must be restored before it is read. */
static bool check_archive(struct s3_call *call,
			  const struct s3_store_object *object, struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(mem_freep)
	char *restored = s3_keep_value(object->headers, "x-amz-restore");

	s3_keep_class(object->headers, &name);
	if (restored != NULL || (strcmp(name.text, "GLACIER") != 0 &&
				 strcmp(name.text, "DEEP_ARCHIVE") != 0))
		return true;
	xml_put(&call->reply.extra, "StorageClass", name.text);
	return s3_call_refuse(err, "InvalidObjectState",
			      "The operation is not valid for the object's"
			      " storage class");
}

static bool find(struct s3_call *call, struct s3_store_object *object,
		 int *out_fd, struct err *err)
{
	const struct s3_store_which which = {
		.bucket = call->request.bucket,
		.key = call->request.key,
		.version = s3_request_param(&call->request, "versionId"),
	};
	struct s3_reply *reply = &call->reply;
	CLEANUP(str_done) struct str time = STR_EMPTY;

	if (s3_store_find(call->options->store, &which, object, out_fd, err))
		return true;
	if (!object->is_marker)
		return false;
	s3_reply_always(reply, "x-amz-delete-marker", "true");
	s3_reply_always(reply, "x-amz-version-id", object->version);
	isotime_add_http(&time, object->modified_ms);
	if (which.version != NULL) {
		s3_reply_always(reply, "Last-Modified", time.text);
		s3_reply_always(reply, "Allow", "DELETE");
	}
	return false;
}

static bool check_overrides(const struct s3_call *call, struct err *err)
{
	const struct s3_pairs *query = &call->request.query;

	for (size_t i = 0; call->anonymous && i < query->count; i++)
		if (str_starts(query->items[i].name, "response-"))
			return s3_call_refuse(
				err, "InvalidRequest",
				"Request specific response headers cannot be"
				" used for anonymous GET requests.");
	return true;
}

/* What a key of KMS has locked is not read while the key cannot be used. */
static bool check_key(const struct s3_call *call,
		      const struct s3_store_object *object, struct err *err)
{
	const struct account_key *key = s3_encrypt_key(object->headers);

	return key == NULL || s3_encrypt_check_state(call->options->identity,
						     key, err);
}

/* HEAD too opens the body: s3_http sends its length and no byte of it. */
static bool get_object(struct s3_call *call, struct err *err)
{
	CLEANUP(s3_store_object_done)
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	bool reads = strcmp(call->request.method, "GET") == 0;

	return check_overrides(call, err) &&
	       s3_encrypt_check_customer(call, err) &&
	       find(call, &object, &call->reply.fd, err) &&
	       s3_keep_check(&call->request, "", &object, err) &&
	       (!reads || (check_archive(call, &object, err) &&
			   check_key(call, &object, err))) &&
	       answer_range(call, &object, err);
}

/* --- put --- */

static bool prepare_put(struct s3_call *call, struct err *err)
{
	if (strlen(call->request.key) > S3_STORE_KEY_BYTES_MAX)
		return s3_call_refuse(err, "KeyTooLongError",
				      "Your key is too long");
	if (!s3_body_check_length(call->body, err) ||
	    !s3_keep_headers(&call->request, &call->kept, err) ||
	    !s3_encrypt_read(call, &call->kept, err))
		return false;
	s3_body_want(call->body, S3_SUMS_USUAL);
	if (s3_encrypt_is_kms(call->kept.text))
		s3_store_skip_md5(call->writer);
	return true;
}

/* Of objects whose ETag says nothing of their bytes. */
static void random_etag(struct str *out)
{
	unsigned char random[16];

	hash_random(random, sizeof(random));
	encode_hex(out, random, sizeof(random));
}

static bool put_object(struct s3_call *call, struct err *err)
{
	CLEANUP(mem_freep) char *etag = NULL;
	CLEANUP(str_done) struct str own = STR_EMPTY;
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	struct s3_store_put put = {
		.bucket = call->request.bucket,
		.key = call->request.key,
	};

	if (!s3_keep_condition(&call->request, &put, &etag, err))
		return false;
	s3_sums_keep(&call->kept, s3_body_algorithm(call->body),
		     s3_body_checksum(call->body), false);
	put.headers = call->kept.text;
	if (s3_encrypt_is_kms(call->kept.text)) {
		random_etag(&own);
		put.etag = own.text;
	}
	if (!s3_store_put(call->writer, &put, &object, err))
		return false;
	s3_reply_headerf(&call->reply, "ETag", "\"%s\"", object.etag);
	s3_keep_some(call->kept.text, "x-amz-server-side-encryption",
		     &call->reply);
	s3_keep_some(call->kept.text, "x-amz-checksum-", &call->reply);
	put_version(call, object.version);
	return true;
}

/* --- copy --- */

/* REPLACE takes the request's headers, COPY the source's. Encryption and
 * storage class are the request's in any case. */
static bool copy_headers(struct s3_call *call,
			 const struct s3_store_object *source, struct str *out,
			 struct err *err)
{
	const struct s3_request *request = &call->request;
	const char *how =
		s3_request_header(request, "x-amz-metadata-directive");
	const char *class = s3_request_header(request, "x-amz-storage-class");

	if (!s3_encrypt_read(call, out, err))
		return false;
	if (how != NULL && strcmp(how, "REPLACE") == 0)
		return s3_keep_headers(request, out, err);
	s3_keep_metadata(source->headers, out);
	if (class != NULL && strcmp(class, "STANDARD") != 0)
		str_addf(out, "x-amz-storage-class: %s\n", class);
	return true;
}

static bool check_self(const struct s3_call *call,
		       const struct s3_copy_source *source, struct err *err)
{
	const struct s3_request *request = &call->request;
	const char *how =
		s3_request_header(request, "x-amz-metadata-directive");

	if (source->object.bytes > COPY_BYTES_MAX)
		return s3_call_refuse(err, "InvalidRequest",
				      "The specified copy source is larger than"
				      " the maximum allowable size for a copy"
				      " source: 5368709120");
	if (strcmp(source->bucket, request->bucket) != 0 ||
	    strcmp(source->key, request->key) != 0 ||
	    source->version != NULL ||
	    (how != NULL && strcmp(how, "REPLACE") == 0) ||
	    s3_request_header(request, "x-amz-storage-class") != NULL ||
	    s3_request_header(request, "x-amz-server-side-encryption") != NULL)
		return true;
	return s3_call_refuse(err, "InvalidRequest",
			      "This copy request is illegal because it is"
			      " trying to copy an object to itself without"
			      " changing the object's metadata, storage class,"
			      " website redirect location or encryption"
			      " attributes.");
}

/* Counts the checksum that the request names, else the source's, else S3's.
 */
static struct checksum *copied_sum(const struct s3_call *call,
				   const struct s3_copy_source *source,
				   struct err *err)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;
	const char *wanted;
	const char *kept;
	bool composite;
	bool given;

	wanted = s3_sums_wanted(call, &given, err);
	if (wanted == NULL)
		return NULL;
	if (!given && s3_sums_find(source->object.headers, &kept, &value,
				   &composite))
		wanted = kept;
	return checksum_new(wanted);
}

static bool store_copy(struct s3_call *call, struct s3_copy_source *source,
		       struct str *headers, struct s3_store_object *out,
		       struct err *err)
{
	CLEANUP(s3_store_writer_freep) struct s3_store_writer *writer = NULL;
	CLEANUP(checksum_freep) struct checksum *sum = NULL;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	CLEANUP(str_done) struct str own = STR_EMPTY;
	CLEANUP(mem_freep) char *etag = NULL;
	struct s3_store_put put = {
		.bucket = call->request.bucket,
		.key = call->request.key,
	};

	sum = copied_sum(call, source, err);
	if (sum == NULL ||
	    !s3_keep_condition(&call->request, &put, &etag, err))
		return false;
	writer = s3_store_begin(call->options->store, err);
	if (writer == NULL ||
	    !s3_copy_bytes(source, 0, source->object.bytes, writer, sum, err))
		return false;
	checksum_finish(sum, &value);
	s3_sums_keep(headers, checksum_name(sum), value.text, false);
	put.headers = headers->text;
	if (s3_encrypt_is_kms(headers->text)) {
		random_etag(&own);
		put.etag = own.text;
	}
	return s3_store_put(writer, &put, out, err);
}

static bool copy_object(struct s3_call *call, struct err *err)
{
	CLEANUP(s3_copy_source_done) struct s3_copy_source source = { 0 };
	CLEANUP(str_done) struct str headers = STR_EMPTY;
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;

	if (!s3_copy_source_open(&source, call, err) ||
	    !check_self(call, &source, err) ||
	    !check_archive(call, &source.object, err) ||
	    !copy_headers(call, &source.object, &headers, err) ||
	    !store_copy(call, &source, &headers, &object, err))
		return false;
	object.headers = headers.text;
	s3_copy_result(call, "CopyObjectResult", &source, &object);
	put_version(call, object.version);
	s3_keep_some(headers.text, "x-amz-server-side-encryption",
		     &call->reply);
	return true;
}

/* --- others --- */

/* Objects here have no tags, since setting them is refused. */
static bool get_tagging(struct s3_call *call, struct err *err)
{
	CLEANUP(s3_store_object_done)
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;

	if (!find(call, &object, NULL, err))
		return false;
	s3_reply_header(&call->reply, "Content-Type", "application/xml");
	put_version(call, object.version);
	xml_declare(&call->reply.body);
	str_add(&call->reply.body, "<Tagging><TagSet></TagSet></Tagging>");
	return true;
}

static bool asks_for(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = list; at != NULL; at = strchr(at, ',')) {
		at += strspn(at, ", ");
		if (strncmp(at, name, len) == 0 &&
		    (at[len] == '\0' || at[len] == ',' || at[len] == ' '))
			return true;
	}
	return false;
}

static void put_attributes(struct s3_call *call, const char *list,
			   const struct s3_store_object *object)
{
	struct str *out = s3_xml_begin(call, "GetObjectAttributesResponse");
	CLEANUP(str_done) struct str class = STR_EMPTY;
	int parts = s3_range_parts(object->headers);

	s3_keep_class(object->headers, &class);
	if (asks_for(list, "ETag"))
		xml_put(out, "ETag", object->etag);
	if (asks_for(list, "Checksum")) {
		xml_open(out, "Checksum");
		s3_sums_put_kept(out, object->headers);
		xml_close(out, "Checksum");
	}
	if (asks_for(list, "ObjectParts") && parts > 0) {
		xml_open(out, "ObjectParts");
		xml_put_number(out, "PartsCount", parts);
		xml_close(out, "ObjectParts");
	}
	if (asks_for(list, "StorageClass"))
		xml_put(out, "StorageClass", class.text);
	if (asks_for(list, "ObjectSize"))
		xml_put_number(out, "ObjectSize", object->bytes);
	xml_close(out, "GetObjectAttributesResponse");
}

static bool get_attributes(struct s3_call *call, struct err *err)
{
	const char *list = s3_request_header(&call->request,
					     "x-amz-object-attributes");
	CLEANUP(s3_store_object_done)
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	CLEANUP(str_done) struct str time = STR_EMPTY;

	if (list == NULL || list[0] == '\0')
		return s3_call_refuse(err, "InvalidArgument",
				      "The x-amz-object-attributes header"
				      " specifying the attributes to be"
				      " retrieved is either missing or empty");
	if (!find(call, &object, NULL, err))
		return false;
	isotime_add_http(&time, object.modified_ms);
	s3_reply_header(&call->reply, "Last-Modified", time.text);
	put_version(call, object.version);
	put_attributes(call, list, &object);
	return true;
}

/* At once, where S3 takes hours. */
static bool restore(struct s3_call *call, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root =
		s3_xml_read(call, reader, "RestoreRequest", err);
	CLEANUP(s3_store_object_done)
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	CLEANUP(str_done) struct str headers = STR_EMPTY;
	CLEANUP(str_done) struct str time = STR_EMPTY;
	int64_t days = xml_number(root, "Days", 0);
	struct s3_store_which which = { .bucket = call->request.bucket,
					.key = call->request.key };

	if (root == NULL || !find(call, &object, NULL, err))
		return false;
	if (days < 1)
		return s3_call_refuse(err, "MalformedXML",
				      "The XML you provided was not well-formed"
				      " or did not validate against our"
				      " published schema");
	if (strstr(object.headers, "x-amz-restore:") != NULL)
		return true; /* 200: it is there */
	if (check_archive(call, &object, NULL))
		return s3_call_refuse(err, "InvalidObjectState",
				      "Restore is not allowed for the object's"
				      " current storage class");
	str_clear(&call->reply.extra);
	isotime_add_http(&time, clock_wall_ms() + days * 24 * 3600 * 1000);
	str_addf(&headers,
		 "%sx-amz-restore: ongoing-request=\"false\","
		 " expiry-date=\"%s\"\n",
		 object.headers, time.text);
	which.version = object.version;
	call->reply.status = 202;
	return s3_store_set_headers(call->options->store, &which,
				    headers.text, err);
}

#define RESPONSE_PARAMS                                                        \
	"versionId partNumber"                                                 \
	" response-content-type response-cache-control"                        \
	" response-content-disposition response-content-encoding"              \
	" response-content-language response-expires"

const struct s3_op s3_object_ops[] = {
	{ "GetObjectTagging", "GET", S3_ON_OBJECT, "tagging", NULL,
	  S3_TAKES_NOTHING, "versionId", get_tagging, NULL },
	{ "GetObjectAttributes", "GET", S3_ON_OBJECT, "attributes", NULL,
	  S3_TAKES_NOTHING, "versionId", get_attributes, NULL },
	{ "GetObject", "GET", S3_ON_OBJECT, NULL, NULL, S3_TAKES_NOTHING,
	  RESPONSE_PARAMS, get_object, NULL },
	{ "HeadObject", "HEAD", S3_ON_OBJECT, NULL, NULL, S3_TAKES_NOTHING,
	  RESPONSE_PARAMS, get_object, NULL },
	{ "CopyObject", "PUT", S3_ON_OBJECT, NULL, "x-amz-copy-source",
	  S3_TAKES_NOTHING, "", copy_object, NULL },
	{ "PutObject", "PUT", S3_ON_OBJECT, NULL, NULL, S3_TAKES_OBJECT, "",
	  put_object, prepare_put },
	{ "RestoreObject", "POST", S3_ON_OBJECT, "restore", NULL,
	  S3_TAKES_TEXT, "versionId", restore, NULL },
	{ 0 },
};
