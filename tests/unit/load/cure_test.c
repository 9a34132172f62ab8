#include "../check.h"

#include "base/str.h"
#include "load/copy_args.h"
#include "load/copy_parse.h"
#include "load/cure.h"
#include "load/cure_facts.h"
#include "load/cure_table.h"
#include "load/cure_write.h"
#include "load/load_error.h"
#include "sql/interp.h"

/* The object is a text in memory. */
static bool read_range(void *context, const char *uri, int64_t offset,
		       int64_t length, struct str *out, struct err *err)
{
	const char *object = context;

	(void)uri;
	(void)err;
	if (offset < (int64_t)strlen(object))
		str_add_slice(out, object + offset,
			      strnlen(object + offset, (size_t)length));
	return true;
}

#define COPY "copy t from 's3://b/k' iam_role default"

enum { OUT_OF_REACH = 99 };

static const struct {
	const char *table; /* "a integer;b varchar(9)!", !: NOT NULL */
	const char *options;
	const char *object;
	int64_t line;
	const char *column, *value;
	int code;
	const char *shown; /* of the first way */
} cases[] = {
	{ "a integer;b character varying(3)", "", "1|abc\n2|abcdef\n", 2, "b",
	  "abcdef", 1204,
	  "alter table t alter column b type varchar(6);\n" COPY ";\n" },
	/* the rest of the column counts, not only the line */
	{ "a integer;b character varying(3)", "", "1|abcd\n2|abcdef\n3|x\n", 1,
	  "b", "abcd", 1204,
	  "alter table t alter column b type varchar(6);\n" COPY ";\n" },
	{ "a integer;b timestamp without time zone", "",
	  "1|31.1.2024 10:05\n2|1.12.2023 23:59\n", 1, "b",
	  "31.1.2024 10:05", 1206,
	  COPY " timeformat 'DD.MM.YYYY HH:MI';\n" },
	{ "a integer;b date", "dateformat 'MM/DD/YYYY'",
	  "1|01/31/2024\n2|2024-01-31\n3|2024-02-01\n", 2, "b", "2024-01-31",
	  1205, COPY " dateformat 'MM/DD/YYYY' acceptanydate;\n" },
	{ "a integer;b date", "dateformat 'MM/DD/YYYY'",
	  "1|2024-01-31\n2|2024-02-01\n", 1, "b", "2024-01-31", 1205,
	  COPY ";\n" },
	{ "a integer;b date!", "", "1|soon\n2|2024-02-01\n", 1, "b", "soon",
	  1205, COPY " maxerror 2;\n" },
	{ "a integer;b timestamp without time zone", "",
	  "1|2024-01-02T10:00:00Z\n2|Jan 31 2024\n", 1, "b",
	  "2024-01-02T10:00:00Z", 1206, COPY " timeformat 'auto';\n" },
	{ "id integer;name character varying(9)", "csv", "id,name\n1,x\n", 1,
	  "id", "id", 1207, COPY " csv ignoreheader 1;\n" },
	{ "id integer;n integer", "", "1|2\n2|N/A\n3|N/A\n", 2, "n", "N/A",
	  1207, COPY " null as 'N/A';\n" },
	{ "id integer;n integer", "", "1|2\n2|n/a\n3|?\n4|5\n5|6\n", 2, "n",
	  "n/a", 1207, COPY " maxerror 3;\n" },
	{ "id integer;n integer", "", "1|2\n2|1.25\n3|100\n", 2, "n", "1.25",
	  1207,
	  "alter table t add column n_new decimal(5,2);\n"
	  "update t set n_new = n;\n"
	  "alter table t drop column n;\n"
	  "alter table t rename column n_new to n;\n"
	  "copy t (id, n)\nfrom 's3://b/k' iam_role default;\n" },
	{ "id integer;n numeric(8,2)", "delimiter ';'",
	  "1;$1,234.50\n2;$7.00\n", 1, "n", "$1,234.50", 1207,
	  "create temp table t_load (id integer, n varchar(9));\n"
	  "copy t_load\nfrom 's3://b/k' iam_role default delimiter ';';\n"
	  "insert into t (id, n) select id, cast(trim(replace(replace("
	  "nullif(n, ''), '$', ''), ',', '')) as decimal(18,2)) "
	  "from t_load;\n"
	  "drop table t_load;\n" },
	{ "id integer;b boolean", "", "1|ja\n2|nein\n", 1, "b", "ja", 1210,
	  NULL },
	{ "id integer;n integer", "", "1|one\n2|two\n3|3\n", 1, "n", "one",
	  1207,
	  "alter table t add column n_new varchar(4);\n"
	  "update t set n_new = n;\n"
	  "alter table t drop column n;\n"
	  "alter table t rename column n_new to n;\n"
	  "copy t (id, n)\nfrom 's3://b/k' iam_role default;\n" },
	{ "a integer;b character varying(9)", "", "1;x\n2;y\n3;z\n", 1, "b",
	  "", 1214, COPY " csv delimiter ';';\n" },
	{ "a integer;b character varying(9)", "delimiter ','",
	  "1,\"x,y\"\n2,\"z\"\n3,\"w\"\n", 1, "", "", 1202, COPY " csv;\n" },
	{ "a integer;b character varying(9);c integer", "", "1|x\n2|y\n", 1,
	  "c", "", 1214, "copy t (a, b)\nfrom 's3://b/k' iam_role default;\n" },
	{ "a integer;b character varying(9)", "csv ignoreheader 1",
	  "a,b,paid\n1,x,1.50\n2,y,20.25\n", 2, "", "", 1202,
	  "alter table t add column paid decimal(10,2);\n"
	  "copy t from 's3://b/k' iam_role default csv ignoreheader 1;\n" },
	{ "a integer;b character varying(9)", "", "1|x\n\n2\n", 2, "", "",
	  1211, COPY " ignoreblanklines;\n" },
	{ "a integer;b character varying(9)", "fillrecord", "1|J\xfcrg\n", 1,
	  "b", "J.rg", 1220, COPY " fillrecord encoding iso88591;\n" },
	/* what is UTF-8 elsewhere is not Latin-1 */
	{ "a integer;b character varying(9)", "", "1|J\xfcrg\n2|\xc3\xbc\n", 1,
	  "b", "J.rg", 1220, COPY " acceptinvchars;\n" },
	{ "a integer;b super", "", "1|hello\n2|world\n", 1, "b", "hello", 1224,
	  "create temp table t_load (a integer, b varchar(5));\n"
	  "copy t_load\nfrom 's3://b/k' iam_role default;\n"
	  "insert into t (a, b) select a, case when can_json_parse(b) then "
	  "json_parse(b) else cast(b as super) end from t_load;\n"
	  "drop table t_load;\n" },
	{ "a integer;b integer!", "", "1|\n2|\n3|4\n", 1, "b", "", 1213,
	  "alter table t add column b_new integer;\n"
	  "update t set b_new = b;\n"
	  "alter table t drop column b;\n"
	  "alter table t rename column b_new to b;\n"
	  "copy t (a, b)\nfrom 's3://b/k' iam_role default;\n" },
	/* all columns that are too short, in one go */
	{ "a character varying(2);b character varying(3)", "",
	  "abc|abcdef\nx|y\nz|abcdefg\n", 1, "a", "abc", 1204,
	  "alter table t alter column a type varchar(3);\n"
	  "alter table t alter column b type varchar(7);\n" COPY ";\n" },
	/* lines that other columns spoil are lost as well */
	{ "a integer;b integer", "", "1|x\n2|3\ny|4\n5|6\n7\n8|9\n", 1, "b",
	  "x", 1207, COPY " maxerror 4;\n" },
	/* of a line that was not reached nothing is guessed */
	{ "a integer;b integer", "", "1|2\n3|4\n", OUT_OF_REACH, "b", "", 1207,
	  COPY " maxerror 2;\n" },
	{ "a integer;b date", "dateformat 'MM/DD/YYYY'", "1|01/31/2024\n",
	  OUT_OF_REACH, "b", "", 1205,
	  COPY " dateformat 'MM/DD/YYYY' acceptanydate;\n" },
	{ "a integer", "", "1\n", 1, "", "", 1299, COPY " maxerror 2;\n" },
};

