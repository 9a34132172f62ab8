/* transfer/name_filter.h - which names take part: --exclude and --include.
 *
 * A pattern is matched against the whole name below the start; * and ? cross
 * '/', as in `aws s3`. Order does not count: a name is left out when an
 * exclude matches it and no include does; includes alone leave out all else.
 */
#ifndef TRANSFER_NAME_FILTER_H
#define TRANSFER_NAME_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct name_filter {
	struct name_filter_pattern *items;	/* [count] */
	size_t count;
	size_t cap;
	bool has_exclude;
};

void name_filter_done(struct name_filter *filter);
void name_filter_exclude(struct name_filter *filter, const char *pattern);
void name_filter_include(struct name_filter *filter, const char *pattern);

bool name_filter_takes(const struct name_filter *filter, const char *name);

#endif
