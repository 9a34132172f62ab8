/* Calls without a network: what is counted over a body before it goes out,
 * and what error replies become. */
#include "../check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aws/call.h"
#include "aws/policy.h"
#include "aws/s3_uri.h"

static const struct policy over_tls = { .body_kind = INTEGRITY_CRC64NVME };
static const struct policy plain = { .body_kind = INTEGRITY_CRC64NVME,
				     .signs_bodies = true };
static const struct policy required = { .body_kind = INTEGRITY_NONE,
					.signs_bodies = true };

#define OF_DIGITS                                                              \
	"15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"

static const struct {
	enum operation_id id;
	const struct policy *policy;
	const char *body;
	const char *payload_hash;
	const char *sum; /* "": none */
} bodies[] = {
	{ OPERATION_PUT_OBJECT, &over_tls, "123456789", SIGV4_UNSIGNED_PAYLOAD,
	  "rosUhgp5mIg=" },
	{ OPERATION_PUT_OBJECT, &plain, "123456789", OF_DIGITS,
	  "rosUhgp5mIg=" },
	{ OPERATION_PUT_OBJECT, &required, "123456789", OF_DIGITS, "" },
	{ OPERATION_PUT_OBJECT, &over_tls, "", SIGV4_EMPTY_HASH,
	  "AAAAAAAAAAA=" },
	{ OPERATION_UPLOAD_PART, &over_tls, "123456789",
	  SIGV4_UNSIGNED_PAYLOAD, "rosUhgp5mIg=" },
	/* bodies of XML and forms are signed: nothing else guards them */
	{ OPERATION_DELETE_OBJECTS, &over_tls, "123456789", OF_DIGITS, "" },
	{ OPERATION_COMPLETE_UPLOAD, &over_tls, "123456789", OF_DIGITS, "" },
	{ OPERATION_GET_OBJECT, &over_tls, "", SIGV4_EMPTY_HASH, "" },
};

static void check_sums(struct call *call, size_t i)
{
	CLEANUP(str_done) struct str sum = STR_EMPTY;
	struct err err = ERR_EMPTY;

	assert_true(call_prepare(call, bodies[i].policy, &err));
	assert_true(call->prepared);
	assert_text(call->payload_hash, bodies[i].payload_hash);
	integrity_add(&call->body_sum, &sum);
	assert_text(sum.text, bodies[i].sum);
}

static void bodies_are_counted_as_settings_and_tls_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		CLEANUP(call_freep) struct call *call = call_new(bodies[i].id);

		call_set_body(call, bodies[i].body, strlen(bodies[i].body));
		check_sums(call, i);
	}
}

static void a_part_of_a_file_counts_alone(void **state)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_PUT_OBJECT);
	char path[] = "/tmp/redsh-call-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	unlink(path);
	assert_int_equal(write(fd, "abc123456789def", 15), 15);
	assert_true(call_set_body_file(call, fd, 3, 9, NULL));
	close(fd);
	check_sums(call, 1);
}

static void a_file_that_became_shorter_is_an_error(void **state)
{
	CLEANUP(call_freep)
	struct call *call = call_new(OPERATION_PUT_OBJECT);
	char path[] = "/tmp/redsh-call-XXXXXX";
	int fd = mkstemp(path);
	struct err err = ERR_EMPTY;

	(void)state;
	unlink(path);
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_true(call_set_body_file(call, fd, 0, 9, NULL));
	close(fd);
	assert_false(call_prepare(call, &plain, &err));
	assert_int_equal(err.kind, ERR_DATA);
}

