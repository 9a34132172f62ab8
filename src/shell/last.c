#include "shell/last.h"

#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "data/spool.h"

struct last {
	struct rows rows; /* first: what last_again hands out */
	struct rows_column *columns;
	struct str names;
	struct spool *spool; /* NULL: too large */
	bool is_whole;
};

static enum rows_step next_kept(struct rows *rows,
				const struct rows_value **out_values,
				struct err *err)
{
	struct last *last = (struct last *)rows;

	return spool_next(last->spool, out_values, err);
}

static void rows_stay(struct rows *rows)
{
	(void)rows;
}

static const struct rows_class kept_class = {
	.next = next_kept,
	.free = rows_stay,
};

void last_free(struct last *last)
{
	if (!last)
		return;
	spool_free(last->spool);
	mem_free(last->columns);
	str_done(&last->names);
	mem_free(last);
}

/* A full disk is no reason to stop what is being shown. */
static void keep(struct last *last, const struct rows_value *values)
{
	if (!last->spool)
		return;
	if (spool_add(last->spool, values, NULL) &&
	    spool_bytes(last->spool) <= LAST_BYTES)
		return;
	spool_free(last->spool);
	last->spool = NULL;
}

static enum rows_step next_seen(struct rows *rows,
				const struct rows_value **out_values,
				struct err *err)
{
	struct last_rows *seen = (struct last_rows *)rows;
	enum rows_step step = rows_next(seen->from, out_values, err);

	if (step == ROWS_ROW) {
		keep(seen->last, *out_values);
		seen->count++;
	}
	seen->last->is_whole = step == ROWS_END;
	if (step == ROWS_END)
		seen->end_us = clock_monotonic_us();
	return step;
}

static const struct rows_class seen_class = {
	.next = next_seen,
	.free = rows_stay,
};

static void copy_columns(struct last *last, const struct rows *from)
{
	size_t at = 0;

	last->columns =
		mem_alloc_array(from->column_count + 1, sizeof(*last->columns));
	for (size_t i = 0; i < from->column_count; i++) {
		str_add(&last->names, from->columns[i].name);
		str_add_char(&last->names, '\0');
	}
	for (size_t i = 0; i < from->column_count; i++) {
		last->columns[i] = from->columns[i];
		last->columns[i].name = last->names.text + at;
		at += strlen(last->columns[i].name) + 1;
	}
	last->rows.class = &kept_class;
	last->rows.column_count = from->column_count;
	last->rows.columns = last->columns;
}

struct last *last_new(struct rows *from, struct last_rows *out)
{
	struct last *last = mem_alloc(sizeof(*last));

	last->names = (struct str)STR_EMPTY;
	copy_columns(last, from);
	last->spool = spool_new(from->column_count, SPOOL_MEMORY_BYTES);
	*out = (struct last_rows){ .rows = *from, .from = from, .last = last };
	out->rows.class = &seen_class;
	return last;
}

const char *last_column(const struct last *last, size_t at)
{
	return at < last->rows.column_count ? last->columns[at].name : NULL;
}

struct rows *last_again(struct last *last, bool *out_whole, struct err *err)
{
	*out_whole = last->is_whole;
	if (!last->spool) {
		err_set(err, ERR_MISSING,
			"the last result was too large to be kept (256 MiB)");
		err_hint(err, "run the query again with \\g FILE");
		return NULL;
	}
	if (!spool_rewind(last->spool, err))
		return NULL;
	return &last->rows;
}
