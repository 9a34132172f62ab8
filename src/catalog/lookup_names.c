/* catalog/lookup: lookup_names, the hunt for names. */
#include "catalog/lookup.h"

#include <string.h>

#include "base/map.h"
#include "catalog/lookup_inner.h"
#include "catalog/seen.h"
#include "catalog/spell.h"
#include "catalog/used.h"
#include "data/lite.h"

enum {                   /* rows that one question looks at */
       SCAN_MAX = 3000,  /* words, users, schemas */
       FOUND_MAX = 300,  /* names found by word or fuzzily */
       USED_FIRST = 40,  /* names used here that are offered first */
       SAME_NAME = 20,   /* relations of one name */
       SCHEMAS_MAX = 50, /* near schemas */
       WORD_MIN = 2,     /* bytes typed before words are sought */
};

/* The end of the range of texts that begin with ?1: char(1114111) is the last
 * code point. A range, unlike LIKE, uses the index and has no special
 * characters. */
#define STARTS(column)                                                         \
	column " collate nocase >= ?1 and " column                             \
	       " collate nocase < ?1 || char(1114111)"

#define RELATION_COLUMNS                                                       \
	"select s.name, r.name, r.detail, r.comment, '', r.kind, 0, 0"
#define FUNCTION_COLUMNS                                                       \
	"select s.name, r.name, r.arguments, r.comment, '', r.kind, 0, 0"
#define IN_SCHEMA(table)                                                       \
	" from " table " r join schemas s on s.id = r.schema_id"               \
	" where r.schema_id = ?3 and " STARTS(                                 \
		"r.name") " order by r.name collate nocase limit ?2"
/* Those of other databases are passed over, but looked at. In the order of the
 * index, which the cross join keeps: sorting would cost more than reading. */
/* clang-format off */
#define ANYWHERE(table)                                                        \
	" from (select * from " table " where " STARTS("name")                 \
	" order by name collate nocase limit ?2 * 2) r"                        \
	" cross join schemas s on s.id = r.schema_id"                          \
	" where s.database in ('', ?9) limit ?2"
/* clang-format on */
#define BY_NAME(table)                                                         \
	" from " table " r join schemas s on s.id = r.schema_id"               \
	" where r.name collate nocase = ?1 and r.name = ?1"                    \
	" and s.database in ('', ?9) and (?3 is null"                          \
	" or s.name collate nocase = ?3) limit ?2"

struct source {                /* of names that live in schemas */
	const char *in_schema; /* ?1 prefix, ?2 limit, ?3 schema's id */
	const char *anywhere;  /* ?1 prefix, ?2 limit, ?9 database */
	const char *by_name;   /* ?1 name, ?2 limit, ?3 schema, ?9 */
};

static const struct source sources[] = {
	[LOOKUP_RELATIONS] = {
		.in_schema = RELATION_COLUMNS IN_SCHEMA("relations"),
		.anywhere = RELATION_COLUMNS ANYWHERE("relations"),
		.by_name = RELATION_COLUMNS BY_NAME("relations"),
	},
	[LOOKUP_COLUMNS] = {
		.by_name = "select s.name, c.name, c.type, c.comment, r.name,"
			   " 8, c.marks, 0 from columns c"
			   " join relations r on r.id = c.relation_id"
			   " join schemas s on s.id = r.schema_id"
			   " where c.name collate nocase = ?1 and c.name = ?1"
			   " and s.database in ('', ?9) and (?3 is null"
			   " or s.name collate nocase = ?3) limit min(?2, 1)",
	},
	[LOOKUP_FUNCTIONS] = {
		.in_schema = FUNCTION_COLUMNS IN_SCHEMA("functions"),
		.anywhere = FUNCTION_COLUMNS ANYWHERE("functions"),
		.by_name = FUNCTION_COLUMNS BY_NAME("functions"),
	},
};

struct hunt {
	struct lookup *lookup;
	const struct lookup_ask *ask;
	lookup_each *each;
	void *context;
	size_t count;
	enum lookup_match match; /* of what is found now */
	struct map *given;       /* names, so that none comes twice */
};

static bool is_full(const struct hunt *hunt)
{
	return hunt->count >= hunt->ask->limit;
}

static bool is_current(const struct hunt *hunt)
{
	return hunt->ask->database == NULL ||
	       strcmp(hunt->ask->database, lookup_database(hunt->lookup)) == 0;
}

