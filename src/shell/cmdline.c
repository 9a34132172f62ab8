#include "shell/cmdline.h"

#include <getopt.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

enum { FIRST_LONG = 1000 }; /* getopt's value of row 0 */

const char *const option_group_titles[OPTION_GROUP_COUNT] = {
	"General options",          "Input and output options",
	"Output format options",    "Connection options",
	"Redshift and AWS options",
};

const struct option_row option_table[] = {
	{ "command", NULL, 'c', "COMMAND", false, OPTION_COMMAND,
	  OPTION_GENERAL,
	  "run one SQL string or one backslash command, then exit" },
	{ "dbname", NULL, 'd', "DBNAME", false, OPTION_DBNAME, OPTION_GENERAL,
	  "database, connection string or URI" },
	{ "file", NULL, 'f', "FILENAME", false, OPTION_FILE, OPTION_GENERAL,
	  "run the commands in a file, then exit; - is standard input" },
	{ "list", NULL, 'l', NULL, false, OPTION_LIST, OPTION_GENERAL,
	  "list the databases, then exit" },
	{ "set", "variable", 'v', "NAME=VALUE", false, OPTION_VARIABLE,
	  OPTION_GENERAL, "set a variable; NAME alone unsets it" },
	{ "version", NULL, 'V', NULL, false, OPTION_VERSION, OPTION_GENERAL,
	  "show the version, then exit" },
	{ "no-psqlrc", "no-redshrc", 'X', NULL, false, OPTION_NO_RC,
	  OPTION_GENERAL, "do not read the start-up file" },
	{ "single-transaction", NULL, '1', NULL, false, OPTION_SINGLE,
	  OPTION_GENERAL, "run all -c and -f in one transaction" },
	{ "help", NULL, '?', "TOPIC", true, OPTION_HELP, OPTION_GENERAL,
	  "show help, then exit; topics: options, commands, variables" },
	{ "echo-all", NULL, 'a', NULL, false, OPTION_ECHO_ALL, OPTION_IO,
	  "show every line of a script as it is read" },
	{ "echo-errors", NULL, 'b', NULL, false, OPTION_ECHO_ERRORS, OPTION_IO,
	  "show the statements that fail" },
	{ "echo-queries", NULL, 'e', NULL, false, OPTION_ECHO_QUERIES,
	  OPTION_IO, "show the statements that are sent" },
	{ "echo-hidden", NULL, 'E', NULL, false, OPTION_ECHO_HIDDEN, OPTION_IO,
	  "show the queries behind backslash commands" },
	{ "log-file", NULL, 'L', "FILENAME", false, OPTION_LOG_FILE, OPTION_IO,
	  "write statements and results to a file too" },
	{ "no-readline", NULL, 'n', NULL, false, OPTION_NO_READLINE, OPTION_IO,
	  "no line editing, no history" },
	{ "output", NULL, 'o', "FILENAME", false, OPTION_OUTPUT, OPTION_IO,
	  "send results to a file or to a |pipe" },
	{ "quiet", NULL, 'q', NULL, false, OPTION_QUIET, OPTION_IO,
	  "results only, no messages" },
	{ "single-step", NULL, 's', NULL, false, OPTION_STEP, OPTION_IO,
	  "ask before each statement" },
	{ "single-line", NULL, 'S', NULL, false, OPTION_LINE, OPTION_IO,
	  "the end of a line ends a statement" },
	{ "no-align", NULL, 'A', NULL, false, OPTION_UNALIGNED, OPTION_FORMAT,
	  "unaligned output" },
	{ "csv", NULL, 0, NULL, false, OPTION_CSV, OPTION_FORMAT,
	  "CSV output" },
	{ "json", NULL, 0, NULL, false, OPTION_JSON, OPTION_FORMAT,
	  "JSON output" },
	{ "markdown", NULL, 0, NULL, false, OPTION_MARKDOWN, OPTION_FORMAT,
	  "Markdown tables" },
	{ "field-separator", NULL, 'F', "STRING", false, OPTION_FIELD_SEP,
	  OPTION_FORMAT, "field separator of unaligned output" },
	{ "html", NULL, 'H', NULL, false, OPTION_HTML, OPTION_FORMAT,
	  "HTML tables" },
	{ "plain", NULL, 0, NULL, false, OPTION_PLAIN, OPTION_FORMAT,
	  "tables as psql draws them, no colours" },
	{ "pset", NULL, 'P', "NAME=VALUE", false, OPTION_PSET, OPTION_FORMAT,
	  "change an output setting, as \\pset does" },
	{ "record-separator", NULL, 'R', "STRING", false, OPTION_RECORD_SEP,
	  OPTION_FORMAT, "record separator of unaligned output" },
	{ "tuples-only", NULL, 't', NULL, false, OPTION_TUPLES, OPTION_FORMAT,
	  "rows only" },
	{ "table-attr", NULL, 'T', "TEXT", false, OPTION_TABLE_ATTR,
	  OPTION_FORMAT, "attributes of HTML's table tag" },
	{ "expanded", NULL, 'x', NULL, false, OPTION_EXPANDED, OPTION_FORMAT,
	  "one line for each field" },
	{ "field-separator-zero", NULL, 'z', NULL, false, OPTION_FIELD_ZERO,
	  OPTION_FORMAT, "separate fields with a zero byte" },
	{ "record-separator-zero", NULL, '0', NULL, false, OPTION_RECORD_ZERO,
	  OPTION_FORMAT, "separate records with a zero byte" },
	{ "host", NULL, 'h', "HOSTNAME", false, OPTION_HOST, OPTION_CONNECTION,
	  "server host or socket folder" },
	{ "port", NULL, 'p', "PORT", false, OPTION_PORT, OPTION_CONNECTION,
	  "server port; 5439 for Redshift hosts" },
	{ "username", NULL, 'U', "USERNAME", false, OPTION_USER,
	  OPTION_CONNECTION, "database user" },
	{ "no-password", NULL, 'w', NULL, false, OPTION_NO_PASSWORD,
	  OPTION_CONNECTION, "never ask for a password" },
	{ "password", NULL, 'W', NULL, false, OPTION_PASSWORD,
	  OPTION_CONNECTION, "ask for a password first" },
	{ "sandbox", NULL, 0, "DIR", true, OPTION_SANDBOX, OPTION_REDSHIFT,
	  "start or join a local sandbox and connect to it" },
	{ "iam", NULL, 0, NULL, false, OPTION_IAM, OPTION_REDSHIFT,
	  "log in with temporary credentials from AWS" },
	{ "cluster", NULL, 0, "NAME", false, OPTION_CLUSTER, OPTION_REDSHIFT,
	  "connect to the cluster of that name; implies --iam" },
	{ "workgroup", NULL, 0, "NAME", false, OPTION_WORKGROUP,
	  OPTION_REDSHIFT,
	  "connect to the serverless workgroup of that name by --iam" },
	{ "secret", NULL, 0, "NAME", false, OPTION_SECRET, OPTION_REDSHIFT,
	  "log in with what AWS Secrets Manager keeps; a name or an ARN" },
	{ "ssh", NULL, 0, "HOST", false, OPTION_SSH, OPTION_REDSHIFT,
	  "reach the warehouse through that host, by the ssh program" },
	{ "warehouses", "clusters", 0, "REGIONS", true, OPTION_WAREHOUSES,
	  OPTION_REDSHIFT,
	  "list clusters and workgroups, then exit; regions or all" },
	{ "profile", NULL, 0, "NAME", false, OPTION_PROFILE, OPTION_REDSHIFT,
	  "AWS profile" },
	{ "region", NULL, 0, "NAME", false, OPTION_REGION, OPTION_REDSHIFT,
	  "AWS region" },
	{ "endpoint-url", NULL, 0, "URL", false, OPTION_ENDPOINT,
	  OPTION_REDSHIFT, "send AWS requests there" },
	{ "yes", NULL, 0, NULL, false, OPTION_YES, OPTION_REDSHIFT,
	  "scripts may drop and delete in production" },
	{ "offline", NULL, 0, NULL, false, OPTION_OFFLINE, OPTION_REDSHIFT,
	  "do not connect to a database" },
	{ "no-cache", NULL, 0, NULL, false, OPTION_NO_CACHE, OPTION_REDSHIFT,
	  "keep no cache of names for Tab" },
	{ "cache", NULL, 0, "FILENAME", false, OPTION_CACHE, OPTION_REDSHIFT,
	  "keep the names that Tab offers in this file" },
	{ "complete", NULL, 0, "TEXT", false, OPTION_COMPLETE, OPTION_GENERAL,
	  "show what Tab offers behind TEXT, then exit; with --json all" },
	{ "cursor", NULL, 0, "BYTE", false, OPTION_CURSOR, OPTION_GENERAL,
	  "where the cursor of --complete stands in TEXT" },
	{ "debug-log", NULL, 0, "FILENAME", false, OPTION_DEBUG_LOG,
	  OPTION_REDSHIFT, "write what the program does to a file" },
	{ "print", NULL, 0, "WHAT", false, OPTION_PRINT, OPTION_REDSHIFT,
	  NULL },
	{ .name = NULL },
};

