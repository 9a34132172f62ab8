/* sandbox/gateway/pgparam.h - the settings of a session that Redshift knows.
 *
 * share/sandbox/settings.tsv, one row a setting: name, how
 * (send, keep, read, seed, denied), default, values, group, note.
 * What is not in it does not exist: 42704. A name with a dot is a session
 * context variable and always fine.
 */
#ifndef SANDBOX_GATEWAY_PGPARAM_H
#define SANDBOX_GATEWAY_PGPARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct str;

enum pgparam_kind {
	PGPARAM_SERVER,   /* PostgreSQL has the same */
	PGPARAM_OWN,      /* Redshift's: kept there as redsh.NAME */
	PGPARAM_READONLY, /* shown, not set */
	PGPARAM_DENIED,   /* 42501 */
};

struct pgparam {
	const char *name; /* lower case */
	enum pgparam_kind kind;
	const char *values; /* bool; int A B; number A B; word A B ..; text */
	const char *initial;
	const char *note; /* why it has no effect here, or "" */
	bool in_group;    /* a parameter group may set it */
	bool overridden;  /* and has */
};

struct pgparams;

struct pgparams *pgparams_load(const char *path, struct err *err);
void pgparams_free(struct pgparams *params); /* NULL is fine */
CLEANUP_FREE(struct pgparams, pgparams_free, pgparams_freep)

size_t pgparams_count(const struct pgparams *params);
const struct pgparam *pgparams_at(const struct pgparams *params, size_t at);

/* Without regard to case; NULL and 42704: unknown. */
const struct pgparam *pgparams_find(const struct pgparams *params,
				    const char *name, struct err *err);

/* May it be set to value? err.code is the SQLSTATE. */
bool pgparam_check(const struct pgparam *param, const char *value,
		   struct err *err);

/* value, which has been checked, in the words of the table: on for true where
 * the default is on or off. */
void pgparam_canonical(const struct pgparam *param, const char *value,
		       struct str *out);

/* "name=value" of the cluster's parameter group: the new default. */
bool pgparams_override(struct pgparams *params, const char *assignment,
		       struct err *err);

/* PostgreSQL's name of it. */
void pgparam_server_name(const struct pgparam *param, struct str *out);

/* A session context variable: two parts, "app.x". */
bool pgparam_is_context(const char *name);

#endif
