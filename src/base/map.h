/* base/map.h - hash from text to a pointer, iterated in insertion order.
 *
 * Keys are copied. Values belong to the caller unless a free function was
 * given to map_new, which then runs for every value replaced, removed or left.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct map;

struct map *map_new(void (*free_value)(void *value));	/* NULL: no free */
void map_free(struct map *map);
CLEANUP_FREE(struct map, map_free, map_freep)

/* Borrowed; NULL: no such key (or the value is NULL). */
void *map_get(const struct map *map, const char *key);
bool map_has(const struct map *map, const char *key);
void map_put(struct map *map, const char *key, void *value);
bool map_remove(struct map *map, const char *key);
size_t map_count(const struct map *map);

/* The hash of keys: the same in every run, and no defence against texts made
 * to collide. */
uint64_t map_hash(const void *bytes, size_t len);

/* size_t at = 0; while (map_next(map, &at, &key, &value)) ...
 * The map must not change meanwhile. Outputs may be NULL. */
bool map_next(const struct map *map, size_t *at, const char **out_key,
	      void **out_value);

#endif
