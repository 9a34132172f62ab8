#include "shell/introspect.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "edit/bind.h"
#include "shell/cmdline.h"
#include "shell/completion.h"
#include "shell/meaning.h"
#include "shell/setting.h"

static const char *const group_titles[GROUP_COUNT] = {
	[GROUP_GENERAL] = "General",
	[GROUP_HELP] = "Help",
	[GROUP_BUFFER] = "Query buffer",
	[GROUP_IO] = "Input and output",
	[GROUP_CONDITIONAL] = "Conditionals",
	[GROUP_DESCRIBE] = "What the database holds",
	[GROUP_FORMAT] = "Formatting",
	[GROUP_CONNECTION] = "Connection",
	[GROUP_VARIABLES] = "Variables",
	[GROUP_SYSTEM] = "Operating system",
	[GROUP_LOAD] = "Loading and unloading",
	[GROUP_S3] = "Amazon S3",
	[GROUP_AWS] = "AWS and the sandbox",
};

/* ---- help ---- */

struct help {
	struct str *out;
	int group;         /* of the row before, -1: none */
	const char *topic; /* of the groups that are shown, NULL: all */
};

/* A word of title begins with topic; short words say nothing. */
static bool title_has(const char *title, const char *topic)
{
	size_t len = strlen(topic);

	for (; *title; title += *title == ' ') {
		size_t word = strcspn(title, " ");

		if (len > 1 && len <= word && word > 1 &&
		    (word > 3 || isdigit((unsigned char)title[word - 1]) ||
		     isupper((unsigned char)title[word - 1])) &&
		    str_slice_equal_nocase(title, len, topic))
			return true;
		title += word;
	}
	return false;
}

static void help_row(void *context, const struct command *command)
{
	struct help *help = context;
	CLEANUP(str_done) struct str left = STR_EMPTY;

	if (!command->brief ||
	    (help->topic &&
	     !title_has(group_titles[command->group], help->topic)))
		return;
	if ((int)command->group != help->group)
		str_addf(help->out, "%s%s\n", help->group < 0 ? "" : "\n",
			 group_titles[command->group]);
	help->group = (int)command->group;
	command_synopsis(command, &left);
	if (left.len > 24)
		str_addf(help->out, "  %s\n%26s %s\n", left.text, "",
			 command->brief);
	else
		str_addf(help->out, "  %-24s %s\n", left.text, command->brief);
}

static void help_commands(const struct command *const tables[], struct str *out)
{
	struct help help = { out, -1, NULL };

	command_each(tables, help_row, &help);
}

bool introspect_group(const char *topic, const struct command *const tables[],
		      struct str *out)
{
	struct help help = { out, -1, topic };

	command_each(tables, help_row, &help);
	return help.group >= 0;
}

static void help_variables(struct str *out)
{
	str_add(out, "Variables that steer the shell (\\set NAME VALUE)\n");
	for (const struct var_hook *row = meaning_table; row->name; row++)
		if (row->brief)
			str_addf(out, "  %-24s %s\n", row->name, row->brief);
	str_add(out, "\nOutput settings (\\pset NAME VALUE)\n");
	for (const struct setting *row = setting_table; row->name; row++)
		str_addf(out, "  %-24s %s\n", row->name, row->brief);
}

static void help_keys(struct str *out)
{
	str_add(out, "Keys at the prompt; inputrc binds others to these names "
		     "($if redsh)\n");
	for (const struct bind_command *row = bind_commands; row->name; row++)
		if (row->keys)
			str_addf(out, "  %-18s %s\n%20s %s\n", row->keys,
				 row->brief, "", row->name);
	str_add(out, "\nAll other keys are Readline's, of emacs or vi mode. "
		     "With STYLE psql all are.\n");
}

void introspect_help(const char *program, const char *topic,
		     const struct command *const tables[], struct str *out)
{
	if (topic && strcmp(topic, "commands") == 0)
		help_commands(tables, out);
	else if (topic && strcmp(topic, "variables") == 0)
		help_variables(out);
	else if (topic && strcmp(topic, "keys") == 0)
		help_keys(out);
	else
		cmdline_help(program, out);
}

/* ---- tab separated tables ---- */

static void print_options_table(struct str *out)
{
	for (const struct option_row *row = option_table; row->name; row++) {
		char letter[2] = { row->letter };

		if (!row->brief)
			continue;
		str_addf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", letter, row->name,
			 row->value ? row->value : "",
			 row->value_optional ? "optional" : "",
			 option_group_titles[row->group], row->brief);
	}
}

