#include "sandbox/s3_copy.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "data/url.h"
#include "data/xml.h"
#include "sandbox/s3_call.h"
#include "sandbox/s3_http.h"
#include "sandbox/s3_keep.h"

/* "BUCKET/KEY" or "/BUCKET/KEY", percent-encoded. */
static bool read_name(struct s3_copy_source *source, const char *header,
		      struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	const char *slash;

	if (strchr(header, '?') != NULL)
		return s3_call_refuse(err, "NotImplemented",
				      "versions are not implemented: %s",
				      header);
	if (*header == '/')
		header++;
	url_unescape(&name, header, strlen(header), URL_PLUS_STAYS);
	slash = strchr(name.text, '/');
	if (slash == NULL || slash[1] == '\0' || strlen(name.text) != name.len)
		return s3_call_refuse(err, "InvalidArgument",
				      "Copy Source must mention the source"
				      " bucket and key: sourcebucket/"
				      "sourcekey");
	source->bucket = mem_copy_slice(name.text, (size_t)(slash - name.text));
	source->key = mem_copy_text(slash + 1);
	return true;
}

bool s3_copy_source_open(struct s3_copy_source *source, struct s3_call *call,
			 struct err *err)
{
	source->fd = -1;
	if (!read_name(source,
		       s3_request_header(&call->request, "x-amz-copy-source"),
		       err))
		return false;
	source->fd = s3_store_get(call->options->store, source->bucket,
				  source->key, &source->object, err);
	return source->fd >= 0 &&
	       s3_keep_check(&call->request, "x-amz-copy-source-",
			     &source->object, err);
}

void s3_copy_source_done(struct s3_copy_source *source)
{
	if (source->bucket != NULL && source->fd >= 0)
		close(source->fd);
	mem_free(source->bucket);
	mem_free(source->key);
	s3_store_object_done(&source->object);
}

bool s3_copy_bytes(const struct s3_copy_source *source, int64_t offset,
		   int64_t length, struct s3_store_writer *writer,
		   struct err *err)
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
		if (!s3_store_add(writer, block, (size_t)n, err))
			return false;
		offset += n;
		length -= n;
	}
	return true;
}

void s3_copy_result(struct s3_call *call, const char *root, const char *etag,
		    int64_t modified_ms)
{
	CLEANUP(str_done) struct str quoted = STR_EMPTY;
	CLEANUP(str_done) struct str time = STR_EMPTY;
	struct str *out = &call->reply.body;

	str_addf(&quoted, "\"%s\"", etag);
	isotime_add_ms(&time, modified_ms);
	s3_reply_header(&call->reply, "Content-Type", "application/xml");
	xml_declare(out);
	xml_open(out, root);
	xml_put(out, "LastModified", time.text);
	xml_put(out, "ETag", quoted.text);
	xml_close(out, root);
}
