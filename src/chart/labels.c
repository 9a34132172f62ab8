#include "chart/labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "chart/amount.h"
#include "chart/chart.h"
#include "chart/column.h"
#include "data/hash.h"

enum {
	KEY_LONGEST = 256,
	KEY_BEGINNING = 224, /* more than a name shows */
};

const char *labels_key(const struct rows_value *value, struct str *room)
{
	if (value->len <= KEY_LONGEST)
		return value->text;
	str_set_slice(room, value->text, KEY_BEGINNING);
	hash_add_hex(HASH_SHA256, value->text, value->len, room);
	return room->text;
}

void labels_init(struct labels *labels, const struct column *column,
		 size_t most)
{
	*labels = (struct labels){
		.find = map_new(NULL),
		.column = column,
		.most = most,
		.null_at = -1,
		.rest_at = -1,
	};
}

void labels_done(struct labels *labels)
{
	for (size_t i = 0; i < labels->items.count; i++) {
		mem_free(labels->items.items[i]->key);
		mem_free(labels->items.items[i]);
	}
	vec_done(&labels->items);
	map_free(labels->find);
}

static size_t push(struct labels *labels, const char *key, double at, bool rest)
{
	struct label *label = mem_alloc(sizeof(*label));

	label->key = mem_copy_text(key);
	label->at = at;
	label->rest = rest;
	label->place = labels->items.count;
	vec_push(&labels->items, label);
	return label->place;
}

static bool is_ordered(const struct labels *labels)
{
	return labels->column && (labels->column->use == COLUMN_TIME ||
				  labels->column->use == COLUMN_NUMBER);
}

static size_t special(struct labels *labels, int *at, bool rest)
{
	if (*at < 0)
		*at = (int)push(labels, NULL, INFINITY, rest);
	return (size_t)*at;
}

size_t labels_place(struct labels *labels, const struct rows_value *value)
{
	CLEANUP(str_done) struct str room = STR_EMPTY;
	const char *key;
	struct label *label;
	double at = 0;

	if (!labels->column)
		return labels->items.count > 0 ? 0 : push(labels, "", 0, false);
	if (!value->text)
		return special(labels, &labels->null_at, false);
	key = labels_key(value, &room);
	label = map_get(labels->find, key);
	if (label)
		return label->place;
	if (labels->items.count >= labels->most)
		return special(labels, &labels->rest_at, true);
	if (is_ordered(labels) && !column_value(labels->column, value, &at))
		at = *value->text == '-' ? -INFINITY : INFINITY;
	push(labels, key, at, false);
	label = labels->items.items[labels->items.count - 1];
	map_put(labels->find, key, label);
	return label->place;
}

static int compare(const void *left, const void *right)
{
	const struct label *a = *(const struct label *const *)left;
	const struct label *b = *(const struct label *const *)right;

	if (a->rest != b->rest)
		return a->rest ? 1 : -1;
	if (!a->key != !b->key)
		return a->key ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* One alone is a day. */
static void find_grain(struct labels *labels)
{
	size_t minutes = 0, months = 0, years = 0, count = 0;

	for (size_t i = 0; i < labels->items.count; i++) {
		const struct label *label = labels->items.items[i];
		struct amount_date date;

		if (!label->key || !isfinite(label->at))
			continue;
		amount_split(label->at, &date);
		count++;
		minutes += date.second == 0 && date.ms == 0;
		if (amount_join(date.year, date.month, 1) == label->at)
			months++;
		if (amount_join(date.year, 1, 1) == label->at)
			years++;
	}
	labels->by_year = count > 1 && years == count;
	labels->by_month = count > 1 && months == count;
	labels->by_minute = count > 1 && minutes == count;
}

void labels_sort(struct labels *labels)
{
	struct label **sorted =
		mem_alloc_array(labels->items.count + 1, sizeof(*sorted));

	if (labels->items.count > 0)
		memcpy(sorted, labels->items.items,
		       labels->items.count * sizeof(*sorted));
	/* Without an order of their own all .at are 0. */
	qsort(sorted, labels->items.count, sizeof(*sorted), compare);
	for (size_t i = 0; i < labels->items.count; i++)
		sorted[i]->place = i;
	mem_free(sorted);
	if (labels->column && labels->column->use == COLUMN_TIME)
		find_grain(labels);
}

/* The first of January of every year is told as 2024, of months as 2024-05. */
static char *time_name(const struct labels *labels, const struct label *label)
{
	struct str text = STR_EMPTY;

	amount_add_time(&text, label->at);
	if (labels->by_year && text.len == strlen("2024-01-01"))
		str_cut(&text, strlen("2024"));
	else if (labels->by_month && text.len == strlen("2024-01-01"))
		str_cut(&text, strlen("2024-01"));
	return str_take(&text);
}

/* "10:15:00" is told as 10:15 where all are such. */
static char *clock_name(const struct labels *labels, const char *key)
{
	size_t len = strlen(key);

	if (labels->by_minute && len == strlen("10:15:00"))
		len = strlen("10:15");
	return chart_safe_text(key, len);
}

char *labels_name(const struct labels *labels, const struct label *label)
{
	if (label->rest)
		return mem_copy_text("other");
	if (!label->key)
		return mem_copy_text("(null)");
	if (!*label->key)
		return mem_copy_text("(empty)");
	if (labels->column && labels->column->kind == ROWS_BOOL)
		return mem_copy_text(*label->key == 't' ? "true" : "false");
	if (labels->column && labels->column->use == COLUMN_TIME &&
	    !labels->column->is_clock && isfinite(label->at))
		return time_name(labels, label);
	if (labels->column && labels->column->is_clock)
		return clock_name(labels, label->key);
	return chart_safe_text(label->key, strlen(label->key));
}
