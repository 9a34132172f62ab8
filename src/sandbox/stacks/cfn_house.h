/* sandbox/stacks/cfn_house.h - what clusters and namespaces of stacks have
 * alike.
 *
 * Their secret, their roles, their database and its first user. All of them
 * are reached at the sandbox's one gateway, see sandbox/account/warehouse.
 */
#ifndef SANDBOX_STACKS_CFN_HOUSE_H
#define SANDBOX_STACKS_CFN_HOUSE_H

#include <stdbool.h>

#include "base/err.h"

struct cfn_making;
struct json;

/* Names of the properties. */
struct cfn_house_words {
	const char *kind; /* WAREHOUSE_... */
	const char *database;
	const char *user;
	const char *managed;
	const char *password;
};

/* Keeps the secret, attaches the roles, writes facts, with what it adds to
 * them, as the warehouse of that name: it is "creating". */
bool cfn_house_begin(const struct cfn_making *making,
		     const struct cfn_house_words *words, const char *name,
		     struct json *facts, struct err *err);

/* The database and its first user come when all is there: "available". */
bool cfn_house_complete(const struct cfn_making *making, const char *kind,
			struct err *err);

/* Roles as the properties have them now; writes facts. */
bool cfn_house_update(const struct cfn_making *making, const char *kind,
		      struct json *facts, struct err *err);

/* Takes all of it back, but for what another one has as well. */
bool cfn_house_end(const struct cfn_making *making, const char *kind,
		   struct err *err);

/* "PREFIXAddress" and "PREFIXPort" of the gateway. */
void cfn_house_put_address(const struct cfn_making *making, const char *prefix,
			   struct json *attributes);

/* A property that is a list, or one text of it; the caller's. */
struct json *cfn_house_list(const struct json *properties, const char *name);

#endif
