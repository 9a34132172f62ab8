#include "../check.h"

#include "base/str.h"
#include "load/copy_parse.h"

static const struct copy_given *get(const struct copy_statement *statement,
				    enum copy_option_id id)
{
	return copy_options_get(&statement->options, id);
}

static void parse(struct copy_statement *out, const char *sql)
{
	struct err err = ERR_EMPTY;

	if (!copy_parse(out, sql, strlen(sql), &err))
		fail_msg("%s: %s", sql, err.message);
}

static void a_whole_copy_is_read(void **state)
{
	CLEANUP(copy_statement_done)
	struct copy_statement copy = COPY_STATEMENT_EMPTY;

	(void)state;
	parse(&copy, "copy Public.\"Sales\" (id, \"Day\") -- c\n"
		     "from 's3://b/it''s/' iam_role 'arn:aws:iam::1:role/r' "
		     "format as csv quote as '%' gzip ignoreheader as 2 "
		     "maxerror 5 timeformat 'auto' compupdate off;");
	assert_text(copy.schema, "public");
	assert_text(copy.table, "sales");
	assert_int_equal(copy.columns.count, 2);
	assert_text(copy.columns.items[1], "day");
	assert_text(copy.source, "s3://b/it's/");
	assert_int_equal(copy.options.auth.kind, COPY_AUTH_ROLE);
	assert_text(copy.options.auth.role, "arn:aws:iam::1:role/r");
	assert_non_null(get(&copy, COPY_CSV));
	assert_text(get(&copy, COPY_QUOTE)->text, "%");
	assert_int_equal(get(&copy, COPY_IGNOREHEADER)->number, 2);
	assert_int_equal(get(&copy, COPY_MAXERROR)->number, 5);
	assert_text(get(&copy, COPY_TIMEFORMAT)->text, "auto");
	assert_text(get(&copy, COPY_COMPUPDATE)->text, "OFF");
	assert_null(get(&copy, COPY_DELIMITER));
}

static void quoted_names_keep_their_case_when_told(void **state)
{
	CLEANUP(copy_statement_done)
	struct copy_statement copy = COPY_STATEMENT_EMPTY;

	(void)state;
	copy.options.case_sensitive = true;
	parse(&copy, "copy Public.\"Sales\" (Id, \"Day\") from 's3://b/k' "
		     "iam_role default");
	assert_text(copy.schema, "public");
	assert_text(copy.table, "Sales");
	assert_text(copy.columns.items[0], "id");
	assert_text(copy.columns.items[1], "Day");
}

static const struct {
	const char *argument;
	const char *value;
	size_t len;
} delimiters[] = {
	{ "'|'", "|", 1 },	   { "'\\t'", "\t", 1 },
	{ "'\\\\t'", "\t", 1 },	   { "'\\001'", "\001", 1 },
	{ "'\\\\001'", "\001", 1 }, { "AS ';'", ";", 1 },
	{ "''''", "'", 1 },	   { "'\\\\'", "\\", 1 },
};

static void a_delimiter_may_be_spelled_as_aws_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(delimiters); i++) {
		CLEANUP(copy_options_done)
		struct copy_options options = COPY_OPTIONS_EMPTY;
		CLEANUP(str_done) struct str tail = STR_EMPTY;
		struct err err = ERR_EMPTY;

		str_addf(&tail, "delimiter %s", delimiters[i].argument);
		if (!copy_options_parse(&options, COPY_VERB_COPY, tail.text,
					tail.len, &err))
			fail_msg("%s: %s", tail.text, err.message);
		assert_int_equal(options.given.items[0].len,
				 delimiters[i].len);
		assert_text(options.given.items[0].text, delimiters[i].value);
	}
}

static void null_as_backslash_n_keeps_its_backslash(void **state)
{
	static const char *const tails[] = { "null as '\\N'",
					     "null '\\\\N'" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(tails); i++) {
		CLEANUP(copy_options_done)
		struct copy_options options = COPY_OPTIONS_EMPTY;
		struct err err = ERR_EMPTY;

		assert_true(copy_options_parse(&options, COPY_VERB_COPY,
					       tails[i], strlen(tails[i]),
					       &err));
		assert_text(options.given.items[0].text, "\\N");
	}
}

