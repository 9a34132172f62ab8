/* shell/warehouses.h - clusters and workgroups: listed, chosen, waited for. */
#ifndef SHELL_WAREHOUSES_H
#define SHELL_WAREHOUSES_H

#include <stdbool.h>

#include "base/err.h"

struct aws;
struct dsn;
struct iam_plan;
struct session;

/* Rows of all in the regions, which are parted by commas or blanks; "all":
 * every region of an account; NULL: the region in force. */
bool warehouses_show(struct session *session, const char *regions,
		     struct err *err);

/* Nothing on the command line or in the environment says where to connect to,
 * and a person is there who has AWS credentials. */
bool warehouses_wanted(struct session *session);

/* Asks which one, and sets dsn to it; *out_name: the name under which it is to
 * be saved once the login has worked, "" for none. false: none was chosen. */
struct str;
bool warehouses_choose(struct session *session, struct dsn *dsn,
		       struct str *out_name);

/* A cluster that is resuming, a workgroup that is being made: waits on a
 * terminal until it can be used. Paused ones are not resumed, that costs
 * money. false: it cannot be used. */
bool warehouses_wait(struct session *session, struct aws *aws,
		     const struct iam_plan *plan, const char *status,
		     struct err *err);

#endif
