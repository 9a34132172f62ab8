/* States of the framing: PLAIN for ever; or SIZE (a line), DATA, DATA_END
 * (CR LF) and SIZE again until size 0, then TRAILER (lines) until an empty
 * one, END. */
#include "sandbox/s3/s3_body.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "data/encode.h"
#include "data/hash.h"
#include "sandbox/s3/checksum.h"
#include "sandbox/s3/s3_auth.h"
#include "sandbox/s3/s3_request.h"

enum state {
	PLAIN,
	SIZE,
	DATA,
	DATA_END,
	TRAILER,
	END,
};

enum { LINE_MAX_BYTES = 4096 };

#define UPLOAD_BYTES_MAX (INT64_C(5) << 30)

struct promise {
	struct checksum *checksum;
	char *expected; /* base64; NULL: in the trailer, or none */
	bool own;       /* nobody promised it: we want to know it */
	struct str is;  /* once it is known */
};

struct s3_body {
	const struct s3_request *request;
	struct s3_auth *auth;
	struct sink *sink;
	enum state state;
	bool chunks_signed;
	bool has_trailer;
	bool trailer_signed; /* its signature has come and is right */
	const char *sha256_hex; /* of the whole; NULL: not promised */
	struct hash *sha256;    /* of the whole, or of the chunk */
	struct {
		VEC(struct promise);
	} promises;
	int64_t length; /* decoded; -1: not promised */
	int64_t passed; /* payload bytes so far */
	uint64_t chunk_left;
	struct str line;
	struct str chunk_signature;
	struct str trailer;            /* "name:value\n" lines */
	char previous[SIGV4_HEX_SIZE]; /* signature of the chunk before */
};

static const struct framing {
	const char *literal;
	bool chunked;
	bool chunks_signed;
	bool has_trailer;
} framings[] = {
	{ SIGV4_UNSIGNED_PAYLOAD, false, false, false },
	{ "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", true, true, false },
	{ "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", true, true, true },
	{ "STREAMING-UNSIGNED-PAYLOAD-TRAILER", true, false, true },
};

static bool refuse(struct err *err, const char *code, const char *message)
{
	err_set(err, ERR_AWS, "%s", message);
	return err_set_code(err, code);
}

static bool malformed(struct err *err)
{
	return refuse(err, "IncompleteBody",
		      "The request body terminated unexpectedly or is not"
		      " framed as aws-chunked");
}

/* --- promises --- */

static void add_promise(struct s3_body *body, struct checksum *checksum,
			const char *expected)
{
	struct promise promise = {
		.checksum = checksum,
		.expected = mem_copy_text(expected),
		.is = STR_EMPTY,
	};

	vec_push(&body->promises, promise);
}

/* Headers that speak of checksums without being one. */
static bool is_checksum_talk(const char *name)
{
	return strcmp(name, "mode") == 0 || strcmp(name, "type") == 0 ||
	       strcmp(name, "algorithm") == 0;
}

/* CompleteMultipartUpload: it is the object's, not the body's. */
static bool is_of_object(const struct s3_request *request)
{
	return strcmp(request->method, "POST") == 0 &&
	       s3_request_param(request, "uploadId") != NULL;
}

static bool unknown_checksum(struct err *err, const char *name)
{
	err_set(err, ERR_AWS,
		"A header you provided implies functionality that is not"
		" implemented: %s",
		name);
	return err_set_code(err, "NotImplemented");
}

static bool is_digest(const char *name, const char *text)
{
	CLEANUP(str_done) struct str bytes = STR_EMPTY;

	return encode_unbase64(&bytes, text, strlen(text)) &&
	       bytes.len == checksum_size(name);
}

static bool bad_value(struct err *err, const char *header)
{
	err_set(err, ERR_AWS, "Value for %s header is invalid.", header);
	return err_set_code(err, "InvalidRequest");
}

