#include "transfer/progress.h"

#include <stdio.h>

#include "base/units.h"

enum { SAMPLE_US = 200 * 1000 };

void progress_start(struct progress *progress, int64_t total, int64_t now_us)
{
	*progress = (struct progress){
		.total = total,
		.start_us = now_us,
		.last_us = now_us,
	};
}

void progress_set(struct progress *progress, int64_t done, int64_t now_us)
{
	int64_t past_us = now_us - progress->last_us;
	double now, weight;

	progress->done = done;
	if (past_us < SAMPLE_US)
		return;
	now = (double)(done - progress->last_done) * 1e6 / (double)past_us;
	/* A sample of 3 s counts as much as all before it. */
	weight = (double)past_us / ((double)past_us + 3e6);
	if (progress->rate <= 0)
		weight = 1;
	progress->rate += (now - progress->rate) * weight;
	progress->last_us = now_us;
	progress->last_done = done;
}

int64_t progress_left_s(const struct progress *progress)
{
	if (progress->total < 0 || progress->rate < 1)
		return -1;
	if (progress->total <= progress->done)
		return 0;
	return (int64_t)((double)(progress->total - progress->done) /
			 progress->rate) +
	       1;
}

void progress_add_left(int64_t left_s, struct str *out)
{
	if (left_s < 60)
		str_addf(out, "%d s", (int)left_s);
	else
		units_add_duration(out, left_s * 1000000);
}

void progress_add_text(const struct progress *progress, struct str *out)
{
	int64_t left_s = progress_left_s(progress);

	if (progress->total > 0) {
		int64_t done = progress->done < progress->total
				       ? progress->done
				       : progress->total;

		str_addf(out, "%3d%%  ",
			 (int)((double)done * 100 / (double)progress->total));
		units_add_bytes(out, done);
		str_add(out, " of ");
		units_add_bytes(out, progress->total);
	} else {
		units_add_bytes(out, progress->done);
	}
	if (progress->rate < 1)
		return;
	str_add(out, "  ");
	units_add_bytes(out, (int64_t)progress->rate);
	str_add(out, "/s");
	if (left_s <= 0)
		return;
	str_add(out, "  ");
	progress_add_left(left_s, out);
	str_add(out, " left");
}
