/* The operations of multipart uploads: s3_upload_ops. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/s3_body.h"
#include "sandbox/s3_call.h"
#include "sandbox/s3_copy.h"
#include "sandbox/s3_http.h"
#include "sandbox/s3_keep.h"
#include "sandbox/s3_multi.h"
#include "sandbox/s3_store.h"

#define S3_NAMESPACE "http://s3.amazonaws.com/doc/2006-03-01/"

enum { PAGE_MAX = 1000 };

static struct s3_multi upload_of(const struct s3_call *call)
{
	struct s3_multi upload = {
		.bucket = call->request.bucket,
		.key = call->request.key,
		.upload_id = s3_request_param(&call->request, "uploadId"),
	};

	return upload;
}

static struct str *begin_xml(struct s3_call *call, const char *root)
{
	struct str *out = &call->reply.body;

	s3_reply_header(&call->reply, "Content-Type", "application/xml");
	xml_declare(out);
	str_addf(out, "<%s xmlns=\"" S3_NAMESPACE "\">", root);
	return out;
}

static void put_name(struct str *out, const char *element, const char *text,
		     bool url_encoded)
{
	CLEANUP(str_done) struct str escaped = STR_EMPTY;

	if (!url_encoded) {
		xml_put(out, element, text);
		return;
	}
	url_escape(&escaped, text, strlen(text), URL_KEEP_SLASH);
	xml_put(out, element, escaped.text);
}

static void put_etag(struct str *out, const char *etag)
{
	CLEANUP(str_done) struct str quoted = STR_EMPTY;

	str_addf(&quoted, "\"%s\"", etag);
	xml_put(out, "ETag", quoted.text);
}

static void put_time(struct str *out, const char *name, int64_t at_ms)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	isotime_add_ms(&text, at_ms);
	xml_put(out, name, text.text);
}

static bool create_upload(struct s3_call *call, struct err *err)
{
	CLEANUP(str_done) struct str headers = STR_EMPTY;
	CLEANUP(mem_freep) char *id = NULL;
	struct str *out;

	if (strlen(call->request.key) > S3_STORE_KEY_BYTES_MAX)
		return s3_call_refuse(err, "KeyTooLongError",
				      "Your key is too long");
	if (!s3_keep_headers(&call->request, &headers, err))
		return false;
	id = s3_multi_create(call->options->store, call->request.bucket,
			     call->request.key, headers.text, err);
	if (id == NULL)
		return false;
	out = begin_xml(call, "InitiateMultipartUploadResult");
	xml_put(out, "Bucket", call->request.bucket);
	xml_put(out, "Key", call->request.key);
	xml_put(out, "UploadId", id);
	xml_close(out, "InitiateMultipartUploadResult");
	return true;
}

/* --- parts --- */

static bool part_number(const struct s3_call *call, int *out, struct err *err)
{
	int64_t number;

	if (!s3_request_number(&call->request, "partNumber", 0,
			       S3_MULTI_PARTS_MAX + 1, &number, err))
		return false;
	*out = (int)number;
	return (number >= 1 && number <= S3_MULTI_PARTS_MAX) ||
	       s3_call_refuse(err, "InvalidArgument",
			      "Part number must be an integer between 1 and"
			      " 10000, inclusive");
}

static bool upload_part(struct s3_call *call, struct err *err)
{
	const struct s3_multi upload = upload_of(call);
	struct s3_multi_part part;
	int number;

	if (!part_number(call, &number, err) ||
	    !s3_multi_put(call->writer, &upload, number, &part, err))
		return false;
	s3_reply_headerf(&call->reply, "ETag", "\"%s\"", part.etag);
	s3_body_add_checksums(call->body, &call->reply.headers);
	return true;
}

/* x-amz-copy-source-range: bytes=first-last, both there, within the
 * object. */
