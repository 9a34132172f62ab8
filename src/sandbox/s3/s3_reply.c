#include "sandbox/s3/s3_reply.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/xml.h"
#include "sandbox/s3/s3_request.h"

/* S3 API reference, ErrorResponses; below the dash line STS and Redshift. */
static const struct {
	const char *code;
	int status;
} codes[] = {
	{ "AccessControlListNotSupported", 400 },
	{ "AccessDenied", 403 },
	{ "AuthorizationHeaderMalformed", 400 },
	{ "AuthorizationQueryParametersError", 400 },
	{ "BadDigest", 400 },
	{ "BucketAlreadyOwnedByYou", 409 },
	{ "BucketNotEmpty", 409 },
	{ "EntityTooLarge", 400 },
	{ "EntityTooSmall", 400 },
	{ "IllegalLocationConstraintException", 400 },
	{ "IllegalVersioningConfigurationException", 400 },
	{ "IncompleteBody", 400 },
	{ "InternalError", 500 },
	{ "InvalidAccessKeyId", 403 },
	{ "InvalidArgument", 400 },
	{ "InvalidBucketName", 400 },
	{ "InvalidDigest", 400 },
	{ "InvalidLocationConstraint", 400 },
	{ "InvalidObjectState", 403 },
	{ "InvalidPart", 400 },
	{ "InvalidPartNumber", 416 },
	{ "InvalidPartOrder", 400 },
	{ "InvalidRange", 416 },
	{ "InvalidRequest", 400 },
	{ "InvalidStorageClass", 400 },
	{ "InvalidToken", 400 },
	{ "InvalidURI", 400 },
	{ "KMS.DisabledException", 400 },
	{ "KMS.KMSInvalidStateException", 400 },
	{ "KMS.NotFoundException", 400 },
	{ "KeyTooLongError", 400 },
	{ "MalformedPolicy", 400 },
	{ "MalformedXML", 400 },
	{ "MetadataTooLarge", 400 },
	{ "MethodNotAllowed", 405 },
	{ "MissingContentLength", 411 },
	{ "NoSuchBucket", 404 },
	{ "NoSuchBucketPolicy", 404 },
	{ "NoSuchKey", 404 },
	{ "NoSuchUpload", 404 },
	{ "NoSuchVersion", 404 },
	{ "NotImplemented", 501 },
	{ "NotModified", 304 },
	{ "PreconditionFailed", 412 },
	{ "OperationAborted", 409 },
	{ "PermanentRedirect", 301 },
	{ "RequestTimeTooSkewed", 403 },
	{ "RequestTimeout", 400 },
	{ "ServiceUnavailable", 503 },
	{ "SignatureDoesNotMatch", 403 },
	{ "SlowDown", 503 },
	{ "TemporaryRedirect", 307 },
	{ "XAmzContentSHA256Mismatch", 400 },
	/* - */
	{ "AlreadyExistsException", 400 },
	{ "ChangeSetNotFound", 404 },
	{ "ClusterNotFound", 404 },
	{ "ExpiredToken", 400 },
	{ "ExpiredTokenException", 400 },
	{ "InsufficientCapabilitiesException", 400 },
	{ "InvalidAction", 400 },
	{ "InvalidChangeSetStatus", 400 },
	{ "InvalidClientTokenId", 403 },
	{ "InvalidClusterState", 400 },
	{ "InvalidIdentityToken", 400 },
	{ "InvalidInput", 400 },
	{ "InvalidParameterValue", 400 },
	{ "MalformedPolicyDocument", 400 },
	{ "MissingAuthenticationToken", 403 },
	{ "MissingParameter", 400 },
	{ "NoSuchEntity", 404 },
	{ "Throttling", 400 },
	{ "TokenAlreadyExistsException", 400 },
	{ "UnsupportedOperation", 400 },
	{ "ValidationError", 400 },
};

static int status_of(const struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (strcmp(codes[i].code, err->code) == 0)
			return codes[i].status;
	return 500;
}

void s3_reply_done(struct s3_reply *reply)
{
	str_done(&reply->headers);
	str_done(&reply->body);
	str_done(&reply->always);
	str_done(&reply->extra);
	if (reply->fd >= 0)
		close(reply->fd);
	reply->fd = -1;
}

void s3_reply_header(struct s3_reply *reply, const char *name,
		     const char *value)
{
	str_addf(&reply->headers, "%s: %.*s\n", name,
		 (int)strcspn(value, "\r\n"), value);
}

void s3_reply_always(struct s3_reply *reply, const char *name,
		     const char *value)
{
	str_addf(&reply->always, "%s: %.*s\n", name,
		 (int)strcspn(value, "\r\n"), value);
}

void s3_reply_headerf(struct s3_reply *reply, const char *name, const char *fmt,
		      ...)
{
	CLEANUP(str_done) struct str value = STR_EMPTY;
	va_list args;

	va_start(args, fmt);
	str_addv(&value, fmt, args);
	va_end(args);
	s3_reply_header(reply, name, value.text);
}

/* What was prepared for success must not go out with an error. */
static void reset(struct s3_reply *reply, const struct err *err)
{
	str_clear(&reply->headers);
	str_clear(&reply->body);
	if (reply->fd >= 0)
		close(reply->fd);
	reply->fd = -1;
	reply->status = status_of(err);
}

/* A failure of our own (disk full, damaged index) has no AWS code. */
static const char *code_of(const struct err *err)
{
	return err->kind == ERR_AWS && err->code[0] != '\0' ? err->code
							    : "InternalError";
}

void s3_reply_error(struct s3_reply *reply, const struct s3_request *request,
		    const struct err *err)
{
	reset(reply, err);
	if (reply->status == 304)
		return;
	s3_reply_header(reply, "Content-Type", "application/xml");
	xml_declare(&reply->body);
	xml_open(&reply->body, "Error");
	xml_put(&reply->body, "Code", code_of(err));
	xml_put(&reply->body, "Message", err->message);
	str_add_slice(&reply->body, reply->extra.text, reply->extra.len);
	if (request->key != NULL && strcmp(err->code, "NoSuchKey") == 0)
		xml_put(&reply->body, "Key", request->key);
	else if (request->bucket != NULL &&
		 strcmp(err->code, "NoSuchBucket") == 0)
		xml_put(&reply->body, "BucketName", request->bucket);
	xml_put(&reply->body, "Resource", request->path.text);
	xml_put(&reply->body, "RequestId", request->id);
	xml_put(&reply->body, "HostId", "redsh-sandbox");
	xml_close(&reply->body, "Error");
}

void s3_reply_query_error(struct s3_reply *reply,
			  const struct s3_request *request,
			  const char *namespace, const struct err *err)
{
	reset(reply, err);
	s3_reply_header(reply, "Content-Type", "text/xml");
	str_addf(&reply->body, "<ErrorResponse xmlns=\"%s\">", namespace);
	xml_open(&reply->body, "Error");
	xml_put(&reply->body, "Type",
		reply->status >= 500 ? "Receiver" : "Sender");
	xml_put(&reply->body, "Code", code_of(err));
	xml_put(&reply->body, "Message", err->message);
	xml_close(&reply->body, "Error");
	xml_put(&reply->body, "RequestId", request->id);
	xml_close(&reply->body, "ErrorResponse");
}
