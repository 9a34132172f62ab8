#include "complete/relations.h"

#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "catalog/lookup.h"
#include "complete/columns.h"
#include "complete/offer.h"
#include "complete/parts.h"
#include "complete/rank.h"
#include "complete/source.h"
#include "sql/quote.h"
#include "sql/scope.h"

enum {
	OFF_PATH_RANK = 100, /* names that need their schema */
	SYSTEM_RANK = 5,     /* of pg_catalog */
	JOINED_NEARER = 400, /* it can be joined with a table in scope */
	NEIGHBOURS_MAX = 30,
	KEYS_MAX = 4,      /* of a table, whose names others may have */
	JOINED_MAX = 4,    /* tables before the JOIN that are looked at */
	FOREIGN_MAX = 50,  /* columns of tables that no FROM names */
	BEHIND_WORDS = 60, /* their rank */
	NAMES_MAX = 300,   /* of one kind, looked at for one question */
};

static bool is_hidden_schema(const char *schema)
{
	return strncasecmp(schema, "pg_", 3) == 0 ||
	       strcasecmp(schema, "information_schema") == 0;
}

/* Of pg_catalog, which is always on the path but only for who asks. */
static bool is_system(const struct lookup_name *name)
{
	return strcasecmp(name->schema, "pg_catalog") == 0;
}

/* ---- tables and views ---- */

struct relations {
	struct source_ask *ask;
	struct map *joined; /* names that join with what is in scope */
	bool qualified;     /* a schema is typed */
	bool far;           /* those off the path though nothing is typed */
	size_t near;        /* found on the path */
};

static bool is_wanted(const struct source_ask *ask, enum lookup_kind kind)
{
	unsigned what = ask->expect.what;

	if (!lookup_is_view(kind))
		return (what & EXPECT_TABLE) != 0;
	return (what & EXPECT_VIEW) != 0 &&
	       ((what & EXPECT_MATERIALIZED) == 0 ||
		kind == LOOKUP_MATERIALIZED) &&
	       ((what & EXPECT_PLAIN) == 0 || kind != LOOKUP_MATERIALIZED);
}

static const char *kind_text(enum lookup_kind kind)
{
	switch (kind) {
	case LOOKUP_TABLE:
		return "table";
	case LOOKUP_VIEW:
		return "view";
	case LOOKUP_EXTERNAL:
		return "external table";
	case LOOKUP_LATE_VIEW:
		return "late-binding view";
	case LOOKUP_MATERIALIZED:
		return "materialized view";
	case LOOKUP_FUNCTION:
	case LOOKUP_PROCEDURE:
	case LOOKUP_AGGREGATE:
	case LOOKUP_NAME:
		break;
	}
	return "";
}

static void offer_relation(void *context, const struct lookup_name *name)
{
	struct relations *relations = context;
	struct source_ask *ask = relations->ask;
	bool is_view = lookup_is_view(name->kind);
	struct complete_offer offer =
		source_offer(ask, is_view ? COMPLETE_VIEW : COMPLETE_TABLE);
	CLEANUP(str_done) struct str before = STR_EMPTY;
	bool system = is_system(name);
	struct offer_name one = {
		.name = name->name,
		.detail = kind_text(name->kind),
		.of = name->schema,
		.comment = name->comment,
		.used = name->used,
	};

	if (!is_wanted(ask, name->kind))
		return;
	if (system)
		offer.extra_rank = SYSTEM_RANK;
	if (!relations->qualified && !name->on_path && !system) {
		if (ask->expect.quote != 0 ||
		    (ask->prefix.len == 0 && !relations->far) ||
		    is_hidden_schema(name->schema))
			return;
		quote_name(&before, name->schema);
		str_add_char(&before, '.');
		offer.before = before.text;
		offer.extra_rank = relations->far ? 0 : OFF_PATH_RANK;
	}
	relations->near += name->on_path;
	/* Hundreds, unless one is asked for. */
	if (system && !relations->qualified &&
	    (ask->prefix.len == 0 || !offer_fits(&offer, name->name)))
		return;
	if (relations->joined != NULL && map_has(relations->joined, name->name))
		one.nearer = JOINED_NEARER;
	offer_add(&offer, &one);
}

static void add_neighbour(void *context, const struct lookup_name *name)
{
	map_put(context, name->name, NULL);
}

/* Redshift's keys are seldom declared: who has a column of the same name as a
 * key of the table is as likely. */
static void add_likely(struct source_ask *ask, const struct scope_item *item,
		       struct map *joined)
{
	const unsigned keys = LOOKUP_PRIMARY_KEY | LOOKUP_FOREIGN_KEY |
			      LOOKUP_DIST_KEY | LOOKUP_SORT_KEY;
	const struct column_list *list = columns_of(ask, item);
	int left = KEYS_MAX;

