#include "../check.h"

#include "base/str.h"
#include "shell/args.h"

static const struct arg word_args[] = { { "-n", ARG_LEADING_FLAG, ARG_OPTIONAL,
					  "" },
					{ "WORD", ARG_WORD, ARG_REPEATED, "" },
					ARG_END };
static const struct arg uri_args[] = { { "-l", ARG_FLAG, ARG_OPTIONAL, "" },
				       { "-h", ARG_FLAG, ARG_OPTIONAL, "" },
				       { "--role", ARG_WORD, ARG_OPTIONAL, "" },
				       { "--size", ARG_BYTES, ARG_OPTIONAL,
					 "" },
				       { "URI", ARG_S3_URI, ARG_REQUIRED, "" },
				       { "REST", ARG_SQL, ARG_OPTIONAL, "" },
				       ARG_END };
static const struct arg name_args[] = { { "NAME", ARG_NAME, ARG_OPTIONAL, "" },
					ARG_END };
static const struct arg connect_args[] = {
	{ "NAME", ARG_CONNECT, ARG_OPTIONAL, "" }, ARG_END
};
static const struct arg pipe_args[] = {
	{ "NAME", ARG_FILE_OR_PIPE, ARG_OPTIONAL, "" }, ARG_END
};
static const struct command commands[] = {
	{ .name = "echo", .args = word_args },
	{ .name = "s3ls", .group = GROUP_S3, .args = uri_args },
	{ .name = "C", .args = name_args },
	{ .name = "c", .aliases = "connect", .args = connect_args },
	{ .name = "o", .args = pipe_args },
	{ .name = "d", .args = name_args, .suffixes = "S+" },
	{ .name = "dt", .args = name_args, .suffixes = "S+" },
	COMMAND_END
};
static const struct command *const tables[] = { commands, NULL };

static const char *variable(void *context, const char *name)
{
	(void)context;
	if (strcmp(name, "x") == 0)
		return "value";
	if (strcmp(name, "quote") == 0)
		return "it's";
	if (strcmp(name, "key") == 0)
		return "s3://b/k y";
	if (strcmp(name, "folder") == 0)
		return "s3://b/raw/";
	return NULL;
}

static bool backtick(void *context, const char *line, struct str *out)
{
	(void)context;
	str_addf(out, "<%s>", line);
	return true;
}

static void complain(void *context, const char *text)
{
	str_add(context, text);
}

/* Values joined by '|'; the names of flags stand for themselves. */
static void parse(const char *typed, const char *text, struct str *out)
{
	CLEANUP(args_freep) struct args *args = args_new();
	CLEANUP(str_done) struct str complaint = STR_EMPTY;
	const struct command *command = command_find(tables, typed);
	struct args_world world = {
		.context = &complaint,
		.variable = variable,
		.backtick = backtick,
		.complain = complain,
		.e_strings = true,
		.active = true,
	};
	struct err err = ERR_EMPTY;
	size_t used = 0;

	assert_non_null(command);
	if (!args_parse(args, command, typed, text, &world, &used, &err)) {
		str_addf(out, "!%s", err.message);
		return;
	}
	for (const struct arg *arg = command->args; arg->name; arg++)
		for (size_t i = 0; i < args_count(args, arg->name); i++)
			str_addf(out, "%s%s", out->len ? "|" : "",
				 arg->kind == ARG_FLAG ||
						 arg->kind == ARG_LEADING_FLAG
					 ? arg->name
					 : args_item(args, arg->name, i));
	if (args_is_behind(args))
		str_add(out, " &");
	if (complaint.len)
		str_addf(out, "!%s", complaint.text);
	for (size_t i = 0; args_extra(args, i); i++)
		str_addf(out, "?%s", args_extra(args, i));
	if (text[used])
		str_addf(out, "+%s", text + used);
}

