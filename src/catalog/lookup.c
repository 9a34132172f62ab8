#include "catalog/lookup.h"

#include <string.h>

#include "base/clock.h"
#include "catalog/lookup_inner.h"
#include "catalog/seen.h"
#include "catalog/store.h"
#include "catalog/used.h"
#include "data/lite.h"

struct lookup *lookup_open(const char *path, struct err *err)
{
	struct lite *lite = store_open(path, err);
	struct lookup *lookup;

	if (lite == NULL)
		return NULL;
	/* Readers never wait; a note of use is written later. */
	lite_set_patience(lite, 0);
	lookup = mem_alloc(sizeof(*lookup));
	lookup->lite = lite;
	lookup->database = mem_copy_text("");
	lookup->used = used_new(lite);
	return lookup;
}

static void clear_path(struct lookup *lookup)
{
	for (size_t i = 0; i < lookup->path.count; i++)
		mem_free(lookup->path.items[i]);
	vec_clear(&lookup->path);
	lookup->path_read = false;
}

void lookup_close(struct lookup *lookup)
{
	if (lookup == NULL)
		return;
	used_free(lookup->used);
	clear_path(lookup);
	vec_done(&lookup->path);
	mem_free(lookup->database);
	mem_free(lookup->path_text);
	lite_close(lookup->lite);
	mem_free(lookup);
}

void lookup_set_database(struct lookup *lookup, const char *database)
{
	mem_free(lookup->database);
	lookup->database = mem_copy_text(database);
	clear_path(lookup);
}

void lookup_set_path(struct lookup *lookup, const char *path)
{
	mem_free(lookup->path_text);
	lookup->path_text = mem_copy_text(path);
	clear_path(lookup);
}

void lookup_set_seen(struct lookup *lookup, const struct seen *seen)
{
	lookup->seen = seen;
}

bool lookup_is_damaged(const struct lookup *lookup)
{
	return lookup->damaged;
}

bool lookup_is_view(enum lookup_kind kind)
{
	return kind == LOOKUP_VIEW || kind == LOOKUP_LATE_VIEW ||
	       kind == LOOKUP_MATERIALIZED;
}

/* ---- statements ---- */

const char *lookup_database(struct lookup *lookup)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	if (*lookup->database == '\0' && store_database(lookup->lite, &name) &&
	    name.len > 0)
		lookup_set_database(lookup, name.text);
	return lookup->database;
}

struct lite_query *lookup_query(struct lookup *lookup, const char *sql)
{
	struct err err = ERR_EMPTY;
	struct lite_query *query = lite_query(lookup->lite, sql, &err);

	if (query == NULL && lite_is_corrupt(&err))
		lookup->damaged = true;
	if (query != NULL)
		lite_bind_text(query, 9, lookup_database(lookup));
	return query;
}

bool lookup_step(struct lookup *lookup, struct lite_query *query)
{
	struct err err = ERR_EMPTY;
	enum lite_step step = lite_step(query, &err);

	if (step == LITE_FAILED && lite_is_corrupt(&err))
		lookup->damaged = true;
	return step == LITE_ROW;
}

static const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

void lookup_read_name(struct lite_query *query, struct lookup_name *out)
{
	*out = (struct lookup_name){
		.schema = or_empty(lite_text(query, 0)),
		.name = or_empty(lite_text(query, 1)),
		.detail = or_empty(lite_text(query, 2)),
		.comment = or_empty(lite_text(query, 3)),
		.relation = or_empty(lite_text(query, 4)),
		.kind = (enum lookup_kind)lite_number(query, 5),
		.marks = (unsigned)lite_number(query, 6),
		.position = (int)lite_number(query, 7),
		.match = LOOKUP_PREFIX,
	};
}

/* ---- the search path ---- */

/* "$user", public: names between commas, perhaps in double quotes, in which
 * a doubled quote is one. */
static const char *next_path_name(const char *at, struct str *out)
{
	bool quoted;

	str_clear(out);
	at += strspn(at, " ,\t\n");
	quoted = *at == '"';
	at += quoted;
	for (; *at != '\0'; at++) {
		if (quoted && at[0] == '"' && at[1] == '"')
			at++;
		else if (quoted ? *at == '"' : strchr(", \t\n", *at) != NULL)
			break;
		str_add_char(out, *at);
	}
	return at + (quoted && *at == '"');
}

static void split_path(struct lookup *lookup, const char *text,
		       const char *user)
{
	CLEANUP(str_done) struct str name = STR_EMPTY;

	while (*text != '\0') {
		text = next_path_name(text, &name);
		if (name.len == 0)
			continue;
		vec_push(&lookup->path,
			 mem_copy_text(strcmp(name.text, "$user") == 0
					       ? user
					       : name.text));
	}
}

