#include "catalog/seen.h"

#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "base/str.h"
#include "catalog/ddl_text.h"
#include "sql/scope.h"

enum {
	RELATIONS_MAX = 2000, /* more: the oldest go */
};

struct list {
	VEC(struct seen_relation *);
};

struct seen {
	struct list now;
	struct list before; /* the open transaction */
	bool in_block;      /* before is set */
};

/* ---- relations ---- */

static void relation_free(struct seen_relation *relation)
{
	for (size_t i = 0; i < relation->columns.count; i++) {
		mem_free(relation->columns.items[i].name);
		mem_free(relation->columns.items[i].type);
	}
	vec_done(&relation->columns);
	mem_free(relation->schema);
	mem_free(relation->name);
	mem_free(relation);
}

static struct seen_relation *relation_new(const char *schema, const char *name)
{
	struct seen_relation *relation = mem_alloc(sizeof(*relation));

	relation->schema = mem_copy_text(schema);
	relation->name = mem_copy_text(name);
	return relation;
}

static void add_column(struct seen_relation *relation, const char *name,
		       const char *type)
{
	struct seen_column column = { mem_copy_text(name),
				      mem_copy_text(type) };

	vec_push(&relation->columns, column);
}

static struct seen_relation *relation_copy(const struct seen_relation *from)
{
	struct seen_relation *copy = relation_new(from->schema, from->name);

	copy->kind = from->kind;
	copy->temporary = from->temporary;
	copy->dropped = from->dropped;
	for (size_t i = 0; i < from->columns.count; i++)
		add_column(copy, from->columns.items[i].name,
			   from->columns.items[i].type);
	return copy;
}

static void list_clear(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		relation_free(list->items[i]);
	vec_done(list);
}

struct seen *seen_new(void)
{
	return mem_alloc(sizeof(struct seen));
}

void seen_free(struct seen *seen)
{
	if (seen == NULL)
		return;
	list_clear(&seen->now);
	list_clear(&seen->before);
	mem_free(seen);
}

/* ---- finding ---- */

static bool is_named(const struct seen_relation *relation, const char *schema,
		     const char *name)
{
	if (strcasecmp(relation->name, name) != 0)
		return false;
	return strcasecmp(relation->schema, schema) == 0 ||
	       (*relation->schema == '\0' && !relation->temporary &&
		*schema == '\0');
}

static size_t find(const struct seen *seen, const char *schema,
		   const char *name)
{
	for (size_t i = seen->now.count; i-- > 0;)
		if (is_named(seen->now.items[i], schema, name))
			return i;
	return seen->now.count;
}

size_t seen_count(const struct seen *seen)
{
	return seen->now.count;
}

const struct seen_relation *seen_at(const struct seen *seen, size_t at)
{
	return seen->now.items[at];
}

const struct seen_relation *seen_find(const struct seen *seen,
				      const char *schema, const char *name)
{
	size_t at = find(seen, schema, name);

	return at < seen->now.count ? seen->now.items[at] : NULL;
}

static void remove_at(struct seen *seen, size_t at)
{
	relation_free(seen->now.items[at]);
	vec_remove(&seen->now, at);
}

/* Takes the place of one of the same name. */
static void put_take(struct seen *seen, struct seen_relation *relation)
{
	size_t at = find(seen, relation->schema, relation->name);

	if (at < seen->now.count)
		remove_at(seen, at);
	if (seen->now.count >= RELATIONS_MAX)
		remove_at(seen, 0);
	vec_push(&seen->now, relation);
}

/* ---- columns ---- */

static void copy_column(void *context, const struct lookup_name *name)
{
	add_column(context, name->name, name->detail);
}

static void copy_columns(struct lookup *lookup, const char *schema,
			 const char *name, struct seen_relation *to)
{
	lookup_columns(lookup, schema, name, copy_column, to);
}

static bool is_listed(const char *const *names, const char *name)
{
	for (; names != NULL && *names != NULL; names++)
		if (strcasecmp(*names, name) == 0)
			return true;
	return false;
}

