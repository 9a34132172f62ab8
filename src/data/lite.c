#include "data/lite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/map.h"
#include "base/str.h"
#include "data/lite_load.h"

#define BUSY_TIMEOUT_MS 5000

struct lite_query {
	sqlite3_stmt *statement;
};

struct lite {
	sqlite3 *db;
	struct map *queries; /* SQL text to struct lite_query */
	char *path;
};

static const char CODE_CORRUPT[] = "SQLITE_CORRUPT";
static const char CODE_UNWRITABLE[] = "SQLITE_UNWRITABLE";
static const char CODE_TOO_NEW[] = "SQLITE_TOO_NEW";

static bool fail(sqlite3 *db, struct err *err)
{
	int code = sqlite3_errcode(db) & 0xff;
	enum err_kind kind = ERR_SYSTEM;

	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		kind = ERR_DATA;
	err_set(err, kind, "%s", sqlite3_errmsg(db));
	if (kind == ERR_DATA)
		err_set_code(err, CODE_CORRUPT);
	/* A file in memory that cannot grow (-shm) is an I/O error. */
	if (code == SQLITE_FULL || code == SQLITE_IOERR ||
	    code == SQLITE_READONLY)
		err_set_code(err, CODE_UNWRITABLE);
	if (err && (code == SQLITE_BUSY || code == SQLITE_LOCKED))
		err->retry = true;
	return false;
}

static void free_query(void *value)
{
	struct lite_query *query = value;

	sqlite3_finalize(query->statement);
	mem_free(query);
}

bool lite_run(struct lite *lite, const char *script, struct err *err)
{
	if (sqlite3_exec(lite->db, script, NULL, NULL, NULL) != SQLITE_OK)
		return fail(lite->db, err);
	return true;
}

void lite_set_patience(struct lite *lite, int wait_ms)
{
	sqlite3_busy_timeout(lite->db, wait_ms);
}

static bool read_version(struct lite *lite, int *out_version, struct err *err)
{
	struct lite_query *query = lite_query(lite, "pragma user_version", err);

	if (query == NULL || lite_step(query, err) != LITE_ROW)
		return false;
	*out_version = (int)lite_number(query, 0);
	lite_reset(query);
	return true;
}

static bool migrate_one(struct lite *lite, int index, const char *script,
			struct err *err)
{
	CLEANUP(str_done) struct str set_version = STR_EMPTY;
	int version;

	str_addf(&set_version, "pragma user_version = %d", index + 1);
	if (!lite_begin(lite, err))
		return false;
	/* Another program may have done it while we waited for the lock. */
	if (read_version(lite, &version, err) &&
	    (version > index || (lite_run(lite, script, err) &&
				 lite_run(lite, set_version.text, err))) &&
	    lite_commit(lite, err))
		return true;
	lite_rollback(lite);
	return err_wrap(err, "preparing the tables (step %d)", index + 1);
}

static bool migrate(struct lite *lite, const char *const *migrations,
		    struct err *err)
{
	int version;
	int known = 0;

	while (migrations && migrations[known])
		known++;
	if (!read_version(lite, &version, err))
		return false;
	if (version > known) {
		err_set(err, ERR_DATA, "made by a newer version (%d, known %d)",
			version, known);
		return err_set_code(err, CODE_TOO_NEW);
	}
	for (int i = version; i < known; i++)
		if (!migrate_one(lite, i, migrations[i], err))
			return false;
	return true;
}

/* SQLite creates with the umask; a file made before it is opened keeps 0600,
 * and -wal and -shm take the mode of the main file. A file that is there is
 * not opened: to close it would take away the locks that this process has on
 * it by another handle. */
static bool create_private(const char *path, struct err *err)
{
	int fd;

	if (strcmp(path, ":memory:") == 0)
		return true;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
	if (fd < 0 && errno == EEXIST)
		return true;
	if (fd < 0)
		return err_set_errno(err, errno, "cannot open it");
	close(fd);
	return true;
}

static bool open_into(struct lite *lite, const char *path,
		      const char *const *migrations, struct err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX;

	if (!lite_load(err) || !create_private(path, err))
		return false;
	if (sqlite3_open_v2(path, &lite->db, flags, NULL) != SQLITE_OK) {
		if (lite->db == NULL)
			return err_set(err, ERR_SYSTEM, "no memory");
		return fail(lite->db, err);
	}
	sqlite3_busy_timeout(lite->db, BUSY_TIMEOUT_MS);
	return lite_run(lite,
			"pragma journal_mode = wal;"
			"pragma synchronous = normal;"
			"pragma foreign_keys = on;",
			err) &&
	       migrate(lite, migrations, err);
}

struct lite *lite_open(const char *path, const char *const *migrations,
		       struct err *err)
{
	struct lite *lite = mem_alloc(sizeof(*lite));

