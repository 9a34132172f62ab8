/* The operations of multipart uploads: s3_upload_ops. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/xml.h"
#include "sandbox/s3/checksum.h"
#include "sandbox/s3/s3_body.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_complete.h"
#include "sandbox/s3/s3_copy.h"
#include "sandbox/s3/s3_encrypt.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_keep.h"
#include "sandbox/s3/s3_multi.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/s3/s3_sums.h"
#include "sandbox/s3/s3_xml.h"

static struct s3_multi upload_of(const struct s3_call *call)
{
	struct s3_multi upload = {
		.bucket = call->request.bucket,
		.key = call->request.key,
		.upload_id = s3_request_param(&call->request, "uploadId"),
	};

	return upload;
}

/* What the checksum of the object will be of. */
static bool read_plan(const struct s3_call *call, struct s3_complete_plan *out,
		      struct err *err)
{
	const char *type =
		s3_request_header(&call->request, "x-amz-checksum-type");
	bool is_crc;

	out->algorithm = s3_sums_wanted(call, &out->given, err);
	if (out->algorithm == NULL)
		return false;
	is_crc = checksum_is_crc(out->algorithm);
	out->composite = strcmp(out->algorithm, S3_SUMS_USUAL) != 0;
	if (type == NULL)
		return true;
	if (!out->given)
		return s3_call_refuse(err, "InvalidRequest",
				      "The x-amz-checksum-type header can only"
				      " be used with the"
				      " x-amz-checksum-algorithm header.");
	if (strcmp(type, "FULL_OBJECT") == 0 ? !is_crc
	    : strcmp(type, "COMPOSITE") == 0 ? !out->composite
					     : true)
		return s3_call_refuse(err, "InvalidRequest",
				      "The %s checksum type cannot be used with"
				      " the %s checksum algorithm.",
				      type, out->algorithm);
	out->composite = strcmp(type, "COMPOSITE") == 0;
	return true;
}

static void tell_plan(struct s3_call *call,
		      const struct s3_complete_plan *plan)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	for (const char *at = plan->algorithm; *at != '\0'; at++)
		str_add_char(&name, (char)toupper((unsigned char)*at));
	s3_reply_header(&call->reply, "x-amz-checksum-algorithm", name.text);
	s3_reply_header(&call->reply, "x-amz-checksum-type",
			plan->composite ? "COMPOSITE" : "FULL_OBJECT");
}

