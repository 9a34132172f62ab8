/* Error replies of AWS in words, with what to do next. */
#include "aws/call.h"

#include <stdio.h>
#include <string.h>

#include "aws/s3_uri.h"
#include "base/log.h"
#include "data/json.h"
#include "data/xml.h"

/* %P is the permission, %B the bucket, %S the service. */
static const struct {
	const char *code;
	enum err_kind kind;
	const char *message; /* after "SUBJECT: "; NULL: theirs */
	const char *hint;
} known[] = {
	{ "NoSuchBucket", ERR_MISSING, "there is no such bucket",
	  "\\s3ls lists your buckets, \\s3mb makes one" },
	{ "NoSuchKey", ERR_MISSING, "there is no such object",
	  "\\s3ls s3://%B/ shows what is there" },
	{ "NoSuchUpload", ERR_MISSING, "there is no such multipart upload",
	  "it was completed or aborted; start again" },
	{ "AccessDenied", ERR_AWS, "access denied",
	  "the AWS identity in use needs %P (a missing object looks the same "
	  "to who may not list)" },
	{ "AccessDeniedException", ERR_AWS, "access denied",
	  "the AWS identity in use needs %P" },
	{ "AllAccessDisabled", ERR_AWS, "access is disabled", "" },
	{ "ExpiredToken", ERR_AUTH, "the AWS credentials have expired",
	  "get new ones (aws sso login, aws login, or new session keys)" },
	{ "ExpiredTokenException", ERR_AUTH, "the AWS credentials have expired",
	  "get new ones (aws sso login, aws login, or new session keys)" },
	{ "InvalidToken", ERR_AUTH, "the AWS session token is not valid",
	  "get new credentials; long-lived keys want no AWS_SESSION_TOKEN" },
	{ "InvalidAccessKeyId", ERR_AUTH, "AWS does not know the access key id",
	  "look at AWS_ACCESS_KEY_ID or the AWS profile; keys of an emulator "
	  "need its --endpoint-url" },
	{ "InvalidClientTokenId", ERR_AUTH,
	  "AWS does not know the access key id",
	  "look at AWS_ACCESS_KEY_ID or the AWS profile" },
	{ "SignatureDoesNotMatch", ERR_AUTH,
	  "the signature does not match: is the secret access key right?",
	  "look at AWS_SECRET_ACCESS_KEY or the AWS profile" },
	{ "RequestTimeTooSkewed", ERR_AUTH,
	  "this machine's clock is too far off", "set the clock (NTP)" },
	{ "BucketNotEmpty", ERR_AWS, "the bucket is not empty",
	  "\\s3rm -r s3://%B/ removes what is in it" },
	{ "BucketAlreadyExists", ERR_AWS,
	  "the name is taken by somebody's bucket", "choose another name" },
	{ "BucketAlreadyOwnedByYou", ERR_AWS, "the bucket is yours already",
	  "" },
	{ "PreconditionFailed", ERR_DATA, "the object has changed meanwhile",
	  "run the command again" },
	{ "InvalidRange", ERR_DATA, "the object is shorter than that", "" },
	{ "InvalidObjectState", ERR_AWS,
	  "the object is in an archive and must be restored first",
	  "restore it: aws s3api restore-object" },
	{ "PermanentRedirect", ERR_AWS, "the bucket is in another region",
	  "name its region with --region" },
	{ "AuthorizationHeaderMalformed", ERR_AWS, NULL,
	  "is the region right?" },
	{ "SlowDown", ERR_AWS, "S3 asks to slow down", "try again later" },
	{ "ClusterNotFound", ERR_MISSING, "there is no such cluster",
	  "is the region right?" },
	{ "UnrecognizedClientException", ERR_AUTH,
	  "AWS does not know the access key id",
	  "look at AWS_ACCESS_KEY_ID or the AWS profile" },
	{ "InvalidSignatureException", ERR_AUTH,
	  "the signature does not match: is the secret access key right?",
	  "look at AWS_SECRET_ACCESS_KEY or the AWS profile" },
	{ "ResourceNotFoundException", ERR_MISSING, NULL,
	  "are name and region right?" },
	{ "NoSuchEntity", ERR_MISSING, NULL, "is the role's name right?" },
	{ "NoSuchBucketPolicy", ERR_MISSING, "the bucket has no policy", "" },
	{ "NotFoundException", ERR_MISSING, NULL,
	  "are the key's name and region right?" },
	{ "KMS.DisabledException", ERR_AWS,
	  "the KMS key that locks the object is disabled",
	  "who manages the key can enable it: aws kms enable-key --key-id KEY" },
	{ "KMS.KMSInvalidStateException", ERR_AWS,
	  "the KMS key that locks the object cannot be used: it is pending "
	  "deletion",
	  "who manages the key can save it: aws kms cancel-key-deletion "
	  "--key-id KEY" },
	{ "EntityTooLarge", ERR_AWS, "the object is too large", "" },
};

