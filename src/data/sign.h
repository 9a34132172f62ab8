/* data/sign.h - signatures by an EC P-256 key: ES256 of JSON Web Tokens. */
#ifndef DATA_SIGN_H
#define DATA_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct sign;

enum { SIGN_NUMBER_BYTES = 32, SIGN_BYTES = 2 * SIGN_NUMBER_BYTES };

/* From PEM text; ERR_DATA: not a P-256 private key. */
struct sign *sign_new(const char *pem, size_t len, struct err *err);
void sign_free(struct sign *sign);	/* NULL is fine */
CLEANUP_FREE(struct sign, sign_free, sign_freep)

/* The public point. */
bool sign_public(const struct sign *sign, unsigned char out_x[SIGN_NUMBER_BYTES],
		 unsigned char out_y[SIGN_NUMBER_BYTES], struct err *err);

/* r and s, 32 bytes each, of the SHA-256 of bytes. */
bool sign_es256(const struct sign *sign, const void *bytes, size_t len,
		unsigned char out[SIGN_BYTES], struct err *err);

#endif