static void give(struct hunt *hunt, struct lookup_name *name)
{
	bool column = hunt->ask->what == LOOKUP_COLUMNS;
	const char *schema = column ? "" : name->schema;
	CLEANUP(str_done) struct str key = STR_EMPTY;

	/* Functions of one name differ in their arguments. */
	str_addf(&key, "%s\x1f%s\x1f%s", schema, name->name,
		 hunt->ask->what == LOOKUP_FUNCTIONS ? name->detail : "");
	if (is_full(hunt) || map_has(hunt->given, key.text))
		return;
	map_put(hunt->given, key.text, hunt);
	name->match = hunt->match;
	name->on_path = name->on_path ||
			(is_current(hunt) && !column &&
			 lookup_is_on_path(hunt->lookup, name->schema));
	name->used = used_weight(hunt->lookup->used, (int)hunt->ask->what,
				 schema, name->name);
	hunt->each(hunt->context, name);
	hunt->count++;
}

static void give_rows(struct hunt *hunt, struct lite_query *query)
{
	while (lookup_step(hunt->lookup, query)) {
		struct lookup_name name;

		lookup_read_name(query, &name);
		/* Dropped, or given before the cache was asked. */
		if (hunt->ask->what == LOOKUP_RELATIONS && is_current(hunt) &&
		    lookup_seen(hunt->lookup, name.schema, name.name) != NULL)
			continue;
		give(hunt, &name);
	}
	lite_reset(query);
}

static struct lite_query *query_of(struct hunt *hunt, const char *sql,
				   const char *typed, size_t limit)
{
	struct lite_query *query = lite_query(hunt->lookup->lite, sql, NULL);

	if (query == NULL)
		return NULL;
	lite_bind_text(query, 1, typed);
	lite_bind_number(query, 2, (int64_t)limit);
	return query;
}

static void bind_database(const struct hunt *hunt, struct lite_query *query)
{
	lite_bind_text(query, 9,
		       hunt->ask->database != NULL
			       ? hunt->ask->database
			       : lookup_database(hunt->lookup));
}

/* Every relation or function of exactly this name, or the column. */
static void give_name(struct hunt *hunt, const char *name, const char *schema)
{
	struct lite_query *query = query_of(
		hunt, sources[hunt->ask->what].by_name, name, SAME_NAME);

	if (query == NULL)
		return;
	lite_bind_text(query, 3, schema);
	bind_database(hunt, query);
	give_rows(hunt, query);
}

/* ---- those used here ---- */

static enum lookup_match match_of(const char *name, const char *typed)
{
	switch (spell_match(name, typed)) {
	case SPELL_PREFIX:
		return LOOKUP_PREFIX;
	case SPELL_WORD:
		return LOOKUP_WORD;
	case SPELL_FUZZY:
		return LOOKUP_FUZZY;
	case SPELL_NONE:
		break;
	}
	return 0;
}

static bool is_wanted(const struct hunt *hunt, enum lookup_match match)
{
	if (match == LOOKUP_PREFIX)
		return (hunt->ask->how & LOOKUP_PREFIX) != 0;
	return (hunt->ask->how & match) != 0 &&
	       strlen(hunt->ask->typed) >= WORD_MIN;
}

static void give_used(struct hunt *hunt)
{
	const struct lookup_ask *ask = hunt->ask;
	struct used_name used;
	int left = USED_FIRST;

	for (size_t i = 0; left > 0 && used_best(hunt->lookup->used, i, &used);
	     i++) {
		if (used.what != (int)ask->what ||
		    (ask->schema != NULL && *used.schema != '\0' &&
		     !str_equal_nocase(used.schema, ask->schema)))
			continue;
		hunt->match = match_of(used.name, ask->typed);
		if (!is_wanted(hunt, hunt->match))
			continue;
		give_name(hunt, used.name,
			  *used.schema != '\0' ? used.schema : ask->schema);
		left--;
	}
}