static void add_columns(struct cure_table *table, const char *spec)
{
	table->name = mem_copy_text("t");
	table->schema = mem_copy_text("public");
	while (*spec != '\0') {
		const char *blank = strchr(spec, ' ');
		size_t len = strcspn(blank + 1, ";");
		bool not_null = blank[len] == '!';
		struct cure_column column = {
			.name = mem_copy_slice(spec, (size_t)(blank - spec)),
			.type = mem_copy_slice(blank + 1, len - not_null),
			.not_null = not_null,
		};

		vec_push(&table->file, table->columns.count);
		vec_push(&table->columns, column);
		spec = blank + 1 + len;
		spec += *spec == ';';
	}
	table->names = mem_alloc_array(table->file.count, sizeof(char *));
	for (size_t i = 0; i < table->file.count; i++)
		table->names[i] = table->columns.items[i].name;
}

static void find_cure(size_t i, const char *sql, struct cure *out)
{
	CLEANUP(cure_facts_done) struct cure_facts facts = CURE_FACTS_EMPTY;
	CLEANUP(cure_table_done) struct cure_table table = { .name = NULL };
	CLEANUP(load_line_done) struct load_line line = LOAD_LINE_EMPTY;
	CLEANUP(copy_statement_done)
	struct copy_statement statement = COPY_STATEMENT_EMPTY;
	struct load_error error = { .file = (char *)"s3://b/k",
				    .line = cases[i].line,
				    .column = (char *)cases[i].column,
				    .type = (char *)"",
				    .length = (char *)"",
				    .value = (char *)cases[i].value,
				    .reason = (char *)"why",
				    .code = cases[i].code };
	struct load_error_hooks hooks = { .context = (void *)cases[i].object,
					  .read_range = read_range };
	struct cure_case question = { .error = &error,
				      .statement = &statement,
				      .facts = &facts,
				      .table = &table,
				      .escapes = true };
	struct err err = ERR_EMPTY;

	assert_true(copy_parse(&statement, sql, strlen(sql), &err));
	add_columns(&table, cases[i].table);
	question.column = cases[i].code == 1202
				  ? (int)table.file.count
				  : cure_table_field(&table, cases[i].column);
	assert_int_equal(cure_facts_gather(&facts, &line, &error,
					   question.column, &statement.options,
					   &table, &hooks, &err),
			 cases[i].line != OUT_OF_REACH);
	cure_find(out, &question);
}

