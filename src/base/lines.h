/* base/lines.h - lines of a file, one by one or many in one go.
 *
 * For scripts of any size: bytes are read in large blocks and looked at a few
 * times only. Lines may be of any length and hold any byte.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

struct lines;
struct str;

struct lines *lines_new(int fd);      /* takes fd over */
void lines_free(struct lines *lines); /* NULL is fine */
CLEANUP_FREE(struct lines, lines_free, lines_freep)

/* The next line, without its line feed. false: no more, or lines_error. */
bool lines_next(struct lines *lines, struct str *out);

/* events: the same text at the same address each time.
 *
 * As lines_next, but goes on over lines that are not empty and hold none of
 * the bytes in events, with line feeds between them: the last line may be
 * empty only if it is the first. *out_count: how many. */
bool lines_next_few(struct lines *lines, const char *events, struct str *out,
		    size_t *out_count);

/* errno of the read that failed; 0: the end was the end. */
int lines_error(const struct lines *lines);

#endif
