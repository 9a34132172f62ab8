#include "transfer/part_plan.h"

#include <inttypes.h>

enum { GROWS_AFTER = 1000 }; /* parts */

bool part_plan_make(struct part_plan *plan, int64_t size, int64_t part_bytes,
		    struct err *err)
{
	int64_t least = size / PART_PLAN_MAX_PARTS +
			(size % PART_PLAN_MAX_PARTS > 0);

	if (size < 0)
		return err_set(err, ERR_USAGE, "a file has no negative size");
	least = (least + PART_PLAN_MIB - 1) / PART_PLAN_MIB * PART_PLAN_MIB;
	if (part_bytes == 0)
		part_bytes = least > PART_PLAN_DEFAULT_PART
				     ? least
				     : PART_PLAN_DEFAULT_PART;
	if (part_bytes < PART_PLAN_MIN_PART || part_bytes > PART_PLAN_MAX_PART)
		return err_set(err, ERR_USAGE,
			       "a part must have 5 MiB to 5 GiB");
	if (part_bytes < least) {
		err_set(err, ERR_USAGE,
			"parts of that size would be more "
			"than %d",
			PART_PLAN_MAX_PARTS);
		return err_hint(err, "take at least %" PRId64 " MiB",
				least / PART_PLAN_MIB);
	}
	if (least > PART_PLAN_MAX_PART)
		return err_set(err, ERR_USAGE, "the file is too large for S3");
	plan->size = size;
	plan->part_bytes = part_bytes;
	plan->part_count = (size + part_bytes - 1) / part_bytes;
	return true;
}

int64_t part_plan_growing(int64_t first_bytes, int64_t part)
{
	int64_t bytes = first_bytes;

	for (int64_t i = GROWS_AFTER; i <= part; i += GROWS_AFTER)
		bytes = bytes * 2 < PART_PLAN_MAX_PART ? bytes * 2
						       : PART_PLAN_MAX_PART;
	return bytes;
}

int64_t part_plan_offset(const struct part_plan *plan, int64_t part)
{
	return part * plan->part_bytes;
}

int64_t part_plan_length(const struct part_plan *plan, int64_t part)
{
	int64_t left = plan->size - part_plan_offset(plan, part);

	return left < plan->part_bytes ? left : plan->part_bytes;
}
