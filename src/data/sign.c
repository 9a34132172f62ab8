#include "data/sign.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

struct sign {
	EVP_PKEY *key;
};

static bool is_p256(const EVP_PKEY *key)
{
	char group[32];
	size_t len;

	return EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), &len) == 1 &&
	       strcmp(group, "prime256v1") == 0;
}

struct sign *sign_new(const char *pem, size_t len, struct err *err)
{
	BIO *bio = len <= 65536 ? BIO_new_mem_buf(pem, (int)len) : NULL;
	EVP_PKEY *key = NULL;
	struct sign *sign;

	/* A key with a pass phrase is none for us: nothing is asked. */
	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)"");
	BIO_free(bio);
	if (key == NULL || !is_p256(key)) {
		EVP_PKEY_free(key);
		err_set(err, ERR_DATA, "that is no P-256 private key");
		return NULL;
	}
	sign = mem_alloc(sizeof(*sign));
	sign->key = key;
	return sign;
}

void sign_free(struct sign *sign)
{
	if (sign == NULL)
		return;
	EVP_PKEY_free(sign->key);
	mem_free(sign);
}

static bool number(const struct sign *sign, const char *name,
		   unsigned char out[SIGN_NUMBER_BYTES])
{
	BIGNUM *value = NULL;
	bool fine = EVP_PKEY_get_bn_param(sign->key, name, &value) == 1 &&
		    BN_bn2binpad(value, out, SIGN_NUMBER_BYTES) ==
			    SIGN_NUMBER_BYTES;

	BN_free(value);
	return fine;
}

bool sign_public(const struct sign *sign, unsigned char out_x[SIGN_NUMBER_BYTES],
		 unsigned char out_y[SIGN_NUMBER_BYTES], struct err *err)
{
	if (number(sign, OSSL_PKEY_PARAM_EC_PUB_X, out_x) &&
	    number(sign, OSSL_PKEY_PARAM_EC_PUB_Y, out_y))
		return true;
	return err_set(err, ERR_DATA, "the key has no public point");
}

/* OpenSSL writes r and s as DER. */
static bool to_raw(const unsigned char *der, size_t len,
		   unsigned char out[SIGN_BYTES])
{
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);
	bool fine =
		pair != NULL &&
		BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, SIGN_NUMBER_BYTES) ==
			SIGN_NUMBER_BYTES &&
		BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + SIGN_NUMBER_BYTES,
			     SIGN_NUMBER_BYTES) == SIGN_NUMBER_BYTES;

	ECDSA_SIG_free(pair);
	return fine;
}

bool sign_es256(const struct sign *sign, const void *bytes, size_t len,
		unsigned char out[SIGN_BYTES], struct err *err)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char der[128];
	size_t der_len = sizeof(der);
	bool fine = context != NULL &&
		    EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL,
				       sign->key) == 1 &&
		    EVP_DigestSign(context, der, &der_len, bytes, len) == 1 &&
		    to_raw(der, der_len, out);

	EVP_MD_CTX_free(context);
	return fine || err_set(err, ERR_SYSTEM, "signing failed");
}
