/* A request as the AWS endpoints see it: target, headers, then a body in
 * pieces. The body's answer is the same however it is cut, nothing longer
 * than what was sent comes out, and no signature passes by chance.
 *
 * Text: the first line is METHOD TARGET, then headers to an empty line, then
 * the body. It is 2026-03-14 15:09:26, as in the corpus. */
#include "fuzz.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/sink.h"
#include "base/str.h"
#include "sandbox/account/identity.h"
#include "sandbox/s3/s3_auth.h"
#include "sandbox/s3/s3_body.h"
#include "sandbox/s3/s3_request.h"

#define CLAIM                                                                  \
	"authorization: AWS4-HMAC-SHA256 Credential=AKIAFUZZ/20260314/"        \
	"us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-date,Signature="   \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"   \
	"x-amz-date: 20260314T150926Z\nhost: localhost\n"

#define SIGNATURE                                                              \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* base/clock for this program, which always says the same. */
int64_t clock_wall_ms(void)
{
	return 1773500966000; /* of CLAIM */
}

int64_t clock_monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const struct fuzz_text corpus[] = {
	FUZZ_TEXT("GET /\n\n"),
	FUZZ_TEXT("PUT /b/a%20key%2F+?partNumber=1&uploadId=x\n" CLAIM
		  "x-amz-content-sha256: UNSIGNED-PAYLOAD\n"
		  "content-length: 5\ncontent-md5: XUFAKrxLKna5cZ2REBfFkg==\n"
		  "\nhello"),
	FUZZ_TEXT("PUT /b/k\n" CLAIM
		  "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\n"
		  "x-amz-decoded-content-length: 5\n"
		  "x-amz-trailer: x-amz-checksum-crc32\n"
		  "\n5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"),
	FUZZ_TEXT("PUT /b/k\n" CLAIM
		  "x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\n"
		  "x-amz-decoded-content-length: 5\n"
		  "\n5;chunk-signature=" SIGNATURE "\r\nhello\r\n"
		  "0;chunk-signature=" SIGNATURE "\r\n\r\n"),
	FUZZ_TEXT("PUT /b/k\n" CLAIM "x-amz-content-sha256: "
		  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER\n"
		  "x-amz-decoded-content-length: 0\n"
		  "x-amz-trailer: x-amz-checksum-sha256\n"
		  "\n0;chunk-signature=" SIGNATURE "\r\n"
		  "x-amz-checksum-sha256:AAAA\r\n"
		  "x-amz-trailer-signature:" SIGNATURE "\r\n\r\n"),
	FUZZ_TEXT("GET /b?list-type=2&prefix=a%2F&max-keys=10&X-Amz-Algorithm="
		  "AWS4-HMAC-SHA256&X-Amz-Credential=AKIAFUZZ%2F20260314%2F"
		  "us-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260314T150926Z&"
		  "X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="
		  SIGNATURE "\nhost: localhost\n\n"),
	FUZZ_TEXT("POST /b?delete\n" CLAIM "x-amz-content-sha256: " SIGNATURE
		  "\nx-amz-checksum-sha1: AAAA\n\n<Delete/>"),
	{ NULL, 0 },
};

static const char *const words[] = {
	"%", "%2F", "%00", "%ff", "//", "..", "?", "&", "=", "+", "\r\n", "0\r\n",
	"\r\n\r\n", ";chunk-signature=", "ffffffffffffffff", "-1", "0x", "x-amz-",
	"x-amz-checksum-crc32c: ", "x-amz-checksum-crc64nvme: ",
	"x-amz-decoded-content-length: ", "content-length: 0\n",
	"x-amz-trailer-signature:", "x-amz-checksum-crc32:", "x-amz-trailer: ",
	"X-Amz-Expires=", "max-keys=", "/aws4_request", "Credential=",
	"SignedHeaders=", "Signature=", "date: Sat, 14 Mar 2026 15:09:26 GMT\n",
	NULL,
};

const struct fuzz_driver fuzz_driver = {
	.corpus = corpus,
	.words = words,
	.count = 15000,
};

/* The text up to end, which is taken as well; NULL: no more. */
static char *take_until(const char **at, const char *stop, char end)
{
	const char *found;
	char *taken;

	if (*at == stop)
		return NULL;
	found = memchr(*at, end, (size_t)(stop - *at));
	taken = mem_copy_slice(*at, (size_t)((found ? found : stop) - *at));
	*at = found == NULL ? stop : found + 1;
	return taken;
}