static bool copy_range(const struct s3_call *call, int64_t bytes,
		       int64_t *out_first, int64_t *out_length, struct err *err)
{
	static const char unit[] = "bytes=";
	const char *text =
		s3_request_header(&call->request, "x-amz-copy-source-range");
	char *end;
	int64_t last;

	*out_first = 0;
	*out_length = bytes;
	if (text == NULL)
		return true;
	errno = 0;
	if (str_starts(text, unit)) {
		*out_first = strtoll(text + sizeof(unit) - 1, &end, 10);
		if (*end == '-' && end[1] != '\0') {
			last = strtoll(end + 1, &end, 10);
			*out_length = last - *out_first + 1;
			if (*end == '\0' && errno == 0 && *out_first >= 0 &&
			    last >= *out_first && last < bytes)
				return true;
		}
	}
	return s3_call_refuse(err, "InvalidArgument",
			      "The x-amz-copy-source-range value must be of"
			      " the form bytes=first-last where first and last"
			      " are the zero-based offsets of the first and"
			      " last bytes to copy");
}

static bool upload_part_copy(struct s3_call *call, struct err *err)
{
	CLEANUP(s3_copy_source_done) struct s3_copy_source source = { 0 };
	CLEANUP(s3_store_writer_freep) struct s3_store_writer *writer = NULL;
	const struct s3_multi upload = upload_of(call);
	struct s3_multi_part part;
	int64_t first;
	int64_t length;
	int number;

	if (!part_number(call, &number, err) ||
	    !s3_multi_check(call->options->store, &upload, err) ||
	    !s3_copy_source_open(&source, call, err) ||
	    !copy_range(call, source.object.bytes, &first, &length, err))
		return false;
	writer = s3_store_begin(call->options->store, err);
	if (writer == NULL ||
	    !s3_copy_bytes(&source, first, length, writer, err) ||
	    !s3_multi_put(writer, &upload, number, &part, err))
		return false;
	s3_copy_result(call, "CopyPartResult", part.etag, part.modified_ms);
	return true;
}

static void write_parts(struct s3_call *call,
			const struct s3_multi_parts *parts, int64_t marker,
			int64_t max)
{
	const struct s3_multi upload = upload_of(call);
	struct str *out = begin_xml(call, "ListPartsResult");
	int64_t next = marker;
	int64_t count = 0;
	bool truncated = false;

	xml_put(out, "Bucket", upload.bucket);
	xml_put(out, "Key", upload.key);
	xml_put(out, "UploadId", upload.upload_id);
	xml_put_number(out, "PartNumberMarker", marker);
	xml_put_number(out, "MaxParts", max);
	for (size_t i = 0; i < parts->count; i++) {
		const struct s3_multi_part *part = &parts->items[i];

		if (part->number <= marker)
			continue;
		truncated = count == max;
		if (truncated)
			break;
		xml_open(out, "Part");
		xml_put_number(out, "PartNumber", part->number);
		put_time(out, "LastModified", part->modified_ms);
		put_etag(out, part->etag);
		xml_put_number(out, "Size", part->bytes);
		xml_close(out, "Part");
		next = part->number;
		count++;
	}
	xml_put_number(out, "NextPartNumberMarker", next);
	xml_put_bool(out, "IsTruncated", truncated);
	xml_put(out, "StorageClass", "STANDARD");
	xml_close(out, "ListPartsResult");
}

static bool list_parts(struct s3_call *call, struct err *err)
{
	const struct s3_multi upload = upload_of(call);
	struct s3_multi_parts parts = { 0 };
	int64_t marker;
	int64_t max;
	bool done;

	if (!s3_request_number(&call->request, "part-number-marker", 0,
			       S3_MULTI_PARTS_MAX, &marker, err) ||
	    !s3_request_number(&call->request, "max-parts", PAGE_MAX, PAGE_MAX,
			       &max, err))
		return false;
	done = s3_multi_parts(call->options->store, &upload, &parts, err);
	if (done)
		write_parts(call, &parts, marker, max);
	s3_multi_parts_done(&parts);
	return done;
}

/* --- uploads of a bucket --- */

/* Is the upload after the markers? They name the last one of a page. */
static bool is_after(const struct s3_multi_upload *upload, const char *key,
		     const char *upload_id, bool *in_out_past)
{
	int order;

	if (key == NULL || key[0] == '\0' || *in_out_past)
		return true;
	order = strcmp(upload->key, key);
	if (order != 0 || upload_id == NULL || upload_id[0] == '\0')
		return order > 0;
	*in_out_past = strcmp(upload->upload_id, upload_id) == 0;
	return false;
}

