#include "catalog/store.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "data/hash.h"
#include "data/lite.h"

enum {
	READABLE_BYTES = 60,
	HASH_DIGITS = 16,
};

/* place: rank of the schema on the search path from 1, 0: not on it.
 * kind: enum lookup_kind. Names compare without case, as Redshift folds. */
static const char *const migrations[] = {
	"create table meta (name text primary key, value) without rowid;"
	"create table schemas ("
	" name text collate nocase primary key, place integer not null"
	") without rowid;"
	"create table relations ("
	" schema text collate nocase, name text collate nocase,"
	" kind integer not null, primary key (schema, name)"
	") without rowid;"
	"create index relations_name on relations (name, schema, kind);"
	"create table columns ("
	" schema text collate nocase, relation text collate nocase,"
	" position integer, name text, type text,"
	" primary key (schema, relation, position)"
	") without rowid;"
	"create table functions ("
	" schema text collate nocase, name text collate nocase,"
	" arguments text, primary key (schema, name, arguments)"
	") without rowid;"
	"create index functions_name on functions (name, schema);"
	"create table databases (name text collate nocase primary key)"
	" without rowid;"
	"create table users (name text collate nocase primary key)"
	" without rowid;",
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
	const char *parts[] = { key->host, key->port, key->database,
				key->user };
	CLEANUP(str_done) struct str whole = STR_EMPTY;
	CLEANUP(str_done) struct str name = STR_EMPTY;
	CLEANUP(str_done) struct str hex = STR_EMPTY;

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		const char *part = parts[i] != NULL ? parts[i] : "";

		/* The NUL parts: no two keys give the same bytes. */
		str_add_slice(&whole, part, strlen(part) + 1);
		/* A leading '/' is a socket folder; a leading '.' would
		 * hide the file. */
		add_readable(part + strspn(part, "/."), &name);
		str_add_char(&name, '_');
	}
	hash_add_hex(HASH_SHA256, whole.text, whole.len, &hex);
	str_add_slice(&name, hex.text, HASH_DIGITS);
	str_add(&name, ".db");
	path_join(folder, name.text, out);
}

struct lite *store_open(const char *path, struct err *err)
{
	CLEANUP(str_done) struct str folder = STR_EMPTY;

	path_dir(path, &folder);
	if (strcmp(path, ":memory:") != 0 &&
	    !file_make_dirs(folder.text, 0700, err))
		return NULL;
	return lite_open_cache(path, migrations, err);
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
