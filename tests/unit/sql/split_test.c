#include "../check.h"

#include "base/str.h"
#include "sql/interp.h"
#include "sql/lexer.h"
#include "sql/split.h"

static const struct {
	const char *name;
	const char *value;
} variables[] = {
	{ "a", "1" },        { "two", "select 1; select 2;" }, { "q", "'x" },
	{ "self", ":self" }, { "cmd", "\\echo hi" },           { "s", "it's" },
};

static const char *lookup(void *context, const char *name)
{
	(void)context;
	for (size_t i = 0; i < COUNT_OF(variables); i++)
		if (strcmp(variables[i].name, name) == 0)
			return variables[i].value;
	return NULL;
}

static const struct interp vars = { .lookup = lookup, .escapes = true };

/* What the shell would see: S[statement] C[command] and at the end the
 * prompt with what is left. Lines are fed as lines. */
static const struct {
	const char *text;
	const char *events;
	char prompt;
} cases[] = {
	{ "select 1;", "S[select 1;]", '=' },
	{ "select 1; select 2;s", "S[select 1;]S[select 2;][s]", '-' },
	{ "  -- note\n\n  select 1;", "S[select 1;]", '=' },
	{ "/* note */ select 1;", "S[/* note */ select 1;]", '=' },
	{ "select 1 -- one\n, 2;", "S[select 1 -- one\n, 2;]", '=' },
	{ "select\n\n1;", "S[select\n1;]", '=' },
	{ "select '\n\n;\n", "[select '\n\n;]", '\'' },
	{ "select 'it\\'s;';", "S[select 'it\\'s;';]", '=' },
	{ "select \"a;", "[select \"a;]", '"' },
	{ "do $$ a; b $$;", "S[do $$ a; b $$;]", '=' },
	{ "do $x$ a; $$", "[do $x$ a; $$]", '$' },
	{ "select /* ; /* ; */", "[select /* ; /* ; */]", '*' },
	{ "select (1; 2", "[select (1; 2]", '(' },
	{ "select (1; 2)\n;", "S[select (1; 2)\n;]", '=' },
	{ "select 1)\n;", "S[select 1)\n;]", '=' },
	{ "select 1 \\g file", "C[g file][select 1 ]", '-' },
	{ "select 1\n\\g", "C[g][select 1]", '-' },
	{ "\\echo 'x;'", "C[echo 'x;']", '=' },
	{ "select 1\\; select 2;", "S[select 1; select 2;]", '=' },
	{ "select '\\\\' \\x", "C[x][select '\\\\' ]", '-' },
	{ "select :a;", "S[select 1;]", '=' },
	{ "select \\:a;", "S[select :a;]", '=' },
	{ "select x::a, ':a', :'s';", "S[select x::a, ':a', 'it''s';]", '=' },
	{ ":two", "S[select 1;]S[select 2;]", '=' },
	{ "select :q :a';", "S[select 'x :a';]", '=' },
	{ "select :self;", "S[select :self;]", '=' },
	{ ":cmd there", "C[echo hi there]", '=' },
	{ "create function f() returns int begin atomic select 1; end;",
	  "S[create function f() returns int begin atomic select 1; end;]",
	  '=' },
	{ "create or replace procedure p() begin case when 1; end; end; x",
	  "S[create or replace procedure p() begin case when 1; end; end;][x]",
	  '-' },
	{ "create 2function begin; x", "S[create 2function begin;][x]", '-' },
	{ "create function f() begin case 1 when 2 then 3end; end; x",
	  "[create function f() begin case 1 when 2 then 3end; end; x]", '-' },
	{ "begin; select 1; end;", "S[begin;]S[select 1;]S[end;]", '=' },
	{ "create table t (a int); begin; end;",
	  "S[create table t (a int);]S[begin;]S[end;]", '=' },
	{ ";", "S[;]", '=' },
	{ "   ", "", '=' },
	{ "-- only\n", "", '=' },
};

