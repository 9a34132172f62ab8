#include "sandbox/gateway/setup.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/vec.h"
#include "data/hash.h"
#include "sandbox/account/login.h"
#include "sandbox/gateway/backend.h"
#include "sandbox/gateway/private_pg.h"
#include "sandbox/ground/place.h"
#include "sql/quote.h"

#define SCRIPT_MAX (4 * 1024 * 1024)

struct names {
	VEC(char *);
};

static void names_done(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		mem_free(names->items[i]);
	vec_done(names);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Full paths of the scripts, in the order of their names. */
static bool list_scripts(const char *share, struct names *out, struct err *err)
{
	DIR *dir = opendir(share);
	const struct dirent *entry;

	if (!dir)
		return err_set_errno(err, errno, "%s", share);
	while ((entry = readdir(dir)) != NULL) {
		CLEANUP(str_done) struct str path = STR_EMPTY;

		if (entry->d_name[0] == '.' || !str_ends(entry->d_name, ".sql"))
			continue;
		path_join(share, entry->d_name, &path);
		vec_push(out, str_take(&path));
	}
	closedir(dir);
	if (out->count > 0)
		qsort(out->items, out->count, sizeof(*out->items), by_name);
	return true;
}

static struct backend *open_database(const char *socket_path,
				     const char *database, struct err *err)
{
	/* views of ours stand in pg_catalog, where Redshift has its own */
	static const struct backend_setting settings[] = {
		{ "allow_system_table_mods", "on" },
		{ "client_min_messages", "error" },
	};
	struct backend_login login = {
		.socket_path = socket_path,
		.user = PRIVATE_PG_OWNER,
		.database = database,
		.settings = settings,
		.setting_count = COUNT_OF(settings),
	};

	return backend_open(&login, err);
}

static bool exists(struct backend *backend, const char *query)
{
	CLEANUP(str_done) struct str found = STR_EMPTY;

	return backend_value(backend, query, &found, NULL);
}

/* The user that clients are given; Redshift's first user may do all. */
static bool make_user(struct backend *backend, const struct secret *password,
		      struct err *err)
{
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (exists(backend,
		   "SELECT 1 FROM pg_authid WHERE rolname = '" PLACE_USER "'"))
		return true;
	login_hash(PLACE_USER, secret_text(password), &hash);
	str_add(&sql, "CREATE ROLE " PLACE_USER
		      " SUPERUSER CREATEDB CREATEROLE LOGIN PASSWORD ");
	quote_literal(&sql, hash.text, false);
	return backend_query(backend, sql.text, NULL, NULL, err);
}

static bool make_database(struct backend *backend, struct err *err)
{
	if (exists(backend,
		   "SELECT 1 FROM pg_database WHERE datname = '" PLACE_DATABASE
		   "'"))
		return true;
	return backend_query(
		backend, "CREATE DATABASE " PLACE_DATABASE " OWNER " PLACE_USER,
		NULL, NULL, err);
}

static bool run_script(struct backend *backend, const char *path,
		       struct err *err)
{
	CLEANUP(str_done) struct str text = STR_EMPTY;

	return file_read(path, SCRIPT_MAX, &text, err) &&
	       (backend_query(backend, text.text, NULL, NULL, err) ||
		err_wrap(err, "%s", path));
}

static bool run_each(struct backend *backend, const struct names *scripts,
		     struct err *err)
{
	for (size_t i = 0; i < scripts->count; i++)
		if (!run_script(backend, scripts->items[i], err))
			return false;
	return true;
}

/* Has the database run these scripts? One that was made from template1 has. */
static bool is_current(struct backend *backend, const char *stamp)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_add(&sql, "SELECT 1 FROM redshift_sandbox.setup WHERE stamp = ");
	quote_literal(&sql, stamp, false);
	return exists(backend, sql.text);
}

