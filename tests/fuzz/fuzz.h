/* tests/fuzz/fuzz.h - what a fuzz driver and its runner know of each other.
 *
 * A driver NAME_fuzz.c is LLVMFuzzerTestOneInput and the texts that inputs
 * are made of. fuzz.c mutates them: every input follows from the seed and its
 * number alone, so one that fails is made again by --seed N --from M --count
 * 1. Linked with libFuzzer in fuzz.c's place (tests/fuzz/README) the same
 * driver takes its inputs from there.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* A text that may hold NUL bytes; from a literal. */
struct fuzz_text {
	const char *text;
	size_t len;
};

#define FUZZ_TEXT(literal)                                                     \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

struct fuzz_driver {
	const struct fuzz_text *corpus; /* a text of NULL ends it */
	/* Files below $TESTS_DIR whose paragraphs are more corpus, as
	 * glob(3) patterns; NULL ends it. May be NULL. */
	const char *const *files;
	const char *const *words; /* what often means something; NULL ends */
	unsigned count;           /* inputs of one run of make check */
};

extern const struct fuzz_driver fuzz_driver;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input and does not: ends the run with the
 * sanitizers' exit code. */
#define FUZZ_CHECK(holds)                                                      \
	do {                                                                   \
		if (!(holds))                                                  \
			fuzz_wrong(#holds, __FILE__, __LINE__);                \
	} while (0)

_Noreturn void fuzz_wrong(const char *what, const char *file, int line);

#endif