static bool read_checksum_header(struct s3_body *body, const char *header,
				 const char *expected, struct err *err)
{
	static const char prefix[] = "x-amz-checksum-";
	const char *name = header + sizeof(prefix) - 1;
	struct checksum *checksum;

	if (!str_starts(header, prefix) || is_checksum_talk(name) ||
	    is_of_object(body->request))
		return true;
	if (body->promises.count > 0)
		return refuse(err, "InvalidRequest",
			      "Expecting a single x-amz-checksum- header."
			      " Multiple checksum Types are not allowed.");
	checksum = checksum_new(name);
	if (checksum == NULL)
		return unknown_checksum(err, header);
	add_promise(body, checksum, expected);
	return expected == NULL || is_digest(name, expected) ||
	       bad_value(err, header);
}

/* x-amz-sdk-checksum-algorithm announces what must then be there. */
static bool check_algorithm(const struct s3_body *body, struct err *err)
{
	const char *name = s3_request_header(body->request,
					     "x-amz-sdk-checksum-algorithm");

	if (name == NULL || body->promises.count == 0)
		return name == NULL || strcmp(body->request->method, "PUT") != 0 ||
		       s3_request_header(body->request, "content-md5") != NULL ||
		       refuse(err, "InvalidRequest",
			      "x-amz-sdk-checksum-algorithm specified, but no"
			      " corresponding x-amz-checksum-* or"
			      " x-amz-trailer headers were found.");
	return str_equal_nocase(name, checksum_name(
					      body->promises.items[0].checksum)) ||
	       refuse(err, "InvalidRequest",
		      "Value for x-amz-sdk-checksum-algorithm header is"
		      " invalid.");
}

static bool read_md5(struct s3_body *body, const char *md5, struct err *err)
{
	CLEANUP(str_done) struct str digest = STR_EMPTY;

	if (md5 == NULL)
		return true;
	if (!encode_unbase64(&digest, md5, strlen(md5)) ||
	    digest.len != hash_size(HASH_MD5))
		return refuse(err, "InvalidDigest",
			      "The Content-MD5 you specified was invalid.");
	add_promise(body, checksum_new("md5"), md5);
	return true;
}

static bool read_promises(struct s3_body *body, struct err *err)
{
	const struct s3_request *request = body->request;
	const char *trailer = s3_request_header(request, "x-amz-trailer");

	for (size_t i = 0; i < request->headers.count; i++)
		if (!read_checksum_header(body, request->headers.items[i].name,
					  request->headers.items[i].value, err))
			return false;
	if (trailer != NULL && !body->has_trailer)
		return refuse(err, "InvalidRequest",
			      "x-amz-trailer needs a STREAMING-...-TRAILER"
			      " x-amz-content-sha256");
	if (trailer != NULL && !str_starts(trailer, "x-amz-checksum-"))
		return refuse(err, "InvalidRequest",
			      "The value specified in the x-amz-trailer header"
			      " is not supported");
	if (trailer != NULL && !read_checksum_header(body, trailer, NULL, err))
		return false;
	if (!check_algorithm(body, err))
		return false;
	return read_md5(body, s3_request_header(request, "content-md5"), err);
}

static bool read_length(struct s3_body *body, const char *header,
			struct err *err)
{
	const char *text = s3_request_header(body->request, header);
	size_t digits = text == NULL ? 0 : strspn(text, "0123456789");

	body->length = -1;
	if (text == NULL)
		return true;
	errno = 0;
	body->length = strtoll(text, NULL, 10);
	if (digits == 0 || text[digits] != '\0' || errno != 0)
		return refuse(err, "InvalidArgument",
			      "The length of the body is not a number");
	return true;
}

/* S3: a body in chunks says how long it is without their frames. */
static bool read_decoded_length(struct s3_body *body, struct err *err)
{
	static const char header[] = "x-amz-decoded-content-length";

	if (s3_request_header(body->request, header) == NULL)
		return refuse(err, "MissingContentLength",
			      "You must provide the Content-Length HTTP"
			      " header.");
	return read_length(body, header, err);
}

