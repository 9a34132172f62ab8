/* complete/described.h - what the patterns of \d and its family name.
 */
#ifndef COMPLETE_DESCRIBED_H
#define COMPLETE_DESCRIBED_H

/* Bits of enum expect_what for a command without its backslash ("dtS+"); 0:
 * what it lists has no names that we know. */
unsigned described_by(const char *command);

#endif
