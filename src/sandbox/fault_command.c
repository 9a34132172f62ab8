#include "sandbox/fault_command.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sandbox/account/faults.h"
#include "sandbox/ground/place.h"
#include "sandbox/ground/verb.h"
#include "sandbox/kaggle/api_kaggle.h"
#include "sandbox/quicksight/api_quicksight.h"
#include "sandbox/s3/s3_call.h"
#include "sandbox/services/api.h"
#include "sandbox/services/api_json.h"

static const char usage[] =
	"redsh-sandbox fault makes requests to the AWS endpoints go wrong.\n"
	"\n"
	"Usage:\n"
	"  redsh-sandbox fault add [--op OP] [--bucket BUCKET] [--key KEY]\n"
	"                          [--count N|all] [--skip N] [--dir DIR] "
	"FAULT...\n"
	"  redsh-sandbox fault list [--dir DIR]\n"
	"  redsh-sandbox fault clear [RULE] [--dir DIR]\n"
	"\n"
	"Options:\n"
	"  --op OP          an operation (PutObject, AssumeRole), a method "
	"(GET), or\n"
	"                   a pattern with *; default: every request\n"
	"  --bucket BUCKET  of that bucket, --key KEY of that key; both may be "
	"patterns\n"
	"  --stack NAME, --resource NAME\n"
	"                   of that stack's resource, by its logical name or "
	"its type, with\n"
	"                   --op CreateResource, UpdateResource or "
	"DeleteResource\n"
	"  --count N        act on so many requests (default 1; of quota and "
	"skew: all)\n"
	"  --skip N         let so many pass first\n"
	"  --dir DIR        folder of the sandbox\n"
	"\n"
	"The oldest rule that fits a request and is not used up acts, one on a "
	"request.\n"
	"Rules end with the sandbox.\n"
	"\n"
	"Faults:\n";

struct options {
	const char *dir;
	struct faults_rule rule;
	bool counted;
	bool help;
};

static const struct option long_options[] = {
	{ "dir", required_argument, NULL, 'd' },
	{ "op", required_argument, NULL, 'o' },
	{ "bucket", required_argument, NULL, 'b' },
	{ "key", required_argument, NULL, 'k' },
	{ "resource", required_argument, NULL, 'k' },
	{ "stack", required_argument, NULL, 'b' },
	{ "count", required_argument, NULL, 'c' },
	{ "skip", required_argument, NULL, 's' },
	{ "help", no_argument, NULL, '?' },
	{ NULL, 0, NULL, 0 },
};

static int refuse(const char *what, const char *name)
{
	return verb_refuse("fault", what, name);
}

static bool has_api_op(const struct api_op *op, const char *name)
{
	for (; op->action != NULL; op++)
		if (strcmp(op->action, name) == 0)
			return true;
	return false;
}

static bool has_json_op(const struct api_json_op *op, const char *name)
{
	for (; op->name != NULL; op++)
		if (strcmp(op->name, name) == 0)
			return true;
	return false;
}

/* What stacks do with their resources; see sandbox/stacks/cfn_make. */
static bool is_resource_op(const char *name)
{
	return strcmp(name, "CreateResource") == 0 ||
	       strcmp(name, "CompleteResource") == 0 ||
	       strcmp(name, "UpdateResource") == 0 ||
	       strcmp(name, "DeleteResource") == 0;
}

static bool is_op(const char *name)
{
	static const char *const methods[] = { "GET", "HEAD", "PUT", "POST",
					       "DELETE" };

	for (size_t i = 0; i < COUNT_OF(methods); i++)
		if (strcmp(methods[i], name) == 0)
			return true;
	return strpbrk(name, "*?[") != NULL ||
	       s3_call_has_op(name) || api_kaggle_has_op(name) ||
	       has_api_op(api_sts_ops, name) ||
	       has_api_op(api_iam_ops, name) ||
	       has_api_op(api_redshift_ops, name) ||
	       has_api_op(api_cloudformation_ops, name) ||
	       is_resource_op(name) ||
	       has_json_op(api_serverless.ops, name) ||
	       has_json_op(api_kms.ops, name) ||
	       has_json_op(api_secrets.ops, name) ||
	       api_quicksight_has_op(name);
}

static int take_option(void *context, int code, const char *value)
{
	struct options *out = context;

	switch (code) {
	case 'd':
		out->dir = value;
		break;
	case 'o':
		out->rule.op = value;
		if (!is_op(value))
			return refuse("no such operation: ", value);
		break;
	case 'b':
		out->rule.bucket = value;
		break;
	case 'k':
		out->rule.key = value;
		break;
	case 'c':
		out->counted = true;
		out->rule.count = FAULTS_FOR_EVER;
		if (strcmp(value, "all") != 0 &&
		    !verb_number(value, 1, &out->rule.count))
			return refuse("no such count: ", value);
		break;
	case 's':
		if (!verb_number(value, 0, &out->rule.skip))
			return refuse("no such number: ", value);
		break;
	default:
		return -1;
	}
	return EXIT_SUCCESS;
}

static int run_add(struct options *options, int count, char **words)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct fault fault;
	struct err err = ERR_EMPTY;
	int64_t number;

	for (int i = 0; i < count; i++)
		str_addf(&text, "%s%s", i == 0 ? "" : " ", words[i]);
	if (!fault_parse(text.text, &fault, &err))
		return verb_complain(&err);
	if (!options->counted)
		options->rule.count = fault.kind == FAULT_QUOTA ||
						      fault.kind == FAULT_SKEW
					      ? FAULTS_FOR_EVER
					      : 1;
	options->rule.words = text.text;
	place_init(&place, options->dir);
	if (!faults_add(place.dir.text, &options->rule, &number, &err))
		return verb_complain(&err);
	printf("rule %lld: %s\n", (long long)number, text.text);
	return EXIT_SUCCESS;
}

static int run_list(struct options *options, int count, char **words)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	CLEANUP(str_done) struct str text = STR_EMPTY;
	struct err err = ERR_EMPTY;

	if (count > 0)
		return refuse("too many arguments: ", words[0]);
	place_init(&place, options->dir);
	if (!faults_list(place.dir.text, &text, &err))
		return verb_complain(&err);
	fputs(text.text, stdout);
	return EXIT_SUCCESS;
}

static int run_clear(struct options *options, int count, char **words)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	struct err err = ERR_EMPTY;
	int64_t number = 0;

	if (count > 1)
		return refuse("too many arguments: ", words[1]);
	if (count == 1 && !verb_number(words[0], 1, &number))
		return refuse("no such rule: ", words[0]);
	place_init(&place, options->dir);
	if (!faults_clear(place.dir.text, number, &err))
		return verb_complain(&err);
	return EXIT_SUCCESS;
}

static int print_help(void)
{
	CLEANUP(str_done) struct str words = STR_EMPTY;

	fault_help(&words);
	fputs(usage, stdout);
	fputs(words.text, stdout);
	return EXIT_SUCCESS;
}

int fault_command_run(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct options *options, int count, char **words);
	} verbs[] = {
		{ "add", run_add },
		{ "list", run_list },
		{ "clear", run_clear },
	};
	struct options options = { .dir = NULL };
	struct verb verb = { "fault", long_options, take_option, &options };
	int done = verb_read(&verb, argc, argv, &options.help);

	if (done >= 0)
		return done;
	if (options.help)
		return print_help();
	if (optind >= argc)
		return refuse("a command is missing: add, list, clear", "");
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, argv[optind]) == 0)
			return verbs[i].run(&options, argc - optind - 1,
					    argv + optind + 1);
	return refuse("no such command of fault: ", argv[optind]);
}