/* ---- parsing ---- */

struct getopt_tables {
	struct option longs[2 * COUNT_OF(option_table) + 1];
	char letters[2 * COUNT_OF(option_table) + 1];
};

static void add_long(struct option *to, const char *name, size_t row)
{
	const struct option_row *option = &option_table[row];

	to->name = name;
	to->has_arg = !option->value           ? no_argument
		      : option->value_optional ? optional_argument
					       : required_argument;
	to->flag = NULL;
	to->val = FIRST_LONG + (int)row;
}

static void fill_tables(struct getopt_tables *tables)
{
	size_t longs = 0;
	size_t letters = 0;

	*tables = (struct getopt_tables){ 0 };
	for (size_t i = 0; option_table[i].name; i++) {
		const struct option_row *row = &option_table[i];

		add_long(&tables->longs[longs++], row->name, i);
		if (row->alias)
			add_long(&tables->longs[longs++], row->alias, i);
		if (!row->letter)
			continue;
		tables->letters[letters++] = row->letter;
		if (row->value && !row->value_optional)
			tables->letters[letters++] = ':';
	}
}

static const struct option_row *row_of(int code)
{
	if (code >= FIRST_LONG)
		return &option_table[code - FIRST_LONG];
	for (const struct option_row *row = option_table; row->name; row++)
		if (row->letter == code)
			return row;
	return NULL;
}

