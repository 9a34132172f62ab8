/* base/units.h - sizes and durations as people write and read them. */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* 512 -> "512 B", 1536 -> "1.5 KiB", 8388608 -> "8.0 MiB". */
void units_add_bytes(struct str *str, int64_t bytes);

/* 950000 us -> "0.95 s", 75 s -> "1 min 15 s". */
void units_add_duration(struct str *str, int64_t us);

/* 1234567 -> "1,234,567". */
void units_add_count(struct str *str, int64_t count);

/* Decimal digits and a NUL into text, which has room for 24 bytes; how many
 * digits. For millions of rows. */
size_t units_write_number(int64_t number, char *text);

/* "8MiB", "8 MB", "512k", "10": K, M, G, T and KiB are powers of 1024; kB,
 * MB, GB too, as S3 tools do. */
bool units_parse_bytes(const char *text, int64_t *out_bytes, struct err *err);

/* "90", "90s", "5min", "1h", "250ms", "2d" to milliseconds; a bare number is
 * seconds. */
bool units_parse_duration_ms(const char *text, int64_t *out_ms,
			     struct err *err);

#endif
