#include "../check.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "data/hash.h"
#include "sandbox/login.h"

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

static void temporary_passwords_end(void **state)
{
	char dir[] = "/tmp/login_test_XXXXXX";
	CLEANUP(login_closep) struct login *login = NULL;
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	CLEANUP(str_done) struct str found = STR_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_non_null(mkdtemp(dir));
	login = login_open(dir, &err);
	assert_non_null(login);
	assert_true(login_grant(login, "IAM:joe", "one", 2000, &err));
	assert_true(login_grant(login, "IAM:joe", "two", 3000, &err));
	assert_true(login_grant(login, "IAM:ann", "one", 9000, &err));

	login_hash("IAM:joe", "two", &hash);
	str_add_char(&hash, '\n');
	assert_true(login_hashes(login, "IAM:joe", 2000, &found, &err));
	assert_text(found.text, hash.text);
	str_clear(&found);
	assert_true(login_hashes(login, "IAM:joe", 3000, &found, &err));
	assert_text(found.text, "");
	login_close(login);
	login = NULL;
	assert_true(file_remove_tree(dir, &err));
}

static void a_prefix_names_the_way_not_the_user(void **state)
{
	(void)state;
	assert_text(login_database_user("IAM:joe"), "joe");
	assert_text(login_database_user("IAMA:joe"), "joe");
	assert_text(login_database_user("joe"), "joe");
	assert_text(login_database_user("iam:joe"), "iam:joe");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_is_what_postgresql_keeps),
		cmocka_unit_test(only_the_right_answer_to_this_salt_opens),
		cmocka_unit_test(temporary_passwords_end),
		cmocka_unit_test(a_prefix_names_the_way_not_the_user),
	};

	return RUN_TESTS(tests);
}