static bool note_current(struct backend *backend, const char *stamp,
			 struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	str_add(&sql, "CREATE TABLE IF NOT EXISTS redshift_sandbox.setup"
		      " (stamp text); DELETE FROM redshift_sandbox.setup;"
		      " INSERT INTO redshift_sandbox.setup VALUES (");
	quote_literal(&sql, stamp, false);
	str_add_char(&sql, ')');
	return backend_query(backend, sql.text, NULL, NULL, err);
}

/* A view that stands with other columns cannot be replaced: then all of ours
 * go first. */
static bool run_scripts(const char *socket_path, const char *database,
			const struct names *scripts, const char *stamp,
			struct err *err)
{
	CLEANUP(backend_closep)
	struct backend *backend = open_database(socket_path, database, err);

	if (!backend)
		return false;
	if (is_current(backend, stamp))
		return true;
	if (run_each(backend, scripts, NULL))
		return note_current(backend, stamp, err);
	backend_query(backend, "SELECT redshift_sandbox.drop_views()", NULL,
		      NULL, NULL);
	return (run_each(backend, scripts, err) ||
		err_wrap(err, "database %s", database)) &&
	       note_current(backend, stamp, err);
}

static bool add_name(void *context, const char *const *values, size_t count,
		     struct err *err)
{
	struct names *names = context;

	(void)err;
	if (count > 0 && values[0])
		vec_push(names, mem_copy_text(values[0]));
	return true;
}

static bool make_stamp(const struct names *scripts, struct str *out,
		       struct err *err)
{
	CLEANUP(str_done) struct str all = STR_EMPTY;

	for (size_t i = 0; i < scripts->count; i++)
		if (!file_read(scripts->items[i], SCRIPT_MAX, &all, err))
			return false;
	hash_add_hex(HASH_SHA256, all.text, all.len, out);
	return true;
}

static bool list_databases(struct backend *backend, struct names *out,
			   struct err *err)
{
	return backend_query(backend,
			     "SELECT datname FROM pg_database WHERE"
			     " datallowconn AND datname NOT IN ('template0',"
			     " 'template1', 'postgres')",
			     add_name, out, err);
}

/* Records of an earlier life are closed, old ones removed. */
static bool begin_life(struct backend *backend, const char *socket_path,
		       struct err *err)
{
	CLEANUP(names_done) struct names databases = { 0 };

	if (!list_databases(backend, &databases, err))
		return false;
	for (size_t i = 0; i < databases.count; i++) {
		CLEANUP(backend_closep)
		struct backend *each = open_database(
			socket_path, databases.items[i], err);

		if (!each ||
		    !backend_query(each,
				   "SELECT redshift_sandbox.begin_life()",
				   NULL, NULL, err))
			return err_wrap(err, "database %s",
					databases.items[i]);
	}
	return true;
}

/* template1 first: what is created from it later has all. */
static bool run_everywhere(struct backend *backend, const char *socket_path,
			   const struct names *scripts, const char *stamp,
			   struct err *err)
{
	CLEANUP(names_done) struct names databases = { 0 };

	if (!run_scripts(socket_path, "template1", scripts, stamp, err) ||
	    !make_database(backend, err) ||
	    !list_databases(backend, &databases, err))
		return false;
	for (size_t i = 0; i < databases.count; i++)
		if (!run_scripts(socket_path, databases.items[i], scripts,
				 stamp, err))
			return false;
	return begin_life(backend, socket_path, err);
}

bool setup_run(const struct place *place, const char *socket_path,
	       const char *share, const struct secret *password,
	       struct err *err)
{
	CLEANUP(names_done) struct names scripts = { 0 };
	CLEANUP(str_done) struct str stamp = STR_EMPTY;
	CLEANUP(str_done) struct str path = STR_EMPTY;
	CLEANUP(str_done) struct str done = STR_EMPTY;
	CLEANUP(backend_closep) struct backend *backend = NULL;

	if (!list_scripts(share, &scripts, err) ||
	    !make_stamp(&scripts, &stamp, err))
		return false;
	place_path(place, "setup.stamp", &path);
	backend = open_database(socket_path, "postgres", err);
	if (backend && file_read(path.text, 4096, &done, NULL) &&
	    strcmp(done.text, stamp.text) == 0)
		return begin_life(backend, socket_path, err);
	if (!backend || !make_user(backend, password, err) ||
	    !run_everywhere(backend, socket_path, &scripts, stamp.text, err))
		return err_wrap(err, "setting up the private PostgreSQL");
	return file_write(path.text, stamp.text, stamp.len, 0600, err);
}

