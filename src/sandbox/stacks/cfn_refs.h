/* sandbox/stacks/cfn_refs.h - what a part of a template refers to.
 *
 * Walks Ref, Fn::GetAtt, Fn::Sub (with its own variables), Fn::FindInMap,
 * Fn::If and Condition below a value.
 */
#ifndef SANDBOX_STACKS_CFN_REFS_H
#define SANDBOX_STACKS_CFN_REFS_H

#include <stdbool.h>

#include "base/err.h"

struct json;
struct str;

enum cfn_ref_kind {
	CFN_REF_NAME,      /* a parameter, resource or pseudo parameter */
	CFN_REF_ATTRIBUTE, /* of a resource */
	CFN_REF_MAP,       /* the name of a mapping, when it is plain */
	CFN_REF_CONDITION,
};

struct cfn_ref {
	enum cfn_ref_kind kind;
	const char *name;
	const char *attribute; /* CFN_REF_ATTRIBUTE; NULL: worked out later */
};

typedef bool cfn_ref_told(void *context, const struct cfn_ref *ref,
			  struct err *err);

/* Tells each; ends at the first false. Malformed functions are refused. */
bool cfn_refs_walk(const struct json *value, cfn_ref_told *told, void *context,
		   struct err *err);

/* The next "${...}" of Fn::Sub's text from *at on: appends its name, without
 * blanks around; what stands before it (with "${!x}" as "${x}") is appended
 * to out_before, both may be NULL. False: there is none; the rest is in
 * out_before. */
bool cfn_refs_next_sub(const char **at, struct str *out_before,
		       struct str *out_name);

/* All functions there are: "Ref", "Fn::Sub"; also "Condition". */
bool cfn_refs_is_function(const char *name);

/* resources[name] of each resource that the value, with DependsOn of it when
 * it is a resource, needs made before: pushed once each to names. */
void cfn_refs_needs(const struct json *resources, const struct json *value,
		    struct json *names);

/* Appends "A, B" when A needs B and B needs A, over however many. */
bool cfn_refs_circle(const struct json *resources, struct str *out);

#endif