/* One output of a query, or all columns of one of its tables. */
static void query_column(struct lookup *lookup,
			 const struct scope_column *column,
			 struct seen_relation *to)
{
	struct seen_relation *source = relation_new("", "");
	const char *type = "";

	if (*column->table.name != '\0')
		copy_columns(lookup, column->table.schema, column->table.name,
			     source);
	for (size_t i = 0; i < source->columns.count; i++) {
		const struct seen_column *known = &source->columns.items[i];

		if (*column->name == '\0') {
			if (!is_listed(column->except, known->name))
				add_column(to, known->name, known->type);
		} else if (column->of != NULL &&
			   strcasecmp(known->name, column->of) == 0) {
			type = known->type;
		}
	}
	if (*column->name != '\0')
		add_column(to, column->name, type);
	relation_free(source);
}

/* The columns that a query gives, as far as its text tells. */
static void query_columns(struct lookup *lookup, const struct ddl *ddl,
			  struct seen_relation *to)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(scope_freep) struct scope *scope = NULL;
	const struct scope_item *item;

	str_add(&sql, "select  from (");
	str_add_slice(&sql, ddl->query, ddl->query_len);
	str_trim_end(&sql);
	while (sql.len > 0 && sql.text[sql.len - 1] == ';')
		str_cut(&sql, sql.len - 1);
	str_add(&sql, ") q");
	scope = scope_new(sql.text, sql.len, strlen("select "));
	if (scope_count(scope) == 0)
		return;
	item = scope_item(scope, 0);
	for (size_t i = 0; item->known && i < item->column_count; i++)
		query_column(lookup, &item->columns[i], to);
}

/* ---- statements ---- */

static enum lookup_kind kind_of(const struct ddl *ddl)
{
	if (ddl->external)
		return LOOKUP_EXTERNAL;
	if (ddl->object == DDL_VIEW)
		return LOOKUP_VIEW;
	return ddl->object == DDL_MATERIALIZED ? LOOKUP_MATERIALIZED
					       : LOOKUP_TABLE;
}

static void create(struct seen *seen, struct lookup *lookup,
		   const struct ddl *ddl)
{
	const struct ddl_name *name = &ddl->names.items[0];
	struct seen_relation *relation;

	/* It was there before, as it was. */
	if (ddl->if_exists &&
	    lookup_relation(lookup, name->schema, name->name, NULL, NULL))
		return;
	relation = relation_new(ddl->temporary ? "" : name->schema, name->name);
	relation->kind = kind_of(ddl);
	relation->temporary = ddl->temporary;
	if (ddl->like.name != NULL)
		copy_columns(lookup, ddl->like.schema, ddl->like.name,
			     relation);
	for (size_t i = 0; i < ddl->columns.count; i++)
		add_column(relation, ddl->columns.items[i].name,
			   ddl->columns.items[i].type);
	if (ddl->query != NULL && ddl->columns.count == 0)
		query_columns(lookup, ddl, relation);
	put_take(seen, relation);
}

static void drop(struct seen *seen, const struct ddl_name *name)
{
	size_t at = find(seen, name->schema, name->name);
	bool temporary = at < seen->now.count && seen->now.items[at]->temporary;
	struct seen_relation *gone;

	if (at < seen->now.count)
		remove_at(seen, at);
	if (temporary)
		return;
	gone = relation_new(name->schema, name->name);
	gone->dropped = true;
	put_take(seen, gone);
}

static void copy_kind(void *context, const struct lookup_name *name)
{
	struct seen_relation *relation = context;

	relation->kind = name->kind;
}

/* The relation as it is, to be changed. */
static struct seen_relation *fetch(struct seen *seen, struct lookup *lookup,
				   const struct ddl_name *name)
{
	size_t at = find(seen, name->schema, name->name);
	struct seen_relation *relation;

	if (at < seen->now.count)
		return seen->now.items[at];
	relation = relation_new(name->schema, name->name);
	if (!lookup_relation(lookup, name->schema, name->name, copy_kind,
			     relation)) {
		relation_free(relation);
		return NULL;
	}
	copy_columns(lookup, name->schema, name->name, relation);
	put_take(seen, relation);
	return relation;
}