bool setup_user(const char *socket_path, const char *user, struct err *err)
{
	CLEANUP(backend_closep)
	struct backend *backend = open_database(socket_path, "postgres", err);
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (!backend)
		return false;
	str_add(&sql, "SELECT 1 FROM pg_authid WHERE rolcanlogin"
		      " AND rolname <> '" PRIVATE_PG_OWNER "' AND rolname = ");
	quote_literal(&sql, user, false);
	if (exists(backend, sql.text))
		return true;
	str_set(&sql, "CREATE ROLE ");
	quote_name_always(&sql, user, strlen(user));
	str_add(&sql, " LOGIN");
	return backend_query(backend, sql.text, NULL, NULL, err);
}

/* --- warehouses that stacks make --- */

static void add_name_literal(struct str *sql, const char *head,
			     const char *name)
{
	str_clear(sql);
	str_add(sql, head);
	quote_literal(sql, name, false);
}

static void add_named(struct str *sql, const char *head, const char *name)
{
	str_clear(sql);
	str_add(sql, head);
	quote_name_always(sql, name, strlen(name));
}

static bool set_first_user(struct backend *backend, const char *user,
			   const char *password, struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;
	CLEANUP(str_done) struct str hash = STR_EMPTY;
	bool there;

	add_name_literal(&sql, "SELECT 1 FROM pg_authid WHERE rolname = ",
			 user);
	there = exists(backend, sql.text);
	add_named(&sql, there ? "ALTER ROLE " : "CREATE ROLE ", user);
	login_hash(user, password, &hash);
	str_add(&sql, " SUPERUSER CREATEDB CREATEROLE LOGIN PASSWORD ");
	quote_literal(&sql, hash.text, false);
	return backend_query(backend, sql.text, NULL, NULL, err);
}

bool setup_warehouse(const char *socket_path, const char *database,
		     const char *user, const char *password, struct err *err)
{
	CLEANUP(backend_closep)
	struct backend *backend = open_database(socket_path, "postgres", err);
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (!backend || !set_first_user(backend, user, password, err))
		return false;
	add_name_literal(&sql, "SELECT 1 FROM pg_database WHERE datname = ",
			 database);
	if (exists(backend, sql.text))
		return true;
	add_named(&sql, "CREATE DATABASE ", database);
	str_add(&sql, " OWNER ");
	quote_name_always(&sql, user, strlen(user));
	return backend_query(backend, sql.text, NULL, NULL, err);
}

/* Whoever owns something elsewhere cannot be dropped: they may not log in any
 * more. */
static bool drop_first_user(struct backend *backend, const char *user,
			    struct err *err)
{
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	add_named(&sql, "DROP ROLE IF EXISTS ", user);
	if (backend_query(backend, sql.text, NULL, NULL, NULL))
		return true;
	add_named(&sql, "ALTER ROLE ", user);
	str_add(&sql, " NOLOGIN PASSWORD NULL");
	return backend_query(backend, sql.text, NULL, NULL, err);
}

bool setup_drop_warehouse(const char *socket_path, const char *database,
			  const char *user, struct err *err)
{
	CLEANUP(backend_closep)
	struct backend *backend = open_database(socket_path, "postgres", err);
	CLEANUP(str_done) struct str sql = STR_EMPTY;

	if (!backend)
		return false;
	if (database && strcmp(database, PLACE_DATABASE) != 0) {
		add_named(&sql, "DROP DATABASE IF EXISTS ", database);
		str_add(&sql, " WITH (FORCE)");
		if (!backend_query(backend, sql.text, NULL, NULL, err))
			return false;
	}
	return !user || strcmp(user, PLACE_USER) == 0 ||
	       drop_first_user(backend, user, err);
}