	for (size_t i = 0; i < list->count && left > 0; i++) {
		const struct column *column = &list->items[i];
		size_t len = strlen(column->name);
		bool named = len > 2 &&
			     strcasecmp(column->name + len - 2, "id") == 0;

		/* Every table has an id of its own. */
		if ((!named && (column->marks & keys) == 0) || len <= 2)
			continue;
		lookup_relations_with(ask->from->lookup, column->name,
				      NEIGHBOURS_MAX, add_neighbour, joined);
		left--;
	}
}

/* What joins with the tables in scope, for JOIN |. */
static struct map *joined_names(struct source_ask *ask)
{
	struct scope *scope;
	struct map *joined;

	if (ask->expect.place != EXPECT_IN_JOIN)
		return NULL;
	scope = source_scope(ask);
	joined = map_new(NULL);
	for (size_t i = 0; i < scope_count(scope); i++) {
		const struct scope_item *item = scope_item(scope, i);

		if (item->depth > 0 || i >= JOINED_MAX)
			break;
		add_likely(ask, item, joined);
		if (item->kind == SCOPE_TABLE)
			lookup_neighbours(ask->from->lookup,
					  *item->table.schema != '\0'
						  ? item->table.schema
						  : NULL,
					  item->table.name, NEIGHBOURS_MAX,
					  add_neighbour, joined);
	}
	/* Seldom with itself. */
	for (size_t i = 0; i < scope_count(scope); i++)
		map_remove(joined, scope_item(scope, i)->table.name);
	return joined;
}

/* Slips are sought only where nothing else answers: they cost the most. */
static void look_up_both(struct source_ask *ask, struct lookup_ask *question,
			 lookup_each *each, void *context)
{
	size_t found;

	question->typed = ask->prefix.text;
	question->limit = NAMES_MAX;
	question->how = LOOKUP_PREFIX | LOOKUP_WORD;
	found = lookup_names(ask->from->lookup, question, each, context);
	if (found == 0) {
		question->how = LOOKUP_FUZZY;
		found = lookup_names(ask->from->lookup, question, each,
				     context);
	}
	if (found >= NAMES_MAX)
		ask->list->cut = true;
}

static void look_up(struct source_ask *ask, const char *database,
		    const char *schema, struct relations *relations)
{
	struct lookup_ask question = {
		.what = LOOKUP_RELATIONS,
		.database = database,
		.schema = schema,
	};

	look_up_both(ask, &question, offer_relation, relations);
}

/* db.| */
static void offer_schemas_of(struct source_ask *ask, const char *database);

void relations_offer(struct source_ask *ask)
{
	struct relations relations = { .ask = ask };
	const struct expect *expect = &ask->expect;
	struct parts parts;

	parts_read(&parts, expect->qualifier, expect->qualifier_len);
	relations.qualified = parts.count > 0;
	relations.joined = parts.count == 0 ? joined_names(ask) : NULL;
	if (parts.count == 1 &&
	    scope_find(source_scope(ask), parts_at(&parts, 0)) != NULL)
		parts.count = 0; /* t.items AS i: see source */
	else
		look_up(ask, parts.count > 1 ? parts_at(&parts, 1) : NULL,
			parts.count > 0 ? parts_at(&parts, 0) : NULL,
			&relations);
	/* No session has told a path, or an empty schema is on it. */
	if (!relations.qualified && relations.near == 0 &&
	    ask->prefix.len == 0) {
		relations.far = true;
		look_up(ask, NULL, NULL, &relations);
	}
	if (parts.count == 1)
		offer_schemas_of(ask, parts_at(&parts, 0));
	map_free(relations.joined);
	parts_done(&parts);
}

void relations_offer_ctes(struct source_ask *ask)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_CTE);
	struct scope *scope = source_scope(ask);

	if (ask->expect.qualifier_len > 0)
		return;
	for (size_t i = 0; i < scope_cte_count(scope); i++) {
		struct offer_name name = {
			.name = scope_cte(scope, i)->alias,
			.detail = "with",
		};

		offer_add(&offer, &name);
	}
}

static void offer_column(void *context, const struct lookup_name *name)
{
	struct offer_name one = {
		.name = name->name,
		.detail = name->detail,
		.of = name->relation,
		.comment = name->comment,
		.marks = name->marks,
		.used = name->used,
	};

	offer_add(context, &one);
}

