/* redsh-sandbox: a local stand-in for Redshift and the AWS services around
 * it. This file is the command line; sandbox/daemon does the work. */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "sandbox/account/identity.h"
#include "sandbox/account/token.h"
#include "sandbox/daemon.h"
#include "sandbox/fault_command.h"
#include "sandbox/ground/place.h"
#include "sandbox/kaggle_command.h"

enum { EXIT_USAGE = 2, EXIT_NOT_RUNNING = 3 };

enum {
	PORT_MAX = 65535,
	LIMIT_MAX = 1728000, /* seconds: that of SESSION TIMEOUT */
	SPEED_MAX = 1000,
	STEP_MAX = 600000,
	CAPACITY_USUAL = 128, /* RPU */
	CAPACITY_FINE = 512,  /* by eights up to here, then by 32 */
	CAPACITY_MAX = 1024,
};

struct options {
	const char *dir;
	int port;
	bool foreground;
	struct {
		VEC(const char *);
	} parameters;
	const char *user; /* of a token */
	const char *space;
	struct {
		VEC(const char *);
	} groups;
	bool serverless;
	int base_capacity; /* 0: as usual; so the limits */
	struct idle_limits idle;
	bool empty_views;
	bool no_listings;
	int login_life_s;
	int stack_step_ms; /* 0: as usual */
};

static const char usage[] =
	"redsh-sandbox is a local Redshift, S3 and STS to try things on.\n"
	"\n"
	"Usage:\n"
	"  redsh-sandbox start [--dir DIR] [--port N] [--foreground]\n"
	"                      [--parameter NAME=VALUE]...\n"
	"                      [--kind provisioned|serverless] "
	"[--base-capacity RPU]\n"
	"                      [--idle-limit SECONDS] "
	"[--idle-transaction-limit SECONDS]\n"
	"                      [--idle-speed N]\n"
	"                      [--old-views refused|empty] [--no-listings]\n"
	"  redsh-sandbox stop [--dir DIR]\n"
	"  redsh-sandbox status [--dir DIR]\n"
	"  redsh-sandbox env [--dir DIR]      shell exports that point clients "
	"at it\n"
	"  redsh-sandbox expire [--dir DIR]   end all temporary passwords "
	"now\n"
	"  redsh-sandbox token --user NAME [--group NAME]... [--namespace "
	"NAME] "
	"[--dir DIR]\n"
	"                                     a token of its identity "
	"provider, "
	"for an hour\n"
	"  redsh-sandbox fault add|list|clear ...\n"
	"                                     requests that go wrong; see fault "
	"--help\n"
	"  redsh-sandbox kaggle add|list|remove ...\n"
	"                                     data sets of its Kaggle; see "
	"kaggle --help\n"
	"\n"
	"Options:\n"
	"  --dir DIR        folder of the sandbox (default: redsh/sandbox in "
	"the XDG\n"
	"                   data folder, ~/.local/share)\n"
	"  --port N         port of the database (default: 5439 when free)\n"
	"  --foreground     do not go into the background\n"
	"  --parameter NAME=VALUE\n"
	"                   as set in the cluster's parameter group, for "
	"example\n"
	"                   require_ssl=false; may be given several times\n"
	"  --kind provisioned|serverless\n"
	"                   what it is like (default: provisioned)\n"
	"  --base-capacity RPU\n"
	"                   of a serverless one: 4, 8 to 512 by eights, to "
	"1024 "
	"by 32\n"
	"                   (default: 128)\n"
	"  --idle-limit SECONDS\n"
	"                   end sessions that are idle for longer (default: "
	"14400, on a\n"
	"                   serverless one 3600)\n"
	"  --idle-transaction-limit SECONDS\n"
	"                   the same inside a transaction (default: 21600)\n"
	"  --idle-speed N   idle seconds count N times, also for SESSION "
	"TIMEOUT\n"
	"  --old-views refused|empty\n"
	"                   what STL, STV and SVL are on a serverless one "
	"(default:\n"
	"                   refused)\n"
	"  --login-life SECONDS\n"
	"                   temporary passwords last that long, whatever is "
	"asked for\n"
	"  --stack-step MS  a resource of a stack takes that long, some several "
	"times\n"
	"                   (default: 120)\n"
	"  --no-listings    SHOW TABLES and its like are unknown, as on an "
	"older\n"
	"                   server\n"
	"  -?, --help       show this help, then exit\n"
	"  -V, --version    output version information, then exit\n"
	"\n"
	"  eval \"$(redsh-sandbox env)\" && psql\n";

static int complain(const struct err *err)
{
	fprintf(stderr, "redsh-sandbox: %s\n", err->message);
	if (err->hint[0])
		fprintf(stderr, "hint: %s\n", err->hint);
	return EXIT_FAILURE;
}

static int or_else(int value, int otherwise)
{
	return value > 0 ? value : otherwise;
}

