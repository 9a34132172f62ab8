/* transfer/batch.h - many files to and from S3, their parts in flight side by
 * side.
 *
 * Whatever the files' sizes, some 16 requests are under way: parts of one
 * large file or a thousand small ones. Items come from a source one by one,
 * so neither their number nor their size costs memory. What fails is counted
 * and told, the others go on; only what would fail for all of them (Ctrl-C,
 * credentials, a full disk, no network) ends the batch. Runs in any thread
 * but the AWS thread; base/cancel ends it within a moment.
 */
#ifndef TRANSFER_BATCH_H
#define TRANSFER_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/s3_uri.h"
#include "base/err.h"
#include "base/str.h"

struct aws;
struct progress;

enum batch_kind {
	BATCH_PUT,	/* path, or all that comes from fd, to uri */
	BATCH_GET,	/* uri to path; a path that ends in '/' is a folder */
	BATCH_COPY,	/* from to uri, within S3 */
	BATCH_MOVE,	/* the same; from is removed once uri is whole */
	BATCH_REMOVE,	/* uri */
	BATCH_UNLINK,	/* path */
};

struct batch_item {
	enum batch_kind kind;
	struct str path;
	bool makes_folders;	/* GET: those above path, when missing */
	int fd;			/* of a pipe, borrowed; -1: path */
	struct s3_uri uri;
	struct s3_uri from;
	int64_t size;		/* as listed; -1: not known */
	struct str etag;	/* of the object fetched or copied, with its
				 * quotes; "": not known */
};

void batch_item_init(struct batch_item *item);
void batch_item_done(struct batch_item *item);

/* Appends "put a.csv to s3://b/a.csv (12 KiB)". */
void batch_item_describe(const struct batch_item *item, struct str *out);

enum batch_step {
	BATCH_NEXT,	/* *item is filled */
	BATCH_FAILED,	/* err tells of one that is none; go on */
	BATCH_BROKEN,	/* err tells why no more can be found */
	BATCH_END,
};

struct batch_source {
	/* *item is empty, of kind BATCH_PUT; what is put in becomes the
	 * batch's. May wait. */
	enum batch_step (*next)(void *context, struct batch_item *item,
				struct err *err);
	void *context;
};

/* All in the thread of batch_run; any may be NULL. */
struct batch_watch {
	/* Ten times a second. subject: what moves, "" when several do. */
	void (*progress)(void *context, const struct progress *progress,
			 const char *subject);
	void (*note)(void *context, const char *text);
	void (*failed)(void *context, const struct err *err);
	void *context;
};

struct batch_options {
	int64_t part_bytes;	/* 0: see transfer/part_plan */
	bool keep_existing;	/* local files that are there stay */
	int in_flight;		/* requests; 0: 16 */
	struct batch_watch watch;
};

struct batch_result {
	int64_t files;		/* moved */
	int64_t bytes;
	int64_t removed;
	int64_t left;		/* not overwritten, as wanted */
	int64_t failed;
	struct err first;	/* the first failure */
};

/* options may be NULL. False when anything failed; *result is filled either
 * way. err: the failure, or how many there were and the first. A multipart
 * upload and a large download that end by Ctrl-C, the network or credentials
 * can be resumed: the same again goes on (transfer/journal). */
bool batch_run(struct aws *aws, const struct batch_options *options,
	       const struct batch_source *source,
	       struct batch_result *result, struct err *err);

/* The same without doing it: describe is called with a line for each item. */
bool batch_dry_run(const struct batch_source *source,
		   void (*describe)(void *context, const char *line),
		   void *context, struct batch_result *result,
		   struct err *err);

#endif
