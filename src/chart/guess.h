/* chart/guess.h - which column is what, and which kind of chart shows it.
 *
 *	category and measure	bars	   two categories and measure	heat
 *	date and measure	line	   two measures			scatter
 *	one measure		hist	   one row of numbers		number
 *
 * Without a measure rows are counted. What a person names is taken; the rest
 * is guessed.
 */
#ifndef CHART_GUESS_H
#define CHART_GUESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"
#include "chart/column.h"
#include "chart/wish.h"

enum { GUESS_NONE = -1 };

struct guess {
	enum chart_kind kind;
	int x;  /* GUESS_NONE: the number of the row */
	int by; /* heat: down the side */
	struct {
		VEC(size_t);
	} measures; /* none: rows are counted */
	struct {
		VEC(size_t);
	} unseen; /* measures that are too far from the others to share an
		   * axis */
};

void guess_done(struct guess *guess);

/* ERR_USAGE: why it cannot be drawn, with what can. */
bool guess_make(struct guess *guess, const struct column_list *columns,
		const struct chart_named *named, struct err *err);

#endif
