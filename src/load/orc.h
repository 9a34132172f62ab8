/* load/orc.h - columns and rows of an ORC file, from its end.
 *
 * The last byte is the length of the postscript, which says how long the
 * footer before it is and how it is packed (apache/orc, orc_proto.proto).
 * Packed by zlib, Snappy or zstd it is read; LZO and LZ4 are refused by name.
 * Pure.
 */
#ifndef LOAD_ORC_H
#define LOAD_ORC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct infer;

enum { ORC_TAIL_BYTES = 256 }; /* the postscript and its length, at most */

/* From the last bytes of the file (ORC_TAIL_BYTES, or all of a shorter one):
 * how many bytes from the end the footer begins. ERR_DATA. */
bool orc_footer_place(const char *tail, size_t len, int64_t file_size,
		      int64_t *out_from_end, struct err *err);

/* bytes: from there to the end of the file. Fills *out, which is INFER_EMPTY:
 * columns in the file's order, as COPY matches them. Lists, maps and structs
 * are of type SUPER. */
bool orc_read_footer(const char *bytes, size_t len, struct infer *out,
		     int64_t *out_rows, struct err *err);

#endif
