#include "catalog/lookup.h"

#include <string.h>

#include "base/str.h"
#include "catalog/store.h"
#include "data/lite.h"

struct lookup {
	struct lite *lite;
};

struct lookup *lookup_open(const char *path, struct err *err)
{
	struct lite *lite = store_open(path, err);
	struct lookup *lookup;

	if (lite == NULL)
		return NULL;
	lookup = mem_alloc(sizeof(*lookup));
	lookup->lite = lite;
	return lookup;
}

void lookup_close(struct lookup *lookup)
{
	if (lookup == NULL)
		return;
	lite_close(lookup->lite);
	mem_free(lookup);
}

/* The end of the range of texts that begin with prefix: char(1114111) is the
 * last code point. A range, unlike LIKE, uses the index and has no special
 * characters. */
#define STARTS(column) column " >= ?1 and " column " < ?1 || char(1114111)"
#define ON_PATH        " left join schemas s on s.name = r.schema"
/* On the search path first, in its order. */
#define BY_PATH                                                                \
	"case when coalesce(s.place, 0) = 0 then 1000000 else s.place end"

enum { NO_LIMIT = 100000 };

static const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* Steps a bound query of {schema, name, detail, kind, on_path}. */
static size_t each_row(struct lite_query *query, lookup_each *each,
		       void *context)
{
	size_t count = 0;

	while (lite_step(query, NULL) == LITE_ROW) {
		struct lookup_name name = {
			.schema = or_empty(lite_text(query, 0)),
			.name = or_empty(lite_text(query, 1)),
			.detail = or_empty(lite_text(query, 2)),
			.kind = (enum lookup_kind)lite_number(query, 3),
			.on_path = lite_number(query, 4) != 0,
		};

		each(context, &name);
		count++;
	}
	lite_reset(query);
	return count;
}

struct want {            /* what one look-up asks */
	const char *sql; /* ?1 prefix, ?2 limit, ?3 schema */
	const char *prefix;
	const char *schema; /* NULL: not bound */
	size_t limit;
};

static size_t run(struct lookup *lookup, const struct want *want,
		  lookup_each *each, void *context)
{
	struct lite_query *query;

	if (lookup == NULL)
		return 0;
	query = lite_query(lookup->lite, want->sql, NULL);
	if (query == NULL)
		return 0;
	lite_bind_text(query, 1, want->prefix);
	lite_bind_number(query, 2, (int64_t)want->limit);
	if (want->schema != NULL)
		lite_bind_text(query, 3, want->schema);
	return each_row(query, each, context);
}

size_t lookup_schemas(struct lookup *lookup, const char *prefix, size_t limit,
		      lookup_each *each, void *context)
{
	struct want want = {
		.sql = "select '', name, '', 0, 0 from schemas"
		       " where " STARTS("name") " order by name limit ?2",
		.prefix = prefix,
		.limit = limit,
	};

	return run(lookup, &want, each, context);
}

/* Two queries, so that the limit does not cut off the near ones: those of
 * the search path and of pg_catalog, which is always on it, then the rest. */
static size_t relations_anywhere(struct lookup *lookup, struct want *want,
				 lookup_each *each, void *context)
{
	size_t near;

	want->sql = "select r.schema, r.name, '', r.kind, s.place"
		    " from schemas s cross join relations r"
		    " where (s.place > 0 or s.name = 'pg_catalog')"
		    " and r.schema = s.name and " STARTS(
			    "r.name") " order by r.name, s.place limit ?2";
	near = run(lookup, want, each, context);
	if (near >= want->limit)
		return near;
	want->limit -= near;
	want->sql = "select r.schema, r.name, '', r.kind, 0"
		    " from relations r where " STARTS(
			    "r.name") " and r.schema not in (select name"
				      " from schemas where place > 0"
				      " or name = 'pg_catalog')"
				      " order by r.name, r.schema limit ?2";
	return near + run(lookup, want, each, context);
}

size_t lookup_relations(struct lookup *lookup, const char *schema,
			const char *prefix, size_t limit, lookup_each *each,
			void *context)
{
	struct want want = { .prefix = prefix,
			     .schema = schema,
			     .limit = limit };

	if (schema == NULL)
		return relations_anywhere(lookup, &want, each, context);
	want.sql = "select schema, name, '', kind, 0 from relations"
		   " where schema = ?3 and " STARTS(
			   "name") " order by name limit ?2";
	return run(lookup, &want, each, context);
}

size_t lookup_functions(struct lookup *lookup, const char *schema,
			const char *prefix, size_t limit, lookup_each *each,
			void *context)
{
	struct want want = { .prefix = prefix,
			     .schema = schema,
			     .limit = limit };

	if (schema != NULL)
		want.sql = "select schema, name, arguments, 0, 0 from functions"
			   " where schema = ?3 and " STARTS(
				   "name") " order by name limit ?2";
	else
		want.sql = "select schema, name, arguments, 0, 0 from functions"
			   " where " STARTS("name") " order by name limit ?2";
	return run(lookup, &want, each, context);
}

size_t lookup_databases(struct lookup *lookup, const char *prefix, size_t limit,
			lookup_each *each, void *context)
{
	struct want want = {
		.sql = "select '', name, '', 0, 0 from databases"
		       " where " STARTS("name") " order by name limit ?2",
		.prefix = prefix,
		.limit = limit,
	};

	return run(lookup, &want, each, context);
}

size_t lookup_users(struct lookup *lookup, const char *prefix, size_t limit,
		    lookup_each *each, void *context)
{
	struct want want = {
		.sql = "select '', name, '', 0, 0 from users"
		       " where " STARTS("name") " order by name limit ?2",
		.prefix = prefix,
		.limit = limit,
	};

	return run(lookup, &want, each, context);
}

/* The schema of the first relation of this name, on the search path first. */
static bool find_schema(struct lookup *lookup, const char *relation,
			struct str *out)
{
	struct lite_query *query = lite_query(
		lookup->lite,
		"select r.schema from relations r" ON_PATH
		" where r.name = ?1 order by " BY_PATH ", r.schema limit 1",
		NULL);
	bool found;

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, relation);
	found = lite_step(query, NULL) == LITE_ROW;
	if (found)
		str_set(out, or_empty(lite_text(query, 0)));
	lite_reset(query);
	return found;
}

size_t lookup_columns(struct lookup *lookup, const char *schema,
		      const char *relation, lookup_each *each, void *context)
{
	CLEANUP(str_done) struct str found = STR_EMPTY;
	struct want want = {
		.sql = "select schema, name, type, 0, 0 from columns"
		       " where schema = ?3 and relation = ?1"
		       " order by position limit ?2",
		.prefix = relation,
		.limit = NO_LIMIT,
	};

	if (lookup == NULL)
		return 0;
	if (schema == NULL || *schema == '\0') {
		if (!find_schema(lookup, relation, &found))
			return 0;
		schema = found.text;
	}
	want.schema = schema;
	return run(lookup, &want, each, context);
}

int64_t lookup_harvested_ms(struct lookup *lookup)
{
	return lookup != NULL ? store_number(lookup->lite, "harvested_ms") : 0;
}
