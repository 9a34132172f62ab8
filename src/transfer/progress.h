/* transfer/progress.h - how far, how fast, how long still. Pure but for the
 * monotonic time it is given. */
#ifndef TRANSFER_PROGRESS_H
#define TRANSFER_PROGRESS_H

#include <stdint.h>

struct str;

struct progress {
	int64_t total;		/* bytes, -1: not known */
	int64_t done;
	int64_t start_us;
	int64_t last_us;	/* of the last sample */
	int64_t last_done;
	double rate;		/* bytes a second, smoothed over ~3 s */
	int64_t files_done;
	int64_t files_total;	/* 0: not known yet, or not told */
};

/* Called by transfers in the waiting thread, about ten times a second and at
 * the end. */
struct progress_watch {
	void (*run)(void *context, const struct progress *progress);
	void *context;
};

void progress_start(struct progress *progress, int64_t total, int64_t now_us);
void progress_set(struct progress *progress, int64_t done, int64_t now_us);

/* Seconds until all is done at this rate; -1: not known. */
int64_t progress_left_s(const struct progress *progress);

/* Appends "50 s", or "2 min 5 s". */
void progress_add_left(int64_t left_s, struct str *out);

/* Appends "52%  2.1 GiB of 4.0 GiB  38.0 MiB/s  50 s left". */
void progress_add_text(const struct progress *progress, struct str *out);

#endif
