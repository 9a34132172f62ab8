/* How: the table that joins is the last one before the cursor. With each of
 * those before it, foreign keys give conditions that are true; columns of the
 * same name and kind of type, and "id" with "table_id", give likely ones:
 * Redshift's keys are seldom declared. */
#include "complete/joins.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "catalog/lookup.h"
#include "complete/columns.h"
#include "complete/offer.h"
#include "complete/source.h"
#include "sql/quote.h"
#include "sql/scope.h"

enum {
	CONDITIONS_MAX = 100, /* of one question */
	RELATIONS_MAX = 20,   /* looked at for one column */
	ROLES_MAX = 60,       /* columns of both tables, to guess parts */
	DECLARED_NEARER = 900,
	KEY_NEARER = 400, /* a key by marks on either side */
	ID_NEARER = 300,  /* a name that ends as names of keys do */
};

struct pair {
	struct source_ask *ask;
	const struct scope_item *joined, *with;
	struct str key; /* of a foreign key of several columns */
	struct str condition;
	size_t offered;
	bool roles; /* no better guess: columns that play a part */
};

/* ---- text ---- */

static void add_side(const struct scope_item *item, const char *column,
		     struct str *out)
{
	if (*item->alias != '\0') {
		quote_name(out, item->alias);
		str_add_char(out, '.');
	}
	quote_name(out, column);
}

static void add_equal(const struct pair *pair, const char *left,
		      const char *right, struct str *out)
{
	if (out->len > 0)
		str_add(out, " and ");
	add_side(pair->joined, left, out);
	str_add(out, " = ");
	add_side(pair->with, right, out);
}

static void offer_condition(struct pair *pair, const char *text, int nearer,
			    const char *why)
{
	struct complete_offer offer = source_offer(pair->ask, COMPLETE_JOIN);
	struct offer_name name = {
		.name = text,
		.text = text,
		.detail = why,
		.nearer = nearer,
		.order = (int)pair->ask->list->count,
	};

	if (pair->offered >= CONDITIONS_MAX)
		return;
	pair->offered++;
	offer.after = ' ';
	offer_add(&offer, &name);
}

/* ---- foreign keys ---- */

static void end_key(struct pair *pair)
{
	if (pair->condition.len > 0)
		offer_condition(pair, pair->condition.text, DECLARED_NEARER,
				"foreign key");
	str_clear(&pair->condition);
}

static void take_join(void *context, const struct lookup_join *join)
{
	struct pair *pair = context;

	if (join->part <= 1 || strcmp(pair->key.text, join->key) != 0)
		end_key(pair);
	str_set(&pair->key, join->key);
	add_equal(pair, join->left, join->right, &pair->condition);
}

static void offer_declared(struct pair *pair)
{
	const struct scope_table *left = &pair->joined->table;
	const struct scope_table *right = &pair->with->table;

	if (pair->joined->kind != SCOPE_TABLE ||
	    pair->with->kind != SCOPE_TABLE)
		return;
	lookup_joins(pair->ask->from->lookup,
		     *left->schema != '\0' ? left->schema : NULL, left->name,
		     *right->schema != '\0' ? right->schema : NULL, right->name,
		     take_join, pair);
	end_key(pair);
}

/* ---- guesses ---- */

/* Families of types whose values can be equal. */
static char family_of(const char *type)
{
	static const struct {
		const char *start;
		char family;
	} rows[] = {
		{ "smallint", 'n' }, { "integer", 'n' },   { "bigint", 'n' },
		{ "int", 'n' },      { "numeric", 'n' },   { "decimal", 'n' },
		{ "real", 'n' },     { "double", 'n' },    { "float", 'n' },
		{ "char", 't' },     { "varchar", 't' },   { "text", 't' },
		{ "bpchar", 't' },   { "nvarchar", 't' },  { "nchar", 't' },
		{ "date", 'd' },     { "timestamp", 'd' }, { "bool", 'b' },
		{ "super", 's' },    { "time", 'c' },      { "geo", 'g' },
		{ "varbyte", 'y' },  { "hll", 'h' },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (strncasecmp(type, rows[i].start, strlen(rows[i].start)) ==
		    0)
			return rows[i].family;
	return '\0';
}

static bool types_fit(const struct column *left, const struct column *right)
{
	char one = family_of(left->type);
	char two = family_of(right->type);

	return one == '\0' || two == '\0' || one == two;
}

static bool ends_like_key(const char *name)
{
	static const char *const ends[] = { "id",  "key", "code",
					    "_sk", "_no", "uuid" };
	size_t len = strlen(name);

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		size_t end = strlen(ends[i]);

		if (len >= end && strcasecmp(name + len - end, ends[i]) == 0)
			return true;
	}
	return false;
}

