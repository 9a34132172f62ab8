/* kaggle/kaggle_source.h - the bytes of a data set's archive at Kaggle.
 *
 * Read forward from wherever seek said, in pieces. When the connection breaks
 * the rest is asked for again, of the API, since the signed address behind
 * it ends; size and ETag (else Last-Modified) must still be the same. A server
 * that knows no ranges gives one stream from the first byte on.
 */
#ifndef KAGGLE_KAGGLE_SOURCE_H
#define KAGGLE_KAGGLE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct kaggle_client;
struct kaggle_name;
struct kaggle_source;

/* Asks for the first bytes; client and name are borrowed. ERR_DATA: what came
 * is no zip archive. */
struct kaggle_source *kaggle_source_open(struct kaggle_client *client,
					 const struct kaggle_name *name,
					 struct err *err);
void kaggle_source_close(struct kaggle_source *source); /* NULL is fine */
CLEANUP_FREE(struct kaggle_source, kaggle_source_close, kaggle_source_closep)

bool kaggle_source_has_ranges(const struct kaggle_source *source);
int64_t kaggle_source_size(const struct kaggle_source *source); /* -1: not
								  * known */

/* What the archive is known by: size and ETag or time. Borrowed. */
const char *kaggle_source_mark(const struct kaggle_source *source);

/* The next bytes are those at offset; end: no byte behind it will be wanted.
 * What lies little ahead is read over. ERR_DATA: back, without ranges. */
bool kaggle_source_seek(struct kaggle_source *source, int64_t offset,
			int64_t end, struct err *err);

/* At least one and at most so many bytes; borrowed until the next call.
 * *out_len 0: the end of the archive. */
bool kaggle_source_next(struct kaggle_source *source, size_t most,
			const char **out_bytes, size_t *out_len,
			struct err *err);

/* Just so many bytes, appended. ERR_DATA: there are fewer. */
struct str;
bool kaggle_source_read(struct kaggle_source *source, size_t len,
			struct str *out, struct err *err);

#endif