static int run_start(const struct options *options)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	CLEANUP(str_done) struct str told = STR_EMPTY;
	struct daemon_options how = {
		.port = options->port,
		.foreground = options->foreground,
		.parameters = options->parameters.items,
		.serverless = options->serverless,
		.base_capacity = or_else(options->base_capacity,
					 CAPACITY_USUAL),
		.idle = {
			or_else(options->idle.session_s,
				options->serverless ? IDLE_SERVERLESS_S
						    : IDLE_SESSION_S),
			or_else(options->idle.transaction_s,
				IDLE_TRANSACTION_S),
			or_else(options->idle.speed, 1),
		},
		.empty_views = options->empty_views,
		.no_listings = options->no_listings,
		.login_life_s = options->login_life_s,
		.stack_step_ms = options->stack_step_ms,
	};
	struct err err = ERR_EMPTY;

	place_init(&place, options->dir);
	if (!daemon_start(&place, &how, &told, &err))
		return complain(&err);
	fputs(told.text, stdout);
	return EXIT_SUCCESS;
}

static int run_stop(const struct options *options)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	struct err err = ERR_EMPTY;
	bool was_running;

	place_init(&place, options->dir);
	if (!daemon_stop(&place, &was_running, &err))
		return complain(&err);
	printf(was_running ? "sandbox in %s stopped\n"
			   : "no sandbox runs in %s\n",
	       place.dir.text);
	return EXIT_SUCCESS;
}

static int run_status(const struct options *options)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	bool running;

	place_init(&place, options->dir);
	running = daemon_describe(&place, &text);
	fputs(text.text, stdout);
	return running ? EXIT_SUCCESS : EXIT_NOT_RUNNING;
}

static int run_env(const struct options *options)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	place_init(&place, options->dir);
	if (!daemon_exports(&place, &text, &err))
		return complain(&err);
	fputs(text.text, stdout);
	mem_wipe(text.text, text.len);
	return EXIT_SUCCESS;
}

static int run_expire(const struct options *options)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	struct err err = ERR_EMPTY;

	place_init(&place, options->dir);
	if (!daemon_expire(&place, &err))
		return complain(&err);
	return EXIT_SUCCESS;
}

static int refuse(const char *what, const char *name)
{
	fprintf(stderr,
		"redsh-sandbox: %s%s\n"
		"hint: redsh-sandbox --help lists commands and options\n",
		what, name);
	return EXIT_USAGE;
}

/* Lasts an hour, as those of providers do. */
static int run_token(const struct options *options)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	CLEANUP(identity_done) struct identity identity = IDENTITY_EMPTY;
	CLEANUP(str_done) struct str groups = STR_EMPTY;
	CLEANUP(str_done) struct str token = STR_EMPTY;
	struct token_claims claims = {
		.space = options->space ? options->space : "sandbox",
		.user = options->user,
		.expires_s = clock_wall_ms() / 1000 + 3600,
	};
	struct err err = ERR_EMPTY;

	if (!options->user)
		return refuse("token needs ", "--user NAME");
	place_init(&place, options->dir);
	if (!identity_load(&identity, place.dir.text, &err))
		return complain(&err);
	for (size_t i = 0; i < options->groups.count; i++)
		str_addf(&groups, "%s%s", i == 0 ? "" : ",",
			 options->groups.items[i]);
	claims.groups = groups.text;
	token_make(&identity.token_key, &claims, &token);
	puts(token.text);
	mem_wipe(token.text, token.len);
	return EXIT_SUCCESS;
}

static const struct verb {
	const char *name;
	int (*run)(const struct options *options);
} verbs[] = {
	{ "start", run_start },   { "stop", run_stop },
	{ "status", run_status }, { "env", run_env },
	{ "token", run_token },   { "expire", run_expire },
};

