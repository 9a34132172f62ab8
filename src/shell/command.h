/* shell/command.h - what a meta-command is: one row.
 *
 * A family of commands is one file of cmd/ that ends in its table; cmd/table
 * lists the tables and main hands them to the session. Look-up, argument
 * parsing, \?, completion, the man page and the shell completions are loops
 * over these rows, so a command is added in one place.
 */
#ifndef SHELL_COMMAND_H
#define SHELL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "complete/complete.h"

struct session;
struct args;

enum command_group { /* the headings of \? in this order */
		     GROUP_GENERAL,
		     GROUP_HELP,
		     GROUP_BUFFER,
		     GROUP_IO,
		     GROUP_CONDITIONAL,
		     GROUP_DESCRIBE,
		     GROUP_FORMAT,
		     GROUP_CONNECTION,
		     GROUP_VARIABLES,
		     GROUP_SYSTEM,
		     GROUP_LOAD,
		     GROUP_S3,
		     GROUP_AWS,
		     GROUP_COUNT,
};

enum command_needs { /* a bit set */
		     NEEDS_NOTHING = 0,
		     NEEDS_DB = 1,  /* refused with a hint when not connected */
		     NEEDS_AWS = 2, /* the AWS worker is started first */
		     NEEDS_DB_BUT_PRINT =
			     4, /* -c connects first, unless --print is among
				 * the arguments; runs without as well */
		     NEEDS_DB_TO_PUBLISH =
			     8, /* the same, where "publish" is among them */
};

/* The kind is parser, checker and Tab completion of an argument at once. */
enum arg_kind {
	ARG_FLAG,        /* --name or -x: present or not */
	ARG_WORD,        /* psql's slash argument: quotes, :var, `cmd` */
	ARG_PATTERN,     /* psql's name pattern, kept verbatim */
	ARG_SQL_NAME,    /* table or relation, "quotes" kept */
	ARG_LOCAL_PATH,  /* as ARG_WORD */
	ARG_S3_URI,      /* s3://..., verbatim to the next blank, or in
				 * quotes ('...' with '' and the escapes of
				 * psql: \n \t \\ \ooo \xHH; "..." with ""
				 * and no escapes); :var only as the whole
				 * argument; backticks and colons are data */
	ARG_PATH_OR_URI, /* ARG_S3_URI when it starts with s3://, else
				 * ARG_LOCAL_PATH */
	ARG_NUMBER,
	ARG_BYTES,        /* 8MiB */
	ARG_VARIABLE,     /* name of a psql variable */
	ARG_SETTING,      /* name of a \pset setting */
	ARG_SWITCH,       /* on or off */
	ARG_SWITCH_WORD,  /* as ARG_SWITCH, semicolons at its end too */
	ARG_COMMAND,      /* name of a meta-command */
	ARG_SQL_WORD,     /* word of SQL: topic of \h */
	ARG_REST,         /* all to the end of the line, verbatim */
	ARG_SHELL,        /* as ARG_REST, for \! and |pipes */
	ARG_SQL,          /* all to the end of the line, as SQL text: :var
				 * :'var' :"var" replaced as in SQL; words
				 * that begin with s3:// stay verbatim */
	ARG_NAME,         /* as ARG_WORD; semicolons at its end drop */
	ARG_CONNECT,      /* as ARG_NAME, "quotes" taken off */
	ARG_FILE_OR_PIPE, /* a path, or "|command" to the end of line */
	ARG_LEADING_FLAG, /* ARG_FLAG only as the first argument */
	ARG_SQL_REST,     /* as ARG_REST, completed as SQL: the handler
				 * replaces variables (load/copy_args) */
	ARG_CHART,        /* of \chart, repeated: as ARG_NAME; what begins with
			   * "(" is SQL to the end of the line, as ARG_SQL */
	ARG_MAYBE_PATH,   /* of a switch: a path only behind "=" */
	ARG_GO,           /* of \g, repeated: words of "(options)" up to one
				 * that ends in ")", then, or at once, as
				 * ARG_FILE_OR_PIPE */
};

enum arg_use {
	ARG_REQUIRED,
	ARG_OPTIONAL,
	ARG_REPEATED, /* none or many; must be last but flags */
};

/* Switches ("-l", "--role") may stand anywhere before an ARG_REST, ARG_SHELL
 * or ARG_SQL; one with a value kind takes the next argument. */
struct arg {
	const char *name; /* "URI", "--role", "-l"; NULL ends */
	enum arg_kind kind;
	enum arg_use use;
	const char *brief;
	enum complete_want offers; /* for Tab, where the kind alone does not
				    * say it; 0: by the kind */
	const char *choices;       /* of WANT_CHOICE: "a|b" */
};

#define ARG_END                                                                \
	{                                                                      \
		.name = NULL                                                   \
	}

struct command {
	const char *name;    /* without the backslash; NULL ends */
	const char *aliases; /* blank separated, or NULL */
	enum command_group group;
	unsigned needs;       /* enum command_needs */
	bool any_case;        /* the name in capitals as well: \COPY */
	bool in_false_branch; /* runs although an \if says skip */
	bool behind; /* of S3: "&" at the line's end makes it a job: run gets
		      * a session without database and screen; see jobs.h */
	const char *synopsis; /* NULL: made from args; else the text of \? */
	const char *brief;
	const struct arg *args; /* NULL: none */
	/* Gets parsed values. On false, err is shown and the script's
	 * ON_ERROR_STOP applies. */
	bool (*run)(struct session *session, const struct args *args,
		    struct err *err);
	/* Letters that may follow the name in any order ("Sx+" of \dtS+), or
	 * NULL; the handler finds them by args_suffix. */
	const char *suffixes;
};

#define COMMAND_END                                                            \
	{                                                                      \
		.name = NULL                                                   \
	}

/* The name the person typed (an alias, "d+" of \d+ ...). */
const char *args_command(const struct args *args);

/* True when the typed name has this letter of .suffixes after the name. */
bool args_suffix(const struct args *args, char letter);

/* NULL: not given. Borrowed until the handler returns. */
const char *args_text(const struct args *args, const char *name);
bool args_flag(const struct args *args, const char *name);
int64_t args_number(const struct args *args, const char *name,
		    int64_t otherwise);

/* -1: neither given; 0 or 1: an ARG_SWITCH said off or on. */
int args_switch(const struct args *args, const char *name);

/* Values of a repeated argument. */
size_t args_count(const struct args *args, const char *name);
const char *args_item(const struct args *args, const char *name, size_t at);

/* Finds the row for a typed name; tables ends with NULL. NULL: none. */
const struct command *command_find(const struct command *const tables[],
				   const char *typed);

/* The letters of .suffixes behind the row's name or alias in typed. */
const char *command_letters(const struct command *command, const char *typed);

/* Appends what \? shows for a row: its synopsis or one made from args. */
struct str;
void command_synopsis(const struct command *command, struct str *out);

/* Calls visit for every row of every table, in group order. */
void command_each(const struct command *const tables[],
		  void (*visit)(void *context, const struct command *command),
		  void *context);

#endif