static void give_seen(struct hunt *hunt)
{
	const struct lookup_ask *ask = hunt->ask;
	const struct seen *seen = hunt->lookup->seen;

	if (ask->what != LOOKUP_RELATIONS || seen == NULL)
		return;
	for (size_t i = 0; i < seen_count(seen); i++) {
		const struct seen_relation *relation = seen_at(seen, i);
		struct lookup_name name;

		if (relation->dropped)
			continue;
		lookup_read_seen(hunt->lookup, relation, &name);
		if (ask->schema != NULL &&
		    !str_equal_nocase(name.schema, ask->schema))
			continue;
		hunt->match = match_of(name.name, ask->typed);
		if (is_wanted(hunt, hunt->match))
			give(hunt, &name);
	}
}

/* ---- prefixes in schemas ---- */

static void give_schema(struct hunt *hunt, int64_t schema_id)
{
	struct lite_query *query =
		query_of(hunt, sources[hunt->ask->what].in_schema,
			 hunt->ask->typed, hunt->ask->limit);

	if (query == NULL)
		return;
	lite_bind_number(query, 3, schema_id);
	give_rows(hunt, query);
}

/* Schemas of this name: one, or several that differ in case. */
static void give_schema_named(struct hunt *hunt, const char *schema)
{
	struct lite_query *query = lite_query(
		hunt->lookup->lite,
		"select id from schemas where name collate nocase = ?1"
		" and database in ('', ?9) order by name = ?1 desc limit ?2",
		NULL);
	int64_t ids[SCHEMAS_MAX];
	size_t count = 0;

	if (query == NULL)
		return;
	lite_bind_text(query, 1, schema);
	lite_bind_number(query, 2, SCHEMAS_MAX);
	bind_database(hunt, query);
	while (lookup_step(hunt->lookup, query) && count < SCHEMAS_MAX)
		ids[count++] = lite_number(query, 0);
	lite_reset(query);
	for (size_t i = 0; i < count && !is_full(hunt); i++)
		give_schema(hunt, ids[i]);
}

static void give_near(struct hunt *hunt)
{
	struct lookup *lookup = hunt->lookup;

	lookup_read_path(lookup);
	for (size_t i = 0; i < lookup->path.count; i++)
		give_schema_named(hunt, lookup->path.items[i]);
	give_schema_named(hunt, "pg_catalog");
}

static void give_prefixes(struct hunt *hunt)
{
	struct lite_query *query;

	hunt->match = LOOKUP_PREFIX;
	if (hunt->ask->schema != NULL) {
		give_schema_named(hunt, hunt->ask->schema);
		return;
	}
	if (is_current(hunt))
		give_near(hunt);
	if (is_full(hunt))
		return;
	query = query_of(hunt, sources[hunt->ask->what].anywhere,
			 hunt->ask->typed, hunt->ask->limit);
	if (query == NULL)
		return;
	bind_database(hunt, query);
	give_rows(hunt, query);
}

/* ---- by the table of words ---- */

struct found {
	VEC(char *);
};

static void found_done(struct found *found)
{
	for (size_t i = 0; i < found->count; i++)
		mem_free(found->items[i]);
	vec_done(found);
}

/* Names with a word in the range of texts that begin with start, which answer
 * by match. A word at the start of its name is the whole name. */
static void find_words(struct hunt *hunt, const char *start,
		       enum lookup_match match, struct found *out)
{
	const char *typed = hunt->ask->typed;
	struct lite_query *query = query_of(
		hunt,
		"select word, name from words where what = ?3 and " STARTS(
			"word") " order by word limit ?2",
		start, SCAN_MAX);

	if (query == NULL)
		return;
	lite_bind_number(query, 3, hunt->ask->what);
	while (out->count < FOUND_MAX && lookup_step(hunt->lookup, query)) {
		const char *word = lite_text(query, 0);
		const char *name = lite_text(query, 1);
		bool whole = lite_len(query, 0) == lite_len(query, 1);
		bool fits = match == LOOKUP_FUZZY
				    ? spell_is_near(word, typed)
				    : whole == (match == LOOKUP_PREFIX);

		if (fits)
			vec_push(out, mem_copy_text(name));
	}
	lite_reset(query);
}

static void give_words(struct hunt *hunt, const char *start,
		       enum lookup_match match)
{
	CLEANUP(found_done) struct found found = { 0 };

	if (is_full(hunt))
		return;
	find_words(hunt, start, match, &found);
	hunt->match = match;
	for (size_t i = 0; i < found.count && !is_full(hunt); i++)
		give_name(hunt, found.items[i], hunt->ask->schema);
}

/* Words that begin with the same two letters, with these changed round, and
 * with the same first letter. */