static void copies_name_their_source_encoded(void **state)
{
	static const struct {
		const char *uri;
		const char *header;
	} sources[] = {
		{ "s3://bucket/a b/\xc3\xa9+%", "bucket/a%20b/%C3%A9%2B%25" },
		{ "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/apt/k 1",
		  "arn%3Aaws%3As3%3Aeu-west-1%3A123456789012%3Aaccesspoint/apt/"
		  "object/k%201" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(sources); i++) {
		CLEANUP(call_freep)
		struct call *call = call_new(OPERATION_COPY_OBJECT);
		CLEANUP(s3_uri_done) struct s3_uri uri = S3_URI_EMPTY;

		assert_true(s3_uri_parse(&uri, sources[i].uri, NULL));
		call_add_copy_source(call, &uri);
		assert_text(http_headers_get(&call->headers,
					     "x-amz-copy-source"),
			    sources[i].header);
	}
}

static const struct {
	enum operation_id id;
	int status;
	const char *id_header; /* NULL: not of AWS */
	const char *body;
	enum err_kind kind;
	const char *code;
	const char *region;
} replies[] = {
	{ OPERATION_GET_OBJECT, 404, "R",
	  "<Error><Code>NoSuchKey</Code></Error>", ERR_MISSING, "NoSuchKey",
	  "" },
	{ OPERATION_HEAD_OBJECT, 404, "R", "", ERR_MISSING, "NoSuchKey", "" },
	{ OPERATION_HEAD_OBJECT, 404, NULL, "", ERR_MISSING, "NoSuchKey", "" },
	{ OPERATION_HEAD_OBJECT, 403, "R", "", ERR_AWS, "AccessDenied", "" },
	{ OPERATION_HEAD_OBJECT, 403, NULL, "", ERR_AWS, "", "" },
	{ OPERATION_GET_OBJECT, 403, NULL, "<html>no</html>", ERR_AWS, "",
	  "" },
	{ OPERATION_GET_OBJECT, 503, NULL, "<html>no</html>", ERR_AWS, "",
	  "" },
	{ OPERATION_GET_OBJECT, 503, "R", "", ERR_AWS, "SlowDown", "" },
	{ OPERATION_GET_OBJECT, 400, "R",
	  "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1"
	  "</Region></Error>",
	  ERR_AWS, "AuthorizationHeaderMalformed", "eu-west-1" },
	{ OPERATION_GET_OBJECT, 403, "R",
	  "<Error><Code>RequestTimeTooSkewed</Code></Error>", ERR_AUTH,
	  "RequestTimeTooSkewed", "" },
	{ OPERATION_GET_OBJECT, 500, "R", "<Error><Code>", ERR_AWS, "", "" },
	{ OPERATION_GET_CALLER_IDENTITY, 403, "R",
	  "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error>"
	  "</ErrorResponse>",
	  ERR_AUTH, "InvalidClientTokenId", "" },
	{ OPERATION_LIST_WORKGROUPS, 400, "R",
	  "{\"__type\":\"a.b#AccessDeniedException:x\",\"message\":\"m\"}",
	  ERR_AWS, "AccessDeniedException", "" },
};

static void error_replies_become_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(replies); i++) {
		CLEANUP(call_freep) struct call *call = call_new(replies[i].id);
		CLEANUP(str_done) struct str region = STR_EMPTY;

		call_set_bucket(call, "bucket");
		str_set(&call->key, "k");
		call->reply.status = replies[i].status;
		str_add(&call->reply.body, replies[i].body);
		if (replies[i].id_header != NULL)
			http_headers_add(&call->reply.headers,
					 "x-amz-request-id",
					 replies[i].id_header);
		call_map_error(call, &region);
		assert_int_equal(call->err.kind, replies[i].kind);
		assert_text(call->err.code, replies[i].code);
		assert_text(region.text, replies[i].region);
	}
}

static void errors_inside_of_200_are_seen(void **state)
{
	static const struct {
		enum operation_id id;
		const char *body;
		bool error;
	} insides[] = {
		{ OPERATION_COPY_OBJECT, "<CopyObjectResult/>", false },
		{ OPERATION_COPY_OBJECT, "<Error><Code>a</Code></Error>",
		  true },
		{ OPERATION_COPY_OBJECT,
		  " \n \n<?xml version=\"1.0\"?><Error><Code>a</Code></Error>",
		  true },
		{ OPERATION_COPY_PART, "\n<Error/>", true },
		{ OPERATION_COMPLETE_UPLOAD, "<Error/>", true },
		{ OPERATION_GET_OBJECT, "<Error/>", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(insides); i++) {
		CLEANUP(call_freep) struct call *call = call_new(insides[i].id);

		str_add(&call->reply.body, insides[i].body);
		assert_int_equal(call_reply_is_error(call), insides[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_are_counted_as_settings_and_tls_say),
		cmocka_unit_test(a_part_of_a_file_counts_alone),
		cmocka_unit_test(a_file_that_became_shorter_is_an_error),
		cmocka_unit_test(copies_name_their_source_encoded),
		cmocka_unit_test(error_replies_become_errors),
		cmocka_unit_test(errors_inside_of_200_are_seen),
	};

	return RUN_TESTS(tests);
}