static bool read_framing(struct s3_body *body, struct err *err)
{
	const char *literal = s3_auth_payload(body->auth, body->request, err);

	if (literal == NULL)
		return false;
	for (size_t i = 0; i < COUNT_OF(framings); i++) {
		if (strcmp(framings[i].literal, literal) != 0)
			continue;
		body->state = framings[i].chunked ? SIZE : PLAIN;
		body->chunks_signed = framings[i].chunks_signed;
		body->has_trailer = framings[i].has_trailer;
		if (body->chunks_signed)
			body->sha256 = hash_new(HASH_SHA256);
		return framings[i].chunked
			       ? read_decoded_length(body, err)
			       : read_length(body, "content-length", err);
	}
	if (strlen(literal) != 64 || strspn(literal, "0123456789abcdef") != 64)
		return refuse(err, "InvalidArgument",
			      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD,"
			      " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid"
			      " sha256 value.");
	body->sha256_hex = literal;
	body->sha256 = hash_new(HASH_SHA256);
	return read_length(body, "content-length", err);
}

struct s3_body *s3_body_new(const struct s3_request *request,
			    struct s3_auth *auth, struct sink *sink,
			    struct err *err)
{
	struct s3_body *body = mem_alloc(sizeof(*body));
	struct str empty = STR_EMPTY;

	body->request = request;
	body->auth = auth;
	body->sink = sink;
	body->line = empty;
	body->chunk_signature = empty;
	body->trailer = empty;
	if (auth->claim.signature.len < sizeof(body->previous))
		memcpy(body->previous, auth->claim.signature.text,
		       auth->claim.signature.len);
	if (!read_framing(body, err) || !read_promises(body, err)) {
		s3_body_free(body);
		return NULL;
	}
	return body;
}

void s3_body_free(struct s3_body *body)
{
	if (body == NULL)
		return;
	for (size_t i = 0; i < body->promises.count; i++) {
		checksum_free(body->promises.items[i].checksum);
		mem_free(body->promises.items[i].expected);
		str_done(&body->promises.items[i].is);
	}
	vec_done(&body->promises);
	hash_free(body->sha256);
	str_done(&body->line);
	str_done(&body->chunk_signature);
	str_done(&body->trailer);
	mem_free(body);
}

/* --- framing --- */

static bool pass_on(struct s3_body *body, const char *bytes, size_t len,
		    struct err *err)
{
	if (len == 0)
		return true;
	body->passed += (int64_t)len;
	if (body->length >= 0 && body->passed > body->length)
		return malformed(err);
	if (body->sha256 != NULL)
		hash_feed(body->sha256, bytes, len);
	for (size_t i = 0; i < body->promises.count; i++)
		checksum_feed(body->promises.items[i].checksum, bytes, len);
	return sink_write(body->sink, bytes, len, err);
}

static bool check_signature(struct s3_body *body, const struct str *to_sign,
			    const char *sent, struct err *err)
{
	char signature[SIGV4_HEX_SIZE];

	sigv4_signature(body->auth->key, to_sign, signature);
	memcpy(body->previous, signature, sizeof(signature));
	return sigv4_signature_equal(signature, sent) ||
	       refuse(err, "SignatureDoesNotMatch",
		      "The request signature we calculated does not match the"
		      " signature you provided. Check your key and signing"
		      " method.");
}

/* The chunk that has just ended, the last (empty) one too. */
static bool check_chunk(struct s3_body *body, struct err *err)
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	CLEANUP(str_done) struct str to_sign = STR_EMPTY;
	unsigned char digest[HASH_MAX];

	if (!body->chunks_signed)
		return true;
	hash_finish(body->sha256, digest);
	encode_hex(&hex, digest, hash_size(HASH_SHA256));
	sigv4_add_chunk_string(&body->auth->scope, body->previous, hex.text,
			       &to_sign);
	return check_signature(body, &to_sign, body->chunk_signature.text, err);
}