static void give_fuzzy(struct hunt *hunt)
{
	const char *typed = hunt->ask->typed;
	char start[3] = { typed[0], typed[1], '\0' };

	/* Not through the middle of a character. */
	if ((unsigned char)typed[0] >= 0x80 || (unsigned char)typed[1] >= 0x80)
		return;
	give_words(hunt, start, LOOKUP_FUZZY);
	start[0] = typed[1];
	start[1] = typed[0];
	give_words(hunt, start, LOOKUP_FUZZY);
	start[0] = typed[0];
	start[1] = '\0';
	give_words(hunt, start, LOOKUP_FUZZY);
}

static void hunt_in_schemas(struct hunt *hunt)
{
	const struct lookup_ask *ask = hunt->ask;

	if (is_current(hunt)) {
		give_seen(hunt);
		give_used(hunt);
	}
	if ((ask->how & LOOKUP_PREFIX) != 0 && !is_full(hunt)) {
		if (sources[ask->what].in_schema != NULL)
			give_prefixes(hunt);
		else
			give_words(hunt, ask->typed, LOOKUP_PREFIX);
	}
	if (strlen(ask->typed) < WORD_MIN)
		return;
	if ((ask->how & LOOKUP_WORD) != 0)
		give_words(hunt, ask->typed, LOOKUP_WORD);
	if ((ask->how & LOOKUP_FUZZY) != 0)
		give_fuzzy(hunt);
}

/* ---- kinds of which there are few ---- */

static const char schemas_sql[] =
	"select '', name, case kind when 'local' then '' else kind end,"
	" comment, '', 8, 0, 0 from schemas"
	" where database in ('', ?9) and " STARTS(
		"name") " order by name collate nocase limit ?2";
static const char databases_sql[] =
	"select '', name, kind, '', '', 8, 0, 0 from databases"
	" where ?9 = ?9 and " STARTS(
		"name") " order by name collate nocase limit ?2";
static const char names_sql[] =
	"select '', name, detail, comment, '', 8, 0, 0 from names"
	" where what = ?3 and database in ('', ?9) and " STARTS(
		"name") " order by name collate nocase limit ?2";

static struct lite_query *query_few(struct hunt *hunt, const char *typed,
				    size_t limit)
{
	enum lookup_what what = hunt->ask->what;
	const char *sql = what == LOOKUP_SCHEMAS     ? schemas_sql
			  : what == LOOKUP_DATABASES ? databases_sql
						     : names_sql;
	struct lite_query *query = query_of(hunt, sql, typed, limit);

	if (query != NULL && sql == names_sql)
		lite_bind_number(query, 3, what);
	if (query != NULL)
		bind_database(hunt, query);
	return query;
}

static void scan_few(struct hunt *hunt, enum lookup_match match)
{
	struct lite_query *query = query_few(hunt, "", SCAN_MAX);

	hunt->match = match;
	while (query != NULL && lookup_step(hunt->lookup, query)) {
		struct lookup_name name;

		lookup_read_name(query, &name);
		if (match_of(name.name, hunt->ask->typed) == match)
			give(hunt, &name);
	}
	if (query != NULL)
		lite_reset(query);
}

static void hunt_few(struct hunt *hunt)
{
	struct lite_query *query;

	hunt->match = LOOKUP_PREFIX;
	if ((hunt->ask->how & LOOKUP_PREFIX) != 0) {
		query = query_few(hunt, hunt->ask->typed, hunt->ask->limit);
		if (query != NULL)
			give_rows(hunt, query);
	}
	if (is_wanted(hunt, LOOKUP_WORD))
		scan_few(hunt, LOOKUP_WORD);
	if (is_wanted(hunt, LOOKUP_FUZZY))
		scan_few(hunt, LOOKUP_FUZZY);
}

size_t lookup_names(struct lookup *lookup, const struct lookup_ask *ask,
		    lookup_each *each, void *context)
{
	struct hunt hunt = {
		.lookup = lookup,
		.ask = ask,
		.each = each,
		.context = context,
	};

	if (lookup == NULL || ask->limit == 0)
		return 0;
	hunt.given = map_new(NULL);
	if (ask->what < COUNT_OF(sources))
		hunt_in_schemas(&hunt);
	else
		hunt_few(&hunt);
	map_free(hunt.given);
	return hunt.count;
}
