#include "transfer/name_filter.h"

#include <fnmatch.h>

#include "base/vec.h"

struct name_filter_pattern {
	char *text;
	bool excludes;
};

void name_filter_done(struct name_filter *filter)
{
	for (size_t i = 0; i < filter->count; i++)
		mem_free(filter->items[i].text);
	vec_done(filter);
}

static void add(struct name_filter *filter, const char *text, bool excludes)
{
	struct name_filter_pattern pattern = { mem_copy_text(text), excludes };

	vec_push(filter, pattern);
	filter->has_exclude = filter->has_exclude || excludes;
}

void name_filter_exclude(struct name_filter *filter, const char *pattern)
{
	add(filter, pattern, true);
}

void name_filter_include(struct name_filter *filter, const char *pattern)
{
	add(filter, pattern, false);
}

bool name_filter_takes(const struct name_filter *filter, const char *name)
{
	bool excluded = filter->count > 0 && !filter->has_exclude;

	for (size_t i = 0; i < filter->count; i++) {
		const struct name_filter_pattern *pattern = &filter->items[i];

		if (fnmatch(pattern->text, name, 0) != 0)
			continue;
		if (!pattern->excludes)
			return true;
		excluded = true;
	}
	return !excluded;
}
