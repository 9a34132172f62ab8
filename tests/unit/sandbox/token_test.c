#include "../check.h"

#include <string.h>

#include "base/secret.h"
#include "base/str.h"
#include "sandbox/account/token.h"

static void make(const char *key, const char *user, int64_t expires_s,
		 struct str *out)
{
	struct secret secret = SECRET_EMPTY;
	struct token_claims claims = { "aad", user, "staff,night shift",
				       expires_s };

	secret_set(&secret, key);
	token_make(&secret, &claims, out);
	secret_done(&secret);
}

/* NULL: it was good; user and groups are what it said. */
static const char *read_as(const char *key, const char *token, int64_t now_s,
			   struct str *user, struct str *groups)
{
	static struct err err;
	struct secret secret = SECRET_EMPTY;
	bool good;

	err = (struct err)ERR_EMPTY;
	secret_set(&secret, key);
	good = token_read(&secret, token, now_s, user, groups, &err);
	secret_done(&secret);
	if (good)
		return NULL;
	assert_text(err.code, "28000");
	return err.message;
}

static void a_token_says_who_is_meant(void **state)
{
	CLEANUP(str_done) struct str token = STR_EMPTY;
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str groups = STR_EMPTY;

	(void)state;
	make("key", "b\"o\\b\n@example.com", 1000, &token);
	assert_null(read_as("key", token.text, 999, &user, &groups));
	assert_text(user.text, "aad:b\"o\\b\n@example.com");
	assert_text(groups.text, "aad:staff,aad:night shift");
}

static void a_token_ends(void **state)
{
	CLEANUP(str_done) struct str token = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;

	(void)state;
	make("key", "bob", 1000, &token);
	assert_text(read_as("key", token.text, 1000, &out, &out),
		    "the identity provider's token has expired");
}

static void another_key_or_another_byte_is_a_wrong_signature(void **state)
{
	CLEANUP(str_done) struct str token = STR_EMPTY;
	CLEANUP(str_done) struct str out = STR_EMPTY;
	char *body;

	(void)state;
	make("key", "bob", 1000, &token);
	assert_text(read_as("other", token.text, 1, &out, &out),
		    "the identity provider's token has a wrong signature");
	body = strchr(token.text, '.') + 1;
	body[3] = body[3] == 'A' ? 'B' : 'A';
	assert_text(read_as("key", token.text, 1, &out, &out),
		    "the identity provider's token has a wrong signature");
}

/* {"alg":"none"} and other shapes that are no token of ours */
static void what_is_no_token_is_refused(void **state)
{
	static const char *const cases[] = {
		"", ".", "..", "...", "a.b", "eyJhbGciOiJub25lIn0.e30.",
		"eyJhbGciOiJIUzI1NiJ9.e30.", "!.!.!", "bnVsbA.bnVsbA.bnVsbA",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;

		if (!read_as("key", cases[i], 1, &out, &out))
			fail_msg("%s", cases[i]);
		assert_text(out.text, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_says_who_is_meant),
		cmocka_unit_test(a_token_ends),
		cmocka_unit_test(
			another_key_or_another_byte_is_a_wrong_signature),
		cmocka_unit_test(what_is_no_token_is_refused),
	};

	return RUN_TESTS(tests);
}
