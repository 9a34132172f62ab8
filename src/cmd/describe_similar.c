#include "cmd/describe_similar.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/similar.h"
#include "base/str.h"
#include "cmd/describe_ask.h"
#include "data/rows.h"
#include "sql/quote.h"

/* Schema and name of what was typed; false: it has wildcards or more parts. */
static bool take_apart(const char *pattern, struct str *schema,
		       struct str *name)
{
	const char *dot = strchr(pattern, '.');

	if (strpbrk(pattern, "*?()[]|+") != NULL ||
	    (dot != NULL && strchr(dot + 1, '.') != NULL))
		return false;
	if (dot != NULL)
		quote_name_read(schema, pattern, (size_t)(dot - pattern), true);
	pattern = dot != NULL ? dot + 1 : pattern;
	quote_name_read(name, pattern, strlen(pattern), true);
	return name->len > 0;
}

struct nearest {
	size_t distance;
	struct str name;
};

/* The name may be wrong, or be in another schema, which counts a little. */
static void consider(const struct rows_value *values, const struct str *schema,
		     const struct str *name, struct nearest *nearest)
{
	bool visible = values[2].text != NULL && values[2].text[0] == 't';
	const char *their_schema = values[0].text ? values[0].text : "";
	const char *their_name = values[1].text ? values[1].text : "";
	size_t limit = 2 * ((name->len + 2) / 4) + 1;
	size_t distance = 2 * similar_distance(name->text, their_name,
					       (name->len + 2) / 4);

	if (schema->len > 0 ? strcmp(schema->text, their_schema) != 0
			    : !visible)
		distance++;
	if (distance > limit || distance >= nearest->distance)
		return;
	nearest->distance = distance;
	str_clear(&nearest->name);
	quote_qualified(&nearest->name, visible ? NULL : their_schema,
			their_name);
}

void describe_similar(struct session *session, const char *pattern,
		      struct str *out)
{
	static const char sql[] =
		"select n.nspname, c.relname, pg_table_is_visible(c.oid)\n"
		"from pg_class c\n"
		"join pg_namespace n on n.oid = c.relnamespace\n"
		"where c.relkind in ('r', 'v') and n.nspname !~ '^pg_'\n"
		"  and n.nspname <> 'information_schema'\n"
		"  and c.relname not like 'mv_tbl__%'\n"
		"order by 1, 2";
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	struct nearest nearest = { .distance = SIZE_MAX, .name = STR_EMPTY };
	CLEANUP(rows_freep) struct rows *rows = NULL;
	const struct rows_value *values;

	if (!take_apart(pattern, &schema, &name))
		return;
	rows = describe_ask(session, sql, NULL);
	while (rows != NULL && rows_next(rows, &values, NULL) == ROWS_ROW)
		consider(values, &schema, &name, &nearest);
	str_add(out, nearest.name.text);
	str_done(&nearest.name);
}
