#include "cmd/listed.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/rows_mem.h"

struct line {
	char **cells;  /* [columns] */
	size_t number; /* before sorting */
	size_t sort_columns;
};

struct listed {
	size_t columns;
	struct {
		VEC(struct line);
	} lines;
	struct map *by_key; /* to the line's number plus one */
	size_t key_count;   /* of by_key; 0: by_key is out of date */
};

struct listed *listed_new(size_t columns)
{
	struct listed *listed = mem_alloc(sizeof(*listed));

	listed->columns = columns;
	return listed;
}

static void free_line(const struct listed *listed, struct line *line)
{
	for (size_t i = 0; i < listed->columns; i++)
		mem_free(line->cells[i]);
	mem_free(line->cells);
}

void listed_free(struct listed *listed)
{
	if (listed == NULL)
		return;
	for (size_t i = 0; i < listed->lines.count; i++)
		free_line(listed, &listed->lines.items[i]);
	vec_done(&listed->lines);
	map_free(listed->by_key);
	mem_free(listed);
}

size_t listed_count(const struct listed *listed)
{
	return listed->lines.count;
}

const char *listed_cell(const struct listed *listed, size_t row, size_t column)
{
	const char *text = listed->lines.items[row].cells[column];

	return text != NULL ? text : "";
}

size_t listed_add(struct listed *listed)
{
	struct line line = {
		.cells = mem_alloc(listed->columns * sizeof(char *)),
	};

	vec_push(&listed->lines, line);
	listed->key_count = 0;
	return listed->lines.count - 1;
}

void listed_set(struct listed *listed, size_t row, size_t column,
		const char *text)
{
	char **cell = &listed->lines.items[row].cells[column];

	mem_free(*cell);
	*cell = mem_copy_text(text);
	if (column < listed->key_count)
		listed->key_count = 0;
}

void listed_append(struct listed *listed, size_t row, size_t column,
		   const char *text, const char *join)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;
	const char *before = listed_cell(listed, row, column);

	str_addf(&all, "%s%s%s", before, *before != '\0' ? join : "", text);
	listed_set(listed, row, column, all.text);
}

/* ---- by key ---- */

static void key_of(const char *const *cells, size_t count, struct str *out)
{
	str_clear(out);
	for (size_t i = 0; i < count; i++)
		str_addf(out, "%zu:%s", strlen(cells[i]), cells[i]);
}

static void index_lines(struct listed *listed, size_t key_count)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	map_free(listed->by_key);
	listed->by_key = map_new(NULL);
	for (size_t i = listed->lines.count; i-- > 0;) {
		const char *cells[8] = { NULL };

		for (size_t k = 0; k < key_count; k++)
			cells[k] = listed_cell(listed, i, k);
		key_of(cells, key_count, &key);
		map_put(listed->by_key, key.text, &listed->lines.items[i]);
	}
	listed->key_count = key_count;
}

bool listed_find(struct listed *listed, const char *const *keys,
		 size_t key_count, size_t *out_row)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;
	const struct line *line;

	if (listed->key_count != key_count)
		index_lines(listed, key_count);
	key_of(keys, key_count, &key);
	line = map_get(listed->by_key, key.text);
	if (line == NULL)
		return false;
	*out_row = (size_t)(line - listed->lines.items);
	return true;
}

/* ---- all of them ---- */

void listed_drop(struct listed *listed, size_t column, const char *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < listed->lines.count; i++) {
		struct line *line = &listed->lines.items[i];

		if (strcmp(listed_cell(listed, i, column), text) == 0)
			free_line(listed, line);
		else
			listed->lines.items[kept++] = *line;
	}
	listed->lines.count = kept;
	listed->key_count = 0;
}

static int by_cells(const void *a, const void *b)
{
	const struct line *left = a, *right = b;

	for (size_t i = 0; i < left->sort_columns; i++) {
		const char *one = left->cells[i] ? left->cells[i] : "";
		const char *two = right->cells[i] ? right->cells[i] : "";
		int order = strcmp(one, two);

		if (order != 0)
			return order;
	}
	return left->number < right->number ? -1 : 1;
}

void listed_sort(struct listed *listed, size_t columns)
{
	for (size_t i = 0; i < listed->lines.count; i++) {
		listed->lines.items[i].number = i;
		listed->lines.items[i].sort_columns = columns;
	}
	if (listed->lines.count > 1)
		qsort(listed->lines.items, listed->lines.count,
		      sizeof(*listed->lines.items), by_cells);
	listed->key_count = 0;
}

static void add_cell(struct rows_mem *mem, const char *text, bool is_number)
{
	rows_mem_add(mem, is_number && *text == '\0' ? NULL : text);
}

struct rows *listed_rows(const struct listed *listed, const char *title,
			 const struct listed_heading *headings)
{
	struct rows_mem *mem = rows_mem_new(title);

	for (size_t i = 0; i < listed->columns; i++)
		if (headings[i].text != NULL)
			rows_mem_column(mem, headings[i].text,
					headings[i].is_number ? ROWS_DECIMAL
							      : ROWS_TEXT);
	for (size_t row = 0; row < listed->lines.count; row++)
		for (size_t i = 0; i < listed->columns; i++)
			if (headings[i].text != NULL)
				add_cell(mem, listed_cell(listed, row, i),
					 headings[i].is_number);
	return rows_mem_rows(mem);
}
