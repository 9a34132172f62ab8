#include "base/map.h"

#include <stdint.h>
#include <string.h>

#include "base/vec.h"

/* entries[] in insertion order (key NULL: removed); slots[] is an open
 * addressing table of entry index + 1, 0 free. Removed entries keep their
 * slot until the next rebuild. */
struct entry {
	char *key;
	void *value;
	uint64_t hash;
};

struct map {
	struct {
		VEC(struct entry);
	} entries;
	size_t *slots;
	size_t slot_count;	/* power of two */
	size_t live;
	void (*free_value)(void *value);
};

uint64_t map_hash(const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t hash = 1469598103934665603ULL;	/* FNV-1a */

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * 1099511628211ULL;
	return hash ^ (hash >> 29);
}

static uint64_t hash_text(const char *key)
{
	return map_hash(key, strlen(key));
}

struct map *map_new(void (*free_value)(void *value))
{
	struct map *map = mem_alloc(sizeof(*map));

	map->free_value = free_value;
	return map;
}

static void drop_entry(struct map *map, struct entry *entry)
{
	if (entry->key == NULL)
		return;
	if (map->free_value && entry->value)
		map->free_value(entry->value);
	mem_free(entry->key);
	entry->key = NULL;
	entry->value = NULL;
}

void map_free(struct map *map)
{
	if (map == NULL)
		return;
	for (size_t i = 0; i < map->entries.count; i++)
		drop_entry(map, &map->entries.items[i]);
	vec_done(&map->entries);
	mem_free(map->slots);
	mem_free(map);
}

static struct entry *find(const struct map *map, const char *key)
{
	uint64_t hash = hash_text(key);

	if (map->slot_count == 0)
		return NULL;
	for (size_t at = hash & (map->slot_count - 1); map->slots[at] != 0;
	     at = (at + 1) & (map->slot_count - 1)) {
		struct entry *entry = &map->entries.items[map->slots[at] - 1];

		if (entry->key && entry->hash == hash &&
		    strcmp(entry->key, key) == 0)
			return entry;
	}
	return NULL;
}

static void place(struct map *map, size_t index)
{
	size_t at = map->entries.items[index].hash & (map->slot_count - 1);

	while (map->slots[at] != 0)
		at = (at + 1) & (map->slot_count - 1);
	map->slots[at] = index + 1;
}

static void rebuild(struct map *map)
{
	size_t kept = 0;

	for (size_t i = 0; i < map->entries.count; i++)
		if (map->entries.items[i].key)
			map->entries.items[kept++] = map->entries.items[i];
	map->entries.count = kept;
	map->slot_count = 16;
	while (map->slot_count < kept * 3)
		map->slot_count *= 2;
	mem_free(map->slots);
	map->slots = mem_alloc_array(map->slot_count, sizeof(*map->slots));
	for (size_t i = 0; i < kept; i++)
		place(map, i);
}

void *map_get(const struct map *map, const char *key)
{
	const struct entry *entry = find(map, key);

	return entry ? entry->value : NULL;
}

bool map_has(const struct map *map, const char *key)
{
	return find(map, key) != NULL;
}

void map_put(struct map *map, const char *key, void *value)
{
	struct entry *old = find(map, key);
	struct entry entry = { .value = value };

	if (old) {
		if (map->free_value && old->value && old->value != value)
			map->free_value(old->value);
		old->value = value;
		return;
	}
	if ((map->entries.count + 1) * 2 > map->slot_count)
		rebuild(map);
	entry.key = mem_copy_text(key);
	entry.hash = hash_text(key);
	vec_push(&map->entries, entry);
	place(map, map->entries.count - 1);
	map->live++;
}

bool map_remove(struct map *map, const char *key)
{
	struct entry *entry = find(map, key);

	if (entry == NULL)
		return false;
	drop_entry(map, entry);
	map->live--;
	return true;
}

size_t map_count(const struct map *map)
{
	return map->live;
}

bool map_next(const struct map *map, size_t *at, const char **out_key,
	      void **out_value)
{
	while (*at < map->entries.count) {
		const struct entry *entry = &map->entries.items[(*at)++];

		if (entry->key == NULL)
			continue;
		if (out_key)
			*out_key = entry->key;
		if (out_value)
			*out_value = entry->value;
		return true;
	}
	return false;
}
