/* sandbox/stacks/cfn_schema.h - what CloudFormation's resource types have.
 *
 * Read from share/sandbox/cfn_resources.tsv, whose head explains it. Never
 * changes once it is read: any thread may ask.
 */
#ifndef SANDBOX_STACKS_CFN_SCHEMA_H
#define SANDBOX_STACKS_CFN_SCHEMA_H

#include <stdbool.h>

#include "base/err.h"
#include "base/mem.h"

struct cfn_schema;
struct json;
struct str;

struct cfn_schema *cfn_schema_open(struct err *err);
void cfn_schema_close(struct cfn_schema *schema); /* NULL is fine */
CLEANUP_FREE(struct cfn_schema, cfn_schema_close, cfn_schema_closep)

bool cfn_schema_has(const struct cfn_schema *schema, const char *type);

/* May Fn::GetAtt ask for that ("Endpoint.Address")? */
bool cfn_schema_has_attribute(const struct cfn_schema *schema,
			      const char *type, const char *name);
/* May the property be set? */
bool cfn_schema_has_property(const struct cfn_schema *schema,
			     const char *type, const char *name);
/* Is the attribute a list? */
bool cfn_schema_is_list(const struct cfn_schema *schema, const char *type,
			const char *attribute);

/* The properties that the type's identifier has, joined by "|"; NULL: no such
 * type. */
const char *cfn_schema_ref(const struct cfn_schema *schema, const char *type);

enum cfn_replaces {
	CFN_REPLACES_NEVER,
	CFN_REPLACES_MAYBE,
	CFN_REPLACES_ALWAYS,
};

enum cfn_replaces cfn_schema_replaces(const struct cfn_schema *schema,
				      const char *type, const char *property);

/* Appends a line "#/Path: what is wrong" for each fault of the properties;
 * true: there is none. evaluated: values of functions are known, so that their
 * kinds can be looked at; else objects of one member Ref or Fn::... stand for
 * any value. */
bool cfn_schema_check(const struct cfn_schema *schema, const char *type,
		      const struct json *properties, bool evaluated,
		      struct str *out);

#endif
