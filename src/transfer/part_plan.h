/* transfer/part_plan.h - how a size is cut into parts. Pure. */
#ifndef TRANSFER_PART_PLAN_H
#define TRANSFER_PART_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum {
	PART_PLAN_MAX_PARTS = 10000,			/* S3's limit */
	PART_PLAN_IN_FLIGHT = 16,
	PART_PLAN_MIB = 1024 * 1024,
	PART_PLAN_DEFAULT_PART = 8 * PART_PLAN_MIB,
	PART_PLAN_MIN_PART = 5 * PART_PLAN_MIB,		/* S3's, but for the last */
};

#define PART_PLAN_MAX_PART (INT64_C(5) * 1024 * PART_PLAN_MIB)

struct part_plan {
	int64_t size;
	int64_t part_bytes;	/* all but the last part */
	int64_t part_count;	/* 0 for an empty file, 1: no multipart */
};

/* part_bytes 0: max(8 MiB, size / 10,000 rounded up to MiB). ERR_USAGE: the
 * wanted part size is out of S3's limits or gives too many parts. */
bool part_plan_make(struct part_plan *plan, int64_t size, int64_t part_bytes,
	       struct err *err);

/* Bytes of part 0, 1, ... when the size is not known before the end: the
 * first 1,000 have first_bytes, each 1,000 after them twice as much, at most
 * S3's 5 GiB. 8 MiB reach 8 TiB. */
int64_t part_plan_growing(int64_t first_bytes, int64_t part);

/* Offset and length of part 0 .. part_count - 1. */
int64_t part_plan_offset(const struct part_plan *plan, int64_t part);
int64_t part_plan_length(const struct part_plan *plan, int64_t part);

#endif
