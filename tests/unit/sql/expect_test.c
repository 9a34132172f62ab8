/* Runs tests/cases/expect/kinds.txt, which tells its own format. */
#include "tests/unit/check.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "sql/expect.h"

static const struct {
	const char *name;
	unsigned what;
} kinds[] = {
	{ "EXPR",
	  EXPECT_COLUMN | EXPECT_FUNCTION | EXPECT_ALIAS | EXPECT_WORD },
	{ "SOURCES", EXPECT_RELATION | EXPECT_CTE | EXPECT_SCHEMA },
	{ "WORD", EXPECT_WORD },
	{ "TABLE", EXPECT_TABLE },
	{ "COLUMN", EXPECT_COLUMN },
	{ "FUNCTION", EXPECT_FUNCTION },
	{ "SCHEMA", EXPECT_SCHEMA },
	{ "DATABASE", EXPECT_DATABASE },
	{ "USER", EXPECT_USER },
	{ "GROUP", EXPECT_GROUP },
	{ "ROLE", EXPECT_ROLE },
	{ "TYPE", EXPECT_TYPE },
	{ "SETTING", EXPECT_SETTING },
	{ "SETTING_VALUE", EXPECT_SETTING_VALUE },
	{ "VIEW", EXPECT_VIEW },
	{ "PROCEDURE", EXPECT_PROCEDURE },
	{ "ALIAS", EXPECT_ALIAS },
	{ "COPY_OPTION", EXPECT_COPY_OPTION },
	{ "UNLOAD_OPTION", EXPECT_UNLOAD_OPTION },
	{ "S3_URI", EXPECT_S3_URI },
	{ "IAM_ROLE", EXPECT_IAM_ROLE },
	{ "REGION", EXPECT_REGION },
	{ "VARIABLE", EXPECT_VARIABLE },
	{ "CURSOR", EXPECT_CURSOR },
	{ "STATEMENT", EXPECT_STATEMENT },
	{ "ENCODING", EXPECT_ENCODING },
	{ "CTE", EXPECT_CTE },
	{ "MATERIALIZED", EXPECT_MATERIALIZED },
	{ "PLAIN", EXPECT_PLAIN },
	{ "WINDOW", EXPECT_WINDOW },
};

static const char *const places[] = {
	[EXPECT_ELSEWHERE] = "ELSEWHERE",
	[EXPECT_IN_SELECT] = "SELECT",
	[EXPECT_IN_FROM] = "FROM",
	[EXPECT_IN_JOIN] = "JOIN",
	[EXPECT_IN_ON] = "ON",
	[EXPECT_IN_USING] = "USING",
	[EXPECT_IN_WHERE] = "WHERE",
	[EXPECT_IN_GROUP] = "GROUP",
	[EXPECT_IN_ORDER] = "ORDER",
	[EXPECT_IN_FILTER] = "FILTER",
	[EXPECT_IN_OVER] = "OVER",
	[EXPECT_IN_LIST] = "LIST",
	[EXPECT_IN_SET] = "SET",
	[EXPECT_IN_VALUES] = "VALUES",
	[EXPECT_BEFORE_LIST] = "BEFORE_LIST",
	[EXPECT_AT_STAR] = "STAR",
	[EXPECT_IN_QUERY_TEXT] = "QUERY_TEXT",
};

static int complaints;

/* All that is wrong is said before the test fails. */
#define complain(...)                                                          \
	do {                                                                   \
		print_error(__VA_ARGS__);                                      \
		print_error("\n");                                             \
		complaints++;                                                  \
	} while (0)

struct one {              /* one case while it is looked at */
	const char *text; /* as in the file */
	const char *sql;
	size_t cursor;
	struct expect expect;
	unsigned what; /* of the names so far */
};

static bool has_word(const struct expect *expect, const char *word)
{
	CLEANUP(mem_freep) char *blank = mem_copy_text(word);

	for (char *c = blank; *c != '\0'; c++)
		*c = *c == '_' ? ' ' : *c;
	for (size_t i = 0; expect->words != NULL && expect->words[i] != NULL;
	     i++)
		if (strcmp(expect->words[i], blank) == 0)
			return true;
	return false;
}

static void check_slice(const struct one *one, const char *part,
			const char *text, size_t len, const char *expected)
{
	CLEANUP(str_done) struct str slice = STR_EMPTY;

	str_add_slice(&slice, text, len);
	for (size_t i = 0; i < slice.len; i++)
		if (slice.text[i] == ' ' && strchr(expected, ' ') == NULL)
			slice.text[i] = '_';
	if (strcmp(slice.text, expected) != 0)
		complain("%s: %s is \"%s\", not \"%s\"", one->text, part,
			 slice.text, expected);
}