static void null_as_nul_keeps_its_length(void **state)
{
	CLEANUP(copy_options_done)
	struct copy_options options = COPY_OPTIONS_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copy_options_parse(&options, COPY_VERB_COPY,
				       "null as '\\0'", 12, &err));
	assert_int_equal(options.given.items[0].len, 1);
	assert_int_equal(options.given.items[0].text[0], 0);
}

static const struct {
	const char *tail;
	const char *message;
	const char *hint;	/* a part of it */
} wrong[] = {
	{ "ignorheader 1", "COPY has no parameter ignorheader",
	  "did you mean IGNOREHEADER?" },
	{ "foo", "COPY has no parameter foo", "\\h COPY" },
	{ "delimeter ';'", "COPY has no parameter delimeter",
	  "did you mean DELIMITER?" },
	{ "gzp", "COPY has no parameter gzp", "did you mean GZIP?" },
	{ "gzip bzip2", "GZIP is not compatible with BZIP2", "leave one" },
	{ "csv escape", "CSV is not compatible with ESCAPE", "leave one" },
	{ "removequotes csv", "CSV is not compatible with REMOVEQUOTES",
	  "leave one" },
	{ "parquet gzip", "GZIP argument is not supported for PARQUET based COPY",
	  "with PARQUET only these may be given: ACCEPTINVCHARS" },
	{ "format as parquet region 'eu-west-1'",
	  "REGION argument is not supported for PARQUET based COPY", "STATUPDATE" },
	{ "maxerror 2 ignoreallerrors",
	  "MAXERROR is not compatible with IGNOREALLERRORS", "" },
	{ "quote '%'", "QUOTE needs CSV beside it", "" },
	{ "csv csv", "CSV is given twice", "" },
	{ "delimiter 'ab'", "DELIMITER takes one ASCII character, not 'ab'",
	  "'\\t' for a tab" },
	{ "delimiter |", "COPY: expected a text in quotes after DELIMITER, "
			 "found \"|\"", "" },
	{ "maxerror 100001", "MAXERROR must be from 0 to 100000", "" },
	{ "maxerror many", "COPY: expected a number after MAXERROR, found "
			   "\"many\"", "" },
	{ "ignoreheader", "COPY: expected a number after IGNOREHEADER, found "
			  "the end", "" },
	{ "encoding latin1", "ENCODING takes one of UTF8 UTF16 UTF16LE "
			     "UTF16BE ISO88591", "" },
	{ "format as gzip", "COPY: expected a format such as CSV after "
			    "FORMAT, found \"gzip\"", "" },
	{ "header", "COPY has no parameter header", "ignoreheader 1 passes" },
	{ "parallel", "COPY has no parameter parallel", "parameter of UNLOAD" },
	{ "iam_role default iam_role default",
	  "COPY: authorization is given twice", "one of IAM_ROLE" },
	{ "credentials 'aws_access_key_id=a;aws_secret_access_key=b' "
	  "access_key_id 'a' secret_access_key 'b'",
	  "COPY: authorization is given twice", "one of IAM_ROLE" },
	{ "access_key_id 'a' access_key_id 'b'",
	  "COPY: authorization is given twice", "one of IAM_ROLE" },
	{ "encrypted", "ENCRYPTED needs MASTER_SYMMETRIC_KEY beside it", "" },
	{ "comprows 1000 compupdate false",
	  "COMPROWS is not compatible with COMPUPDATE FALSE", "" },
	{ "iam_role 'a, b'", "IAM_ROLE 'a, b' is not the ARN of a role",
	  "no blanks" },
	{ "access_key_id 'a'", "authorization by key needs both the key's id "
			       "and the secret key", "" },
	{ "csv 'x'", "COPY: expected a parameter after what stands before, "
		     "found a text in quotes", "" },
	{ "null as 'x", "COPY: the quote after NULL is not closed", "" },
};

static void faults_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		CLEANUP(copy_options_done)
		struct copy_options options = COPY_OPTIONS_EMPTY;
		struct err err = ERR_EMPTY;

		if (copy_options_parse(&options, COPY_VERB_COPY, wrong[i].tail,
				       strlen(wrong[i].tail), &err))
			fail_msg("%s: taken", wrong[i].tail);
		assert_text(err.message, wrong[i].message);
		if (strstr(err.hint, wrong[i].hint) == NULL)
			fail_msg("%s: hint %s", wrong[i].tail, err.hint);
	}
}

