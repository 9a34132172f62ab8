/* sandbox/stacks/cfn_make.h - what becomes of a resource: made, changed,
 * removed.
 *
 * A row for each type of share/sandbox/cfn_resources.tsv. Some have an effect
 * in the sandbox (buckets, roles, warehouses, secrets); of the others what
 * they name must be there, and they get an id. Refusals are ERR_AWS with the
 * code of the service; cfn_make_reason puts them in CloudFormation's words.
 */
#ifndef SANDBOX_STACKS_CFN_MAKE_H
#define SANDBOX_STACKS_CFN_MAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct cfn;
struct cfn_resource;
struct cfn_stack;
struct json;
struct str;

struct cfn_making {
	struct cfn *cfn;
	struct cfn_stack *stack;
	struct cfn_resource *resource;
	const struct json *properties;     /* evaluated and checked */
	const struct json *old_properties; /* of an update; else NULL */
	const char *physical;		   /* of an update or removal */
	const struct json *attributes;	   /* as they were, of those */
	int64_t dies; /* by a rule of "fault": 0 before the work, 1 after it;
		       * -1: not */
};

struct cfn_effect {
	/* NULL: nothing happens. create: appends the physical id, and puts
	 * what Fn::GetAtt gives (by its whole name) to attributes. update: puts
	 * what has changed. finish: what is so only when it is complete. */
	bool (*create)(const struct cfn_making *making, struct str *out_id,
		       struct json *attributes, struct err *err);
	bool (*update)(const struct cfn_making *making,
		       struct json *attributes, struct err *err);
	bool (*finish)(const struct cfn_making *making, struct err *err);
	bool (*remove)(const struct cfn_making *making, struct err *err);
};

extern const struct cfn_effect cfn_effect_vpc;
extern const struct cfn_effect cfn_effect_subnet;
extern const struct cfn_effect cfn_effect_group;
extern const struct cfn_effect cfn_effect_ingress;
extern const struct cfn_effect cfn_effect_instance;
extern const struct cfn_effect cfn_effect_bucket;
extern const struct cfn_effect cfn_effect_bucket_policy;
extern const struct cfn_effect cfn_effect_role;
extern const struct cfn_effect cfn_effect_policy;
extern const struct cfn_effect cfn_effect_profile;
extern const struct cfn_effect cfn_effect_secret;
extern const struct cfn_effect cfn_effect_subnet_group;
extern const struct cfn_effect cfn_effect_parameters;
extern const struct cfn_effect cfn_effect_cluster;
extern const struct cfn_effect cfn_effect_namespace;
extern const struct cfn_effect cfn_effect_workgroup;
extern const struct cfn_effect cfn_effect_quicksight;
extern const struct cfn_effect cfn_effect_quicksight_source;
extern const struct cfn_effect cfn_effect_quicksight_connection;

struct cfn_kind {
	const char *type;
	const char *service; /* as AWS's SDK names it: "Ec2" */
	const char *id;      /* begins the ids it gets: "vpc-"; "": named
			      * after stack and resource */
	const char *named_by; /* the property that is its name; NULL: none */
	const char *creates; /* action that is asked leave for */
	const char *updates;
	const char *deletes;
	int steps; /* how long it takes, in steps */
	const struct cfn_effect *effect; /* NULL: none */
};

/* NULL: no such type. */
const struct cfn_kind *cfn_kind_of(const char *type);

/* making->resource->physical and ->attributes are set when it succeeds. */
bool cfn_make_create(struct cfn_making *making, struct err *err);
bool cfn_make_update(struct cfn_making *making, struct err *err);
bool cfn_make_finish(struct cfn_making *making, struct err *err);
bool cfn_make_remove(struct cfn_making *making, struct err *err);

/* After a start: what was being made when the sandbox was killed goes again,
 * before the work goes on. */
void cfn_make_forget_claims(struct cfn *cfn);

/* Must an update of that resource make it anew? CFN_... */
bool cfn_make_is_anew(const struct cfn *cfn, const char *type,
		      const struct json *before, const struct json *after);

/* Appends err as CloudFormation tells it of a resource. */
void cfn_make_reason(const char *type, const struct err *err, struct str *out);

/* --- for the effects --- */

/* Before anything is made that outlives the sandbox, and after what has that
 * name already was refused: notes in the stack's file what will be there, so
 * that it can be taken away again. attributes: those that its removal asks
 * for, or NULL. */
void cfn_make_claim(const struct cfn_making *making, const char *physical,
		    const struct json *attributes);

/* ERR_AWS with that code; false. */
bool cfn_make_refuse(struct err *err, const char *code, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Appends "stack-Logical-X1Y2...", at most max bytes. */
void cfn_make_name(const struct cfn_making *making, size_t max, bool lower,
		   struct str *out);
/* Appends the property, or the made name. */
void cfn_make_named(const struct cfn_making *making, const char *property,
		    size_t max, bool lower, struct str *out);

/* Text of a property that may be a number or boolean; "": not there. */
void cfn_make_text(const struct json *properties, const char *name,
		   struct str *out);
bool cfn_make_bool(const struct json *properties, const char *name,
		   bool otherwise);

/* The VPC of the first of SubnetIds, if a stack made that. Appends. */
void cfn_make_add_vpc(const struct cfn_making *making,
		      const struct json *properties, struct str *out);

/* The same, and PubliclyAccessible, as facts "vpc" and "public". */
void cfn_make_put_network(const struct cfn_making *making,
			  const struct json *subnets_in, struct json *facts);

#endif
