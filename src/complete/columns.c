#include "complete/columns.h"

#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "complete/offer.h"
#include "complete/parts.h"
#include "complete/rank.h"
#include "complete/source.h"
#include "sql/quote.h"
#include "sql/scope.h"

enum {
	COLUMNS_MAX = 2000, /* of one relation; Redshift: 1,600 */
	DEPTH_MAX = 4,      /* of queries around that make a difference */
	NOT_JOINED = 6,     /* rank: a table that joins later than the ON */
	KEY_NEARER = 150,   /* in conditions of joins */
	SAME_NEARER = 400,  /* compared with a column of this name */
	TYPE_NEARER = 60,   /* or of this type */
};

struct columns {
	struct map *tables; /* "schema\1name" to struct column_list */
	struct map *items;  /* an item's number to struct column_list */
	struct map *counts; /* "depth name", lower, to how many have it */
	struct map *merged; /* those of depth 0 that NATURAL JOIN has merged */
};

/* ---- lists ---- */

static void free_list(void *value)
{
	struct column_list *list = value;

	for (size_t i = 0; i < list->count; i++) {
		mem_free(list->items[i].name);
		mem_free(list->items[i].type);
		mem_free(list->items[i].comment);
	}
	vec_done(list);
	mem_free(list);
}

struct columns *columns_new(void)
{
	struct columns *columns = mem_alloc(sizeof(*columns));

	columns->tables = map_new(free_list);
	columns->items = map_new(free_list);
	return columns;
}

void columns_free(struct columns *columns)
{
	if (columns == NULL)
		return;
	map_free(columns->tables);
	map_free(columns->items);
	map_free(columns->counts);
	map_free(columns->merged);
	mem_free(columns);
}

static void add_column(struct column_list *list, const char *name,
		       const struct column *like)
{
	struct column column = {
		.name = mem_copy_text(name),
		.type = mem_copy_text(like != NULL ? like->type : ""),
		.comment = mem_copy_text(like != NULL ? like->comment : ""),
		.marks = like != NULL ? like->marks : 0,
		.used = like != NULL ? like->used : 0,
	};

	vec_push(list, column);
}

struct finding {
	struct lookup *lookup;
	struct column_list *list;
};

static void add_found(void *context, const struct lookup_name *name)
{
	struct finding *finding = context;
	struct column column = {
		.name = mem_copy_text(name->name),
		.type = mem_copy_text(name->detail),
		.comment = mem_copy_text(name->comment),
		.marks = name->marks,
		.used = lookup_used(finding->lookup, LOOKUP_COLUMNS, "",
				    name->name),
	};

	vec_push(finding->list, column);
}

static struct columns *cache_of(struct source_ask *ask)
{
	if (ask->columns == NULL)
		ask->columns = columns_new();
	return ask->columns;
}

static const struct column_list *of_table(struct source_ask *ask,
					  const char *schema, const char *name)
{
	struct columns *columns = cache_of(ask);
	CLEANUP(str_done) struct str key = STR_EMPTY;
	struct column_list *list;

	str_addf(&key, "%s\1%s", schema, name);
	list = map_get(columns->tables, key.text);
	if (list == NULL) {
		struct finding finding = { ask->from->lookup,
					   mem_alloc(sizeof(*list)) };

		list = finding.list;
		lookup_columns(ask->from->lookup,
			       *schema != '\0' ? schema : NULL, name, add_found,
			       &finding);
		map_put(columns->tables, key.text, list);
	}
	return list;
}

static bool is_among(const char *name, const char *const *names)
{
	for (; names != NULL && *names != NULL; names++)
		if (str_equal_nocase(name, *names))
			return true;
	return false;
}

static const struct column *find_column(const struct column_list *list,
					const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_equal_nocase(list->items[i].name, name))
			return &list->items[i];
	return NULL;
}

/* A relation that the text describes: names, and stars of tables. */
static void add_described(struct source_ask *ask, const struct scope_item *item,
			  struct column_list *list)
{
	for (size_t i = 0; i < item->column_count && list->count < COLUMNS_MAX;
	     i++) {
		const struct scope_column *column = &item->columns[i];
		const struct column_list *from = NULL;

		if (*column->table.name != '\0')
			from = of_table(ask, column->table.schema,
					column->table.name);
		if (*column->name != '\0') {
			add_column(list, column->name,
				   from != NULL && *column->of != '\0'
					   ? find_column(from, column->of)
					   : NULL);
			continue;
		}
		for (size_t j = 0; from != NULL && j < from->count; j++)
			if (!is_among(from->items[j].name, column->except))
				add_column(list, from->items[j].name,
					   &from->items[j]);
	}
}