static void authorizations_are_told_apart(void **state)
{
	static const struct {
		const char *tail;
		enum copy_auth_kind kind;
	} cases[] = {
		{ "", COPY_AUTH_NONE },
		{ "iam_role default", COPY_AUTH_DEFAULT },
		{ "iam_role 'SESSION'", COPY_AUTH_SESSION },
		{ "credentials 'aws_iam_role=arn:x'", COPY_AUTH_ROLE },
		{ "with credentials as 'aws_access_key_id=a;"
		  "aws_secret_access_key=b;token=c'", COPY_AUTH_KEYS },
		{ "access_key_id 'a' secret_access_key 'b' "
		  "session_token 'c'", COPY_AUTH_KEYS },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(copy_options_done)
		struct copy_options options = COPY_OPTIONS_EMPTY;
		struct err err = ERR_EMPTY;

		assert_true(copy_options_parse(&options, COPY_VERB_COPY,
					       cases[i].tail,
					       strlen(cases[i].tail), &err));
		assert_int_equal(options.auth.kind, cases[i].kind);
		if (cases[i].kind == COPY_AUTH_KEYS) {
			assert_text(secret_text(&options.auth.key), "b");
			assert_text(secret_text(&options.auth.token), "c");
		}
	}
}

static void an_unload_is_read_with_its_query(void **state)
{
	static const char sql[] =
		"unload ('select ''a'', n from t') to 's3://b/p_' "
		"iam_role default parquet partition by (y, \"M\") include "
		"maxfilesize 1.5 gb cleanpath";
	CLEANUP(unload_statement_done)
	struct unload_statement unload = UNLOAD_STATEMENT_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	if (!unload_parse(&unload, sql, strlen(sql), &err))
		fail_msg("%s", err.message);
	assert_text(unload.query, "select 'a', n from t");
	assert_text(unload.target, "s3://b/p_");
	assert_text(copy_options_get(&unload.options, COPY_PARTITION)->text,
		    "y,m INCLUDE");
	assert_int_equal(
		copy_options_get(&unload.options, COPY_MAXFILESIZE)->number,
		1536);
}

static void dollar_quotes_hold_a_query_too(void **state)
{
	static const char sql[] = "unload ($$select 'x'$$) to 's3://b/p' "
				  "iam_role default";
	CLEANUP(unload_statement_done)
	struct unload_statement unload = UNLOAD_STATEMENT_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(unload_parse(&unload, sql, strlen(sql), &err));
	assert_text(unload.query, "select 'x'");
}

static void copy_from_stdin_is_refused_with_advice(void **state)
{
	CLEANUP(copy_statement_done)
	struct copy_statement copy = COPY_STATEMENT_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(copy_parse(&copy, "copy t from stdin", 17, &err));
	assert_non_null(strstr(err.hint, "\\s3put"));
}

/* Any statement cut anywhere: an answer, never a crash. */
static void cut_statements_are_survived(void **state)
{
	static const char sql[] =
		"copy a.\"b\" (c, d) from 's3://x/y' with credentials as "
		"'aws_iam_role=arn' csv quote '\"' delimiter '\\001' gzip "
		"encoding utf16 using template a.b";

	(void)state;
	for (size_t len = 0; len <= strlen(sql); len++) {
		CLEANUP(copy_statement_done)
		struct copy_statement copy = COPY_STATEMENT_EMPTY;
		struct err err = ERR_EMPTY;
		bool good = copy_parse(&copy, sql, len, &err);

		assert_true(good || err.message[0] != '\0');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_copy_is_read),
		cmocka_unit_test(quoted_names_keep_their_case_when_told),
		cmocka_unit_test(a_delimiter_may_be_spelled_as_aws_does),
		cmocka_unit_test(null_as_backslash_n_keeps_its_backslash),
		cmocka_unit_test(null_as_nul_keeps_its_length),
		cmocka_unit_test(faults_are_named),
		cmocka_unit_test(authorizations_are_told_apart),
		cmocka_unit_test(an_unload_is_read_with_its_query),
		cmocka_unit_test(dollar_quotes_hold_a_query_too),
		cmocka_unit_test(copy_from_stdin_is_refused_with_advice),
		cmocka_unit_test(cut_statements_are_survived),
	};

	return RUN_TESTS(tests);
}
