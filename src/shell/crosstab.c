#include "shell/crosstab.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/rows.h"
#include "data/rows_mem.h"
#include "shell/draw.h"
#include "shell/session_state.h"
#include "sql/quote.h"

enum { MOST_COLUMNS = 1600 }; /* psql's limit */

struct head {       /* one value of a header */
	char *name; /* NULL: null */
	int order;  /* of the sort column, 0: no number there */
	size_t at;  /* where it stands in the output */
};

struct axis {
	struct {
		VEC(struct head *);
	} heads;          /* as they came, until they are sorted */
	struct map *find; /* name to head */
	struct head *of_null;
};

struct crosstab {
	const struct rows *rows;
	size_t down; /* columns of rows */
	size_t across;
	size_t cell;
	bool sorted;
	size_t sort;
	struct axis side;
	struct axis top;
	struct {
		VEC(struct entry);
	} entries;
	const char **cells; /* [side][top], borrowed from entries */
	const char *null_text;
};

struct entry { /* one row of the result */
	struct head *down;
	struct head *across;
	char *text; /* NULL: null */
};

/* ---- which columns ---- */

static bool column_by_number(const struct rows *rows, const char *word,
			     size_t *out, struct err *err)
{
	int number = atoi(word);

	if (number < 1 || (size_t)number > rows->column_count)
		return err_set(err, ERR_USAGE,
			       "\\crosstabview: column number %d is out of "
			       "range 1..%zu",
			       number, rows->column_count);
	*out = (size_t)number - 1;
	return true;
}

static bool find_column(const struct rows *rows, const char *word, size_t *out,
			struct err *err)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;
	bool found = false;

	if (*word && !word[strspn(word, "0123456789")])
		return column_by_number(rows, word, out, err);
	quote_name_read(&name, word, strlen(word), false);
	for (size_t i = 0; i < rows->column_count; i++) {
		if (strcmp(name.text, rows->columns[i].name) != 0)
			continue;
		if (found)
			return err_set(err, ERR_USAGE,
				       "\\crosstabview: ambiguous column "
				       "name: \"%s\"",
				       name.text);
		found = true;
		*out = i;
	}
	return found || err_set(err, ERR_USAGE,
				"\\crosstabview: column name not found: \"%s\"",
				name.text);
}

/* The one of three columns that is no header. */
static bool find_cell(struct crosstab *tab, const char *word, struct err *err)
{
	if (word)
		return find_column(tab->rows, word, &tab->cell, err);
	if (tab->rows->column_count > 3)
		return err_set(err, ERR_USAGE,
			       "\\crosstabview: data column must be specified "
			       "when query returns more than three columns");
	tab->cell = 3 - tab->down - tab->across;
	return true;
}

static bool find_columns(struct crosstab *tab, char *const words[],
			 struct err *err)
{
	const struct rows *rows = tab->rows;

	tab->down = 0;
	tab->across = 1;
	tab->sorted = words[3] != NULL;
	if (rows->column_count < 3)
		return err_set(err, ERR_USAGE,
			       "\\crosstabview: query must return at least "
			       "three columns");
	if (words[0] && !find_column(rows, words[0], &tab->down, err))
		return false;
	if (words[1] && !find_column(rows, words[1], &tab->across, err))
		return false;
	if (tab->down == tab->across)
		return err_set(err, ERR_USAGE,
			       "\\crosstabview: vertical and horizontal "
			       "headers must be different columns");
	return find_cell(tab, words[2], err) &&
	       (!words[3] || find_column(rows, words[3], &tab->sort, err));
}

/* ---- headers ---- */

/* psql takes whole numbers, with a minus or without; all else counts as 0. */
static int order_of(const char *text)
{
	const char *digits = text && *text == '-' ? text + 1 : text;

	if (!text || digits[strspn(digits, "0123456789")])
		return 0;
	return atoi(text);
}

static struct head *take_head(struct axis *axis, const char *name,
			      const char *sort_text)
{
	struct head *head = name ? map_get(axis->find, name) : axis->of_null;

	if (head)
		return head;
	head = mem_alloc(sizeof(*head));
	head->name = mem_copy_text(name);
	head->order = order_of(sort_text);
	head->at = axis->heads.count;
	if (name)
		map_put(axis->find, name, head);
	else
		axis->of_null = head;
	vec_push(&axis->heads, head);
	return head;
}

/* By the sort column, then by name, nulls last. */
static int compare_heads(const void *left, const void *right)
{
	const struct head *a = *(const struct head *const *)left;
	const struct head *b = *(const struct head *const *)right;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	if (!a->name || !b->name)
		return !a->name - !b->name;
	return strcmp(a->name, b->name);
}

