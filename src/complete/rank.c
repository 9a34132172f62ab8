#include "complete/rank.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const int kind_ranks[COMPLETE_KIND_COUNT] = {
	[COMPLETE_JOIN] = -20,     [COMPLETE_EXPRESSION] = -10,
	[COMPLETE_COLUMN] = 0,     [COMPLETE_WINDOW] = 0,
	[COMPLETE_COLUMNS] = 5,    [COMPLETE_CTE] = 8,
	[COMPLETE_TABLE] = 10,     [COMPLETE_VIEW] = 10,
	[COMPLETE_ALIAS] = 20,     [COMPLETE_SCHEMA] = 30,
	[COMPLETE_DATABASE] = 35,  [COMPLETE_FUNCTION] = 40,
	[COMPLETE_PROCEDURE] = 40, [COMPLETE_KEYWORD] = 50,
};

/* Kinds that are one when it comes to what fits better. */
static int group_of(enum complete_kind kind)
{
	return kind == COMPLETE_VIEW || kind == COMPLETE_CTE ? COMPLETE_TABLE
							     : (int)kind;
}

int rank_of_kind(enum complete_kind kind)
{
	return (size_t)kind < COUNT_OF(kind_ranks) ? kind_ranks[kind] : 0;
}

static int compare(const void *a, const void *b)
{
	const struct complete_item *left = a, *right = b;
	bool left_far = left->match == COMPLETE_FUZZY;
	bool right_far = right->match == COMPLETE_FUZZY;
	int order;

	if (left_far != right_far)
		return left_far ? 1 : -1;
	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	order = strcasecmp(left->label, right->label);
	return order != 0 ? order : strcmp(left->label, right->label);
}

static int compare_texts(const void *a, const void *b)
{
	const struct complete_item *left = a, *right = b;
	int order = strcmp(left->text, right->text);

	return order != 0 ? order : compare(a, b);
}

/* ---- the nearest COMPLETE_MAX, the farthest of them on top of a heap ---- */

static void swap(struct complete_item *a, struct complete_item *b)
{
	struct complete_item kept = *a;

	*a = *b;
	*b = kept;
}

static void sink(struct complete_list *list, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= list->count)
			return;
		if (child + 1 < list->count &&
		    compare(&list->items[child + 1], &list->items[child]) > 0)
			child++;
		if (compare(&list->items[child], &list->items[at]) <= 0)
			return;
		swap(&list->items[child], &list->items[at]);
		at = child;
	}
}

void rank_push(struct complete_list *list, struct complete_item *item)
{
	if (list->count < COMPLETE_MAX) {
		list->heap = false;
		vec_push(list, *item);
		return;
	}
	if (!list->heap) {
		for (size_t i = list->count / 2; i-- > 0;)
			sink(list, i);
		list->heap = true;
	}
	list->cut = true;
	if (compare(item, &list->items[0]) < 0)
		swap(item, &list->items[0]);
	complete_item_done(item);
	sink(list, 0);
}

/* ---- the order ---- */

static bool has_better(const bool *near, const struct complete_item *item)
{
	return item->match == COMPLETE_FUZZY && near[group_of(item->kind)];
}

/* Slips are for who finds nothing of the kind otherwise. */
static void drop_far(struct complete_list *list)
{
	bool near[COMPLETE_KIND_COUNT] = { false };
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].match != COMPLETE_FUZZY)
			near[group_of(list->items[i].kind)] = true;
	for (size_t i = 0; i < list->count; i++) {
		if (has_better(near, &list->items[i]))
			complete_item_done(&list->items[i]);
		else
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

void rank_sort(struct complete_list *list)
{
	size_t kept = 0;

	if (list->count == 0)
		return;
	drop_far(list);
	/* A column that two tables have, or a function that is a keyword
	 * too: the nearer one stays. */
	qsort(list->items, list->count, sizeof(*list->items), compare_texts);
	for (size_t i = 0; i < list->count; i++) {
		if (kept > 0 && strcmp(list->items[kept - 1].text,
				       list->items[i].text) == 0)
			complete_item_done(&list->items[i]);
		else
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
	qsort(list->items, list->count, sizeof(*list->items), compare);
	while (list->count > COMPLETE_MAX) {
		list->cut = true;
		complete_item_done(&list->items[--list->count]);
	}
}
