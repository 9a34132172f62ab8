#include "complete/complete.h"

#include <stdint.h>
#include <string.h>

#include "complete/meta.h"
#include "complete/rank.h"
#include "complete/source.h"

void complete_list_done(struct complete_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->items[i].text);
		mem_free(list->items[i].label);
		mem_free(list->items[i].detail);
	}
	vec_done(list);
}

void complete_at(const struct complete_source *source, const char *text,
		 size_t cursor, struct complete_list *list)
{
	size_t len = strlen(text);
	size_t start;

	if (cursor > len)
		cursor = len;
	start = meta_start(text, cursor);
	list->from = list->to = cursor;
	if (start != SIZE_MAX)
		meta_complete(source, text, start, cursor, list);
	else
		source_complete_sql(source, text, len, cursor, 0, list);
	rank_sort(list);
}
