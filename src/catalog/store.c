#include "catalog/store.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/str.h"
#include "data/lite.h"

enum { READABLE_BYTES = 60 };

/* Names are as the server has them and are told apart by every byte; look-ups
 * compare without case, by the indexes. database: schemas of other databases
 * are known by name, with relations but without columns, until a session in
 * that database reads them. what, kind, marks: see catalog/lookup.h.
 *
 * words: every distinct name of relations, columns and functions, once for
 * each word that begins in it ("sales_order": itself and "order"), so that a
 * range of the index finds prefixes and word starts. */
static const char *const migrations[] = {
	/* Version 1 had other tables: what it knew is read again. */
	"create table meta (name text primary key, value) without rowid;",
	"drop table if exists schemas;"
	"drop table if exists relations;"
	"drop table if exists columns;"
	"drop table if exists functions;"
	"drop table if exists databases;"
	"drop table if exists users;"
	"delete from meta;"
	"create table databases ("
	" name text primary key, kind text, owner text,"
	" harvested_ms integer not null default 0,"
	" previous_ms integer not null default 0,"
	" search_path text, server text) without rowid;"
	"create table schemas ("
	" id integer primary key, database text not null, name text not null,"
	" kind text, owner text, comment text, acl text,"
	" unique (database, name));"
	"create index schemas_name on schemas (name collate nocase);"
	"create table relations ("
	" id integer primary key, schema_id integer not null,"
	" name text not null, kind integer not null, owner text, detail text,"
	" dist text, comment text, acl text, unique (schema_id, name));"
	"create index relations_in on relations"
	" (schema_id, name collate nocase);"
	"create index relations_name on relations (name collate nocase);"
	"create table columns ("
	" relation_id integer not null, position integer not null,"
	" name text not null, type text not null,"
	" marks integer not null default 0, sort integer, encoding text,"
	" value text, comment text,"
	" primary key (relation_id, position)) without rowid;"
	"create index columns_name on columns (name collate nocase);"
	"create table keys ("
	" relation_id integer not null, kind text not null,"
	" name text not null, part integer not null, column_name text not null,"
	" to_schema text, to_relation text, to_column text,"
	" primary key (relation_id, kind, name, part)) without rowid;"
	"create index keys_to on keys (to_relation) where kind = 'f';"
	"create table functions ("
	" id integer primary key, schema_id integer not null,"
	" name text not null, arguments text not null,"
	" kind integer not null, returns text, language text, comment text,"
	" unique (schema_id, name, arguments));"
	"create index functions_name on functions (name collate nocase);"
	"create table partitions ("
	" relation_id integer not null, keys text not null, location text,"
	" primary key (relation_id, keys)) without rowid;"
	"create table names ("
	" what integer not null, database text not null, name text not null,"
	" detail text, comment text,"
	" primary key (what, database, name)) without rowid;"
	"create index names_nocase on names (what, name collate nocase);"
	"create table words ("
	" what integer not null, word text not null collate nocase,"
	" name text not null, primary key (what, word, name)) without rowid;"
	"create table used ("
	" what integer not null, schema text not null, name text not null,"
	" score real not null, used_ms integer not null,"
	" primary key (what, schema, name)) without rowid;"
	"create table changes ("
	" id integer primary key, database text not null,"
	" seen_ms integer not null, change text not null, what text not null,"
	" schema text not null, relation text not null,"
	" name text not null, before text, after text);"
	"create table missing ("
	" database text not null, what text not null, why text not null,"
	" primary key (database, what)) without rowid;",
	NULL,
};

static void add_readable(const char *text, struct str *out)
{
	size_t start = out->len;

	for (; *text != '\0' && out->len - start < READABLE_BYTES; text++)
		str_add_char(out, isalnum((unsigned char)*text) ||
						  strchr("-.", *text) != NULL
					  ? *text
					  : '_');
}

void store_path(const char *folder, const struct store_key *key,
		struct str *out)
{
	const char *parts[] = { key->host, key->port, key->user };
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		const char *part = parts[i] != NULL ? parts[i] : "";

