/* db/dsn.h - what to connect to: libpq settings gathered from many places.
 *
 * A dsn is an ordered list of libpq keywords and values (host, port, dbname,
 * user, password, sslmode, ...). Environment, password file and service file
 * stay libpq's business and fill what a dsn leaves unset. Passwords are kept
 * as struct secret and never formatted. Words that are not libpq's stand among
 * them (db/dsn_option) and do not reach it.
 */
#ifndef DB_DSN_H
#define DB_DSN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct str;
struct dsn;

struct dsn *dsn_new(void);
struct dsn *dsn_copy(const struct dsn *dsn);
void dsn_free(struct dsn *dsn); /* NULL is fine */
CLEANUP_FREE(struct dsn, dsn_free, dsn_freep)

/* value NULL or "" removes the keyword. */
void dsn_set(struct dsn *dsn, const char *keyword, const char *value);

/* Borrowed until the dsn changes; NULL: not set. */
const char *dsn_get(const struct dsn *dsn, const char *keyword);

/* "postgresql://...", "redshift://...", "redshift-iam://..." or "key=value
 * ...": not a plain database name. */
bool dsn_is_conninfo(const char *text);

/* Merges a conninfo string or URI: what it names replaces what was there. */
bool dsn_parse(struct dsn *dsn, const char *text, struct err *err);

/* The value libpq would use: set here, else its environment variable or
 * service file or built-in default. Appends; false: there is none. */
bool dsn_effective(const struct dsn *dsn, const char *keyword, struct str *out);

/* libpq's words for connections, in its order; NULL past the end. Borrowed for
 * ever. */
const char *dsn_keyword(size_t at);
bool dsn_is_keyword(const char *text);

/* Host names of Amazon Redshift, provisioned or serverless, also in China. */
bool dsn_host_is_redshift(const char *host);

/* Fills what Redshift wants and nobody has set, here or in the environment:
 * port 5439, sslmode verify-full with the system's certificates, gssencmode
 * disable, keepalives, connect_timeout. Does nothing for other hosts. */
void dsn_fill_redshift(struct dsn *dsn);

/* The first of the well-known certificate bundles that exists; NULL: none. */
const char *dsn_system_roots(void);

/* Keyword number at, in order; false past the end. Values borrowed. */
bool dsn_item(const struct dsn *dsn, size_t at, const char **out_keyword,
	      const char **out_value);

#endif
