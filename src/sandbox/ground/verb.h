/* sandbox/ground/verb.h - the command line of a verb that has words and
 * options.
 */
#ifndef SANDBOX_GROUND_VERB_H
#define SANDBOX_GROUND_VERB_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { VERB_USAGE = 2 }; /* exit status of what was typed wrongly */

struct verb {
	const char *name;	      /* "fault" */
	const struct option *options; /* of getopt; --help is '?' */
	/* -1: no such option; EXIT_SUCCESS: taken; else the exit status. */
	int (*take)(void *context, int code, const char *value);
	void *context;
};

/* Reads argv; the words are from optind on. -1: go on; else the exit
 * status. */
int verb_read(const struct verb *verb, int argc, char **argv, bool *out_help);

/* Say it on standard error; return the exit status. verb: its name. */
int verb_refuse(const char *verb, const char *what, const char *name);
int verb_complain(const struct err *err);

/* A whole number of at least least; false: something else. */
bool verb_number(const char *text, int64_t least, int64_t *out);

#endif