static size_t column_at(const struct seen_relation *relation, const char *name)
{
	size_t at = 0;

	while (at < relation->columns.count &&
	       strcasecmp(relation->columns.items[at].name, name) != 0)
		at++;
	return at;
}

static void replace(char **text, const char *by)
{
	mem_free(*text);
	*text = mem_copy_text(by);
}

static void change_column(struct seen_relation *relation, const struct ddl *ddl)
{
	const struct ddl_column *column = &ddl->columns.items[0];
	size_t at = column_at(relation, column->name);

	if (ddl->action == DDL_ADD_COLUMN) {
		add_column(relation, column->name, column->type);
		return;
	}
	if (at == relation->columns.count)
		return;
	if (ddl->action == DDL_RENAME_COLUMN && ddl->new_name != NULL)
		replace(&relation->columns.items[at].name, ddl->new_name);
	if (ddl->action == DDL_TYPE_OF_COLUMN)
		replace(&relation->columns.items[at].type, column->type);
	if (ddl->action == DDL_DROP_COLUMN) {
		mem_free(relation->columns.items[at].name);
		mem_free(relation->columns.items[at].type);
		vec_remove(&relation->columns, at);
	}
}

static void alter(struct seen *seen, struct lookup *lookup,
		  const struct ddl *ddl)
{
	const struct ddl_name *name = &ddl->names.items[0];
	struct seen_relation *relation;
	struct seen_relation *copy;

	if (ddl->action == DDL_OTHER_ACTION || ddl->action == DDL_NO_ACTION)
		return;
	relation = fetch(seen, lookup, name);
	if (relation == NULL || relation->dropped)
		return;
	if (ddl->action != DDL_RENAME && ddl->action != DDL_SET_SCHEMA) {
		change_column(relation, ddl);
		return;
	}
	if (ddl->new_name == NULL)
		return;
	copy = relation_copy(relation);
	replace(ddl->action == DDL_RENAME ? &copy->name : &copy->schema,
		ddl->new_name);
	drop(seen, name);
	put_take(seen, copy);
}

static void remember(struct seen *seen)
{
	if (seen->in_block)
		return;
	seen->in_block = true;
	for (size_t i = 0; i < seen->now.count; i++)
		vec_push(&seen->before, relation_copy(seen->now.items[i]));
}

void seen_statement(struct seen *seen, struct lookup *lookup, const char *sql,
		    size_t len, bool in_block)
{
	CLEANUP(ddl_freep) struct ddl *ddl = ddl_read(sql, len);

	if (ddl->verb == DDL_NONE || ddl->names.count == 0 ||
	    (ddl->object != DDL_TABLE && ddl->object != DDL_VIEW &&
	     ddl->object != DDL_MATERIALIZED))
		return;
	if (in_block)
		remember(seen);
	if (ddl->verb == DDL_CREATE)
		create(seen, lookup, ddl);
	else if (ddl->verb == DDL_ALTER)
		alter(seen, lookup, ddl);
	for (size_t i = 0; ddl->verb == DDL_DROP && i < ddl->names.count; i++)
		drop(seen, &ddl->names.items[i]);
}

void seen_commit(struct seen *seen)
{
	list_clear(&seen->before);
	seen->in_block = false;
}

void seen_rollback(struct seen *seen)
{
	if (!seen->in_block)
		return;
	list_clear(&seen->now);
	seen->now = seen->before;
	seen->before = (struct list){ NULL, 0, 0 };
	seen->in_block = false;
}

void seen_settle(struct seen *seen)
{
	if (seen->in_block)
		return;
	for (size_t i = seen->now.count; i-- > 0;)
		if (!seen->now.items[i]->temporary)
			remove_at(seen, i);
}
