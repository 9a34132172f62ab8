/* complete/described.h - what the patterns of \d and its family name.
 */
#ifndef COMPLETE_DESCRIBED_H
#define COMPLETE_DESCRIBED_H

#include <stdint.h>

struct described {
	const char *command; /* begins so */
	unsigned what;       /* bits of enum expect_what */
	uint64_t others;     /* of 1 << enum syntax_kind, for those without */
};

/* By a command without its backslash ("dtS+"); NULL: what it lists has no
 * names that we know. */
const struct described *described_by(const char *command);

#endif
