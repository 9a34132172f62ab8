#include "chart/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void tally_init(struct tally *tally, size_t most)
{
	*tally = (struct tally){ .cap = 1024, .most = most };
	tally->slots = mem_alloc_array(tally->cap, sizeof(*tally->slots));
}

void tally_done(struct tally *tally)
{
	mem_free(tally->slots);
	tally->slots = NULL;
}

static size_t place_of(const struct tally *tally, uint32_t series, double x)
{
	uint64_t bits, hash;

	/* -0 and 0 are one place. */
	if (x == 0)
		x = 0;
	memcpy(&bits, &x, sizeof(bits));
	/* Small whole numbers differ in their upper bits only: these are
	 * brought down before and after the multiplication. */
	hash = bits ^ (bits >> 32) ^ ((uint64_t)series << 20) ^ series;
	hash *= UINT64_C(0x9E3779B97F4A7C15);
	hash = (hash ^ (hash >> 32)) * UINT64_C(0x9E3779B97F4A7C15);
	return (size_t)(hash ^ (hash >> 29)) & (tally->cap - 1);
}

static struct tally_slot *find(const struct tally *tally, uint32_t series,
			       double x, int zone)
{
	size_t at = place_of(tally, series, x);

	for (;; at = (at + 1) & (tally->cap - 1)) {
		struct tally_slot *slot = &tally->slots[at];

		if (slot->count == 0 || (slot->series == series &&
					 slot->x == x && slot->zone == zone))
			return slot;
	}
}

static void grow(struct tally *tally)
{
	struct tally_slot *old = tally->slots;
	size_t count = tally->cap;

	tally->cap *= 2;
	tally->slots = mem_alloc_array(tally->cap, sizeof(*tally->slots));
	for (size_t i = 0; i < count; i++)
		if (old[i].count > 0)
			*find(tally, old[i].series, old[i].x, old[i].zone) =
				old[i];
	mem_free(old);
}

bool tally_add(struct tally *tally, uint32_t series, double x, double y)
{
	return tally_add_in_zone(tally, series, x, 0, y);
}

bool tally_add_in_zone(struct tally *tally, uint32_t series, double x, int zone,
		       double y)
{
	struct tally_slot *slot = find(tally, series, x, zone);

	if (slot->count == 0) {
		if (tally->used >= tally->most)
			return false;
		if (tally->used * 2 >= tally->cap) {
			grow(tally);
			slot = find(tally, series, x, zone);
		}
		tally->used++;
		*slot = (struct tally_slot){
			.x = x, .y = y, .series = series, .zone = zone
		};
	} else if (isnan(slot->y)) {
		slot->y = y;
	} else if (!isnan(y)) {
		tally->added++;
		slot->y += y;
	}
	slot->count += slot->count < UINT32_MAX;
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct tally_slot *a = left, *b = right;

	if (a->series != b->series)
		return a->series < b->series ? -1 : 1;
	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	/* Clocks are set back: what is farther east comes first. */
	return (a->zone < b->zone) - (a->zone > b->zone);
}

void tally_sort(struct tally *tally)
{
	size_t count = 0;

	/* The free ones are many. */
	for (size_t i = 0; i < tally->cap; i++)
		if (tally->slots[i].count > 0)
			tally->slots[count++] = tally->slots[i];
	for (size_t i = count; i < tally->cap; i++)
		tally->slots[i].count = 0;
	qsort(tally->slots, count, sizeof(*tally->slots), compare);
}
