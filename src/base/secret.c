#include "base/secret.h"

#include <string.h>

#include "base/mem.h"

void secret_done(struct secret *secret)
{
	if (secret->text) {
		mem_wipe(secret->text, secret->len);
		mem_free(secret->text);
	}
	*secret = (struct secret)SECRET_EMPTY;
}

void secret_set_slice(struct secret *secret, const char *text, size_t len)
{
	char *copy = mem_copy_slice(text, len);

	secret_done(secret);
	secret->text = copy;
	secret->len = len;
}

void secret_set(struct secret *secret, const char *text)
{
	if (text == NULL)
		secret_done(secret);
	else
		secret_set_slice(secret, text, strlen(text));
}

void secret_copy(struct secret *to, const struct secret *from)
{
	if (to == from)
		return;
	if (from->text == NULL)
		secret_done(to);
	else
		secret_set_slice(to, from->text, from->len);
}

bool secret_is_set(const struct secret *secret)
{
	return secret->text != NULL;
}

const char *secret_text(const struct secret *secret)
{
	return secret->text ? secret->text : "";
}

const char *secret_masked(const struct secret *secret)
{
	return secret->text ? "***" : "";
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
	const char *left = secret_text(a);
	const char *right = secret_text(b);
	unsigned char differ = a->len != b->len;

	for (size_t i = 0; i < a->len && i < b->len; i++)
		differ |= (unsigned char)(left[i] ^ right[i]);
	return differ == 0;
}
