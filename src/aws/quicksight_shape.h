/* aws/quicksight_shape.h - which visuals show the columns of a query.
 *
 *	date and measure	line	    two dimensions and measure	pivot
 *	category and measure	bars	    two measures		scatter
 *	one measure		KPI	    no measure: rows are counted
 *
 * Only names and types are known, never the rows: numbers whose names are
 * those of ids, years and the like are categories. The table of all columns
 * is always the last visual. Pure.
 */
#ifndef AWS_QUICKSIGHT_SHAPE_H
#define AWS_QUICKSIGHT_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"

struct str;

enum quicksight_type {
	QUICKSIGHT_STRING,
	QUICKSIGHT_INTEGER,
	QUICKSIGHT_FIXED,	/* DECIMAL */
	QUICKSIGHT_FLOAT,	/* likewise */
	QUICKSIGHT_DATETIME,
	QUICKSIGHT_BIT,		/* boolean */
};

struct quicksight_column {
	char *name;
	enum quicksight_type type;
};

struct quicksight_columns {
	VEC(struct quicksight_column);
};

void quicksight_columns_done(struct quicksight_columns *columns);
void quicksight_columns_add(struct quicksight_columns *columns,
			    const char *name, enum quicksight_type type);

/* ERR_USAGE: QuickSight wants 1 to 128 characters, each name once, and a
 * sheet's table has room for 200. */
bool quicksight_columns_check(const struct quicksight_columns *columns,
			      struct err *err);

enum quicksight_kind {
	QUICKSIGHT_GUESS,
	QUICKSIGHT_KPI,
	QUICKSIGHT_BAR,
	QUICKSIGHT_HBAR,
	QUICKSIGHT_LINE,
	QUICKSIGHT_AREA,
	QUICKSIGHT_PIE,
	QUICKSIGHT_PIVOT,
	QUICKSIGHT_HEAT,
	QUICKSIGHT_SCATTER,
	QUICKSIGHT_HIST,
	QUICKSIGHT_TABLE,
	QUICKSIGHT_KIND_COUNT,
};

/* "bar", "kpi", ...; "" of QUICKSIGHT_GUESS. */
const char *quicksight_kind_name(enum quicksight_kind kind);

/* false: there is no such kind. "number" is kpi, "spark" line, as \chart's
 * words. */
bool quicksight_kind_find(const char *name, enum quicksight_kind *out);

enum { QUICKSIGHT_NO_COLUMN = -1 };

struct quicksight_visual {
	enum quicksight_kind kind;	/* not GUESS */
	int x;				/* dimension, or QUICKSIGHT_NO_COLUMN */
	int by;				/* second dimension, likewise */
	struct {
		VEC(size_t);
	} measures;			/* none: rows are counted */
	char *title;			/* NULL: made from the names */
};

struct quicksight_visuals {
	VEC(struct quicksight_visual);
};

void quicksight_visuals_done(struct quicksight_visuals *visuals);

/* What a person says of one visual; guessed where it is not said. */
struct quicksight_say {
	enum quicksight_kind kind;
	const size_t *named;		/* columns in the order named */
	size_t named_count;
	int by;				/* QUICKSIGHT_NO_COLUMN: not said */
	const char *title;		/* NULL: none */
};

/* Adds the visuals. ERR_USAGE: the columns do not allow that kind, which says
 * what it needs. The table is added by quicksight_shape_table, once. */
bool quicksight_shape_add(struct quicksight_visuals *visuals,
			  const struct quicksight_columns *columns,
			  const struct quicksight_say *say, struct err *err);
void quicksight_shape_table(struct quicksight_visuals *visuals);

/* A number whose name is that of an id, a year ...: not added up. */
bool quicksight_is_ordinal(const struct quicksight_column *column);
bool quicksight_is_measure(const struct quicksight_column *column);

/* "SUM", or "AVERAGE", "MIN", "MAX" where the name says that the values are
 * such (avg_price, margin_pct): those must not be added up. */
const char *quicksight_aggregation(const struct quicksight_column *column);

/* "DAY", or "MONTH" and the like where the name says so. */
const char *quicksight_granularity(const struct quicksight_column *column);

/* Cuts the text at so many characters: the service's limits count them. */
void quicksight_cut(struct str *text, size_t most);

/* total_revenue: "Total revenue". Appends. */
void quicksight_add_label(const char *name, struct str *out);

/* "Revenue by month and region". Appends. */
void quicksight_add_title(const struct quicksight_visual *visual,
			  const struct quicksight_columns *columns,
			  struct str *out);

#endif
