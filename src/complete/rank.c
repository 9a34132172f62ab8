#include "complete/rank.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const int kind_ranks[] = {
	[COMPLETE_COLUMN] = 0,    [COMPLETE_TABLE] = 10,
	[COMPLETE_VIEW] = 10,     [COMPLETE_SCHEMA] = 30,
	[COMPLETE_FUNCTION] = 40, [COMPLETE_KEYWORD] = 50,
};

int rank_of_kind(enum complete_kind kind)
{
	return (size_t)kind < COUNT_OF(kind_ranks) ? kind_ranks[kind] : 0;
}

static int compare(const void *a, const void *b)
{
	const struct complete_item *left = a, *right = b;
	int order;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	order = strcasecmp(left->label, right->label);
	return order != 0 ? order : strcmp(left->text, right->text);
}

static int compare_texts(const void *a, const void *b)
{
	const struct complete_item *left = a, *right = b;
	int order = strcmp(left->text, right->text);

	return order != 0 ? order : left->rank - right->rank;
}

static void free_item(struct complete_item *item)
{
	mem_free(item->text);
	mem_free(item->label);
	mem_free(item->detail);
}

void rank_sort(struct complete_list *list)
{
	size_t kept = 0;

	if (list->count == 0)
		return;
	/* A column that two tables have, or a function that is a keyword
	 * too: the nearer one stays. */
	qsort(list->items, list->count, sizeof(*list->items), compare_texts);
	for (size_t i = 0; i < list->count; i++) {
		if (kept > 0 && strcmp(list->items[kept - 1].text,
				       list->items[i].text) == 0)
			free_item(&list->items[i]);
		else
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
	qsort(list->items, list->count, sizeof(*list->items), compare);
	while (list->count > COMPLETE_MAX) {
		list->cut = true;
		free_item(&list->items[--list->count]);
	}
}