static void sort_heads(struct axis *axis)
{
	if (axis->heads.count > 1)
		qsort(axis->heads.items, axis->heads.count,
		      sizeof(struct head *), compare_heads);
	for (size_t i = 0; i < axis->heads.count; i++)
		axis->heads.items[i]->at = i;
}

static bool take_row(struct crosstab *tab, const struct rows_value *values,
		     struct err *err)
{
	struct entry entry;

	entry.across = take_head(&tab->top, values[tab->across].text,
				 tab->sorted ? values[tab->sort].text : NULL);
	if (tab->top.heads.count > MOST_COLUMNS)
		return err_set(err, ERR_USAGE,
			       "\\crosstabview: maximum number of columns (%d) "
			       "exceeded",
			       MOST_COLUMNS);
	entry.down = take_head(&tab->side, values[tab->down].text, NULL);
	entry.text = mem_copy_text(values[tab->cell].text);
	vec_push(&tab->entries, entry);
	return true;
}

static bool read_rows(struct crosstab *tab, struct rows *rows, struct err *err)
{
	const struct rows_value *values;
	enum rows_step step;

	while ((step = rows_next(rows, &values, err)) == ROWS_ROW)
		if (!take_row(tab, values, err))
			return false;
	if (tab->sorted)
		sort_heads(&tab->top);
	return step == ROWS_END;
}

/* ---- the grid ---- */

static const char *shown(const struct crosstab *tab, const char *text)
{
	return text ? text : tab->null_text;
}

static const char *named(const struct crosstab *tab, const struct head *head)
{
	if (head->name)
		return head->name;
	return *tab->null_text ? tab->null_text : "(null)";
}

static bool fill_cells(struct crosstab *tab, struct err *err)
{
	tab->cells = mem_alloc_array(
		tab->side.heads.count * tab->top.heads.count + 1,
		sizeof(*tab->cells));
	for (size_t i = 0; i < tab->entries.count; i++) {
		const struct entry *entry = &tab->entries.items[i];
		const char **cell = tab->cells + entry->across->at +
				    entry->down->at * tab->top.heads.count;

		if (*cell)
			return err_set(err, ERR_USAGE,
				       "\\crosstabview: query result contains "
				       "multiple data values for row \"%s\", "
				       "column \"%s\"",
				       named(tab, entry->down),
				       named(tab, entry->across));
		*cell = shown(tab, entry->text);
	}
	return true;
}

static struct rows *grid(const struct crosstab *tab)
{
	const struct rows_column *columns = tab->rows->columns;
	struct rows_mem *mem = rows_mem_new(NULL);
	const char **cell = tab->cells;

	rows_mem_column(mem, columns[tab->down].name, columns[tab->down].kind);
	for (size_t i = 0; i < tab->top.heads.count; i++)
		rows_mem_column(mem, shown(tab, tab->top.heads.items[i]->name),
				columns[tab->cell].kind);
	for (size_t i = 0; i < tab->side.heads.count; i++) {
		rows_mem_add(mem, shown(tab, tab->side.heads.items[i]->name));
		for (size_t j = 0; j < tab->top.heads.count; j++, cell++)
			rows_mem_add(mem, *cell ? *cell : "");
	}
	return rows_mem_rows(mem);
}

/* Cells are texts by now: nothing groups their digits. */
static bool draw(struct session *session, const struct crosstab *tab,
		 struct err *err)
{
	CLEANUP(rows_freep) struct rows *rows = grid(tab);
	bool numeric_locale = session->settings.print.numeric_locale;
	bool ok;

	session->settings.print.numeric_locale = false;
	ok = draw_rows(session, rows, NULL, err);
	session->settings.print.numeric_locale = numeric_locale;
	return ok;
}

/* ---- made and freed ---- */

static void axis_done(struct axis *axis)
{
	for (size_t i = 0; i < axis->heads.count; i++) {
		mem_free(axis->heads.items[i]->name);
		mem_free(axis->heads.items[i]);
	}
	vec_done(&axis->heads);
	map_free(axis->find);
}

static void crosstab_done(struct crosstab *tab)
{
	axis_done(&tab->side);
	axis_done(&tab->top);
	for (size_t i = 0; i < tab->entries.count; i++)
		mem_free(tab->entries.items[i].text);
	vec_done(&tab->entries);
	mem_free(tab->cells);
}

bool crosstab_draw(struct session *session, struct rows *rows,
		   char *const words[CROSSTAB_WORDS], struct err *err)
{
	const char *null_text = session->settings.print.null_text;
	CLEANUP(crosstab_done)
	struct crosstab tab = {
		.rows = rows,
		.null_text = null_text ? null_text : "",
	};

	tab.side.find = map_new(NULL);
	tab.top.find = map_new(NULL);
	return find_columns(&tab, words, err) && read_rows(&tab, rows, err) &&
	       fill_cells(&tab, err) && draw(session, &tab, err);
}
