/* catalog/lookup: one relation, its columns and keys. */
#include "catalog/lookup.h"

#include <string.h>

#include "catalog/lookup_inner.h"
#include "catalog/seen.h"
#include "data/lite.h"

enum {
	COLUMNS_MAX = 5000, /* a table of Redshift has 1,600 at most */
	JOINS_MAX = 200,
	WITH_SCAN_MAX = 600,
};

#define RELATION                                                               \
	"select s.name, r.name, r.detail, r.comment, '', r.kind, 0, 0, r.id"   \
	" from relations r join schemas s on s.id = r.schema_id"
#define NAMED " where r.name collate nocase = ?1 and s.database in ('', ?9)"

/* ---- which relation a name means ---- */

static struct lite_query *in_schema(struct lookup *lookup, const char *schema,
				    const char *name)
{
	struct lite_query *query = lookup_query(
		lookup, RELATION NAMED
		" and s.name collate nocase = ?2"
		" order by s.name = ?2 desc, r.name = ?1 desc limit 1");

	if (query == NULL)
		return NULL;
	lite_bind_text(query, 1, name);
	lite_bind_text(query, 2, schema);
	return query;
}

static struct lite_query *anywhere(struct lookup *lookup, const char *name)
{
	struct lite_query *query =
		lookup_query(lookup, RELATION NAMED
			     " order by r.name = ?1 desc, s.name limit 1");

	if (query != NULL)
		lite_bind_text(query, 1, name);
	return query;
}

/* The statement on its row, to be reset; NULL: there is none. */
static struct lite_query *on_row(struct lookup *lookup,
				 struct lite_query *query)
{
	return query != NULL && lookup_step(lookup, query) ? query : NULL;
}

static struct lite_query *find(struct lookup *lookup, const char *schema,
			       const char *name)
{
	struct lite_query *query;

	if (schema != NULL && *schema != '\0')
		return on_row(lookup, in_schema(lookup, schema, name));
	lookup_read_path(lookup);
	for (size_t i = 0; i < lookup->path.count; i++) {
		query = on_row(lookup,
			       in_schema(lookup, lookup->path.items[i], name));
		if (query != NULL)
			return query;
	}
	query = on_row(lookup, in_schema(lookup, "pg_catalog", name));
	return query != NULL ? query : on_row(lookup, anywhere(lookup, name));
}

int64_t lookup_relation_id(struct lookup *lookup, const char *schema,
			   const char *name, struct str *out_schema)
{
	struct lite_query *query = find(lookup, schema, name);
	int64_t id;

	if (query == NULL)
		return 0;
	id = lite_number(query, 8);
	if (out_schema != NULL)
		str_set(out_schema, lite_text(query, 0));
	lite_reset(query);
	return id;
}

bool lookup_relation(struct lookup *lookup, const char *schema,
		     const char *name, lookup_each *each, void *context)
{
	const struct seen_relation *seen =
		lookup != NULL ? lookup_seen(lookup, schema, name) : NULL;
	struct lookup_name found;
	struct lite_query *query;

	if (seen != NULL && !seen->dropped && each != NULL) {
		lookup_read_seen(lookup, seen, &found);
		each(context, &found);
	}
	if (seen != NULL)
		return !seen->dropped;
	query = lookup != NULL ? find(lookup, schema, name) : NULL;
	if (query == NULL)
		return false;
	lookup_read_name(query, &found);
	found.on_path = lookup_is_on_path(lookup, found.schema);
	if (each != NULL)
		each(context, &found);
	lite_reset(query);
	return true;
}

/* ---- columns ---- */

static size_t each_row(struct lookup *lookup, struct lite_query *query,
		       lookup_each *each, void *context)
{
	size_t count = 0;

	while (lookup_step(lookup, query)) {
		struct lookup_name name;

		lookup_read_name(query, &name);
		name.on_path = lookup_is_on_path(lookup, name.schema);
		each(context, &name);
		count++;
	}
	lite_reset(query);
	return count;
}

static size_t seen_columns(struct lookup *lookup,
			   const struct seen_relation *seen, lookup_each *each,
			   void *context)
{
	struct lookup_name name;

	if (seen->dropped)
		return 0;
	lookup_read_seen(lookup, seen, &name);
	name.relation = seen->name;
	name.kind = LOOKUP_NAME;
	for (size_t i = 0; i < seen->columns.count; i++) {
		name.name = seen->columns.items[i].name;
		name.detail = seen->columns.items[i].type;
		name.position = (int)i + 1;
		each(context, &name);
	}
	return seen->columns.count;
}

size_t lookup_columns(struct lookup *lookup, const char *schema,
		      const char *relation, lookup_each *each, void *context)
{
	const struct seen_relation *seen =
		lookup != NULL ? lookup_seen(lookup, schema, relation) : NULL;
	struct lite_query *query;
	int64_t id;

	if (lookup == NULL)
		return 0;
	if (seen != NULL)
		return seen_columns(lookup, seen, each, context);
	id = lookup_relation_id(lookup, schema, relation, NULL);
	if (id == 0)
		return 0;
	query = lite_query(lookup->lite,
			   "select s.name, c.name, c.type, c.comment, r.name,"
			   " 8, c.marks, c.position from columns c"
			   " join relations r on r.id = c.relation_id"
			   " join schemas s on s.id = r.schema_id"
			   " where c.relation_id = ?1 order by c.position"
			   " limit ?2",
			   NULL);
	if (query == NULL)
		return 0;
	lite_bind_number(query, 1, id);
	lite_bind_number(query, 2, COLUMNS_MAX);
	return each_row(lookup, query, each, context);
}

