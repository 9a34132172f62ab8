#include "shell/completion.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "complete/words.h"
#include "shell/cmdline.h"
#include "shell/meaning.h"
#include "shell/setting.h"

/* ---- what the value of an option may be ---- */

enum value {
	VALUE_NONE, /* the option takes none, or anybody's guess */
	VALUE_FILE,
	VALUE_FOLDER,
	VALUE_HOST,
	VALUE_USER,
	VALUE_PROFILE, /* of the AWS files */
	VALUE_WORDS,   /* add_words has them */
};

static enum value value_of(const struct option_row *row)
{
	if (!row->value)
		return VALUE_NONE;
	if (strcmp(row->value, "FILENAME") == 0)
		return VALUE_FILE;
	if (strcmp(row->value, "DIR") == 0)
		return VALUE_FOLDER;
	if (strcmp(row->value, "HOSTNAME") == 0)
		return VALUE_HOST;
	if (strcmp(row->value, "USERNAME") == 0)
		return VALUE_USER;
	if (row->id == OPTION_PROFILE)
		return VALUE_PROFILE;
	if (row->id == OPTION_REGION || row->id == OPTION_PSET ||
	    row->id == OPTION_VARIABLE || row->id == OPTION_HELP)
		return VALUE_WORDS;
	return VALUE_NONE;
}

static void add_word(struct str *out, const char *word, const char *behind)
{
	str_addf(out, "%s%s%s", out->len > 0 ? " " : "", word, behind);
}

static void add_region(void *context, const struct word *word)
{
	add_word(context, word->text, "");
}

/* Blank separated; none holds a character of the shells. */
static void add_words(const struct option_row *row, struct str *out)
{
	if (row->id == OPTION_REGION)
		words_each(WORDS_REGION, "", add_region, out);
	if (row->id == OPTION_HELP)
		add_word(out, "options commands variables", "");
	if (row->id == OPTION_PSET)
		for (const struct setting *set = setting_table; set->name;
		     set++)
			add_word(out, set->name, "=");
	if (row->id == OPTION_VARIABLE)
		for (const struct var_hook *var = meaning_table; var->name;
		     var++)
			if (var->brief)
				add_word(out, var->name, "=");
}

/* A shell's command that prints the names of AWS profiles. */
static const char profiles[] =
	"sed -n 's/^\\[\\(profile  *\\)\\{0,1\\}\\([^]]*\\)\\].*/\\2/p' "
	"~/.aws/config ~/.aws/credentials 2>/dev/null | sort -u";

/* The same for saved connections, as @NAME. */
#define CONNECTIONS                                                            \
	"sed -n 's/^\\[\\([^]]*\\)\\].*/@\\1/p' "                              \
	"${XDG_CONFIG_HOME:-$HOME/.config}/redsh/connections.conf "            \
	"2>/dev/null"

/* ---- bash ---- */

/* "-f | --file | ..." of one row. */
static void add_names(const struct option_row *row, struct str *out)
{
	if (row->letter && !row->value_optional)
		str_addf(out, "-%c | ", row->letter);
	str_addf(out, "--%s", row->name);
	if (row->alias)
		str_addf(out, " | --%s", row->alias);
}

static void add_bash_value(const struct option_row *row, struct str *out)
{
	CLEANUP(str_done) struct str words = STR_EMPTY;

	switch (value_of(row)) {
	case VALUE_NONE:
		break;
	case VALUE_FILE:
		str_add(out, "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n");
		break;
	case VALUE_FOLDER:
		str_add(out, "\t\tCOMPREPLY=($(compgen -d -- \"$cur\"))\n");
		break;
	case VALUE_HOST:
		str_add(out, "\t\tCOMPREPLY=($(compgen -A hostname -- "
			     "\"$cur\"))\n");
		break;
	case VALUE_USER:
		str_add(out, "\t\tCOMPREPLY=($(compgen -u -- \"$cur\"))\n");
		break;
	case VALUE_PROFILE:
		str_addf(out,
			 "\t\tCOMPREPLY=($(compgen -W \"$(%s)\" -- "
			 "\"$cur\"))\n",
			 profiles);
		break;
	case VALUE_WORDS:
		add_words(row, &words);
		str_addf(out,
			 "\t\tCOMPREPLY=($(compgen -W '%s' -- \"$cur\"))\n",
			 words.text);
		if (words.text[words.len - 1] == '=')
			str_add(out, "\t\tcompopt -o nospace 2>/dev/null\n");
		break;
	}
}

static void add_bash_case(const struct option_row *row, struct str *out)
{
	if (!row->value)
		return;
	str_add(out, "\t");
	add_names(row, out);
	str_add(out, ")\n");
	add_bash_value(row, out);
	str_add(out, "\t\treturn\n\t\t;;\n");
}