/* A HEAD's reply has no body; the status is all there is. */
static const struct {
	int status;
	const char *code;
	bool by_others; /* proxies say it as well */
} by_status[] = {
	{ 301, "PermanentRedirect", true },
	{ 403, "AccessDenied", true },
	{ 404, "NoSuchKey", false },
	{ 412, "PreconditionFailed", false },
	{ 416, "InvalidRange", false },
	{ 503, "SlowDown", true },
};

static void add_shown(struct str *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f)
			str_addf(out, "\\x%02x", c);
		else
			str_add_char(out, (char)c);
	}
}

void call_add_subject(const struct call *call, struct str *out)
{
	/* Borrowed for the call; nothing is freed. */
	struct s3_uri uri = { call->bucket, call->key };

	if (call->bucket.len == 0)
		str_add(out, endpoint_service_words(call->operation->service));
	else
		s3_uri_add_shown(&uri, out);
}

/* What keeps the connection awake while S3 works; not allowed in front of an
 * XML declaration. */
static size_t blanks(const struct str *body)
{
	return strspn(body->text, " \t\r\n");
}

bool call_reply_is_error(const struct call *call)
{
	size_t skip = blanks(&call->reply.body);
	CLEANUP(xml_reader_freep) struct xml_reader *reader = NULL;
	const struct xml *root;

	if (!call->operation->error_in_200 || call->reply.body.len == 0)
		return false;
	reader = xml_reader_new(0);
	if (!xml_reader_feed(reader, call->reply.body.text + skip,
			     call->reply.body.len - skip, NULL))
		return false;
	root = xml_reader_end(reader, NULL);
	return root != NULL && strcmp(root->name, "Error") == 0;
}

static void add_hint(struct call *call, const char *hint)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	for (; *hint != '\0'; hint++) {
		if (hint[0] == '%' && hint[1] == 'P')
			str_add(&text, call->operation->permission);
		else if (hint[0] == '%' && hint[1] == 'B')
			str_add(&text, call->bucket.text);
		else if (hint[0] == '%' && hint[1] == 'S')
			str_add(&text, endpoint_service_id(
					       call->operation->service));
		else {
			str_add_char(&text, *hint);
			continue;
		}
		hint++;
	}
	err_hint(&call->err, "%s", text.text);
}

/* Every reply of S3 and of the stores like it has an id; those of other
 * services spell it in another way. */
static bool is_of_aws(const struct call *call)
{
	return call_reply_header(call, "x-amz-request-id") != NULL ||
	       call_reply_header(call, "x-amzn-requestid") != NULL ||
	       call_reply_header(call, "x-amz-bucket-region") != NULL;
}

