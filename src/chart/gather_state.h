/* chart/gather_state.h - what the files of chart/gather share; nobody
 * else's. */
#ifndef CHART_GATHER_STATE_H
#define CHART_GATHER_STATE_H

#include "chart/column.h"
#include "chart/gather.h"
#include "chart/guess.h"
#include "chart/labels.h"
#include "chart/tally.h"

enum {
	GATHER_PLACES = 1 << 17, /* sums kept at most */
	GATHER_POINTS = 20000,   /* of lines, before they are thinned out */
	GATHER_SERIES = 64,      /* before the rest becomes "other" */
	GATHER_CATEGORIES = 20000,
};

struct gather {
	struct chart *chart;
	const struct gather_source *source;
	const struct chart_wish *wish;
	struct column_list columns;
	struct guess guess;
	struct labels places; /* categories of x */
	struct labels series; /* of by */
	struct tally tally;
	bool binned; /* bars of a calendar: all stay, in its order */
	int64_t null_x, null_y, odd, below, rows;
};

/* One value to draw. */
struct gather_mark {
	uint32_t series;
	double x, y;
	int zone; /* of x: minutes east, where clocks show an hour twice */
};

/* Calls take for each mark of each row; false from take ends it: it has
 * enough. *out_ended: it did. */
bool gather_each(struct gather *gather,
		 bool (*take)(struct gather *gather,
			      const struct gather_mark *mark),
		 bool *out_ended, struct err *err);

const struct column *gather_x(const struct gather *gather);

/* Is x told by name, not by its place on an axis? */
bool gather_x_is_named(const struct gather *gather);

/* The kinds that do not add up by place. */
bool gather_hist(struct gather *gather, struct err *err);
bool gather_cloud(struct gather *gather, struct err *err);
bool gather_numbers(struct gather *gather, struct err *err);

#endif
