#include "chart/column.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/cancel.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "chart/amount.h"
#include "chart/labels.h"

struct looking { /* at one column */
	struct column *column;
	struct map *seen;
	bool all_times, all_digits, all_percents, is_text;
	struct column times, digits; /* facts, should it be all of these */
};

void column_list_done(struct column_list *list)
{
	mem_free(list->items);
	*list = (struct column_list){ .items = NULL };
}

/* ---- one value ---- */

static void take_number(struct column *column, double number)
{
	if (!isfinite(number)) {
		column->odd++;
		return;
	}
	if (column->count == 0 || number < column->low)
		column->low = number;
	if (column->count == 0 || number > column->high)
		column->high = number;
	column->count++;
	if (floor(number) != number)
		column->whole = false;
}

static bool read_time(const struct column *column,
		      const struct rows_value *value, double *out)
{
	return column->is_clock
		       ? amount_read_clock(value->text, value->len, out)
		       : amount_read_time(value->text, value->len, out);
}

static bool read_number(const struct column *column,
			const struct rows_value *value, double *out)
{
	return column->is_money
		       ? amount_read_money(value->text, value->len, out)
		       : amount_read(value->text, value->len, out);
}

bool column_value(const struct column *column, const struct rows_value *value,
		  double *out)
{
	if (!value->text)
		return false;
	if (column->use == COLUMN_TIME)
		return read_time(column, value, out) && isfinite(*out);
	return column->use == COLUMN_NUMBER &&
	       read_number(column, value, out) && isfinite(*out);
}

/* Is this text a date after all the others were? */
static void take_text(struct looking *look, const struct rows_value *value)
{
	double number;

	if (look->all_times) {
		look->all_times =
			amount_read_time(value->text, value->len, &number);
		if (look->all_times)
			take_number(&look->times, number);
	}
	if (look->all_digits)
		look->all_digits =
			amount_read(value->text, value->len, &number);
	if (look->all_percents)
		look->all_percents =
			value->len > 1 && value->text[value->len - 1] == '%' &&
			amount_read(value->text, value->len - 1, &number);
	look->column->count++;
}

static void take_typed(struct looking *look, const struct rows_value *value)
{
	struct column *column = look->column;
	double number;
	bool good;

	if (column->use == COLUMN_TIME)
		good = read_time(column, value, &number);
	else
		good = read_number(column, value, &number);
	if (good)
		take_number(column, number);
	else
		column->odd++;
}

static void take_distinct(struct looking *look, const struct rows_value *value)
{
	CLEANUP(str_done) struct str room = STR_EMPTY;
	const char *key;

	if (look->column->distinct > COLUMN_DISTINCT_MAX)
		return;
	key = labels_key(value, &room);
	if (map_has(look->seen, key))
		return;
	map_put(look->seen, key, look);
	look->column->distinct++;
}

static void take(struct looking *look, const struct rows_value *value)
{
	if (!value->text) {
		look->column->nulls++;
		return;
	}
	take_distinct(look, value);
	if (look->is_text)
		take_text(look, value);
	else if (look->column->use == COLUMN_CATEGORY)
		look->column->count++;
	else
		take_typed(look, value);
}

/* ---- a column ---- */

enum {
	TYPE_MONEY = 790,
	TYPE_TIME = 1083,
	TYPE_TIMESTAMPTZ = 1184,
	TYPE_INTERVAL = 1186,
	TYPE_TIMETZ = 1266,
};

static enum column_use use_of(const struct rows_column *from)
{
	switch (from->kind) {
	case ROWS_INTEGER:
	case ROWS_DECIMAL:
	case ROWS_FLOAT:
		return COLUMN_NUMBER;
	case ROWS_DATE:
		return COLUMN_TIME;
	case ROWS_TIME:
		return from->oid == TYPE_INTERVAL ? COLUMN_CATEGORY
						  : COLUMN_TIME;
	case ROWS_TEXT:
	case ROWS_BOOL:
	case ROWS_JSON:
	case ROWS_BYTES:
		break;
	}
	return COLUMN_CATEGORY;
}