static void write_uploads(struct s3_call *call,
			  const struct s3_multi_uploads *uploads, int64_t max)
{
	const struct s3_request *request = &call->request;
	const char *key = s3_request_param(request, "key-marker");
	const char *id = s3_request_param(request, "upload-id-marker");
	bool encoded = s3_request_param(request, "encoding-type") != NULL;
	struct str *out = begin_xml(call, "ListMultipartUploadsResult");
	const struct s3_multi_upload *last = NULL;
	int64_t count = 0;
	bool truncated = false;
	bool past = false;

	xml_put(out, "Bucket", request->bucket);
	put_name(out, "KeyMarker", key == NULL ? "" : key, encoded);
	xml_put(out, "UploadIdMarker", id == NULL ? "" : id);
	xml_put_number(out, "MaxUploads", max);
	if (encoded)
		xml_put(out, "EncodingType", "url");
	for (size_t i = 0; i < uploads->count; i++) {
		const struct s3_multi_upload *upload = &uploads->items[i];

		if (!is_after(upload, key, id, &past))
			continue;
		truncated = count == max;
		if (truncated)
			break;
		xml_open(out, "Upload");
		put_name(out, "Key", upload->key, encoded);
		xml_put(out, "UploadId", upload->upload_id);
		put_time(out, "Initiated", upload->started_ms);
		xml_put(out, "StorageClass", "STANDARD");
		xml_close(out, "Upload");
		last = upload;
		count++;
	}
	if (truncated && last != NULL) {
		put_name(out, "NextKeyMarker", last->key, encoded);
		xml_put(out, "NextUploadIdMarker", last->upload_id);
	}
	xml_put_bool(out, "IsTruncated", truncated);
	xml_close(out, "ListMultipartUploadsResult");
}

static bool list_uploads(struct s3_call *call, struct err *err)
{
	struct s3_multi_uploads uploads = { 0 };
	int64_t max;
	bool done;

	if (!s3_request_number(&call->request, "max-uploads", PAGE_MAX,
			       PAGE_MAX, &max, err))
		return false;
	done = s3_multi_uploads(call->options->store, call->request.bucket,
				s3_request_param(&call->request, "prefix"),
				&uploads, err);
	if (done)
		write_uploads(call, &uploads, max);
	s3_multi_uploads_done(&uploads);
	return done;
}

/* --- complete and abort --- */

static void add_wanted(struct s3_multi_parts *out, const struct xml *element)
{
	const char *etag = xml_text(element, "ETag", "");
	size_t len = strlen(etag);
	struct s3_multi_part part = {
		.number = (int)xml_number(element, "PartNumber", 0),
	};

	if (len >= 2 && etag[0] == '"' && etag[len - 1] == '"') {
		etag++;
		len -= 2;
	}
	snprintf(part.etag, sizeof(part.etag), "%.*s", (int)len, etag);
	vec_push(out, part);
}

static bool read_wanted(struct s3_call *call, struct s3_multi_parts *out,
			struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = NULL;
	const struct xml *part;

	if (xml_reader_feed(reader, call->text.text, call->text.len, NULL))
		root = xml_reader_end(reader, NULL);
	if (root == NULL)
		return s3_call_refuse(err, "MalformedXML",
				      "The XML you provided was not"
				      " well-formed or did not validate"
				      " against our published schema");
	for (part = xml_at(root, "Part"); part != NULL; part = xml_next(part))
		add_wanted(out, part);
	return true;
}

/* x-amz-mp-object-size: what the client believes the whole to be. */
static bool check_size(const struct s3_call *call,
		       const struct s3_multi_parts *wanted, struct err *err)
{
	const char *text =
		s3_request_header(&call->request, "x-amz-mp-object-size");
	const struct s3_multi upload = upload_of(call);
	struct s3_multi_parts have = { 0 };
	int64_t bytes = 0;
	bool right;

	if (text == NULL)
		return true;
	right = s3_multi_parts(call->options->store, &upload, &have, err);
	for (size_t i = 0; right && i < wanted->count; i++)
		for (size_t j = 0; j < have.count; j++)
			if (have.items[j].number == wanted->items[i].number)
				bytes += have.items[j].bytes;
	if (right && strtoll(text, NULL, 10) != bytes)
		right = s3_call_refuse(err, "InvalidRequest",
				       "The provided 'x-amz-mp-object-size'"
				       " header value %s does not match what"
				       " was computed: %lld",
				       text, (long long)bytes);
	s3_multi_parts_done(&have);
	return right;
}

