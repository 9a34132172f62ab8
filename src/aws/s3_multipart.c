#include "aws/s3_multipart.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "aws/call.h"
#include "aws/paging.h"
#include "aws/s3_object.h"
#include "aws/s3_options.h"
#include "aws/worker.h"
#include "base/vec.h"
#include "data/xml.h"

enum {
	MAX_PARTS = 10000,
	LIST_MAX_BYTES = 4 * 1024 * 1024,
};

void s3_parts_done(struct s3_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		mem_free(parts->items[i].etag);
	vec_done(parts);
}

static const struct xml *read_reply(struct xml_reader *reader,
				    const struct call *call, struct err *err)
{
	const struct str *body = &call->reply.body;
	/* Blanks come first while S3 copies; XML allows none there. */
	size_t skip = strspn(body->text, " \t\r\n");
	const struct xml *root = NULL;

	if (xml_reader_feed(reader, body->text + skip, body->len - skip, err))
		root = xml_reader_end(reader, err);
	if (root == NULL)
		err_wrap(err, "%s", call->operation->name);
	return root;
}

struct call *s3_multipart_create_call(const struct aws *aws,
				      const struct s3_uri *uri,
				      const char *content_type)
{
	struct call *call = call_new(OPERATION_CREATE_UPLOAD);
	enum integrity_kind kind = worker_body_kind(aws);

	call_set_uri(call, uri);
	if (kind != INTEGRITY_NONE) {
		call_add_header(call, "x-amz-checksum-algorithm",
				integrity_name(kind));
		call_add_header(call, "x-amz-checksum-type", "FULL_OBJECT");
	}
	if (content_type != NULL)
		call_add_header(call, "content-type", content_type);
	return call;
}

bool s3_multipart_read_id(const struct call *call, struct str *out_id,
			  struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = read_reply(reader, call, err);
	const char *id;

	if (root == NULL)
		return false;
	id = xml_text(root, "UploadId", "");
	if (id[0] == '\0')
		return err_set(err, ERR_DATA,
			       "CreateMultipartUpload: the "
			       "reply has no UploadId");
	str_set(out_id, id);
	return true;
}

bool s3_multipart_create(struct aws *aws, const struct s3_uri *uri,
			 const char *content_type, struct str *out_id,
			 struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = s3_multipart_create_call(aws, uri, content_type);

	return worker_call(aws, call, err) &&
	       s3_multipart_read_id(call, out_id, err);
}

struct call *s3_multipart_part(const struct s3_uri *uri, const char *upload_id,
			       const struct s3_part_source *source,
			       struct err *err)
{
	struct call *call = call_new(OPERATION_UPLOAD_PART);

	call_set_uri(call, uri);
	call_add_query_number(call, "partNumber", source->number);
	call_add_query(call, "uploadId", upload_id);
	if (call_set_body_file(call, source->fd, source->offset, source->length,
			       err))
		return call;
	call_free(call);
	return NULL;
}

/* <ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME> */
static void read_sum(const struct xml *node, struct s3_part *part)
{
	for (int kind = INTEGRITY_COUNT - 1; kind > INTEGRITY_NONE; kind--) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		const char *value;

		str_addf(&name, "Checksum%s",
			 integrity_name((enum integrity_kind)kind));
		value = xml_text(node, name.text, NULL);
		if (value != NULL &&
		    integrity_parse(&part->sum, (enum integrity_kind)kind,
				    value, part->size))
			return;
	}
}

struct call *s3_multipart_list_call(const struct s3_uri *uri,
				    const char *upload_id, const char *marker)
{
	struct call *call = call_new(OPERATION_LIST_PARTS);

	call_set_uri(call, uri);
	call_add_query(call, "uploadId", upload_id);
	if (marker[0] != '\0')
		call_add_query(call, "part-number-marker", marker);
	call->reply_limit = LIST_MAX_BYTES;
	return call;
}

bool s3_multipart_read_list(const struct call *call, struct s3_parts *out,
			    struct str *out_marker, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = read_reply(reader, call, err);

	if (root == NULL)
		return false;
	for (const struct xml *at = xml_at(root, "Part"); at != NULL;
	     at = xml_next(at)) {
		int64_t number = xml_number(at, "PartNumber", 0);
		struct s3_part part = {
			.number = (int)number,
			.size = xml_number(at, "Size", -1),
		};

		if (number < 1 || number > MAX_PARTS)
			return err_set(err, ERR_DATA,
				       "ListParts: bad part number");
		part.etag = mem_copy_text(xml_text(at, "ETag", ""));
		read_sum(at, &part);
		vec_push(out, part);
	}
	str_clear(out_marker);
	if (xml_bool(root, "IsTruncated", false))
		str_set(out_marker, xml_text(root, "NextPartNumberMarker", ""));
	return true;
}

