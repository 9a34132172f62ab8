#include "data/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/str.h"
#include "data/encode.h"

struct hash {
	EVP_MD_CTX *context;
	enum hash_kind kind;
};

static const EVP_MD *digest_of(enum hash_kind kind)
{
	switch (kind) {
	case HASH_SHA256:
		return EVP_sha256();
	case HASH_SHA1:
		return EVP_sha1();
	case HASH_MD5:
		return EVP_md5();
	}
	abort();
}

/* A digest libcrypto refuses (a locked-down OpenSSL without MD5) cannot be
 * worked around; a wrong signature would be worse than stopping. */
static void must(int success)
{
	if (success != 1)
		abort();
}

size_t hash_size(enum hash_kind kind)
{
	switch (kind) {
	case HASH_SHA256:
		return 32;
	case HASH_SHA1:
		return 20;
	case HASH_MD5:
		return 16;
	}
	abort();
}

struct hash *hash_new(enum hash_kind kind)
{
	struct hash *hash = mem_alloc(sizeof(*hash));

	hash->kind = kind;
	hash->context = EVP_MD_CTX_new();
	must(hash->context != NULL);
	must(EVP_DigestInit_ex(hash->context, digest_of(kind), NULL));
	return hash;
}

void hash_free(struct hash *hash)
{
	if (hash == NULL)
		return;
	EVP_MD_CTX_free(hash->context);
	mem_free(hash);
}

void hash_feed(struct hash *hash, const void *bytes, size_t len)
{
	must(EVP_DigestUpdate(hash->context, bytes, len));
}

void hash_finish(struct hash *hash, unsigned char out_digest[HASH_MAX])
{
	must(EVP_DigestFinal_ex(hash->context, out_digest, NULL));
	must(EVP_DigestInit_ex(hash->context, digest_of(hash->kind), NULL));
}

void hash_bytes(enum hash_kind kind, const void *bytes, size_t len,
		unsigned char out_digest[HASH_MAX])
{
	must(EVP_Digest(bytes, len, out_digest, NULL, digest_of(kind), NULL));
}

void hash_add_hex(enum hash_kind kind, const void *bytes, size_t len,
		  struct str *out)
{
	unsigned char digest[HASH_MAX];

	hash_bytes(kind, bytes, len, digest);
	encode_hex(out, digest, hash_size(kind));
}

void hash_hmac_sha256(struct hash_key key, const void *bytes, size_t len,
		      unsigned char out_digest[32])
{
	unsigned int size = 32;

	/* HMAC takes a NULL key for "the one of before". */
	must(HMAC(EVP_sha256(), key.bytes ? key.bytes : "", (int)key.len, bytes,
		  len, out_digest, &size) != NULL);
}

void hash_random(void *out_bytes, size_t len)
{
	char *to = out_bytes;

	while (len > 0) {
		ssize_t got = getrandom(to, len < 256 ? len : 256, 0);

		if (got < 0 && errno == EINTR)
			continue;
		must(got > 0);
		to += got;
		len -= (size_t)got;
	}
}
