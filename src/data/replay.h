/* data/replay.h - rows that come once, read as often as wanted: a spool of
 * them as rows. */
#ifndef DATA_REPLAY_H
#define DATA_REPLAY_H

#include <stdbool.h>

#include "base/err.h"
#include "data/rows.h"

struct spool;

struct replay {
	struct rows rows; /* first: to be pulled through; nothing to free */
	struct spool *spool;
};

/* Borrows from's columns for as long as the replay is used. */
void replay_init(struct replay *replay, const struct rows *from);
void replay_done(struct replay *replay);

/* Reads from to its end, and goes to the first row. */
bool replay_fill(struct replay *replay, struct rows *from, struct err *err);

/* To the first row once more; context is the replay, for callbacks. */
bool replay_again(void *context, struct err *err);

#endif