/* The checksum the client claims for the whole, if any. */
static bool read_checksum(const struct s3_call *call, struct s3_store_put *put,
			  struct err *err)
{
	static const char *const names[] = { "crc64nvme", "crc32", "crc32c" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		CLEANUP(str_done) struct str header = STR_EMPTY;
		const char *value;

		str_addf(&header, "x-amz-checksum-%s", names[i]);
		value = s3_request_header(&call->request, header.text);
		if (value == NULL)
			continue;
		if (put->checksum_name != NULL)
			return s3_call_refuse(err, "InvalidRequest",
					      "Expecting a single"
					      " x-amz-checksum- header.");
		put->checksum_name = names[i];
		put->checksum = value;
	}
	return true;
}

static bool complete_upload(struct s3_call *call, struct err *err)
{
	const struct s3_multi upload = upload_of(call);
	struct s3_store_object object = S3_STORE_OBJECT_EMPTY;
	struct s3_multi_parts wanted = { 0 };
	CLEANUP(mem_freep) char *etag = NULL;
	CLEANUP(str_done) struct str location = STR_EMPTY;
	struct s3_store_put put = { 0 };
	struct str *out;
	bool done;

	done = read_wanted(call, &wanted, err) &&
	       check_size(call, &wanted, err) &&
	       read_checksum(call, &put, err) &&
	       s3_keep_condition(&call->request, &put, &etag, err) &&
	       s3_multi_complete(call->options->store, &upload, &wanted, &put,
				 &object, err);
	s3_multi_parts_done(&wanted);
	if (!done)
		return false;
	str_addf(&location, "http://%s",
		 s3_request_header(&call->request, "host"));
	url_escape(&location, call->request.path.text, call->request.path.len,
		   URL_KEEP_SLASH);
	out = begin_xml(call, "CompleteMultipartUploadResult");
	xml_put(out, "Location", location.text);
	xml_put(out, "Bucket", upload.bucket);
	xml_put(out, "Key", upload.key);
	put_etag(out, object.etag);
	xml_close(out, "CompleteMultipartUploadResult");
	return true;
}

static bool abort_upload(struct s3_call *call, struct err *err)
{
	const struct s3_multi upload = upload_of(call);

	call->reply.status = 204;
	return s3_multi_abort(call->options->store, &upload, err);
}

const struct s3_op s3_upload_ops[] = {
	{ "CreateMultipartUpload", "POST", S3_ON_OBJECT, "uploads", NULL,
	  S3_TAKES_NOTHING, "", create_upload },
	{ "UploadPartCopy", "PUT", S3_ON_OBJECT, "uploadId",
	  "x-amz-copy-source", S3_TAKES_NOTHING, "partNumber",
	  upload_part_copy },
	{ "UploadPart", "PUT", S3_ON_OBJECT, "uploadId", NULL, S3_TAKES_OBJECT,
	  "partNumber", upload_part },
	{ "ListParts", "GET", S3_ON_OBJECT, "uploadId", NULL, S3_TAKES_NOTHING,
	  "max-parts part-number-marker", list_parts },
	{ "CompleteMultipartUpload", "POST", S3_ON_OBJECT, "uploadId", NULL,
	  S3_TAKES_TEXT, "", complete_upload },
	{ "AbortMultipartUpload", "DELETE", S3_ON_OBJECT, "uploadId", NULL,
	  S3_TAKES_NOTHING, "", abort_upload },
	{ "ListMultipartUploads", "GET", S3_ON_BUCKET, "uploads", NULL,
	  S3_TAKES_NOTHING,
	  "prefix key-marker upload-id-marker max-uploads encoding-type",
	  list_uploads },
	{ 0 },
};
