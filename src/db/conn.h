/* db/conn.h - one connection to the server.
 *
 * Connecting is asynchronous: the calling thread polls the socket together
 * with the Ctrl-C pipe (or a stop descriptor, for threads that Ctrl-C does
 * not concern); the blocking name look-up runs in a short-lived helper
 * thread. A struct db belongs to one thread at a time.
 */
#ifndef DB_CONN_H
#define DB_CONN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"
#include "db/dberr.h"

struct db;
struct dsn;
struct str;

struct db_options {
	/* Watch this descriptor instead of Ctrl-C; readable: give up with
	 * ERR_CANCELLED. -1: watch Ctrl-C. */
	int stop_fd;
	const char *application_name; /* fallback; NULL: "redsh" */
};

#define DB_OPTIONS_DEFAULT                                                     \
	{                                                                      \
		.stop_fd = -1, .application_name = NULL                        \
	}

enum db_transaction {
	DB_IDLE,
	DB_ACTIVE, /* a statement is under way */
	DB_IN_BLOCK,
	DB_IN_FAILED_BLOCK,
	DB_UNKNOWN, /* connection lost */
};

/* NULL: refused or unreachable; out_why (may be NULL) gets libpq's whole text
 * and err a summary with a hint. */
struct db *db_open(const struct dsn *dsn, const struct db_options *options,
		   struct str *out_why, struct err *err);
void db_close(struct db *db); /* NULL is fine */
CLEANUP_FREE(struct db, db_close, db_closep)

/* As db_open. out_user gets the user's name when it failed only for want of a
 * password; ask the person, dsn_set "password" and try again. */
struct db *db_open_asking(const struct dsn *dsn,
			  const struct db_options *options,
			  struct str *out_user, struct str *out_why,
			  struct err *err);

bool db_is_alive(const struct db *db); /* as libpq last saw it */
enum db_transaction db_transaction(const struct db *db);

/* Never NULL; "" when unknown. */
const char *db_host(const struct db *db);
const char *db_host_address(const struct db *db);
const char *db_port(const struct db *db);
const char *db_name(const struct db *db);
const char *db_user(const struct db *db);
int db_encoding_id(const struct db *db); /* -1: not connected */
const char *db_encoding(const struct db *db);
int db_backend_pid(const struct db *db);
int db_server_version(const struct db *db); /* 80002, 150004 */

/* NULL: the server did not report it. */
const char *db_parameter(const struct db *db, const char *name);

/* "protocol", "cipher", "key_bits", "compression"; NULL: not encrypted. */
const char *db_tls_attribute(const struct db *db, const char *name);

/* The server says it is Redshift (wire.md: parameters only it reports). */
bool db_is_redshift(const struct db *db);

/* Backslash escapes in plain literals: standard_conforming_strings is off or,
 * as on Redshift, unknown. */
bool db_backslash_escapes(const struct db *db);

/* Bytes and columns (-1: control) of a character; text ends in NUL. */
int db_char_len(const char *text, int encoding_id);
int db_char_width(const char *text, int encoding_id);

/* The next NOTIFY of another session (or of this one), texts borrowed until
 * the next call. false: none is waiting. */
struct db_notification {
	const char *channel;
	const char *payload;
	int pid;
};
bool db_next_notification(struct db *db, struct db_notification *out);

/* Of the libpq in use, which Debian makes from psql's own source: 150018. */
int db_library_version(void);

/* The server knows E'...': Redshift does not say so. */
bool db_takes_e_strings(const struct db *db);

/* The settings this connection was made with, the password included. */
const struct dsn *db_dsn(const struct db *db);

/* Notices, as they come. Called on the connection's thread. */
void db_on_notice(struct db *db,
		  void (*notice)(void *context, const struct dberr *notice),
		  void *context);

/* A cancel request has just been sent for Ctrl-C. */
void db_on_cancelling(struct db *db, void (*cancelling)(void *context),
		      void *context);

/* Watched beside the socket while an answer is waited for: news is called, on
 * the connection's thread, when fd is readable, and must read it empty. It
 * may not use the connection. fd -1: no longer. */
void db_on_news(struct db *db, int fd, void (*news)(void *context),
		void *context);

bool db_set_encoding(struct db *db, const char *name, struct err *err);

/* Appends the md5 or SCRAM form in which a password may be sent. */
bool db_hash_password(struct db *db, const char *user, const char *password,
		      struct str *out, struct err *err);

#endif
