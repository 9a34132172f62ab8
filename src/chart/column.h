/* chart/column.h - what the columns of a result hold: one pass over its rows.
 */
#ifndef CHART_COLUMN_H
#define CHART_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/rows.h"

enum column_use {
	COLUMN_NOTHING, /* nulls only */
	COLUMN_CATEGORY,
	COLUMN_NUMBER,
	COLUMN_TIME, /* dates, timestamps, and texts that all are such */
};

enum { COLUMN_DISTINCT_MAX = 256 };

struct column {
	enum column_use use;
	enum rows_kind kind;
	const char *name; /* the result's */
	bool is_clock;    /* times of a day */
	bool has_zone;    /* timestamptz: its text ends in the zone */
	bool whole;       /* numbers without a fraction */
	bool is_money;    /* texts with a currency's sign */
	bool digits;      /* texts that all read as numbers */
	bool percents;    /* texts that all are such with a % behind them */
	bool ordinal;     /* numbers that are names: years, hours, ids */
	bool is_id;
	int64_t count; /* finite values, or texts */
	int64_t nulls;
	int64_t odd; /* NaN, infinities; dates that read as none */
	double low, high;
	int distinct; /* COLUMN_DISTINCT_MAX + 1: more */
};

struct column_list {
	struct column *items; /* one for each column of the rows */
	size_t count;
	int64_t rows;
};

void column_list_done(struct column_list *list);

/* Reads rows to their end. ERR_CANCELLED on Ctrl-C. */
bool column_read_all(struct column_list *list, struct rows *rows,
		     struct err *err);

/* A value as a number by what its column is. false: null, no number, or not
 * finite. */
bool column_value(const struct column *column, const struct rows_value *value,
		  double *out);

#endif
