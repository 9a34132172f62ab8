/* load/avro.h - columns and rows of an Avro file.
 *
 * An object container file begins with its schema, in JSON; blocks of records
 * follow, each behind its count and size (Avro 1.11, Object Container Files).
 * Records are not read. Pure.
 */
#ifndef LOAD_AVRO_H
#define LOAD_AVRO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct infer;

enum {
	AVRO_HEADER_MAX = 1024 * 1024, /* COPY takes no longer one */
	AVRO_BLOCK_HEAD = 20,	       /* two numbers at most */
	AVRO_SYNC_BYTES = 16,
};

/* bytes: the start of the file. Fills *out, which is INFER_EMPTY; *out_codec
 * (of 16 bytes) says how blocks are packed; *out_len is the place of the
 * first block. */
bool avro_read_header(const char *bytes, size_t len, struct infer *out,
		      char out_codec[16], size_t *out_len, struct err *err);

/* The head of a block: its records, and the bytes from here to the next
 * block. */
bool avro_read_block(const char *bytes, size_t len, int64_t *out_records,
		     int64_t *out_bytes, struct err *err);

#endif
