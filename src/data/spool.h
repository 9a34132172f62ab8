/* data/spool.h - rows kept to be read again, in bounded memory.
 *
 * Small results stay in memory; from memory_bytes on they go to an unlinked
 * temporary file ($TMPDIR, else /tmp), so a result of any size costs disk,
 * not memory, and nothing is left behind whatever happens.
 */
#ifndef DATA_SPOOL_H
#define DATA_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/rows.h"

struct spool;

#define SPOOL_MEMORY_BYTES ((size_t)8 << 20)

struct spool *spool_new(size_t column_count, size_t memory_bytes);
void spool_free(struct spool *spool);		/* NULL is fine */
CLEANUP_FREE(struct spool, spool_free, spool_freep)

/* Adds a row; the values are copied. ERR_SYSTEM when the disk is full. */
bool spool_add(struct spool *spool, const struct rows_value *values,
	       struct err *err);
int64_t spool_count(const struct spool *spool);	/* rows */
int64_t spool_bytes(const struct spool *spool);	/* kept, in memory or file */

/* Starts a pass over all rows from the first; as often as wanted. No row is
 * added afterwards. */
bool spool_rewind(struct spool *spool, struct err *err);

/* The pass's next row; values are borrowed until the next call. */
enum rows_step spool_next(struct spool *spool,
			  const struct rows_value **out_values,
			  struct err *err);

#endif
