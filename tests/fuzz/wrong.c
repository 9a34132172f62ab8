/* Apart from fuzz.c, so that libFuzzer can take that one's place. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

void fuzz_wrong(const char *what, const char *file, int line)
{
	fflush(stdout);
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}
