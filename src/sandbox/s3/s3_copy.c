#include "sandbox/s3/s3_copy.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/checksum.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_encrypt.h"
#include "sandbox/s3/s3_http.h"
#include "sandbox/s3/s3_keep.h"
#include "sandbox/s3/s3_sums.h"
#include "sandbox/s3/s3_xml.h"

/* "arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME/object/KEY": the bucket of that
 * name, as in a host. */
static bool read_arn(struct s3_copy_source *source, const char *name)
{
	static const char middle[] = ":" IDENTITY_ACCOUNT ":accesspoint/";
	const char *point = strstr(name, middle);
	const char *object;

	if (!str_starts(name, "arn:aws:s3:") || point == NULL)
		return false;
	point += sizeof(middle) - 1;
	object = strstr(point, "/object/");
	if (object == NULL || object == point)
		return false;
	source->bucket = mem_copy_slice(point, (size_t)(object - point));
	source->key = mem_copy_text(object + strlen("/object/"));
	return source->key[0] != '\0';
}

/* "BUCKET/KEY" or "/BUCKET/KEY". */
static bool read_path(struct s3_copy_source *source, const char *name)
{
	const char *slash = strchr(name, '/');

	if (slash == NULL || slash[1] == '\0')
		return false;
	source->bucket = mem_copy_slice(name, (size_t)(slash - name));
	source->key = mem_copy_text(slash + 1);
	return true;
}

/* Percent-encoded; a version stands behind as ?versionId=. */
static bool read_name(struct s3_copy_source *source, const char *header,
		      struct err *err)
{
	static const char version[] = "?versionId=";
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const char *mark = strstr(header, version);
	size_t len = mark != NULL ? (size_t)(mark - header) : strlen(header);

	if (mark != NULL)
		source->version = mem_copy_text(mark + sizeof(version) - 1);
	if (*header == '/') {
		header++;
		len--;
	}
	url_unescape(&name, header, len, URL_PLUS_STAYS);
	if (strlen(name.text) == name.len &&
	    (read_arn(source, name.text) ||
	     (source->bucket == NULL && read_path(source, name.text))))
		return true;
	return s3_call_refuse(err, "InvalidArgument",
			      "Copy Source must mention the source bucket and"
			      " key: sourcebucket/sourcekey");
}

bool s3_copy_source_open(struct s3_copy_source *source, struct s3_call *call,
			 struct err *err)
{
	struct s3_store_which which = { .key = NULL };

	source->fd = -1;
	if (!read_name(source,
		       s3_request_header(&call->request, "x-amz-copy-source"),
		       err) ||
	    !s3_encrypt_check_customer(call, err))
		return false;
	which.bucket = source->bucket;
	which.key = source->key;
	which.version = source->version;
	if (s3_store_find(call->options->store, &which, &source->object,
			  &source->fd, err))
		return s3_keep_check(&call->request, "x-amz-copy-source-",
				     &source->object, err);
	if (source->object.is_marker && source->version != NULL)
		return s3_call_refuse(err, "InvalidRequest",
				      "The source of a copy request may not"
				      " specifically refer to a delete marker"
				      " by version id.");
	return false;
}

void s3_copy_source_done(struct s3_copy_source *source)
{
	if (source->bucket != NULL && source->fd >= 0)
		close(source->fd);
	mem_free(source->bucket);
	mem_free(source->key);
	mem_free(source->version);
	s3_store_object_done(&source->object);
}

bool s3_copy_bytes(const struct s3_copy_source *source, int64_t offset,
		   int64_t length, struct s3_store_writer *writer,
		   struct checksum *sum, struct err *err)
{
	char block[65536];

	while (length > 0) {
		size_t want = length < (int64_t)sizeof(block) ? (size_t)length
							      : sizeof(block);
		ssize_t n = pread(source->fd, block, want, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set_errno(err, n < 0 ? errno : EIO,
					     "cannot read s3://%s/%s",
					     source->bucket, source->key);
		checksum_feed(sum, block, (size_t)n);
		if (!s3_store_add(writer, block, (size_t)n, err))
			return false;
		offset += n;
		length -= n;
	}
	return true;
}

void s3_copy_result(struct s3_call *call, const char *root,
		    const struct s3_copy_source *source,
		    const struct s3_store_object *copy)
{
	struct str *out = s3_xml_begin(call, root);

	if (strcmp(source->object.version, "null") != 0)
		s3_reply_header(&call->reply, "x-amz-copy-source-version-id",
				source->object.version);
	s3_xml_time(out, "LastModified", copy->modified_ms);
	s3_xml_etag(out, copy->etag);
	s3_sums_put_kept(out, copy->headers);
	xml_close(out, root);
}
