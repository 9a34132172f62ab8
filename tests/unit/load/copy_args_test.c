#include "../check.h"

#include "load/copy_args.h"
#include "sql/interp.h"

static const char *variable(void *context, const char *name)
{
	(void)context;
	if (strcmp(name, "src") == 0)
		return "s3://b/it's `x` :y";
	if (strcmp(name, "tbl") == 0)
		return "s.t";
	if (strcmp(name, "sep") == 0)
		return ";";
	if (strcmp(name, "raw") == 0)
		return "s3://b/raw/";
	if (strcmp(name, "bucket") == 0)
		return "b";
	return NULL;
}

static const struct interp vars = { .lookup = variable, .escapes = true };

static const struct {
	const char *line;
	const char *table, *columns, *uri, *tail;
} from[] = {
	{ "t s3://b/k", "t", "", "s3://b/k", "" },
	{ "t from s3://b/k csv;", "t", "", "s3://b/k", "csv" },
	{ "s.t (a, \"b c\") FROM 's3://b/a b' gzip", "s.t", "(a, \"b c\")",
	  "s3://b/a b", "gzip" },
	{ "\"My Table\" :'src' csv delimiter ';' ignoreheader 1",
	  "\"My Table\"", "", "s3://b/it's `x` :y",
	  "csv delimiter ';' ignoreheader 1" },
	{ ":tbl :src csv delimiter :'sep'", "s.t", "", "s3://b/it's `x` :y",
	  "csv delimiter ';'" },
	{ "t(a,b) s3://b/k", "t", "(a,b)", "s3://b/k", "" },
	{ "--print t --create s3://b/k --yes csv --no-sniff", "t", "",
	  "s3://b/k", "csv" },
	{ "t s3://b/`x`:src'\"y csv", "t", "", "s3://b/`x`:src'\"y", "csv" },
	{ "t \"s3://b/a \"\"q\"\"\"", "t", "", "s3://b/a \"q\"", "" },
	{ "t 's3://b/it''s\\\\x'", "t", "", "s3://b/it's\\x", "" },
	{ "t :raw/x.csv csv", "t", "", "s3://b/raw/x.csv", "csv" },
	{ "t s3://:bucket/raw/:x csv", "t", "", "s3://b/raw/:x", "csv" },
	{ "t s3://:bucket csv", "t", "", "s3://b", "csv" },
	{ "t s3://:raw/x", "t", "", "s3://b/raw/x", "" },
	{ "t emr://j-1/x csv", "t", "", "emr://j-1/x", "csv" },
};

static void lines_of_copyfrom_fall_into_their_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(from); i++) {
		CLEANUP(copy_args_done) struct copy_args args = COPY_ARGS_EMPTY;
		struct err err = ERR_EMPTY;

		if (!copy_args_parse(&args, COPY_VERB_COPY, from[i].line,
				     &vars, &err))
			fail_msg("%s: %s", from[i].line, err.message);
		assert_text(args.table.text, from[i].table);
		assert_text(args.columns.text, from[i].columns);
		assert_text(args.uri.text, from[i].uri);
		assert_text(args.tail.text, from[i].tail);
	}
}

static void switches_stand_anywhere_but_in_quotes(void **state)
{
	CLEANUP(copy_args_done) struct copy_args args = COPY_ARGS_EMPTY;
	CLEANUP(copy_args_done) struct copy_args quoted = COPY_ARGS_EMPTY;
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copy_args_parse(
		&args, COPY_VERB_COPY,
		"--role=Default t --print from --create s3://b/k csv --replace "
		"null as '--yes'", &vars, &err));
	assert_text(args.role.text, "default");
	assert_true(args.print && args.create && args.replace);
	assert_false(args.yes || args.no_sniff);
	assert_text(copy_options_get(&args.options, COPY_NULL)->text, "--yes");
	assert_true(copy_args_parse(&quoted, COPY_VERB_COPY,
				    "t s3://b/k --role 'arn:aws:iam::1:role/A, "
				    "arn:aws:iam::2:role/B'",
				    &vars, &err));
	assert_text(quoted.role.text,
		    "arn:aws:iam::1:role/A,arn:aws:iam::2:role/B");
}

