#include "net/pace.h"

#include <math.h>
#include <string.h>

#define BETA 0.7
#define SCALE 0.4
#define SMOOTH 0.8
#define MIN_RATE 0.5
#define BUCKETS_A_SECOND 2.0

void pace_init(struct pace *pace, bool adaptive)
{
	memset(pace, 0, sizeof(*pace));
	pace->adaptive = adaptive;
	pace->limit = PACE_MOST;
}

static double seconds(int64_t now_us)
{
	return (double)now_us / 1e6;
}

/* --- the rate --- */

static void refill(struct pace *pace, double now)
{
	double most = pace->fill_rate > 1 ? pace->fill_rate : 1;

	pace->tokens += (now - pace->filled_at) * pace->fill_rate;
	if (pace->tokens > most)
		pace->tokens = most;
	pace->filled_at = now;
}

/* Milliseconds until a request may go. */
static int64_t take_token(struct pace *pace, double now)
{
	if (!pace->slowed)
		return 0;
	refill(pace, now);
	if (pace->tokens >= 1) {
		pace->tokens -= 1;
		return 0;
	}
	return (int64_t)ceil((1 - pace->tokens) / pace->fill_rate * 1000);
}

static void measure(struct pace *pace, double now)
{
	double bucket = floor(now * BUCKETS_A_SECOND) / BUCKETS_A_SECOND;

	pace->requests++;
	if (pace->last_bucket == 0)
		pace->last_bucket = bucket;
	if (bucket <= pace->last_bucket)
		return;
	pace->measured_rate =
		pace->requests / (bucket - pace->last_bucket) * SMOOTH +
		pace->measured_rate * (1 - SMOOTH);
	pace->requests = 0;
	pace->last_bucket = bucket;
}

/* Seconds until the curve is back at the rate of the last throttle. */
static double window(const struct pace *pace)
{
	return cbrt(pace->last_max_rate * (1 - BETA) / SCALE);
}

static void set_rate(struct pace *pace, double rate, double now)
{
	if (rate > 2 * pace->measured_rate)
		rate = 2 * pace->measured_rate;
	if (rate < MIN_RATE)
		rate = MIN_RATE;
	refill(pace, now);
	pace->fill_rate = rate;
}

static void adapt(struct pace *pace, bool throttled, double now)
{
	double rate = pace->measured_rate;

	measure(pace, now);
	if (!throttled) {
		double past = now - pace->throttled_at - window(pace);

		if (pace->slowed)
			set_rate(pace,
				 SCALE * past * past * past +
					 pace->last_max_rate,
				 now);
		return;
	}
	if (pace->slowed && pace->fill_rate < rate)
		rate = pace->fill_rate;
	if (!pace->slowed)
		pace->filled_at = now;
	pace->last_max_rate = rate;
	pace->throttled_at = now;
	pace->slowed = true;
	set_rate(pace, rate * BETA, now);
}

/* --- the number --- */

int64_t pace_enter(struct pace *pace, int64_t now_us)
{
	int64_t wait_ms;

	if (pace->under_way >= pace->limit)
		return -1;
	wait_ms = take_token(pace, seconds(now_us));
	if (wait_ms == 0)
		pace->under_way++;
	return wait_ms;
}

void pace_leave_unheard(struct pace *pace)
{
	if (pace->under_way > 0)
		pace->under_way--;
}

static void fall(struct pace *pace)
{
	int half = pace->under_way / 2;

	if (half < pace->limit)
		pace->limit = half < 1 ? 1 : half;
	pace->deaf = pace->under_way - 1;
	pace->good = 0;
}

void pace_leave(struct pace *pace, bool throttled, int64_t now_us)
{
	if (pace->adaptive)
		adapt(pace, throttled, seconds(now_us));
	if (throttled && pace->deaf <= 0)
		fall(pace);
	else if (pace->deaf > 0)
		pace->deaf--;
	else if (++pace->good >= pace->limit && pace->limit < PACE_MOST) {
		pace->limit++;
		pace->good = 0;
	}
	pace_leave_unheard(pace);
}
