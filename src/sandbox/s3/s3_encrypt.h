/* sandbox/s3/s3_encrypt.h - the encryption that requests ask for and objects
 * have.
 *
 * Nothing is encrypted here; what S3 checks and tells is. AES256 is the usual
 * one. aws:kms and aws:kms:dsse need a key of the account that is enabled:
 * aws/s3, or redsh-sandbox; redsh-disabled is there to be refused. SSE-C is
 * refused, as S3 does over HTTP.
 */
#ifndef SANDBOX_S3_S3_ENCRYPT_H
#define SANDBOX_S3_S3_ENCRYPT_H

#include <stdbool.h>

#include "base/err.h"

struct account_key;
struct identity;
struct s3_call;
struct str;

/* Appends the header lines that the object keeps: those of the request, or of
 * the bucket. */
bool s3_encrypt_read(const struct s3_call *call, struct str *out,
		     struct err *err);

/* The same for a key and algorithm by themselves (key "": the default). */
bool s3_encrypt_lines(const struct s3_call *call, const char *algorithm,
		      const char *key, bool bucket_key, struct str *out,
		      struct err *err);

/* Appends the lines of an object that is locked with the key. */
void s3_encrypt_add_key(const struct account_key *key, struct str *out);

/* The key of such lines; NULL: none of KMS. And is it in a state to be used?
 * KMS.DisabledException, KMS.KMSInvalidStateException. */
const struct account_key *s3_encrypt_key(const char *lines);
bool s3_encrypt_check_state(const struct identity *identity,
			    const struct account_key *key, struct err *err);

/* Do such lines make an ETag that is not the MD5? */
bool s3_encrypt_is_kms(const char *lines);

/* Headers of SSE-C are there: refused. */
bool s3_encrypt_check_customer(const struct s3_call *call, struct err *err);

#endif