static void take_events(struct split *split, struct str *out)
{
	enum split_event event;

	while ((event = split_next(split)) != SPLIT_MORE) {
		if (event == SPLIT_STATEMENT) {
			str_addf(out, "S[%s]", split_text(split));
			split_reset(split);
		} else {
			str_addf(out, "C[%s]", split_rest(split));
			split_skip(split, split_rest_len(split));
		}
	}
}

static void feed_lines(struct split *split, const char *text, struct str *out)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		split_feed(split, text, len);
		take_events(split, out);
		text += len + (text[len] == '\n');
	}
}

static struct split *make(void)
{
	static const struct split_options options = { .escapes = true,
						      .vars = &vars };

	return split_new(&options);
}

static void statements_and_commands_are_cut_as_psql_cuts_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(split_freep) struct split *split = make();
		CLEANUP(str_done) struct str out = STR_EMPTY;

		feed_lines(split, cases[i].text, &out);
		if (split_text_len(split) > 0)
			str_addf(&out, "[%s]", split_text(split));
		assert_string_equal(out.text, cases[i].events);
		assert_int_equal(split_prompt(split), cases[i].prompt);
	}
}

static void the_statement_goes_on_after_a_command(void **state)
{
	CLEANUP(split_freep) struct split *split = make();

	(void)state;
	split_feed(split, "select 1 \\x \\\\ + 2;", 19);
	assert_int_equal(split_next(split), SPLIT_COMMAND);
	assert_text(split_rest(split), "x \\\\ + 2;");
	split_skip(split, 4);
	assert_int_equal(split_next(split), SPLIT_STATEMENT);
	assert_text(split_text(split), "select 1  + 2;");
}

static void clearing_forgets_quotes_and_the_rest(void **state)
{
	CLEANUP(split_freep) struct split *split = make();

	(void)state;
	split_feed(split, "select 1; select 'open (", 24);
	assert_int_equal(split_next(split), SPLIT_STATEMENT);
	split_clear(split);
	assert_int_equal(split_next(split), SPLIT_MORE);
	assert_int_equal(split_inside(split), SPLIT_NOTHING);
	split_feed(split, "x;", 2);
	assert_int_equal(split_next(split), SPLIT_STATEMENT);
	assert_text(split_text(split), "x;");
}

static void a_set_text_is_the_buffer(void **state)
{
	CLEANUP(split_freep) struct split *split = make();

	(void)state;
	split_set_text(split, "select 1", 8);
	assert_int_equal(split_inside(split), SPLIT_IN_STATEMENT);
	split_feed(split, "+ 1;", 4);
	assert_int_equal(split_next(split), SPLIT_STATEMENT);
	assert_text(split_text(split), "select 1\n+ 1;");
}

/* The end of the statement by the tokens alone, or where a command begins. */
static size_t end_by_tokens(const char *text, size_t len, size_t at,
			    unsigned options)
{
	struct lexer lexer;
	struct token token;
	int depth = 0;

	lexer_init(&lexer, text, len, options, NULL);
	lexer.at = at;
	while ((token = lexer_next(&lexer)).kind != TOKEN_END) {
		if (token_is_char(&token, '('))
			depth++;
		if (token_is_char(&token, ')') && depth > 0)
			depth--;
		if (token_is_char(&token, ';') && depth == 0)
			return token.at + token.len;
		if (token.kind == TOKEN_BACKSLASH)
			return token.at;
	}
	return len;
}

/* What makes it hard to pass over words without reading them. */
static const char *const pieces[] = {
	"a$b$",  "1$$ ; $$", "$$ ; $$",   "E'\\';'", "e",    "1e",       "'x;'",
	"'\\'",  "u&\"x;\"", "U&'d;'",    "n'\\'",   " ",    "(",        ")",
	";",     "--c ; '",  "/* ; ' */", "/*",      "*/",   "\303\251", "$1",
	"$t$;$", "$t$",      "\"q;\"",    "'",       "\"",   "+",        "-",
	"x",     "_9$",      "::",        ":",       "1.5e", ".",        "&",
	"\n",    "#",        "B';'",
};

