/* chart/labels.h - names to places 0, 1, ...: categories and series.
 *
 * By text as it comes; null is a name of its own. In order of appearance, or
 * by number or time where the column is one.
 */
#ifndef CHART_LABELS_H
#define CHART_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "data/rows.h"

struct column;
struct map;
struct str;

struct label {
	char *key;    /* see labels_key; NULL: null, or all that is too much */
	double at;    /* of ordered columns */
	bool rest;    /* what came when there were most already */
	size_t place; /* after labels_sort */
};

struct labels {
	struct map *find;
	const struct column *column; /* NULL: none, everything is one place */
	size_t most;
	int null_at, rest_at; /* -1: none yet */
	/* All are such times. */
	bool by_year, by_month, by_minute;
	struct {
		VEC(struct label *);
	} items;
};

/* A text that stands for a value's (not null) and is short: itself, or its
 * beginning with a digest of the whole. Equal keys are equal texts. Borrowed
 * from value or room, until either changes. */
const char *labels_key(const struct rows_value *value, struct str *room);

void labels_init(struct labels *labels, const struct column *column,
		 size_t most);
void labels_done(struct labels *labels);

/* The place of a value, as it comes. */
size_t labels_place(struct labels *labels, const struct rows_value *value);

/* Gives every label its final .place: ordered columns by value, null and the
 * rest last. order[place] is the label. */
void labels_sort(struct labels *labels);

/* As people read it: true, 2024-05, (null). */
char *labels_name(const struct labels *labels, const struct label *label);

#endif
