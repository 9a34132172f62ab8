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
