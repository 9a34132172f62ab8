#include "sandbox/ground/tsv.h"

#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"

enum { MAX_FILE_BYTES = 4 << 20 };

struct tsv {
	struct str text; /* cells point into it */
	struct {
		VEC(struct tsv_row);
	} rows;
	struct map *index; /* key to row number + 1 */
};

static void read_row(struct tsv *tsv, char *line)
{
	struct tsv_row row;
	size_t i = 0;

	while (i < TSV_COLUMNS)
		row.cells[i++] = "";
	for (i = 0; i < TSV_COLUMNS && line != NULL; i++)
		row.cells[i] = strsep(&line, "\t");
	vec_push(&tsv->rows, row);
	if (!map_has(tsv->index, row.cells[0]))
		map_put(tsv->index, row.cells[0],
			(void *)(size_t)tsv->rows.count);
}

struct tsv *tsv_read(const char *path, struct err *err)
{
	struct tsv *tsv = mem_alloc(sizeof(*tsv));
	char *rest;

	tsv->text = (struct str)STR_EMPTY;
	tsv->index = map_new(NULL);
	if (!file_read(path, MAX_FILE_BYTES, &tsv->text, err)) {
		tsv_free(tsv);
		return NULL;
	}
	rest = tsv->text.text;
	strsep(&rest, "\n");
	while (rest != NULL) {
		char *line = strsep(&rest, "\n");

		if (*line != '\0' && *line != '#')
			read_row(tsv, line);
	}
	return tsv;
}

void tsv_free(struct tsv *tsv)
{
	if (tsv == NULL)
		return;
	map_free(tsv->index);
	vec_done(&tsv->rows);
	str_done(&tsv->text);
	mem_free(tsv);
}

const struct tsv_row *tsv_find(const struct tsv *tsv, const char *key)
{
	size_t number = (size_t)map_get(tsv->index, key);

	return number > 0 ? &tsv->rows.items[number - 1] : NULL;
}

size_t tsv_count(const struct tsv *tsv)
{
	return tsv->rows.count;
}

const struct tsv_row *tsv_row(const struct tsv *tsv, size_t at)
{
	return &tsv->rows.items[at];
}
