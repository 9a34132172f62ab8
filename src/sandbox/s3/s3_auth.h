/* sandbox/s3/s3_auth.h - is the request signed by a key of the sandbox, and
 * now?
 *
 * Redoes SigV4 by aws/sigv4 for header and presigned requests. The answer
 * to "no" is AWS's: MissingAuthenticationToken or AccessDenied unsigned,
 * InvalidAccessKeyId, RequestTimeTooSkewed (15 minutes), SignatureDoesNot-
 * Match with the canonical request and string to sign, and so on.
 */
#ifndef SANDBOX_S3_S3_AUTH_H
#define SANDBOX_S3_S3_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/sigv4.h"
#include "base/err.h"

struct identity;
struct identity_role;
struct s3_request;
struct sessions;
struct str;

#define S3_AUTH_SKEW_MS (15 * 60 * 1000)

struct s3_auth {
	struct sigv4_claim claim;
	struct sigv4_scope scope; /* points into claim */
	unsigned char key[SIGV4_KEY_BYTES];
	bool presigned;
	int64_t skew_ms; /* how far our clock is ahead, by a fault */
	struct sessions *sessions; /* borrowed; NULL: no temporary keys */
	const struct identity_role *role; /* whose keys they are; NULL: the
					   * user's */
	struct str session; /* role session name */
};

#define S3_AUTH_EMPTY                                                          \
	{                                                                      \
		.claim = SIGV4_CLAIM_EMPTY, .session = STR_EMPTY               \
	}

void s3_auth_done(struct s3_auth *auth);

/* All but the signature: claim, key, region, time. extra takes elements for
 * the error's XML. Afterwards auth->scope.service says who is asked. */
bool s3_auth_begin(struct s3_auth *auth, const struct s3_request *request,
		   const struct identity *identity, struct str *extra,
		   struct err *err);

/* It is signed for another region than the right one; tells which. */
bool s3_auth_refuse_region(const struct s3_auth *auth, const char *right,
			   struct str *extra, struct err *err);

/* The signature. payload_hash: hex or a literal of x-amz-content-sha256. */
bool s3_auth_verify(struct s3_auth *auth, const struct s3_request *request,
		    const char *payload_hash, struct str *extra,
		    struct err *err);

/* What S3 takes for payload_hash: the header, or UNSIGNED-PAYLOAD of a
 * presigned request and of one that is not signed at all; NULL: refused.
 * Borrowed. */
const char *s3_auth_payload(const struct s3_auth *auth,
			    const struct s3_request *request, struct err *err);

#endif
