/* shell/last.h - the last result, kept to be printed again.
 *
 * Rows pass through on their way to the screen and stay in a spool: in
 * memory, then in an unlinked file, LAST_BYTES at most. Only at a prompt.
 */
#ifndef SHELL_LAST_H
#define SHELL_LAST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/rows.h"

#define LAST_BYTES ((int64_t)256 << 20)

struct last;

void last_free(struct last *last); /* NULL is fine */

struct last_rows {
	struct rows rows; /* first: from's, seen on their way */
	struct rows *from;
	struct last *last;
	int64_t count;  /* rows so far */
	int64_t end_us; /* monotonic clock at the last row's end; 0: not yet */
};

/* A new last result, filled as rows are pulled through out. */
struct last *last_new(struct rows *from, struct last_rows *out);

/* The name of a column, NULL behind the last one; borrowed. */
const char *last_column(const struct last *last, size_t at);

/* The result's rows from the first, borrowed until the last is freed. NULL
 * and ERR_MISSING: it was too large to keep. *out_whole: false: it was left
 * before its end. */
struct rows *last_again(struct last *last, bool *out_whole, struct err *err);

#endif
