/* sandbox/account/warehouse.h - clusters, namespaces and workgroups made by
 * stacks.
 *
 * Files DIR/account/KIND.NAME.json beside those of sandbox/account/account.
 * The sandbox has one gateway: each of them is reached at its address. What is
 * in a file: status, database, user, secret (ARN), nodes, nodeType, capacity,
 * namespace, roles (texts), default, created_ms, id.
 */
#ifndef SANDBOX_ACCOUNT_WAREHOUSE_H
#define SANDBOX_ACCOUNT_WAREHOUSE_H

#include <stdbool.h>

#include "base/err.h"

struct json;

#define WAREHOUSE_CLUSTER   "cluster"
#define WAREHOUSE_NAMESPACE "namespace"
#define WAREHOUSE_WORKGROUP "workgroup"

/* dir: the sandbox's folder; NULL: there are none. NULL: no such one. */
struct json *warehouse_read(const char *dir, const char *kind,
			    const char *name);
bool warehouse_write(const char *dir, const char *kind, const char *name,
		     const struct json *facts, struct err *err);
bool warehouse_drop(const char *dir, const char *kind, const char *name,
		    struct err *err);

/* An array of all of that kind by name, each with "name". */
struct json *warehouse_list(const char *dir, const char *kind);

#endif
