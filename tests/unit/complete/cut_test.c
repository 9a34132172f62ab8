/* Every statement of the sales story and of the documentation's examples, cut
 * at any byte with Tab there: with what stands behind the cut, and without.
 * Nothing crashes, the candidates are bounded, in order, and whole.
 *
 * make check takes a part of the bytes; CUT_ALL=1 takes all. */
#include "tests/unit/complete/tickit.h"

#include <glob.h>
#include <stdio.h>

#include "complete/complete.h"
#include "sql/lexer.h"

enum {
	SOME_CUTS = 4000,  /* of one run */
	LONG_TEXT = 20000, /* a statement as made by programs */
};

struct cutting {
	size_t seen; /* bytes of all texts */
	size_t step; /* every such byte is cut at */
	size_t done;
};

static const struct complete_arg url_args[] = {
	{ .name = "URI", .want = WANT_S3_URI, .repeated = true },
};

static const struct complete_arg *args_of(void *context, const char *command,
					  size_t *out_count)
{
	(void)context;
	(void)command;
	*out_count = COUNT_OF(url_args);
	return url_args;
}

static bool s3(void *context, const char *typed, struct complete_offer *offer)
{
	(void)context;
	(void)typed;
	complete_offer_name(offer, "bucket/", NULL);
	complete_offer_name(offer, "bucket/it's", NULL);
	return false;
}

/* No quote in it is left open, so that it cannot reach further. */
static bool is_closed(const char *text)
{
	struct lexer lexer;
	struct token token;

	lexer_init(&lexer, text, strlen(text), LEXER_ESCAPES, NULL);
	while ((token = lexer_next(&lexer)).kind != TOKEN_END)
		if (token.open)
			return false;
	return true;
}

static bool is_name(const struct complete_item *item)
{
	switch (item->kind) {
	case COMPLETE_TABLE:
	case COMPLETE_VIEW:
	case COMPLETE_COLUMN:
	case COMPLETE_SCHEMA:
	case COMPLETE_CTE:
	case COMPLETE_ALIAS:
	case COMPLETE_JOIN:
	case COMPLETE_COLUMNS:
		return true;
	default:
		return false;
	}
}

static void check_list(const struct complete_list *list, const char *text,
		       size_t cursor)
{
	bool right = list->count <= COMPLETE_MAX && list->from <= cursor &&
		     cursor <= list->to && list->to <= strlen(text);

	for (size_t i = 0; right && i < list->count; i++) {
		const struct complete_item *item = &list->items[i];

		right = *item->text != '\0' && *item->label != '\0' &&
			item->detail != NULL && item->comment != NULL &&
			item->of != NULL && item->marks != NULL &&
			(!is_name(item) || is_closed(item->text));
	}
	if (!right)
		fail_msg("%.*s|%s", (int)cursor, text, text + cursor);
}

static void ask(const char *text, size_t cursor)
{
	struct complete_source source = {
		.lookup = tickit_lookup,
		.args = args_of,
		.s3 = s3,
	};
	struct complete_list list = COMPLETE_LIST_EMPTY;

	complete_at(&source, text, cursor, &list);
	check_list(&list, text, cursor);
	complete_list_done(&list);
}

static void cut(const char *text, size_t len, struct cutting *cutting)
{
	CLEANUP(mem_freep) char *whole = mem_copy_slice(text, len);

	for (size_t at = 0; at <= len; at++) {
		CLEANUP(mem_freep) char *half = NULL;

		if (cutting->seen++ % cutting->step != 0)
			continue;
		half = mem_copy_slice(text, at);
		ask(half, at);
		ask(whole, at);
		cutting->done++;
	}
}

/* Statements; what has no semicolon, the lines of a table say, is one. */
static void cut_file(const char *path, struct cutting *cutting)
{
	CLEANUP(str_done) struct str file = STR_EMPTY;
	struct err err = ERR_EMPTY;
	struct lexer lexer;
	struct token token;
	size_t start = 0;

	if (!file_read(path, 16 << 20, &file, &err))
		fail_msg("%s", err.message);
	lexer_init(&lexer, file.text, file.len, LEXER_ESCAPES | LEXER_VARIABLES,
		   NULL);
	while ((token = lexer_next(&lexer)).kind != TOKEN_END) {
		size_t end = token.at + token.len;

		if (!token_is_char(&token, ';') && end - start < LONG_TEXT)
			continue;
		cut(file.text + start, end - start, cutting);
		start = end;
	}
	cut(file.text + start, file.len - start, cutting);
}

static void cut_files(const char *folder, const char *pattern,
		      struct cutting *cutting)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	glob_t found;

	assert_non_null(folder);
	str_addf(&path, "%s/%s", folder, pattern);
	assert_int_equal(glob(path.text, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		cut_file(found.gl_pathv[i], cutting);
	globfree(&found);
}

static void cut_all(struct cutting *cutting)
{
	cut_files(getenv("REDSH_SHARE"), "demo/*.sql", cutting);
	cut_files(getenv("TESTS_DIR"), "cases/redshift/*.sql", cutting);
	cut_files(getenv("TESTS_DIR"), "cases/redshift/*.tsv", cutting);
}

static void any_statement_may_be_cut_anywhere(void **state)
{
	struct cutting count = { .step = SIZE_MAX };
	struct cutting cutting = { .step = 1 };

	(void)state;
	cut_all(&count);
	assert_true(count.seen > 100000);
	/* A step that no column of a table has the length of. */
	if (getenv("CUT_ALL") == NULL)
		cutting.step = count.seen / SOME_CUTS + 1;
	cut_all(&cutting);
	assert_true(cutting.done > SOME_CUTS / 2);
}

/* What is typed into a dump of ten megabytes. */
static void a_very_long_statement_is_read_once(void **state)
{
	static const char *const pieces[] = {
		"(1, 'it''s', null), ",
		"select a, b from sales union all ",
		"sales s join event e using (eventid), ",
		"(((((",
		"\"x\".",
		"case when a then ",
		"'",
		"with x as (select ",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		CLEANUP(str_done) struct str text = STR_EMPTY;

		str_add(&text, "insert into sales values ");
		while (text.len < 2000000)
			str_add(&text, pieces[i]);
		ask(text.text, text.len);
		ask(text.text, text.len / 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_statement_may_be_cut_anywhere),
		cmocka_unit_test(a_very_long_statement_is_read_once),
	};

	return cmocka_run_group_tests(tests, tickit_make, tickit_remove);
}