/* HTTP's own rules hold: MHD gives no line end and no NUL in a header. */
static void read_headers(struct s3_request *request, const char **at,
			 const char *stop)
{
	for (;;) {
		CLEANUP(mem_freep) char *line = take_until(at, stop, '\n');
		char *colon;

		if (line == NULL || *line == '\0')
			return;
		colon = strchr(line, ':');
		if (colon == NULL)
			continue;
		*colon = '\0';
		colon += 1 + strspn(colon + 1, " ");
		s3_request_add_header(request, line, colon);
	}
}

struct answer {
	bool taken; /* to the end */
	char code[sizeof(((struct err *)0)->code)];
	struct str payload;
};

static void feed(const struct s3_request *request, struct s3_auth *auth,
		 const char *bytes, size_t len, size_t piece,
		 struct answer *out)
{
	struct sink sink = sink_to_str(&out->payload);
	struct err err = ERR_EMPTY;
	CLEANUP(s3_body_freep)
	struct s3_body *body = s3_body_new(request, auth, &sink, &err);
	bool going = body != NULL;

	for (size_t at = 0; going && at < len; at += piece)
		going = s3_body_feed(body, bytes + at,
				     len - at < piece ? len - at : piece, &err);
	out->taken = going && s3_body_end(body, &err);
	if (!out->taken) {
		FUZZ_CHECK(err.code[0] != '\0');
		memcpy(out->code, err.code, sizeof(out->code));
		return;
	}
	FUZZ_CHECK(s3_body_algorithm(body) == NULL ||
		   s3_body_checksum(body)[0] != '\0');
	FUZZ_CHECK(out->payload.len <= len);
}

static void check_body(const struct s3_request *request, struct s3_auth *auth,
		       const char *bytes, size_t len)
{
	struct answer whole = { .payload = STR_EMPTY };
	struct answer cut = { .payload = STR_EMPTY };

	feed(request, auth, bytes, len, len + 1, &whole);
	feed(request, auth, bytes, len, 1 + len / 7, &cut);
	FUZZ_CHECK(whole.taken == cut.taken);
	if (whole.taken)
		FUZZ_CHECK(whole.payload.len == cut.payload.len &&
			   memcmp(whole.payload.text, cut.payload.text,
				  whole.payload.len) == 0);
	else
		FUZZ_CHECK(strcmp(whole.code, cut.code) == 0);
	str_done(&whole.payload);
	str_done(&cut.payload);
}

/* Nobody here knows the key: no request may pass. */
static void check_auth(const struct s3_request *request, struct s3_auth *auth)
{
	CLEANUP(identity_done) struct identity identity = IDENTITY_EMPTY;
	CLEANUP(str_done) struct str extra = STR_EMPTY;
	struct err err = ERR_EMPTY;
	const char *payload;

	strcpy(identity.access_key_id, "AKIAFUZZ");
	secret_set(&identity.secret_key, "secret");
	if (!s3_auth_begin(auth, request, &identity, &extra, &err)) {
		FUZZ_CHECK(err.code[0] != '\0');
		return;
	}
	payload = s3_auth_payload(auth, request, &err);
	FUZZ_CHECK(payload == NULL ||
		   !s3_auth_verify(auth, request, payload, &extra, &err));
	FUZZ_CHECK(err.code[0] != '\0');
}

static void check_request(struct s3_request *request, const char *method,
			  const char *body, size_t len)
{
	struct s3_auth auth = S3_AUTH_EMPTY;
	struct err err = ERR_EMPTY;
	int64_t number;

	if (!s3_request_parse(request, method, &err)) {
		FUZZ_CHECK(strcmp(err.code, "InvalidURI") == 0);
		return;
	}
	FUZZ_CHECK(request->key == NULL || request->bucket != NULL);
	if (s3_request_number(request, "max-keys", 1000, 1000, &number, &err))
		FUZZ_CHECK(number >= 0 && number <= 1000);
	mem_free(s3_request_etag(request, "if-match"));
	check_auth(request, &auth);
	/* also those that were refused: what follows is the same */
	auth.scope.region = "us-east-1";
	auth.scope.service = "s3";
	check_body(request, &auth, body, len);
	s3_auth_done(&auth);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data;
	const char *stop = at + size;
	struct s3_request request = S3_REQUEST_EMPTY;
	CLEANUP(mem_freep) char *method = take_until(&at, stop, ' ');

	if (method == NULL)
		return 0;
	request.target = take_until(&at, stop, '\n');
	if (request.target == NULL)
		request.target = mem_copy_text("");
	read_headers(&request, &at, stop);
	check_request(&request, method, at, (size_t)(stop - at));
	s3_request_done(&request);
	return 0;
}