static void the_cure_is_made_of_the_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str sql = STR_EMPTY;
		CLEANUP(str_done) struct str shown = STR_EMPTY;
		CLEANUP(cure_done) struct cure cure = { .why = NULL };
		struct cure_origin origin = { .sql = NULL };

		str_add(&sql, COPY);
		if (cases[i].options[0] != '\0')
			str_addf(&sql, " %s", cases[i].options);
		origin.sql = sql.text;
		find_cure(i, sql.text, &cure);
		assert_true(cure.ways.count > 0);
		cure_write_shown(&shown, &cure.ways.items[0], &origin);
		if (cases[i].shown != NULL)
			assert_text(shown.text, cases[i].shown);
		else
			assert_non_null(strstr(shown.text, "then false else cast("));
	}
}

static void keys_are_never_shown(void **state)
{
	static const char sql[] =
		"copy t from 's3://b/k' access_key_id 'AKIDEXAMPLE' "
		"secret_access_key 'wJalrXUtnFEMI' timeformat 'epochsecs'";
	CLEANUP(str_done) struct str shown = STR_EMPTY;
	CLEANUP(cure_done) struct cure cure = { .why = NULL };
	struct cure_origin origin = { .sql = sql, .secret = true };
	struct cure_texts lines = { 0 };

	(void)state;
	find_cure(2, sql, &cure);
	for (size_t i = 0; i < cure.ways.count; i++)
		cure_write_shown(&shown, &cure.ways.items[i], &origin);
	assert_null(strstr(shown.text, "AKID"));
	assert_null(strstr(shown.text, "wJal"));
	assert_non_null(strstr(shown.text, "timeformat 'DD.MM.YYYY HH:MI'"));
	/* what is run has them */
	cure_write_lines(&lines, &cure.ways.items[0], &origin);
	assert_int_equal(lines.count, 1);
	assert_non_null(strstr(lines.items[0], "wJalrXUtnFEMI"));
	assert_null(strstr(lines.items[0], "epochsecs"));
	mem_free(lines.items[0]);
	vec_done(&lines);
}

