/* load/stage_pack.h - text to compressed pieces, by several threads.
 *
 * One thread gives text in order; workers compress it block by block
 * (data/pack_blocks) and append the blocks, in that order, to the piece at
 * hand, an unlinked file in TMPDIR. Finished pieces come out one by one. At
 * most some blocks are in memory and some pieces on disk: whoever is ahead
 * waits for the others.
 */
#ifndef LOAD_STAGE_PACK_H
#define LOAD_STAGE_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/pack.h"

struct stage_pack;

struct stage_pack_options {
	enum pack_kind kind;
	int level;	/* 0: the library's default */
	int threads;	/* 0: as many as there are processors, 8 at most */
	int pieces;	/* unsent ones on disk at most */
};

struct stage_piece {
	int64_t number;	/* from 1, in their order */
	int fd;		/* of the unlinked file, yours */
	int64_t bytes;	/* compressed */
};

struct stage_pack *stage_pack_new(const struct stage_pack_options *options,
				  struct err *err);

/* Stops the workers and waits for them. NULL is fine. */
void stage_pack_free(struct stage_pack *pack);
CLEANUP_FREE(struct stage_pack, stage_pack_free, stage_pack_freep)

/* --- of the thread that gives --- */

/* Takes the text over and gives an empty one back. Waits for room. False:
 * stopped. */
bool stage_pack_put(struct stage_pack *pack, struct str *text);

/* What was put since the last end is a piece, if there was anything. */
bool stage_pack_end_piece(struct stage_pack *pack);

/* No more will be put: err NULL, or why. The last piece must have ended. */
void stage_pack_end(struct stage_pack *pack, const struct err *err);

/* --- of the thread that takes --- */

enum stage_pack_step {
	STAGE_PACK_PIECE,	/* *out is filled */
	STAGE_PACK_NONE,	/* none yet: poll stage_pack_fd */
	STAGE_PACK_END,		/* all were taken */
	STAGE_PACK_FAILED,	/* err says why */
};

enum stage_pack_step stage_pack_take(struct stage_pack *pack,
				     struct stage_piece *out, struct err *err);

/* Readable: there may be something to take. */
int stage_pack_fd(const struct stage_pack *pack);

/* A piece that was taken is sent and its file closed. */
void stage_pack_sent(struct stage_pack *pack);

/* Whoever waits in put or in a worker gives up. Any thread. */
void stage_pack_stop(struct stage_pack *pack);

/* A pipe end that becomes readable when it was stopped, for those who wait
 * elsewhere. */
int stage_pack_stop_fd(const struct stage_pack *pack);

/* Plain bytes compressed so far. */
int64_t stage_pack_done(struct stage_pack *pack);

#endif