void completion_bash(struct str *out)
{
	const struct option_row *row;

	/* bash makes three words of --name=value, and in COMP_WORDS two of
	 * @name. */
	str_add(out, "# bash completion for redsh; made by redsh --print=bash\n"
		     "_redsh()\n{\n"
		     "\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
		     "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
		     "\tif [[ $cur == = ]]; then\n"
		     "\t\tcur=\n"
		     "\telif [[ $prev == = ]]; then\n"
		     "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
		     "\tfi\n"
		     "\tif [[ $2 == @* ]]; then\n"
		     "\t\tlocal names=$(" CONNECTIONS ")\n"
		     "\t\tCOMPREPLY=($(compgen -W \"$names\" -- \"$2\"))\n"
		     "\t\treturn\n"
		     "\tfi\n"
		     "\tcase $prev in\n");
	for (row = option_table; row->name; row++)
		if (row->brief && !row->value_optional)
			add_bash_case(row, out);
	str_add(out, "\tesac\n"
		     "\tif [[ ${COMP_WORDS[COMP_CWORD]} == = || "
		     "${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then\n"
		     "\t\tcase $prev in\n");
	/* Values that need the = */
	for (row = option_table; row->name; row++)
		if (row->brief && row->value_optional)
			add_bash_case(row, out);
	str_add(out, "\t\tesac\n"
		     "\tfi\n"
		     "\tif [[ $cur == -* ]]; then\n"
		     "\t\tCOMPREPLY=($(compgen -W '");
	for (row = option_table; row->name; row++)
		if (row->brief)
			str_addf(out, "%s--%s", row == option_table ? "" : " ",
				 row->name);
	str_add(out, "' -- \"$cur\"))\n\tfi\n}\n"
		     "complete -F _redsh redsh\n");
}

/* ---- zsh ---- */

static void add_escaped(struct str *out, const char *text, const char *which)
{
	for (; *text; text++) {
		if (strchr(which, *text))
			str_add_char(out, '\\');
		str_add_char(out, *text);
	}
}

static void add_zsh_value(const struct option_row *row, struct str *out)
{
	CLEANUP(str_done) struct str words = STR_EMPTY;

	str_addf(out, ":%s:", row->value);
	switch (value_of(row)) {
	case VALUE_NONE:
		break;
	case VALUE_FILE:
		str_add(out, "_files");
		break;
	case VALUE_FOLDER:
		str_add(out, "_files -/");
		break;
	case VALUE_HOST:
		str_add(out, "_hosts");
		break;
	case VALUE_USER:
		str_add(out, "_users");
		break;
	case VALUE_PROFILE:
		str_addf(out, "($(%s))", profiles);
		break;
	case VALUE_WORDS:
		add_words(row, &words);
		str_addf(out, "(%s)", words.text);
		break;
	}
}

/* One specification; name is "--host" or "-h", and joined what tells the
 * value from it. */
static void add_zsh_option(const struct option_row *row, const char *name,
			   const char *joined, struct str *out)
{
	str_addf(out, "\t\"%s%s[", name, row->value ? joined : "");
	add_escaped(out, row->brief, "\"\\[]$`:");
	str_add(out, "]");
	if (row->value)
		add_zsh_value(row, out);
	str_add(out, "\" \\\n");
}

void completion_zsh(struct str *out)
{
	str_add(out, "#compdef redsh\n"
		     "# zsh completion for redsh; made by redsh --print=zsh\n"
		     "_arguments -s \\\n");
	for (const struct option_row *row = option_table; row->name; row++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;
		const char letter[] = { '-', row->letter, '\0' };

		if (!row->brief)
			continue;
		str_addf(&name, "--%s", row->name);
		add_zsh_option(row, name.text, row->value_optional ? "=-" : "=",
			       out);
		if (row->letter && !row->value_optional)
			add_zsh_option(row, letter, "+", out);
	}
	str_add(out, "\t\"1:database:($(" CONNECTIONS "))\" "
		     "\"2:user:_users\"\n");
}

/* ---- fish ---- */

static void add_fish_value(const struct option_row *row, struct str *out)
{
	CLEANUP(str_done) struct str words = STR_EMPTY;

	switch (value_of(row)) {
	case VALUE_NONE:
		str_add(out, row->value_optional ? "" : " -x");
		break;
	case VALUE_FILE:
		str_add(out, " -r -F");
		break;
	case VALUE_FOLDER:
		str_add(out,
			row->value_optional
				? " -a '(__fish_complete_directories)'"
				: " -x -a '(__fish_complete_directories)'");
		break;
	case VALUE_HOST:
		str_add(out, " -x -a '(__fish_print_hostnames)'");
		break;
	case VALUE_USER:
		str_add(out, " -x -a '(__fish_complete_users)'");
		break;
	case VALUE_PROFILE:
		str_add(out, " -x -a \"(");
		add_escaped(out, profiles, "\\");
		str_add(out, ")\"");
		break;
	case VALUE_WORDS:
		add_words(row, &words);
		str_addf(out, "%s -a '%s'", row->value_optional ? "" : " -x",
			 words.text);
		break;
	}
}

void completion_fish(struct str *out)
{
	str_add(out,
		"# fish completion for redsh; made by redsh --print=fish\n"
		"complete -c redsh -a \"(sed -n "
		"'s/^\\\\[\\\\([^]]*\\\\)\\\\].*/@\\\\1/p' "
		"(set -q XDG_CONFIG_HOME; and echo \\$XDG_CONFIG_HOME; or echo "
		"~/.config)/redsh/connections.conf 2>/dev/null)\" "
		"-d 'saved connection'\n");
	for (const struct option_row *row = option_table; row->name; row++) {
		if (!row->brief)
			continue;
		str_add(out, "complete -c redsh");
		if (row->letter)
			str_addf(out, " -s '%c'", row->letter);
		str_addf(out, " -l %s", row->name);
		if (row->value)
			add_fish_value(row, out);
		str_add(out, " -d '");
		add_escaped(out, row->brief, "'\\");
		str_add(out, "'\n");
	}
}