const struct column_list *columns_of(struct source_ask *ask,
				     const struct scope_item *item)
{
	struct columns *columns = cache_of(ask);
	CLEANUP(str_done) struct str key = STR_EMPTY;
	struct column_list *list;

	if (item->kind == SCOPE_TABLE && !item->known)
		return of_table(ask, item->table.schema, item->table.name);
	str_addf(&key, "%p", (const void *)item);
	list = map_get(columns->items, key.text);
	if (list == NULL) {
		list = mem_alloc(sizeof(*list));
		add_described(ask, item, list);
		map_put(columns->items, key.text, list);
	}
	return list;
}

const struct column_list *columns_of_name(struct source_ask *ask,
					  const char *text, size_t len)
{
	struct parts parts;
	const struct column_list *list;

	parts_read(&parts, text, len);
	list = of_table(ask, parts_at(&parts, 1), parts_at(&parts, 0));
	parts_done(&parts);
	return list;
}

/* ---- ambiguous names ---- */

static void add_count_key(struct str *out, int depth, const char *name)
{
	str_addf(out, "%d ", depth);
	for (; *name != '\0'; name++)
		str_add_char(out, (char)tolower((unsigned char)*name));
}

/* Values of the map are pointers that only count: 1, 2, ... */
static uintptr_t count_of(const struct columns *columns, int depth,
			  const char *name)
{
	CLEANUP(str_done) struct str key = STR_EMPTY;

	add_count_key(&key, depth, name);
	return (uintptr_t)map_get(columns->counts, key.text);
}

static void count_names(struct source_ask *ask)
{
	struct scope *scope = source_scope(ask);
	struct columns *columns = cache_of(ask);

	columns->counts = map_new(NULL);
	columns->merged = map_new(NULL);
	for (size_t i = 0; i < scope_count(scope); i++) {
		const struct scope_item *item = scope_item(scope, i);
		const struct column_list *list = columns_of(ask, item);

		for (size_t j = 0; j < list->count; j++) {
			const char *name = list->items[j].name;
			uintptr_t count = count_of(columns, item->depth, name);
			CLEANUP(str_done) struct str key = STR_EMPTY;

			add_count_key(&key, item->depth, name);
			/* A table that is joined otherwise brings it anew. */
			if (item->depth == 0 && count > 0)
				map_put(columns->merged, key.text,
					item->natural ? columns : NULL);
			map_put(columns->counts, key.text, (void *)(count + 1));
		}
	}
}

bool columns_is_merged(struct source_ask *ask, const char *name)
{
	struct columns *columns = cache_of(ask);
	CLEANUP(str_done) struct str key = STR_EMPTY;

	if (columns->counts == NULL)
		count_names(ask);
	if (is_among(name, scope_merged(source_scope(ask))))
		return true;
	add_count_key(&key, 0, name);
	return map_get(columns->merged, key.text) != NULL;
}

bool columns_is_shared(struct source_ask *ask, const struct scope_item *item,
		       const char *name)
{
	struct columns *columns = cache_of(ask);

	if (columns->counts == NULL)
		count_names(ask);
	if (item->depth == 0 && columns_is_merged(ask, name))
		return false;
	for (int depth = 0; depth < item->depth; depth++)
		if (count_of(columns, depth, name) > 0)
			return true;
	return count_of(columns, item->depth, name) > 1;
}

/* ---- offers ---- */

/* The column on the other side of a comparison, to find its like. */
struct wanted {
	struct parts parts;
	const char *type;
	bool is;
};

static struct wanted wanted_of(struct source_ask *ask)
{
	struct wanted wanted = { .type = "" };
	struct scope *scope = source_scope(ask);

	if (ask->expect.compared_len == 0)
		return wanted;
	wanted.is = true;
	parts_read(&wanted.parts, ask->expect.compared,
		   ask->expect.compared_len);
	for (size_t i = 0; i < scope_count(scope); i++) {
		const struct scope_item *item = scope_item(scope, i);
		const struct column *column;

		if (wanted.parts.count > 1 &&
		    !str_equal_nocase(item->alias, parts_at(&wanted.parts, 1)))
			continue;
		column = find_column(columns_of(ask, item),
				     parts_at(&wanted.parts, 0));
		if (column != NULL) {
			wanted.type = column->type;
			break;
		}
	}
	return wanted;
}

