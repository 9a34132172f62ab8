/* load/stage_send.h - pieces to S3 as they are made.
 *
 * Each goes by one PutObject: it is there whole or not at all, whatever
 * happens to this program, and no upload is left half done. Several are under
 * way at once. Runs in the thread that asked; Ctrl-C ends it within a moment.
 */
#ifndef LOAD_STAGE_SEND_H
#define LOAD_STAGE_SEND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"

struct aws;
struct stage_pack;
struct stage_place;

/* What lies in the folder. */
struct stage_sent {
	char *name;
	int64_t bytes;
};

struct stage_sents {
	VEC(struct stage_sent);
};

void stage_sents_done(struct stage_sents *sents);

struct stage_send_options {
	struct aws *aws;
	const struct stage_place *place;
	int64_t before;		/* pieces that are there already */
	const char *suffix;	/* of the names: ".gz" */
	/* Ten times a second; bytes: sent so far. */
	void (*progress)(void *context, int64_t bytes);
	void *context;
};

/* Until the pack has come to its end; adds to *out by number. On failure the
 * pack is stopped; *out_unsure: S3 got all of a piece and has not answered,
 * so that the object may be there, or come yet. */
bool stage_send_run(const struct stage_send_options *options,
		    struct stage_pack *pack, struct stage_sents *out,
		    bool *out_unsure, struct err *err);

#endif