static const struct option long_options[] = {
	{ "dir", required_argument, NULL, 'd' },
	{ "port", required_argument, NULL, 'p' },
	{ "foreground", no_argument, NULL, 'f' },
	{ "parameter", required_argument, NULL, 'P' },
	{ "user", required_argument, NULL, 'u' },
	{ "group", required_argument, NULL, 'g' },
	{ "namespace", required_argument, NULL, 'n' },
	{ "kind", required_argument, NULL, 'k' },
	{ "base-capacity", required_argument, NULL, 'c' },
	{ "idle-limit", required_argument, NULL, 'i' },
	{ "idle-transaction-limit", required_argument, NULL, 't' },
	{ "idle-speed", required_argument, NULL, 's' },
	{ "old-views", required_argument, NULL, 'o' },
	{ "login-life", required_argument, NULL, 'L' },
	{ "stack-step", required_argument, NULL, 'T' },
	{ "no-listings", no_argument, NULL, 'l' },
	{ "help", no_argument, NULL, '?' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static bool read_number(const char *text, int max, int *out)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (end == text || *end != '\0' || number < 1 || number > max)
		return false;
	*out = (int)number;
	return true;
}

/* [serverless-capacity] */
static bool read_capacity(const char *text, int *out)
{
	if (!read_number(text, CAPACITY_MAX, out))
		return false;
	if (*out <= CAPACITY_FINE)
		return *out == 4 || *out % 8 == 0;
	return *out % 32 == 0;
}

/* One of two words: false is the first. */
static bool read_choice(const char *text, const char *const words[2], bool *out)
{
	*out = strcmp(text, words[1]) == 0;
	return *out || strcmp(text, words[0]) == 0;
}

static const char *const kinds[2] = { "provisioned", "serverless" };
static const char *const old_views[2] = { "refused", "empty" };

/* Options whose value is a text, or a number from 1 to max. */
static const struct {
	int code;
	int max; /* 0: a text */
	size_t offset;
	const char *refusal;
} values[] = {
	{ 'd', 0, offsetof(struct options, dir), NULL },
	{ 'u', 0, offsetof(struct options, user), NULL },
	{ 'n', 0, offsetof(struct options, space), NULL },
	{ 'p', PORT_MAX, offsetof(struct options, port), "no such port: " },
	{ 'i', LIMIT_MAX, offsetof(struct options, idle.session_s),
	  "no such limit: " },
	{ 't', LIMIT_MAX, offsetof(struct options, idle.transaction_s),
	  "no such limit: " },
	{ 's', SPEED_MAX, offsetof(struct options, idle.speed),
	  "no such speed: " },
	{ 'L', LIMIT_MAX, offsetof(struct options, login_life_s),
	  "no such life: " },
	{ 'T', STEP_MAX, offsetof(struct options, stack_step_ms),
	  "no such time: " },
};

enum { GO_ON = -1, OTHER = -2 }; /* beside exit statuses */

static int take_value(int code, struct options *out)
{
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		void *place = (char *)out + values[i].offset;

		if (values[i].code != code)
			continue;
		if (values[i].max == 0)
			*(const char **)place = optarg;
		else if (!read_number(optarg, values[i].max, place))
			return refuse(values[i].refusal, optarg);
		return GO_ON;
	}
	return OTHER;
}

/* word is the option as it was written. */
static int take_option(int code, const char *word, struct options *out)
{
	switch (code) {
	case 'f':
		out->foreground = true;
		return GO_ON;
	case 'P':
		vec_push(&out->parameters, optarg);
		return GO_ON;
	case 'g':
		vec_push(&out->groups, optarg);
		return GO_ON;
	case 'k':
		return read_choice(optarg, kinds, &out->serverless)
			       ? GO_ON
			       : refuse("no such kind: ", optarg);
	case 'c':
		return read_capacity(optarg, &out->base_capacity)
			       ? GO_ON
			       : refuse("no such capacity: ", optarg);
	case 'o':
		return read_choice(optarg, old_views, &out->empty_views)
			       ? GO_ON
			       : refuse("not refused or empty: ", optarg);
	case 'l':
		out->no_listings = true;
		return GO_ON;
	case 'V':
		puts("redsh-sandbox (redsh) " PACKAGE_VERSION);
		return EXIT_SUCCESS;
	default:
		if (strcmp(word, "--help") != 0 && strcmp(word, "-?") != 0)
			return refuse("bad option: ", word);
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	}
}

/* GO_ON, or the exit status. */
static int read_options(int argc, char **argv, struct options *out)
{
	int code, word, done;

	opterr = 0;
	while ((word = optind, code = getopt_long(argc, argv, "V?",
						  long_options, NULL)) != -1) {
		done = take_value(code, out);
		if (done == OTHER)
			done = take_option(code, argv[word], out);
		if (done != GO_ON)
			return done;
	}
	return GO_ON;
}

static int run(int argc, char **argv, struct options *options)
{
	int done = read_options(argc, argv, options);

	if (done != GO_ON)
		return done;
	if (options->base_capacity && !options->serverless)
		return refuse("only a serverless one has a ",
			      "--base-capacity");
	vec_push(&options->parameters, NULL);
	if (optind >= argc)
		return refuse("a command is missing: start, stop, status, env, "
			      "expire, token, fault, kaggle",
			      "");
	if (optind + 1 < argc)
		return refuse("too many arguments: ", argv[optind + 1]);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, argv[optind]) == 0)
			return verbs[i].run(options);
	return refuse("no such command: ", argv[optind]);
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	const char *verb = argc > 1 ? argv[1] : "";
	int done = strcmp(verb, "fault") == 0
			   ? fault_command_run(argc - 1, argv + 1)
		   : strcmp(verb, "kaggle") == 0
			   ? kaggle_command_run(argc - 1, argv + 1)
			   : run(argc, argv, &options);

	vec_done(&options.parameters);
	vec_done(&options.groups);
	return done;
}
