#include "../check.h"

#include "base/str.h"
#include "load/copy_edit.h"

/* set: "ID text" lines would need a parser: two changes are enough. */
static const struct {
	const char *tail;
	enum copy_option_id first;
	const char *first_text;
	enum copy_option_id second; /* COPY_NO_OPTION: none */
	const char *second_text;
	const char *then;
} tails[] = {
	{ "", COPY_MAXERROR, "maxerror 2", COPY_NO_OPTION, NULL,
	  "maxerror 2" },
	{ "\niam_role default\ncsv", COPY_MAXERROR, "maxerror 2",
	  COPY_NO_OPTION, NULL, "\niam_role default\ncsv maxerror 2" },
	/* in its old place, whatever its argument looks like */
	{ "csv maxerror as 5 gzip", COPY_MAXERROR, "maxerror 9",
	  COPY_NO_OPTION, NULL, "csv maxerror 9 gzip" },
	{ "MAXERROR 5 maxerror 6", COPY_MAXERROR, "maxerror 9",
	  COPY_NO_OPTION, NULL, "maxerror 9" },
	{ "null as 'maxerror 5' gzip", COPY_MAXERROR, "maxerror 9",
	  COPY_NO_OPTION, NULL, "null as 'maxerror 5' gzip maxerror 9" },
	{ "timeformat 'auto' -- said by Bob\n gzip", COPY_TIMEFORMAT, NULL,
	  COPY_NO_OPTION, NULL, "gzip" },
	/* FORMAT AS goes with its format, QUOTE with CSV */
	{ "format as csv quote as '%' gzip", COPY_CSV, NULL, COPY_DELIMITER,
	  "delimiter ','", "gzip delimiter ','" },
	{ "FORMAT json 'auto' gzip", COPY_JSON, NULL, COPY_CSV, "csv",
	  "gzip csv" },
	/* what excludes the new one goes */
	{ "removequotes escape delimiter ';'", COPY_CSV, "csv",
	  COPY_NO_OPTION, NULL, "delimiter ';' csv" },
	{ "json region 'us-east-1'", COPY_JSON, NULL, COPY_NO_OPTION, NULL,
	  "region 'us-east-1'" },
	{ "compupdate on csv", COPY_COMPUPDATE, NULL, COPY_NO_OPTION, NULL,
	  "csv" },
	{ "compupdate csv", COPY_COMPUPDATE, NULL, COPY_NO_OPTION, NULL,
	  "csv" },
	{ "credentials 'aws_iam_role=csv' csv", COPY_CSV, NULL,
	  COPY_NO_OPTION, NULL, "credentials 'aws_iam_role=csv'" },
};

static void a_parameter_is_set_or_taken_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(tails); i++) {
		CLEANUP(copy_changes_done) struct copy_changes changes = { 0 };
		CLEANUP(str_done) struct str out = STR_EMPTY;

		copy_changes_set(&changes, tails[i].first,
				 tails[i].first_text);
		if (tails[i].second != COPY_NO_OPTION)
			copy_changes_set(&changes, tails[i].second,
					 tails[i].second_text);
		copy_edit_tail(&out, tails[i].tail, strlen(tails[i].tail),
			       &changes);
		assert_text(out.text, tails[i].then);
	}
}

static const struct {
	const char *sql;
	const char *table, *columns;
	const char *then; /* NULL: no COPY */
} statements[] = {
	{ "copy t from 's3://b/k' iam_role default", NULL, NULL,
	  "copy t from 's3://b/k' iam_role default fillrecord" },
	{ "begin; COPY s.\"T x\" (a, b)\n  from 's3://b/k' csv ; commit", NULL,
	  NULL, "COPY s.\"T x\" (a, b) from 's3://b/k' csv fillrecord" },
	{ "copy t(a) from 's3://b/k;1' csv", "u", NULL,
	  "copy u (a)\nfrom 's3://b/k;1' csv fillrecord" },
	{ "copy t (a, b) from 's3://b/k'", NULL, "(a)",
	  "copy t (a)\nfrom 's3://b/k' fillrecord" },
	{ "copy t (a, b) from 's3://b/k'", "u", "",
	  "copy u\nfrom 's3://b/k' fillrecord" },
	{ "select 'copy t from'", NULL, NULL, NULL },
	{ "copy t", NULL, NULL, NULL },
	{ "copy t from", NULL, NULL, NULL },
	{ "", NULL, NULL, NULL },
};

static void the_statement_stays_but_for_what_is_said(void **state)
{
	CLEANUP(copy_changes_done) struct copy_changes changes = { 0 };

	(void)state;
	copy_changes_set(&changes, COPY_FILLRECORD, "fillrecord");
	for (size_t i = 0; i < COUNT_OF(statements); i++) {
		CLEANUP(str_done) struct str out = STR_EMPTY;
		bool found = copy_edit_statement(
			&out, statements[i].sql, statements[i].table,
			statements[i].columns, &changes);

		assert_int_equal(found, statements[i].then != NULL);
		if (found)
			assert_text(out.text, statements[i].then);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_parameter_is_set_or_taken_out),
		cmocka_unit_test(the_statement_stays_but_for_what_is_said),
	};

	return RUN_TESTS(tests);
}
