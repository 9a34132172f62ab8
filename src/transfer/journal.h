/* transfer/journal.h - the record that lets a transfer be resumed.
 *
 * One file a transfer in the XDG state folder, named after object, endpoint
 * and local file: a line of JSON with what the transfer is of, then a line
 * for each part that is done. The first line is synced to disk, the others,
 * and what a download has written, outlive the process but perhaps not the
 * machine: hence this_boot. A record in use is locked. It holds no keys and
 * no credentials.
 */
#ifndef TRANSFER_JOURNAL_H
#define TRANSFER_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct journal_part {
	int64_t number;		/* 0, 1, ... */
	char *etag;		/* "" of a download's */
	char *sum;		/* value of a checksum header, or "" */
};

struct journal {
	/* Which record: set by journal_open. */
	struct str file;
	struct str path;	/* absolute name of the local file */
	struct str uri;
	struct str endpoint;	/* "" is AWS */
	int fd;			/* -1: there is no record */

	/* What was transferred; read by journal_open, to be set before
	 * journal_start. Zeros and "" when there is no record. */
	int64_t size;
	int64_t mtime_ns;	/* of the file sent */
	int64_t part_bytes;
	struct str etag;	/* of the object fetched */
	struct str made;	/* whatever else must be the same */
	struct str sum_name;	/* checksum of the parts: "CRC64NVME" */
	struct str upload_id;
	struct str temporary;	/* where the bytes fetched are */
	int64_t device;		/* of it */
	int64_t inode;
	bool this_boot;		/* the machine has not been started since */

	struct journal_part *items;	/* [count], as they were done */
	size_t count;
	size_t cap;
};

#define JOURNAL_EMPTY                                                          \
	{                                                                      \
		.file = STR_EMPTY, .path = STR_EMPTY, .uri = STR_EMPTY,        \
		.endpoint = STR_EMPTY, .fd = -1, .etag = STR_EMPTY,            \
		.made = STR_EMPTY, .sum_name = STR_EMPTY,                      \
		.upload_id = STR_EMPTY, .temporary = STR_EMPTY                 \
	}

enum journal_way { JOURNAL_UPLOAD, JOURNAL_DOWNLOAD };

/* Forgets the record, which stays on disk. */
void journal_done(struct journal *journal);

struct journal_name {
	enum journal_way way;
	const char *path;
	const char *uri;
	const char *endpoint;
};

/* Looks for the record and locks it. ERR_USAGE: another process has it. A
 * record that cannot be read is none. */
bool journal_open(struct journal *journal, const struct journal_name *name,
		  struct err *err);

/* Begins the record anew, with what stands in *journal and no parts. */
bool journal_start(struct journal *journal, struct err *err);

/* A part is done. What fails here costs only a part sent twice. */
void journal_add(struct journal *journal, int64_t number, const char *etag,
		 const char *sum);

/* The transfer is over, one way or the other. */
void journal_remove(struct journal *journal);

#endif
