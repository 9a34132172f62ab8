/* sandbox/s3/s3_body.h - the body of a request, unframed and checked.
 *
 * Takes bytes as they come, passes the payload on to a sink, and at the end
 * says whether everything that was promised about it held: its SHA-256,
 * Content-MD5, x-amz-checksum-*, the length, and with aws-chunked framing
 * each chunk's signature and the trailer (the four literals of
 * x-amz-content-sha256 that AWS documents).
 */
#ifndef SANDBOX_S3_S3_BODY_H
#define SANDBOX_S3_S3_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/sink.h"

struct s3_auth;
struct s3_body;
struct s3_request;
struct str;

/* Reads the promises in the headers; refuses those nobody could keep. sink,
 * auth and request are borrowed until s3_body_free. */
struct s3_body *s3_body_new(const struct s3_request *request,
			    struct s3_auth *auth, struct sink *sink,
			    struct err *err);
void s3_body_free(struct s3_body *body); /* NULL is fine */
CLEANUP_FREE(struct s3_body, s3_body_free, s3_body_freep)

bool s3_body_feed(struct s3_body *body, const char *bytes, size_t len,
		  struct err *err);
bool s3_body_end(struct s3_body *body, struct err *err);

/* How long the object in it must be: as S3 wants it of uploads, told before
 * and 5 GiB at most. MissingContentLength, EntityTooLarge. */
bool s3_body_check_length(const struct s3_body *body, struct err *err);

/* Did the request carry a digest S3 demands of DeleteObjects? */
bool s3_body_has_digest(const struct s3_body *body);

/* The x-amz-checksum-* that was promised, "crc32" or the like; NULL: none. */
const char *s3_body_algorithm(const struct s3_body *body);

/* Before the first byte: count this one where none was promised. */
void s3_body_want(struct s3_body *body, const char *name);

/* After the end: its base64, borrowed; "": there is none. */
const char *s3_body_checksum(const struct s3_body *body);

#endif
