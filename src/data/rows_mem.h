/* data/rows_mem.h - rows built in memory: listings and command output.
 *
 *	struct rows_mem *mem = rows_mem_new("Buckets");
 *	rows_mem_column(mem, "Name", ROWS_TEXT);
 *	rows_mem_column(mem, "Size", ROWS_INTEGER);
 *	rows_mem_add(mem, "b1");
 *	rows_mem_add_number(mem, 17);
 *	print(rows_mem_rows(mem)); and rows_free when done
 *
 * All columns first, then cells row by row from left to right; the row is
 * complete with its last cell.
 */
#ifndef DATA_ROWS_MEM_H
#define DATA_ROWS_MEM_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/rows.h"

struct rows_mem;

struct rows_mem *rows_mem_new(const char *title);	/* NULL: no title */
void rows_mem_column(struct rows_mem *mem, const char *name,
		     enum rows_kind kind);
void rows_mem_add(struct rows_mem *mem, const char *text); /* NULL: null */
void rows_mem_add_slice(struct rows_mem *mem, const char *text, size_t len);
void rows_mem_addf(struct rows_mem *mem, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void rows_mem_add_number(struct rows_mem *mem, int64_t number);
size_t rows_mem_count(const struct rows_mem *mem);	/* complete rows */

/* Back to the first row. */
void rows_mem_rewind(struct rows_mem *mem);

/* The same object as rows; rows_free frees all. */
struct rows *rows_mem_rows(struct rows_mem *mem);

static inline void rows_mem_freep(struct rows_mem **mem)
{
	if (*mem)
		rows_free(rows_mem_rows(*mem));
}

#endif
