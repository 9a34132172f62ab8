/* The pipelines of \copyfrom and \copyto against a world of texts. */
#include "../check.h"

#include "base/secret.h"
#include "base/str.h"
#include "data/rows_mem.h"
#include "load/copy_args.h"
#include "load/copyfrom.h"
#include "load/unloadto.h"

struct object {
	const char *key;
	const char *text;	/* NULL ends */
};

struct fake {
	const struct object *objects;
	const char *table;		/* the one that exists, or NULL */
	const char *columns[3];		/* of it; NULL: id, day */
	bool no_aws;			/* every S3 call fails */
	bool refuse;			/* the person says no */
	bool fail;			/* the server refuses COPY */
	bool lost;			/* ... or its answer never comes */
	bool in_block;
	int64_t row_count;
	struct str asked;		/* queries, a line each */
	struct str sent;		/* statements, each ended by "\n;\n" */
	struct str told;		/* info and warnings */
	struct str printed;
};

#define FAKE_EMPTY                                                             \
	.sent = STR_EMPTY, .told = STR_EMPTY, .printed = STR_EMPTY,            \
	.asked = STR_EMPTY

static void fake_done(struct fake *fake)
{
	str_done(&fake->sent);
	str_done(&fake->told);
	str_done(&fake->printed);
	str_done(&fake->asked);
}

static bool run(void *context, const char *sql, struct err *err)
{
	struct fake *fake = context;

	str_addf(&fake->sent, "%s\n;\n", sql);
	if (!fake->fail || !str_starts(sql, "copy"))
		return true;
	err_set(err, ERR_SERVER, "%s", "");
	return err_set_code(err, fake->lost ? "" : "XX000");
}

static void add_columns(const struct fake *fake, const char *sql,
			struct rows_mem *mem)
{
	if (fake->table == NULL || strstr(sql, fake->table) == NULL)
		return;
	for (size_t i = 0; i < 3 && fake->columns[i] != NULL; i++)
		rows_mem_add(mem, fake->columns[i]);
	if (fake->columns[0] == NULL) {
		rows_mem_add(mem, "id");
		rows_mem_add(mem, "day");
	}
}

static struct rows *ask(void *context, const char *sql, struct err *err)
{
	struct fake *fake = context;
	struct rows_mem *mem = rows_mem_new(NULL);

	(void)err;
	str_addf(&fake->asked, "%s\n", sql);
	rows_mem_column(mem, "n", ROWS_TEXT);
	if (strstr(sql, "pg_attribute") != NULL)
		add_columns(fake, sql, mem);
	else if (strstr(sql, "pg_last_copy_count") != NULL)
		rows_mem_add(mem, "1234");
	else if (strstr(sql, "pg_last_unload_count") != NULL)
		rows_mem_add(mem, "7");
	else
		rows_mem_add(mem, "0");
	return rows_mem_rows(mem);
}

static bool in_block(void *context)
{
	return ((struct fake *)context)->in_block;
}

static bool read_range(void *context, const char *uri, int64_t offset,
		       int64_t length, struct str *out, struct err *err)
{
	struct fake *fake = context;

	(void)length;
	assert_int_equal(offset, 0);
	for (const struct object *o = fake->objects; o && o->text; o++) {
		if (strcmp(uri + strlen("s3://b/"), o->key) == 0) {
			str_add(out, o->text);
			return true;
		}
	}
	return err_set(err, ERR_MISSING, "no %s", uri);
}

static bool list(void *context, const char *uri, load_visit *visit,
		 void *visitor, struct err *err)
{
	struct fake *fake = context;

	if (fake->no_aws)
		return err_set(err, ERR_AUTH, "no credentials");
	for (const struct object *o = fake->objects; o && o->text; o++) {
		if (str_starts(o->key, uri + strlen("s3://b/")) &&
		    !visit(visitor, o->key, (int64_t)strlen(o->text)))
			break;
	}
	return true;
}

static bool region(void *context, const char *bucket, struct str *out,
		   struct err *err)
{
	(void)context;
	(void)bucket;
	(void)err;
	str_add(out, "eu-west-1");
	return true;
}

