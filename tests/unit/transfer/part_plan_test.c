#include "../check.h"

#include "transfer/part_plan.h"

#define MIB INT64_C(1048576)

static const struct {
	int64_t size;
	int64_t wanted;
	int64_t part_bytes;		/* 0: refused */
	int64_t count;
	int64_t last;			/* bytes of the last part */
} cases[] = {
	{ 0, 0, 8 * MIB, 0, 0 },
	{ 1, 0, 8 * MIB, 1, 1 },
	{ 8 * MIB, 0, 8 * MIB, 1, 8 * MIB },
	{ 8 * MIB + 1, 0, 8 * MIB, 2, 1 },
	{ 5 * 1024 * MIB, 0, 8 * MIB, 640, 8 * MIB },
	{ 80000 * MIB, 0, 8 * MIB, 10000, 8 * MIB },
	{ 80000 * MIB + 1, 0, 9 * MIB, 8889, 8 * MIB + 1 },
	{ 100 * MIB, 5 * MIB, 5 * MIB, 20, 5 * MIB },
	{ 100 * MIB, 4 * MIB, 0, 0, 0 },
	{ 100 * MIB, 6 * 1024 * MIB, 0, 0, 0 },
	{ 80000 * MIB, 7 * MIB, 0, 0, 0 },
	{ -1, 0, 0, 0, 0 },
};

static void parts_keep_to_the_limits_of_s3(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct part_plan plan = { 0 };
		struct err err = ERR_EMPTY;
		bool ok = part_plan_make(&plan, cases[i].size,
					 cases[i].wanted, &err);

		assert_int_equal(ok, cases[i].part_bytes != 0);
		if (!ok) {
			assert_int_equal(err.kind, ERR_USAGE);
			continue;
		}
		assert_int_equal(plan.part_bytes, cases[i].part_bytes);
		assert_int_equal(plan.part_count, cases[i].count);
		if (plan.part_count > 0)
			assert_int_equal(part_plan_length(
						 &plan, plan.part_count - 1),
					 cases[i].last);
	}
}

static void parts_cover_the_file_without_gaps(void **state)
{
	struct part_plan plan = { 0 };
	int64_t at = 0;

	(void)state;
	assert_true(part_plan_make(&plan, 100 * MIB + 7, 0, NULL));
	for (int64_t i = 0; i < plan.part_count; i++) {
		assert_int_equal(part_plan_offset(&plan, i), at);
		at += part_plan_length(&plan, i);
	}
	assert_int_equal(at, plan.size);
}

static void parts_of_a_pipe_grow_to_reach_terabytes(void **state)
{
	int64_t all = 0;

	(void)state;
	assert_int_equal(part_plan_growing(8 * MIB, 0), 8 * MIB);
	assert_int_equal(part_plan_growing(8 * MIB, 999), 8 * MIB);
	assert_int_equal(part_plan_growing(8 * MIB, 1000), 16 * MIB);
	assert_int_equal(part_plan_growing(8 * MIB, 9999), 4096 * MIB);
	assert_true(part_plan_growing(4096 * MIB, 9999) == PART_PLAN_MAX_PART);
	for (int i = 0; i < PART_PLAN_MAX_PARTS; i++)
		all += part_plan_growing(8 * MIB, i);
	assert_true(all > INT64_C(7) * 1024 * 1024 * MIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_keep_to_the_limits_of_s3),
		cmocka_unit_test(parts_cover_the_file_without_gaps),
		cmocka_unit_test(parts_of_a_pipe_grow_to_reach_terabytes),
	};

	return RUN_TESTS(tests);
}