static void take(struct cmdline *cmdline, const struct option_row *row,
		 const char *value)
{
	struct cmdline_step step = { row, value };

	if (row->id == OPTION_DBNAME)
		cmdline->dbname = value;
	if (row->id == OPTION_USER)
		cmdline->username = value;
	vec_push(&cmdline->steps, step);
}

static void take_operand(struct cmdline *cmdline, const char *operand)
{
	if (!cmdline->dbname)
		cmdline->dbname = operand;
	else if (!cmdline->username)
		cmdline->username = operand;
	else
		vec_push(&cmdline->extra, operand);
}

bool cmdline_parse(struct cmdline *cmdline, int argc, char **argv,
		   struct err *err)
{
	struct getopt_tables tables;
	int code;

	*cmdline = (struct cmdline){ .program = path_base(argv[0]) };
	fill_tables(&tables);
	optind = 1;
	while ((code = getopt_long(argc, argv, tables.letters, tables.longs,
				   NULL)) != -1) {
		/* '?' is both an option of ours and getopt's refusal, which
		 * leaves the letter it did not know in optopt. */
		if (code == '?' &&
		    (optopt != 0 || strcmp(argv[optind - 1], "-?") != 0)) {
			err_set(err, ERR_USAGE, "wrong option");
			return err_hint(err,
					"Try \"%s --help\" for more "
					"information.",
					cmdline->program);
		}
		take(cmdline, row_of(code), optarg);
	}
	for (; optind < argc; optind++)
		take_operand(cmdline, argv[optind]);
	return true;
}

void cmdline_done(struct cmdline *cmdline)
{
	vec_done(&cmdline->steps);
	vec_done(&cmdline->extra);
}

static const struct cmdline_step *last_step(const struct cmdline *cmdline,
					    enum option_id id)
{
	for (size_t i = cmdline->steps.count; i-- > 0;)
		if (cmdline->steps.items[i].row->id == id)
			return &cmdline->steps.items[i];
	return NULL;
}

bool cmdline_has(const struct cmdline *cmdline, enum option_id id)
{
	return last_step(cmdline, id) != NULL;
}

const char *cmdline_value(const struct cmdline *cmdline, enum option_id id)
{
	const struct cmdline_step *step = last_step(cmdline, id);

	return step ? step->value : NULL;
}

/* ---- help ---- */

static void add_row(const struct option_row *row, struct str *out)
{
	CLEANUP(str_done) struct str left = STR_EMPTY;

	if (row->letter)
		str_addf(&left, "  -%c, --%s", row->letter, row->name);
	else
		str_addf(&left, "      --%s", row->name);
	if (row->value)
		str_addf(&left, row->value_optional ? "[=%s]" : "=%s",
			 row->value);
	str_addf(out, "%-33s %s\n", left.text, row->brief);
}

void cmdline_help(const char *program, struct str *out)
{
	str_addf(out,
		 "redsh is a shell for Amazon Redshift.\n\n"
		 "Usage:\n  %s [OPTION]... [DBNAME [USERNAME]]\n",
		 program);
	for (int group = 0; group < OPTION_GROUP_COUNT; group++) {
		str_addf(out, "\n%s:\n", option_group_titles[group]);
		for (const struct option_row *row = option_table; row->name;
		     row++)
			if (row->brief &&
			    row->group == (enum option_group)group)
				add_row(row, out);
	}
	str_add(out, "\nType \\? inside for its commands, \\h for SQL; or "
		     "--help=commands,\n--help=variables here.\n");
}
