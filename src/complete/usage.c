#include "complete/usage.h"

#include "base/map.h"
#include "base/str.h"
#include "catalog/lookup.h"
#include "sql/parens.h"
#include "sql/quote.h"

enum {
	TEXT_MAX = 20000,   /* bytes of a statement that a person typed */
	RELATIONS_MAX = 20, /* of one statement */
	COLUMNS_MAX = 60,   /* likewise */
};

struct usage {
	struct lookup *lookup;
	struct parens words;
	struct map *columns;     /* of its relations: lower names */
	struct str schema, name; /* of the relation found last */
	int relations;
};

static void add_name(const struct usage *usage, size_t at, struct str *out)
{
	const struct parens_word *word = &usage->words.items[at];

	quote_name_read(out, usage->words.sql + word->at, word->len, false);
}

static void add_column(void *context, const struct lookup_name *name)
{
	map_put(context, name->name, NULL);
}

static void take_found(void *context, const struct lookup_name *name)
{
	struct usage *usage = context;

	str_set(&usage->schema, name->schema);
	str_set(&usage->name, name->name);
}

static void note_relation(struct usage *usage, const char *schema,
			  const char *name)
{
	if (usage->relations >= RELATIONS_MAX ||
	    !lookup_relation(usage->lookup, schema, name, take_found, usage))
		return;
	usage->relations++;
	lookup_note_used(usage->lookup, LOOKUP_RELATIONS, usage->schema.text,
			 usage->name.text);
	lookup_columns(usage->lookup, usage->schema.text, usage->name.text,
		       add_column, usage->columns);
}

/* [schema.]name at this word; returns the index behind it. */
static size_t read_relation(struct usage *usage, size_t at)
{
	CLEANUP(str_done) struct str schema = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	add_name(usage, at++, &name);
	while (parens_is_char(&usage->words, at, '.') &&
	       parens_role(&usage->words, at + 1) == ROLE_NAME) {
		str_set(&schema, name.text);
		str_clear(&name);
		add_name(usage, at + 1, &name);
		at += 2;
	}
	/* A call is no relation. */
	if (!parens_is_char(&usage->words, at, '('))
		note_relation(usage, schema.text, name.text);
	return at;
}

/* Behind FROM and its like: names parted by commas, each with an alias. */
static void read_relations(struct usage *usage, size_t at)
{
	const struct parens *words = &usage->words;

	while (parens_role(words, at) == ROLE_NAME) {
		at = read_relation(usage, at);
		if (parens_role(words, at) == ROLE_AS)
			at++;
		if (parens_role(words, at) == ROLE_NAME)
			at++;
		if (!parens_is_char(words, at, ','))
			break;
		at++;
	}
}

static void note_columns(struct usage *usage)
{
	int left = COLUMNS_MAX;

	for (size_t i = 0; left > 0 && i < usage->words.count; i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;

		if (parens_role(&usage->words, i) != ROLE_NAME ||
		    parens_is_char(&usage->words, i + 1, '.') ||
		    parens_is_char(&usage->words, i + 1, '('))
			continue;
		add_name(usage, i, &name);
		if (!map_remove(usage->columns, name.text))
			continue;
		lookup_note_used(usage->lookup, LOOKUP_COLUMNS, "", name.text);
		left--;
	}
}

void usage_note(struct lookup *lookup, const char *sql, size_t len)
{
	struct usage usage = { .lookup = lookup,
			       .schema = STR_EMPTY,
			       .name = STR_EMPTY };

	if (lookup == NULL || len > TEXT_MAX)
		return;
	usage.columns = map_new(NULL);
	parens_read(&usage.words, sql, len, 0);
	for (size_t i = 0; i < usage.words.count; i++) {
		enum parens_role role = parens_role(&usage.words, i);

		if (role == ROLE_FROM || role == ROLE_JOIN ||
		    role == ROLE_TARGET || role == ROLE_USING)
			read_relations(&usage, i + 1);
	}
	note_columns(&usage);
	parens_done(&usage.words);
	map_free(usage.columns);
	str_done(&usage.schema);
	str_done(&usage.name);
}