static const struct {
	const char *command;
	const char *text;
	const char *expected;
} cases[] = {
	{ "echo", " a  b\tc", "a|b|c" },
	{ "echo", " 'a b' \"c d\"", "a b|\"c d\"" },
	{ "echo", " 'it''s' 'a\\tb\\n' '\\x41\\101'", "it's|a\tb\n|AA" },
	{ "echo", " :x a:x :nosuch ::x :'quote' :\"x\"",
	  "value|avalue|:nosuch|:value|'it''s'|\"value\"" },
	{ "echo", " ':x' \":x\" :{?x} :{?no}", ":x|\":x\"|TRUE|FALSE" },
	{ "echo", " `ls :x :'quote'` z", "<ls value 'it'\"'\"'s'>|z" },
	{ "echo", " a \\\\ b", "a+ b" },
	{ "echo", " a\\\\b", "a+b" },
	{ "echo", " a \\x", "a+\\x" },
	{ "echo", " -n -n", "-n|-n" },
	{ "echo", " '-n'", "-n" },
	{ "echo", " a;", "a;" },
	{ "echo", " 'a", "!unterminated quoted string" },
	{ "echo", " `a", "!unterminated quoted string" },
	{ "echo", "", "" },
	{ "C", " title;", "title" },
	{ "C", " 'title;'", "title;" },
	{ "C", " a b c", "a?b?c" },
	{ "c", " \"My Db\"", "My Db" },
	{ "connect", " \"a\"\"b\"", "a\"b" },
	{ "o", " |sort | uniq \\ x", "|sort | uniq \\ x" },
	{ "o", " file", "file" },
	{ "s3ls", " s3://b/a:x`y`\\n|z'\"", "s3://b/a:x`y`\\n|z'\"" },
	{ "s3ls", " 's3://b/it''s \\n'", "s3://b/it's \n" },
	{ "s3ls", " \"s3://b/a \"\" b\"", "s3://b/a \" b" },
	{ "s3ls", " :key", "s3://b/k y" },
	{ "s3ls", " :key/more", "s3://b/k y/more" },
	{ "s3ls", " :key:more", ":key:more" },
	{ "s3ls", " -lh s3://b", "-l|-h|s3://b" },
	{ "s3ls", " --role r s3://b", "r|s3://b" },
	{ "s3ls", " --role=r s3://b", "r|s3://b" },
	{ "s3ls", " s3://b -l", "-l|s3://b" },
	{ "s3ls", " -x s3://b", "!\\s3ls has no switch \"-x\"" },
	{ "s3ls", " -- -x", "-x" },
	{ "s3ls", " --role", "!\\s3ls: --role needs a value" },
	{ "s3ls", " --size 1MiB s3://b", "1MiB|s3://b" },
	{ "s3ls", "", "!\\s3ls: missing required argument" },
	{ "s3ls", " s3://b csv delimiter :'x' s3://b:x '::x' a::x",
	  "s3://b|csv delimiter 'value' s3://b:x '::x' a::x" },
	{ "s3ls", " s3://b from s3://:x/a:x s3://:y",
	  "s3://b|from s3://value/a:x s3://:y" },
	{ "s3ls", " s3://:x", "s3://value" },
	{ "s3ls", " s3://:x/a/:x", "s3://value/a/:x" },
	{ "s3ls", " s3://:unknown/a", "s3://:unknown/a" },
	{ "s3ls", " s3://:x.y", "s3://:x.y" },
	{ "s3ls", " :folder/a.csv", "s3://b/raw/a.csv" },
	{ "s3ls", " :x/a.csv", "value/a.csv" },
	{ "s3ls", " s3://:folder", "s3://b/raw/" },
	{ "s3ls", " s3://b/a &", "s3://b/a &" },
	{ "s3ls", " s3://b/a &  ", "s3://b/a &" },
	{ "s3ls", " s3://b/a -l & \\\\ \\echo", "-l|s3://b/a &+ \\echo" },
	{ "s3ls", " s3://b/a&", "s3://b/a&" },
	{ "s3ls", " s3://b & c", "s3://b|& c" },
	{ "echo", " a &", "a|&" },
	{ "dtS+", " a", "a" },
	{ "d+", " a", "a" },
};

static void lines_become_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		CLEANUP(str_done) struct str got = STR_EMPTY;

		parse(cases[i].command, cases[i].text, &got);
		assert_text(got.text, cases[i].expected);
	}
}

static void a_whole_name_wins_over_suffix_letters(void **state)
{
	(void)state;
	assert_text(command_find(tables, "dt")->name, "dt");
	assert_text(command_find(tables, "dS")->name, "d");
	assert_null(command_find(tables, "dSS"));
	assert_null(command_find(tables, "ech"));
	assert_null(command_find(tables, ""));
}

static void suffix_letters_can_be_asked_for(void **state)
{
	CLEANUP(args_freep) struct args *args = args_new();
	struct args_world world = { .active = true };
	size_t used;

	(void)state;
	assert_true(
		args_parse(args, &commands[6], "dt+", "", &world, &used, NULL));
	assert_true(args_suffix(args, '+'));
	assert_false(args_suffix(args, 'S'));
	assert_text(args_command(args), "dt+");
}

static void a_skipped_branch_runs_nothing(void **state)
{
	CLEANUP(args_freep) struct args *args = args_new();
	CLEANUP(str_done) struct str said = STR_EMPTY;
	struct args_world world = { .context = &said,
				    .variable = NULL,
				    .backtick = backtick,
				    .complain = complain,
				    .active = false };
	size_t used;

	(void)state;
	assert_true(args_parse(args, &commands[0], "echo", " `rm` :x", &world,
			       &used, NULL));
	/* What would run is kept as a word: psql tells it as surplus. */
	assert_text(args_item(args, "WORD", 0), "rm");
	assert_text(args_item(args, "WORD", 1), ":x");
	assert_text(said.text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_become_values),
		cmocka_unit_test(a_whole_name_wins_over_suffix_letters),
		cmocka_unit_test(suffix_letters_can_be_asked_for),
		cmocka_unit_test(a_skipped_branch_runs_nothing),
	};

	return RUN_TESTS(tests);
}
