#include "../check.h"

#include <stdio.h>

#include "base/map.h"

static void keys_are_found_after_growth_and_removal(void **state)
{
	CLEANUP(map_freep) struct map *map = map_new(mem_free);
	char key[32];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "key %d", i);
		map_put(map, key, mem_copy_text(key));
	}
	for (int i = 0; i < 5000; i += 2) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_true(map_remove(map, key));
		assert_false(map_remove(map, key));
	}
	assert_int_equal(map_count(map), 2500);
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_text(map_get(map, key), i % 2 ? key : NULL);
	}
}

static void a_new_value_frees_the_old(void **state)
{
	CLEANUP(map_freep) struct map *map = map_new(mem_free);

	(void)state;
	map_put(map, "a", mem_copy_text("1"));
	map_put(map, "a", mem_copy_text("2"));
	assert_text(map_get(map, "a"), "2");
	assert_int_equal(map_count(map), 1);
	assert_null(map_get(map, "b"));
}

static void iteration_keeps_the_order_of_insertion(void **state)
{
	static const char *const names[] = { "zebra", "ant", "mule", "bee" };
	CLEANUP(map_freep) struct map *map = map_new(NULL);
	const char *key;
	size_t at = 0;
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		map_put(map, names[i], NULL);
	assert_true(map_has(map, "bee"));
	while (map_next(map, &at, &key, NULL))
		assert_text(key, names[seen++]);
	assert_int_equal(seen, COUNT_OF(names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_found_after_growth_and_removal),
		cmocka_unit_test(a_new_value_frees_the_old),
		cmocka_unit_test(iteration_keeps_the_order_of_insertion),
	};

	return RUN_TESTS(tests);
}
