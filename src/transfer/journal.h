/* transfer/journal.h - the record that lets an upload be resumed.
 *
 * One small JSON file an upload, in the XDG state folder, named after the
 * target and the file; it holds the upload id and what the file was (size,
 * mtime). Which parts are there is asked from S3 (ListParts).
 */
#ifndef TRANSFER_JOURNAL_H
#define TRANSFER_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct s3_uri;

struct journal {
	struct str file;	/* where this record is kept */
	struct str path;	/* absolute name of the local file */
	struct str uri;
	struct str endpoint;	/* where: "" is AWS */
	int64_t size;
	int64_t mtime_ns;
	int64_t part_bytes;
	struct str upload_id;	/* "": none yet */
};

#define JOURNAL_EMPTY                                                          \
	{                                                                      \
		.file = STR_EMPTY, .path = STR_EMPTY, .uri = STR_EMPTY,        \
		.endpoint = STR_EMPTY, .upload_id = STR_EMPTY                  \
	}

void journal_done(struct journal *journal);

/* Names the record of path to uri; reads upload_id and part_bytes when one
 * for the very same file (size, mtime, endpoint) is there. */
void journal_find(struct journal *journal, const char *path,
		  const struct s3_uri *to, const char *endpoint);

bool journal_save(const struct journal *journal, struct err *err);
void journal_remove(const struct journal *journal);

#endif
