#include "print/wrapped.h"

#include "base/mem.h"
#include "print/grid.h"

/* psql takes from the column whose width is the largest multiple of its
 * average cell, with a slight bias against wide columns, and never below its
 * header. -1: no column can give. */
static int worst_column(const struct grid *grid, const int *widths)
{
	double worst = 0;
	int found = -1;

	for (size_t i = 0; i < grid->count; i++) {
		const struct grid_column *column = &grid->columns[i];
		int average =
			grid->row_count
				? (int)(column->width_sum / grid->row_count)
				: 0;
		double ratio;

		if (average == 0 || widths[i] <= column->header_width)
			continue;
		ratio = (double)widths[i] / average + column->width * 0.01;
		if (ratio > worst) {
			worst = ratio;
			found = (int)i;
		}
	}
	return found;
}

int *wrapped_fit(const struct grid *grid, bool wrap, struct wrapped *fit)
{
	int *widths = mem_alloc_array(grid->count + 1, sizeof(*widths));

	fit->total = fit->header_total = fit->frame;
	for (size_t i = 0; i < grid->count; i++) {
		widths[i] = grid->columns[i].width;
		fit->total += widths[i];
		fit->header_total += grid->columns[i].header_width;
	}
	if (!wrap || fit->screen <= 0 || fit->screen < fit->header_total)
		return widths;
	while (fit->total > fit->screen) {
		int worst = worst_column(grid, widths);

		if (worst < 0)
			break;
		widths[worst]--;
		fit->total--;
	}
	return widths;
}

enum { /* columns of the last column */
       LAST_GOOD = 24, /* before others give way */
       LAST_LEAST = 12,
};

/* The last column gives up to over columns, and keeps least. */
static void take_from_last(const struct grid *grid, int least, int *widths,
			   struct wrapped *fit)
{
	int *last = &widths[grid->count - 1];
	int header = grid->columns[grid->count - 1].header_width;
	int over = fit->total - fit->screen;

	if (least < header)
		least = header;
	if (over > *last - least)
		over = *last - least;
	if (over <= 0)
		return;
	*last -= over;
	fit->total -= over;
}

/* The column whose words leave most room; false: none does. */
static bool fold_one(const struct grid *grid, int *widths, struct wrapped *fit)
{
	size_t best = grid->count;
	int gain = 0;

	for (size_t i = 0; i + 1 < grid->count; i++) {
		if (widths[i] - grid->columns[i].word_width <= gain)
			continue;
		gain = widths[i] - grid->columns[i].word_width;
		best = i;
	}
	if (best == grid->count)
		return false;
	widths[best] -= gain;
	fit->total -= gain;
	return true;
}

int *wrapped_narrow(struct grid *grid, struct wrapped *fit)
{
	int *widths = wrapped_fit(grid, false, fit);

	take_from_last(grid, LAST_GOOD, widths, fit);
	while (fit->total > fit->screen && fold_one(grid, widths, fit))
		;
	take_from_last(grid, LAST_LEAST, widths, fit);
	if (fit->total > fit->screen) {
		mem_free(widths);
		return NULL;
	}
	for (size_t i = 0; i < grid->count; i++)
		if (widths[i] < grid->columns[i].header_width)
			grid_fold_header(grid, i);
	return widths;
}