static const struct {
	const char *line;
	const char *table, *query, *uri, *tail;
} to[] = {
	{ "t to s3://b/p parquet", "t", "", "s3://b/p", "parquet" },
	{ "(select ')' from x where a = :'sep') to 's3://b/p'", "",
	  "select ')' from x where a = ';'", "s3://b/p", "" },
	{ "s3://b/p csv header", "", "", "s3://b/p", "csv header" },
	{ "to s3://b/p", "", "", "s3://b/p", "" },
	{ ":src", "", "", "s3://b/it's `x` :y", "" },
	{ ":tbl :src", "s.t", "", "s3://b/it's `x` :y", "" },
	{ "--print (select 1)s3://b/p", "", "select 1", "s3://b/p", "" },
};

static void lines_of_copyto_fall_into_their_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(to); i++) {
		CLEANUP(copy_args_done) struct copy_args args = COPY_ARGS_EMPTY;
		struct err err = ERR_EMPTY;

		if (!copy_args_parse(&args, COPY_VERB_UNLOAD, to[i].line,
				     &vars, &err))
			fail_msg("%s: %s", to[i].line, err.message);
		assert_text(args.table.text, to[i].table);
		assert_text(args.query.text, to[i].query);
		assert_text(args.uri.text, to[i].uri);
		assert_text(args.tail.text, to[i].tail);
	}
}

static const struct {
	enum copy_verb verb;
	const char *line;
	const char *message, *hint;	/* parts */
} wrong[] = {
	{ COPY_VERB_COPY, "", "into which table?", "\\copyfrom TABLE" },
	{ COPY_VERB_COPY, "t", "where in S3?", "\\copyfrom TABLE" },
	{ COPY_VERB_COPY, "t https://x.org/sales.csv csv",
	  "https://x.org/sales.csv is no place in S3",
	  "addresses of the S3 console" },
	{ COPY_VERB_COPY, "t :'nothing'", "the variable nothing is not set",
	  "\\set nothing" },
	{ COPY_VERB_COPY, "t s3://:nothing/x",
	  "the variable nothing is not set", "\\set nothing" },
	{ COPY_VERB_COPY, "t --prnt s3://b/k", "no switch --prnt",
	  "\\? copyfrom" },
	{ COPY_VERB_COPY, "t (a s3://b/k", "parenthesis is not closed", "" },
	{ COPY_VERB_COPY, "t 's3://b/k", "quote is not closed", "" },
	{ COPY_VERB_COPY, "t s3://b/k csv escape",
	  "CSV is not compatible with ESCAPE", "" },
	{ COPY_VERB_COPY, "t s3://b/k --role", "--role needs an ARN", "" },
	{ COPY_VERB_UNLOAD, "t to out.csv", "out.csv is no place in S3",
	  "\\s3get" },
	{ COPY_VERB_UNLOAD, "select 1 to s3://b/p", "1 is no place in S3",
	  "a query stands in parentheses: \\copyto (select ...)" },
	{ COPY_VERB_UNLOAD, "t s3://b/p --create", "no switch --create",
	  "\\? copyto" },
};

static void faults_are_named_with_what_to_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		CLEANUP(copy_args_done) struct copy_args args = COPY_ARGS_EMPTY;
		struct err err = ERR_EMPTY;

		if (copy_args_parse(&args, wrong[i].verb, wrong[i].line, &vars,
				    &err))
			fail_msg("%s: taken", wrong[i].line);
		if (strstr(err.message, wrong[i].message) == NULL ||
		    strstr(err.hint, wrong[i].hint) == NULL)
			fail_msg("%s: %s | %s", wrong[i].line, err.message,
				 err.hint);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_copyfrom_fall_into_their_parts),
		cmocka_unit_test(switches_stand_anywhere_but_in_quotes),
		cmocka_unit_test(lines_of_copyto_fall_into_their_parts),
		cmocka_unit_test(faults_are_named_with_what_to_type),
	};

	return RUN_TESTS(tests);
}
