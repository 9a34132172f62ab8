#include "shell/command.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* True when typed is name, or name followed by letters of suffixes, each at
 * most once. */
static bool name_matches(const char *typed, const char *name, size_t name_len,
			 const char *suffixes)
{
	const char *rest;

	if (strncmp(typed, name, name_len) != 0)
		return false;
	rest = typed + name_len;
	for (const char *at = rest; *at; at++) {
		if (!suffixes || !strchr(suffixes, *at))
			return false;
		if (strchr(at + 1, *at))
			return false;
	}
	return true;
}

/* What is left of typed behind the name or alias; NULL: another command. */
static const char *row_matches(const struct command *command, const char *typed,
			       const char *suffixes)
{
	const char *alias = command->aliases;
	size_t len = strlen(command->name);

	if (command->any_case && str_equal_nocase(typed, command->name))
		return typed + len;
	if (name_matches(typed, command->name, len, suffixes))
		return typed + len;
	while (alias && *alias) {
		len = strcspn(alias, " ");
		if (name_matches(typed, alias, len, suffixes))
			return typed + len;
		alias += len + strspn(alias + len, " ");
	}
	return NULL;
}

const char *command_letters(const struct command *command, const char *typed)
{
	const char *rest = row_matches(command, typed, NULL);

	if (!rest)
		rest = row_matches(command, typed, command->suffixes);
	return rest ? rest : "";
}

const struct command *command_find(const struct command *const tables[],
				   const char *typed)
{
	/* A whole name wins over a shorter name with suffix letters. */
	for (int with_suffix = 0; with_suffix <= 1; with_suffix++)
		for (size_t t = 0; tables[t]; t++)
			for (size_t i = 0; tables[t][i].name; i++) {
				const struct command *row = &tables[t][i];
				const char *suffixes =
					with_suffix ? row->suffixes : NULL;

				if (row_matches(row, typed, suffixes))
					return row;
			}
	return NULL;
}

void command_synopsis(const struct command *command, struct str *out)
{
	if (command->synopsis) {
		str_add(out, command->synopsis);
		return;
	}
	str_addf(out, "\\%s", command->name);
	if (command->suffixes)
		str_addf(out, "[%s]", command->suffixes);
	for (const struct arg *arg = command->args; arg && arg->name; arg++) {
		bool must = arg->use == ARG_REQUIRED;

		str_addf(out, must ? " %s" : " [%s", arg->name);
		if (arg->name[0] == '-' && arg->kind != ARG_FLAG &&
		    arg->kind != ARG_LEADING_FLAG)
			str_add(out, " VALUE");
		if (arg->use == ARG_REPEATED)
			str_add(out, "...");
		if (!must)
			str_add_char(out, ']');
	}
}

void command_each(const struct command *const tables[],
		  void (*visit)(void *context, const struct command *command),
		  void *context)
{
	for (int group = 0; group < GROUP_COUNT; group++)
		for (size_t t = 0; tables[t]; t++)
			for (size_t i = 0; tables[t][i].name; i++)
				if (tables[t][i].group ==
				    (enum command_group)group)
					visit(context, &tables[t][i]);
}
