#include "../check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "data/hash.h"
#include "sandbox/account/login.h"

/* What a client answers: md5 over the stored digits and the salt. */
static void answer_of(const char *hash, const unsigned char salt[4],
		      struct str *out)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	str_add(&text, hash + 3);
	str_add_slice(&text, (const char *)salt, 4);
	str_add(out, "md5");
	hash_add_hex(HASH_MD5, text.text, text.len, out);
}

static void the_hash_is_what_postgresql_keeps(void **state)
{
	CLEANUP(str_done) struct str hash = STR_EMPTY;

	(void)state;
	/* printf secretjoe | md5sum */
	login_hash("joe", "secret", &hash);
	assert_text(hash.text, "md5c59ec932d911ffdf487595b5a2adf973");
}

static void only_the_right_answer_to_this_salt_opens(void **state)
{
	static const unsigned char salt[4] = { 0, 1, 0xfe, 7 };
	static const unsigned char other[4] = { 0, 1, 0xfe, 8 };
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	CLEANUP(str_done) struct str answer = STR_EMPTY;

	(void)state;
	login_hash("joe", "secret", &hash);
	answer_of(hash.text, salt, &answer);
	assert_true(login_answers(hash.text, salt, answer.text));
	assert_false(login_answers(hash.text, other, answer.text));
	assert_false(login_answers(hash.text, salt, ""));
	assert_false(login_answers(hash.text, salt, hash.text));
	assert_false(login_answers("", salt, answer.text));
	assert_false(login_answers("SCRAM-SHA-256$x", salt, answer.text));
}

static void grant(struct login *login, const char *user, const char *password,
		  int64_t expires_ms)
{
	const struct login_pass pass = { user, password, "dev", "a,b",
					 expires_ms };
	struct err err = ERR_EMPTY;

	assert_true(login_grant(login, &pass, &err));
}

static void temporary_passwords_end(void **state)
{
	char dir[] = "/tmp/login_test_XXXXXX";
	CLEANUP(login_closep) struct login *login = NULL;
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	struct login_keys keys = { 0 };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_non_null(mkdtemp(dir));
	login = login_open(dir, &err);
	assert_non_null(login);
	grant(login, "IAM:joe", "one", 2000);
	grant(login, "IAM:joe", "two", 3000);
	grant(login, "IAM:ann", "one", 9000);

	login_hash("IAM:joe", "two", &hash);
	assert_true(login_find(login, "IAM:joe", 2000, &keys, &err));
	assert_int_equal(keys.count, 1);
	assert_text(keys.items[0].stored, hash.text);
	assert_text(keys.items[0].database, "dev");
	assert_text(keys.items[0].groups, "a,b");
	assert_true(login_find(login, "IAM:joe", 3000, &keys, &err));
	assert_int_equal(keys.count, 1);
	login_keys_done(&keys);
	login_close(login);
	login = NULL;
	assert_true(file_remove_tree(dir, &err));
}

static void a_prefix_names_the_way_not_the_user(void **state)
{
	static const struct {
		const char *name;
		const char *user;
		bool temporary;
	} cases[] = {
		{ "IAM:joe", "joe", true },   { "IAMA:joe", "joe", true },
		{ "IAMR:joe", "joe", true },  { "IAMA:joe:staff", "joe", true },
		{ "joe", "joe", false },      { "iam:joe", "iam:joe", false },
		{ "aad:joe", "aad:joe", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str user = STR_EMPTY;

		assert_int_equal(login_database_user(cases[i].name, &user),
				 cases[i].temporary);
		assert_text(user.text, cases[i].user);
	}
}

/* The examples of CREATE USER's page. */
static void passwords_are_kept_as_they_are_given(void **state)
{
	static const struct {
		const char *given;
		const char *stored; /* NULL: refused */
	} cases[] = {
		{ "md5153c434b4b77c89e6b94f12c5393af5b",
		  "md5153c434b4b77c89e6b94f12c5393af5b" },
		{ "md5A1234567890123456780123456789012",
		  "md5A1234567890123456780123456789012" },
		{ "sha256|fe95f2bc7c4a111b6f0f7d0b60bfedd1935fb295f8dce1d62708"
		  "ab8d2f564baf|c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e371"
		  "0151f9513038b0f6c6",
		  "sha256|fe95f2bc7c4a111b6f0f7d0b60bfedd1935fb295f8dce1d62708"
		  "ab8d2f564baf|c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e371"
		  "0151f9513038b0f6c6" },
		{ "short1A", NULL },
		{ "alllowercase1", NULL },
		{ "ALLUPPERCASE1", NULL },
		{ "NoNumbersHere", NULL },
		{ "With blank 1", NULL },
		{ "With/slash1", NULL },
		{ "sha256|short", NULL },
		{ "sha256|fe95|c721", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str stored = STR_EMPTY;
		struct err err = ERR_EMPTY;
		bool kept = login_store("joe", cases[i].given, &stored, &err);

		if (kept != (cases[i].stored != NULL))
			fail_msg("%s", cases[i].given);
		if (kept)
			assert_text(stored.text, cases[i].stored);
		else
			assert_text(err.code, "22023");
	}
}

/* printf ezuser1 | md5sum, as the page has it */
static void clear_text_becomes_md5_with_the_user(void **state)
{
	CLEANUP(str_done) struct str stored = STR_EMPTY;
	CLEANUP(str_done) struct str want = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	login_hash("user1", "ez", &want);
	assert_text(want.text, "md5153c434b4b77c89e6b94f12c5393af5b");
	assert_true(login_store("dbuser", "abcD1234", &stored, &err));
	str_clear(&want);
	login_hash("dbuser", "abcD1234", &want);
	assert_text(stored.text, want.text);
}

/* digest = SHA-256(SHA-256(password, salt), server nonce, client nonce) */
static void a_digest_answers_both_nonces(void **state)
{
	unsigned char server[LOGIN_NONCE_LEN] = { 7 };
	struct login_nonces nonces = { server, "1700000000000", 13 };
	CLEANUP(str_done) struct str stored = STR_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	unsigned char inner[HASH_MAX];
	unsigned char outer[HASH_MAX];
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(login_store("u", "sha256|Mypassword1", &stored, &err));
	assert_true(login_is_digest(stored.text));
	str_add(&text, "Mypassword1");
	login_digest_salt(stored.text, &text);
	hash_bytes(HASH_SHA256, text.text, text.len, inner);
	str_set_slice(&text, (const char *)inner, 32);
	str_add_slice(&text, (const char *)server, sizeof(server));
	str_add(&text, nonces.client);
	hash_bytes(HASH_SHA256, text.text, text.len, outer);
	assert_true(login_digest_answers(stored.text, &nonces,
					 (const char *)outer, 32));
	server[0]++;
	assert_false(login_digest_answers(stored.text, &nonces,
					  (const char *)outer, 32));
	server[0]--;
	assert_false(login_digest_answers(stored.text, &nonces,
					  (const char *)outer, 31));
	assert_false(login_digest_answers("md5153c434b4b77c89e6b94f12c5393af5b",
					  &nonces, (const char *)outer, 32));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_is_what_postgresql_keeps),
		cmocka_unit_test(only_the_right_answer_to_this_salt_opens),
		cmocka_unit_test(temporary_passwords_end),
		cmocka_unit_test(a_prefix_names_the_way_not_the_user),
		cmocka_unit_test(passwords_are_kept_as_they_are_given),
		cmocka_unit_test(clear_text_becomes_md5_with_the_user),
		cmocka_unit_test(a_digest_answers_both_nonces),
	};

	return RUN_TESTS(tests);
}