void lookup_read_path(struct lookup *lookup)
{
	CLEANUP(str_done) struct str user = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;

	if (lookup->path_read)
		return;
	/* Naming the database later would forget the path while it is used. */
	lookup_database(lookup);
	clear_path(lookup);
	lookup->path_read = true;
	str_add(&path, "\"$user\", public");
	store_text(lookup->lite, "user", &user);
	if (lookup->path_text != NULL)
		str_set(&path, lookup->path_text);
	else
		store_search_path(lookup->lite, lookup_database(lookup), &path);
	split_path(lookup, path.text, user.text);
}

bool lookup_is_on_path(struct lookup *lookup, const char *schema)
{
	lookup_read_path(lookup);
	for (size_t i = 0; i < lookup->path.count; i++)
		if (strcmp(lookup->path.items[i], schema) == 0)
			return true;
	return false;
}

/* ---- what lies over the cache ---- */

static const char *first_on_path(struct lookup *lookup)
{
	lookup_read_path(lookup);
	return lookup->path.count > 0 ? lookup->path.items[0] : "public";
}

const struct seen_relation *lookup_seen(struct lookup *lookup,
					const char *schema, const char *name)
{
	const struct seen_relation *found;

	if (lookup->seen == NULL || seen_count(lookup->seen) == 0)
		return NULL;
	if (schema == NULL || *schema == '\0') {
		found = seen_find(lookup->seen, "", name);
		lookup_read_path(lookup);
		for (size_t i = 0; found == NULL && i < lookup->path.count; i++)
			found = seen_find(lookup->seen, lookup->path.items[i],
					  name);
		return found;
	}
	found = seen_find(lookup->seen, schema, name);
	if (found == NULL && lookup_is_on_path(lookup, schema))
		found = seen_find(lookup->seen, "", name);
	return found != NULL && found->temporary ? NULL : found;
}

void lookup_read_seen(struct lookup *lookup,
		      const struct seen_relation *relation,
		      struct lookup_name *out)
{
	const char *schema = relation->schema;

	if (*schema == '\0' && !relation->temporary)
		schema = first_on_path(lookup);
	*out = (struct lookup_name){
		.schema = schema,
		.name = relation->name,
		.detail = "",
		.comment = "",
		.relation = "",
		.kind = relation->kind,
		.match = LOOKUP_PREFIX,
		.temporary = relation->temporary,
		.on_path = *relation->schema == '\0' ||
			   lookup_is_on_path(lookup, schema),
	};
}

/* ---- names by prefix ---- */

static size_t names_by_prefix(struct lookup *lookup, enum lookup_what what,
			      const char *schema, const char *prefix,
			      size_t limit, lookup_each *each, void *context)
{
	struct lookup_ask ask = {
		.what = what,
		.schema = schema,
		.typed = prefix,
		.how = LOOKUP_PREFIX,
		.limit = limit,
	};

	return lookup_names(lookup, &ask, each, context);
}

size_t lookup_schemas(struct lookup *lookup, const char *prefix, size_t limit,
		      lookup_each *each, void *context)
{
	return names_by_prefix(lookup, LOOKUP_SCHEMAS, NULL, prefix, limit,
			       each, context);
}

size_t lookup_relations(struct lookup *lookup, const char *schema,
			const char *prefix, size_t limit, lookup_each *each,
			void *context)
{
	return names_by_prefix(lookup, LOOKUP_RELATIONS, schema, prefix, limit,
			       each, context);
}

size_t lookup_functions(struct lookup *lookup, const char *schema,
			const char *prefix, size_t limit, lookup_each *each,
			void *context)
{
	return names_by_prefix(lookup, LOOKUP_FUNCTIONS, schema, prefix, limit,
			       each, context);
}

size_t lookup_databases(struct lookup *lookup, const char *prefix, size_t limit,
			lookup_each *each, void *context)
{
	return names_by_prefix(lookup, LOOKUP_DATABASES, NULL, prefix, limit,
			       each, context);
}

size_t lookup_users(struct lookup *lookup, const char *prefix, size_t limit,
		    lookup_each *each, void *context)
{
	return names_by_prefix(lookup, LOOKUP_USERS, NULL, prefix, limit, each,
			       context);
}

/* ---- the rest ---- */

void lookup_note_used(struct lookup *lookup, enum lookup_what what,
		      const char *schema, const char *name)
{
	if (lookup != NULL)
		used_note(lookup->used, (int)what, schema, name,
			  clock_wall_ms());
}

int lookup_used(struct lookup *lookup, enum lookup_what what,
		const char *schema, const char *name)
{
	return lookup != NULL
		       ? used_weight(lookup->used, (int)what, schema, name)
		       : 0;
}

int64_t lookup_harvested_ms(struct lookup *lookup)
{
	return lookup != NULL ? store_harvested_ms(lookup->lite,
						   lookup_database(lookup))
			      : 0;
}