static const struct {
	const char *line;
	const char *then;
} copyfroms[] = {
	{ "t s3://b/k", "\\copyfrom t s3://b/k timeformat 'DD.MM.YYYY HH:MI'\n" },
	{ "--replace --role arn:aws:iam::123456789012:role/x t (a, b) from s3://b/k csv timeformat 'auto'",
	  "\\copyfrom --replace --role arn:aws:iam::123456789012:role/x t (a, b) s3://b/k csv timeformat "
	  "'DD.MM.YYYY HH:MI'\n" },
	{ "--swap t s3://b/k iam_role 'arn:aws:iam::123456789012:role/x' csv",
	  "\\copyfrom --swap t s3://b/k iam_role "
	  "'arn:aws:iam::123456789012:role/x' csv timeformat "
	  "'DD.MM.YYYY HH:MI'\n" },
	{ "--dry-run --max-errors 3 \"My T\" 's3://b/a k'",
	  "\\copyfrom --dry-run \"My T\" 's3://b/a k' maxerror 4 timeformat "
	  "'DD.MM.YYYY HH:MI'\n" },
};

static void a_line_of_copyfrom_is_written_again(void **state)
{
	struct interp vars = { .escapes = true };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(copyfroms); i++) {
		CLEANUP(copy_args_done) struct copy_args args = COPY_ARGS_EMPTY;
		CLEANUP(copy_args_done) struct copy_args again = COPY_ARGS_EMPTY;
		CLEANUP(str_done) struct str shown = STR_EMPTY;
		CLEANUP(cure_done) struct cure cure = { .why = NULL };
		struct cure_origin origin = { .sql = COPY,
					      .copyfrom = &args };
		struct err err = ERR_EMPTY;

		assert_true(copy_args_parse(&args, COPY_VERB_COPY,
					    copyfroms[i].line, &vars, &err));
		find_cure(2, COPY, &cure);
		cure_write_shown(&shown, &cure.ways.items[0], &origin);
		assert_text(shown.text, copyfroms[i].then);
		assert_true(copy_args_parse(&again, COPY_VERB_COPY,
					    shown.text + strlen("\\copyfrom "),
					    &vars, &err));
		assert_text(again.uri.text, args.uri.text);
		assert_text(again.table.text, args.table.text);
		assert_int_equal(again.replace, args.replace);
		assert_int_equal(again.dry_run, args.dry_run);
	}
}

/* r_Load_Error_Reference but 1200, which has no cause. */
static void each_documented_code_has_a_meaning(void **state)
{
	(void)state;
	for (int code = 1201; code <= 1224; code++)
		assert_non_null(cure_meaning(code));
	assert_non_null(cure_meaning(8001));
	assert_non_null(cure_meaning(9005));
	assert_null(cure_meaning(1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cure_is_made_of_the_facts),
		cmocka_unit_test(keys_are_never_shown),
		cmocka_unit_test(a_line_of_copyfrom_is_written_again),
		cmocka_unit_test(each_documented_code_has_a_meaning),
	};

	return RUN_TESTS(tests);
}
