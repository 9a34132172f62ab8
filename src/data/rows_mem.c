#include "data/rows_mem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"

struct cell {
	size_t at; /* in texts */
	size_t len;
	bool is_null;
};

struct rows_mem {
	struct rows rows; /* first: this is what callers see */
	struct {
		VEC(struct rows_column);
	} columns;
	struct {
		VEC(struct cell);
	} cells;
	struct str texts; /* every cell, a NUL after each */
	size_t next_row;
	struct rows_value *values; /* [column_count] of the row given */
};

static enum rows_step mem_next(struct rows *rows,
			       const struct rows_value **out_values,
			       struct err *err)
{
	struct rows_mem *mem = (struct rows_mem *)rows;
	const struct cell *cell;

	(void)err;
	if (mem->next_row >= rows_mem_count(mem))
		return ROWS_END;
	if (mem->values == NULL)
		mem->values = mem_alloc_array(rows->column_count,
					      sizeof(*mem->values));
	cell = &mem->cells.items[mem->next_row * rows->column_count];
	for (size_t i = 0; i < rows->column_count; i++) {
		mem->values[i].text =
			cell[i].is_null ? NULL : mem->texts.text + cell[i].at;
		mem->values[i].len = cell[i].len;
	}
	mem->next_row++;
	*out_values = mem->values;
	return ROWS_ROW;
}

static void mem_rows_free(struct rows *rows)
{
	struct rows_mem *mem = (struct rows_mem *)rows;

	for (size_t i = 0; i < mem->columns.count; i++)
		mem_free((char *)mem->columns.items[i].name);
	vec_done(&mem->columns);
	vec_done(&mem->cells);
	str_done(&mem->texts);
	mem_free(mem->values);
	mem_free((char *)rows->title);
	mem_free(mem);
}

static const struct rows_class mem_class = { mem_next, mem_rows_free };

struct rows_mem *rows_mem_new(const char *title)
{
	struct rows_mem *mem = mem_alloc(sizeof(*mem));

	mem->rows.class = &mem_class;
	mem->rows.title = mem_copy_text(title);
	mem->texts = (struct str)STR_EMPTY;
	return mem;
}

void rows_mem_column(struct rows_mem *mem, const char *name,
		     enum rows_kind kind)
{
	vec_push(&mem->columns, ((struct rows_column){
					.name = mem_copy_text(name),
					.kind = kind,
					.type_modifier = -1,
				}));
	mem->rows.columns = mem->columns.items;
	mem->rows.column_count = mem->columns.count;
}

/* The cell's bytes are at texts[at..]; closes it. */
static void end_cell(struct rows_mem *mem, size_t at)
{
	vec_push(&mem->cells, ((struct cell){
				      .at = at,
				      .len = mem->texts.len - at,
			      }));
	str_add_char(&mem->texts, '\0');
}

void rows_mem_add_slice(struct rows_mem *mem, const char *text, size_t len)
{
	size_t at = mem->texts.len;

	str_add_slice(&mem->texts, text, len);
	end_cell(mem, at);
}

void rows_mem_add(struct rows_mem *mem, const char *text)
{
	if (text)
		rows_mem_add_slice(mem, text, strlen(text));
	else
		vec_push(&mem->cells, ((struct cell){ .is_null = true }));
}

void rows_mem_addf(struct rows_mem *mem, const char *fmt, ...)
{
	size_t at = mem->texts.len;
	va_list args;

	va_start(args, fmt);
	str_addv(&mem->texts, fmt, args);
	va_end(args);
	end_cell(mem, at);
}

void rows_mem_add_number(struct rows_mem *mem, int64_t number)
{
	rows_mem_addf(mem, "%" PRId64, number);
}

size_t rows_mem_count(const struct rows_mem *mem)
{
	size_t width = mem->rows.column_count;

	return width > 0 ? mem->cells.count / width : 0;
}

void rows_mem_rewind(struct rows_mem *mem)
{
	mem->next_row = 0;
}

struct rows *rows_mem_rows(struct rows_mem *mem)
{
	return &mem->rows;
}
