#include "load/check_near.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/rows.h"
#include "load/copyfrom.h"
#include "sql/quote.h"

static const char *text_of(const struct rows_value *value)
{
	return value->text != NULL ? value->text : "";
}

enum { NAME_MAX = 127, NEAR_MAX = 2, SHOWN_MAX = 3 };

/* Changes of a letter that make one of the other; more than NEAR_MAX do not
 * matter. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX + 2];
	size_t a_len = strnlen(a, NAME_MAX);
	size_t b_len = strnlen(b, NAME_MAX);

	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t before = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t best = before + (a[i - 1] != b[j - 1]);

			before = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b_len];
}

void check_near(const struct load_world *world, const char *table,
		struct err *err)
{
	const char *dot = strrchr(table, '.');
	const char *name = dot != NULL ? dot + 1 : table;
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str near = STR_EMPTY;
	const struct rows_value *values;
	size_t count = 0;

	str_addf(&sql,
		 "select n.nspname, c.relname, "
		 "pg_catalog.pg_table_is_visible(c.oid) "
		 "from pg_catalog.pg_class c join pg_catalog.pg_namespace n "
		 "on n.oid = c.relnamespace where c.relkind = 'r' "
		 "and n.nspname not in ('pg_catalog', 'information_schema', "
		 "'pg_internal', 'pg_automv') "
		 "and length(c.relname) between %zu and %zu",
		 strlen(name) > NEAR_MAX ? strlen(name) - NEAR_MAX : 1,
		 strlen(name) + NEAR_MAX);
	CLEANUP(rows_freep)
	struct rows *rows = world->ask(world->context, sql.text, NULL);
	while (rows != NULL && rows->column_count == 3 && count < SHOWN_MAX &&
	       rows_next(rows, &values, NULL) == ROWS_ROW) {
		if (distance(text_of(&values[1]), name) > NEAR_MAX ||
		    strlen(name) <= NEAR_MAX)
			continue;
		str_add(&near, count++ > 0 ? ", " : "");
		if (text_of(&values[2])[0] != 't') {
			quote_name(&near, text_of(&values[0]));
			str_add_char(&near, '.');
		}
		quote_name(&near, text_of(&values[1]));
	}
	if (count > 0) {
		CLEANUP(mem_freep) char *before = mem_copy_text(err->hint);

		err_hint(err, "there is %s; %s", near.text, before);
	}
}
