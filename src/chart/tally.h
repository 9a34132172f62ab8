/* chart/tally.h - sums of values by series and place, in bounded memory.
 *
 * A hash of (series, x). Rows of the same place are added up.
 */
#ifndef CHART_TALLY_H
#define CHART_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tally_slot {
	double x, y; /* y: the sum; NaN: no value yet */
	uint32_t series;
	uint32_t count; /* of values; 0: the slot is free */
	int zone;       /* minutes east: the hour that clocks show twice */
};

struct tally {
	struct tally_slot *slots;
	size_t cap, used, most;
	int64_t added; /* values that fell on a place already taken */
};

void tally_init(struct tally *tally, size_t most);
void tally_done(struct tally *tally);

/* y NaN: a place without a value, until one comes. false: there are most
 * places already. */
bool tally_add(struct tally *tally, uint32_t series, double x, double y);

/* The same x in another zone is another place. */
bool tally_add_in_zone(struct tally *tally, uint32_t series, double x, int zone,
		       double y);

/* By series, then by x, then in the order of time; the tally takes no more
 * after that. */
void tally_sort(struct tally *tally);

#endif
