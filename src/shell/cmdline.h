/* shell/cmdline.h - the program's options: one table, one row each.
 *
 * Parsing, --help, the man page and the shell completions are loops over
 * option_table. Options are kept in the order given and applied by startup.
 */
#ifndef SHELL_CMDLINE_H
#define SHELL_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"

struct str;

enum option_group { /* the headings of --help in this order */
		    OPTION_GENERAL,
		    OPTION_IO,
		    OPTION_FORMAT,
		    OPTION_CONNECTION,
		    OPTION_REDSHIFT,
		    OPTION_GROUP_COUNT,
};

enum option_id {
	OPTION_COMMAND,
	OPTION_DBNAME,
	OPTION_FILE,
	OPTION_LIST,
	OPTION_VARIABLE,
	OPTION_VERSION,
	OPTION_NO_RC,
	OPTION_SINGLE,
	OPTION_HELP,
	OPTION_ECHO_ALL,
	OPTION_ECHO_ERRORS,
	OPTION_ECHO_QUERIES,
	OPTION_ECHO_HIDDEN,
	OPTION_LOG_FILE,
	OPTION_NO_READLINE,
	OPTION_OUTPUT,
	OPTION_QUIET,
	OPTION_STEP,
	OPTION_LINE,
	OPTION_UNALIGNED,
	OPTION_CSV,
	OPTION_JSON,
	OPTION_MARKDOWN,
	OPTION_PLAIN,
	OPTION_FIELD_SEP,
	OPTION_HTML,
	OPTION_PSET,
	OPTION_RECORD_SEP,
	OPTION_TUPLES,
	OPTION_TABLE_ATTR,
	OPTION_EXPANDED,
	OPTION_FIELD_ZERO,
	OPTION_RECORD_ZERO,
	OPTION_HOST,
	OPTION_PORT,
	OPTION_USER,
	OPTION_NO_PASSWORD,
	OPTION_PASSWORD,
	OPTION_SANDBOX,
	OPTION_PROFILE,
	OPTION_REGION,
	OPTION_ENDPOINT,
	OPTION_IAM,
	OPTION_CLUSTER,
	OPTION_WORKGROUP,
	OPTION_WAREHOUSES,
	OPTION_SECRET,
	OPTION_SSH,
	OPTION_YES,
	OPTION_OFFLINE,
	OPTION_NO_CACHE,
	OPTION_CACHE,
	OPTION_COMPLETE,
	OPTION_CURSOR,
	OPTION_DEBUG_LOG,
	OPTION_PRINT,
};

struct option_row {
	const char *name;  /* NULL ends */
	const char *alias; /* a second long name, or NULL */
	char letter;       /* 0: none */
	const char *value; /* "FILENAME"; NULL: takes none */
	bool value_optional;
	enum option_id id;
	enum option_group group;
	const char *brief; /* NULL: not shown anywhere */
};

extern const struct option_row option_table[];
extern const char *const option_group_titles[OPTION_GROUP_COUNT];

struct cmdline_step { /* one option as given */
	const struct option_row *row;
	const char *value; /* borrowed from argv; NULL: none */
};

struct cmdline {
	const char *program;
	struct {
		VEC(struct cmdline_step);
	} steps;              /* in the order given */
	const char *dbname;   /* -d or first operand */
	const char *username; /* -U or second operand */
	struct {
		VEC(const char *);
	} extra; /* operands nobody takes */
};

/* false: wrong usage; it has been said on stderr by err. */
bool cmdline_parse(struct cmdline *cmdline, int argc, char **argv,
		   struct err *err);
void cmdline_done(struct cmdline *cmdline);

bool cmdline_has(const struct cmdline *cmdline, enum option_id id);

/* The last one's value; NULL: not given (or without a value). */
const char *cmdline_value(const struct cmdline *cmdline, enum option_id id);

/* Appends the text of --help. */
void cmdline_help(const char *program, struct str *out);

#endif
