/* aws/fleet.h - clusters and workgroups, of several regions at once. */
#ifndef AWS_FLEET_H
#define AWS_FLEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vec.h"

struct aws;

struct fleet_item {
	bool serverless;	/* a workgroup */
	char *name;
	char *region;
	char *status;		/* in lower case: "available", "paused" */
	char *address;		/* "" while it has none */
	int port;
	char *database;		/* "" of workgroups: not told in lists */
	char *size;		/* "4 x ra3.4xlarge", "128 RPU" */
};

struct fleet {
	VEC(struct fleet_item);		/* by region, then name */
	struct {
		VEC(char *);
	} faults;			/* "eu-west-1: access denied ..." */
};

void fleet_done(struct fleet *fleet);

/* DescribeClusters and ListWorkgroups of each region, all under way at once.
 * Who may ask only one of them gets that one's answer and a fault. false: there
 * was no answer at all. */
bool fleet_list(struct aws *aws, const char *const *regions, size_t count,
		    struct fleet *out, struct err *err);

/* The status of one, in lower case, and its address; appended. */
struct str;
bool fleet_status(struct aws *aws, const char *region, bool serverless,
		      const char *name, struct str *out_status,
		      struct err *err);

/* Regions of the partition aws that every account has, NULL past the end. */
const char *fleet_region(size_t at);

#endif