/* "HEX" or "HEX;chunk-signature=..." */
static bool begin_chunk(struct s3_body *body, struct err *err)
{
	static const char name[] = ";chunk-signature=";
	const char *line = body->line.text;
	size_t digits = strspn(line, "0123456789abcdefABCDEF");
	const char *end = line + digits;

	/* 2^60 and more are no size of ours; nor is a NUL part of a line */
	if (digits == 0 || digits > 15 || strlen(line) != body->line.len)
		return malformed(err);
	body->chunk_left = strtoull(line, NULL, 16);
	str_clear(&body->chunk_signature);
	if (str_starts(end, name))
		str_add(&body->chunk_signature, end + sizeof(name) - 1);
	else if (*end != '\0' || body->chunks_signed)
		return malformed(err);
	if (body->chunk_left > 0) {
		body->state = DATA;
		return true;
	}
	body->state = TRAILER;
	return check_chunk(body, err);
}

static bool check_trailer(struct s3_body *body, const char *sent,
			  struct err *err)
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	CLEANUP(str_done) struct str to_sign = STR_EMPTY;

	hash_add_hex(HASH_SHA256, body->trailer.text, body->trailer.len, &hex);
	sigv4_add_trailer_string(&body->auth->scope, body->previous, hex.text,
				 &to_sign);
	return check_signature(body, &to_sign, sent, err);
}

/* One line of the trailer: a checksum that was announced, or the signature
 * of all lines before it. */
static bool take_trailer(struct s3_body *body, struct err *err)
{
	static const char signature[] = "x-amz-trailer-signature:";
	const char *line = body->line.text;
	const char *colon = strchr(line, ':');

	if (body->line.len == 0) {
		body->state = END;
		return !body->has_trailer || !body->chunks_signed ||
		       body->trailer_signed || malformed(err);
	}
	if (!body->has_trailer || colon == NULL || body->trailer_signed)
		return malformed(err);
	if (body->chunks_signed && str_starts(line, signature)) {
		body->trailer_signed = check_trailer(
			body, line + sizeof(signature) - 1, err);
		return body->trailer_signed;
	}
	for (size_t i = 0; i < body->promises.count; i++) {
		struct promise *promise = &body->promises.items[i];
		CLEANUP(str_done) struct str name = STR_EMPTY;

		if (promise->expected != NULL || promise->own)
			continue;
		str_addf(&name, "x-amz-checksum-%s:",
			 checksum_name(promise->checksum));
		if (!str_starts(line, name.text))
			continue;
		promise->expected =
			mem_copy_text(colon + 1 + strspn(colon + 1, " "));
		str_addf(&body->trailer, "%s\n", line);
		return true;
	}
	return refuse(err, "InvalidRequest",
		      "The body's trailer is not the one announced by"
		      " x-amz-trailer");
}

static bool end_line(struct s3_body *body, struct err *err)
{
	bool right = true;

	if (body->line.len > 0 && body->line.text[body->line.len - 1] == '\r')
		str_cut(&body->line, body->line.len - 1);
	switch (body->state) {
	case SIZE:
		right = begin_chunk(body, err);
		break;
	case DATA_END:
		right = body->line.len == 0 ? check_chunk(body, err)
					    : malformed(err);
		body->state = SIZE;
		break;
	case TRAILER:
		right = take_trailer(body, err);
		break;
	case PLAIN:
	case DATA:
	case END:
		break;
	}
	str_clear(&body->line);
	return right;
}

/* Takes some bytes of a framed body; *out_used > 0. */
static bool take_framed(struct s3_body *body, const char *bytes, size_t len,
			size_t *out_used, struct err *err)
{
	const char *newline;

	if (body->state == END)
		return malformed(err);
	if (body->state == DATA) {
		*out_used =
			len < body->chunk_left ? len : (size_t)body->chunk_left;
		body->chunk_left -= *out_used;
		if (body->chunk_left == 0)
			body->state = DATA_END;
		return pass_on(body, bytes, *out_used, err);
	}
	newline = memchr(bytes, '\n', len);
	*out_used = newline == NULL ? len : (size_t)(newline - bytes) + 1;
	if (body->line.len + *out_used > LINE_MAX_BYTES)
		return malformed(err);
	str_add_slice(&body->line, bytes,
		      newline == NULL ? *out_used : *out_used - 1);
	return newline == NULL || end_line(body, err);
}

