#include "sandbox/quicksight/qs_grid.h"

#include <string.h>

#include "base/mem.h"
#include "data/rows.h"
#include "sandbox/quicksight/qs_visual.h"

void qs_grid_done(struct qs_grid *grid)
{
	for (size_t i = 0; i < grid->count; i++)
		mem_free(grid->items[i]);
	vec_done(grid);
}

size_t qs_grid_rows(const struct qs_grid *grid)
{
	return grid->columns == 0 ? 0 : grid->count / grid->columns;
}

const char *qs_grid_cell(const struct qs_grid *grid, size_t row, size_t column)
{
	const char *cell = grid->items[row * grid->columns + column];

	return cell == NULL ? "" : cell;
}

size_t qs_grid_shown(const char *cell)
{
	static const char midnight[] = " 00:00:00";
	size_t len = strlen(cell);
	size_t cut = sizeof(midnight) - 1;

	return len > cut && strcmp(cell + len - cut, midnight) == 0 ? len - cut
								    : len;
}

static bool take_row(void *context, const struct rows *rows,
		     const struct rows_value *values, struct err *err)
{
	struct qs_grid *grid = context;

	(void)err;
	grid->columns = rows->column_count;
	grid->rows_total++;
	if (grid->rows_total > QS_GRID_ROWS_MAX)
		return true;
	for (size_t i = 0; i < rows->column_count; i++)
		vec_push(grid, values[i].text == NULL
				       ? NULL
				       : mem_copy_text(values[i].text));
	return true;
}

bool qs_grid_fill(struct qs_grid *grid, const struct qs *qs,
		  const struct qs_visual *visual, struct err *err)
{
	return qs_visual_run(qs, visual, take_row, grid, err);
}