bool s3_multipart_list(struct aws *aws, const struct s3_uri *uri,
		       const char *upload_id, struct s3_parts *out,
		       struct err *err)
{
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	s3_parts_done(out);
	do {
		CLEANUP(str_done) struct str marker = STR_EMPTY;
		CLEANUP(call_freep)
		struct call *call = s3_multipart_list_call(uri, upload_id,
							   paging.token.text);

		if (!worker_call(aws, call, err) ||
		    !s3_multipart_read_list(call, out, &marker, err) ||
		    !paging_next(&paging, marker.text, call->operation->name,
				 err))
			return false;
	} while (paging.token.len > 0);
	return true;
}

static void add_whole_sum(struct call *call, const struct s3_parts *parts)
{
	struct integrity whole = { 0 };
	CLEANUP(str_done) struct str value = STR_EMPTY;
	char size[24];

	if (parts->count == 0)
		return;
	whole.kind = parts->items[0].sum.kind;
	for (size_t i = 0; i < parts->count; i++)
		if (!integrity_join(&whole, &parts->items[i].sum))
			return;
	integrity_add(&whole, &value);
	call_add_header(call, integrity_header(whole.kind), value.text);
	call_add_header(call, "x-amz-checksum-type", "FULL_OBJECT");
	snprintf(size, sizeof(size), "%" PRId64, whole.bytes);
	call_add_header(call, "x-amz-mp-object-size", size);
}

/* Beside the ETag, as AWS's SDKs do: MinIO refuses the part without it. */
static void add_part_sum(struct str *body, const struct s3_part *part)
{
	struct integrity sum = part->sum;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str value = STR_EMPTY;

	if (!integrity_can_join(sum.kind))
		return;
	str_addf(&name, "Checksum%s", integrity_name(sum.kind));
	integrity_add(&sum, &value);
	xml_put(body, name.text, value.text);
}

struct call *s3_multipart_complete_call(const struct s3_uri *uri,
					const char *upload_id,
					const struct s3_parts *parts)
{
	struct call *call = call_new(OPERATION_COMPLETE_UPLOAD);
	CLEANUP(str_done) struct str body = STR_EMPTY;

	call_set_uri(call, uri);
	call_add_query(call, "uploadId", upload_id);
	str_add(&body, "<CompleteMultipartUpload xmlns=\""
		       "http://s3.amazonaws.com/doc/2006-03-01/\">");
	for (size_t i = 0; i < parts->count; i++) {
		xml_open(&body, "Part");
		xml_put_number(&body, "PartNumber", parts->items[i].number);
		xml_put(&body, "ETag", parts->items[i].etag);
		add_part_sum(&body, &parts->items[i]);
		xml_close(&body, "Part");
	}
	xml_close(&body, "CompleteMultipartUpload");
	call_set_body(call, body.text, body.len);
	call_add_header(call, "content-type", "application/xml");
	add_whole_sum(call, parts);
	return call;
}

bool s3_multipart_complete(struct aws *aws, const struct s3_uri *uri,
			   const char *upload_id, const struct s3_parts *parts,
			   struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = s3_multipart_complete_call(uri, upload_id, parts);

	return worker_call(aws, call, err);
}

struct call *s3_multipart_abort_call(const struct s3_uri *uri,
				     const char *upload_id)
{
	struct call *call = call_new(OPERATION_ABORT_UPLOAD);

	call_set_uri(call, uri);
	call_add_query(call, "uploadId", upload_id);
	return call;
}

bool s3_multipart_abort(struct aws *aws, const struct s3_uri *uri,
			const char *upload_id, struct err *err)
{
	CLEANUP(call_freep)
	struct call *call = s3_multipart_abort_call(uri, upload_id);

	return worker_call(aws, call, err);
}

/* --- what others left unfinished --- */

static bool ask_uploads(struct aws *aws, const struct s3_uri *prefix,
			const char *const marker[2], struct xml_reader *reader,
			const struct xml **out_root, struct err *err)
{
	CLEANUP(call_freep) struct call *call = call_new(OPERATION_LIST_UPLOADS);
	struct err failed = ERR_EMPTY;

	call_set_bucket(call, prefix->bucket.text);
	call_add_query(call, "prefix", prefix->key.text);
	if (marker[0][0] != '\0') {
		call_add_query(call, "key-marker", marker[0]);
		call_add_query(call, "upload-id-marker", marker[1]);
	}
	call->reply_limit = LIST_MAX_BYTES;
	*out_root = NULL;
	if (worker_call(aws, call, &failed)) {
		*out_root = read_reply(reader, call, err);
		return *out_root != NULL;
	}
	if (strcmp(failed.code, "AccessDenied") == 0 ||
	    strcmp(failed.code, "NotImplemented") == 0)
		return true;
	if (err != NULL)
		*err = failed;
	return false;
}