static void put_together(struct call *call, const char *code,
			 const char *message)
{
	CLEANUP(str_done) struct str subject = STR_EMPTY;
	CLEANUP(str_done) struct str theirs = STR_EMPTY;
	enum err_kind kind = ERR_AWS;
	const char *ours = NULL;
	const char *hint = "";

	call_add_subject(call, &subject);
	add_shown(&theirs, message, strlen(message));
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (strcmp(known[i].code, code) == 0) {
			kind = known[i].kind;
			ours = known[i].message;
			hint = known[i].hint;
		}
	/* Other services than S3 tell who may not do what, and where. */
	if (ours != NULL && str_starts(code, "AccessDenied") &&
	    theirs.len > 0 && call->operation->service != ENDPOINT_S3)
		err_set(&call->err, kind, "%s: %s: %s", subject.text, ours,
			theirs.text);
	else if (ours != NULL)
		err_set(&call->err, kind, "%s: %s", subject.text, ours);
	else if (theirs.len > 0)
		err_set(&call->err, kind, "%s: %s: %s", subject.text,
			call->operation->name, theirs.text);
	else
		err_set(&call->err, kind, "%s: %s failed: HTTP status %d",
			subject.text, call->operation->name,
			call->reply.status);
	err_set_code(&call->err, code);
	if (code[0] == '\0' && theirs.len == 0 && !is_of_aws(call))
		hint = "the answer is not one of %S: look at the endpoint and "
		       "the proxy settings";
	if (hint[0] != '\0')
		add_hint(call, hint);
}

/* S3: <Error><Code/>...; query services: <ErrorResponse><Error><Code/>. */
static const struct xml *error_node(const struct xml *root)
{
	const struct xml *inner = xml_at(root, "Error");

	return inner != NULL ? inner : root;
}

static const char *code_of_status(const struct call *call)
{
	int status = call->reply.status;

	if (status == 404 && call->key.len == 0)
		return call->operation->service == ENDPOINT_S3 ? "NoSuchBucket"
							       : "";
	/* What stands between may say 403 and 503 too. */
	for (size_t i = 0; i < COUNT_OF(by_status); i++)
		if (by_status[i].status == status &&
		    (is_of_aws(call) || !by_status[i].by_others))
			return by_status[i].code;
	return "";
}

/* What AWS support asks for. */
static const char *request_id(const struct call *call)
{
	const char *id = call_reply_header(call, "x-amz-request-id");

	if (id == NULL)
		id = call_reply_header(call, "x-amzn-requestid");
	return id != NULL ? id : "none";
}

/* "namespace#Code:more": Code. */
static void add_json_code(const char *type, struct str *out)
{
	const char *mark = strchr(type, '#');

	if (mark != NULL)
		type = mark + 1;
	str_add_slice(out, type, strcspn(type, ":"));
}

/* Services that speak JSON: __type and message, the former in a header as
 * well. */
static void map_json_error(struct call *call)
{
	CLEANUP(json_freep)
	struct json *json = json_parse(call->reply.body.text,
				       call->reply.body.len, NULL);
	CLEANUP(str_done) struct str code = STR_EMPTY;
	const char *header = call_reply_header(call, "x-amzn-errortype");
	const char *message = json_text(json, "message", NULL);

	if (message == NULL)
		message = json_text(json, "Message", "");
	if (header == NULL)
		header = json_text(json, "code", json_text(json, "Code", ""));
	add_json_code(json_text(json, "__type", header), &code);
	log_debug(LOG_AWS, "%s: %d %s, request id %s", call->operation->name,
		  call->reply.status, code.text, request_id(call));
	put_together(call, code.text, message);
}

void call_map_error(struct call *call, struct str *out_region)
{
	CLEANUP(xml_reader_freep) struct xml_reader *reader = xml_reader_new(0);
	const char *region = call_reply_header(call, "x-amz-bucket-region");
	size_t skip = blanks(&call->reply.body);
	const struct xml *root = NULL;
	const char *code = "";

	str_clear(out_region);
	if (operation_is_json(call->operation->service)) {
		map_json_error(call);
		return;
	}
	if (call->reply.body.len > 0 &&
	    xml_reader_feed(reader, call->reply.body.text + skip,
			    call->reply.body.len - skip, NULL))
		root = xml_reader_end(reader, NULL);
	root = root != NULL ? error_node(root) : NULL;
	if (root != NULL)
		code = xml_text(root, "Code", "");
	if (region == NULL && root != NULL)
		region = xml_text(root, "Region", NULL);
	if (region != NULL)
		str_set(out_region, region);
	if (code[0] == '\0')
		code = code_of_status(call);
	log_debug(LOG_AWS, "%s: %d %s, request id %s", call->operation->name,
		  call->reply.status, code, request_id(call));
	put_together(call, code,
		     root != NULL ? xml_text(root, "Message", "") : "");
}