static bool is_key(const struct column *column)
{
	return (column->marks &
		(LOOKUP_PRIMARY_KEY | LOOKUP_FOREIGN_KEY | LOOKUP_DIST_KEY |
		 LOOKUP_SORT_KEY | LOOKUP_UNIQUE_KEY)) != 0;
}

/* id of table users with user_id, users_id, userid. */
static bool refers_to(const char *table, const char *id, const char *name)
{
	size_t len = strlen(table);
	size_t stem = len > 1 && (table[len - 1] | 0x20) == 's' ? len - 1 : len;

	if (strcasecmp(id, "id") != 0)
		return false;
	for (; stem <= len; stem++) {
		if (strncasecmp(name, table, stem) != 0)
			continue;
		if (strcasecmp(name + stem, "_id") == 0 ||
		    strcasecmp(name + stem, "id") == 0)
			return true;
	}
	return false;
}

struct known {
	const char *table; /* the column's own */
	bool key;          /* of some other table */
};

static void note_key(void *context, const struct lookup_name *name)
{
	struct known *known = context;

	if ((name->marks & (LOOKUP_DIST_KEY | LOOKUP_PRIMARY_KEY)) != 0 &&
	    strcasecmp(name->name, known->table) != 0)
		known->key = true;
}

static bool begins_like(const char *name, const char *table)
{
	size_t len = strlen(table);
	size_t stem = len > 1 && (table[len - 1] | 0x20) == 's' ? len - 1 : len;

	return strncasecmp(name, table, stem) == 0;
}

/* buyerid with userid: the key of users under the name of a part played. It
 * is not the key of its own table, nor one that some other table has. */
static bool plays(const struct pair *pair, const struct scope_item *of_key,
		  const struct column *key, const struct scope_item *of,
		  const struct column *column)
{
	struct known known = { .table = of->table.name };

	if (!begins_like(key->name, of_key->table.name) ||
	    !ends_like_key(key->name) || !ends_like_key(column->name) ||
	    *key->type == '\0' || strcmp(key->type, column->type) != 0 ||
	    begins_like(column->name, of->table.name))
		return false;
	lookup_relations_with(pair->ask->from->lookup, column->name,
			      RELATIONS_MAX, note_key, &known);
	return !known.key;
}

static void guess(struct pair *pair, const struct column *left,
		  const struct column *right)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;
	const char *why = "same name";
	int nearer = 0;

	if (str_equal_nocase(left->name, right->name)) {
		if (!types_fit(left, right))
			return;
		nearer += is_key(left) || is_key(right) ? KEY_NEARER : 0;
		nearer += ends_like_key(left->name) ? ID_NEARER : 0;
		/* Every table has an id of its own. */
		if (strcasecmp(left->name, "id") == 0)
			nearer = -KEY_NEARER;
	} else if (refers_to(pair->joined->table.name, left->name,
			     right->name) ||
		   refers_to(pair->with->table.name, right->name, left->name)) {
		nearer = KEY_NEARER + ID_NEARER;
		why = "by its name";
	} else if (pair->roles &&
		   (plays(pair, pair->joined, left, pair->with, right) ||
		    plays(pair, pair->with, right, pair->joined, left))) {
		nearer = -ID_NEARER;
		why = "same type";
	} else {
		return;
	}
	add_equal(pair, left->name, right->name, &text);
	offer_condition(pair, text.text, nearer, why);
}

static void each_pair(struct pair *pair, const struct column_list *left,
		      const struct column_list *right)
{
	for (size_t i = 0; i < left->count; i++)
		for (size_t j = 0; j < right->count; j++)
			guess(pair, &left->items[i], &right->items[j]);
}

static void offer_guesses(struct pair *pair)
{
	const struct column_list *left = columns_of(pair->ask, pair->joined);
	const struct column_list *right = columns_of(pair->ask, pair->with);

	size_t before = pair->offered;

	/* A key of two columns of the same name needs no guess. */
	pair->roles = false;
	each_pair(pair, left, right);
	if (pair->offered > before || left->count + right->count > ROLES_MAX)
		return;
	pair->roles = true;
	each_pair(pair, left, right);
}

void joins_offer(struct source_ask *ask)
{
	struct scope *scope = source_scope(ask);
	struct pair pair = { .ask = ask,
			     .key = STR_EMPTY,
			     .condition = STR_EMPTY };
	size_t joined = scope_count(scope);

	for (size_t i = 0; i < scope_count(scope); i++)
		if (scope_item(scope, i)->depth == 0 &&
		    scope_item(scope, i)->at < ask->cursor)
			joined = i;
	if (joined == scope_count(scope))
		return;
	pair.joined = scope_item(scope, joined);
	for (size_t i = 0; i < joined; i++) {
		pair.with = scope_item(scope, i);
		if (pair.with->depth > 0)
			continue;
		offer_declared(&pair);
		offer_guesses(&pair);
	}
	str_done(&pair.key);
	str_done(&pair.condition);
}
