#include "../check.h"

#include "base/str.h"
#include "sql/mask.h"

static const struct {
	const char *sql;
	const char *masked;
} cases[] = {
	{ "select 'a;b'", "select 'a;b'" },
	{ "copy t from 's3://b/k' access_key_id 'AKIDX' secret_access_key "
	  "'se''cret' session_token 'tok' csv",
	  "copy t from 's3://b/k' access_key_id '***' secret_access_key "
	  "'***' session_token '***' csv" },
	{ "CREDENTIALS AS 'aws_iam_role=x'", "CREDENTIALS AS '***'" },
	{ "credentials = $$x$$ y", "credentials = '***' y" },
	{ "select 'aws_access_key_id=A;aws_secret_access_key=B;x'",
	  "select 'aws_access_key_id=***;aws_secret_access_key=***;x'" },
	{ "create user u password 'Pw1' valid until '2030-01-01'",
	  "create user u password '***' valid until '2030-01-01'" },
	{ "alter user u password disable; select 'x'",
	  "alter user u password disable; select 'x'" },
	{ "create user u password 'open", "create user u password '***" },
	{ "create user u password -- why\n'a\\'b' x",
	  "create user u password -- why\n'***' x" },
	{ "-- password=abc", "-- password=***" },
	{ "/* secret_access_key='x' */ select 1",
	  "/* secret_access_key=*** */ select 1" },
	{ "select token='x' from t", "select token='x' from t" },
};

static void secrets_are_hidden_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		size_t len = strlen(cases[i].sql);
		bool hidden = mask_secrets(&out, cases[i].sql, len);

		assert_string_equal(out.text, cases[i].masked);
		assert_int_equal(hidden,
				 strcmp(cases[i].sql, cases[i].masked) != 0);
		assert_int_equal(mask_needed(cases[i].sql, len), hidden);
	}
}

static void keys_alone_are_hidden_where_passwords_may_show(void **state)
{
	static const struct {
		const char *sql;
		const char *masked;
	} rows[] = {
		{ "create user u password 'Pw1'",
		  "create user u password 'Pw1'" },
		{ "connection 'dbname=x password=y'",
		  "connection 'dbname=x password=y'" },
		{ "unload access_key_id 'A' x 'password=y;token=z'",
		  "unload access_key_id '***' x 'password=y;token=***'" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		bool hidden = mask_keys(&out, rows[i].sql, strlen(rows[i].sql));

		assert_string_equal(out.text, rows[i].masked);
		assert_int_equal(hidden,
				 strcmp(rows[i].sql, rows[i].masked) != 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_hidden_and_nothing_else),
		cmocka_unit_test(
			keys_alone_are_hidden_where_passwords_may_show),
	};

	return RUN_TESTS(tests);
}