static bool abort_listed(struct aws *aws, const struct s3_uri *prefix,
			 const struct xml *root, struct err *err)
{
	for (const struct xml *at = xml_at(root, "Upload"); at != NULL;
	     at = xml_next(at)) {
		CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;

		str_set(&uri.bucket, prefix->bucket.text);
		str_set(&uri.key, xml_text(at, "Key", ""));
		/* Who answers something else must not make us reach beyond. */
		if (!str_starts(uri.key.text, prefix->key.text))
			continue;
		if (!s3_multipart_abort(aws, &uri, xml_text(at, "UploadId", ""),
					err))
			return false;
	}
	return true;
}

bool s3_multipart_abort_all(struct aws *aws, const struct s3_uri *prefix,
			    struct err *err)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	CLEANUP(str_done) struct str id = STR_EMPTY;
	CLEANUP(paging_done) struct paging paging = PAGING_EMPTY;

	for (;;) {
		CLEANUP(str_done) struct str next = STR_EMPTY;
		CLEANUP(xml_reader_freep)
		struct xml_reader *reader = xml_reader_new(0);
		const char *const marker[2] = { key.text, id.text };
		const struct xml *root;

		if (!ask_uploads(aws, prefix, marker, reader, &root, err))
			return false;
		if (root == NULL)
			return true;
		if (!abort_listed(aws, prefix, root, err))
			return false;
		if (!xml_bool(root, "IsTruncated", false))
			return true;
		str_set(&key, xml_text(root, "NextKeyMarker", ""));
		str_set(&id, xml_text(root, "NextUploadIdMarker", ""));
		if (key.len == 0)
			return true;
		str_addf(&next, "%s %s", id.text, key.text);
		if (!paging_next(&paging, next.text, "ListMultipartUploads",
				 err))
			return false;
	}
}

/* --- copies by parts --- */

static void add_kept(struct call *call, const char *name,
		     const struct str *value)
{
	if (value->len > 0)
		call_add_header(call, name, value->text);
}

/* "name: value" lines. */
static void add_metadata(struct call *call, const char *lines)
{
	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");
		const char *colon = memchr(lines, ':', len);
		CLEANUP(str_done) struct str name = STR_EMPTY;
		CLEANUP(str_done) struct str value = STR_EMPTY;

		if (colon != NULL && (size_t)(colon - lines) + 2 <= len) {
			str_add(&name, "x-amz-meta-");
			str_add_slice(&name, lines, (size_t)(colon - lines));
			str_add_slice(&value, colon + 2,
				      len - (size_t)(colon + 2 - lines));
			call_add_header(call, name.text, value.text);
		}
		lines += len;
		lines += *lines == '\n';
	}
}

struct call *s3_multipart_create_copy_call(const struct aws *aws,
					   const struct s3_uri *uri,
					   const struct s3_head *from)
{
	struct call *call = s3_multipart_create_call(aws, uri, NULL);

	if (s3_options_replace_metadata(uri->options))
		return call;
	add_kept(call, "content-type", &from->content_type);
	add_kept(call, "content-encoding", &from->content_encoding);
	add_metadata(call, from->metadata.text);
	return call;
}

struct call *s3_multipart_copy_part_call(const struct s3_uri *from,
					 const char *etag,
					 const struct s3_uri *to,
					 const char *upload_id,
					 const struct s3_copy_part *part)
{
	struct call *call = call_new(OPERATION_COPY_PART);
	char range[64];

	snprintf(range, sizeof(range), "bytes=%" PRId64 "-%" PRId64,
		 part->offset, part->offset + part->length - 1);
	call_set_uri(call, to);
	call_add_query_number(call, "partNumber", part->number);
	call_add_query(call, "uploadId", upload_id);
	call_add_copy_source(call, from);
	call_add_header(call, "x-amz-copy-source-range", range);
	if (etag != NULL && etag[0] != '\0')
		call_add_header(call, "x-amz-copy-source-if-match", etag);
	return call;
}

char *s3_multipart_read_copied(const struct call *call, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root = read_reply(reader, call, err);
	const char *etag = xml_text(root, "ETag", "");

	if (root == NULL)
		return NULL;
	if (etag[0] == '\0') {
		err_set(err, ERR_DATA,
			"UploadPartCopy: the reply has no ETag");
		return NULL;
	}
	return mem_copy_text(etag);
}