static bool confirm(void *context, const char *question, bool *out_yes,
		    struct err *err)
{
	struct fake *fake = context;

	(void)question;
	(void)err;
	*out_yes = !fake->refuse;
	return true;
}

static void preview(void *context, struct rows *rows)
{
	(void)context;
	rows_free(rows);
}

static void tell(void *context, const char *text)
{
	struct fake *fake = context;

	str_addf(&fake->told, "%s\n", text);
}

static void progress(void *context, const char *text)
{
	(void)context;
	(void)text;
}

static bool print(void *context, const char *text, struct err *err)
{
	struct fake *fake = context;

	(void)err;
	str_add(&fake->printed, text);
	return true;
}

static void set_row_count(void *context, int64_t rows)
{
	((struct fake *)context)->row_count = rows;
}

static bool keys(void *context, struct secret *id, struct secret *key,
		 struct secret *token, struct err *err)
{
	(void)context;
	(void)token;
	(void)err;
	secret_set(id, "AKIDEXAMPLE");
	secret_set(key, "very-secret");
	return true;
}

static struct load_world world_of(struct fake *fake)
{
	return (struct load_world){
		.context = fake,	.run = run,
		.ask = ask,		.read_range = read_range,
		.list = list,		.region = region,
		.confirm = confirm,	.preview = preview,
		.info = tell,		.warn = tell,
		.progress = progress,	.print = print,
		.set_row_count = set_row_count,
		.keys = keys,		.host = "localhost",
		.in_block = in_block,
		.escapes = true,
	};
}

static bool copyfrom(struct fake *fake, const char *line,
		     const struct load_world *given, struct err *err)
{
	CLEANUP(copy_args_done) struct copy_args args = COPY_ARGS_EMPTY;
	struct load_world world = given != NULL ? *given : world_of(fake);

	if (!copy_args_parse(&args, COPY_VERB_COPY, line, NULL, err))
		return false;
	return copyfrom_run(&args, &world, err);
}

static const struct object sales[] = {
	{ "sales/", "" },
	{ "sales/a.csv", "id,day\n1,1/31/2024\n2,12/1/2024\n" },
	{ "sales/b.csv", "id,day\n3,1/31/2024\n" },
	{ "sales2.csv", "x\n" },
	{ "page.csv", "<html><body>404</body></html>" },
	{ NULL, NULL },
};

static void the_statement_holds_what_the_data_asks_for(void **state)
{
	CLEANUP(fake_done)
	struct fake fake = { .objects = sales, .table = "sales", FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copyfrom(&fake, "sales from s3://b/sales/", NULL, &err));
	assert_text(fake.sent.text,
		    "copy sales\nfrom 's3://b/sales/'\niam_role default\n"
		    "csv ignoreheader 1 dateformat 'MM/DD/YYYY'\n;\n");
	assert_non_null(strstr(fake.told.text, "2 objects"));
	assert_non_null(strstr(fake.told.text, "1,234 rows from 2 files"));
	assert_int_equal(fake.row_count, 1234);
	assert_null(strstr(fake.told.text, "also matches"));
}

static void what_was_typed_wins_and_stays_as_it_was(void **state)
{
	CLEANUP(fake_done)
	struct fake fake = { .objects = sales, .table = "sales", FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copyfrom(&fake,
			     "sales (id, d) s3://b/sales/ --role arn:aws:iam::123456789012:role/X "
			     "DateFormat  'auto' Null As '\\N'",
			     NULL, &err));
	assert_text(fake.sent.text,
		    "copy sales (id, d)\nfrom 's3://b/sales/'\n"
		    "iam_role 'arn:aws:iam::123456789012:role/X'\ncsv ignoreheader 1 "
		    "DateFormat  'auto' Null As '\\N'\n;\n");
}

static void a_prefix_that_matches_too_much_is_told(void **state)
{
	CLEANUP(fake_done)
	struct fake fake = { .objects = sales, .table = "sales", FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copyfrom(&fake, "sales s3://b/sales", NULL, &err));
	assert_non_null(strstr(fake.told.text,
			       "the prefix also matches sales2.csv"));
}