bool s3_body_feed(struct s3_body *body, const char *bytes, size_t len,
		  struct err *err)
{
	if (body->state == PLAIN)
		return pass_on(body, bytes, len, err);
	while (len > 0) {
		size_t used = 0;

		if (!take_framed(body, bytes, len, &used, err))
			return false;
		bytes += used;
		len -= used;
	}
	return true;
}

/* --- the end --- */

static bool check_sha256(struct s3_body *body, struct err *err)
{
	CLEANUP(str_done) struct str hex = STR_EMPTY;
	unsigned char digest[HASH_MAX];

	if (body->sha256_hex == NULL)
		return true;
	hash_finish(body->sha256, digest);
	encode_hex(&hex, digest, hash_size(HASH_SHA256));
	return strcmp(hex.text, body->sha256_hex) == 0 ||
	       refuse(err, "XAmzContentSHA256Mismatch",
		      "The provided 'x-amz-content-sha256' header does not"
		      " match what was computed.");
}

static bool check_promise(struct promise *promise, struct err *err)
{
	const char *name = checksum_name(promise->checksum);

	if (promise->expected == NULL && !promise->own)
		return malformed(err);
	checksum_finish(promise->checksum, &promise->is);
	if (promise->own || strcmp(promise->is.text, promise->expected) == 0)
		return true;
	if (strcmp(name, "md5") == 0)
		return refuse(err, "BadDigest",
			      "The Content-MD5 you specified did not match"
			      " what we received.");
	err_set(err, ERR_AWS,
		"The %s you specified did not match the calculated checksum.",
		name);
	for (char *at = err != NULL ? err->message + 4 : NULL;
	     at != NULL && *at != ' '; at++)
		*at = (char)toupper((unsigned char)*at);
	return err_set_code(err, "BadDigest");
}

bool s3_body_end(struct s3_body *body, struct err *err)
{
	if ((body->state != PLAIN && body->state != END) ||
	    (body->length >= 0 && body->passed != body->length))
		return malformed(err);
	if (!check_sha256(body, err))
		return false;
	for (size_t i = 0; i < body->promises.count; i++)
		if (!check_promise(&body->promises.items[i], err))
			return false;
	return true;
}

bool s3_body_check_length(const struct s3_body *body, struct err *err)
{
	if (body->length < 0)
		return refuse(err, "MissingContentLength",
			      "You must provide the Content-Length HTTP"
			      " header.");
	return body->length <= UPLOAD_BYTES_MAX ||
	       refuse(err, "EntityTooLarge",
		      "Your proposed upload exceeds the maximum allowed"
		      " size");
}

bool s3_body_has_digest(const struct s3_body *body)
{
	return body->promises.count > 0;
}

/* Content-MD5 is kept by nobody. */
static const struct promise *kept(const struct s3_body *body)
{
	for (size_t i = 0; i < body->promises.count; i++)
		if (strcmp(checksum_name(body->promises.items[i].checksum),
			   "md5") != 0)
			return &body->promises.items[i];
	return NULL;
}

const char *s3_body_algorithm(const struct s3_body *body)
{
	const struct promise *promise = kept(body);

	return promise != NULL ? checksum_name(promise->checksum) : NULL;
}

const char *s3_body_checksum(const struct s3_body *body)
{
	const struct promise *promise = kept(body);

	return promise != NULL ? promise->is.text : "";
}

void s3_body_want(struct s3_body *body, const char *name)
{
	if (kept(body) != NULL)
		return;
	add_promise(body, checksum_new(name), NULL);
	body->promises.items[body->promises.count - 1].own = true;
}
