#include "../cases.h"

#include "sandbox/rewrite/rewrite.h"

static struct rewrite *rewrite;

static const char *const actions[] = {
	[REWRITE_SEND] = "",         [REWRITE_NOTHING] = "NOTHING",
	[REWRITE_EMPTY] = "EMPTY",   [REWRITE_COPY] = "COPY",
	[REWRITE_UNLOAD] = "UNLOAD", [REWRITE_SET] = "SET",
	[REWRITE_SHOW] = "SHOW",     [REWRITE_CANCEL] = "CANCEL",
};

static void describe_done(const struct rewrite_result *result, struct str *out)
{
	if (result->action == REWRITE_SEND) {
		str_add(out, result->before.text);
		if (result->sql.len > 0)
			str_addf(out, "%s\n", result->sql.text);
		str_add(out, result->after.text);
	} else {
		str_addf(out, "%s %s %s\n", actions[result->action],
			 result->name.text, result->value.text);
	}
	if (result->tag != NULL && result->action == REWRITE_SEND)
		str_addf(out, "TAG %s\n", result->tag);
	if (result->notice.len > 0)
		str_addf(out, "%s %s\n", result->notice_severity,
			 result->notice.text);
}

/* What goes to PostgreSQL, the notes, the tag; or the refusal. A statement
 * that begins with IN BLOCK is read inside of one. */
static void describe(const char *input, size_t len, struct str *out)
{
	static const char block[] = "IN BLOCK ";
	struct rewrite_result result = REWRITE_RESULT_EMPTY;
	struct rewrite_input in = { .sql = input, .len = len };
	struct err err = ERR_EMPTY;

	if (str_starts(input, block)) {
		in.in_block = true;
		in.sql += sizeof(block) - 1;
		in.len -= sizeof(block) - 1;
	}
	if (rewrite_statement(rewrite, &in, &result, &err))
		describe_done(&result, out);
	else
		str_addf(out, "REFUSED %s %s @%zd", err.code, err.message,
			 (ssize_t)result.refused_at);
	rewrite_result_done(&result);
}

static void queries_become_postgresql(void **state)
{
	(void)state;
	cases_check("rewrite/query.txt", describe);
}

static void tables_lose_and_note_their_attributes(void **state)
{
	(void)state;
	cases_check("rewrite/table.txt", describe);
}

static void other_statements_become_postgresql(void **state)
{
	(void)state;
	cases_check("rewrite/statement.txt", describe);
}

static void what_redshift_lacks_is_refused_by_name(void **state)
{
	(void)state;
	cases_check("rewrite/refused.txt", describe);
}

/* A word of the client's text and where PostgreSQL would point. */
static void positions_point_into_the_clients_text(void **state)
{
	static const char sql[] =
		"select top 2 nvl(\"\xc3\xa4\", 'a\\'b'), wrong from t";
	struct rewrite_input in = { .sql = sql, .len = sizeof(sql) - 1 };
	struct rewrite_result result = REWRITE_RESULT_EMPTY;
	struct err err = ERR_EMPTY;
	size_t at;

	(void)state;
	assert_true(rewrite_statement(rewrite, &in, &result, &err));
	at = (size_t)(strstr(result.sql.text, "wrong") - result.sql.text);
	/* the umlaut is two bytes and one character */
	assert_int_equal(rewrite_position(&result, &in, at - 1 + 1),
			 strstr(sql, "wrong") - sql - 1 + 1);
	rewrite_result_done(&result);
}

static void a_query_message_is_cut_into_statements(void **state)
{
	static const char sql[] = "select ';\\';'; select $$;$$;x";
	size_t len = sizeof(sql) - 1;
	size_t first = rewrite_split(sql, len, 0);
	size_t second = rewrite_split(sql, len, first);

	(void)state;
	assert_memory_equal(sql + first, " select $$", 10);
	assert_memory_equal(sql + second, "x", 1);
	assert_int_equal(rewrite_split(sql, len, second), len);
}

static void messages_are_turned_into_redshifts(void **state)
{
	struct str message = STR_EMPTY;
	char sqlstate[6] = "428C9";

	(void)state;
	str_set(&message,
		"cannot insert a non-DEFAULT value into column \"i\"");
	assert_true(rewrite_message(rewrite, sqlstate, &message));
	assert_text(message.text, "cannot set an identity column to a value");
	memcpy(sqlstate, "22P02", 6);
	str_set(&message, "invalid input syntax for type integer: \"x\"");
	assert_true(rewrite_message(rewrite, sqlstate, &message));
	assert_text(message.text, "invalid input syntax for integer: \"x\"");
	memcpy(sqlstate, "42883", 6);
	str_set(&message, "function redshift_sandbox.len(int) does not exist");
	assert_false(rewrite_message(rewrite, sqlstate, &message));
	assert_text(message.text, "function len(int) does not exist");
	str_set(&message, "division by zero");
	assert_false(rewrite_message(rewrite, sqlstate, &message));
	assert_text(message.text, "division by zero");
	str_done(&message);
}

static void any_text_is_survived(void **state)
{
	static const char *const odd[] = {
		"create table t (a int identity(1, distkey) sortkey (",
		"create table t (primary key, unique (), like)",
		"create table (",
		"alter table t add",
		"alter table",
		"alter table t alter column a encode",
		"select top",
		"select a::",
		"select cast(a as",
		"select decode(), nvl2(1), listagg(",
		"select listagg(a) within group () over ()",
		"extract()",
		"select extract(",
		"select convert(int)",
		"set",
		"set a",
		"show",
		"reset",
		"set seed to",
		"vacuum t to",
		"begin isolation",
		"create view v with no schema binding",
		"create user",
		"create materialized view",
		"create function f as $$",
		"truncate",
		"select ratio_to_report() over ()",
		"select 1) (",
		"delete",
		"create function f() as $a$ select ( $a$",
		"'",
		"\"",
		"$$",
		"\\",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(odd); i++)
		for (size_t n = 0; n <= strlen(odd[i]); n++) {
			CLEANUP(str_done) struct str out = STR_EMPTY;
			char *text = mem_copy_slice(odd[i], n);

			describe(text, n, &out);
			mem_free(text);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries_become_postgresql),
		cmocka_unit_test(tables_lose_and_note_their_attributes),
		cmocka_unit_test(other_statements_become_postgresql),
		cmocka_unit_test(what_redshift_lacks_is_refused_by_name),
		cmocka_unit_test(positions_point_into_the_clients_text),
		cmocka_unit_test(a_query_message_is_cut_into_statements),
		cmocka_unit_test(messages_are_turned_into_redshifts),
		cmocka_unit_test(any_text_is_survived),
	};
	struct err err = ERR_EMPTY;
	int failed;

	rewrite = rewrite_new(getenv("REDSH_SHARE"), &err);
	if (rewrite == NULL) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	failed = RUN_TESTS(tests);
	rewrite_free(rewrite);
	return failed;
}
