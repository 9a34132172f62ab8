#include "sandbox/ground/verb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int verb_refuse(const char *verb, const char *what, const char *name)
{
	fprintf(stderr,
		"redsh-sandbox: %s%s\n"
		"hint: redsh-sandbox %s --help shows how\n",
		what, name, verb);
	return VERB_USAGE;
}

int verb_complain(const struct err *err)
{
	fprintf(stderr, "redsh-sandbox: %s\n", err->message);
	if (err->hint[0])
		fprintf(stderr, "hint: %s\n", err->hint);
	return err->kind == ERR_USAGE ? VERB_USAGE : EXIT_FAILURE;
}

bool verb_number(const char *text, int64_t least, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return end != text && *end == '\0' && errno == 0 && *out >= least;
}

int verb_read(const struct verb *verb, int argc, char **argv, bool *out_help)
{
	int code;

	opterr = 0;
	optind = 1;
	while ((code = getopt_long(argc, argv, "?", verb->options, NULL)) !=
	       -1) {
		int done = code == '?' ? -1
				       : verb->take(verb->context, code,
						    optarg);

		if (done > 0)
			return done;
		if (done == 0)
			continue;
		if (strcmp(argv[optind - 1], "--help") != 0 &&
		    strcmp(argv[optind - 1], "-?") != 0)
			return verb_refuse(verb->name, "bad option: ",
					   argv[optind - 1]);
		*out_help = true;
	}
	return -1;
}