void relations_offer_columns(struct source_ask *ask)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_COLUMN);
	const struct lookup_ask question = {
		.what = LOOKUP_COLUMNS,
		.typed = ask->prefix.text,
		.how = LOOKUP_PREFIX,
		.limit = FOREIGN_MAX,
	};

	if (ask->prefix.len == 0)
		return;
	offer.extra_rank = BEHIND_WORDS;
	lookup_names(ask->from->lookup, &question, offer_column, &offer);
}

/* ---- schemas, databases, users ---- */

struct schemas {
	struct complete_offer offer;
	bool hidden_too;
};

static void offer_schema(void *context, const struct lookup_name *name)
{
	struct schemas *schemas = context;
	struct offer_name one = {
		.name = name->name,
		.detail = name->detail,
		.comment = name->comment,
		.used = name->used,
	};

	if (*schemas->offer.prefix == '\0' && is_hidden_schema(name->name))
		return;
	offer_add(&schemas->offer, &one);
}

static void look_up_names(struct source_ask *ask, enum lookup_what what,
			  const char *database, lookup_each *each,
			  void *context)
{
	struct lookup_ask question = { .what = what, .database = database };

	look_up_both(ask, &question, each, context);
}

void relations_offer_schemas(struct source_ask *ask, const char *behind)
{
	struct schemas schemas = { source_offer(ask, COMPLETE_SCHEMA), false };

	if (ask->expect.qualifier_len > 0 && *behind != '\0')
		return;
	schemas.offer.behind = behind;
	schemas.offer.after = *behind == '\0' ? ' ' : 0;
	look_up_names(ask, LOOKUP_SCHEMAS, NULL, offer_schema, &schemas);
}

static void offer_schemas_of(struct source_ask *ask, const char *database)
{
	struct schemas schemas = { source_offer(ask, COMPLETE_SCHEMA), false };

	schemas.offer.behind = ".";
	look_up_names(ask, LOOKUP_SCHEMAS, database, offer_schema, &schemas);
}

static void offer_name_found(void *context, const struct lookup_name *name)
{
	struct offer_name one = {
		.name = name->name,
		.detail = name->detail,
		.comment = name->comment,
		.used = name->used,
	};

	offer_add(context, &one);
}

void relations_offer_databases(struct source_ask *ask)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_DATABASE);

	offer.after = ' ';
	look_up_names(ask, LOOKUP_DATABASES, NULL, offer_name_found, &offer);
}

void relations_offer_users(struct source_ask *ask)
{
	struct complete_offer offer = source_offer(ask, COMPLETE_USER);

	offer.after = ' ';
	look_up_names(ask, LOOKUP_USERS, NULL, offer_name_found, &offer);
}

/* ---- routines ---- */

struct routines {
	struct source_ask *ask;
	bool procedures;
	bool qualified;
};

static void offer_routine(void *context, const struct lookup_name *name)
{
	struct routines *routines = context;
	struct source_ask *ask = routines->ask;
	struct complete_offer offer =
		source_offer(ask, routines->procedures ? COMPLETE_PROCEDURE
						       : COMPLETE_FUNCTION);
	CLEANUP(str_done) struct str before = STR_EMPTY;
	CLEANUP(str_done) struct str arguments = STR_EMPTY;
	struct offer_name one = {
		.name = name->name,
		.of = name->schema,
		.comment = name->comment,
		.used = name->used,
	};

	if (routines->procedures != (name->kind == LOOKUP_PROCEDURE))
		return;
	str_addf(&arguments, "(%s)", name->detail);
	one.detail = arguments.text;
	if (!routines->qualified && !name->on_path && !is_system(name)) {
		if (ask->expect.quote != 0 || is_hidden_schema(name->schema))
			return;
		quote_name(&before, name->schema);
		str_add_char(&before, '.');
		offer.before = before.text;
		offer.extra_rank = OFF_PATH_RANK;
	}
	offer.behind = "(";
	offer_add(&offer, &one);
}

static void offer_routines(struct source_ask *ask, bool procedures)
{
	struct parts parts;
	struct routines routines = { .ask = ask, .procedures = procedures };
	struct lookup_ask question = { .what = LOOKUP_FUNCTIONS };

	parts_read(&parts, ask->expect.qualifier, ask->expect.qualifier_len);
	routines.qualified = parts.count > 0;
	question.schema = parts.count > 0 ? parts_at(&parts, 0) : NULL;
	/* An alias is no schema. */
	if (parts.count != 1 || procedures ||
	    scope_find(source_scope(ask), parts_at(&parts, 0)) == NULL)
		look_up_both(ask, &question, offer_routine, &routines);
	parts_done(&parts);
}

void relations_offer_functions(struct source_ask *ask)
{
	offer_routines(ask, false);
}

void relations_offer_procedures(struct source_ask *ask)
{
	offer_routines(ask, true);
}
