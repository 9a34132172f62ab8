/* base/secret.h - keys, tokens and passwords: wiped on release, never shown.
 *
 * A value like struct str; printing code gets secret_masked, never the text.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct secret {
	char *text;	/* NULL: not set */
	size_t len;
};

#define SECRET_EMPTY                                                           \
	{                                                                      \
		.text = NULL, .len = 0                                         \
	}

void secret_done(struct secret *secret);
void secret_set(struct secret *secret, const char *text); /* NULL: unset */
void secret_set_slice(struct secret *secret, const char *text, size_t len);
void secret_copy(struct secret *to, const struct secret *from);
bool secret_is_set(const struct secret *secret);

/* The real text for the wire, "" when unset; borrowed. */
const char *secret_text(const struct secret *secret);

/* "***" or "" for people. */
const char *secret_masked(const struct secret *secret);

/* Compares in time that depends on the lengths only. */
bool secret_equal(const struct secret *a, const struct secret *b);

#endif