static int nearer(const struct source_ask *ask, const struct wanted *wanted,
		  const struct scope_item *item, const struct column *column)
{
	const unsigned keys = LOOKUP_PRIMARY_KEY | LOOKUP_FOREIGN_KEY |
			      LOOKUP_DIST_KEY | LOOKUP_SORT_KEY |
			      LOOKUP_UNIQUE_KEY;
	int near = 0;

	if (ask->expect.place == EXPECT_IN_ON && (column->marks & keys) != 0)
		near += KEY_NEARER;
	if (!wanted->is || (ask->expect.place != EXPECT_IN_ON &&
			    ask->expect.place != EXPECT_IN_WHERE))
		return near;
	/* Not the compared column itself. */
	if (wanted->parts.count < 2 ||
	    str_equal_nocase(item->alias, parts_at(&wanted->parts, 1)))
		return near;
	if (str_equal_nocase(column->name, parts_at(&wanted->parts, 0)))
		near += SAME_NEARER;
	else if (*wanted->type != '\0' &&
		 str_equal_nocase(column->type, wanted->type))
		near += TYPE_NEARER;
	return near;
}

/* What a list shows beside a column: the alias is beside it already. */
static const char *table_of(const struct scope_item *item)
{
	return *item->table.name != '\0' ? item->table.name : item->alias;
}

static void offer_column(struct source_ask *ask, struct complete_offer *offer,
			 const struct column *column, const char *of,
			 int near_by)
{
	struct offer_name name = {
		.name = column->name,
		.detail = column->type,
		.of = of,
		.comment = column->comment,
		.marks = column->marks,
		.used = ask->prefix.len > 0 || ask->expect.qualifier_len == 0
				? column->used
				: 0, /* s.|: in the order of the table */
		.order = (int)ask->list->count,
		.nearer = near_by,
	};

	offer_add(offer, &name);
}

/* In the order of the table; leave_out: names already there. */
static void offer_all(struct source_ask *ask, const struct column_list *list,
		      const char *of, const char *const *leave_out)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_COLUMN);

	for (size_t i = 0; i < list->count; i++)
		if (!is_among(list->items[i].name, leave_out))
			offer_column(ask, &offer, &list->items[i], of, 0);
}

/* a.| by alias; t.| and s.t.| by name. */
static void offer_qualified(struct source_ask *ask)
{
	const struct expect *expect = &ask->expect;
	struct scope *scope = source_scope(ask);
	const struct scope_item *item = NULL;
	struct parts parts;

	parts_read(&parts, expect->qualifier, expect->qualifier_len);
	if (parts.count == 1)
		item = scope_find(scope, parts_at(&parts, 0));
	for (size_t i = 0; item == NULL && i < scope_count(scope); i++) {
		const struct scope_item *one = scope_item(scope, i);

		if (!one->aliased && parts.count == 2 &&
		    str_equal_nocase(one->table.name, parts_at(&parts, 0)) &&
		    str_equal_nocase(one->table.schema, parts_at(&parts, 1)))
			item = one;
	}
	if (item != NULL) {
		struct wanted wanted = wanted_of(ask);
		struct complete_offer offer =
			source_offer(ask, COMPLETE_COLUMN);
		const struct column_list *list = columns_of(ask, item);

		for (size_t i = 0; i < list->count; i++)
			offer_column(ask, &offer, &list->items[i],
				     table_of(item),
				     wanted.is ? nearer(ask, &wanted, item,
							&list->items[i])
					       : 0);
		if (wanted.is)
			parts_done(&wanted.parts);
	} else if (scope_count(scope) == 0 || parts.count > 1) {
		/* No FROM yet. */
		offer_all(ask,
			  columns_of_name(ask, expect->qualifier,
					  expect->qualifier_len),
			  parts_at(&parts, 0), NULL);
	}
	parts_done(&parts);
}

