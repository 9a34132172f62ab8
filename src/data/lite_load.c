#include "data/lite_load.h"

#include <sqlite3.h>

#include "base/lazy.h"

#define FUNCTIONS(ROW)                                                         \
	ROW(int, sqlite3_open_v2,                                              \
	    (const char *path, sqlite3 **db, int flags, const char *vfs),      \
	    (path, db, flags, vfs))                                            \
	ROW(int, sqlite3_close, (sqlite3 * db), (db))                          \
	ROW(int, sqlite3_errcode, (sqlite3 * db), (db))                        \
	ROW(const char *, sqlite3_errmsg, (sqlite3 * db), (db))                \
	ROW(int, sqlite3_busy_timeout, (sqlite3 * db, int wait_ms),            \
	    (db, wait_ms))                                                     \
	ROW(int, sqlite3_get_autocommit, (sqlite3 * db), (db))                 \
	ROW(sqlite3_int64, sqlite3_changes64, (sqlite3 * db), (db))            \
	ROW(sqlite3_int64, sqlite3_last_insert_rowid, (sqlite3 * db), (db))    \
	ROW(int, sqlite3_exec,                                                 \
	    (sqlite3 * db, const char *sql,                                    \
	     int (*row)(void *, int, char **, char **), void *context,         \
	     char **message),                                                  \
	    (db, sql, row, context, message))                                  \
	ROW(int, sqlite3_prepare_v3,                                           \
	    (sqlite3 * db, const char *sql, int len, unsigned flags,           \
	     sqlite3_stmt **statement, const char **tail),                     \
	    (db, sql, len, flags, statement, tail))                            \
	ROW(int, sqlite3_step, (sqlite3_stmt * statement), (statement))        \
	ROW(int, sqlite3_reset, (sqlite3_stmt * statement), (statement))       \
	ROW(int, sqlite3_finalize, (sqlite3_stmt * statement), (statement))    \
	ROW(sqlite3 *, sqlite3_db_handle, (sqlite3_stmt * statement),          \
	    (statement))                                                       \
	ROW(int, sqlite3_clear_bindings, (sqlite3_stmt * statement),           \
	    (statement))                                                       \
	ROW(int, sqlite3_bind_null, (sqlite3_stmt * statement, int at),        \
	    (statement, at))                                                   \
	ROW(int, sqlite3_bind_int64,                                           \
	    (sqlite3_stmt * statement, int at, sqlite3_int64 number),          \
	    (statement, at, number))                                           \
	ROW(int, sqlite3_bind_text64,                                          \
	    (sqlite3_stmt * statement, int at, const char *text,               \
	     sqlite3_uint64 len, void (*dispose)(void *),                      \
	     unsigned char encoding),                                          \
	    (statement, at, text, len, dispose, encoding))                     \
	ROW(int, sqlite3_bind_blob64,                                          \
	    (sqlite3_stmt * statement, int at, const void *bytes,              \
	     sqlite3_uint64 len, void (*dispose)(void *)),                     \
	    (statement, at, bytes, len, dispose))                              \
	ROW(int, sqlite3_column_type, (sqlite3_stmt * statement, int at),      \
	    (statement, at))                                                   \
	ROW(int, sqlite3_column_bytes, (sqlite3_stmt * statement, int at),     \
	    (statement, at))                                                   \
	ROW(const unsigned char *, sqlite3_column_text,                        \
	    (sqlite3_stmt * statement, int at), (statement, at))               \
	ROW(sqlite3_int64, sqlite3_column_int64,                               \
	    (sqlite3_stmt * statement, int at), (statement, at))

#define LAZY_LIBRARY sqlite
LAZY_DEFINE(FUNCTIONS, SQLITE_SONAME, "libsqlite3-0",
	    "the history and the names for Tab need it")

bool lite_load(struct err *err)
{
	return lazy_load(&sqlite, err);
}

void lite_load_or_end(void)
{
	lazy_load_or_end(&sqlite);
}
