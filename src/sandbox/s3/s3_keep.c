#include "sandbox/s3/s3_keep.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/isotime.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/s3/s3_reply.h"
#include "sandbox/s3/s3_request.h"
#include "sandbox/s3/s3_store.h"

enum { META_MAX_BYTES = 2048 };

/* Kept as sent; with the parameter that overrides it in an answer. */
static const struct {
	const char *header;
	const char *param;
} plain[] = {
	{ "content-type", "response-content-type" },
	{ "cache-control", "response-cache-control" },
	{ "content-disposition", "response-content-disposition" },
	{ "content-encoding", "response-content-encoding" },
	{ "content-language", "response-content-language" },
	{ "expires", "response-expires" },
};

/* "aws-chunked" is framing, not the object's encoding. */
static void add_encoding(struct str *out, const char *value)
{
	static const char framing[] = "aws-chunked";

	if (str_starts(value, framing)) {
		value += sizeof(framing) - 1;
		value += strspn(value, ", ");
	}
	if (*value != '\0')
		str_addf(out, "content-encoding: %s\n", value);
}

static void add_class(const struct s3_request *request, struct str *out)
{
	const char *name = s3_request_header(request, "x-amz-storage-class");

	if (name != NULL && strcmp(name, "STANDARD") != 0)
		str_addf(out, "x-amz-storage-class: %s\n", name);
}

bool s3_keep_headers(const struct s3_request *request, struct str *out,
		     struct err *err)
{
	size_t meta_bytes = 0;

	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		const char *value = s3_request_header(request, plain[i].header);

		if (value == NULL)
			continue;
		if (strcmp(plain[i].header, "content-encoding") == 0)
			add_encoding(out, value);
		else
			str_addf(out, "%s: %s\n", plain[i].header, value);
	}
	for (size_t i = 0; i < request->headers.count; i++) {
		const struct s3_pair *header = &request->headers.items[i];

		if (!str_starts(header->name, "x-amz-meta-"))
			continue;
		meta_bytes += strlen(header->name) - strlen("x-amz-meta-") +
			      strlen(header->value);
		str_addf(out, "%s: %s\n", header->name, header->value);
	}
	add_class(request, out);
	return meta_bytes <= META_MAX_BYTES ||
	       s3_call_refuse(err, "MetadataTooLarge",
			      "Your metadata headers exceed the maximum"
			      " allowed metadata size");
}

void s3_keep_metadata(const char *headers, struct str *out)
{
	for (const char *line = headers; *line != '\0';) {
		size_t len = strcspn(line, "\n") + 1;

		if (str_starts(line, "x-amz-meta-") ||
		    (!str_starts(line, "x-amz-") && line[0] != '~'))
			str_add_slice(out, line, len);
		line += len;
	}
}

char *s3_keep_value(const char *headers, const char *name)
{
	size_t name_len = strlen(name);

	for (const char *line = headers; *line != '\0';
	     line += strcspn(line, "\n") + 1)
		if (strncmp(line, name, name_len) == 0 &&
		    str_starts(line + name_len, ": "))
			return mem_copy_slice(line + name_len + 2,
					      strcspn(line, "\n") - name_len -
						      2);
	return NULL;
}

void s3_keep_class(const char *headers, struct str *out)
{
	CLEANUP(mem_freep)
	char *name = s3_keep_value(headers, "x-amz-storage-class");

	str_set(out, name != NULL ? name : "STANDARD");
}

void s3_keep_some(const char *headers, const char *prefix,
		  struct s3_reply *reply)
{
	for (const char *line = headers; *line != '\0';) {
		size_t len = strcspn(line, "\n") + 1;

		if (str_starts(line, prefix))
			str_add_slice(&reply->headers, line, len);
		line += len;
	}
}

static const char *override_of(const struct s3_request *request,
			       const char *line, size_t name_len)
{
	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (str_slice_equal(line, name_len, plain[i].header))
			return s3_request_param(request, plain[i].param);
	return NULL;
}

void s3_keep_reply(const struct s3_request *request,
		   const struct s3_store_object *object, bool with_checksums,
		   struct s3_reply *reply)
{
	const char *line = object->headers;

	if (strstr(object->headers, "content-type:") == NULL &&
	    s3_request_param(request, "response-content-type") == NULL)
		s3_reply_header(reply, "content-type", "binary/octet-stream");
	for (; *line != '\0'; line += strcspn(line, "\n") + 1) {
		size_t name_len = strcspn(line, ":");

		if (line[0] == '~' ||
		    (str_starts(line, "x-amz-checksum-") && !with_checksums))
			continue;
		if (override_of(request, line, name_len) == NULL)
			str_add_slice(&reply->headers, line,
				      strcspn(line, "\n") + 1);
	}
	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		const char *value = s3_request_param(request, plain[i].param);

		if (value != NULL)
			s3_reply_header(reply, plain[i].header, value);
	}
}

/* --- conditions --- */

/* Lists of etags: "a", "b" or *. */
static bool etag_fits(const char *list, const char *etag)
{
	CLEANUP(str_done) struct str quoted = STR_EMPTY;

	str_addf(&quoted, "\"%s\"", etag);
	return strcmp(list, "*") == 0 || strcmp(list, etag) == 0 ||
	       strstr(list, quoted.text) != NULL;
}

static const char *condition(const struct s3_request *request,
			     const char *prefix, const char *name)
{
	CLEANUP(str_done) struct str header = STR_EMPTY;

	str_addf(&header, "%s%s", prefix, name);
	return s3_request_header(request, header.text);
}

/* HTTP dates have whole seconds. */
static bool changed_since(const struct s3_store_object *object,
			  const char *date, bool otherwise)
{
	int64_t at_ms;

	if (!isotime_parse_http(date, &at_ms, NULL))
		return otherwise;
	return object->modified_ms / 1000 > at_ms / 1000;
}

static bool failed(struct err *err)
{
	return s3_call_refuse(err, "PreconditionFailed",
			      "At least one of the pre-conditions you"
			      " specified did not hold");
}

bool s3_keep_check(const struct s3_request *request, const char *prefix,
		   const struct s3_store_object *object, struct err *err)
{
	const char *match = condition(request, prefix, "if-match");
	const char *none = condition(request, prefix, "if-none-match");
	const char *since = condition(request, prefix, "if-modified-since");
	const char *before = condition(request, prefix, "if-unmodified-since");
	bool stale;

	if (match != NULL && !etag_fits(match, object->etag))
		return failed(err);
	if (match == NULL && before != NULL &&
	    changed_since(object, before, false))
		return failed(err);
	if (none != NULL)
		stale = etag_fits(none, object->etag);
	else
		stale = since != NULL && !changed_since(object, since, true);
	if (!stale)
		return true;
	if (prefix[0] != '\0')
		return failed(err);
	return s3_call_refuse(err, "NotModified", "Not Modified");
}

bool s3_keep_condition(const struct s3_request *request,
		       struct s3_store_put *put, char **out_etag,
		       struct err *err)
{
	const char *none = s3_request_header(request, "if-none-match");

	if (none != NULL && strcmp(none, "*") != 0)
		return s3_call_refuse(err, "NotImplemented",
				      "A header you provided implies"
				      " functionality that is not implemented:"
				      " If-None-Match: %s",
				      none);
	put->if_none_match = none != NULL;
	*out_etag = s3_request_etag(request, "if-match");
	put->if_match = *out_etag;
	return true;
}