static void begin(struct looking *look, struct column *column,
		  const struct rows_column *from)
{
	*column = (struct column){
		.use = use_of(from),
		.kind = from->kind,
		.name = from->name,
		.is_clock = from->oid == TYPE_TIME || from->oid == TYPE_TIMETZ,
		.has_zone = from->oid == TYPE_TIMESTAMPTZ,
		.is_money = from->oid == TYPE_MONEY,
		.whole = true,
	};
	*look = (struct looking){
		.column = column,
		.seen = map_new(NULL),
		.is_text = from->kind == ROWS_TEXT,
		.all_times = true,
		.all_digits = true,
		.all_percents = true,
		.times = { .whole = true },
	};
}

static bool name_has(const char *name, const char *word)
{
	size_t len = strlen(word);

	for (; *name; name++)
		if (strncasecmp(name, word, len) == 0)
			return true;
	return false;
}

/* "id", "customer_id" */
static bool names_id(const char *name)
{
	size_t len = strlen(name);

	return strcasecmp(name, "id") == 0 ||
	       (len > 3 && strcasecmp(name + len - 3, "_id") == 0);
}

/* Whole numbers that count nothing: 2024, 23 of the hour. A measure may be
 * called orders_per_day: then its values tell. */
static bool is_ordinal(const struct column *column)
{
	static const struct {
		const char *word;
		double low, high;
	} parts[] = {
		{ "year", 1, 9999 }, { "quarter", 1, 4 }, { "month", 1, 12 },
		{ "week", 0, 53 },   { "day", 0, 366 },   { "hour", 0, 23 },
		{ "dow", 0, 7 },     { "doy", 1, 366 },   { "yr", 1, 9999 },
	};

	if (!column->whole || column->kind == ROWS_FLOAT)
		return false;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (name_has(column->name, parts[i].word) &&
		    !name_has(column->name, "per_") &&
		    column->low >= parts[i].low &&
		    column->high <= parts[i].high)
			return true;
	return column->kind == ROWS_INTEGER && column->low >= 1950 &&
	       column->high <= 2050 && column->count > 1 &&
	       column->distinct > 1;
}

static void end(struct looking *look)
{
	struct column *column = look->column;
	int64_t nulls = column->nulls;

	column->digits = look->is_text && look->all_digits && column->count > 0;
	column->percents =
		look->is_text && look->all_percents && column->count > 0;
	if (look->is_text && look->all_times && column->count > 0) {
		column->use = COLUMN_TIME;
		column->count = look->times.count;
		column->odd = look->times.odd;
		column->low = look->times.low;
		column->high = look->times.high;
	}
	column->nulls = nulls;
	if (column->count == 0 && column->odd == 0)
		column->use = COLUMN_NOTHING;
	if (column->use == COLUMN_NUMBER && column->count > 0) {
		column->is_id = column->whole && names_id(column->name);
		column->ordinal = column->is_id || is_ordinal(column);
	}
	map_free(look->seen);
}

/* ---- all ---- */

enum { CHECK_ROWS = 4096 };

bool column_read_all(struct column_list *list, struct rows *rows,
		     struct err *err)
{
	size_t count = rows->column_count;
	CLEANUP(mem_freep)
	struct looking *looks = mem_alloc_array(count + 1, sizeof(*looks));
	const struct rows_value *values;
	enum rows_step step;

	list->items = mem_alloc_array(count + 1, sizeof(*list->items));
	list->count = count;
	list->rows = 0;
	for (size_t i = 0; i < count; i++)
		begin(&looks[i], &list->items[i], &rows->columns[i]);
	while ((step = rows_next(rows, &values, err)) == ROWS_ROW) {
		if (++list->rows % CHECK_ROWS == 0 && !cancel_check(err)) {
			step = ROWS_FAILED;
			break;
		}
		for (size_t i = 0; i < count; i++)
			take(&looks[i], &values[i]);
	}
	for (size_t i = 0; i < count; i++)
		end(&looks[i]);
	return step == ROWS_END;
}
