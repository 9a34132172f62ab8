#include "sandbox/kaggle_command.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sandbox/ground/place.h"
#include "sandbox/ground/verb.h"
#include "sandbox/kaggle/kaggle_set.h"

static const char usage[] =
	"redsh-sandbox kaggle has data sets for the sandbox's Kaggle.\n"
	"\n"
	"Usage:\n"
	"  redsh-sandbox kaggle add OWNER/SLUG [FILE|FOLDER]... [--dir DIR]\n"
	"                           [--title TEXT] [--licence NAME]\n"
	"                           [--refuse terms|login|private]\n"
	"                           [--archive ZIP] [--zip64] [--zip-over "
	"BYTES]\n"
	"  redsh-sandbox kaggle list [--dir DIR]\n"
	"  redsh-sandbox kaggle remove OWNER/SLUG [--dir DIR]\n"
	"\n"
	"Each add makes a new version. Of a folder all files below it are "
	"taken, under\n"
	"their names there. redsh/sales is there without being added: the "
	"files of the\n"
	"demo.\n"
	"\n"
	"Options:\n"
	"  --dir DIR        folder of the sandbox\n"
	"  --title TEXT     title, which a search looks into (default: SLUG)\n"
	"  --licence NAME   its licence (default: CC0-1.0)\n"
	"  --refuse WHY     terms: a download answers that the terms were not "
	"accepted;\n"
	"                   login: it leads to the page to log in; private: "
	"all is\n"
	"                   refused\n"
	"  --archive ZIP    the archive that the whole set comes as, as it is; "
	"the FILEs\n"
	"                   are what a listing shows, there may be none\n"
	"  --zip64          write the archive as one over 4 GiB is\n"
	"  --zip-over BYTES a single file that is longer and not compressed "
	"comes\n"
	"                   zipped (default: 1048576)\n"
	"  -?, --help       show this help, then exit\n";

struct options {
	const char *dir;
	struct kaggle_add add;
	bool help;
};

static const struct option long_options[] = {
	{ "dir", required_argument, NULL, 'd' },
	{ "title", required_argument, NULL, 't' },
	{ "licence", required_argument, NULL, 'l' },
	{ "refuse", required_argument, NULL, 'r' },
	{ "archive", required_argument, NULL, 'a' },
	{ "zip64", no_argument, NULL, '6' },
	{ "zip-over", required_argument, NULL, 'z' },
	{ "help", no_argument, NULL, '?' },
	{ NULL, 0, NULL, 0 },
};

static int refuse(const char *what, const char *name)
{
	return verb_refuse("kaggle", what, name);
}

static bool read_refusal(const char *text, enum kaggle_refusal *out)
{
	static const char *const words[] = {
		[KAGGLE_TERMS] = "terms",
		[KAGGLE_LOGIN] = "login",
		[KAGGLE_PRIVATE] = "private",
	};

	for (size_t i = 1; i < COUNT_OF(words); i++)
		if (strcmp(words[i], text) == 0) {
			*out = (enum kaggle_refusal)i;
			return true;
		}
	return false;
}

static int take_option(void *context, int code, const char *value)
{
	struct options *out = context;

	switch (code) {
	case 'd':
		out->dir = value;
		break;
	case 't':
		out->add.title = value;
		break;
	case 'l':
		out->add.licence = value;
		break;
	case 'r':
		if (!read_refusal(value, &out->add.refusal))
			return refuse("not terms, login or private: ", value);
		break;
	case 'a':
		out->add.archive = value;
		break;
	case '6':
		out->add.zip64 = true;
		break;
	case 'z':
		if (!verb_number(value, 0, &out->add.zip_over))
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
	CLEANUP(mem_freep) char *owner = NULL;
	CLEANUP(mem_freep) char *slug = NULL;
	struct kaggle_add *add = &options->add;
	struct err err = ERR_EMPTY;
	int64_t version;

	if (count < 1)
		return refuse("add needs ", "OWNER/SLUG");
	place_init(&place, options->dir);
	if (!kaggle_set_split(words[0], &owner, &slug, &err) ||
	    !place_make(&place, &err))
		return verb_complain(&err);
	add->owner = owner;
	add->slug = slug;
	add->paths = (const char *const *)words + 1;
	add->count = (size_t)count - 1;
	if (!kaggle_set_add(place.dir.text, add, &version, &err))
		return verb_complain(&err);
	printf("%s: version %lld\n", words[0], (long long)version);
	return EXIT_SUCCESS;
}

static void print_set(const char *dir, const char *name)
{
	CLEANUP(kaggle_set_done) struct kaggle_set set = KAGGLE_SET_EMPTY;
	CLEANUP(mem_freep) char *owner = NULL;
	CLEANUP(mem_freep) char *slug = NULL;
	struct err err = ERR_EMPTY;

	if (!kaggle_set_split(name, &owner, &slug, &err) ||
	    !kaggle_set_load(&set, dir, owner, slug, 0, &err)) {
		verb_complain(&err);
		return;
	}
	printf("%s: version %lld, files %zu, bytes %lld: %s\n", name,
	       (long long)set.version, set.count, (long long)set.total_bytes,
	       set.title);
}

static int run_list(struct options *options, int count, char **words)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	CLEANUP(kaggle_names_done) struct kaggle_names names = { 0 };
	struct err err = ERR_EMPTY;

	if (count > 0)
		return refuse("too many arguments: ", words[0]);
	place_init(&place, options->dir);
	if (!place_make(&place, &err) ||
	    !kaggle_set_make_demo(place.dir.text, &err) ||
	    !kaggle_set_list(place.dir.text, &names, &err))
		return verb_complain(&err);
	for (size_t i = 0; i < names.count; i++)
		print_set(place.dir.text, names.items[i]);
	return EXIT_SUCCESS;
}

static int run_remove(struct options *options, int count, char **words)
{
	CLEANUP(place_done) struct place place = PLACE_EMPTY;
	CLEANUP(mem_freep) char *owner = NULL;
	CLEANUP(mem_freep) char *slug = NULL;
	struct err err = ERR_EMPTY;

	if (count != 1)
		return refuse("remove needs one ", "OWNER/SLUG");
	place_init(&place, options->dir);
	if (!kaggle_set_split(words[0], &owner, &slug, &err) ||
	    !kaggle_set_remove(place.dir.text, owner, slug, &err))
		return verb_complain(&err);
	return EXIT_SUCCESS;
}

int kaggle_command_run(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct options *options, int count, char **words);
	} verbs[] = {
		{ "add", run_add },
		{ "list", run_list },
		{ "remove", run_remove },
	};
	struct options options = { .add.zip_over = KAGGLE_SET_ZIP_OVER };
	struct verb verb = { "kaggle", long_options, take_option, &options };
	int done = verb_read(&verb, argc, argv, &options.help);

	if (done >= 0)
		return done;
	if (options.help) {
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	}
	if (optind >= argc)
		return refuse("a command is missing: add, list, remove", "");
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, argv[optind]) == 0)
			return verbs[i].run(&options, argc - optind - 1,
					    argv + optind + 1);
	return refuse("no such command of kaggle: ", argv[optind]);
}
