/* data/hash.h - digests over OpenSSL's EVP.
 *
 * The only door to libcrypto beside data/sign and sandbox/ground/tls. Failing
 * inside the library (no such digest, no memory) ends the program: no caller
 * can do anything about it.
 */
#ifndef DATA_HASH_H
#define DATA_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct str;
struct hash;

enum hash_kind {
	HASH_SHA256,	/* 32 bytes */
	HASH_SHA1,	/* 20: names of SSO cache files */
	HASH_MD5,	/* 16: ETags, md5 passwords */
};

#define HASH_MAX 32	/* bytes of the longest digest */

size_t hash_size(enum hash_kind kind);

/* Incremental: feed any number of times, then finish once. */
struct hash *hash_new(enum hash_kind kind);
void hash_free(struct hash *hash);	/* NULL is fine */
CLEANUP_FREE(struct hash, hash_free, hash_freep)
void hash_feed(struct hash *hash, const void *bytes, size_t len);

/* Writes hash_size bytes; the hash starts anew afterwards. */
void hash_finish(struct hash *hash, unsigned char out_digest[HASH_MAX]);

/* In one go. */
void hash_bytes(enum hash_kind kind, const void *bytes, size_t len,
		unsigned char out_digest[HASH_MAX]);

/* Appends lower-case hex of the digest. */
void hash_add_hex(enum hash_kind kind, const void *bytes, size_t len,
		  struct str *out);

struct hash_key {	/* an HMAC key, borrowed for the call */
	const void *bytes;
	size_t len;
};

void hash_hmac_sha256(struct hash_key key, const void *bytes, size_t len,
		      unsigned char out_digest[32]);

/* Bytes nobody can guess, from the kernel. */
void hash_random(void *out_bytes, size_t len);

#endif
