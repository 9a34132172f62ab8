/* transfer/item.h - one item of a batch under way: what batch, put, get and
 * copy share; nobody else's. */
#ifndef TRANSFER_ITEM_H
#define TRANSFER_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "transfer/batch.h"

struct call;
struct item;
struct worker_queue;

enum item_outcome {
	ITEM_MOVED,
	ITEM_LEFT,	/* something is there and is to stay */
};

/* begin, send and take return false and err when the item has failed. Then,
 * and when item->over is set, end follows as soon as no call is pending. */
struct item_kind {
	/* Opens what is needed; sends the first call, if any. */
	bool (*begin)(struct item *item, struct err *err);

	/* Sends one more call by item_send_take, if one may go out now. */
	bool (*send)(struct item *item, struct err *err);

	/* A call came back, ok or not; it is freed afterwards. */
	bool (*take)(struct item *item, struct call *call, struct err *err);

	/* Frees item->state. err: NULL when all went well, else why not; end
	 * may change it. May itself find a failure: false and *err. */
	bool (*end)(struct item *item, const struct err *failed,
		    struct err *err);
};

struct item {
	const struct item_kind *kind;
	struct aws *aws;
	const struct batch_options *options;
	struct batch_item what;
	struct str subject;	/* for messages */
	enum item_outcome outcome;
	bool over;		/* nothing more is to be sent */
	struct err err;		/* ... because of this */
	int64_t bytes;		/* of the whole, once known */
	int64_t had_bytes;	/* there from an earlier try */
	void *state;		/* of kind */

	/* of batch */
	struct worker_queue *queue;
	size_t pending;
	bool sent;
	int turns;		/* it has failed before */
};

/* Takes over the call; it comes back to the item's take. */
void item_send_take(struct item *item, struct call *call);

/* Something the person should know. */
void item_note(const struct item *item, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* Will it be over by itself? The network, or S3 being busy or out of order. */
bool item_err_passes(const struct err *err);

/* Removes what an upload has at S3, also after Ctrl-C; err, a failure, gets a
 * hint where that could not be done at once. */
void item_abort_upload(struct item *item, const char *upload_id,
		       struct err *err);
struct aws;
struct s3_uri;
void item_abort_at(struct aws *aws, const struct s3_uri *uri,
		   const char *upload_id, struct err *err);

extern const struct item_kind item_put;		/* put.c */
extern const struct item_kind item_put_pipe;	/* put_pipe.c */
extern const struct item_kind item_get;		/* get.c */
extern const struct item_kind item_copy;	/* copy.c */

#endif
