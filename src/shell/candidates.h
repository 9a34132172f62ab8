/* shell/candidates.h - what Tab offers, for editors and tests: --complete.
 */
#ifndef SHELL_CANDIDATES_H
#define SHELL_CANDIDATES_H

struct session;

/* Writes the candidates, the nearest first: a line each, or with --json an
 * array of objects with text, kind, start, end (bytes that text replaces) and
 * detail. Answers from the cache that --cache names, else from that of the
 * server on the command line; connects to nothing. Returns the exit code. */
int candidates_run(struct session *session);

#endif
