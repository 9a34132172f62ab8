/* net/pace.h - how many requests at once, and how fast. Pure.
 *
 * A throttled reply halves what may be under way, each full round of good
 * ones lets one more in: AIMD, as TCP does. In the adaptive mode the rate is
 * held as well, along the cubic curve of the SDKs: AWS SDKs and Tools
 * reference guide, "Retry behavior" (beta 0.7, scale 0.4, smoothing 0.8, at
 * least one request in two seconds).
 */
#ifndef NET_PACE_H
#define NET_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum { PACE_MOST = 64 };	/* under way when nothing was throttled */

struct pace {
	bool adaptive;
	int limit;		/* may be under way, 1 .. PACE_MOST */
	int under_way;
	int good;		/* replies since limit last changed */
	int deaf;		/* throttled replies that are of requests
				 * sent before the limit fell */
	/* adaptive: requests and seconds */
	bool slowed;		/* the rate is held */
	double fill_rate;
	double tokens;
	double filled_at;
	double measured_rate;
	double last_bucket;	/* half seconds */
	double requests;	/* in this bucket */
	double last_max_rate;
	double throttled_at;
};

void pace_init(struct pace *pace, bool adaptive);

/* 0: go on, and it counts as under way; else come again: after so many
 * milliseconds, or -1, when another has ended. */
int64_t pace_enter(struct pace *pace, int64_t now_us);

/* One that was under way has ended. */
void pace_leave(struct pace *pace, bool throttled, int64_t now_us);

/* It ended without a reply: stopped, or failed on its way. */
void pace_leave_unheard(struct pace *pace);

#endif