static bool check_kind(struct one *one, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			one->what |= kinds[i].what;
			return true;
		}
	}
	return strcmp(name, "nothing") == 0;
}

static void check_part(struct one *one, const char *part)
{
	const struct expect *expect = &one->expect;
	const char *value = strchr(part, ':');

	if (part[0] == '@') {
		if (strcmp(places[expect->place], part + 1) != 0)
			complain("%s: the place is %s, not %s", one->text,
				 places[expect->place], part + 1);
	} else if (str_starts(part, "typed:")) {
		check_slice(one, part, one->sql + expect->start,
			    one->cursor - expect->start, value + 1);
	} else if (str_starts(part, "of:")) {
		check_slice(one, part, expect->qualifier, expect->qualifier_len,
			    value + 1);
	} else if (str_starts(part, "table:")) {
		check_slice(one, part, expect->table, expect->table_len,
			    value + 1);
	} else if (str_starts(part, "left:")) {
		check_slice(one, part, expect->compared, expect->compared_len,
			    value + 1);
	} else if (str_starts(part, "word:")) {
		if (!has_word(expect, value + 1))
			complain("%s: no %s", one->text, value + 1);
	} else if (str_starts(part, "noword:")) {
		if (has_word(expect, value + 1))
			complain("%s: has %s", one->text, value + 1);
	} else if (strcmp(part, "begins") == 0) {
		if (!expect->begins)
			complain("%s: does not begin", one->text);
	} else if (!check_kind(one, part)) {
		complain("%s: what is %s?", one->text, part);
	}
}

/* Without the bar, with "\n" as a line end. */
static size_t read_sql(const char *text, struct str *out)
{
	size_t cursor = SIZE_MAX;

	for (; *text != '\0'; text++) {
		if (text[0] == '|' && text[1] == '|' && cursor == SIZE_MAX) {
			str_add(out, "||");
			text++;
		} else if (*text == '|' && cursor == SIZE_MAX) {
			cursor = out->len;
		} else if (text[0] == '\\' && text[1] == 'n') {
			str_add_char(out, '\n');
			text++;
		} else {
			str_add_char(out, *text);
		}
	}
	return cursor;
}

/* Values may hold blanks within double quotes. */
static size_t part_length(const char *text)
{
	size_t len = 0;
	bool quoted = false;

	for (; text[len] != '\0' && (quoted || text[len] != ' '); len++)
		quoted = quoted != (text[len] == '"');
	return len;
}

static void check_case(const char *text, const char *expected)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	struct one one = { .text = text };

	one.cursor = read_sql(text, &sql);
	assert_true(one.cursor <= sql.len);
	one.sql = sql.text;
	one.expect = expect_at(sql.text, sql.len, one.cursor);
	for (size_t at = 0; expected[at] != '\0';) {
		size_t len = part_length(expected + at);
		CLEANUP(mem_freep)
		char *part = mem_copy_slice(expected + at, len);

		if (len > 0)
			check_part(&one, part);
		at += len + (expected[at + len] == ' ');
	}
	if (one.what != one.expect.what)
		complain("%s: expects %x, not %x", text, one.expect.what,
			 one.what);
}

static void the_place_tells_what_may_come(void **state)
{
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str file = STR_EMPTY;
	CLEANUP(mem_freep) char *text = NULL;
	struct err err = ERR_EMPTY;
	size_t count = 0;

	(void)state;
	str_addf(&path, "%s/cases/expect/kinds.txt", getenv("TESTS_DIR"));
	if (!file_read(path.text, 1 << 20, &file, &err))
		fail_msg("%s", err.message);
	for (char *line = file.text; *line != '\0';) {
		char *end = line + strcspn(line, "\n");
		bool last = *end == '\0';

		*end = '\0';
		if (*line == ' ') {
			assert_non_null(text);
			check_case(text, line + 1);
			count++;
		} else if (*line != '#' && *line != '\0') {
			mem_free(text);
			text = mem_copy_text(line);
		}
		line = end + !last;
	}
	assert_true(count >= 200);
	assert_int_equal(complaints, 0);
}

static void any_cut_of_any_text_is_safe(void **state)
{
	static const char text[] =
		"with a(b,c) as (select 1,2 union (((select 'x''', $q$ ;\n)"
		" from s.\"T\" x)) ) select x.b, :'v', a.* from a, (b join c"
		" using (i)) where (((";

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++)
		for (size_t from = 0; from < len; from += 7) {
			struct expect expect = expect_at(
				text + from, len - from, (len - from) * 2 / 3);

			assert_true(expect.start <= len - from);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_place_tells_what_may_come),
		cmocka_unit_test(any_cut_of_any_text_is_safe),
	};

	return RUN_TESTS(tests);
}
