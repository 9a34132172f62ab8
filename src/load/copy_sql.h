/* load/copy_sql.h - COPY and UNLOAD statements as text.
 *
 * What the person typed goes in unchanged (r_COPY: strings are literals whose
 * backslashes count); what we add is quoted by sql/quote. Pure.
 */
#ifndef LOAD_COPY_SQL_H
#define LOAD_COPY_SQL_H

#include <stdbool.h>

struct copy_options;
struct infer;
struct secret;
struct sniff;
struct str;

struct copy_login {
	const char *role;	/* an ARN, a chain of them, "default" or
				 * "SESSION"; NULL: default, or the keys */
	const struct secret *key_id;	/* NULL: no keys */
	const struct secret *key;
	const struct secret *token;	/* NULL or unset: none */
};

struct copy_plan {
	const char *table;	/* SQL text as typed */
	const char *columns;	/* "(a, b)" as typed, or NULL */
	const char *uri;	/* the value, not yet a literal */
	struct copy_login login;
	const char *region;	/* of the bucket when it must be said; NULL */
	const char *added;	/* parameters that go with the URI; NULL */
	const char *proposed;	/* parameters from copy_sql_propose; NULL */
	const char *given;	/* parameters as typed; NULL */
	const char *auth;	/* the authorization as typed; NULL or "": it
				 * is made of login */
	bool escapes;		/* see sql/quote.h */
};

/* Appends the statement, without a semicolon, on a few lines. */
void copy_sql_build(struct str *out, const struct copy_plan *plan);

/* Appends the parameters that the sample asks for and that neither stand in
 * given nor are excluded by it: "csv gzip ignoreheader 1". infer may be
 * NULL. */
void copy_sql_propose(struct str *out, const struct sniff *sniff,
		      const struct infer *infer,
		      const struct copy_options *given);

struct unload_plan {
	const char *query;	/* SELECT text without semicolon */
	const char *uri;
	struct copy_login login;
	const char *region;
	const char *given;
	const char *auth;
	bool escapes;
};

void unload_sql_build(struct str *out, const struct unload_plan *plan);

#endif
