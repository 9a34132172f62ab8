/* Removing objects: s3_delete_ops. */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/xml.h"
#include "sandbox/s3/s3_access.h"
#include "sandbox/s3/s3_body.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_store.h"
#include "sandbox/s3/s3_xml.h"

static bool delete_object(struct s3_call *call, struct err *err)
{
	CLEANUP(mem_freep)
	char *etag = s3_request_etag(&call->request, "if-match");
	struct s3_store_removed removed = { .version = "" };
	struct s3_store_which which = {
		.bucket = call->request.bucket,
		.key = call->request.key,
		.version = s3_request_param(&call->request, "versionId"),
		.if_match = etag,
	};

	if (!s3_store_remove(call->options->store, &which, &removed, err))
		return false;
	call->reply.status = 204;
	if (removed.version[0] != '\0')
		s3_reply_header(&call->reply, "x-amz-version-id",
				removed.version);
	if (removed.is_marker)
		s3_reply_header(&call->reply, "x-amz-delete-marker", "true");
	return true;
}

/* --- many --- */

static void put_deleted(struct str *out, const struct s3_store_which *which,
			const struct s3_store_removed *removed)
{
	xml_open(out, "Deleted");
	xml_put(out, "Key", which->key);
	if (which->version != NULL)
		xml_put(out, "VersionId", which->version);
	if (removed->is_marker) {
		xml_put(out, "DeleteMarker", "true");
		xml_put(out, "DeleteMarkerVersionId", removed->version);
	}
	xml_close(out, "Deleted");
}

static void delete_one(struct s3_call *call, const struct xml *object,
		       bool quiet, struct str *out)
{
	struct s3_store_removed removed = { .version = "" };
	struct s3_store_which which = {
		.bucket = call->request.bucket,
		.key = xml_text(object, "Key", ""),
		.version = xml_text(object, "VersionId", NULL),
		.if_match = xml_text(object, "ETag", NULL),
	};
	struct err why = ERR_EMPTY;

	if (s3_access_check_key(call,
				which.version != NULL
					? "s3:DeleteObjectVersion"
					: "s3:DeleteObject",
				which.bucket, which.key, &why) &&
	    s3_store_remove(call->options->store, &which, &removed, &why)) {
		if (!quiet)
			put_deleted(out, &which, &removed);
		return;
	}
	xml_open(out, "Error");
	xml_put(out, "Key", which.key);
	if (which.version != NULL)
		xml_put(out, "VersionId", which.version);
	xml_put(out, "Code", why.kind == ERR_AWS ? why.code : "InternalError");
	xml_put(out, "Message", why.message);
	xml_close(out, "Error");
}

/* <Delete> of 1 to 1,000 <Object>s, each with a <Key>. */
static bool is_delete(const struct xml *root)
{
	size_t count = 0;

	for (const struct xml *object = xml_at(root, "Object"); object != NULL;
	     object = xml_next(object)) {
		if (xml_text(object, "Key", "")[0] == '\0')
			return false;
		count++;
	}
	return count > 0 && count <= S3_XML_PAGE_MAX;
}

static bool delete_objects(struct s3_call *call, struct err *err)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const struct xml *root;
	const struct xml *object;
	struct str *out;

	if (!s3_body_has_digest(call->body))
		return s3_call_refuse(err, "InvalidRequest",
				      "Missing required header for this"
				      " request: Content-MD5 OR"
				      " x-amz-checksum-*");
	root = s3_xml_read(call, reader, "Delete", err);
	if (root == NULL)
		return false;
	if (!is_delete(root))
		return s3_call_refuse(err, "MalformedXML",
				      "The XML you provided was not"
				      " well-formed or did not validate"
				      " against our published schema");
	if (!s3_store_has_bucket(call->options->store, call->request.bucket,
				 err))
		return false;
	out = s3_xml_begin(call, "DeleteResult");
	for (object = xml_at(root, "Object"); object; object = xml_next(object))
		delete_one(call, object, xml_bool(root, "Quiet", false), out);
	xml_close(out, "DeleteResult");
	return true;
}

const struct s3_op s3_delete_ops[] = {
	{ "DeleteObject", "DELETE", S3_ON_OBJECT, NULL, NULL, S3_TAKES_NOTHING,
	  "versionId", delete_object, NULL },
	{ "DeleteObjects", "POST", S3_ON_BUCKET, "delete", NULL, S3_TAKES_TEXT,
	  "", delete_objects, NULL },
	{ 0 },
};
