/* print/measure_table.h - widths of code points in psql's tables. */
#ifndef PRINT_MEASURE_TABLE_H
#define PRINT_MEASURE_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct measure_range {
	uint32_t first, last;
	int width_cols;		/* 0, 2, or -1: control character */
};

extern const struct measure_range measure_ranges[];	/* ascending */
extern const size_t measure_range_count;

#endif
