/* data/lzop.h - unpacks files of lzop(1).
 *
 * Bytes go in in pieces, plain bytes come out at a sink, each block once its
 * checksums agree. A block has 64 MiB at most; no more is kept. Apart from
 * data/pack since the shell does not need it: who does not call it is not
 * linked with liblzo2.
 */
#ifndef DATA_LZOP_H
#define DATA_LZOP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct sink;
struct lzop;

/* sink is borrowed until lzop_free. */
struct lzop *lzop_new(struct sink *sink);
void lzop_free(struct lzop *lzop); /* NULL is fine */
CLEANUP_FREE(struct lzop, lzop_free, lzop_freep)

/* ERR_DATA: not of lzop, damaged, or of a kind that is not read (filters,
 * split archives, methods beside LZO1X); sink errors pass through. */
bool lzop_feed(struct lzop *lzop, const void *bytes, size_t len,
	       struct err *err);

/* After the last byte; ERR_DATA "... are cut short" in mid-stream. */
bool lzop_end(struct lzop *lzop, struct err *err);

#endif
