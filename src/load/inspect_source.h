/* load/inspect_source.h - where the bytes of an inspection come from: a local
 * file, or an object of S3.
 */
#ifndef LOAD_INSPECT_SOURCE_H
#define LOAD_INSPECT_SOURCE_H

#include "base/err.h"
#include "base/mem.h"
#include "load/inspect.h"

struct aws;

struct inspect_opened;

/* Opens a regular file. ERR_MISSING, ERR_USAGE (a folder), ERR_SYSTEM. */
struct inspect_opened *inspect_open_file(const char *path, struct err *err);

/* Asks for the object's size. */
struct inspect_opened *inspect_open_object(struct aws *aws, const char *uri,
					   struct err *err);

void inspect_close(struct inspect_opened *opened);	/* NULL is fine */
CLEANUP_FREE(struct inspect_opened, inspect_close, inspect_closep)

/* Fills all of *out but tick. Borrowed from opened. A file that changes while
 * it is read is an error of read. */
void inspect_source_of(struct inspect_opened *opened,
		       struct inspect_source *out);

#endif
