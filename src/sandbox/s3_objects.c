/* The operations on objects: s3_object_ops. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/xml.h"
#include "sandbox/s3_body.h"
#include "sandbox/s3_call.h"
#include "sandbox/s3_copy.h"
#include "sandbox/s3_http.h"
#include "sandbox/s3_keep.h"
#include "sandbox/s3_store.h"

/* --- get and head --- */

struct range {
	int64_t first;
	int64_t last; /* inclusive */
};

/* "bytes=a-b", "bytes=a-", "bytes=-n". S3 ignores what is not of that
 * shape. Returns 0: no range, 1: one, -1: none of the object's bytes. */
static int parse_range(const char *text, int64_t bytes, struct range *out)
{
	static const char unit[] = "bytes=";
	char *end;

	if (text == NULL || !str_starts(text, unit) ||
	    strchr(text, ',') != NULL)
		return 0;
	text += sizeof(unit) - 1;
	errno = 0;
	if (*text == '-' && isdigit((unsigned char)text[1])) {
		int64_t tail = strtoll(text + 1, &end, 10);

		if (*end != '\0' || errno != 0)
			return 0;
		out->first = tail > bytes ? 0 : bytes - tail;
		out->last = bytes - 1;
		return tail == 0 || bytes == 0 ? -1 : 1;
	}
	if (!isdigit((unsigned char)*text))
		return 0;
	out->first = strtoll(text, &end, 10);
	if (*end != '-')
		return 0;
	text = end + 1;
	out->last = bytes - 1;
	if (isdigit((unsigned char)*text)) {
		out->last = strtoll(text, &end, 10);
		text = end;
	}
	if (*text != '\0' || errno != 0 || out->last < 0)
		return *text == '\0' && bytes == 0 ? -1 : 0;
	if (out->first >= bytes)
		return -1;
	if (out->last < out->first)
		return 0;
	if (out->last >= bytes)
		out->last = bytes - 1;
	return 1;
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
	s3_reply_header(reply, "x-amz-server-side-encryption", "AES256");
	s3_keep_reply(&call->request, object,
		      !ranged && mode != NULL &&
			      str_equal_nocase(mode, "ENABLED"),
		      reply);
}

static bool answer_range(struct s3_call *call,
			 const struct s3_store_object *object, struct err *err)
{
	const char *text = s3_request_header(&call->request, "range");
	struct range range = { 0, object->bytes - 1 };
	int found = parse_range(text, object->bytes, &range);
	struct s3_reply *reply = &call->reply;

	if (found < 0) {
		xml_put(&reply->extra, "RangeRequested", text);
		xml_put_number(&reply->extra, "ActualObjectSize",
			       object->bytes);
		return s3_call_refuse(err, "InvalidRange",
				      "The requested range is not"
				      " satisfiable");
	}
	put_facts(call, object, found > 0);
	reply->offset = found > 0 ? range.first : 0;
	reply->length =
		found > 0 ? range.last - range.first + 1 : object->bytes;
	if (found > 0) {
		reply->status = 206;
		s3_reply_headerf(reply, "Content-Range", "bytes %lld-%lld/%lld",
				 (long long)range.first, (long long)range.last,
				 (long long)object->bytes);
	}
	return true;
}

/* HEAD too opens the body: s3_http sends its length and no byte of it. */
static bool get_object(struct s3_call *call, struct err *err)
{
	CLEANUP(s3_store_object_done)
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;

	call->reply.fd =
		s3_store_get(call->options->store, call->request.bucket,
			     call->request.key, &object, err);
	return call->reply.fd >= 0 &&
	       s3_keep_check(&call->request, "", &object, err) &&
	       answer_range(call, &object, err);
}

/* --- put and delete --- */

static bool put_object(struct s3_call *call, struct err *err)
{
	CLEANUP(str_done) struct str headers = STR_EMPTY;
	CLEANUP(mem_freep) char *etag = NULL;
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	struct s3_store_put put = {
		.bucket = call->request.bucket,
		.key = call->request.key,
	};

	if (!s3_keep_headers(&call->request, &headers, err) ||
	    !s3_keep_condition(&call->request, &put, &etag, err))
		return false;
	s3_body_add_checksums(call->body, &headers);
	put.headers = headers.text;
	if (!s3_store_put(call->writer, &put, &object, err))
		return false;
	s3_reply_headerf(&call->reply, "ETag", "\"%s\"", object.etag);
	s3_reply_header(&call->reply, "x-amz-server-side-encryption", "AES256");
	s3_body_add_checksums(call->body, &call->reply.headers);
	return true;
}