static void columns_in_another_order_are_told(void **state)
{
	static const struct {
		const char *columns[3];
		const char *told;	/* NULL: nothing about columns */
	} cases[] = {
		{ { "id", "day" }, NULL },
		{ { "day", "id" }, "give the list (id, day)" },
		{ { "id", "day", "note" }, "give the list (id, day)" },
		{ { "id", "date", "x" }, "the file has 2 columns, sales has "
					 "3: give a column list, or FILL" },
		{ { "id" }, "the file has 2 columns, sales has 1" },
		{ { "a", "b" }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(fake_done)
		struct fake fake = { .objects = sales, .table = "sales",
				     FAKE_EMPTY };
		struct err err = ERR_EMPTY;

		memcpy(fake.columns, cases[i].columns, sizeof(fake.columns));
		assert_true(copyfrom(&fake, "sales s3://b/sales/", NULL,
				     &err));
		if (cases[i].told != NULL)
			assert_non_null(strstr(fake.told.text, cases[i].told));
		else
			assert_null(strstr(fake.told.text, "give "));
	}
}

/* A question that fails would abort the block. */
static void rejected_lines_are_asked_for_only_outside_a_block(void **state)
{
	(void)state;
	for (int block = 0; block <= 1; block++) {
		CLEANUP(fake_done)
		struct fake fake = { .objects = sales, .table = "sales",
				     .in_block = block == 1, FAKE_EMPTY };
		struct err err = ERR_EMPTY;

		assert_true(copyfrom(&fake, "sales s3://b/sales/", NULL,
				     &err));
		assert_null(strstr(fake.asked.text, "load_error"));
		assert_true(copyfrom(&fake, "sales s3://b/sales/ maxerror 3",
				     NULL, &err));
		assert_int_equal(strstr(fake.asked.text, "load_error") == NULL,
				 block == 1);
	}
}

static void print_writes_the_statement_and_needs_no_server(void **state)
{
	CLEANUP(fake_done) struct fake fake = { .objects = sales, FAKE_EMPTY };
	struct load_world world = world_of(&fake);
	struct err err = ERR_EMPTY;

	(void)state;
	world.ask = NULL;
	assert_true(copyfrom(&fake, "--print t s3://b/sales/", &world, &err));
	assert_text(fake.printed.text,
		    "copy t\nfrom 's3://b/sales/'\niam_role default\n"
		    "csv ignoreheader 1 dateformat 'MM/DD/YYYY';\n");
	assert_text(fake.sent.text, "");
	assert_text(fake.told.text, "");
}

static void print_needs_no_aws_when_the_format_is_given(void **state)
{
	CLEANUP(fake_done)
	struct fake fake = { .objects = sales, .no_aws = true, FAKE_EMPTY };
	struct load_world world = world_of(&fake);
	struct err err = ERR_EMPTY;

	(void)state;
	world.ask = NULL;
	assert_true(copyfrom(&fake, "--print t s3://b/x csv", &world, &err));
	assert_text(fake.printed.text,
		    "copy t\nfrom 's3://b/x'\niam_role default\ncsv;\n");
	str_clear(&fake.printed);
	/* Without one it is said that nobody has looked. */
	assert_true(copyfrom(&fake, "--print t s3://b/x", &world, &err));
	assert_text(fake.printed.text,
		    "copy t\nfrom 's3://b/x'\niam_role default;\n");
	assert_non_null(strstr(fake.told.text, "no credentials"));
	assert_non_null(strstr(fake.told.text, "say its format"));
	assert_false(copyfrom(&fake, "--print --create t s3://b/x", &world,
			      &err));
	assert_text(err.message, "no credentials");
	assert_non_null(strstr(err.hint, "--no-sniff"));
}

static void a_missing_table_is_made_only_when_asked_for(void **state)
{
	CLEANUP(fake_done) struct fake fake = { .objects = sales, FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(copyfrom(&fake, "t s3://b/sales/", NULL, &err));
	assert_text(err.message, "there is no table t");
	assert_non_null(strstr(err.hint, "--create"));
	assert_text(fake.sent.text, "");
	assert_true(copyfrom(&fake, "t s3://b/sales/ --create", NULL, &err));
	assert_text(fake.sent.text,
		    "begin\n;\n"
		    "create table t (\n    id INTEGER,\n    day DATE\n)\n;\n"
		    "copy t\nfrom 's3://b/sales/'\niam_role default\n"
		    "csv ignoreheader 1 dateformat 'MM/DD/YYYY'\n;\n"
		    "commit\n;\n");
}

#define LOAD "copy sales\nfrom 's3://b/sales/'\niam_role default\ncsv"

/* What was there goes in the load's own transaction, or by TRUNCATE before. */
static void a_table_is_replaced_or_truncated(void **state)
{
	static const struct {
		const char *line;
		bool in_block;
		const char *sent;
	} cases[] = {
		{ "sales s3://b/sales/ csv --no-sniff --replace", false,
		  "begin\n;\ndelete from sales\n;\n" LOAD
		  "\n;\ncommit\n;\n" },
		{ "sales s3://b/sales/ csv --no-sniff --replace", true,
		  "delete from sales\n;\n" LOAD "\n;\n" },
		{ "sales s3://b/sales/ csv --no-sniff --truncate", false,
		  "truncate sales\n;\n" LOAD "\n;\n" },
		{ "sales s3://b/sales/ csv --no-sniff --replace --dry-run",
		  false, LOAD " noload\n;\n" },
		{ "sales s3://b/sales/ csv --no-sniff --max-errors 10", false,
		  LOAD " maxerror 11\n;\n" },
		{ "sales https://s3.console.aws.amazon.com/s3/buckets/b"
		  "?region=us-east-1&prefix=sales%2F csv --no-sniff",
		  false, LOAD "\n;\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(fake_done)
		struct fake fake = { .objects = sales, .table = "sales",
				     .in_block = cases[i].in_block, FAKE_EMPTY };
		struct err err = ERR_EMPTY;

		assert_true(copyfrom(&fake, cases[i].line, NULL, &err));
		assert_text(fake.sent.text, cases[i].sent);
	}
}

static void what_was_there_is_safe(void **state)
{
	CLEANUP(fake_done)
	struct fake fake = { .objects = sales, .table = "sales", .fail = true,
			     FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(copyfrom(&fake, "sales s3://b/sales/ --replace", NULL,
			      &err));
	assert_true(str_ends(fake.sent.text, "rollback\n;\n"));
	assert_non_null(strstr(fake.told.text, "nothing was changed"));
	/* where nobody knows, nothing is said */
	fake.lost = true;
	str_clear(&fake.sent);
	str_clear(&fake.told);
	assert_false(copyfrom(&fake, "sales s3://b/sales/ --replace", NULL,
			      &err));
	assert_null(strstr(fake.sent.text, "rollback"));
	assert_null(strstr(fake.told.text, "nothing was changed"));
	fake.lost = false;
	fake.in_block = true;
	str_clear(&fake.sent);
	assert_false(copyfrom(&fake, "sales s3://b/sales/ --truncate", NULL,
			      &err));
	assert_non_null(strstr(err.message, "TRUNCATE would commit"));
	assert_text(fake.sent.text, "");
	assert_false(copyfrom(&fake, "sales s3://b/sales/ --replace", NULL,
			      &err));
	assert_null(strstr(fake.sent.text, "rollback"));
	assert_false(copyfrom(&fake,
			      "sales s3://b/sales/ --replace --truncate", NULL,
			      &err));
	assert_non_null(strstr(err.message, "exclude each other"));
}

static void nothing_runs_when_the_person_says_no(void **state)
{
	CLEANUP(fake_done)
	struct fake fake = { .objects = sales, .table = "sales", .refuse = true, FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copyfrom(&fake, "sales s3://b/sales/", NULL, &err));
	assert_text(fake.sent.text, "");
	assert_true(copyfrom(&fake, "sales s3://b/sales/ --yes", NULL, &err));
	assert_true(fake.sent.len > 0);
}

static void a_failed_load_leaves_no_table(void **state)
{
	CLEANUP(fake_done)
	struct fake fake = { .objects = sales, .fail = true, FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(copyfrom(&fake, "t s3://b/sales/ --create", NULL, &err));
	assert_true(str_ends(fake.sent.text, "rollback\n;\n"));
	assert_non_null(strstr(fake.told.text, "nothing was changed"));
	assert_null(strstr(fake.told.text, "1,234"));
}

static void what_cannot_be_loaded_is_refused_before(void **state)
{
	static const struct {
		const char *line, *message;
	} cases[] = {
		{ "sales s3://b/page.csv", "s3://b/page.csv is HTML or XML" },
		{ "sales s3://b/none", "no object with bytes begins with "
				       "s3://b/none" },
		{ "sales s3://b/sales/ csv --keys iam_role default",
		  "--keys and the authorization" },
		{ "sales /etc/passwd", "no place there is named" },
		{ "sales ./sales.csv", "./sales.csv: No such file" },
		{ "--print --keys sales s3://b/sales/",
		  "--print would show the keys" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(fake_done)
		struct fake fake = { .objects = sales, .table = "sales", FAKE_EMPTY };
		struct err err = ERR_EMPTY;

		assert_false(copyfrom(&fake, cases[i].line, NULL, &err));
		if (strstr(err.message, cases[i].message) == NULL)
			fail_msg("%s: %s", cases[i].line, err.message);
		assert_text(fake.sent.text, "");
	}
}

static void keys_are_sent_and_never_shown(void **state)
{
	CLEANUP(fake_done)
	struct fake fake = { .objects = sales, .table = "sales", FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copyfrom(&fake, "sales s3://b/sales/ --keys", NULL, &err));
	assert_non_null(strstr(fake.sent.text,
			       "access_key_id 'AKIDEXAMPLE' "
			       "secret_access_key 'very-secret'"));
	assert_null(strstr(fake.told.text, "secret"));
	assert_null(strstr(fake.told.text, "AKID"));
}

static void a_bucket_elsewhere_gets_its_region(void **state)
{
	static const struct {
		const char *host, *line;
		bool said;
	} cases[] = {
		{ "c.x.us-east-1.redshift.amazonaws.com", "", true },
		{ "w.1.us-east-1.redshift-serverless.amazonaws.com", "",
		  true },
		{ "c.x.eu-west-1.redshift.amazonaws.com", "", false },
		{ "localhost", "", false },
		{ "c.x.us-east-1.redshift.amazonaws.com",
		  " --no-sniff format as parquet", false },
		{ "c.x.us-east-1.redshift.amazonaws.com",
		  " csv region 'eu-west-1'", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(fake_done)
		struct fake fake = { .objects = sales, .table = "sales", FAKE_EMPTY };
		CLEANUP(str_done) struct str line = STR_EMPTY;
		struct load_world world = world_of(&fake);
		struct err err = ERR_EMPTY;

		world.host = cases[i].host;
		str_addf(&line, "sales s3://b/sales/%s", cases[i].line);
		assert_true(copyfrom(&fake, line.text, &world, &err));
		assert_int_equal(strstr(fake.sent.text,
					" region 'eu-west-1' ") != NULL ||
					 strstr(fake.sent.text,
						"region 'eu-west-1'\n;") !=
						 NULL,
				 cases[i].said || i == 5);
	}
}

static const struct object manifest[] = {
	{ "m", "{\"entries\":[{\"url\":\"s3://b/x.psv\"},"
	       "{\"url\":\"s3://b/y.psv\"}]}" },
	{ "x.psv", "1|a\n2|b\n" },
	{ NULL, NULL },
};

static void a_manifest_leads_to_its_first_file(void **state)
{
	CLEANUP(fake_done)
	struct fake fake = { .objects = manifest, .table = "sales", FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copyfrom(&fake, "sales s3://b/m manifest", NULL, &err));
	assert_non_null(strstr(fake.sent.text, "delimiter '|' manifest"));
	assert_non_null(strstr(fake.told.text, "2 objects"));
}

static bool copyto(struct fake *fake, const char *line, const char *query,
		   struct err *err)
{
	CLEANUP(copy_args_done) struct copy_args args = COPY_ARGS_EMPTY;
	struct load_world world = world_of(fake);

	if (!copy_args_parse(&args, COPY_VERB_UNLOAD, line, NULL, err))
		return false;
	if (args.table.len == 0 && args.query.len == 0)
		str_set(&args.query, query);
	return unloadto_run(&args, &world, err);
}

static void unload_doubles_quotes_and_backslashes(void **state)
{
	CLEANUP(fake_done) struct fake fake = { .objects = sales, FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copyto(&fake, "(select 'a\\b' x) to s3://b/out_ csv",
			   "", &err));
	assert_text(fake.sent.text,
		    "unload ('select ''a\\\\b'' x')\nto 's3://b/out_'\n"
		    "iam_role default\ncsv\n;\n");
	str_clear(&fake.sent);
	assert_true(copyto(&fake, "s.\"T\" s3://b/out_", "", &err));
	assert_non_null(strstr(fake.sent.text,
			       "unload ('select * from s.\"T\"')"));
}

static void unload_takes_the_query_before_it(void **state)
{
	CLEANUP(fake_done) struct fake fake = { .objects = sales, FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_true(copyto(&fake, "s3://b/out_", "select 1;\n", &err));
	assert_non_null(strstr(fake.sent.text, "unload ('select 1')"));
	assert_false(copyto(&fake, "s3://b/out_", "", &err));
	assert_non_null(strstr(err.message, "no query yet"));
	assert_false(copyto(&fake, "s3://b/out_", "drop table x", &err));
	assert_non_null(strstr(err.message, "DROP"));
}

static void unload_refuses_a_target_that_is_not_empty(void **state)
{
	CLEANUP(fake_done) struct fake fake = { .objects = sales, FAKE_EMPTY };
	struct err err = ERR_EMPTY;

	(void)state;
	assert_false(copyto(&fake, "t s3://b/sales/", "", &err));
	assert_non_null(strstr(err.message, "the target is not empty"));
	assert_non_null(strstr(err.hint, "allowoverwrite"));
	assert_text(fake.sent.text, "");
	assert_true(copyto(&fake, "t s3://b/sales/ allowoverwrite", "",
			   &err));
	assert_true(fake.sent.len > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_statement_holds_what_the_data_asks_for),
		cmocka_unit_test(what_was_typed_wins_and_stays_as_it_was),
		cmocka_unit_test(a_prefix_that_matches_too_much_is_told),
		cmocka_unit_test(columns_in_another_order_are_told),
		cmocka_unit_test(
			rejected_lines_are_asked_for_only_outside_a_block),
		cmocka_unit_test(print_writes_the_statement_and_needs_no_server),
		cmocka_unit_test(print_needs_no_aws_when_the_format_is_given),
		cmocka_unit_test(a_missing_table_is_made_only_when_asked_for),
		cmocka_unit_test(nothing_runs_when_the_person_says_no),
		cmocka_unit_test(a_failed_load_leaves_no_table),
		cmocka_unit_test(a_table_is_replaced_or_truncated),
		cmocka_unit_test(what_was_there_is_safe),
		cmocka_unit_test(what_cannot_be_loaded_is_refused_before),
		cmocka_unit_test(keys_are_sent_and_never_shown),
		cmocka_unit_test(a_bucket_elsewhere_gets_its_region),
		cmocka_unit_test(a_manifest_leads_to_its_first_file),
		cmocka_unit_test(unload_doubles_quotes_and_backslashes),
		cmocka_unit_test(unload_takes_the_query_before_it),
		cmocka_unit_test(unload_refuses_a_target_that_is_not_empty),
	};

	return RUN_TESTS(tests);
}
