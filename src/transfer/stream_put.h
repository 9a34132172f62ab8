/* transfer/stream_put.h - objects from bytes that come by themselves, one
 * object after the other, and never lie on a disk.
 *
 * What fits into a part goes by PutObject when its end is there, more in parts
 * while it comes. Parts wait in memory until S3 has them, some 15 MiB in all;
 * whoever writes waits for room. An object is finished only by stream_put_end,
 * so that who knows that the bytes were wrong can drop it.
 *
 * An upload that ends in the middle (Ctrl-C, network) leaves its parts and a
 * record (transfer/journal); the same object of the same mark goes on: its
 * bytes are to be written again from the first on, those S3 has are not sent.
 */
#ifndef TRANSFER_STREAM_PUT_H
#define TRANSFER_STREAM_PUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct aws;
struct s3_uri;
struct stream_put;

/* Of a part, which waits in memory. 10,000 of them are 195 GiB; where the size
 * is told beforehand, else parts grow up to it, some 170 GiB. What is larger is
 * refused: S3 takes it in parts that no memory should hold. */
enum { STREAM_PUT_PART_MAX = 20 * 1024 * 1024 };

struct stream_put_watch {
	/* Ten times a second while waiting; NULL: none. */
	void (*tick)(void *context);
	/* S3 has the object whole; may run in any later call. */
	void (*done)(void *context, int64_t id, const char *etag);
	void (*note)(void *context, const char *text);
	void *context;
};

struct stream_put *stream_put_new(struct aws *aws,
				  const struct stream_put_watch *watch,
				  struct err *err);

/* What is under way is given up; an upload in parts can be resumed. */
void stream_put_free(struct stream_put *put);	/* NULL is fine */
CLEANUP_FREE(struct stream_put, stream_put_free, stream_put_freep)

struct stream_put_object {
	const struct s3_uri *uri;	/* copied */
	int64_t size;			/* -1: not known */
	int64_t id;			/* for done */
	const char *from;		/* names where the bytes come from, */
	const char *mark;		/* ... which are the same if this is */
	bool once;			/* no record: what it leaves is cleared
					 * away, not gone on with */
};

/* ERR_USAGE: too large; nothing has begun. */
bool stream_put_begin(struct stream_put *put,
		      const struct stream_put_object *object,
		      struct err *err);
bool stream_put_write(struct stream_put *put, const char *bytes, size_t len,
		      struct err *err);
bool stream_put_end(struct stream_put *put, struct err *err);

/* The object at hand is not to be; nothing of it stays at S3. */
void stream_put_drop(struct stream_put *put, struct err *err);

/* Takes what S3 has answered meanwhile; what failed fails the next write. */
void stream_put_look(struct stream_put *put);

/* Until S3 has answered everything. */
bool stream_put_wait(struct stream_put *put, struct err *err);

/* Was an upload in parts left to be resumed? */
bool stream_put_can_resume(const struct stream_put *put);

#endif