	lite->path = mem_copy_text(path);
	lite->queries = map_new(free_query);
	if (open_into(lite, path, migrations, err))
		return lite;
	lite_close(lite);
	err_wrap(err, "SQLite file %s", path);
	return NULL;
}

struct lite *lite_open_cache(const char *path, const char *const *migrations,
			     struct err *err)
{
	struct err first = ERR_EMPTY;
	struct lite *lite = lite_open(path, migrations, &first);

	if (lite)
		return lite;
	if (!lite_is_corrupt(&first) && strcmp(first.code, CODE_TOO_NEW) != 0) {
		if (err)
			*err = first;
		return NULL;
	}
	lite_remove(path);
	return lite_open(path, migrations, err);
}

void lite_close(struct lite *lite)
{
	if (lite == NULL)
		return;
	map_free(lite->queries);
	if (lite->db != NULL)
		sqlite3_close(lite->db);
	mem_free(lite->path);
	mem_free(lite);
}

bool lite_is_corrupt(const struct err *err)
{
	return strcmp(err->code, CODE_CORRUPT) == 0;
}

bool lite_is_unwritable(const struct err *err)
{
	return strcmp(err->code, CODE_UNWRITABLE) == 0;
}

void lite_remove(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm",
						"-journal" };

	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		CLEANUP(str_done) struct str name = STR_EMPTY;

		str_add(&name, path);
		str_add(&name, suffixes[i]);
		unlink(name.text);
	}
}

struct lite_query *lite_query(struct lite *lite, const char *sql,
			      struct err *err)
{
	struct lite_query *query = map_get(lite->queries, sql);

	if (query) {
		sqlite3_reset(query->statement);
		sqlite3_clear_bindings(query->statement);
		return query;
	}
	query = mem_alloc(sizeof(*query));
	if (sqlite3_prepare_v3(lite->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
			       &query->statement, NULL) != SQLITE_OK) {
		fail(lite->db, err);
		mem_free(query);
		return NULL;
	}
	map_put(lite->queries, sql, query);
	return query;
}

/* Binding fails only for a parameter the statement has not: our mistake. */
static void must(int code)
{
	if (code != SQLITE_OK)
		abort();
}

void lite_bind_slice(struct lite_query *query, int at, const char *text,
		     size_t len)
{
	must(sqlite3_bind_text64(query->statement, at, text, len,
				 SQLITE_TRANSIENT, SQLITE_UTF8));
}

void lite_bind_text(struct lite_query *query, int at, const char *text)
{
	if (text)
		lite_bind_slice(query, at, text, strlen(text));
	else
		must(sqlite3_bind_null(query->statement, at));
}

void lite_bind_blob(struct lite_query *query, int at, const void *bytes,
		    size_t len)
{
	must(sqlite3_bind_blob64(query->statement, at, bytes ? bytes : "", len,
				 SQLITE_TRANSIENT));
}

void lite_bind_number(struct lite_query *query, int at, int64_t number)
{
	must(sqlite3_bind_int64(query->statement, at, number));
}

enum lite_step lite_step(struct lite_query *query, struct err *err)
{
	switch (sqlite3_step(query->statement)) {
	case SQLITE_ROW:
		return LITE_ROW;
	case SQLITE_DONE:
		sqlite3_reset(query->statement);
		return LITE_DONE;
	default:
		fail(sqlite3_db_handle(query->statement), err);
		sqlite3_reset(query->statement);
		return LITE_FAILED;
	}
}

void lite_reset(struct lite_query *query)
{
	sqlite3_reset(query->statement);
}

bool lite_do(struct lite_query *query, struct err *err)
{
	enum lite_step step;

	do
		step = lite_step(query, err);
	while (step == LITE_ROW);
	return step == LITE_DONE;
}

const char *lite_text(struct lite_query *query, int at)
{
	return (const char *)sqlite3_column_text(query->statement, at);
}

size_t lite_len(struct lite_query *query, int at)
{
	return (size_t)sqlite3_column_bytes(query->statement, at);
}

int64_t lite_number(struct lite_query *query, int at)
{
	return sqlite3_column_int64(query->statement, at);
}

bool lite_is_null(struct lite_query *query, int at)
{
	return sqlite3_column_type(query->statement, at) == SQLITE_NULL;
}

bool lite_begin(struct lite *lite, struct err *err)
{
	return lite_run(lite, "begin immediate", err);
}

bool lite_commit(struct lite *lite, struct err *err)
{
	return lite_run(lite, "commit", err);
}

void lite_rollback(struct lite *lite)
{
	if (!sqlite3_get_autocommit(lite->db))
		lite_run(lite, "rollback", NULL);
}

int64_t lite_changes(struct lite *lite)
{
	return sqlite3_changes64(lite->db);
}

int64_t lite_last_id(struct lite *lite)
{
	return sqlite3_last_insert_rowid(lite->db);
}
