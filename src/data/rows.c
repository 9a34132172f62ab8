#include "data/rows.h"

enum rows_step rows_next(struct rows *rows,
			 const struct rows_value **out_values,
			 struct err *err)
{
	return rows->class->next(rows, out_values, err);
}

void rows_free(struct rows *rows)
{
	if (rows)
		rows->class->free(rows);
}

bool rows_kind_is_number(enum rows_kind kind)
{
	return kind == ROWS_INTEGER || kind == ROWS_DECIMAL ||
	       kind == ROWS_FLOAT;
}