static bool create_upload(struct s3_call *call, struct err *err)
{
	CLEANUP(str_done) struct str headers = STR_EMPTY;
	CLEANUP(mem_freep) char *id = NULL;
	struct s3_complete_plan plan;
	struct str *out;

	if (strlen(call->request.key) > S3_STORE_KEY_BYTES_MAX)
		return s3_call_refuse(err, "KeyTooLongError",
				      "Your key is too long");
	if (!s3_keep_headers(&call->request, &headers, err) ||
	    !s3_encrypt_read(call, &headers, err) ||
	    !read_plan(call, &plan, err))
		return false;
	s3_keep_some(headers.text, "x-amz-server-side-encryption",
		     &call->reply);
	if (plan.given)
		tell_plan(call, &plan);
	s3_complete_keep_plan(&plan, &headers);
	id = s3_multi_create(call->options->store, call->request.bucket,
			     call->request.key, headers.text, err);
	if (id == NULL)
		return false;
	out = s3_xml_begin(call, "InitiateMultipartUploadResult");
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

static bool refuse_type(const char *expected, const char *is, struct err *err)
{
	return s3_call_refuse(err, "InvalidRequest",
			      "Checksum Type mismatch occurred, expected"
			      " checksum Type: %s, actual checksum Type: %s",
			      expected, is);
}

/* Parts have the checksum of their upload, and no other. */
static bool prepare_part(struct s3_call *call, struct err *err)
{
	const struct s3_multi upload = upload_of(call);
	const char *sent = s3_body_algorithm(call->body);
	struct s3_complete_plan plan;

	if (!s3_body_check_length(call->body, err) ||
	    !s3_multi_headers(call->options->store, &upload, &call->kept,
			      err) ||
	    !s3_encrypt_check_customer(call, err))
		return false;
	s3_complete_read_plan(call->kept.text, &plan);
	if (sent == NULL && plan.given && plan.composite)
		return refuse_type(plan.algorithm, "null", err);
	if (sent != NULL && strcmp(sent, plan.algorithm) != 0)
		return refuse_type(plan.given ? plan.algorithm : "null", sent,
				   err);
	s3_body_want(call->body, plan.algorithm);
	if (s3_encrypt_is_kms(call->kept.text))
		s3_store_skip_md5(call->writer);
	return true;
}

static bool upload_part(struct s3_call *call, struct err *err)
{
	const struct s3_multi upload = upload_of(call);
	struct s3_multi_part part = { 0 };
	CLEANUP(str_done) struct str name = STR_EMPTY;
	int number;

	snprintf(part.checksum, sizeof(part.checksum), "%s",
		 s3_body_checksum(call->body));
	if (!part_number(call, &number, err) ||
	    !s3_multi_put(call->writer, &upload, number, &part, err))
		return false;
	s3_reply_headerf(&call->reply, "ETag", "\"%s\"", part.etag);
	s3_keep_some(call->kept.text, "x-amz-server-side-encryption",
		     &call->reply);
	str_addf(&name, "x-amz-checksum-%s", s3_body_algorithm(call->body));
	s3_reply_header(&call->reply, name.text, part.checksum);
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

static bool copy_part(struct s3_call *call, struct s3_copy_source *source,
		      struct s3_multi_part *part, struct str *sums,
		      struct err *err)
{
	CLEANUP(s3_store_writer_freep) struct s3_store_writer *writer = NULL;
	CLEANUP(str_done) struct str begun = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;
	CLEANUP(checksum_freep) struct checksum *sum = NULL;
	const struct s3_multi upload = upload_of(call);
	struct s3_complete_plan plan;
	int64_t first;
	int64_t length;

	if (!s3_multi_headers(call->options->store, &upload, &begun, err) ||
	    !s3_copy_source_open(source, call, err) ||
	    !copy_range(call, source->object.bytes, &first, &length, err))
		return false;
	s3_complete_read_plan(begun.text, &plan);
	sum = checksum_new(plan.algorithm);
	writer = s3_store_begin(call->options->store, err);
	if (writer == NULL ||
	    !s3_copy_bytes(source, first, length, writer, sum, err))
		return false;
	checksum_finish(sum, &value);
	snprintf(part->checksum, sizeof(part->checksum), "%s", value.text);
	s3_sums_keep(sums, plan.algorithm, value.text, plan.composite);
	return s3_multi_put(writer, &upload, part->number, part, err);
}

static bool upload_part_copy(struct s3_call *call, struct err *err)
{
	CLEANUP(s3_copy_source_done) struct s3_copy_source source = { 0 };
	CLEANUP(str_done) struct str sums = STR_EMPTY;
	struct s3_multi_part part = { 0 };
	struct s3_store_object copy = S3_STORE_OBJECT_EMPTY;

	if (!part_number(call, &part.number, err) ||
	    !copy_part(call, &source, &part, &sums, err))
		return false;
	copy.modified_ms = part.modified_ms;
	snprintf(copy.etag, sizeof(copy.etag), "%s", part.etag);
	copy.headers = sums.text;
	s3_copy_result(call, "CopyPartResult", &source, &copy);
	return true;
}

static void write_part(struct str *out, const struct s3_multi_part *part,
		       const struct s3_complete_plan *plan)
{
	xml_open(out, "Part");
	xml_put_number(out, "PartNumber", part->number);
	s3_xml_time(out, "LastModified", part->modified_ms);
	s3_xml_etag(out, part->etag);
	if (part->checksum[0] != '\0')
		s3_sums_put(out, plan->algorithm, part->checksum);
	xml_put_number(out, "Size", part->bytes);
	xml_close(out, "Part");
}

static void write_parts(struct s3_call *call,
			const struct s3_multi_parts *parts, int64_t marker,
			int64_t max)
{
	CLEANUP(str_done) struct str class = STR_EMPTY;
	struct s3_complete_plan plan;
	const struct s3_multi upload = upload_of(call);
	struct str *out = s3_xml_begin(call, "ListPartsResult");
	int64_t next = marker;
	int64_t count = 0;
	bool truncated = false;

	xml_put(out, "Bucket", upload.bucket);
	xml_put(out, "Key", upload.key);
	xml_put(out, "UploadId", upload.upload_id);
	s3_complete_read_plan(call->kept.text, &plan);
	s3_keep_class(call->kept.text, &class);
	if (plan.given)
		tell_plan(call, &plan);
	s3_xml_owner(out, "Initiator");
	s3_xml_owner(out, "Owner");
	xml_put_number(out, "PartNumberMarker", marker);
	xml_put_number(out, "MaxParts", max);
	for (size_t i = 0; i < parts->count; i++) {
		const struct s3_multi_part *part = &parts->items[i];

		if (part->number <= marker)
			continue;
		truncated = count == max;
		if (truncated)
			break;
		write_part(out, part, &plan);
		next = part->number;
		count++;
	}
	xml_put_number(out, "NextPartNumberMarker", next);
	xml_put_bool(out, "IsTruncated", truncated);
	xml_put(out, "StorageClass", class.text);
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
	    !s3_request_number(&call->request, "max-parts", S3_XML_PAGE_MAX, S3_XML_PAGE_MAX,
			       &max, err))
		return false;
	done = s3_multi_headers(call->options->store, &upload, &call->kept,
				err) &&
	       s3_multi_parts(call->options->store, &upload, &parts, err);
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
	struct str *out = s3_xml_begin(call, "ListMultipartUploadsResult");
	const struct s3_multi_upload *last = NULL;
	int64_t count = 0;
	bool truncated = false;
	bool past = false;

	xml_put(out, "Bucket", request->bucket);
	s3_xml_name(out, "KeyMarker", key == NULL ? "" : key, encoded);
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
		s3_xml_name(out, "Key", upload->key, encoded);
		xml_put(out, "UploadId", upload->upload_id);
		s3_xml_owner(out, "Initiator");
		s3_xml_owner(out, "Owner");
		s3_xml_time(out, "Initiated", upload->started_ms);
		xml_put(out, "StorageClass", "STANDARD");
		xml_close(out, "Upload");
		last = upload;
		count++;
	}
	if (truncated && last != NULL) {
		s3_xml_name(out, "NextKeyMarker", last->key, encoded);
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

	if (!s3_request_number(&call->request, "max-uploads", S3_XML_PAGE_MAX,
			       S3_XML_PAGE_MAX, &max, err))
		return false;
	done = s3_multi_uploads(call->options->store, call->request.bucket,
				s3_request_param(&call->request, "prefix"),
				&uploads, err);
	if (done)
		write_uploads(call, &uploads, max);
	s3_multi_uploads_done(&uploads);
	return done;
}

static bool abort_upload(struct s3_call *call, struct err *err)
{
	const struct s3_multi upload = upload_of(call);

	call->reply.status = 204;
	return s3_multi_abort(call->options->store, &upload, err);
}

const struct s3_op s3_upload_ops[] = {
	{ "CreateMultipartUpload", "POST", S3_ON_OBJECT, "uploads", NULL,
	  S3_TAKES_NOTHING, "", create_upload, NULL },
	{ "UploadPartCopy", "PUT", S3_ON_OBJECT, "uploadId",
	  "x-amz-copy-source", S3_TAKES_NOTHING, "partNumber",
	  upload_part_copy, NULL },
	{ "UploadPart", "PUT", S3_ON_OBJECT, "uploadId", NULL, S3_TAKES_OBJECT,
	  "partNumber", upload_part, prepare_part },
	{ "ListParts", "GET", S3_ON_OBJECT, "uploadId", NULL, S3_TAKES_NOTHING,
	  "max-parts part-number-marker", list_parts, NULL },
	{ "CompleteMultipartUpload", "POST", S3_ON_OBJECT, "uploadId", NULL,
	  S3_TAKES_TEXT, "", s3_complete_run, NULL },
	{ "AbortMultipartUpload", "DELETE", S3_ON_OBJECT, "uploadId", NULL,
	  S3_TAKES_NOTHING, "", abort_upload, NULL },
	{ "ListMultipartUploads", "GET", S3_ON_BUCKET, "uploads", NULL,
	  S3_TAKES_NOTHING,
	  "prefix key-marker upload-id-marker max-uploads encoding-type",
	  list_uploads, NULL },
	{ 0 },
};