size_t lookup_relations_with(struct lookup *lookup, const char *column,
			     size_t limit, lookup_each *each, void *context)
{
	struct lite_query *query;
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (lookup == NULL)
		return 0;
	lookup_read_path(lookup);
	/* Between US bytes, which no name holds. */
	str_add_char(&path, '\x1f');
	for (size_t i = 0; i < lookup->path.count; i++)
		str_addf(&path, "%s\x1f", lookup->path.items[i]);
	query = lookup_query(
		lookup,
		"select s.name, r.name, r.detail, r.comment, '', r.kind,"
		" c.marks, c.position from (select * from columns"
		" where name collate nocase = ?1 limit ?4) c"
		" join relations r on r.id = c.relation_id"
		" join schemas s on s.id = r.schema_id"
		" where s.database in ('', ?9)"
		" order by instr(?3, char(31) || s.name || char(31)) = 0,"
		" r.name, s.name limit ?2");
	if (query == NULL)
		return 0;
	lite_bind_text(query, 1, column);
	lite_bind_number(query, 2, (int64_t)limit);
	lite_bind_text(query, 3, path.text);
	lite_bind_number(query, 4, WITH_SCAN_MAX);
	return each_row(lookup, query, each, context);
}

/* ---- foreign keys ---- */

struct joins {
	void (*each)(void *context, const struct lookup_join *join);
	void *context;
	size_t count;
};

/* Keys of the relation from, which is right when swapped. */
static void each_key(struct lookup *lookup, int64_t from, const char *to_schema,
		     const char *to, bool swapped, struct joins *joins)
{
	struct lite_query *query =
		lite_query(lookup->lite,
			   "select column_name, to_column, name, part from keys"
			   " where relation_id = ?1 and kind = 'f'"
			   " and to_schema = ?2 and to_relation = ?3"
			   " order by name, part limit ?4",
			   NULL);

	if (query == NULL)
		return;
	lite_bind_number(query, 1, from);
	lite_bind_text(query, 2, to_schema);
	lite_bind_text(query, 3, to);
	lite_bind_number(query, 4, JOINS_MAX);
	while (lookup_step(lookup, query)) {
		struct lookup_join join = {
			.left = lite_text(query, swapped ? 1 : 0),
			.right = lite_text(query, swapped ? 0 : 1),
			.key = lite_text(query, 2),
			.part = (int)lite_number(query, 3),
		};

		joins->each(joins->context, &join);
		joins->count++;
	}
	lite_reset(query);
}

struct end { /* one of two relations, as the cache spells it */
	int64_t id;
	struct str schema, name;
};

static void end_done(struct end *end)
{
	str_done(&end->schema);
	str_done(&end->name);
}

static bool find_end(struct lookup *lookup, const char *schema,
		     const char *name, struct end *out)
{
	struct lite_query *query = find(lookup, schema, name);

	if (query == NULL)
		return false;
	str_set(&out->schema, lite_text(query, 0));
	str_set(&out->name, lite_text(query, 1));
	out->id = lite_number(query, 8);
	lite_reset(query);
	return true;
}

size_t lookup_joins(struct lookup *lookup, const char *left_schema,
		    const char *left, const char *right_schema,
		    const char *right,
		    void (*each)(void *context, const struct lookup_join *join),
		    void *context)
{
	struct joins joins = { .each = each, .context = context };
	CLEANUP(end_done) struct end one = { 0, STR_EMPTY, STR_EMPTY };
	CLEANUP(end_done) struct end two = { 0, STR_EMPTY, STR_EMPTY };

	if (lookup == NULL || !find_end(lookup, left_schema, left, &one) ||
	    !find_end(lookup, right_schema, right, &two))
		return 0;
	each_key(lookup, one.id, two.schema.text, two.name.text, false, &joins);
	if (one.id != two.id)
		each_key(lookup, two.id, one.schema.text, one.name.text, true,
			 &joins);
	return joins.count;
}

size_t lookup_neighbours(struct lookup *lookup, const char *schema,
			 const char *relation, size_t limit, lookup_each *each,
			 void *context)
{
	CLEANUP(end_done) struct end end = { 0, STR_EMPTY, STR_EMPTY };
	struct lite_query *query;

	if (lookup == NULL || !find_end(lookup, schema, relation, &end))
		return 0;
	query = lookup_query(
		lookup, RELATION
		" where s.database in ('', ?9) and r.id in (select relation_id"
		" from keys where kind = 'f' and to_relation = ?2"
		" and to_schema = ?1 union select t.id from keys k"
		" join schemas u on u.name = k.to_schema"
		" and u.database in ('', ?9)"
		" join relations t on t.schema_id = u.id"
		" and t.name = k.to_relation"
		" where k.relation_id = ?3 and k.kind = 'f')"
		" order by r.name limit ?4");
	if (query == NULL)
		return 0;
	lite_bind_text(query, 1, end.schema.text);
	lite_bind_text(query, 2, end.name.text);
	lite_bind_number(query, 3, end.id);
	lite_bind_number(query, 4, (int64_t)limit);
	return each_row(lookup, query, each, context);
}
