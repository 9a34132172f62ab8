/* aws/quicksight_source.h - the data source that stands for a warehouse.
 *
 * One that is there for the same warehouse and database is used, whoever made
 * it (the platform's stack, a colleague); else one is made, whose id tells the
 * warehouse. The password never passes through here: a secret of Secrets
 * Manager, or a role that QuickSight assumes, gives it.
 */
#ifndef AWS_QUICKSIGHT_SOURCE_H
#define AWS_QUICKSIGHT_SOURCE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct json;
struct quicksight;

struct quicksight_warehouse {	/* NULL: not given */
	const char *host;
	int port;
	const char *database;
	const char *cluster;	/* NULL: by host and port */
	const char *workgroup;
	const char *region;	/* of the warehouse */
	bool is_far;		/* in another one than QuickSight, which then
				 * knows no cluster by its name */
	const char *secret;	/* ARN */
	const char *role;	/* ARN, to be assumed by QuickSight ... */
	const char *user;	/* ... as this database user */
	const char *vpc;	/* ARN of a VPC connection */
	const char *source;	/* id or ARN of a data source: that one */
};

struct quicksight_source {
	struct str arn;
	struct str id;
	struct str name;
	bool made;		/* just now */
};

#define QUICKSIGHT_SOURCE_EMPTY                                                \
	{                                                                      \
		.arn = STR_EMPTY, .id = STR_EMPTY, .name = STR_EMPTY           \
	}

void quicksight_source_done(struct quicksight_source *source);

/* Finds or makes it, and waits until it is there; owner: ARN of the user who
 * gets it. ERR_USAGE: there is nothing to log in with, or no way in to a private
 * one. ERR_MISSING: the one named is not there. */
bool quicksight_source_find(struct quicksight *quicksight,
			    const struct quicksight_warehouse *warehouse,
			    const char *owner, struct quicksight_source *out,
			    struct err *err);

/* Did publish make it? Then its id is the one that is made of the place it
 * tells; source: DataSource of DescribeDataSource. A stack may well choose an
 * id that begins like ours. */
bool quicksight_source_is_ours(const struct quicksight *quicksight,
			       const struct json *source);

/* What an id begins with when redsh made the thing. */
#define QUICKSIGHT_OURS "redsh-"

#endif