/* A name of two tables stands with its alias. */
static void offer_shared(struct source_ask *ask, struct complete_offer *offer,
			 const struct scope_item *item,
			 const struct column *column, int near_by)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	size_t before = ask->list->count;
	struct offer_name name = {
		.name = column->name,
		.detail = column->type,
		.of = table_of(item),
		.comment = column->comment,
		.marks = column->marks,
		.used = column->used,
		.order = (int)ask->list->count,
		.nearer = near_by,
	};

	quote_name(&text, item->alias);
	str_add_char(&text, '.');
	if (ask->expect.quote == '"')
		quote_name_always(&text, column->name, strlen(column->name));
	else
		quote_name(&text, column->name);
	name.text = text.text;
	offer_add(offer, &name);
	/* The list shows what will be written. */
	if (ask->list->count == before + 1) {
		struct complete_item *added = &ask->list->items[before];

		mem_free(added->label);
		added->label = mem_copy_text(text.text);
	}
}

static void offer_of_item(struct source_ask *ask, const struct scope_item *item,
			  const struct wanted *wanted)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_COLUMN);
	const struct column_list *list = columns_of(ask, item);
	int depth = item->depth < DEPTH_MAX ? item->depth : DEPTH_MAX;

	offer.extra_rank = depth;
	if (ask->expect.place == EXPECT_IN_ON && item->at > ask->cursor)
		offer.extra_rank += NOT_JOINED;
	for (size_t i = 0; i < list->count; i++) {
		const struct column *column = &list->items[i];
		int near_by = nearer(ask, wanted, item, column);

		if (!offer_fits(&offer, column->name))
			continue;
		if (*item->alias != '\0' &&
		    columns_is_shared(ask, item, column->name))
			offer_shared(ask, &offer, item, column, near_by);
		else
			offer_column(ask, &offer, column, table_of(item),
				     near_by);
	}
}

static void offer_in_scope(struct source_ask *ask)
{
	struct scope *scope = source_scope(ask);
	struct wanted wanted = wanted_of(ask);

	for (size_t i = 0; i < scope_count(scope); i++)
		offer_of_item(ask, scope_item(scope, i), &wanted);
	if (wanted.is)
		parts_done(&wanted.parts);
}

/* Common to the table that joins and to those before it. */
static void offer_common(struct source_ask *ask)
{
	struct scope *scope = source_scope(ask);
	struct complete_offer offer = source_offer(ask, COMPLETE_COLUMN);
	const struct scope_item *joined = NULL;
	const struct column_list *list;

	for (size_t i = 0; i < scope_count(scope); i++)
		if (scope_item(scope, i)->depth == 0 &&
		    scope_item(scope, i)->at < ask->cursor)
			joined = scope_item(scope, i);
	if (joined == NULL)
		return;
	list = columns_of(ask, joined);
	for (size_t i = 0; i < list->count; i++) {
		bool common = false;

		for (size_t k = 0; k < scope_count(scope) && !common; k++) {
			const struct scope_item *item = scope_item(scope, k);

			if (item == joined)
				break;
			common = item->depth == 0 &&
				 find_column(columns_of(ask, item),
					     list->items[i].name) != NULL;
		}
		if (common &&
		    !is_among(list->items[i].name, scope_listed(scope)))
			offer_column(ask, &offer, &list->items[i],
				     joined->alias, 0);
	}
}

void columns_offer(struct source_ask *ask)
{
	const struct expect *expect = &ask->expect;

	if (expect->qualifier_len > 0 && expect->table_len == 0) {
		offer_qualified(ask);
	} else if (expect->place == EXPECT_IN_USING) {
		offer_common(ask);
	} else if (expect->table_len > 0) {
		struct parts parts;

		parts_read(&parts, expect->table, expect->table_len);
		offer_all(
			ask,
			columns_of_name(ask, expect->table, expect->table_len),
			parts_at(&parts, 0),
			expect->place == EXPECT_IN_LIST ||
					expect->place == EXPECT_IN_SET
				? scope_listed(source_scope(ask))
				: NULL);
		parts_done(&parts);
	} else {
		offer_in_scope(ask);
	}
}

void columns_offer_aliases(struct source_ask *ask)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_ALIAS);
	struct scope *scope = source_scope(ask);

	if (ask->expect.qualifier_len > 0)
		return;
	offer.behind = ".";
	for (size_t i = 0; i < scope_count(scope); i++) {
		const struct scope_item *item = scope_item(scope, i);
		CLEANUP(str_done) struct str of = STR_EMPTY;
		struct offer_name name = { .name = item->alias,
					   .order = (int)i };

		if (item->aliased && *item->table.name != '\0')
			quote_qualified(&of, item->table.schema,
					item->table.name);
		name.detail = of.text;
		offer.extra_rank =
			item->depth < DEPTH_MAX ? item->depth : DEPTH_MAX;
		offer_add(&offer, &name);
	}
}
