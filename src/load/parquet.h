/* load/parquet.h - columns and rows of a Parquet file, from its footer.
 *
 * The footer is FileMetaData in Thrift's compact protocol (apache/
 * parquet-format, parquet.thrift), its length and "PAR1" behind it. Nothing
 * else of the file is read. Pure.
 */
#ifndef LOAD_PARQUET_H
#define LOAD_PARQUET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct infer;

enum { PARQUET_TAIL_BYTES = 8 };	/* the length and "PAR1" */

/* From the last PARQUET_TAIL_BYTES: how many bytes before them are the
 * footer. ERR_DATA: this is no end of a Parquet file. */
bool parquet_footer_size(const char *tail, int64_t file_size,
			 int64_t *out_bytes, struct err *err);

/* Fills *out, which is INFER_EMPTY: columns in the file's order, as COPY
 * matches them. Groups (lists, maps, structs) are of type SUPER. */
bool parquet_read_footer(const char *footer, size_t len, struct infer *out,
			 int64_t *out_rows, struct err *err);

#endif
