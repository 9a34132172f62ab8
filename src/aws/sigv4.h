/* aws/sigv4.h - AWS Signature Version 4, step by step.
 *
 * Pure functions of their arguments: no clock, no network, no state. A client
 * uses sigv4_sign or sigv4_presign; a verifier parses the claim of a request
 * and redoes the same steps with the secret it knows.
 *
 * Names and values are logical (decoded) text; encoding happens here, once.
 */
#ifndef AWS_SIGV4_H
#define AWS_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/str.h"

#define SIGV4_ALGORITHM "AWS4-HMAC-SHA256"
#define SIGV4_UNSIGNED_PAYLOAD "UNSIGNED-PAYLOAD"
#define SIGV4_EMPTY_HASH                                                       \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

enum {
	SIGV4_KEY_BYTES = 32,
	SIGV4_HEX_SIZE = 65,		/* 64 hex digits and the NUL */
	SIGV4_TIME_SIZE = 17,		/* 20260314T150926Z and the NUL */
};

/* How the canonical path is made from the decoded one; 0 is S3's way:
 * encoded once, nothing normalised. */
enum sigv4_path_rule {
	SIGV4_NORMALIZE = 1,	/* drop "", ".", resolve ".." */
	SIGV4_ENCODE_TWICE = 2,	/* all services but S3 */
};

struct sigv4_pair {
	const char *name;
	const char *value;	/* NULL counts as "" */
};

/* What is signed. The host header must be among headers. */
struct sigv4_request {
	const char *method;
	const char *path;	/* decoded, begins with "/"; "" is "/" */
	unsigned path_rule;
	const struct sigv4_pair *query;		/* [query_count], any order */
	size_t query_count;
	const struct sigv4_pair *headers;	/* [header_count], all signed;
						 * same name: in order sent */
	size_t header_count;
	const char *payload_hash;	/* hex or a literal; NULL: empty */
};

/* When, where and for what service. */
struct sigv4_scope {
	char time[SIGV4_TIME_SIZE];	/* x-amz-date; the date is its head */
	const char *region;
	const char *service;
};

/* A signing key holds for a day, region and service: kept, it saves four of
 * the five HMACs of a request. Zeros are an empty cache. */
struct sigv4_cache {
	struct secret secret_key;	/* what it was derived from: */
	char date[9];
	char region[64];
	char service[32];
	unsigned char key[SIGV4_KEY_BYTES];
};

void sigv4_cache_done(struct sigv4_cache *cache);	/* wipes it */

struct sigv4_credentials {
	const char *access_key_id;
	const struct secret *secret_key;
	const struct secret *token;	/* NULL or unset: none */
	struct sigv4_cache *cache;	/* NULL: none; one thread's */
};

/* Milliseconds since 1970 to "20260314T150926Z". */
void sigv4_time(int64_t wall_ms, char out[SIGV4_TIME_SIZE]);

/* The other way; false when text has not that shape. */
bool sigv4_time_parse(const char *text, int64_t *out_ms);

/* The steps. All append to out. */
void sigv4_add_uri(const char *path, unsigned path_rule, struct str *out);
void sigv4_add_query(const struct sigv4_pair *query, size_t count,
		     struct str *out);
void sigv4_add_signed_headers(const struct sigv4_pair *headers, size_t count,
			      struct str *out);
void sigv4_add_canonical_request(const struct sigv4_request *request,
				 struct str *out);
void sigv4_add_scope(const struct sigv4_scope *scope, struct str *out);
void sigv4_add_string_to_sign(const struct sigv4_scope *scope,
			      const struct str *canonical_request,
			      struct str *out);

/* May be kept per secret, date, region and service. */
void sigv4_signing_key(const struct secret *secret_key,
		       const struct sigv4_scope *scope,
		       unsigned char out_key[SIGV4_KEY_BYTES]);

/* Hex signature of any string to sign. */
void sigv4_signature(const unsigned char key[SIGV4_KEY_BYTES],
		     const struct str *string_to_sign,
		     char out_hex[SIGV4_HEX_SIZE]);

/* All steps: appends the value of the Authorization header. The caller has
 * put host, x-amz-date, x-amz-content-sha256 (S3) and x-amz-security-token
 * (with a session token) into request->headers. */
void sigv4_sign(const struct sigv4_request *request,
		const struct sigv4_scope *scope,
		const struct sigv4_credentials *credentials,
		struct str *out_authorization);

/* Appends the whole query string of a presigned URL, signature last. Adds
 * the X-Amz-* parameters to those of request->query; headers hold at least
 * host. expires_s is 1 to 604800. */
void sigv4_presign(const struct sigv4_request *request,
		   const struct sigv4_scope *scope,
		   const struct sigv4_credentials *credentials, int expires_s,
		   struct str *out_query);

/* aws-chunked bodies: strings to sign of a chunk, and of the trailer (hash
 * of "name:value\n" lines). previous_signature of the first chunk is the
 * signature of the request itself. */
void sigv4_add_chunk_string(const struct sigv4_scope *scope,
			    const char *previous_signature,
			    const char *chunk_hash, struct str *out);
void sigv4_add_trailer_string(const struct sigv4_scope *scope,
			      const char *previous_signature,
			      const char *trailer_hash, struct str *out);

/* What a request says about its signature. Values as they were sent. */
struct sigv4_claim {
	struct str access_key_id;
	struct str date;		/* 20260314 */
	struct str region;
	struct str service;
	struct str signed_headers;	/* "host;x-amz-date" */
	struct str signature;		/* 64 hex digits */
};

#define SIGV4_CLAIM_EMPTY                                                      \
	{                                                                      \
		STR_EMPTY, STR_EMPTY, STR_EMPTY, STR_EMPTY, STR_EMPTY,         \
			STR_EMPTY                                              \
	}

void sigv4_claim_done(struct sigv4_claim *claim);

/* Parses the value of an Authorization header; ERR_DATA when malformed. */
bool sigv4_claim_parse(struct sigv4_claim *claim, const char *authorization,
		       struct err *err);

/* Parses the decoded X-Amz-Credential of a presigned URL into the first four
 * fields. */
bool sigv4_claim_parse_credential(struct sigv4_claim *claim,
				  const char *credential, struct err *err);

/* Compares two hex signatures in constant time. */
bool sigv4_signature_equal(const char *a, const char *b);

#endif