static void print_command(void *context, const struct command *command)
{
	struct str *out = context;

	if (!command->brief)
		return;
	str_addf(out, "%s\t%s\t%s\t", command->name,
		 command->aliases ? command->aliases : "",
		 group_titles[command->group]);
	command_synopsis(command, out);
	str_addf(out, "\t%s\n", command->brief);
}

static void print_variables(struct str *out)
{
	for (const struct var_hook *row = meaning_table; row->name; row++)
		if (row->brief)
			str_addf(out, "%s\t%s\t%s\t%s\n", row->name,
				 row->otherwise ? row->otherwise : "",
				 row->values ? row->values : "", row->brief);
}

static void print_settings(struct str *out)
{
	for (const struct setting *row = setting_table; row->name; row++)
		str_addf(out, "%s\t%s\t%s\t%s\n", row->name,
			 row->aliases ? row->aliases : "",
			 row->values ? row->values : "", row->brief);
}

/* ---- the man page's tables, in man(7) ---- */

static void add_man(struct str *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		str_add(out, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			str_add(out, "\\e");
		else if (*text == '-')
			str_add(out, "\\-");
		else
			str_add_char(out, *text);
	}
}

static void man_command(void *context, const struct command *command)
{
	struct help *help = context;
	CLEANUP(str_done) struct str left = STR_EMPTY;

	if (!command->brief)
		return;
	if ((int)command->group != help->group)
		str_addf(help->out, ".SS %s\n", group_titles[command->group]);
	help->group = (int)command->group;
	command_synopsis(command, &left);
	str_add(help->out, ".TP\n.B ");
	add_man(help->out, left.text);
	str_add_char(help->out, '\n');
	add_man(help->out, command->brief);
	str_add_char(help->out, '\n');
}

static void man_option(struct str *out, const struct option_row *row)
{
	CLEANUP(str_done) struct str left = STR_EMPTY;

	if (row->letter)
		str_addf(&left, "-%c, ", row->letter);
	str_addf(&left, "--%s", row->name);
	if (row->value)
		str_addf(&left, row->value_optional ? "[=%s]" : "=%s",
			 row->value);
	str_add(out, ".TP\n.B ");
	add_man(out, left.text);
	str_add_char(out, '\n');
	add_man(out, row->brief);
	str_add_char(out, '\n');
}

static void man_row(struct str *out, const char *name, const char *brief)
{
	str_add(out, ".TP\n.B ");
	add_man(out, name);
	str_add_char(out, '\n');
	add_man(out, brief);
	str_add_char(out, '\n');
}

static void print_man(const struct command *const tables[], struct str *out)
{
	struct help help = { out, -1, NULL };

	str_add(out, ".SH OPTIONS\n");
	for (int group = 0; group < OPTION_GROUP_COUNT; group++) {
		str_addf(out, ".SS %s\n", option_group_titles[group]);
		for (const struct option_row *row = option_table; row->name;
		     row++)
			if (row->brief &&
			    row->group == (enum option_group)group)
				man_option(out, row);
	}
	str_add(out, ".SH COMMANDS\n");
	command_each(tables, man_command, &help);
	str_add(out, ".SH VARIABLES\n");
	for (const struct var_hook *row = meaning_table; row->name; row++)
		if (row->brief)
			man_row(out, row->name, row->brief);
	str_add(out, ".SH SETTINGS\n");
	for (const struct setting *row = setting_table; row->name; row++)
		man_row(out, row->name, row->brief);
	str_add(out, ".SH KEYS\nAt the prompt, unless STYLE is psql; the names "
		     "are for inputrc.\n");
	for (const struct bind_command *row = bind_commands; row->name; row++)
		if (row->keys)
			str_addf(out, ".TP\n.BR \"%s\" \" (%s)\"\n%s\n",
				 row->keys, row->name, row->brief);
}

bool introspect_print(const char *what, const struct command *const tables[],
		      struct str *out, struct err *err)
{
	if (strcmp(what, "options") == 0)
		print_options_table(out);
	else if (strcmp(what, "commands") == 0)
		command_each(tables, print_command, out);
	else if (strcmp(what, "variables") == 0)
		print_variables(out);
	else if (strcmp(what, "settings") == 0)
		print_settings(out);
	else if (strcmp(what, "bash") == 0)
		completion_bash(out);
	else if (strcmp(what, "zsh") == 0)
		completion_zsh(out);
	else if (strcmp(what, "fish") == 0)
		completion_fish(out);
	else if (strcmp(what, "man") == 0)
		print_man(tables, out);
	else
		return err_set(err, ERR_USAGE,
			       "--print knows options, commands, variables, "
			       "settings, bash, zsh, fish and man");
	return true;
}