static void build(unsigned *seed, struct str *out)
{
	str_set(out, "select a, b, c ");
	for (int i = 0; i < 14; i++) {
		*seed = *seed * 1103515245 + 12345;
		str_add(out, pieces[(*seed >> 16) % COUNT_OF(pieces)]);
	}
}

static void check_against_tokens(const char *text, size_t len, bool escapes)
{
	static const struct split_options plain = { .escapes = false };
	struct split_options options = plain;
	CLEANUP(split_freep) struct split *split = NULL;
	unsigned read_as = LEXER_JUNK | (escapes ? LEXER_ESCAPES : 0);
	size_t end = end_by_tokens(text, len, 0, read_as);
	enum split_event event;

	options.escapes = escapes;
	split = split_new(&options);
	split_feed(split, text, len);
	event = split_next(split);
	/* Of a line feed at the very end nothing is kept. */
	if (end == len && text[len - 1] == '\n')
		end--;
	if (split_text_len(split) != end ||
	    memcmp(split_text(split), text, end) != 0)
		fail_msg("'%s': took '%s'", text, split_text(split));
	assert_true(event != SPLIT_MORE || end >= len - 1);
}

static void words_are_passed_over_as_the_lexer_reads_them(void **state)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	unsigned seed = 17;

	(void)state;
	for (int i = 0; i < 40000; i++) {
		build(&seed, &text);
		check_against_tokens(text.text, text.len, i % 2 == 0);
	}
}

/* psql 15.20 before a server that never asks for data: so many blocks of
 * data it passes over. */
static const struct {
	const char *text;
	size_t copies;
} copies[] = {
	{ "select 1;", 0 },
	{ "copy t from stdin;", 1 },
	{ "copy t from stdin", 1 },
	{ "COPY t (a, b) FROM STDOUT with (format csv);", 1 },
	{ "copy \"a\".b from /* c */ stdin;", 1 },
	{ "copy stdin from stdin;", 1 },
	{ "copy t from 'x' stdin;", 1 },
	{ "copy (a from b) from (c) stdin;", 1 },
	{ "copy a b c d e from stdin;", 1 },
	{ "copy a b c d e f from stdin;", 0 },
	{ "copy from from stdin;", 0 },
	{ "copy t from x from stdin;", 0 },
	{ "copy t to stdout;", 0 },
	{ "copy t from 'stdin';", 0 },
	{ "explain copy t from stdin;", 0 },
	{ "5 copy t from stdin;", 1 },
	{ "(copy t from stdin);", 0 },
	{ "select 1\\; copy t from stdin\\; copy u from stdin;", 2 },
	{ "copy t from stdin\\; select 1;", 1 },
	{ "select (\\; copy t from stdin);", 0 },
	{ "create function f() begin atomic copy t from stdin; end;", 0 },
};

static void copies_that_take_data_are_counted(void **state)
{
	struct split_options options = { .escapes = true };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(copies); i++) {
		CLEANUP(split_freep)
		struct split *split = split_new(&options);

		split_feed(split, copies[i].text, strlen(copies[i].text));
		split_next(split);
		if (split_copies(split) != copies[i].copies)
			fail_msg("%s: %zu", copies[i].text,
				 split_copies(split));
		split_reset(split);
		assert_int_equal(split_copies(split), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_passed_over_as_the_lexer_reads_them),
		cmocka_unit_test(
			statements_and_commands_are_cut_as_psql_cuts_them),
		cmocka_unit_test(the_statement_goes_on_after_a_command),
		cmocka_unit_test(clearing_forgets_quotes_and_the_rest),
		cmocka_unit_test(a_set_text_is_the_buffer),
		cmocka_unit_test(copies_that_take_data_are_counted),
	};

	return RUN_TESTS(tests);
}
