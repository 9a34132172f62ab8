/* redsh-sandbox: a local stand-in for Redshift and the AWS services around
 * it. This file is the command line; sandbox/daemon does the work. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "sandbox/daemon.h"
#include "sandbox/identity.h"
#include "sandbox/place.h"
#include "sandbox/token.h"

enum { EXIT_USAGE = 2, EXIT_NOT_RUNNING = 3 };

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
	bool empty_views;
	bool no_listings;
};

static const char usage[] =
	"redsh-sandbox is a local Redshift, S3 and STS to try things on.\n"
	"\n"
	"Usage:\n"
	"  redsh-sandbox start [--dir DIR] [--port N] [--foreground]\n"
	"                      [--parameter NAME=VALUE]...\n"
	"                      [--kind provisioned|serverless]\n"
	"                      [--old-views refused|empty] [--no-listings]\n"
	"  redsh-sandbox stop [--dir DIR]\n"
	"  redsh-sandbox status [--dir DIR]\n"
	"  redsh-sandbox env [--dir DIR]      shell exports that point clients "
	"at it\n"
	"  redsh-sandbox token --user NAME [--group NAME]... [--namespace NAME] "
	"[--dir DIR]\n"
	"                                     a token of its identity provider, "
	"for an hour\n"
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
	"  --old-views refused|empty\n"
	"                   what STL, STV and SVL are on a serverless one "
	"(default:\n"
	"                   refused)\n"
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

static int run_start(const struct options *options)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	CLEANUP(str_done) struct str told = STR_EMPTY;
	struct daemon_options how = {
		.port = options->port,
		.foreground = options->foreground,
		.parameters = options->parameters.items,
		.serverless = options->serverless,
		.empty_views = options->empty_views,
		.no_listings = options->no_listings,
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
	{ "start", run_start },
	{ "stop", run_stop },
	{ "status", run_status },
	{ "env", run_env },
	{ "token", run_token },
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
	{ "old-views", required_argument, NULL, 'o' },
	{ "no-listings", no_argument, NULL, 'l' },
	{ "help", no_argument, NULL, '?' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static bool read_port(const char *text, int *out)
{
	char *end;
	long port = strtol(text, &end, 10);

	if (end == text || *end != '\0' || port < 1 || port > 65535)
		return false;
	*out = (int)port;
	return true;
}

/* One of two words: false is the first. */
static bool read_choice(const char *text, const char *const words[2], bool *out)
{
	*out = strcmp(text, words[1]) == 0;
	return *out || strcmp(text, words[0]) == 0;
}

static const char *const kinds[2] = { "provisioned", "serverless" };
static const char *const old_views[2] = { "refused", "empty" };

/* -1: go on; else the exit status. */
static int read_options(int argc, char **argv, struct options *out)
{
	int code;
	int unknown;

	opterr = 0;
	while ((unknown = optind,
		code = getopt_long(argc, argv, "V?", long_options, NULL)) !=
	       -1) {
		switch (code) {
		case 'd':
			out->dir = optarg;
			break;
		case 'p':
			if (!read_port(optarg, &out->port))
				return refuse("no such port: ", optarg);
			break;
		case 'f':
			out->foreground = true;
			break;
		case 'P':
			vec_push(&out->parameters, optarg);
			break;
		case 'u':
			out->user = optarg;
			break;
		case 'g':
			vec_push(&out->groups, optarg);
			break;
		case 'n':
			out->space = optarg;
			break;
		case 'k':
			if (!read_choice(optarg, kinds, &out->serverless))
				return refuse("no such kind: ", optarg);
			break;
		case 'o':
			if (!read_choice(optarg, old_views, &out->empty_views))
				return refuse("not refused or empty: ", optarg);
			break;
		case 'l':
			out->no_listings = true;
			break;
		case 'V':
			puts("redsh-sandbox (redsh) " PACKAGE_VERSION);
			return EXIT_SUCCESS;
		default:
			if (strcmp(argv[unknown], "--help") != 0 &&
			    strcmp(argv[unknown], "-?") != 0)
				return refuse("bad option: ", argv[unknown]);
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		}
	}
	return -1;
}

static int run(int argc, char **argv, struct options *options)
{
	int done = read_options(argc, argv, options);

	if (done >= 0)
		return done;
	vec_push(&options->parameters, NULL);
	if (optind >= argc)
		return refuse("a command is missing: start, stop, status, env, "
			      "token",
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
	int done = run(argc, argv, &options);

	vec_done(&options.parameters);
	vec_done(&options.groups);
	return done;
}
