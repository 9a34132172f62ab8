/* cmd/listed.h - the rows of a listing while it is put together. Pure.
 *
 * Cells are text, "" where there is nothing. Rows are found by their first
 * columns.
 */
#ifndef CMD_LISTED_H
#define CMD_LISTED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

struct listed;
struct rows;

struct listed *listed_new(size_t columns);
void listed_free(struct listed *listed);
CLEANUP_FREE(struct listed, listed_free, listed_freep)

size_t listed_count(const struct listed *listed);
const char *listed_cell(const struct listed *listed, size_t row, size_t column);

/* A row of empty cells at the end; its number. */
size_t listed_add(struct listed *listed);
void listed_set(struct listed *listed, size_t row, size_t column,
		const char *text);

/* Behind what the cell holds, parted by join when it holds something. */
void listed_append(struct listed *listed, size_t row, size_t column,
		   const char *text, const char *join);

/* The first row that begins with these cells. The first call with another
 * number of keys, or after rows came or went, reads all rows. */
bool listed_find(struct listed *listed, const char *const *keys,
		 size_t key_count, size_t *out_row);

/* Rows whose cell equals text go. */
void listed_drop(struct listed *listed, size_t column, const char *text);

/* By the first columns, bytewise; rows that are equal there stay in order. */
void listed_sort(struct listed *listed, size_t columns);

/* Copies the columns that have a heading, in order, as a table. In columns of
 * numbers an empty cell is NULL. */
struct listed_heading {
	const char *text; /* NULL: not shown */
	bool is_number;
};
struct rows *listed_rows(const struct listed *listed, const char *title,
			 const struct listed_heading *headings);

#endif
