/* shell/introspect.h - the tables as text: help, man page, completions. */
#ifndef SHELL_INTROSPECT_H
#define SHELL_INTROSPECT_H

#include <stdbool.h>

#include "base/err.h"
#include "shell/command.h"

struct str;

/* --help[=TOPIC] and \? [TOPIC]: options, commands or variables. */
void introspect_help(const char *program, const char *topic,
		     const struct command *const tables[], struct str *out);

/* The commands of the groups that have a word like topic ("s3", "loading") in
 * their title. false: there is none. */
bool introspect_group(const char *topic, const struct command *const tables[],
		      struct str *out);

/* --print=options|commands|variables|settings: tab separated rows;
 * bash|zsh|fish|man: what completions/ and man/ hold. */
bool introspect_print(const char *what, const struct command *const tables[],
		      struct str *out, struct err *err);

#endif