static bool delete_object(struct s3_call *call, struct err *err)
{
	CLEANUP(mem_freep)
	char *etag = s3_request_etag(&call->request, "if-match");

	call->reply.status = 204;
	return s3_store_delete(call->options->store, call->request.bucket,
			       call->request.key, etag, err);
}

/* --- copy --- */

/* REPLACE takes the request's headers, COPY the source's. */
static bool copy_headers(struct s3_call *call,
			 const struct s3_store_object *source, struct str *out,
			 struct err *err)
{
	const char *how =
		s3_request_header(&call->request, "x-amz-metadata-directive");

	if (how != NULL && strcmp(how, "REPLACE") == 0)
		return s3_keep_headers(&call->request, out, err);
	str_add(out, source->headers);
	return true;
}

static bool check_self(const struct s3_call *call,
		       const struct s3_copy_source *source, struct err *err)
{
	if (strcmp(source->bucket, call->request.bucket) != 0 ||
	    strcmp(source->key, call->request.key) != 0 ||
	    s3_request_header(&call->request, "x-amz-metadata-directive") !=
		    NULL)
		return true;
	return s3_call_refuse(err, "InvalidRequest",
			      "This copy request is illegal because it is"
			      " trying to copy an object to itself without"
			      " changing the object's metadata, storage class,"
			      " website redirect location or encryption"
			      " attributes.");
}

static bool copy_object(struct s3_call *call, struct err *err)
{
	CLEANUP(s3_copy_source_done) struct s3_copy_source source = { 0 };
	CLEANUP(s3_store_writer_freep) struct s3_store_writer *writer = NULL;
	CLEANUP(str_done) struct str headers = STR_EMPTY;
	CLEANUP(mem_freep) char *etag = NULL;
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	struct s3_store_put put = {
		.bucket = call->request.bucket,
		.key = call->request.key,
	};

	if (!s3_copy_source_open(&source, call, err) ||
	    !check_self(call, &source, err) ||
	    !copy_headers(call, &source.object, &headers, err) ||
	    !s3_keep_condition(&call->request, &put, &etag, err))
		return false;
	writer = s3_store_begin(call->options->store, err);
	put.headers = headers.text;
	if (writer == NULL ||
	    !s3_copy_bytes(&source, 0, source.object.bytes, writer, err) ||
	    !s3_store_put(writer, &put, &object, err))
		return false;
	s3_copy_result(call, "CopyObjectResult", object.etag,
		       object.modified_ms);
	return true;
}

/* Objects here have no tags, since setting them is refused. */
static bool get_tagging(struct s3_call *call, struct err *err)
{
	CLEANUP(s3_store_object_done)
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;

	if (!s3_store_head(call->options->store, call->request.bucket,
			   call->request.key, &object, err))
		return false;
	s3_reply_header(&call->reply, "Content-Type", "application/xml");
	xml_declare(&call->reply.body);
	str_add(&call->reply.body, "<Tagging><TagSet></TagSet></Tagging>");
	return true;
}

#define RESPONSE_PARAMS                                                        \
	"response-content-type response-cache-control"                         \
	" response-content-disposition response-content-encoding"              \
	" response-content-language response-expires"

const struct s3_op s3_object_ops[] = {
	{ "GetObjectTagging", "GET", S3_ON_OBJECT, "tagging", NULL,
	  S3_TAKES_NOTHING, "", get_tagging },
	{ "GetObject", "GET", S3_ON_OBJECT, NULL, NULL, S3_TAKES_NOTHING,
	  RESPONSE_PARAMS, get_object },
	{ "HeadObject", "HEAD", S3_ON_OBJECT, NULL, NULL, S3_TAKES_NOTHING,
	  RESPONSE_PARAMS, get_object },
	{ "CopyObject", "PUT", S3_ON_OBJECT, NULL, "x-amz-copy-source",
	  S3_TAKES_NOTHING, "", copy_object },
	{ "PutObject", "PUT", S3_ON_OBJECT, NULL, NULL, S3_TAKES_OBJECT, "",
	  put_object },
	{ "DeleteObject", "DELETE", S3_ON_OBJECT, NULL, NULL, S3_TAKES_NOTHING,
	  "", delete_object },
	{ 0 },
};