		/* The NUL parts: no two keys give the same bytes. */
		str_add_slice(&whole, part, strlen(part) + 1);
		/* A leading '/' is a socket folder; a leading '.' would
		 * hide the file. */
		add_readable(part + strspn(part, "/."), &name);
		str_add_char(&name, '_');
	}
	/* Not OpenSSL's: its set-up costs a third of the way to the prompt. */
	str_addf(&name, "%016" PRIx64 ".db",
		 map_hash(whole.text, whole.len));
	path_join(folder, name.text, out);
}

struct lite *store_open(const char *path, struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;
	struct err first = ERR_EMPTY;
	struct lite *lite;

	path_dir(path, &folder);
	if (strcmp(path, ":memory:") != 0 &&
	    !file_make_dirs(folder.text, 0700, err))
		return NULL;
	lite = lite_open(path, migrations, &first);
	if (lite == NULL && lite_is_corrupt(&first)) {
		lite_remove(path);
		return lite_open(path, migrations, err);
	}
	if (lite == NULL && err != NULL)
		*err = first;
	return lite;
}

bool store_set_number(struct lite *lite, const char *name, long long value,
		      struct err *err)
{
	struct lite_query *query = lite_query(
		lite, "insert or replace into meta values (?1, ?2)", err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, name);
	lite_bind_number(query, 2, value);
	return lite_do(query, err);
}

long long store_number(struct lite *lite, const char *name)
{
	struct lite_query *query = lite_query(
		lite, "select value from meta where name = ?1", NULL);
	long long value = 0;

	if (query == NULL)
		return 0;
	lite_bind_text(query, 1, name);
	if (lite_step(query, NULL) == LITE_ROW)
		value = lite_number(query, 0);
	lite_reset(query);
	return value;
}

bool store_set_text(struct lite *lite, const char *name, const char *value,
		    struct err *err)
{
	struct lite_query *query = lite_query(
		lite, "insert or replace into meta values (?1, ?2)", err);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, name);
	lite_bind_text(query, 2, value);
	return lite_do(query, err);
}

/* The first value of a bound query's first row. */
static bool take_text(struct lite_query *query, struct str *out)
{
	bool found =
		lite_step(query, NULL) == LITE_ROW && !lite_is_null(query, 0);

	if (found)
		str_set(out, lite_text(query, 0));
	lite_reset(query);
	return found;
}

bool store_text(struct lite *lite, const char *name, struct str *out)
{
	struct lite_query *query = lite_query(
		lite, "select value from meta where name = ?1", NULL);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, name);
	return take_text(query, out);
}

bool store_database(struct lite *lite, struct str *out)
{
	struct lite_query *query =
		lite_query(lite,
			   "select name from databases where harvested_ms > 0"
			   " order by harvested_ms desc limit 1",
			   NULL);

	return query != NULL && take_text(query, out);
}

bool store_search_path(struct lite *lite, const char *database, struct str *out)
{
	struct lite_query *query = lite_query(
		lite, "select search_path from databases where name = ?1",
		NULL);

	if (query == NULL)
		return false;
	lite_bind_text(query, 1, database);
	return take_text(query, out);
}

/* One number of one database's row; 0: there is none. */
static int64_t database_number(struct lite *lite, const char *sql,
			       const char *database)
{
	struct lite_query *query = lite_query(lite, sql, NULL);
	int64_t value = 0;

	if (query == NULL)
		return 0;
	lite_bind_text(query, 1, database);
	if (lite_step(query, NULL) == LITE_ROW)
		value = lite_number(query, 0);
	lite_reset(query);
	return value;
}

int64_t store_harvested_ms(struct lite *lite, const char *database)
{
	return database_number(
		lite, "select harvested_ms from databases where name = ?1",
		database);
}

int64_t store_previous_ms(struct lite *lite, const char *database)
{
	return database_number(
		lite, "select previous_ms from databases where name = ?1",
		database);
}

bool store_clear(struct lite *lite, struct err *err)
{
	static const char script[] =
		"delete from databases; delete from schemas;"
		"delete from relations; delete from columns;"
		"delete from keys; delete from functions;"
		"delete from partitions; delete from names;"
		"delete from words; delete from changes;"
		"delete from missing;";

	if (!lite_begin(lite, err))
		return false;
	if (lite_run(lite, script, err) && lite_commit(lite, err)) {
		/* Only gives room back. */
		lite_run(lite, "vacuum", NULL);
		return true;
	}
	lite_rollback(lite);
	return false;
}
